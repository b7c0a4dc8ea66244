"""What people say about who wrote: a flag that all of the person's tickets show, and that clocks and routes follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.core.case import Change
from bot.core.deciding import entitled, refuse
from bot.core.messages import Done, Entry, Fact, NotFound, ShowCard
from bot.core.types import Role, TicketStatus
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.case import Context
    from bot.core.messages import FlagAuthor, Outcome
    from bot.core.types import AuthorFlag, Person
    from bot.store.work import Work

_K, _A = t.tickets.c, t.authors.c


def flag(work: Work, command: FlagAuthor, person: Person | None, context: Context) -> Outcome:
    """Flag the ticket's author, or take the flag away.

    The log says who did that and when, but not which flag: what stands there cannot be erased.
    """
    case = work.case(command.ticket.strip().upper())
    if case is None:
        return NotFound(what="ticket", id=command.ticket)
    author = case.ticket.author
    no = entitled(case, person, Role.AGENT)
    if no is not None or author is None:
        return no or refuse(case, "typed_name")
    row = work.conn.execute(select(_A.flag, _A.erased_at).where(_A.id == author)).one()
    if row.erased_at is not None or row.flag == command.flag:
        return refuse(case, "typed_name" if row.erased_at is not None else "unchanged")
    work.conn.execute(update(t.authors).where(_A.id == author).values(flag=command.flag))
    for ticket in _unfinished(work, author) | {case.ticket.id}:
        _bear(work, ticket, command.flag, context)
    _closed(work, author, command.flag, but=case.ticket.id)
    work.log(Entry(fact=Fact.AUTHOR_FLAGGED, actor=command.by, ticket=case.ticket.id, data={"via": command.via}))
    name = case.item.item.author.name
    if command.flag is None:
        return Done(code="author_unflagged", ticket=case.ticket.id, params={"name": name})
    return Done(code="author_flagged", ticket=case.ticket.id, params={"name": name, "flag": command.flag.value})


def _unfinished(work: Work, author: int) -> set[str]:
    theirs = select(t.items.c.ticket).where(t.items.c.author == author)
    wanted = select(_K.id).where(_K.id.in_(theirs), _K.author == author, _K.status != TicketStatus.CLOSED.value)
    return set(work.conn.execute(wanted).scalars())


def _bear(work: Work, ticket: str, flagged: AuthorFlag | None, context: Context) -> None:
    case = work.case(ticket)
    if case is not None:
        bears = context.clocked(case, replace(case.ticket, flag=flagged, updated_at=context.now))
        work.save(Change(case=case).with_ticket(bears).order(ShowCard(ticket=ticket)))


def _closed(work: Work, author: int, flagged: AuthorFlag | None, *, but: str) -> None:
    """Closed ones show it when somebody looks; nothing else about them changes."""
    theirs = select(t.items.c.ticket).where(t.items.c.author == author)
    shut = (_K.id.in_(theirs), _K.author == author, _K.status == TicketStatus.CLOSED.value, _K.id != but)
    work.conn.execute(update(t.tickets).where(*shut).values(flag=flagged, version=_K.version + 1))
