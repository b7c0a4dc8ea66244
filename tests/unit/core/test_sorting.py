"""People's wishes about tickets: what each one does, and why it is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import intake, publishing, sorting
from bot.core.approval import Verdict
from bot.core.messages import (
    AddNote,
    Announce,
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
from bot.core.types import Pending, ReplyState, TicketStatus, Unknown
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
from tests.unit.core.sortings import HOUR, WISHES, after_, do, facts


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


def test_an_id_outranks_a_name_and_a_name_of_two_people_names_nobody() -> None:
    twins = {**PEOPLE, "luisa": replace(PEOPLE["pia"], id="luisa", name="Ana"), "x": replace(PEOPLE["pia"], id="x")}
    by_id = sorting.assign(bare(), wish(Assign, "ada", person="@ana"), PEOPLE["ada"], context(people=twins))
    assert done(by_id).change.case.ticket.assignee == "ana", "not the other one, who is only called so"
    both = sorting.assign(bare(), wish(Assign, "ada", person="Pía"), PEOPLE["ada"], context(people=twins))
    assert no(both) == ("unknown_assignee", "see_help")
    assert isinstance(both, Refused)
    assert both.params == {"who": "Pía", "known": "ada, ana, luis, luisa, pia, vera, x"}
    gone = twins | {"x": replace(twins["x"], active=False)}
    one = sorting.assign(bare(), wish(Assign, "ada", person="Pía"), PEOPLE["ada"], context(people=gone))
    assert done(one).change.case.ticket.assignee == "pia"


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


@pytest.mark.parametrize("parked", [Ask, Snooze])
def test_what_waits_for_a_colleague_or_is_put_away_can_wait_for_the_customer(parked: type[OnTicket]) -> None:
    case = after_(Wait, after_(parked))
    assert (case.ticket.status, case.ticket.waiting_for) == (TicketStatus.WAITING, "customer")
    assert case.ticket.snoozed_until is None


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
    assert no(do(Close, flying)) == ("being_published", "wait_a_moment")
    assert no(do(Close, uncertain)) == ("being_published", "use_settle")
    shut = after_(Close, pending)
    live = publishing.confirm(shut, "n1", None, after(99)).case
    assert live.reply
    assert (live.ticket.status, live.reply.state) == (TicketStatus.CLOSED, ReplyState.PUBLISHED)


def test_opening_again_starts_the_clock_of_what_was_never_answered() -> None:
    back = done(do(Reopen, after_(Close), now=after(60)))
    assert (back.code, facts(back.change)) == ("reopened", [Fact.TICKET_REOPENED])
    assert back.change.case.ticket.due_at == T0 + timedelta(seconds=60) + HOUR


def test_opening_again_lets_a_clock_that_stood_still_go_on_and_starts_none_for_what_was_answered() -> None:
    answered = intake.notice_answer(bare(), "n9", None, context()).case
    assert after_(Reopen, answered).ticket.due_at is None
    assert after_(Reopen, after_(Wait), now=after(60)).ticket.due_at == T0 + HOUR + timedelta(seconds=60)
    assert no(do(Reopen, bare())) == ("unchanged", "none")


# --- escalate -------------------------------------------------------------------------------------------------------


def test_an_escalation_calls_the_leads_or_gives_it_to_a_person() -> None:
    leads = done(do(Escalate, bare())).change
    assert leads.case.ticket.assignee is None
    assert Announce(code="escalated_to", ticket=TICKET, params={"who": "Ana", "by": "Ada"}) in leads.effects
    one = done(do(Escalate, bare(), person="@pia"))
    assert one.params == {"who": "Pía"}
    assert one.change.case.ticket.assignee == "pia"


# --- notes ----------------------------------------------------------------------------------------------------------


def test_a_note_is_kept_inside_even_on_a_closed_ticket() -> None:
    change = done(do(AddNote, after_(Close), text=" seen ", now=after(5))).change
    assert [(c.kind, c.text) for c in change.contents] == [("note", "seen")]
    assert change.case.ticket.updated_at == T0 + timedelta(seconds=5)


def test_somebody_who_lost_the_role_is_told_by_the_role_of_today() -> None:
    people = with_person("luis", role=PEOPLE["vera"].role)
    refused = sorting.claim(bare(), wish(Claim, "luis"), people["luis"], context(people=people))
    assert no(refused) == ("not_entitled", "ask_approver")
