"""Carries a person's wish out in the database, wakes the bot, and tells what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.cli.context import Desk, Options, opened, speaker, via
from bot.cli.errors import NOT_FOUND, REFUSED, Stop
from bot.cli.output import as_json, clean, say
from bot.cli.shapes import finding
from bot.core.messages import ArchiveSample, Command, Done, NotFound, OnTicket, Outcome, PlaySample, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.types import Person
    from bot.store.work import Work


def wish(
    options: Options, build: Callable[[str, str], Command], *, named: str | None, revision: int | None, json: bool
) -> None:
    """Do what somebody wishes.

    Args:
        options: what stood before the verb.
        build: makes the command of who wishes and by which way.
        named: what `--as` said.
        revision: refuse it unless this is the newest one.
        json: print JSON.

    Raises:
        Stop: misunderstood, refused, or there is no such ticket.
    """
    from bot.engine.wake import wake

    build("", "")  # what cannot be understood is said before anything is opened
    with opened(options) as desk:
        person = speaker(desk, named)
        outcome = _carry_out(desk, build(person.id, via()), revision)
        _tell(desk, person, outcome, running=wake(desk.settings.data), json=json)


def _carry_out(desk: Desk, command: Command, revision: int | None) -> Outcome:
    from bot.engine.commands import carry_out
    from bot.engine.parts import utc_now
    from bot.engine.samples import carry_on
    from bot.store.engine import Conflict
    from bot.store.work import Work
    from bot.wiring import build_parts, finish

    parts = build_parts(desk.settings, desk.database, chats=False)
    try:
        with desk.database.begin() as conn:
            work = Work(conn, utc_now())
            outcome = _stale(work, command, revision) or carry_out(work, parts, command)
            work.flush()
        if isinstance(command, PlaySample | ArchiveSample):
            asyncio.run(carry_on(parts, command, outcome))
    except Conflict:
        return Refused(reason="busy", remedy="try_again")
    finally:
        finish(parts)
    return outcome


def _stale(work: Work, command: Command, revision: int | None) -> Refused | None:
    """`--revision` for verbs that know none themselves; the others are asked by the core."""
    if revision is None or hasattr(command, "revision") or not isinstance(command, OnTicket):
        return None
    case = work.case(command.ticket)
    if case is None or (case.reply is not None and case.reply.revision == revision):
        return None
    newest = case.reply.revision if case.reply else 0
    params: dict[str, object] = {"seen": revision, "newest": newest}
    return Refused(reason="not_newest_revision", remedy="look_at_newest", ticket=command.ticket, params=params)


def _tell(desk: Desk, person: Person, outcome: Outcome, *, running: bool, json: bool) -> None:
    from bot.locale import explain, text

    locale = desk.locale(person)
    message = clean(explain(locale, outcome, tz=desk.tz))
    if isinstance(outcome, NotFound):
        raise Stop(message, NOT_FOUND, outcome="not_found", what=outcome.what, id=outcome.id)
    about: dict[str, Any] = {
        "ticket": outcome.ticket,
        "params": outcome.params,
        "findings": [finding(locale, one) for one in outcome.findings],
    }
    if isinstance(outcome, Refused):
        raise Stop(message, REFUSED, outcome="refused", reason=outcome.reason, remedy=outcome.remedy, **about)
    if json:
        _print(outcome, message, about, running=running)
        return
    say(message)
    if not running:
        say(text(locale, "The bot is not running: whatever this sets off will be done when it runs."))


def _print(outcome: Done, message: str, about: dict[str, Any], *, running: bool) -> None:
    as_json({"outcome": "done", "code": outcome.code, **about, "message": message, "bot_running": running})
