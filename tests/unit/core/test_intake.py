"""A first message and every further one: what they do to a case."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core import deciding, intake, publishing, sorting
from bot.core.approval import Verdict
from bot.core.case import ChangeResult
from bot.core.messages import Approve, Close, Fact, SetSeverity, ShowCard, Snooze, Wait
from bot.core.types import Kind, Posted, ReplyState, Severity, TicketStatus
from tests.support.core_world import (
    PEOPLE,
    T0,
    TICKET,
    after,
    approved,
    assess,
    bare,
    context,
    done,
    opening,
    proposed,
    publishing_case,
    stored,
    wish,
)
from tests.unit.core.arrivals import announced, edited, facts, half_approved, hear, written

# --- opening --------------------------------------------------------------------------------------------------------


def test_a_new_item_becomes_a_ticket_with_a_clock_and_a_draft() -> None:
    change = opening("Where are you?")
    ticket, reply = change.case.ticket, change.case.reply
    assert (ticket.id, ticket.status, ticket.kind, ticket.item) == (TICKET, TicketStatus.OPEN, Kind.QUESTION, 1)
    assert ticket.due_at == T0 + timedelta(hours=4)
    assert reply
    assert (reply.id, reply.state, reply.revision, reply.quorum) == ("K7Q2.1", ReplyState.PROPOSED, 1, 1)
    assert [revision.text for revision in change.revisions] == ["About «Where are you?»"]
    assert facts(change) == [Fact.ITEM_ARRIVED, Fact.TICKET_OPENED, Fact.REPLY_PROPOSED]
    assert change.effects == (ShowCard(ticket=TICKET),)


def test_without_anything_to_propose_the_card_is_shown_all_the_same() -> None:
    change = opening("SILENCE")
    assert change.case.reply is None
    assert change.effects == (ShowCard(ticket=TICKET),)


def test_a_critical_item_is_announced_and_asks_for_two_people() -> None:
    change = opening("danger")
    assert announced(change) == ["critical_item"]
    assert change.case.reply
    assert change.case.reply.quorum == 2


def test_a_muted_item_is_kept_closed_and_silent() -> None:
    change = opening(muted=True)
    assert (change.case.ticket.status, change.case.ticket.close_reason) == (TicketStatus.CLOSED, "muted")
    assert (change.case.reply, change.effects, change.case.ticket.due_at) == (None, (), None)
    assert facts(change) == [Fact.ITEM_ARRIVED, Fact.TICKET_OPENED]


def test_a_ticket_remembers_the_one_before() -> None:
    assert intake.link(opening(), "2222").case.ticket.linked_to == "2222"


# --- a further message ----------------------------------------------------------------------------------------------


def test_a_new_message_voids_an_approval_and_drafts_anew() -> None:
    change = hear(approved(), "And it was late")
    assert [d.verdict for d in change.decisions] == [Verdict.VOID]
    assert [(r.id, r.state, r.problem) for r in change.withdrawn] == [("K7Q2.1", ReplyState.WITHDRAWN, "superseded")]
    reply = change.case.reply
    assert reply
    assert (reply.id, reply.item, reply.state) == ("K7Q2.2", 2, ReplyState.PROPOSED)
    assert announced(change) == ["approval_voided", "new_message"]
    assert facts(change) == [
        Fact.ITEM_ARRIVED,
        Fact.APPROVAL_VOIDED,
        Fact.REPLY_WITHDRAWN,
        Fact.REPLY_PROPOSED,
    ]


def test_revisions_are_numbered_through_the_ticket_so_that_a_late_yes_meets_no_other_words() -> None:
    change = hear(proposed(), "And it was late")
    assert [revision.number for revision in change.revisions] == [2]
    late = wish(Approve, "luis", revision=1)
    answer = deciding.approve(change.case, late, PEOPLE["luis"], after(61))
    assert not isinstance(answer, ChangeResult)
    assert answer.reason == "not_newest_revision"


def test_a_half_given_approval_falls_too() -> None:
    change = hear(half_approved(), "danger, still")
    assert [d.verdict for d in change.decisions] == [Verdict.VOID]
    assert announced(change) == ["new_message"], "what was not approved yet needs no alarm"


def test_an_approval_that_fell_already_is_not_said_to_fall_again() -> None:
    case = edited(half_approved(), "danger here").case
    assert Fact.APPROVAL_VOIDED not in facts(edited(case, "danger there", row=3))


def test_what_a_person_wrote_is_left_to_people() -> None:
    change = hear(written(), "And it was late")
    reply = change.case.reply
    assert reply
    assert (reply.id, reply.item, change.revisions, change.withdrawn) == ("K7Q2.1", 1, (), ())
    assert ShowCard(ticket=TICKET) in change.effects


def test_a_superseded_draft_without_a_successor_leaves_no_open_reply() -> None:
    change = hear(proposed(), "SILENCE")
    assert change.case.reply
    assert change.case.open_reply is None
    assert [reply.state for reply in change.withdrawn] == [ReplyState.WITHDRAWN]
    following = hear(change.case, "And it was late", row=3, native="c")
    assert [revision.number for revision in following.revisions] == [2]
    assert ShowCard(ticket=TICKET) in change.effects


def test_a_new_message_waits_while_a_reply_is_on_its_way() -> None:
    change = hear(publishing_case(), "And it was late")
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PUBLISHING
    assert (change.revisions, change.decisions) == ((), ())
    assert change.case.ticket.messages == 2


def test_a_message_that_came_while_a_reply_was_on_its_way_is_not_taken_for_answered() -> None:
    case = hear(publishing_case(), "And it was late").case
    change = publishing.conclude(case, Posted(native_id="n1"), after(70))
    assert change.case.ticket.status is TicketStatus.OPEN
    assert change.case.ticket.due_at is not None
    assert change.case.ticket.answered_at == T0 + timedelta(seconds=70)


def test_without_an_open_reply_a_new_message_gets_a_draft_of_its_own() -> None:
    change = hear(bare(), "And it was late")
    assert change.case.reply
    assert change.case.reply.item == 2
    nothing = hear(bare(), "SILENCE again")
    assert nothing.case.reply is None
    assert ShowCard(ticket=TICKET) in nothing.effects


@pytest.mark.parametrize("away", ["waiting", "snoozed", "closed"])
def test_a_new_message_opens_the_ticket_again(away: str) -> None:
    case = bare()
    parked = {
        "waiting": lambda: sorting.wait(case, wish(Wait, "ada"), PEOPLE["ada"], context()),
        "snoozed": lambda: sorting.snooze(case, wish(Snooze, "ada", span=timedelta(hours=1)), PEOPLE["ada"], context()),
        "closed": lambda: sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context()),
    }[away]
    change = hear(done(parked()).change.case, "Hello?")
    assert change.case.ticket.status is TicketStatus.OPEN
    assert Fact.TICKET_REOPENED in facts(change)


def test_an_open_ticket_is_not_said_to_be_opened_again() -> None:
    assert Fact.TICKET_REOPENED not in facts(hear(bare(), "Hello?"))


def test_severity_rises_with_a_new_message_and_never_sinks() -> None:
    rising = hear(written(), "danger")
    assert rising.case.ticket.severity is Severity.CRITICAL
    assert rising.case.reply
    assert rising.case.reply.quorum == 2
    assert Fact.REPLY_QUORUM_RAISED in facts(rising)
    assert announced(rising) == ["critical_item", "new_message"]
    again = hear(rising.case, "all is well", row=3, native="c")
    assert again.case.ticket.severity is Severity.CRITICAL
    assert announced(again) == ["new_message"]


def test_an_unknown_language_does_not_erase_a_known_one() -> None:
    assert hear(bare(), "ZZZ").case.ticket.language == "en"
    unknown = bare()
    unknown = replace(unknown, ticket=replace(unknown.ticket, language=None))
    assert hear(unknown, "Hello").case.ticket.language == "en"


def test_words_that_are_still_being_drafted_have_no_approval_to_lose() -> None:
    case = proposed()
    assert case.reply
    drafting = replace(case, reply=replace(case.reply, state=ReplyState.DRAFTING, revision=0), revision=None)
    change = hear(drafting, "SILENCE")
    assert change.decisions == ()
    assert [reply.state for reply in change.withdrawn] == [ReplyState.WITHDRAWN]


def test_a_severity_that_people_lowered_does_not_lower_the_quorum() -> None:
    case = half_approved()
    lower = wish(SetSeverity, "luis", severity=Severity.LOW)
    case = done(sorting.set_severity(case, lower, PEOPLE["luis"], context())).change.case
    change = edited(case, "The soup was hot")
    assert change.case.reply
    assert change.case.reply.quorum == 2


def test_a_new_message_does_not_lower_the_quorum_of_the_reply_that_takes_over() -> None:
    lower = wish(SetSeverity, "luis", severity=Severity.LOW)
    case = done(sorting.set_severity(proposed("danger"), lower, PEOPLE["luis"], context())).change.case
    change = hear(case, "And it was late")
    assert change.case.reply
    assert (change.case.reply.id, change.case.reply.quorum) == ("K7Q2.2", 2)


# --- what the network allows, and what must not be overlooked -------------------------------------------------------


def test_a_muted_critical_item_is_not_muted() -> None:
    change = opening("danger", muted=True)
    assert change.case.ticket.status is TicketStatus.OPEN
    assert change.case.reply
    assert announced(change) == ["critical_item"]
    assert all("muted" not in entry.data for entry in change.entries)


def test_the_first_clock_ends_before_the_network_takes_no_answer() -> None:
    def due(text: str, minutes: float) -> datetime | None:
        first = stored(text=text, reply_by=T0 + timedelta(minutes=minutes))
        return intake.open_ticket(TICKET, first, 1, assess(text), context()).case.ticket.due_at

    assert due("Where are you?", 30) == T0 + timedelta(minutes=30)
    assert due("danger", 30) == T0 + timedelta(minutes=15)
    spam = replace(assess("Win now"), kind=Kind.SPAM)
    last = stored(text="Win now", reply_by=T0 + timedelta(minutes=30))
    opened = intake.open_ticket(TICKET, last, 1, spam, context())
    assert opened.case.ticket.due_at is None, "what needs no answer is not late"


def test_a_further_message_brings_its_own_last_moment() -> None:
    last = T0 + timedelta(minutes=5)
    change = intake.hear(bare(), stored(2, "b", "Hello?", reply_by=last), assess("Hello?"), after(60))
    assert change.case.ticket.due_at == last
