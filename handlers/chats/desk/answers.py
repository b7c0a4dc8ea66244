"""The command box: a line of the one grammar goes in, an answer to read comes out."""

from __future__ import annotations

from dataclasses import replace

from bot.core import messages as m
from bot.core import queries as q
from bot.core.commands import parse, person_named
from bot.core.foreign import visible
from bot.core.types import Light, TicketStatus
from bot.core.views import TicketLine
from bot.locale import explain, help_lines, in_short, light, ntext
from bot.locale.answering import nobody_there
from bot.locale.authoring import author_name
from handlers.chats.desk.board import Answer, Line
from handlers.chats.desk.door import TICKET, Visit
from handlers.chats.desk.numbers import digest_answer, stats_answer
from handlers.chats.desk.waiting import answer_listed, answer_waiting
from handlers.chats.desk.words import LIGHTS

_SHOWN = 12
_BOUND = (m.Approve, m.Refuse, m.Edit)
"""What is decided about a text: typed on a ticket's page it means the revision that the page showed."""


async def answer_line(visit: Visit, line: str, *, ticket: str | None, revision: int | None, seen: str | None) -> Answer:
    """Understand a line and do what it says; `ticket`, `revision` and `seen` are what the page showed."""
    locale = visit.person.locale
    meant = parse(line, by=visit.person.id, via=visit.house.chat, ticket=ticket)
    if isinstance(meant, q.Misunderstood):
        return Answer(kind="refused", text=explain(locale, meant), verb="command", unsaved=line)
    if isinstance(meant, q.Query):
        return await _look_up(visit, meant)
    if isinstance(meant, _BOUND) and meant.ticket == ticket and meant.revision is None:
        meant = replace(meant, revision=revision)
        if isinstance(meant, m.Approve):
            meant = replace(meant, seen=seen)
    if isinstance(meant, m.Assign | m.Ask | m.Escalate) and meant.person is not None:
        meant = replace(meant, person=person_named(meant.person, visit.team) or meant.person)
    return answer_outcome(visit, await visit.engine.intake.submit(meant), verb="command", unsaved=line)


def answer_outcome(visit: Visit, outcome: m.Outcome, *, verb: str = "", unsaved: str = "") -> Answer:
    """What came of a command, in words. A text that was not taken is handed back."""
    said = explain(visit.person.locale, outcome, tz=visit.house.tz)
    if isinstance(outcome, m.Done):
        return Answer(kind="done", text=said, go=outcome.ticket)
    reason = outcome.reason if isinstance(outcome, m.Refused) else ""
    return Answer(kind="refused", text=said, verb=verb, unsaved=unsaved, reason=reason)


async def _look_up(visit: Visit, query: q.Query) -> Answer:
    read = visit.engine.read
    match query:
        case q.Inbox():
            return await _inbox(visit, query)
        case q.Next():
            lines = await read.inbox(statuses=(TicketStatus.OPEN,), limit=1)
            if not lines:
                return Answer(kind="info", text=visit.say("Nothing waits for an answer."))
            return Answer(kind="info", text=visit.say("This one first: {id}", id=lines[0].id), go=lines[0].id)
        case q.Show():
            return await _ticket(visit, query.ticket)
        case q.AuthorPage():
            return await _author(visit, query.ticket)
        case q.Search():
            return await _search(visit, query.words)
        case q.Health():
            return await _health(visit)
        case q.Noise() | q.Press():
            return await answer_listed(visit, query)
        case q.Failures() | q.Mutes():
            return await answer_waiting(visit, query)
        case q.Help():
            return _help(visit, query.topic)
        case q.Stats() | q.Digest():
            return await _figures(visit, query)


async def _ticket(visit: Visit, ticket: str) -> Answer:
    if TICKET.fullmatch(ticket) is None or await visit.engine.read.card(ticket) is None:
        return answer_outcome(visit, m.NotFound(what="ticket", id=ticket))
    return Answer(kind="info", text=ticket, go=ticket)


async def _author(visit: Visit, ticket: str) -> Answer:
    """Their page."""
    known = TICKET.fullmatch(ticket) is not None
    view = await visit.engine.read.author(ticket=ticket) if known else None
    if view is not None:
        return Answer(kind="info", text=author_name(visit.person.locale, view), page=f"/desk/a/{view.number}")
    card = await visit.engine.read.card(ticket) if known else None
    return answer_outcome(visit, nobody_there(card, ticket))


async def _inbox(visit: Visit, query: q.Inbox) -> Answer:
    statuses = tuple(TicketStatus) if query.all else (TicketStatus.OPEN, TicketStatus.WAITING)
    assignee = visit.person.id if query.mine else None
    lines = await visit.engine.read.inbox(statuses=statuses, assignee=assignee, limit=_SHOWN)
    return _listed(visit, lines, visit.say("Nothing waits for an answer."))


async def _figures(visit: Visit, query: q.Stats | q.Digest) -> Answer:
    """They have pages of their own."""
    locale = visit.person.locale
    if isinstance(query, q.Stats):
        return stats_answer(locale, query)
    return digest_answer(locale, await visit.engine.read.digest(query, locale=locale))


async def _search(visit: Visit, words: str) -> Answer:
    found = await visit.engine.read.search(words, limit=_SHOWN)
    if isinstance(found, q.Misunderstood):
        said = explain(visit.person.locale, found)
        return Answer(kind="refused", text=said, verb="command", unsaved=f"search {words}")
    return _listed(visit, [hit.line for hit in found.hits], visit.say("Nothing found."), words=words)


async def _health(visit: Visit) -> Answer:
    lights = await visit.engine.read.health()
    lines = [_light(visit, one) for one in lights]
    bad = sum(one.state != "ok" for one in lights)
    said = (
        ntext(visit.person.locale, "One part needs a look.", "{n} parts need a look.", bad)
        if bad
        else visit.say("Every part works.")
    )
    return Answer(kind="info", text=said, lines=tuple(lines))


def _light(visit: Visit, shown: Light) -> Line:
    said = light(visit.person.locale, shown)
    head = f"{LIGHTS[shown.state]} {visible(said.name)}: {said.state}"
    return Line(text=" · ".join([head, *(visible(part) for part in (said.detail, said.remedy) if part)]))


def _help(visit: Visit, topic: str | None) -> Answer:
    lines = tuple(Line(text=f"{how}: {why}") for how, why in help_lines(visit.person.locale, topic))
    here = visit.say("On a ticket's page the ID may be left out.")
    keys = visit.say("Press ? for the keys.")
    return Answer(kind="info", text=f"{here} {keys}", lines=lines)


def _listed(visit: Visit, found: list[TicketLine], nothing: str, words: str | None = None) -> Answer:
    if not found:
        return Answer(kind="info", text=nothing, words=words)
    said = ntext(visit.person.locale, "One ticket:", "{n} tickets:", len(found))
    lines = tuple(
        Line(text=f"{line.id} · {visible(line.author)}: {_short(in_short(visit.person.locale, line))}", ticket=line.id)
        for line in found
    )
    return Answer(kind="info", text=said, lines=lines, words=words)


def _short(text: str) -> str:
    line = visible(" ".join(text[:400].split()))
    return line if len(line) <= 80 and len(text) <= 400 else f"{line[:80]}…"
