"""The ticket machine: who has the word, and which clock runs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import ticket as tickets
from bot.core.types import Kind, Severity, TicketStatus
from tests.support.core_world import T0, opening

TICKET = opening().case.ticket
LATER = T0 + timedelta(minutes=10)
DUE = T0 + timedelta(hours=1)


def test_a_claim_ends_by_itself_at_its_last_moment() -> None:
    mine = tickets.claimed(TICKET, T0, by="ada", until=LATER)
    assert mine.claimer(LATER - timedelta(microseconds=1)) == "ada"
    assert mine.claimer(LATER) is None
    assert TICKET.claimer(T0) is None
    assert replace(TICKET, claimed_by="ada").claimer(T0) is None


def test_a_claim_assigns_what_is_nobodys_only() -> None:
    assert tickets.claimed(TICKET, T0, by="ada", until=LATER).assignee == "ada"
    theirs = tickets.assigned(TICKET, T0, to="luis")
    assert tickets.claimed(theirs, T0, by="ada", until=LATER).assignee == "luis"


@pytest.mark.parametrize(
    "parked",
    [
        tickets.waiting(TICKET, T0, on="customer"),
        tickets.snoozed(TICKET, T0, until=LATER),
        tickets.closed(TICKET, T0, reason="done"),
    ],
    ids=lambda t: t.status.value,
)
def test_opening_forgets_why_it_was_away(parked: tickets.Ticket) -> None:
    again = tickets.opened(parked, LATER)
    assert again.status is TicketStatus.OPEN
    assert (again.waiting_for, again.snoozed_until, again.closed_at, again.close_reason) == (None, None, None, None)


def test_an_answer_pays_what_was_owed_and_gives_the_customer_the_word() -> None:
    answered = tickets.answered(tickets.snoozed(TICKET, T0, until=DUE), LATER)
    assert answered.status is TicketStatus.WAITING
    assert (answered.waiting_for, answered.snoozed_until, answered.answer_target) == ("customer", None, None)
    assert tickets.answered(answered, DUE).answered_at == LATER, "the first answer is the one that counts"


def test_an_answer_that_was_overtaken_leaves_the_matter_open_and_its_clock_running() -> None:
    answered = tickets.answered(TICKET, LATER, overtaken=True)
    assert answered == replace(TICKET, answered_at=LATER, updated_at=LATER)


def test_an_answer_does_not_open_a_closed_ticket() -> None:
    shut = tickets.closed(TICKET, T0, reason=None)
    paid = replace(shut, answered_at=LATER, updated_at=LATER, answer_target=None)
    assert tickets.answered(shut, LATER) == paid


def test_touching_counts_without_opening() -> None:
    shut = tickets.closed(TICKET, T0, reason=None)
    touched = tickets.touched(shut, LATER, item=7)
    assert (touched.status, touched.messages, touched.item) == (TicketStatus.CLOSED, 2, 7)


def test_waiting_and_snoozing_exclude_each_other() -> None:
    waits = tickets.waiting(tickets.snoozed(TICKET, T0, until=DUE), T0, on="luis")
    assert (waits.status, waits.waiting_for, waits.snoozed_until) == (TicketStatus.WAITING, "luis", None)
    away = tickets.snoozed(waits, T0, until=DUE)
    assert (away.status, away.waiting_for, away.snoozed_until) == (TicketStatus.SNOOZED, None, DUE)


def test_closing_ends_a_claim() -> None:
    shut = tickets.closed(tickets.claimed(TICKET, T0, by="ada", until=DUE), LATER, reason="done")
    assert (shut.status, shut.closed_at, shut.close_reason) == (TicketStatus.CLOSED, LATER, "done")
    assert (shut.claimed_by, shut.claimed_until) == (None, None)


def test_sorting_changes_kind_and_severity_alone() -> None:
    again = tickets.sorted_as(TICKET, LATER, kind=Kind.QUESTION, severity=Severity.HIGH)
    assert again == replace(TICKET, kind=Kind.QUESTION, severity=Severity.HIGH, updated_at=LATER)
