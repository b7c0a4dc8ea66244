"""What facts from outside do to a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import deciding, intake, publishing, sorting
from bot.core import ticket as tickets
from bot.core.approval import Verdict
from bot.core.case import Case, Change, ChangeResult
from bot.core.messages import Announce, Approve, Close, Fact, SetSeverity, ShowCard, Snooze, Wait, Write
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


def facts(change: Change) -> list[Fact]:
    return [entry.fact for entry in change.entries]


def announced(change: Change) -> list[str]:
    return [effect.code for effect in change.effects if isinstance(effect, Announce)]


def hear(case: Case, text: str, *, row: int = 2, native: str = "b", seconds: float = 60) -> Change:
    return intake.hear(case, stored(row, native, text), assess(text), after(seconds))


def edited(case: Case, text: str, *, row: int = 2, native: str = "a", crisis: bool = False) -> Change:
    new = stored(row, native, text, number=2)
    return intake.notice_edit(case, new, assess(text), after(60, crisis=crisis))


def removed(case: Case, *, native: str = "a") -> Change:
    return intake.notice_removal(case, stored(2, native, number=2, gone=True), "deleted", after(60))


def written(text: str = "In my own words", on: Case | None = None) -> Case:
    start = bare() if on is None else on
    return done(deciding.write(start, wish(Write, "ada", text=text), PEOPLE["ada"], context())).change.case


def half_approved() -> Case:
    """One of two needed approvals is there."""
    case = proposed("danger")
    change = done(deciding.approve(case, wish(Approve, "luis"), PEOPLE["luis"], context())).change
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PROPOSED
    return change.case


def shut(case: Case) -> Case:
    return done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case


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
