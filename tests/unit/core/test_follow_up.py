"""What the customer said while our reply was on its way: it gets a draft, if it awaits an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import intake, publishing, sorting
from bot.core.case import Case, Change
from bot.core.messages import Announce, Ask, Close, Fact, Snooze
from bot.core.types import Pending, Posted, ReplyState, TicketStatus
from tests.support.core_world import (
    PEOPLE,
    after,
    approved,
    assess,
    done,
    publishing_case,
    stored,
    wish,
)


def wrote_on(case: Case, text: str = "And it was late") -> Case:
    return intake.hear(case, stored(2, "b", text), assess(text), after(20)).case


def posted(case: Case) -> Change:
    return publishing.conclude(case, Posted(native_id="n1"), after(30))


def unanswered(change: Change) -> bool:
    """Whether nothing was proposed beside the reply that stands."""
    assert change.case.reply
    return (change.case.reply.id, change.revisions, change.withdrawn) == ("K7Q2.1", (), ())


def test_a_message_during_the_call_gets_a_draft_and_the_proof_is_kept() -> None:
    change = posted(wrote_on(publishing_case()))
    reply = change.case.reply
    assert reply
    assert (reply.id, reply.item, reply.state) == ("K7Q2.2", 2, ReplyState.PROPOSED)
    assert [revision.text for revision in change.revisions] == ["About «And it was late»"]
    [proof] = change.withdrawn
    assert (proof.id, proof.state, proof.posted_id) == ("K7Q2.1", ReplyState.PUBLISHED, "n1")
    assert [entry.fact for entry in change.entries] == [Fact.REPLY_PUBLISHED, Fact.REPLY_PROPOSED]
    assert [effect.code for effect in change.effects if isinstance(effect, Announce)] == ["published"]
    assert change.case.ticket.status is TicketStatus.OPEN


def test_a_message_during_moderation_gets_its_draft_when_the_reply_is_live() -> None:
    pending = publishing.conclude(publishing_case(), Pending(native_id="n1"), after(12)).case
    change = publishing.confirm(wrote_on(pending), "n1", None, after(99))
    assert change.case.reply
    assert (change.case.reply.id, change.withdrawn[0].state) == ("K7Q2.2", ReplyState.PUBLISHED)


def test_without_a_new_message_the_proof_is_all() -> None:
    assert unanswered(posted(publishing_case()))


def test_a_message_that_was_known_when_people_said_yes_gets_no_draft_of_its_own() -> None:
    """They answered the first comment although they had seen the second."""
    case = approved()
    case = replace(case, item=stored(2, "b", "And it was late"))
    assert not case.targets_newest
    assert unanswered(posted(publishing.start(case, after(11)).case))


def test_an_edit_of_the_answered_comment_is_no_new_message() -> None:
    new = stored(2, text="The soup was hot", number=2)
    case = intake.notice_edit(publishing_case(), new, assess("The soup was hot"), after(20)).case
    assert case.overtaken
    assert unanswered(posted(case))


def test_nothing_is_proposed_where_the_drafter_has_nothing_to_say() -> None:
    change = posted(wrote_on(publishing_case(), "SILENCE"))
    assert unanswered(change)
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PUBLISHED


def test_nothing_is_proposed_for_what_is_gone_already() -> None:
    case = wrote_on(publishing_case())
    gone = stored(3, "b", "And it was late", number=2, gone=True)
    assert unanswered(posted(intake.notice_removal(case, gone, "removed", after(25)).case))


def test_nothing_is_proposed_on_a_ticket_that_people_closed() -> None:
    pending = publishing.conclude(publishing_case(), Pending(native_id="n1"), after(12)).case
    shut = done(sorting.close(wrote_on(pending), wish(Close, "ada"), PEOPLE["ada"], after(21))).change.case
    change = publishing.confirm(shut, "n1", None, after(99))
    assert unanswered(change)
    assert change.case.ticket.status is TicketStatus.CLOSED


def test_nothing_is_proposed_where_a_colleague_answered_by_hand_meanwhile() -> None:
    answered = intake.notice_answer(wrote_on(publishing_case()), "n9", None, after(25)).case
    assert unanswered(posted(answered))


@pytest.mark.parametrize("away", ["asked", "snoozed"])
def test_what_waits_for_a_colleague_or_is_put_away_still_gets_its_draft(away: str) -> None:
    case = wrote_on(publishing_case())
    asked = wish(Ask, "ada", person="luis", question="Is it so?")
    later = wish(Snooze, "ada", span=timedelta(hours=1))
    answer = (
        sorting.ask(case, asked, PEOPLE["ada"], after(21))
        if away == "asked"
        else sorting.snooze(case, later, PEOPLE["ada"], after(21))
    )
    change = posted(done(answer).change.case)
    assert change.case.reply
    assert change.case.reply.id == "K7Q2.2"
