"""A typed question answered in words: for chats that have lines of text and no pages of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from bot.core import queries as q
from bot.core.figures import Figures
from bot.core.folding import no_such_account
from bot.core.foreign import visible
from bot.core.inbox import Narrow
from bot.core.messages import NotFound, Refused
from bot.core.ports import Reader
from bot.core.types import Person, TicketStatus
from bot.core.views import Card, TicketLine
from bot.locale.attaching import in_short
from bot.locale.authoring import author_lines, author_name, flagged
from bot.locale.catalogue import ntext, text
from bot.locale.clocks import clock_words
from bot.locale.explaining import explain, help_lines, label, light
from bot.locale.folding import folded, how_to_unfold
from bot.locale.outcomes import outcome_lines
from bot.locale.reasons import closed_because, reason
from bot.locale.showing import EMOJI, LIGHTS, REPLY_STATES
from bot.locale.times import ago, clock

SHOWN = 12
"""Tickets in one answer."""
_SHORT = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence, and lines below it. Foreign text in them is made visible; markup in it is the chat's business."""

    text: str
    lines: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Everything, one line each."""
        return "\n".join([self.text, *self.lines])


async def answer(query: q.Query, person: Person, read: Reader, now: datetime, tz: tzinfo = UTC) -> Answer:
    """What there is to say to a question, in the person's language."""
    locale = person.locale
    match query:
        case q.Inbox():
            statuses = tuple(TicketStatus) if query.all else (TicketStatus.OPEN, TicketStatus.WAITING)
            lines = await read.inbox(statuses=statuses, assignee=person.id if query.mine else None, limit=SHOWN)
            return _listed(locale, lines, text(locale, "Nothing waits for an answer."), now)
        case q.Next():
            lines = await read.inbox(statuses=(TicketStatus.OPEN,), limit=1)
            return _listed(locale, lines, text(locale, "Nothing waits for an answer."), now)
        case q.Search():
            return await _found(locale, query.words, read, now)
        case q.Show() | q.AuthorPage():
            return await _one(locale, query, read, now)
        case q.Health():
            return await _health(locale, read)
        case q.Stats(drafts=True):
            became = await read.outcomes(since=now - timedelta(days=query.days), until=now)
            said = text(locale, "What became of the drafts:") if became else text(locale, "No draft was decided about.")
            return Answer(said, outcome_lines(locale, became))
        case q.Stats():
            figures = await read.figures(since=now - timedelta(days=query.days), until=now)
            return _figures(locale, figures, tz)
        case q.Digest():
            return await _digest(locale, query, read)
        case q.Mutes():
            muted = [f"`{visible(one.pattern)}`" for one in await read.mutes()]
            said = text(locale, "Folded away now; `unmute` lifts it:") if muted else text(locale, "Nothing is muted.")
            return Answer(said, tuple(muted))
        case q.Noise() | q.Press() | q.Failures():
            return await _lists(locale, query, read, now)
        case q.Help():
            here = text(locale, "In a ticket's thread the ID may be left out.")
            return Answer(here, tuple(f"`{how}` {why}" for how, why in help_lines(locale, query.topic)))


async def _lists(locale: str, query: q.Noise | q.Press | q.Failures, read: Reader, now: datetime) -> Answer:
    """What lies somewhere: for a person, folded away, in the press."""
    if isinstance(query, q.Failures):
        return await _failures(locale, query, read)
    if isinstance(query, q.Press):
        return await press_answer(locale, query, read, now)
    return await noise_answer(locale, query, read)


async def noise_answer(locale: str, query: q.Noise, read: Reader) -> Answer:
    """The open rolls, each with the newest of what lies there."""
    narrow = Narrow(account=query.account or None, rolls=True)
    lines = []
    for line in await read.inbox(narrow=narrow, limit=SHOWN):
        card = await read.card(line.id)
        lines.append(f"{EMOJI[line.kind]} `{line.id}` {visible(line.account)}: {folded(locale, line.folded)}")
        for one in card.folded if card is not None else ():
            said = text(locale, "Erased, as the law asks.") if one.erased else visible(" ".join(one.text.split()))
            lines.append(f"· `{one.ticket}` {visible(one.author)}: {said[:_SHORT]}")
    if query.account and not lines:
        accounts = (one.id for one in (await read.setup()).networks)
        if (unknown := no_such_account(query.account, accounts)) is not None:
            return Answer(explain(locale, unknown))
    return Answer(how_to_unfold(locale) if lines else text(locale, "No noise lies folded away."), tuple(lines))


async def press_answer(locale: str, query: q.Press, read: Reader, now: datetime) -> Answer:
    """Headlines, the newest first, with their links."""
    found = await read.press(since=now - timedelta(days=query.days), until=now, limit=SHOWN)
    lines = [
        f"{visible(one.title)} · {visible(one.source)} · {ago(locale, one.at, now)}"
        + (f"\n{one.url}" if one.url else "")
        for one in found
    ]
    said = ntext(locale, "The press wrote in the last day:", "The press wrote in the last {n} days:", query.days)
    return Answer(said if lines else text(locale, "The press has written nothing that we know of."), tuple(lines))


async def _found(locale: str, words: str, read: Reader, now: datetime) -> Answer:
    page = await read.search(words, limit=SHOWN)
    if isinstance(page, q.Misunderstood):
        return Answer(explain(locale, page))
    return _listed(locale, [hit.line for hit in page.hits], text(locale, "Nothing found."), now)


