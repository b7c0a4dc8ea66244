"""What was grave once needs two people to the end, whatever is lowered, refused, closed or written anew."""

from collections.abc import Callable

import pytest

from bot.core import intake, publishing, sorting
from bot.core import ticket as tickets
from bot.core.case import Case
from bot.core.messages import Close, SetSeverity
from bot.core.rules import Rules
from bot.core.types import Severity
from tests.support.core_world import (
    PEOPLE,
    after,
    approved,
    assess,
    bare,
    context,
    done,
    opening,
    proposed,
    stored,
    wish,
)
from tests.unit.core.acts import edit, redraft, refuse_it, say, write


def weigh(case: Case, severity: Severity) -> Case:
    change = wish(SetSeverity, "luis", severity=severity)
    return done(sorting.set_severity(case, change, PEOPLE["luis"], context())).change.case


def lowered() -> Case:
    return weigh(proposed("danger"), Severity.LOW)


def refused_and_written_anew(case: Case) -> Case:
    return done(write(done(refuse_it(case)).change.case)).change.case


def closed_and_drafted_anew(case: Case) -> Case:
    shut = done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case
    return done(redraft(shut)).change.case


def overtaken(case: Case) -> Case:
    return intake.hear(case, stored(2, "b", "Thanks"), assess("Thanks"), after(60)).case


WAYS: dict[str, Callable[[Case], Case]] = {
    "nothing": lambda case: case,
    "an edit": lambda case: done(edit(case)).change.case,
    "a no and new words": refused_and_written_anew,
    "a close and another draft": closed_and_drafted_anew,
    "a new message": overtaken,
    "up and down again": lambda case: weigh(weigh(case, Severity.HIGH), Severity.LOW),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_lowered_severity_still_needs_two_people(way: str) -> None:
    case = WAYS[way](lowered())
    assert case.ticket.severity is not Severity.CRITICAL
    assert case.reply
    assert case.reply.quorum == 2
    one = done(say(case, "luis"))
    assert (one.code, one.params) == ("approved_needs_more", {"have": 1, "need": 2})
    assert publishing.approval_problem(one.change.case, after(11)) is not None
    assert done(say(one.change.case, "pia")).code == "approved_waiting_undo"


def test_a_reply_that_asks_for_one_is_stopped_when_its_ticket_asks_for_two() -> None:
    case = approved()
    case = Case(
        ticket=tickets.weighed(case.ticket, Severity.LOW, 2),
        item=case.item,
        reply=case.reply,
        target=case.target,
        revision=case.revision,
        decisions=case.decisions,
    )
    assert publishing.approval_problem(case, after(11)) == "quorum_raised"
    back = publishing.fall_back(case, after(11), "quorum_raised").case
    assert back.reply
    assert back.reply.quorum == 2


@pytest.mark.parametrize(
    "graver",
    [
        opening("danger").case,
        intake.hear(bare(), stored(2, "b", "danger"), assess("danger"), after(60)).case,
        intake.notice_edit(bare(), stored(2, text="danger", number=2), assess("danger"), after(60)).case,
        weigh(bare(), Severity.CRITICAL),
    ],
    ids=["opened", "heard", "edited", "set by a person"],
)
def test_every_way_to_become_critical_is_remembered(graver: Case) -> None:
    assert graver.ticket.quorum == 2
    assert weigh(graver, Severity.NORMAL).ticket.quorum == 2
    assert context().quorum(weigh(graver, Severity.NORMAL).ticket) == 2


def test_what_never_was_grave_needs_one_and_a_crisis_is_remembered_by_the_reply_alone() -> None:
    assert context().quorum(bare().ticket) == bare().ticket.quorum == 1
    during = opening(now=context(crisis=True)).case
    assert during.ticket.quorum == 1
    assert during.reply
    assert during.reply.quorum == 2
    assert context(crisis=True).quorum(bare().ticket) == 2


def test_the_rules_of_today_may_ask_for_more_than_those_of_then() -> None:
    strict = Rules(quorum_critical=3)
    assert context(rules=strict).quorum(opening("danger").case.ticket) == 3
    assert tickets.weighed(bare().ticket, Severity.LOW, 1).quorum == 1
