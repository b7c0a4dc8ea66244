"""`export` and `audit verify`: the record, carried out and proved."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Desk, opened
from bot.cli.errors import USAGE, WRONG, Silent, Stop
from bot.cli.output import as_json, complain, say

if TYPE_CHECKING:
    from bot.store.audit import AuditReport

_SEAL = re.compile(r"[0-9a-f]{64}")
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
    from bot.locale import text
    from bot.store.audit import verify as check

    noted = expect.strip().lower() if expect is not None else None
    with opened(ctx.obj) as desk:
        if noted is not None and _SEAL.fullmatch(noted) is None:
            words = text(desk.locale(), "That is no seal: one has 64 characters, 0 to 9 and a to f.")
            raise Stop(words, USAGE, outcome="usage", reason="not_a_seal")
        with desk.database.read() as conn:
            report = check(conn, expect=noted)
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
