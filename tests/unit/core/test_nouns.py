"""Small things that everything else leans on: ranks, roles, clocks, errors, cards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.approval import Verdict
from bot.core.case import Case, void_decision
from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import Fact
from bot.core.ports import Capabilities
from bot.core.rules import Rules
from bot.core.types import Budget, Kind, ReplyState, Role, Severity, Visibility, version_of
from bot.core.views import Card, ReplyView, RevisionView, TicketLine
from tests.support.core_world import T0, bare, opening, proposed


def test_severities_and_roles_are_ordered() -> None:
    assert sorted(Severity, key=lambda s: s.rank) == [
        Severity.LOW,
        Severity.NORMAL,
        Severity.HIGH,
        Severity.CRITICAL,
    ]
    assert Role.LEAD.covers(Role.VIEWER)
    assert Role.AGENT.covers(Role.AGENT)
    assert not Role.AGENT.covers(Role.APPROVER)


def test_a_version_changes_exactly_when_the_text_does() -> None:
    assert version_of("a") == version_of("a") != version_of("a ")
    assert version_of("\ud800") != version_of("\ud801")


@pytest.mark.parametrize(
    ("severity", "crisis", "rules", "people"),
    [
        (Severity.HIGH, False, Rules(), 1),
        (Severity.CRITICAL, False, Rules(), 2),
        (Severity.LOW, True, Rules(), 2),
        (Severity.CRITICAL, True, Rules(quorum_crisis=3), 3),
        (Severity.CRITICAL, False, Rules(quorum_critical=1), 1),
    ],
)
def test_how_many_people_must_agree(severity: Severity, crisis: bool, rules: Rules, people: int) -> None:
    assert rules.quorum(severity, crisis=crisis) == people


@pytest.mark.parametrize(
    ("kind", "severity", "span"),
    [
        (Kind.COMPLAINT, Severity.NORMAL, timedelta(hours=1)),
        (Kind.QUESTION, Severity.HIGH, timedelta(hours=4)),
        (Kind.PRAISE, Severity.LOW, timedelta(hours=24)),
        (Kind.PRAISE, Severity.CRITICAL, timedelta(minutes=15)),
        (Kind.SPAM, Severity.HIGH, None),
        (Kind.NOISE, Severity.CRITICAL, timedelta(minutes=15)),
    ],
)
def test_within_how_long_the_first_answer_is_due(kind: Kind, severity: Severity, span: timedelta | None) -> None:
    ticket = replace(bare().ticket, kind=kind, severity=severity)
    assert Rules().target(ticket).answer == span


def test_a_critical_clock_is_never_slower_than_the_kinds_own() -> None:
    rules = Rules(first_answer={Kind.COMPLAINT: timedelta(minutes=5)})
    ticket = replace(bare().ticket, kind=Kind.COMPLAINT, severity=Severity.CRITICAL)
    assert rules.target(ticket).answer == timedelta(minutes=5)


def test_errors_say_what_the_engine_needs() -> None:
    assert Transient("busy", 3.0).retry_after == 3.0
    assert Permanent("closed", "https://x").manual_url == "https://x"
    assert isinstance(AuthExpired("dead"), Permanent)
    assert OutcomeUnknown("timeout").reason == "timeout"


def test_a_network_speaks_within_a_budget_unless_told_otherwise() -> None:
    assert Capabilities(ingest=frozenset()).budget == Budget(rate=5.0, burst=10)


def test_the_latest_revision_of_a_reply_is_the_last() -> None:
    view = ReplyView(id="K7Q2.1", state=ReplyState.DRAFTING, quorum=1, revisions=())
    assert view.latest is None
    one = RevisionView(number=1, text="a", author=None, source="fake", created_at=T0)
    assert ReplyView(id="K7Q2.1", state=ReplyState.PROPOSED, quorum=1, revisions=(one,)).latest == one


def test_without_a_reply_there_is_nothing_to_bind_or_to_take_back() -> None:
    with pytest.raises(ValueError, match="no reply to bind"):
        bare().binding()
    with pytest.raises(ValueError, match="no reply to take"):
        void_decision(bare(), T0, by="ana", verdict=Verdict.VOID, via="desk")
    assert not bare().has_yes
    assert not bare().targets_newest


def test_a_log_entry_is_about_the_newest_item_unless_it_says_which() -> None:
    change = opening()
    entries = change.log(Fact.ITEM_EDITED, item=9).log(Fact.NOTE_ADDED).entries[-2:]
    assert [entry.item for entry in entries] == [9, 1]
    assert {entry.ticket for entry in entries} == {"K7Q2"}


def test_a_case_names_the_reply_that_can_be_stopped_and_the_one_that_cannot() -> None:
    case = proposed()
    assert case.open_reply is case.reply
    assert case.flying is None
    assert Case(ticket=case.ticket, item=case.item).open_reply is None


def test_a_cards_controls_act_on_the_newest_reply() -> None:
    ticket = opening().case.ticket
    line = TicketLine(
        id=ticket.id,
        status=ticket.status,
        account=ticket.account,
        author="Carla",
        text="The soup was cold",
        kind=ticket.kind,
        severity=ticket.severity,
        sentiment=ticket.sentiment,
        language="en",
        opened_at=T0,
        updated_at=T0,
        due_at=None,
        url=None,
        assignee=None,
        claimed_by=None,
        claimed_until=None,
        visibility=ticket.visibility,
        reply_state=None,
        revision=None,
        draft=None,
    )
    card = Card(line=line, conversation=(), replies=(), notes=(), log=())
    old, new = (ReplyView(id=f"K7Q2.{n}", state=ReplyState.PROPOSED, quorum=1, revisions=()) for n in (1, 2))
    assert card.reply is None
    assert replace(card, replies=(old, new)).reply == new


def test_what_a_case_binds_an_approval_to_is_all_that_a_yes_is_about() -> None:
    case = proposed()
    ticket, reply, revision, target = case.ticket, case.reply, case.revision, case.target
    assert reply
    assert revision
    assert target
    others = [
        replace(case, reply=replace(reply, id="K7Q2.9")),
        replace(case, reply=replace(reply, account="wall2")),
        replace(case, reply=replace(reply, quorum=2)),
        replace(case, revision=replace(revision, number=2)),
        replace(case, revision=replace(revision, text_hash="0")),
        replace(case, ticket=replace(ticket, messages=2)),
        replace(case, target=replace(target, item=replace(target.item, native_id="b"))),
        replace(case, target=replace(target, item=replace(target.item, version="v2"))),
        replace(case, target=replace(target, item=replace(target.item, visibility=Visibility.PRIVATE))),
    ]
    assert len({case.binding(), *(other.binding() for other in others)}) == 10
