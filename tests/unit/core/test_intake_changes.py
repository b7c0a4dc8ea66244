"""Edits, removals and answers by hand: what they do to a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import deciding, intake, publishing
from bot.core import ticket as tickets
from bot.core.approval import Verdict
from bot.core.case import Case
from bot.core.messages import Announce, Approve, Fact, ShowCard
from bot.core.types import ReplyState, Severity, TicketStatus
from tests.support.core_world import (
    PEOPLE,
    T0,
    TICKET,
    after,
    approved,
    assess,
    bare,
    done,
    no,
    proposed,
    publishing_case,
    stored,
    wish,
)
from tests.unit.core.arrivals import announced, edited, facts, half_approved, hear, removed, shut, written

# --- an edit --------------------------------------------------------------------------------------------------------


def test_an_edit_voids_an_approval_and_drafts_on_the_same_reply() -> None:
    change = edited(approved(), "The soup was hot")
    reply = change.case.reply
    assert reply
    assert (reply.id, reply.state, reply.revision, reply.key) == ("K7Q2.1", ReplyState.PROPOSED, 2, None)
    assert change.case.target
    assert change.case.target.item.text == change.case.item.item.text == "The soup was hot"
    assert [revision.text for revision in change.revisions] == ["About «The soup was hot»"]
    assert announced(change) == ["approval_voided", "item_edited"]


def test_the_old_yes_does_not_hold_for_the_edited_comment() -> None:
    case = edited(written(on=approved()), "You are right!").case
    assert publishing.approval_problem(case, after(61)) == "changed"


def test_a_persons_wording_survives_an_edit() -> None:
    change = edited(written(on=proposed()), "The soup was hot")
    assert change.revisions == ()
    assert change.case.target
    assert change.case.target.item.text == "The soup was hot"


def test_an_edit_that_needs_no_other_draft_leaves_the_draft() -> None:
    same = intake.notice_edit(
        proposed(),
        stored(2, text="The soup was cold", version="v2", number=2),
        assess("The soup was cold"),
        after(60),
    )
    assert same.revisions == ()
    assert edited(proposed(), "SILENCE").revisions == ()


def test_an_edit_of_an_older_item_is_told_of_that_item() -> None:
    case = hear(proposed(), "And it was late").case
    change = edited(case, "The soup was hot", row=3, native="a")
    assert change.entries[0].fact is Fact.ITEM_EDITED
    assert change.entries[0].item == 3
    assert change.case.ticket.item == 2
    assert change.case.item.item.native_id == "b"
    gone = removed(case, native="a")
    assert gone.entries[0].item == 2
    assert gone.case.ticket.item == 2


def test_an_edit_of_the_item_that_an_older_reply_answers_reaches_that_reply() -> None:
    case = hear(written(), "And it was late").case
    change = edited(case, "The soup was hot", row=3, native="a")
    assert change.case.target
    assert change.case.target.id == 3
    assert change.case.item.id == 2


@pytest.mark.parametrize(
    "away",
    [tickets.waiting(bare().ticket, T0, on="customer"), tickets.snoozed(bare().ticket, T0, until=T0)],
)
def test_an_edit_opens_what_waits(away: tickets.Ticket) -> None:
    assert edited(replace(bare(), ticket=away), "The soup was hot").case.ticket.status is TicketStatus.OPEN


def test_an_edit_on_a_closed_ticket_is_told_and_proposes_nothing() -> None:
    change = edited(shut(proposed()), "The soup was hot")
    assert change.case.ticket.status is TicketStatus.CLOSED
    assert change.case.ticket.due_at is None
    assert change.revisions == ()
    assert announced(change) == ["item_edited"]


def test_an_edit_may_turn_critical_and_then_the_clock_is_short() -> None:
    change = edited(proposed(), "danger")
    assert announced(change) == ["critical_item", "item_edited"]
    assert change.case.reply
    assert change.case.reply.quorum == 2
    assert change.case.ticket.due_at == T0 + timedelta(seconds=60, minutes=15)
    assert announced(edited(change.case, "danger!", row=3)) == ["item_edited"]


def test_an_edit_during_a_crisis_raises_the_quorum() -> None:
    change = edited(proposed(), "The soup was hot", crisis=True)
    assert change.case.reply
    assert change.case.reply.quorum == 2


def test_an_edit_while_a_reply_is_on_its_way_leaves_the_reply_alone() -> None:
    change = edited(publishing_case(), "You are right!")
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PUBLISHING
    assert change.case.overtaken


# --- a removal ------------------------------------------------------------------------------------------------------


def test_a_removal_voids_an_approval_and_keeps_the_words() -> None:
    change = removed(approved())
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PROPOSED
    assert change.case.target
    assert change.case.target.gone
    assert change.case.item.gone
    assert announced(change) == ["approval_voided", "item_removed"]
    assert facts(change) == [Fact.ITEM_REMOVED, Fact.APPROVAL_VOIDED]


def test_a_removal_without_a_reply_is_told() -> None:
    change = removed(bare())
    assert announced(change) == ["item_removed"]
    assert change.case.item.gone


# --- answered elsewhere ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [proposed(), approved(), half_approved()], ids=["proposed", "approved", "half"])
def test_an_answer_by_hand_withdraws_the_open_reply(case: Case) -> None:
    change = intake.notice_answer(case, "n9", "https://n/9", after(60))
    assert change.case.reply
    assert (change.case.reply.state, change.case.reply.problem) == (ReplyState.WITHDRAWN, "answered_elsewhere")
    assert [d.verdict for d in change.decisions] == [Verdict.VOID]
    assert change.case.ticket.status is TicketStatus.WAITING
    assert change.effects[-1] == Announce(code="answered_elsewhere", ticket=TICKET, params={"url": "https://n/9"})


def test_an_answer_by_hand_without_any_reply_is_told() -> None:
    change = intake.notice_answer(bare(), "n9", None, after(60))
    assert facts(change) == [Fact.ANSWERED_ELSEWHERE]
    assert change.case.ticket.answered_at == T0 + timedelta(seconds=60)


def test_a_reply_without_words_yet_is_withdrawn_too() -> None:
    case = proposed()
    assert case.reply
    drafting = replace(case, reply=replace(case.reply, state=ReplyState.DRAFTING), revision=None)
    change = intake.notice_answer(drafting, "n9", None, after(60))
    assert change.decisions == ()
    assert change.case.reply
    assert change.case.reply.state is ReplyState.WITHDRAWN


def test_a_call_that_was_not_made_is_not_repeated_after_an_answer_by_hand() -> None:
    answered = intake.notice_answer(publishing_case(), "n9", None, after(12)).case
    waiting = publishing.not_sent(answered, "busy").case
    assert waiting.reply
    assert waiting.reply.state is ReplyState.APPROVED
    assert publishing.approval_problem(waiting, after(13)) == "changed"


# --- what must not be overlooked ------------------------------------------------------------------------------------


def test_an_edit_to_critical_opens_a_closed_ticket_and_drafts() -> None:
    change = edited(shut(proposed()), "danger")
    ticket, reply = change.case.ticket, change.case.reply
    assert (ticket.status, ticket.closed_at, ticket.severity) == (TicketStatus.OPEN, None, Severity.CRITICAL)
    assert ticket.due_at == T0 + timedelta(seconds=60, minutes=15)
    assert reply
    assert (reply.id, reply.state, reply.quorum) == ("K7Q2.2", ReplyState.PROPOSED, 2)
    assert facts(change) == [Fact.ITEM_EDITED, Fact.TICKET_REOPENED, Fact.REPLY_PROPOSED]
    assert announced(change) == ["critical_item", "item_edited"]


def test_what_was_critical_and_closed_as_such_stays_closed_when_edited() -> None:
    change = edited(shut(proposed("danger")), "danger!")
    assert change.case.ticket.status is TicketStatus.CLOSED
    assert announced(change) == ["item_edited"]


def test_an_edit_of_an_open_ticket_is_not_said_to_open_it() -> None:
    assert Fact.TICKET_REOPENED not in facts(edited(proposed(), "danger"))


def test_a_graver_edit_ends_its_clock_before_the_network_takes_no_answer() -> None:
    last = T0 + timedelta(minutes=5)
    new = stored(2, text="danger", number=2, reply_by=last)
    assert intake.notice_edit(proposed(), new, assess("danger"), after(60)).case.ticket.due_at == last


@pytest.mark.parametrize("case", [proposed(), approved(), publishing_case(), bare(), shut(proposed())])
def test_an_answer_by_hand_that_we_hear_of_late_is_only_put_on_record(case: Case) -> None:
    change = intake.notice_answer(case, "n9", None, after(60), late=True)
    assert change.case == case
    assert (change.decisions, change.withdrawn) == ((), ())
    assert facts(change) == [Fact.ANSWERED_ELSEWHERE]
    assert change.effects == (ShowCard(ticket=TICKET),)


def test_a_late_answer_takes_the_yes_from_a_reply_under_an_older_message() -> None:
    """The colleague may have answered that very message: people must look before it is answered twice."""
    case = hear(written(), "And it was late").case
    case = done(deciding.approve(case, wish(Approve, "luis"), PEOPLE["luis"], after(61))).change.case
    change = intake.notice_answer(case, "n9", None, after(62), late=True)
    assert change.case.reply
    assert (change.case.reply.state, change.case.reply.problem) == (ReplyState.PROPOSED, "answered_elsewhere")
    assert facts(change) == [Fact.ANSWERED_ELSEWHERE, Fact.APPROVAL_VOIDED]
    assert announced(change) == ["approval_voided"]
    assert publishing.approval_problem(change.case, after(75)) == "changed"
    late = wish(Approve, "pia", seen=case.stamp)
    assert no(deciding.approve(change.case, late, PEOPLE["pia"], after(63)))[0] == "not_newest_revision"
    assert change.case.ticket.status is TicketStatus.OPEN
