"""From an approval to a proof: what stops a call, what an answer means, how a lost one is settled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import deciding, intake, publishing, sorting
from bot.core.approval import Verdict
from bot.core.case import Case, Change
from bot.core.messages import Announce, Approve, Close, Edit, Fact, ShowCard
from bot.core.reply import IllegalMove
from bot.core.types import Finding, Pending, Posted, Rejected, ReplyState, Role, TicketStatus, Unknown
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
    proposed,
    publishing_case,
    stored,
    wish,
    with_person,
)


def state_of(change: Change) -> ReplyState:
    assert change.case.reply
    return change.case.reply.state


def said(change: Change) -> Announce:
    last = change.effects[-1]
    assert isinstance(last, Announce)
    return last


# --- does the approval hold? ----------------------------------------------------------------------------------------


def test_an_approval_that_holds_has_no_problem() -> None:
    assert publishing.approval_problem(approved(), after(11)) is None
    assert publishing.approval_problem(approved("danger"), after(11)) is None


@pytest.mark.parametrize("case", [bare(), replace(approved(), revision=None), replace(approved(), target=None)])
def test_without_words_or_target_there_is_nothing_to_publish(case: Case) -> None:
    assert publishing.approval_problem(case, after(11)) == "nothing_to_publish"


def test_a_removed_target_is_not_answered() -> None:
    gone = stored(2, number=2, gone=True)
    assert publishing.approval_problem(replace(approved(), target=gone), after(11)) == "item_removed"


def test_words_that_were_erased_since_cannot_go_out() -> None:
    case = approved()
    assert case.revision
    erased = replace(case, revision=replace(case.revision, text=""))
    assert publishing.approval_problem(erased, after(11)) == "erased"


def test_an_approval_ends_after_a_day_to_the_moment() -> None:
    day = 86_400
    assert publishing.approval_problem(approved(), after(day - 0.001)) is None
    assert publishing.approval_problem(approved(), after(day)) == "expired"


def test_the_first_of_two_to_run_out_ends_it() -> None:
    case = proposed("danger")
    case = done(deciding.approve(case, wish(Approve, "luis"), PEOPLE["luis"], context())).change.case
    case = done(deciding.approve(case, wish(Approve, "pia"), PEOPLE["pia"], after(3600))).change.case
    assert publishing.approval_problem(case, after(86_400)) == "expired"


@pytest.mark.parametrize(
    "people",
    [
        with_person("luis", active=False),
        with_person("luis", role=Role.AGENT),
        {name: person for name, person in PEOPLE.items() if name != "luis"},
    ],
    ids=["inactive", "demoted", "removed"],
)
def test_the_approver_must_still_be_entitled(people: dict[str, Any]) -> None:
    assert publishing.approval_problem(approved(), after(11, people=people)) == "changed"


def test_a_crisis_opened_since_asks_for_more_people() -> None:
    assert publishing.approval_problem(approved(), after(11, crisis=True)) == "quorum_raised"


def test_the_guard_is_asked_again_at_the_last_moment() -> None:
    def stricter(text: str, case: Case, author: Any) -> tuple[str, tuple[Finding, ...]]:
        return "en", (Finding(rule="new_rule", level="block"),)

    assert publishing.approval_problem(approved(), replace(after(11), check=stricter)) == "guard_blocks"


def test_a_warning_that_takes_two_people_is_weighed_again_at_the_last_moment() -> None:
    def stricter(text: str, case: Case, author: Any) -> tuple[str, tuple[Finding, ...]]:
        return "en", (Finding(rule="new_rule", level="warn", approvers=2),)

    assert publishing.approval_problem(approved(), replace(after(11), check=stricter)) == "quorum_raised"


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "You are right!"},
        {"version": "v9"},
        {"native_id": "z"},
    ],
)
def test_another_target_or_version_was_not_approved(changed: dict[str, Any]) -> None:
    case = approved()
    assert case.target
    other = replace(case.target, item=replace(case.target.item, **changed))
    problem = publishing.approval_problem(replace(case, target=other), after(11))
    assert problem == ("changed" if "text" not in changed else None), "the version is what tells an edit"


def test_an_approval_that_fell_goes_back_to_people_with_the_reason() -> None:
    change = publishing.fall_back(approved(), after(86_400), "expired")
    reply = change.case.reply
    assert reply
    assert (reply.state, reply.key, reply.problem, reply.quorum) == (ReplyState.PROPOSED, None, "expired", 1)
    assert change.decisions[0].verdict is Verdict.VOID
    assert [entry.fact for entry in change.entries] == [Fact.APPROVAL_VOIDED]
    assert said(change) == Announce(code="approval_voided", ticket=TICKET, params={"because": "expired"})


def test_falling_back_in_a_crisis_asks_for_the_second_person_and_logs_it() -> None:
    change = publishing.fall_back(approved(), after(11, crisis=True), "quorum_raised")
    assert change.case.reply
    assert change.case.reply.quorum == 2
    assert [entry.fact for entry in change.entries] == [Fact.APPROVAL_VOIDED, Fact.REPLY_QUORUM_RAISED]


# --- the call -------------------------------------------------------------------------------------------------------


def test_the_intent_is_on_record_with_key_and_attempt() -> None:
    case = approved()
    change = publishing.start(case, after(11))
    assert case.reply
    assert state_of(change) is ReplyState.PUBLISHING
    assert change.entries[0].data == {"attempt": 1, "key": case.reply.key}


def test_a_resend_is_on_record_with_the_same_key() -> None:
    case = publishing_case()
    change = publishing.resend(case)
    assert case.reply
    assert change.entries[0].fact is Fact.REPLY_RESENT
    assert change.entries[0].data == {"attempt": 2, "key": case.reply.key}


def test_what_surely_was_not_sent_goes_on_waiting() -> None:
    change = publishing.not_sent(publishing_case(), "rate limit")
    assert state_of(change) is ReplyState.APPROVED
    assert change.effects == (ShowCard(ticket=TICKET),)
    assert publishing.approval_problem(change.case, after(12)) is None
    assert publishing.start(change.case, after(12)).entries[0].data["attempt"] == 2


@pytest.mark.parametrize(
    "function",
    [
        lambda case: publishing.start(case, context()),
        publishing.resend,
        publishing.looked_in_vain,
        lambda case: publishing.not_sent(case, "x"),
        lambda case: publishing.conclude(case, Posted(native_id="n"), context()),
        lambda case: publishing.fall_back(case, context(), "x"),
    ],
)
def test_without_a_reply_there_is_nothing_to_send(function: Any) -> None:
    with pytest.raises(ValueError, match="has no reply"):
        function(bare())


# --- what the answer means ------------------------------------------------------------------------------------------


def test_posted_is_the_proof_and_gives_the_customer_the_word() -> None:
    change = publishing.conclude(publishing_case(), Posted(native_id="n1", url="https://n/1"), after(12))
    reply, ticket = change.case.reply, change.case.ticket
    assert reply
    assert (reply.state, reply.posted_id, reply.posted_url) == (ReplyState.PUBLISHED, "n1", "https://n/1")
    assert (ticket.status, ticket.waiting_for, ticket.due_at) == (TicketStatus.WAITING, "customer", None)
    assert change.entries[0].data == {"native_id": "n1"}
    assert said(change) == Announce(code="published", ticket=TICKET, params={"url": "https://n/1"})
    assert said(publishing.conclude(publishing_case(), Posted(native_id="n1"), after(12))).params == {"url": ""}


def test_an_edit_during_the_call_keeps_the_ticket_open() -> None:
    new = stored(2, text="You are right!", number=2)
    case = intake.notice_edit(publishing_case(), new, assess("You are right!"), after(12)).case
    change = publishing.conclude(case, Posted(native_id="n1"), after(13))
    assert state_of(change) is ReplyState.PUBLISHED
    assert change.case.ticket.status is TicketStatus.OPEN


def test_pending_waits_for_the_network_and_is_confirmed_or_turned_down() -> None:
    change = publishing.conclude(publishing_case(), Pending(native_id="n1"), after(12))
    assert state_of(change) is ReplyState.PENDING
    assert change.case.ticket.status is TicketStatus.OPEN
    live = publishing.confirm(change.case, "n1", "https://n/1", after(99))
    assert state_of(live) is ReplyState.PUBLISHED
    assert live.case.ticket.status is TicketStatus.WAITING
    assert change.case.reply
    turned = publishing.reject(Change(case=change.case), change.case.reply, "spam", None, after(99))
    assert state_of(turned) is ReplyState.REJECTED
    unnamed = publishing.conclude(publishing_case(), Pending(), after(12))
    assert unnamed.entries[0].data == {"native_id": ""}


@pytest.mark.parametrize(
    ("link", "state", "fact", "code"),
    [
        ("https://n/by-hand", ReplyState.HANDED_OFF, Fact.REPLY_HANDED_OFF, "handed_off"),
        (None, ReplyState.REJECTED, Fact.REPLY_REJECTED, "rejected"),
    ],
)
def test_a_refusal_goes_to_a_person(link: str | None, state: ReplyState, fact: Fact, code: str) -> None:
    change = publishing.conclude(publishing_case(), Rejected(reason="summons", manual_url=link), after(12))
    assert state_of(change) is state
    assert change.entries[0].fact is fact
    assert said(change) == Announce(code=code, ticket=TICKET, params={"url": link or "", "reason": "summons"})
    assert change.case.ticket.status is TicketStatus.OPEN


def closed_while_pending() -> Case:
    pending = publishing.conclude(publishing_case(), Pending(native_id="n1"), after(12)).case
    return done(sorting.close(pending, wish(Close, "ada"), PEOPLE["ada"], after(13))).change.case


@pytest.mark.parametrize("link", ["https://n/by-hand", None])
def test_a_refusal_opens_what_was_closed_in_good_faith(link: str | None) -> None:
    case = closed_while_pending()
    assert case.reply
    change = publishing.reject(Change(case=case), case.reply, "spam", link, after(99))
    assert change.case.ticket.status is TicketStatus.OPEN
    left = timedelta(hours=1, seconds=-13)
    assert change.case.ticket.due_at == T0 + timedelta(seconds=99) + left, "nobody answered: the clock goes on"
    assert Fact.TICKET_REOPENED in [entry.fact for entry in change.entries]
    answered = replace(case, ticket=replace(case.ticket, answered_at=T0, answer_target=None))
    assert publishing.reject(Change(case=answered), case.reply, "spam", link, after(99)).case.ticket.due_at is None


@pytest.mark.parametrize(("detail", "problem"), [("timeout", "timeout"), ("", "answer_lost")])
def test_what_nobody_can_tell_a_person_must_look_at(detail: str, problem: str) -> None:
    change = publishing.conclude(publishing_case(), Unknown(detail=detail), after(12))
    assert change.case.reply
    assert (change.case.reply.state, change.case.reply.problem) == (ReplyState.UNCERTAIN, problem)
    assert said(change).code == "uncertain"


def test_a_reply_that_is_settled_already_is_not_concluded_again() -> None:
    case = publishing.conclude(publishing_case(), Posted(native_id="n1"), after(12)).case
    for result in (Posted(native_id="n2"), Pending(), Rejected(reason="x"), Unknown()):
        with pytest.raises(IllegalMove):
            publishing.conclude(case, result, after(13))


def test_an_edit_after_the_approval_leaves_the_old_key_dead() -> None:
    case = approved()
    edit = wish(Edit, "ada", text="Other words")
    reworded = done(deciding.edit(case, edit, PEOPLE["ada"], after(5))).change.case
    again = done(deciding.approve(reworded, wish(Approve, "luis"), PEOPLE["luis"], after(6))).change.case
    assert case.reply
    assert again.reply
    assert again.reply.key not in (None, case.reply.key)
