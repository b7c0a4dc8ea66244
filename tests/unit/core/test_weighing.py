"""Kind and severity corrected by people: clock and quorum follow."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import deciding, proposing
from bot.core.approval import Verdict
from bot.core.case import Change
from bot.core.messages import (
    Announce,
    Approve,
    Close,
    Fact,
    OnTicket,
    Reopen,
    SetKind,
    SetSeverity,
)
from bot.core.types import Kind, ReplyState, Severity
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
    wish,
)
from tests.unit.core.sortings import after_, do, facts

# --- kind and severity ----------------------------------------------------------------------------------------------


def test_the_clock_follows_a_corrected_kind() -> None:
    result = done(do(SetKind, bare(), kind=Kind.QUESTION)).change
    assert result.case.ticket.due_at == T0 + timedelta(hours=4)
    assert result.entries[0].data == {"before": "complaint", "after": "question"}
    assert after_(SetKind, kind=Kind.SPAM).ticket.due_at is None
    assert no(do(SetKind, bare(), kind=Kind.COMPLAINT)) == ("unchanged", "none")


@pytest.mark.parametrize("kind", [SetKind, SetSeverity])
def test_a_corrected_clock_still_ends_before_the_network_takes_no_answer(kind: type[OnTicket]) -> None:
    last = T0 + timedelta(minutes=20)
    case = bare()
    case = replace(case, item=replace(case.item, item=replace(case.item.item, reply_by=last)))
    assert after_(kind, case).ticket.due_at == last
    assert after_(Reopen, after_(Close, case), now=after(60)).ticket.due_at == last
    assert after_(SetKind, case, kind=Kind.SPAM).ticket.due_at is None


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


def test_an_approval_with_nothing_open_is_left_alone() -> None:
    withdrawn = after_(Close, approved())
    change = proposing.ask_for_more(Change(case=withdrawn), context(crisis=True), by="ana", via="desk")
    assert change == Change(case=withdrawn)
    assert replace(withdrawn).open_reply is None
