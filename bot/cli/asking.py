"""The grammar's questions: what is read for each, and how it is answered, as JSON or for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.cli import digesting, letters, listing, shapes, tables
from bot.cli.context import Desk, Options, opened, speaker, tongue
from bot.cli.errors import NOT_FOUND, USAGE, WRONG, Silent, Stop
from bot.cli.output import A_SCREENFUL, as_json, say
from bot.core.queries import (
    AuthorPage,
    Digest,
    Failures,
    Health,
    Help,
    Inbox,
    Misunderstood,
    Mutes,
    Next,
    Noise,
    Press,
    Query,
    Search,
    Show,
    Stats,
)
from bot.core.types import Light, TicketStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.core.views import Card, TicketLine

WAITING = (TicketStatus.OPEN, TicketStatus.WAITING)
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question: the snapshot it is answered from, the moment, and how the answer should look."""

    desk: Desk
    conn: Connection
    now: datetime
    locale: str
    named: str | None
    limit: int | None
    json: bool
    after: str | None = None

    @property
    def types(self) -> dict[str, str]:
        """The type of each network by its id."""
        return {entry.id: entry.type for entry in self.desk.settings.networks}

    @property
    def most(self) -> int:
        """How many tickets to read: a script wants all of them, people a screenful."""
        return self.limit or (EVERYTHING if self.json else A_SCREENFUL + 1)


def answer(
    options: Options, query: Query, *, named: str | None, limit: int | None, json: bool, after: str | None = None
) -> None:
    """Answer a question. Raises Stop when there is no such ticket, or when `health` is not well."""
    from bot.engine.parts import utc_now

    if isinstance(query, Help):
        _help(options, query, json=json)
        return
    with opened(options) as desk, desk.database.read() as conn:
        asking = Asking(
            desk=desk,
            conn=conn,
            now=utc_now(),
            locale=desk.locale(),
            named=named,
            limit=limit,
            json=json,
            after=after,
        )
        _ANSWERS[type(query)](asking, query)


def _inbox(asking: Asking, query: Inbox) -> None:
    from bot.locale import text
    from bot.store.queries import inbox

    person = speaker(asking.desk, asking.named) if query.mine else None
    found = inbox(
        asking.conn,
        statuses=tuple(TicketStatus) if query.all else WAITING,
        assignee=person.id if person else None,
        now=asking.now,
        limit=asking.most,
    )
    _show_lines(asking, found, empty=text(asking.locale, "Nothing waits for an answer."))


def _search(asking: Asking, query: Search) -> None:
    from bot.locale import explain, text
    from bot.store.search import find

    limit = asking.limit or A_SCREENFUL
    found = find(
        asking.conn,
        query.words,
        now=asking.now,
        tz=asking.desk.tz,
        networks=asking.types,
        after=asking.after,
        limit=limit,
    )
    if isinstance(found, Misunderstood):
        raise Stop(explain(asking.locale, found), USAGE, outcome="usage", reason=found.reason)
    if asking.json:
        as_json(shapes.found(found, asking.types, asking.locale))
    elif not found.hits:
        say(text(asking.locale, "Nothing was found."))
    else:
        tables.found(found.hits, asking.locale, asking.now)
        if found.next:
            say(text(asking.locale, "There are more: the same with `--after {next}`.", next=found.next))


def _show_lines(asking: Asking, lines: list[TicketLine], *, empty: str) -> None:
    from bot.locale import text

    if asking.json:
        as_json([shapes.inbox_line(line, asking.types, asking.locale) for line in lines])
    elif not lines:
        say(empty)
    else:
        shown = lines[: asking.limit or A_SCREENFUL]
        tables.inbox(shown, asking.locale, asking.now)
        if len(lines) > len(shown):
            say(text(asking.locale, "There are more; `--limit N` shows them."))


def _next(asking: Asking, _query: Next) -> None:
    from bot.locale import text
    from bot.store.queries import inbox

    first = inbox(asking.conn, statuses=(TicketStatus.OPEN,), now=asking.now, limit=1)
    if first:
        _show(asking, Show(ticket=first[0].id))
    elif asking.json:
        as_json(None)
    else:
        say(text(asking.locale, "Nothing waits for an answer."))


