"""`backup` and `restore`: everything copied while it runs, and put back when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Options, opened, settings_of
from bot.cli.errors import WRONG, Stop
from bot.cli.output import as_json, complain, console, say

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings
    from bot.store.engine import Database
    from bot.store.manifest import Progress
    from bot.store.restore import RestoreReport

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def backup(
    ctx: typer.Context,
    target: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """Copy everything that belongs to the state into a new folder, and check the copy."""
    from bot.engine.backups import made_ready
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.places import backup_folder, own_files
    from bot.store.backup import backup as copy
    from bot.store.manifest import BackupTrouble

    with opened(ctx.obj) as desk:
        try:
            if target is None:
                folder = backup_folder(desk.settings)
                made_ready(folder)
                target = folder / f"portavoz-{utc_now():%Y%m%dT%H%M%S%f}"
            with progress_bar() as progress:
                report = copy(desk.database, target, others=own_files(desk.settings), progress=progress)
        except BackupTrouble as error:
            raise Stop(f"{error.problem} {error.remedy}", WRONG, remedy=error.remedy) from error
        if json:
            body = {"path": str(report.path), "bytes": report.bytes, "files": report.files}
            as_json({"outcome": "done", **body, "rows": report.rows, "seal": report.seal})
            return
        said = text(
            desk.locale(),
            "Copied to {folder} ({files}; {bytes} bytes) and checked. Its newest seal: {seal}",
            folder=report.path,
            files=", ".join(report.files),
            bytes=report.bytes,
            seal=report.seal or "-",
        )
        say(said)


def restore(
    ctx: typer.Context,
    source: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", show_default=False)] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what is there, which is kept aside.")
    ] = False,
    after_dump: Annotated[
        bool,
        typer.Option(
            "--after-dump", help="Change no files: the database was put back already, as with pg_restore. Hold it back."
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Put a backup in the place of the database, once it is proved to be whole.

    Whatever was approved in it has to be approved again, and everything outgoing is paused.
    """
    if after_dump == (source is not None):
        raise typer.BadParameter("Name the folder of a backup, or say `--after-dump`.")
    if source is None:
        _hold_back_only(ctx.obj, json=json)
    else:
        _put_back(ctx.obj, source, replace=replace, json=json)


def _hold_back_only(options: Options, *, json: bool) -> None:
    """For a database that other tools have put back."""
    from bot.engine.parts import utc_now
    from bot.engine.restoring import hold_back
    from bot.locale import text

    with opened(options) as desk:
        locale = desk.locale()
        with desk.database.begin() as conn:
            held = hold_back(conn, utc_now(), text(locale, "a backup was restored"))
        if json:
            as_json({"outcome": "done", "held": held, "paused": True})
            return
        _tell_held(locale, held)


def _put_back(options: Options, source: Path, *, replace: bool, json: bool) -> None:
    from bot.engine.parts import utc_now
    from bot.engine.restoring import hold_back
    from bot.locale import text
    from bot.places import place_of
    from bot.serve import AlreadyRunning, sole_owner
    from bot.store.manifest import BackupTrouble
    from bot.store.restore import restore as put_back

    settings = settings_of(options)
    locale = options.lang or settings.locale
    held = 0

    def finish(conn: Connection) -> None:
        nonlocal held
        held = hold_back(conn, utc_now(), text(locale, "a backup was restored"))

    if settings.postgres is not None:
        raise Stop(text(locale, _ON_A_SERVER, file=source / "portavoz.db"), WRONG, outcome="refused")
    try:
        with sole_owner(settings.data), progress_bar() as progress:
            settings.database.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            report = put_back(
                source,
                lambda name: place_of(settings, name),
                settings.data.resolve(),
                replace=replace,
                finish=finish,
                progress=progress,
            )
    except AlreadyRunning as error:
        words = text(locale, "A bot is at work with the folder {data}. Stop it first.", data=settings.data)
        raise Stop(words, WRONG, outcome="refused") from error
    except BackupTrouble as error:
        raise Stop(f"{error.problem} {error.remedy}", WRONG, outcome="refused", remedy=error.remedy) from error
    if json:
        as_json(_as_body(report, held))
    else:
        _tell(report, locale, settings)
        _tell_held(locale, held)


_ON_A_SERVER = (
    "The state is in PostgreSQL, which this command leaves alone. Make an empty database; a dump goes into it with "
    "`pg_restore`, and what `portavoz backup` made with `portavoz migrate --from sqlite:{file} --to ADDRESS`. "
    "Say `portavoz restore --after-dump` before `portavoz run`: what was approved in it may have gone out since."
)


def _as_body(report: RestoreReport, held: int) -> dict[str, object]:
    return {
        "outcome": "done",
        "made_at": report.made_at,
        "files": report.files,
        "seal": report.seal,
        "applied": report.applied,
        "aside": [str(path) for path in report.aside],
        "held": held,
        "paused": True,
    }


def _tell(report: RestoreReport, locale: str, settings: Settings) -> None:
    from bot.locale import text
    from bot.locale.times import clock

    when = clock(locale, report.made_at, settings.tz)
    files = ", ".join(report.files)
    say(text(locale, "Restored from the backup of {when}: {files}. Its record is sound.", when=when, files=files))
    for folder in report.aside:
        say(text(locale, "What was there before is kept in {folder}.", folder=folder))
    say(text(locale, "People who were erased since then are in it again: erase them once more."))


def _tell_held(locale: str, held: int) -> None:
    from bot.locale import text

    if held:
        say(text(locale, "Approvals taken back, since the replies may have gone out: {count}.", count=held))
    say(text(locale, "Everything outgoing is paused: start the bot, let it read the networks, then say `resume`."))


def dump_first(settings: Settings, database: Database, locale: str, *, wanted: bool) -> Path | None:
    """Before a schema is changed: a dump of a database on a server, or where none is wanted a word about it.

    Returns where the dump is; None where there is none, as for the embedded database, whose copy is made in any case.
    """
    from bot.engine.parts import utc_now
    from bot.locale import text
    from bot.places import backup_folder
    from bot.store.dump import dump
    from bot.store.manifest import BackupTrouble
    from bot.store.migrate import HEAD, current

    if settings.postgres is None:
        return None
    if not wanted:
        if current(database) not in {None, HEAD}:
            complain(
                text(locale, "No copy is made of a database on a server; `--backup` makes one with pg_dump first.")
            )
        return None
    target = backup_folder(settings) / f"before-migration-{utc_now():%Y%m%dT%H%M%S%f}.dump"
    try:
        size = dump(settings.postgres, target)
    except BackupTrouble as error:
        raise Stop(f"{error.problem} {error.remedy}", WRONG, remedy=error.remedy) from error
    complain(text(locale, "Dumped to {file} ({bytes} bytes).", file=target, bytes=size))
    return target


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on the standard error stream, where somebody sees it."""
    from bot.store.manifest import unseen

    shown = console(err=True)
    if not shown.is_terminal:
        yield unseen
        return
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=shown, transient=True) as bar:

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], total=total, completed=done)

        yield progress
