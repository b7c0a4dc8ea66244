"""`migrate --from ... --to ...`: everything into another database, proved before it counts."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.backing import progress_bar
from bot.cli.context import Options, settings_of
from bot.cli.errors import USAGE, WRONG, Stop
from bot.cli.output import as_json, say

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.engine import Database


def move(options: Options, source: str | None, target: str | None, *, json: bool) -> None:
    """Move from one address to the other; what is not named is the database of the settings."""
    from bot.locale import text
    from bot.store.move import MoveFailed
    from bot.store.move import move as carry_over

    settings = settings_of(options)
    locale = options.lang or settings.locale
    with ExitStack() as stack:
        here = _open(stack, _address(source, settings), locale, read_only=True)
        there = _open(stack, _address(target, settings), locale)
        if here.where == there.where:
            words = text(locale, "That is one and the same database: name another one with `--from` or `--to`.")
            raise Stop(words, USAGE, outcome="usage")
        _assert_quiet(here, locale)
        names = {"copying": text(locale, "Copying rows"), "checking": text(locale, "Checking rows")}
        try:
            with progress_bar() as seen:
                report = carry_over(here, there, progress=lambda what, *rows: seen(names[what], *rows))
        except MoveFailed as error:
            raise Stop(f"{error.problem} {error.remedy}", WRONG, remedy=error.remedy) from error
        total = sum(report.rows.values())
        if json:
            body = {"from": here.where, "to": there.where, "rows": report.rows, "fresh": report.fresh}
            as_json({"outcome": "done", **body, "seal": report.seal})
            return
        said = text(
            locale,
            "Moved to {database} and checked: {n} rows. Its newest seal: {seal}",
            database=there.where,
            n=total,
            seal=report.seal or "-",
        )
        say(said)
        say(text(locale, "Set PORTAVOZ_DATABASE_URL to it and start the bot; the old database is as it was."))


def _address(given: str | None, settings: Settings) -> str:
    """An address as SQLAlchemy spells it; `sqlite:` and a path will do."""
    if given is None:
        return settings.postgres or f"sqlite:///{settings.database.resolve()}"
    scheme, _, path = given.partition(":")
    if scheme == "sqlite" and not path.startswith("//"):
        return f"sqlite:///{Path(path).resolve()}"
    return given


def _open(stack: ExitStack, address: str, locale: str, *, read_only: bool = False) -> Database:
    """The database; a file is held as its bot would hold it. Raises Stop, DatabaseUnreachable."""
    from bot.locale import text
    from bot.serve import AlreadyRunning, sole_owner
    from bot.store.engine import Database

    if address.startswith("sqlite:"):
        file = Path(address.partition("///")[2])
        if read_only and not file.is_file():
            raise Stop(text(locale, "{file} is not there.", file=file), WRONG)
        try:
            stack.enter_context(sole_owner(file.parent))
        except AlreadyRunning as error:
            raise Stop(_running(locale), WRONG) from error
    database = Database.open(address, read_only=read_only)
    stack.callback(database.close)
    return database


def _assert_quiet(database: Database, locale: str) -> None:
    """What is written after the copy began would be left behind."""
    from bot.engine.parts import utc_now
    from bot.engine.sharing import living
    from bot.store.migrate import assert_ready

    assert_ready(database)
    if database.shared:
        with database.read() as conn:
            if living(conn, utc_now()):
                raise Stop(_running(locale), WRONG)


def _running(locale: str) -> str:
    from bot.locale import text

    return text(locale, "A bot is at work on that database (or was half a minute ago). Stop it first.")
