"""`backfill`: takes in what an account's network still has from before the bot began to listen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import settings_of
from bot.cli.errors import NOT_FOUND, USAGE, WRONG, Stop
from bot.cli.output import as_json, clean, say
from bot.cli.replay import progress

if TYPE_CHECKING:
    from bot.core.messages import Command, Event, Outcome
    from bot.core.types import Person
    from bot.engine.engine import Engine
    from bot.settings import Settings

FURTHEST = timedelta(days=366)


def backfill(
    ctx: typer.Context,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", show_default=False)],
    since: Annotated[str, typer.Option("--since", metavar="7d|DATE", help="How far back, at most a year.")] = "7d",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take in what stands on a network from before; what is known already is not taken again."""
    from bot.locale import text

    settings = settings_of(ctx.obj)
    locale = ctx.obj.lang or settings.locale
    known = [entry.id for entry in settings.networks]
    if account not in known:
        words = text(
            locale, "there is no network {name}. There are: {known}.", name=clean(account), known=", ".join(known)
        )
        raise Stop(words, NOT_FOUND, outcome="not_found", what="account", id=account)
    seen, tickets = _read_back(settings, account, _moment(since, settings, locale), locale)
    if json:
        as_json({"outcome": "done", "seen": seen, "tickets": tickets})
        return
    say(text(locale, "{seen} comments read back, {tickets} new tickets.", seen=seen, tickets=tickets))


def _moment(since: str, settings: Settings, locale: str) -> datetime:
    """The beginning of a day, or so long ago. Raises Stop."""
    from datetime import date

    from bot.core.phrases import span
    from bot.engine.parts import utc_now
    from bot.locale import text

    now = utc_now()
    ago = span(since)
    if ago is not None:
        return now - ago
    try:
        at = datetime.combine(date.fromisoformat(since), time(), tzinfo=settings.tz)
    except ValueError:
        at = None
    if at is None or not now - FURTHEST <= at <= now:
        words = text(locale, "How far back? Say `--since 7d` or a day of the last year, like `--since 2026-03-01`.")
        raise Stop(words, USAGE, outcome="usage", reason="bad_since")
    return at


class _Sink:
    """An intake that commits facts, counts them, and leaves the listener's cursor where it is."""

    def __init__(self, engine: Engine, account: str, step: Callable[[int], None]) -> None:
        self._engine = engine
        self._account = account
        self._step = step
        self.seen = 0

    async def emit(self, *events: Event, cursor: str | None = None) -> None:
        if events:
            await self._engine.emit(self._account, events, None)
        self.seen += len(events)
        self._step(len(events))

    async def submit(self, command: Command) -> Outcome:
        raise AssertionError(f"a network wishes nothing, and this one wished {command}")

    async def introduce(self, person: Person) -> None:
        raise AssertionError(f"a network vouches for nobody, and this one named {person.id}")


def _read_back(settings: Settings, account: str, since: datetime, locale: str) -> tuple[int, int]:
    """Read and commit; how many comments there were, and how many tickets they opened. Raises Stop."""
    from sqlalchemy import func, select

    from bot.core.errors import AdapterError
    from bot.engine.engine import Engine
    from bot.engine.wake import wake
    from bot.locale import text
    from bot.places import open_database
    from bot.store import tables as t
    from bot.wiring import build_parts, finish

    database = open_database(settings, upgrade=settings.postgres is None and not settings.database.is_file())
    try:
        parts = build_parts(settings, database, chats=False)
        network: Any = parts.networks[account]
        if not hasattr(network, "backfill"):
            words = text(locale, "The network {name} has nothing to be read back.", name=account)
            raise Stop(words, WRONG, outcome="refused", reason="nothing_before")
        engine = Engine(database, parts)

        def tickets() -> int:
            with database.read() as conn:
                found = select(func.count()).select_from(t.tickets).where(t.tickets.c.account == account)
                return int(conn.execute(found).scalar_one())

        async def run(step: Callable[[int], None]) -> int:
            sink = _Sink(engine, account, step)
            try:
                await network.backfill(sink, since)
            finally:
                await engine.writer.close()
            return sink.seen

        before = tickets()
        try:
            with progress() as step:
                seen = asyncio.run(run(step))
        except AdapterError as error:
            words = text(
                locale,
                "{name} cannot be read: {reason} What came before that was kept; say it again to go on.",
                name=account,
                reason=clean(str(error)),
            )
            raise Stop(words, WRONG, outcome="wrong", reason="unreadable") from error
        finally:
            wake(settings.data)
            finish(parts)
        return seen, tickets() - before
    finally:
        database.close()
