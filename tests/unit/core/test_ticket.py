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


def test_a_further_message_does_not_postpone_a_running_clock() -> None:
    assert TICKET.due_at == DUE
    heard = tickets.heard(TICKET, LATER, item=2, due=LATER + timedelta(hours=1))
    assert (heard.due_at, heard.item, heard.messages) == (DUE, 2, 2)


def test_a_further_message_after_an_answer_starts_a_clock_that_the_next_one_does_not_postpone() -> None:
    answered = tickets.answered(TICKET, T0)
    first = tickets.heard(answered, T0, item=2, due=DUE)
    second = tickets.heard(first, LATER, item=3, due=LATER + timedelta(hours=1))
    assert first.due_at == second.due_at == DUE


def test_a_graver_message_brings_the_clock_forward() -> None:
    soon = T0 + timedelta(minutes=15)
    assert tickets.heard(TICKET, T0, item=2, due=soon).due_at == soon
    assert tickets.heard(TICKET, T0, item=2, due=None).due_at == DUE
    assert tickets.sooner(None, None) is None


def test_an_answer_stops_the_clock_and_gives_the_customer_the_word() -> None:
    answered = tickets.answered(tickets.snoozed(TICKET, T0, until=DUE), LATER)
    assert answered.status is TicketStatus.WAITING
    assert (answered.waiting_for, answered.snoozed_until, answered.due_at) == ("customer", None, None)
    assert tickets.answered(answered, DUE).answered_at == LATER, "the first answer is the one that counts"


def test_an_answer_that_was_overtaken_leaves_the_matter_open_and_its_clock_running() -> None:
    answered = tickets.answered(TICKET, LATER, overtaken=True)
    assert answered == replace(TICKET, answered_at=LATER, updated_at=LATER)


def test_an_answer_does_not_open_a_closed_ticket() -> None:
    shut = tickets.closed(TICKET, T0, reason=None)
    assert tickets.answered(shut, LATER) == replace(shut, answered_at=LATER, updated_at=LATER)


def test_touching_counts_without_opening() -> None:
    shut = tickets.closed(TICKET, T0, reason=None)
    touched = tickets.touched(shut, LATER, item=7)
    assert (touched.status, touched.messages, touched.item) == (TicketStatus.CLOSED, 2, 7)


def test_waiting_and_snoozing_exclude_each_other() -> None:
    waits = tickets.waiting(tickets.snoozed(TICKET, T0, until=DUE), T0, on="luis")
    assert (waits.status, waits.waiting_for, waits.snoozed_until) == (TicketStatus.WAITING, "luis", None)
    away = tickets.snoozed(waits, T0, until=DUE)
    assert (away.status, away.waiting_for, away.snoozed_until) == (TicketStatus.SNOOZED, None, DUE)


def test_closing_ends_clock_and_claim() -> None:
    shut = tickets.closed(tickets.claimed(TICKET, T0, by="ada", until=DUE), LATER, reason="done")
    assert (shut.status, shut.closed_at, shut.close_reason) == (TicketStatus.CLOSED, LATER, "done")
    assert (shut.due_at, shut.claimed_by, shut.claimed_until) == (None, None, None)


def test_the_running_clock_follows_the_kind() -> None:
    again = tickets.sorted_as(TICKET, T0, kind=Kind.QUESTION, severity=Severity.HIGH, due=LATER)
    assert (again.kind, again.severity, again.due_at) == (Kind.QUESTION, Severity.HIGH, LATER)


@pytest.mark.parametrize("still", [tickets.answered(TICKET, T0), tickets.closed(TICKET, T0, reason=None)])
def test_a_stopped_clock_stays_stopped(still: tickets.Ticket) -> None:
    assert tickets.sorted_as(still, T0, kind=Kind.QUESTION, severity=Severity.HIGH, due=LATER).due_at is None


def test_a_ticket_that_needed_no_answer_gets_a_clock_when_it_does() -> None:
    silent = replace(TICKET, due_at=None)
    assert tickets.sorted_as(silent, T0, kind=Kind.COMPLAINT, severity=Severity.LOW, due=DUE).due_at == DUE
