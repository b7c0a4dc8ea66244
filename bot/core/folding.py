"""Folding: comments that only disturb lie closed, each under its own id, in one rolling ticket per account and day.

The rolling ticket (the roll) is a ticket like any other: it has the card that they do not have, it can be closed,
snoozed and noted, and the next comment opens it again. `Ticket.fold` holds the roll's id: on those folded into it, and
on the roll itself. Nothing is answered from within: whoever wants to do something about a folded comment takes it out
by opening it, or by saying what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core import ticket as tickets
from bot.core.assisting import ask
from bot.core.case import Case, Change, Context, StoredItem
from bot.core.clocks import follow
from bot.core.controls import controls
from bot.core.messages import (
    AddNote,
    Announce,
    Assign,
    Claim,
    Close,
    Fact,
    OnTicket,
    Refused,
    Reopen,
    ShowCard,
    Snooze,
    Wait,
)
from bot.core.proposing import propose
from bot.core.ticket import Ticket
from bot.core.types import Assessment, Kind, Sentiment, Severity, TicketStatus, Visibility
from bot.core.views import Card, ConversationEntry, Folded
from bot.core.words import nearest

_NAMED = 3
_SHORT = 80
MUTED = "muted"
"""Why something is folded that holds muted words or comes from a muted author; noise rules have names of their own."""
_ON_ROLLS: tuple[type[OnTicket], ...] = (AddNote, Assign, Claim, Close, Reopen, Snooze, Wait)
"""What can be wished of a roll as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Into which roll something goes, and why: `muted`, or the noise rule's name."""

    roll: str
    because: str


def no_such_account(account: str, known: Iterable[str]) -> Refused | None:
    """Why an account's noise can be neither shown nor closed; None for one that is there, or for all."""
    names = sorted(set(known))
    if not account or account in names:
        return None
    meant = nearest(account, dict.fromkeys(names))
    params: dict[str, object] = {"account": account, "known": ", ".join(names) or "-"}
    if meant is None:
        return Refused(reason="unknown_account", remedy="none", params=params)
    return Refused(reason="unknown_account", remedy="meant_account", params=params | {"meant": meant})


def may_fold(assessed: Assessment) -> bool:
    """Whether it is no graver than usual: what matters is never folded, whoever wrote it and whatever is muted."""
    return assessed.severity.rank <= Severity.NORMAL.rank


def key_of(day: str) -> str:
    """The `thread_key` of a day's roll (`2026-11-22`)."""
    return f"fold:{day}"


def open_roll(ticket_id: str, stored: StoredItem, day: str, context: Context) -> Change:
    """A day's roll, with the first comment that is folded into it."""
    ticket = Ticket(
        id=ticket_id,
        account=stored.item.account,
        thread_key=key_of(day),
        author=None,
        item=stored.id,
        status=TicketStatus.OPEN,
        kind=Kind.NOISE,
        severity=Severity.LOW,
        sentiment=Sentiment.NEUTRAL,
        language=None,
        visibility=Visibility.PUBLIC,
        opened_at=context.now,
        updated_at=context.now,
        fold=ticket_id,
    )
    ticket = follow(None, ticket, context.now, context.rules)
    return Change(case=Case(ticket=ticket, item=stored)).log(Fact.TICKET_OPENED, folds=True)


def roll_up(case: Case, stored: StoredItem, context: Context) -> Change:
    """One more comment in the roll. A closed roll opens again; one that people snoozed stays quiet until then."""
    ticket = replace(case.ticket, item=stored.id, messages=case.ticket.messages + 1, updated_at=context.now)
    change = replace(Change(case=case), case=replace(case, ticket=ticket, item=stored))
    if ticket.status is not TicketStatus.CLOSED:
        return change
    again = context.clocked(case, tickets.opened(ticket, context.now))
    return change.with_ticket(again).log(Fact.TICKET_REOPENED)


def past(case: Case, context: Context) -> Change:
    """The day of this roll is over, and another one has begun."""
    shut = context.clocked(case, tickets.closed(case.ticket, context.now, reason=None))
    change = Change(case=case).with_ticket(shut)
    return change.log(Fact.TICKET_CLOSED, because="next_day").order(ShowCard(ticket=case.ticket.id))


def fold(change: Change, into: Fold, context: Context) -> Change:
    """A new ticket goes into a roll: kept, closed, and without a card."""
    ticket = replace(tickets.closed(change.case.ticket, context.now, reason=into.because), fold=into.roll)
    if into.because != MUTED:
        ticket = replace(ticket, kind=Kind.NOISE, severity=Severity.LOW)
    ticket = context.clocked(change.case, ticket)
    return change.with_ticket(ticket).log(Fact.TICKET_OPENED, because=into.because, fold=into.roll)


def take_out(case: Case, stored: StoredItem, assessed: Assessment, context: Context) -> Change:
    """A folded comment reads differently now, and no longer like one that is to be folded: it gets its own card."""
    ticket = tickets.opened(tickets.touched(case.ticket, context.now, item=stored.id), context.now)
    ticket = replace(ticket, kind=assessed.kind, sentiment=assessed.sentiment, language=assessed.language)
    ticket = tickets.weighed(ticket, assessed.severity, context.rules.quorum(assessed.severity, crisis=False))
    ticket = context.clocked(case, ticket, item=stored, asked=True)
    change = replace(Change(case=case), case=replace(case, ticket=ticket, item=stored))
    change = change.log(Fact.ITEM_EDITED, item=stored.id, native_id=stored.item.native_id).log(Fact.TICKET_REOPENED)
    if assessed.severity is Severity.CRITICAL:
        change = change.order(Announce(code="critical_item", ticket=ticket.id))
    return ask(propose(change, context) or change.order(ShowCard(ticket=ticket.id)), context)


def silently(change: Change) -> Change:
    """What happens to a folded comment is put on record, and nobody is told."""
    return replace(change, effects=())


def beyond(case: Case, wish: OnTicket) -> bool:
    """Whether this wish is about one comment, and the case is a roll of many."""
    return case.ticket.is_roll and not isinstance(wish, _ON_ROLLS)


def rolled(card: Card, listed: Sequence[Folded]) -> Card:
    """A roll's card, from the one of its newest comment and what is `listed`, oldest first.

    Who wrote them stands for its one author, and a line for each, with the id to type, for its one text.
    """
    names = list(dict.fromkeys(_short(one.author) for one in reversed(listed) if one.author))
    who = ", ".join([*names[:_NAMED], *(["\N{HORIZONTAL ELLIPSIS}"] if len(names) > _NAMED else [])])
    said = "\n".join(f"{one.ticket} {_short(one.author)}: {_short(one.text)}" for one in listed)
    line = replace(card.line, author=who, text=said, url=None, attachments=(), more_attachments=0)
    entry = ConversationEntry(at=line.opened_at, author=who, text=said)
    offered = controls(line.status, None, roll=True)
    return replace(card, line=line, conversation=(entry,), folded=tuple(listed), suspicious=(), controls=offered)


def _short(foreign: str) -> str:
    """On one line: a name that holds line breaks must not look like comments of others."""
    return " ".join(foreign[:_SHORT].split())