def _missing(locale: str, ticket: str) -> Answer:
    return Answer(explain(locale, NotFound(what="ticket", id=ticket)))


def ticket_line(locale: str, line: TicketLine, now: datetime) -> str:
    """A ticket in one line."""
    words = in_short(locale, line)
    short = " ".join(words[: _SHORT * 4].split())
    said = short if len(short) <= _SHORT and len(words) <= _SHORT * 4 else f"{short[:_SHORT]}…"
    head = f"{EMOJI[line.severity]} `{line.id}` {EMOJI[line.kind]} {visible(line.author)}: {visible(said)}"
    return f"{head} · {ago(locale, line.opened_at, now)}"


def _listed(locale: str, lines: Sequence[TicketLine], nothing: str, now: datetime) -> Answer:
    if not lines:
        return Answer(nothing)
    said = ntext(locale, "One ticket:", "{n} tickets:", len(lines))
    if len(lines) == SHOWN:
        said = text(locale, "The first {n}:", n=SHOWN)
    return Answer(said, tuple(ticket_line(locale, line, now) for line in lines))


def _card(locale: str, card: Card, now: datetime) -> Answer:
    line, reply = card.line, card.reply
    facts = [label(locale, line.kind), label(locale, line.severity), clock_words(locale, line, now)]
    facts.insert(0, flagged(locale, line.flag))
    lines = [ticket_line(locale, line, now), " · ".join(fact for fact in facts if fact)]
    if reply is not None:
        lines.append(f"{EMOJI[reply.state]} {text(locale, REPLY_STATES[reply.state])}")
        if reply.latest is not None:
            lines.append(visible(reply.latest.text[:600]) + ("…" if len(reply.latest.text) > 600 else ""))
        lines += [f"⚠️ {visible(reason(locale, reply.problem))}"] if reply.problem else []
        lines += [reply.url] if reply.url else []
    closed = card.close_reason if line.status is TicketStatus.CLOSED else None
    why = f" · {visible(closed_because(locale, closed))}" if closed else ""
    return Answer(f"{EMOJI[line.status]} {label(locale, line.status)}{why}", tuple(lines))


async def _one(locale: str, query: q.Show | q.AuthorPage, read: Reader, now: datetime) -> Answer:
    if isinstance(query, q.AuthorPage):
        return await _author(locale, query.ticket, read, now)
    card = await read.card(query.ticket)
    return _card(locale, card, now) if card else _missing(locale, query.ticket)


async def _author(locale: str, ticket: str, read: Reader, now: datetime) -> Answer:
    view = await read.author(ticket=ticket)
    if view is None:
        return Answer(explain(locale, nobody_there(await read.card(ticket), ticket)))
    names = {person.id: person.name for person in await read.people()}
    return Answer(author_name(locale, view), author_lines(locale, view, now, names=names))


def nobody_there(card: Card | None, ticket: str) -> Refused | NotFound:
    """Why a ticket has no author's page."""
    if card is None:
        return NotFound(what="ticket", id=ticket)
    return Refused(reason="typed_name", remedy="none", ticket=ticket)


async def _health(locale: str, read: Reader) -> Answer:
    shown = await read.health()
    bad = sum(one.state != "ok" for one in shown)
    said = ntext(locale, "One part needs a look.", "{n} parts need a look.", bad) if bad else ""
    lines = []
    for one in shown:
        words = light(locale, one)
        head = f"{LIGHTS[one.state]} {visible(words.name)}: {words.state}"
        lines.append(" · ".join([head, *(visible(part) for part in (words.detail, words.remedy) if part)]))
    return Answer(said or text(locale, "Every part works."), tuple(lines))


async def _digest(locale: str, query: q.Digest, read: Reader) -> Answer:
    message = await read.digest(query, locale=locale)
    if message is None:
        return Answer(text(locale, "Nothing is on record for that day."))
    head, *lines = message.text.splitlines()
    return Answer(head, tuple(lines))


async def _failures(locale: str, query: q.Failures, read: Reader) -> Answer:
    found = [one for one in [await read.letter(query.about)] if one] if query.about else await read.letters(limit=SHOWN)
    if not found:
        return Answer(text(locale, "Nothing was given up, and nothing is of unknown fate."))
    lines = []
    for one in found:
        remedies = " · ".join(f"`{verb} {one.about}`" for verb in one.remedies)
        because = visible(reason(locale, one.reason))
        lines.append(f"`{one.id}` {one.ticket or ''} {visible(one.place)}: {because} → {remedies}")
    return Answer(text(locale, "What waits for a person:"), tuple(lines))


def figures_lines(locale: str, found: Figures) -> tuple[str, ...]:
    """The figures, one a line."""
    speed = ""
    if found.median_minutes is not None:
        speed = text(locale, "First answer after {minutes} min (median)", minutes=round(found.median_minutes))
    return tuple(
        line
        for line in (
            text(locale, "Came in: {n}", n=found.arrived.total),
            text(locale, "Answered: {n}", n=found.answered.total),
            text(locale, "Closed: {n}", n=found.closed.total),
            text(locale, "Waiting now: {n}, overdue: {late}", n=found.waiting, late=found.overdue),
            speed,
        )
        if line
    )


def _figures(locale: str, found: Figures, tz: tzinfo) -> Answer:
    said = f"{clock(locale, found.since, tz)} – {clock(locale, found.until, tz)}"
    return Answer(said, figures_lines(locale, found))
