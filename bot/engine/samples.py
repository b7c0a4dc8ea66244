"""The sample day: which account plays it, and what it means for the tickets when it leaves the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.core import sorting
from bot.core.messages import ArchiveSample, Close, Done, Entry, Fact, Outcome, PlaySample, Refused
from bot.core.types import TicketStatus
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.messages import Command
    from bot.core.ports import Sample
    from bot.core.types import Person
    from bot.engine.context import Facts
    from bot.engine.parts import Parts
    from bot.store.work import Work

REASON = "sample"


def sample_of(parts: Parts) -> tuple[str, Sample] | None:
    """The account whose comments are invented, if there is one."""
    for account in parts.networks:
        network = parts.networks[account]
        if getattr(network, "sample", False):
            return account, network  # type: ignore[return-value]  # that is what having `sample` promises
    return None


def wished(work: Work, parts: Parts, command: PlaySample | ArchiveSample, person: Person, facts: Facts) -> Outcome:
    """Note a play, or close the sample's tickets; what the account itself has to do follows the commit."""
    found = sample_of(parts)
    if found is None:
        return Refused(reason="no_sample", remedy="add_sample")
    if isinstance(command, PlaySample):
        work.log(Entry(fact=Fact.SAMPLE_PLAYED, actor=command.by, data={"via": command.via}))
        return Done(code="sample_played", params={"minutes": round(command.over.total_seconds() / 60)})
    closed = _close_all(work, found[0], command, person, facts)
    work.log(Entry(fact=Fact.SAMPLE_ARCHIVED, actor=command.by, data={"via": command.via, "closed": closed}))
    return Done(code="sample_archived", params={"count": closed})


async def carry_on(parts: Parts, command: Command, outcome: Outcome) -> None:
    """Tell the account that plays the sample day what was committed. A crash before it costs another click."""
    if not isinstance(command, PlaySample | ArchiveSample) or not isinstance(outcome, Done):
        return
    if outcome.code == "repeated":
        return
    found = sample_of(parts)
    if found is None:
        return
    if isinstance(command, PlaySample):
        await found[1].play(command.over)
    else:
        await found[1].archive()


def _close_all(work: Work, account: str, command: ArchiveSample, person: Person, facts: Facts) -> int:
    """Close what can be closed: a reply that is being published must arrive first, and stays in view."""
    open_ones = select(t.tickets.c.id).where(
        t.tickets.c.account == account, t.tickets.c.status != TicketStatus.CLOSED.value
    )
    context = facts.context()
    closed = 0
    for ticket in work.conn.execute(open_ones).scalars().all():
        case = work.case(ticket)
        if case is None:
            continue
        wish = Close(by=command.by, via=command.via, ticket=ticket, reason=REASON)
        answer = sorting.close(case, wish, person, context)
        if not isinstance(answer, Refused):
            work.save(answer.change)
            closed += 1
    return closed