def _show(asking: Asking, query: Show) -> None:
    from bot.core.messages import NotFound
    from bot.locale import explain
    from bot.store.cards import card

    found = card(asking.conn, query.ticket, asking.now, max_length=lambda _account: None)
    if found is None:
        gone = NotFound(what="ticket", id=query.ticket)
        raise Stop(explain(asking.locale, gone), NOT_FOUND, outcome="not_found", what="ticket", id=query.ticket)
    if asking.json:
        as_json(shapes.whole(found, asking.types, asking.locale, _publications(asking.conn, found)))
    else:
        tables.card(found, asking.locale, asking.now, asking.desk.tz)


def _author(asking: Asking, query: AuthorPage) -> None:
    from bot.locale import explain
    from bot.locale.answering import nobody_there
    from bot.store.cards import card
    from bot.store.people import everybody
    from bot.store.profiles import author_of, profile

    number = author_of(asking.conn, query.ticket)
    view = None if number is None else profile(asking.conn, number, asking.now)
    if view is None:
        found = card(asking.conn, query.ticket, asking.now, max_length=lambda _account: None)
        gone = nobody_there(found, query.ticket)
        raise Stop(explain(asking.locale, gone), NOT_FOUND, outcome="not_found", what="author", id=query.ticket)
    if asking.json:
        as_json(shapes.author(view, asking.types, asking.locale))
    else:
        names = {person.id: person.name for person in everybody(asking.conn).values()}
        tables.author(view, asking.locale, asking.now, names)


def _publications(conn: Connection, found: Card) -> list[dict[str, Any]]:
    """Every step of every attempt, in order; the key is the network's business."""
    from bot.store.publications import steps

    made = steps(conn, [reply.id for reply in found.replies])
    return [{name: value for name, value in step.items() if name != "key"} for step in made]


def _stats(asking: Asking, query: Stats) -> None:
    from bot.store.figures import figures
    from bot.store.outcomes import outcomes

    since = asking.now - timedelta(days=query.days)
    if query.drafts:
        became = outcomes(asking.conn, since, asking.now)
        if asking.json:
            as_json([asdict(one) for one in became])
        else:
            tables.outcomes(became, asking.locale)
        return
    found = figures(asking.conn, since, asking.now)
    if asking.json:
        as_json(shapes.numbers(found))
    else:
        tables.stats(found, asking.locale, query.days)


def _health(asking: Asking, _query: Health) -> None:
    from bot.core.manning import approvers_light
    from bot.engine.wake import wake
    from bot.store.disk import disk
    from bot.store.lights import lights
    from bot.store.people import team

    runs = wake(asking.desk.settings.data)
    bot = Light(code="bot_runs", state="ok") if runs else Light(code="bot_stopped", state="red")
    settings = asking.desk.settings
    few = approvers_light(team(asking.conn), critical=settings.quorum.critical, crisis=settings.quorum.crisis)
    found = [bot, *lights(asking.conn, asking.now, settings.tz), *([few] if few else []), disk(settings.data)]
    show_lights(found, asking.locale, json=asking.json)


def show_lights(lights: list[Light], locale: str, *, json: bool) -> None:
    """The lights as a table or JSON. Raises Stop when one of them is red; nothing more is printed then."""
    if json:
        as_json([shapes.light(light, locale) for light in lights])
    else:
        tables.lights(lights, locale)
    if any(light.state == "red" for light in lights):
        raise Silent(WRONG)


def _help(options: Options, query: Help, *, json: bool) -> None:
    from bot.locale import help_lines

    lines = help_lines(tongue(options.lang), query.topic)
    if json:
        as_json([{"usage": how, "summary": summary} for how, summary in lines])
    else:
        tables.help_(lines)


_ANSWERS: Mapping[type, Callable[[Asking, Any], None]] = {
    Inbox: _inbox,
    Next: _next,
    Show: _show,
    AuthorPage: _author,
    Search: _search,
    Stats: _stats,
    Digest: digesting.digest,
    Health: _health,
    Failures: letters.failures,
    Mutes: letters.mutes,
    Noise: listing.noise,
    Press: listing.press,
}
