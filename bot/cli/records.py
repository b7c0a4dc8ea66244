"""`export`, `audit verify`, `backup` and `retry`: the record, proved, copied and carried on."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Desk, opened
from bot.cli.errors import NOT_FOUND, WRONG, Silent, Stop
from bot.cli.output import as_json, complain, say

if TYPE_CHECKING:
    from bot.store.audit import AuditReport

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def export(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A new file (mode 0600) instead of the screen.")
    ] = None,
) -> None:
    """The whole record as JSON lines."""
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.store.export import export as lines
    from bot.store.files import new_file

    with opened(ctx.obj) as desk, desk.database.read() as conn:
        if out is None:
            for line in lines(conn, utc_now()):
                sys.stdout.write(line + "\n")
            return
        try:
            with new_file(out) as part, part.open("w", encoding="ascii") as file:
                count = 0
                for line in lines(conn, utc_now()):
                    file.write(line + "\n")
                    count += 1
        except FileExistsError as error:
            words = text(desk.locale(), "{file} is there already; choose another name.", file=out)
            raise Stop(words, WRONG) from error
        except OSError as error:
            words = text(desk.locale(), "{file} cannot be written: {reason}.", file=out, reason=error.strerror)
            raise Stop(words, WRONG) from error
        complain(text(desk.locale(), "{n} lines written to {file}.", n=count, file=out))


def verify(
    ctx: typer.Context,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="SEAL", help="A seal noted down earlier; the digest prints it.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Whether the record is as it was written: 0 when it is, 1 when not."""
    from bot.store.audit import verify as check

    with opened(ctx.obj) as desk:
        with desk.database.read() as conn:
            report = check(conn, expect=expect.strip().lower() if expect else None)
        if json:
            as_json(_as_body(report))
        else:
            _tell(desk, report)
    if not report.sound:
        raise Silent(WRONG)


def _as_body(report: AuditReport) -> dict[str, object]:
    return {
        "sound": report.sound,
        "problems": report.problems,
        "rows": report.rows,
        "seals": report.seals,
        "head": report.head,
        "unsealed": report.unsealed,
    }


def _tell(desk: Desk, report: AuditReport) -> None:
    from bot.locale import text

    locale = desk.locale()
    seen = text(
        locale,
        "{rows} rows of the log, {seals} seals, {unsealed} rows not sealed yet; the newest seal: {head}",
        rows=report.rows,
        seals=report.seals,
        unsealed=report.unsealed,
        head=report.head or "-",
    )
    say(seen)
    if report.sound:
        say(text(locale, "The record is sound."))
        return
    complain(text(locale, "The record is NOT sound. Keep the file as it is and compare it with a backup:"))
    for problem in report.problems:
        complain(f"- {problem}")


def backup(
    ctx: typer.Context,
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """Copy the database, and check the copy."""
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.store.backup import BackupFailed
    from bot.store.backup import backup as copy

    with opened(ctx.obj) as desk:
        if target is None:
            folder = desk.settings.data / "backups"
            with suppress(OSError):  # `copy` says what is wrong with the folder
                folder.mkdir(mode=0o700, exist_ok=True)
            target = folder / f"portavoz-{utc_now():%Y%m%dT%H%M%S%f}.db"
        try:
            report = copy(desk.database, target)
        except BackupFailed as error:
            raise Stop(f"{error.problem} {error.remedy}", WRONG, remedy=error.remedy) from error
        if json:
            body = {"path": str(report.path), "bytes": report.bytes, "rows": report.rows, "seal": report.seal}
            as_json({"outcome": "done", **body})
        else:
            said = text(
                desk.locale(),
                "Copied to {file} ({bytes} bytes) and checked. Its newest seal: {seal}",
                file=report.path,
                bytes=report.bytes,
                seal=report.seal or "-",
            )
            say(said)


def retry(
    ctx: typer.Context,
    ticket: Annotated[str | None, typer.Argument(metavar="[ID]", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """Let what was given up be tried again."""
    from bot.core.messages import NotFound
    from bot.engine.parts import utc_now
    from bot.engine.wake import wake
    from bot.locale import explain, ntext, text
    from bot.store.outbox import revive
    from bot.store.queries import line

    wanted = ticket.strip().removeprefix("#").upper() if ticket else None
    with opened(ctx.obj) as desk:
        locale = desk.locale()
        with desk.database.begin() as conn:
            if wanted and line(conn, wanted, utc_now()) is None:
                gone = NotFound(what="ticket", id=wanted)
                raise Stop(explain(locale, gone), NOT_FOUND, outcome="not_found", what="ticket", id=wanted)
            count = revive(conn, utc_now(), ticket=wanted)
        running = wake(desk.settings.data)
        if json:
            as_json({"outcome": "done", "revived": count, "bot_running": running})
            return
        say(ntext(locale, "{n} order is tried again.", "{n} orders are tried again.", count))
        if count and not running:
            say(text(locale, "The bot is not running: whatever this sets off will be done when it runs."))
