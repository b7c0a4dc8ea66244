"""People's wishes about tickets: what each one does, and why it is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import deciding, intake, proposing, publishing, sorting
from bot.core.approval import Verdict
from bot.core.case import Case, Change, ChangeResult
from bot.core.messages import (
    AddNote,
    Announce,
    Approve,
    Ask,
    Assign,
    Claim,
    Close,
    Escalate,
    Fact,
    OnTicket,
    Refused,
    Reopen,
    SetKind,
    SetSeverity,
    ShowCard,
    Snooze,
    Wait,
)
from bot.core.proposing import MAX_TEXT
from bot.core.types import Kind, Pending, ReplyState, Severity, TicketStatus, Unknown
from tests.support.core_world import (
    PEOPLE,
    T0,
    TICKET,
    after,
    approved,
    bare,
    context,
    done,
    no,
    proposed,
    publishing_case,
    wish,
    with_person,
)

HOUR = timedelta(hours=1)
WISHES: dict[type[OnTicket], tuple[Callable[..., ChangeResult | Refused], dict[str, Any]]] = {
    Claim: (sorting.claim, {}),
    Assign: (sorting.assign, {}),
    Ask: (sorting.ask, {"person": "luis", "question": "Is it so?"}),
    Wait: (sorting.wait, {}),
    Close: (sorting.close, {}),
    Reopen: (sorting.reopen, {}),
    Snooze: (sorting.snooze, {"span": HOUR}),
    Escalate: (sorting.escalate, {}),
    SetKind: (sorting.set_kind, {"kind": Kind.PRAISE}),
    SetSeverity: (sorting.set_severity, {"severity": Severity.HIGH}),
    AddNote: (sorting.add_note, {"text": "Seen"}),
}


def do(kind: type[OnTicket], case: Case, by: str = "ada", /, *, now: Any = None, **more: Any) -> ChangeResult | Refused:
    function, usual = WISHES[kind]
    return function(case, wish(kind, by, **(usual | more)), PEOPLE[by], now or context())


def after_(kind: type[OnTicket], case: Case | None = None, by: str = "ada", /, **more: Any) -> Case:
    return done(do(kind, bare() if case is None else case, by, **more)).change.case


def facts(change: Change) -> list[Fact]:
    return [entry.fact for entry in change.entries]


@pytest.mark.parametrize("kind", WISHES)
def test_everything_is_for_agents_and_active_members_only(kind: type[OnTicket]) -> None:
    assert no(do(kind, bare(), "vera")) == ("not_entitled", "ask_approver")
    assert no(do(kind, bare(), "iris")) == ("unknown_person", "ask_lead")


@pytest.mark.parametrize("kind", [k for k in WISHES if k is not Reopen])
def test_every_wish_that_is_done_is_logged_with_its_person_and_shown(kind: type[OnTicket]) -> None:
    change = done(do(kind, bare())).change
    entries = [*change.entries, *(content.entry for content in change.contents)]
    assert [entry.actor for entry in entries] == ["ada"]
    assert ShowCard(ticket=TICKET) in change.effects


@pytest.mark.parametrize("kind", [Ask, Wait, Snooze, Escalate])
def test_a_closed_ticket_must_be_opened_first(kind: type[OnTicket]) -> None:
    assert no(do(kind, after_(Close))) == ("ticket_closed", "reopen_first")


@pytest.mark.parametrize(
    ("kind", "code", "params"),
    [
        (Claim, "claimed", {"minutes": 15}),
        (Assign, "assigned", {"who": "Ada"}),
        (Ask, "asked", {"who": "Luis"}),
        (Wait, "waiting", {}),
        (Close, "closed", {}),
        (Snooze, "snoozed", {"until": (T0 + HOUR).isoformat()}),
        (Escalate, "escalated", {"who": "Ana"}),
        (SetKind, "kind_set", {"kind": "praise"}),
        (SetSeverity, "severity_set", {"severity": "high"}),
        (AddNote, "noted", {}),
    ],
)
def test_what_people_are_told(kind: type[OnTicket], code: str, params: dict[str, object]) -> None:
    result = done(do(kind, bare()))
    assert (result.code, result.params) == (code, params)


# --- claim and assign -----------------------------------------------------------------------------------------------


def test_a_claim_keeps_others_away_for_a_quarter_of_an_hour_but_not_a_lead() -> None:
    mine = after_(Claim)
    assert no(do(Claim, mine, "luis")) == ("claimed_by_other", "wait_or_take_over")
    assert done(do(Claim, mine)).code == "claimed"
    assert done(do(Claim, mine, "ana")).change.case.ticket.claimed_by == "ana"
    assert done(do(Claim, mine, "luis", now=after(15 * 60))).change.case.ticket.claimed_by == "luis"


def test_a_claimer_who_left_is_named_by_id() -> None:
    people = {name: person for name, person in PEOPLE.items() if name != "ada"}
    answer = do(Claim, after_(Claim), "luis", now=context(people=people))
    assert isinstance(answer, Refused)
    assert answer.params == {"who": "ada"}


@pytest.mark.parametrize("name", ["luis", "@Luis", " LUIS "])
def test_a_colleague_is_known_by_id_or_name_in_any_case(name: str) -> None:
    assert after_(Assign, person=name).ticket.assignee == "luis"


@pytest.mark.parametrize("name", ["nobody", "iris", "@", ""])
@pytest.mark.parametrize("kind", [Assign, Ask, Escalate])
def test_a_stranger_gets_nothing_and_the_known_are_named(kind: type[OnTicket], name: str) -> None:
    answer = do(kind, bare(), person=name)
    assert no(answer) == ("unknown_assignee", "see_help")
    assert isinstance(answer, Refused)
    assert answer.params["known"] == "ada, ana, luis, pia, vera"


def test_assigning_again_to_the_same_person_changes_nothing() -> None:
    assert no(do(Assign, after_(Assign))) == ("unchanged", "none")


# --- ask, wait, snooze ----------------------------------------------------------------------------------------------


def test_a_question_stays_inside_and_the_ticket_waits_for_the_colleague() -> None:
    change = done(do(Ask, bare(), question="  Is it so? ")).change
    assert [(c.kind, c.text, c.entry.data) for c in change.contents] == [("question", "Is it so?", {"to": "luis"})]
    assert (change.case.ticket.status, change.case.ticket.waiting_for) == (TicketStatus.WAITING, "luis")
    assert Announce(code="question_for", ticket=TICKET, params={"who": "Luis", "by": "Ada"}) in change.effects


@pytest.mark.parametrize(("kind", "field"), [(Ask, "question"), (AddNote, "text")])
def test_a_remark_needs_words_and_not_too_many(kind: type[OnTicket], field: str) -> None:
    assert no(do(kind, bare(), **{field: " \n"})) == ("empty_text", "see_help")
    assert no(do(kind, bare(), **{field: "x" * (MAX_TEXT + 1)})) == ("text_too_long", "edit_first")


def test_waiting_twice_changes_nothing() -> None:
    assert after_(Wait).ticket.waiting_for == "customer"
    assert no(do(Wait, after_(Wait))) == ("unchanged", "none")


@pytest.mark.parametrize("span", [timedelta(0), -HOUR, timedelta(days=90, microseconds=1)])
def test_a_snooze_ends_within_a_season(span: timedelta) -> None:
    assert no(do(Snooze, bare(), span=span)) == ("not_snoozable", "see_help")


def test_a_snoozed_ticket_comes_back() -> None:
    away = after_(Snooze, span=timedelta(days=90))
    assert away.ticket.snoozed_until == T0 + timedelta(days=90)
    back = sorting.wake(away, after(1))
    assert (back.case.ticket.status, back.case.ticket.snoozed_until) == (TicketStatus.OPEN, None)
    assert facts(back) == [Fact.TICKET_WOKEN]
    assert back.effects == (ShowCard(ticket=TICKET),)


# --- close and reopen -----------------------------------------------------------------------------------------------


def test_closing_withdraws_the_open_proposal() -> None:
    result = done(do(Close, proposed(), reason=" solved "))
    assert result.change.case.reply
    assert (result.change.case.reply.state, result.change.case.reply.problem) == (ReplyState.WITHDRAWN, "closed")
    assert result.change.case.ticket.close_reason == "solved"
    assert result.change.decisions == ()
    assert facts(result.change) == [Fact.REPLY_WITHDRAWN, Fact.TICKET_CLOSED]


def test_closing_in_the_undo_window_takes_the_approval_away() -> None:
    result = done(do(Close, approved()))
    assert [d.verdict for d in result.change.decisions] == [Verdict.UNDO]
    assert result.change.case.ticket.close_reason is None
    assert result.change.case.reply
    assert result.change.case.reply.key is None


def test_closing_twice_changes_nothing() -> None:
    assert no(do(Close, after_(Close))) == ("unchanged", "none")


def test_what_is_on_its_way_must_arrive_before_closing_unless_the_network_takes_its_time() -> None:
    flying = publishing_case()
    uncertain = publishing.conclude(flying, Unknown(), after(12)).case
    pending = publishing.conclude(flying, Pending(native_id="n1"), after(12)).case
    assert no(do(Close, flying)) == ("being_published", "none")
    assert no(do(Close, uncertain)) == ("being_published", "use_settle")
    shut = after_(Close, pending)
    live = publishing.confirm(shut, "n1", None, after(99)).case
    assert live.reply
    assert (live.ticket.status, live.reply.state) == (TicketStatus.CLOSED, ReplyState.PUBLISHED)


def test_opening_again_starts_the_clock_of_what_was_never_answered() -> None:
    back = done(do(Reopen, after_(Close), now=after(60)))
    assert (back.code, facts(back.change)) == ("reopened", [Fact.TICKET_REOPENED])
    assert back.change.case.ticket.due_at == T0 + timedelta(seconds=60) + HOUR


def test_opening_again_what_was_answered_or_is_running_starts_no_clock() -> None:
    answered = intake.notice_answer(bare(), "n9", None, context()).case
    assert after_(Reopen, answered).ticket.due_at is None
    assert after_(Reopen, after_(Wait), now=after(60)).ticket.due_at == T0 + HOUR
    assert no(do(Reopen, bare())) == ("unchanged", "none")


# --- escalate -------------------------------------------------------------------------------------------------------


def test_an_escalation_calls_the_leads_or_gives_it_to_a_person() -> None:
    leads = done(do(Escalate, bare())).change
    assert leads.case.ticket.assignee is None
    assert Announce(code="escalated_to", ticket=TICKET, params={"who": "Ana", "by": "Ada"}) in leads.effects
    one = done(do(Escalate, bare(), person="@pia"))
    assert one.params == {"who": "Pía"}
    assert one.change.case.ticket.assignee == "pia"


# --- kind and severity ----------------------------------------------------------------------------------------------


def test_the_clock_follows_a_corrected_kind() -> None:
    result = done(do(SetKind, bare(), kind=Kind.QUESTION)).change
    assert result.case.ticket.due_at == T0 + timedelta(hours=4)
    assert result.entries[0].data == {"before": "complaint", "after": "question"}
    assert after_(SetKind, kind=Kind.SPAM).ticket.due_at is None
    assert no(do(SetKind, bare(), kind=Kind.COMPLAINT)) == ("unchanged", "none")


def test_sorting_a_closed_ticket_starts_no_clock() -> None:
    shut = after_(Close)
    assert after_(SetKind, shut).ticket.due_at is None
    assert after_(SetSeverity, shut).ticket.due_at is None


def test_a_higher_severity_asks_for_more_people_and_voids_what_fewer_approved() -> None:
    change = done(do(SetSeverity, approved(), severity=Severity.CRITICAL)).change
    reply = change.case.reply
    assert reply
    assert (reply.state, reply.quorum, reply.problem) == (ReplyState.PROPOSED, 2, "quorum_raised")
    assert [d.verdict for d in change.decisions] == [Verdict.VOID]
    assert facts(change) == [Fact.SEVERITY_SET, Fact.APPROVAL_VOIDED, Fact.REPLY_QUORUM_RAISED]
    assert Announce(code="critical_item", ticket=TICKET) in change.effects
    assert change.case.ticket.due_at == T0 + timedelta(minutes=15)


def test_a_higher_severity_without_approvals_only_raises_the_quorum() -> None:
    change = done(do(SetSeverity, proposed(), severity=Severity.CRITICAL)).change
    assert facts(change) == [Fact.SEVERITY_SET, Fact.REPLY_QUORUM_RAISED]
    assert done(do(SetSeverity, bare(), severity=Severity.CRITICAL)).change.case.reply is None


def test_a_lower_severity_keeps_the_quorum_and_is_no_agents_choice() -> None:
    case = proposed("danger")
    assert no(do(SetSeverity, case, severity=Severity.LOW)) == ("not_entitled", "ask_approver")
    lower = after_(SetSeverity, case, "luis", severity=Severity.LOW)
    assert lower.reply
    assert (lower.ticket.severity, lower.reply.quorum) == (Severity.LOW, 2)
    one = done(deciding.approve(lower, wish(Approve, "luis"), PEOPLE["luis"], context()))
    assert one.code == "approved_needs_more"


def test_the_same_severity_changes_nothing() -> None:
    assert no(do(SetSeverity, bare(), severity=Severity.NORMAL)) == ("unchanged", "none")


# --- notes ----------------------------------------------------------------------------------------------------------


def test_a_note_is_kept_inside_even_on_a_closed_ticket() -> None:
    change = done(do(AddNote, after_(Close), text=" seen ", now=after(5))).change
    assert [(c.kind, c.text) for c in change.contents] == [("note", "seen")]
    assert change.case.ticket.updated_at == T0 + timedelta(seconds=5)


def test_somebody_who_lost_the_role_is_told_by_the_role_of_today() -> None:
    people = with_person("luis", role=PEOPLE["vera"].role)
    refused = sorting.claim(bare(), wish(Claim, "luis"), people["luis"], context(people=people))
    assert no(refused) == ("not_entitled", "ask_approver")


def test_an_approval_with_nothing_open_is_left_alone() -> None:
    withdrawn = after_(Close, approved())
    change = proposing.ask_for_more(Change(case=withdrawn), context(crisis=True), by="ana", via="desk")
    assert change == Change(case=withdrawn)
    assert replace(withdrawn).open_reply is None
