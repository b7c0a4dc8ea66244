"""A yes or a no to a reply: what it does, and why it is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import deciding, intake
from bot.core.approval import Verdict
from bot.core.case import Case
from bot.core.messages import (
    Approve,
    Done,
    Edit,
    Fact,
    OnTicket,
    Publish,
    Redraft,
    Refuse,
    Refused,
    Settle,
    Undo,
    Write,
)
from bot.core.types import ReplyState, Role, TicketStatus
from bot.locale import explain
from tests.support.core_world import (
    PEOPLE,
    RULES,
    T0,
    after,
    approved,
    bare,
    context,
    done,
    no,
    proposed,
    stored,
    wish,
    with_person,
)
from tests.unit.core.acts import edit, facts, in_state, refuse_it, say, state_of, write

# --- who may --------------------------------------------------------------------------------------------------------

NEEDS = [
    (deciding.approve, Approve, {}, Role.APPROVER),
    (deciding.refuse_reply, Refuse, {}, Role.APPROVER),
    (deciding.edit, Edit, {"text": "x"}, Role.AGENT),
    (deciding.write, Write, {"text": "x"}, Role.AGENT),
    (deciding.redraft, Redraft, {}, Role.AGENT),
    (deciding.undo, Undo, {}, Role.APPROVER),
    (deciding.settle, Settle, {"posted": True}, Role.APPROVER),
]


@pytest.mark.parametrize(("function", "kind", "more", "role"), NEEDS, ids=lambda v: getattr(v, "__name__", ""))
def test_who_is_not_entitled_learns_whom_to_ask(
    function: Any, kind: type[OnTicket], more: dict[str, Any], role: Role
) -> None:
    for name in ("vera", "ada"):
        if not PEOPLE[name].role.covers(role):
            answer = function(proposed(), wish(kind, name, **more), PEOPLE[name], context())
            assert no(answer) == ("not_entitled", "ask_approver")
            assert answer.params == {"role": PEOPLE[name].role.value, "needed": role.value}
    assert no(function(proposed(), wish(kind, "iris", **more), PEOPLE["iris"], context())) == (
        "unknown_person",
        "ask_lead",
    )
    assert no(function(proposed(), wish(kind, "x", **more), None, context())) == ("unknown_person", "ask_lead")


def test_what_only_a_lead_may_is_asked_of_a_lead() -> None:
    refused = deciding.entitled(proposed(), PEOPLE["luis"], Role.LEAD)
    assert refused
    assert (refused.reason, refused.remedy) == ("not_entitled", "ask_lead")


# --- approve --------------------------------------------------------------------------------------------------------


def test_one_yes_starts_the_undo_window_and_orders_the_publication_after_it() -> None:
    result = done(say(proposed(), revision=1))
    reply = result.change.case.reply
    until = T0 + RULES.undo
    assert reply
    assert (reply.state, reply.undo_until) == (ReplyState.APPROVED, until)
    assert reply.key
    assert result.code == "approved_waiting_undo"
    assert result.params == {"seconds": 10, "until": until.isoformat()}
    assert Publish(reply=reply.id, not_before=until) in result.change.effects
    assert facts(result) == [Fact.REPLY_APPROVED, Fact.REPLY_QUORUM_REACHED]
    assert result.change.decisions[0].expires_at == T0 + timedelta(hours=24)


def test_a_yes_during_a_pause_says_that_the_reply_waits() -> None:
    result = done(say(proposed(), revision=1, now=replace(context(), paused=True)))
    assert result.code == "approved_waiting_pause"
    assert state_of(result) is ReplyState.APPROVED
    outcome = Done(code=result.code, ticket="K7Q2", params=result.params)
    english, spanish = explain("en", outcome), explain("es", outcome)
    assert "waits until a lead says `resume`" in english
    assert "espera a que un responsable diga `reanudar`" in spanish
    assert " s;" not in english + spanish


def test_the_first_of_two_yeses_waits_for_the_second() -> None:
    first = done(say(proposed("danger")))
    assert (first.code, first.params) == ("approved_needs_more", {"have": 1, "need": 2})
    assert state_of(first) is ReplyState.PROPOSED
    again = say(first.change.case)
    assert no(again) == ("already_approved_by_you", "none")
    assert isinstance(again, Refused)
    assert again.params == {"have": 1, "need": 2}
    assert done(say(first.change.case, "pia")).code == "approved_waiting_undo"


def test_the_author_may_be_one_of_two_but_not_both() -> None:
    written = done(write(proposed("danger"), by="luis")).change.case
    own = done(say(written, "luis"))
    assert own.code == "approved_needs_more"
    assert done(say(own.change.case, "pia")).code == "approved_waiting_undo"


def test_a_yes_that_ran_out_can_be_given_again() -> None:
    first = done(say(proposed("danger"))).change.case
    day = after(86_400)
    assert done(say(first, "pia", now=day)).code == "approved_needs_more"
    assert done(say(first, "luis", now=day)).code == "approved_needs_more"


def test_a_yes_that_counts_again_completes_the_quorum_when_repeated() -> None:
    """Luis says yes and loses the right; Pía says yes; Luis gets the right back: nobody must be stuck."""
    first = done(say(proposed("danger"))).change.case
    demoted = context(people=with_person("luis", role=Role.AGENT))
    second = done(say(first, "pia", now=demoted))
    assert second.code == "approved_needs_more"
    assert done(say(second.change.case, "pia")).code == "approved_waiting_undo"


def test_a_crisis_opened_since_asks_for_a_second_person() -> None:
    result = done(say(proposed(), now=context(crisis=True)))
    assert result.code == "approved_needs_more"
    assert result.change.case.reply
    assert result.change.case.reply.quorum == 2
    assert Fact.REPLY_QUORUM_RAISED in facts(result)


def test_a_yes_to_an_older_revision_is_shown_the_newest() -> None:
    answer = say(done(edit(proposed())).change.case, revision=1)
    assert no(answer) == ("not_newest_revision", "look_at_newest")
    assert isinstance(answer, Refused)
    assert answer.params == {"seen": 1, "newest": 2}


def test_nobody_approves_an_answer_to_what_is_gone() -> None:
    gone = intake.notice_removal(proposed(), stored(2, number=2, gone=True), "removed", context()).case
    assert no(say(gone)) == ("item_gone", "close_ticket")


def test_what_the_guard_blocks_must_be_edited_first() -> None:
    answer = say(done(edit(proposed(), "BLOCK")).change.case)
    assert no(answer) == ("guard_blocks", "edit_first")
    assert isinstance(answer, Refused)
    assert [finding.rule for finding in answer.findings] == ["forbidden"]


def test_a_warning_is_passed_on_and_stops_nothing() -> None:
    result = done(say(done(edit(proposed(), "PROMISE")).change.case))
    assert [finding.level for finding in result.findings] == ["warn"]


def test_some_warnings_take_a_second_approver_and_what_was_overridden_is_on_record() -> None:
    first = done(say(done(edit(proposed(), "MONEY")).change.case))
    assert first.code == "approved_needs_more"
    assert first.params == {"have": 1, "need": 2}
    assert [entry.data["despite"] for entry in first.change.entries if entry.fact is Fact.REPLY_APPROVED] == [["money"]]
    assert no(say(first.change.case)) == ("already_approved_by_you", "none")
    second = done(say(first.change.case, by="pia"))
    assert second.code == "approved_waiting_undo"
    assert done(say(done(edit(first.change.case, "Fine.")).change.case)).code == "approved_waiting_undo"


REASONS = [
    (ReplyState.DRAFTING, "nothing_to_approve", "write_reply"),
    (ReplyState.PUBLISHING, "being_published", "wait_a_moment"),
    (ReplyState.PENDING, "being_published", "use_settle"),
    (ReplyState.PUBLISHED, "already_decided", "reply_follow_up"),
    (ReplyState.UNCERTAIN, "being_published", "use_settle"),
    (ReplyState.REJECTED, "cannot_reply_there", "write_reply"),
    (ReplyState.HANDED_OFF, "cannot_reply_there", "use_manual_link"),
    (ReplyState.WITHDRAWN, "nothing_to_approve", "write_reply"),
]


@pytest.mark.parametrize(("state", "reason", "remedy"), REASONS)
@pytest.mark.parametrize("act", [say, refuse_it, edit], ids=["approve", "refuse", "edit"])
def test_what_cannot_be_decided_any_more_says_what_can_be_done(
    act: Any, state: ReplyState, reason: str, remedy: str
) -> None:
    case = in_state(state)
    assert case.reply
    assert case.reply.state is state
    assert no(act(case)) == (reason, remedy)


@pytest.mark.parametrize("act", [say, refuse_it, edit], ids=["approve", "refuse", "edit"])
def test_without_a_reply_there_is_one_to_write(act: Any) -> None:
    assert no(act(bare())) == ("nothing_to_approve", "write_reply")


def test_a_reply_whose_words_are_missing_cannot_be_approved() -> None:
    assert no(say(replace(proposed(), revision=None))) == ("nothing_to_approve", "write_reply")


def test_an_approved_reply_is_not_approved_again() -> None:
    assert no(say(approved())) == ("already_decided", "none")
    assert no(say(approved(), "pia"))[0] == "already_decided"


def test_links_to_what_was_posted_or_is_to_be_posted_by_hand_are_given() -> None:
    by_hand, posted = say(in_state(ReplyState.HANDED_OFF)), say(in_state(ReplyState.PUBLISHED))
    assert isinstance(by_hand, Refused)
    assert isinstance(posted, Refused)
    assert by_hand.params["url"] == "https://n/by-hand"
    assert posted.params["url"] == "https://n/1"


# --- refuse ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [proposed(), approved()], ids=["proposed", "approved"])
def test_a_no_withdraws_the_reply_and_leaves_the_ticket_open(case: Case) -> None:
    result = done(refuse_it(case, revision=1))
    assert (result.code, state_of(result)) == ("refused", ReplyState.WITHDRAWN)
    assert result.change.decisions[0].verdict is Verdict.REFUSE
    assert result.change.case.ticket.status is TicketStatus.OPEN
    assert result.change.contents == ()


def test_the_reason_of_a_no_is_kept_inside() -> None:
    result = done(refuse_it(proposed(), reason="  too cold "))
    assert [(c.kind, c.text) for c in result.change.contents] == [("note", "too cold")]


def test_a_no_to_an_older_revision_changes_nothing() -> None:
    assert no(refuse_it(done(edit(proposed())).change.case, revision=1))[0] == "not_newest_revision"
