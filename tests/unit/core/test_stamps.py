"""A click counts for the card that it was made on: what outdates a card, and what does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core import intake, publishing, sorting
from bot.core.approval import Verdict, stamp
from bot.core.case import Case
from bot.core.messages import Close, Refused, Reopen
from bot.core.types import Role, Unknown
from tests.support.core_world import (
    PEOPLE,
    after,
    approved,
    assess,
    bare,
    context,
    done,
    no,
    proposed,
    publishing_case,
    stored,
    wish,
    with_person,
)
from tests.unit.core.acts import edit, redraft, refuse_it, say, settle, undo, write

HALF = done(say(proposed("danger"))).change.case
"""One of two needed approvals is there."""


def heard(case: Case) -> Case:
    return intake.hear(case, stored(2, "b", "SILENCE"), assess("SILENCE"), after(60)).case


def changed(case: Case) -> Case:
    new = stored(2, text="SILENCE, danger", number=2)
    return intake.notice_edit(case, new, assess("SILENCE, danger"), after(60)).case


def removed(case: Case) -> Case:
    return intake.notice_removal(case, stored(2, number=2, gone=True), "removed", after(60)).case


def undone(case: Case) -> Case:
    return done(undo(case)).change.case


def written_for_the_first() -> Case:
    """A person's words stay under the first comment when the second comes."""
    return done(write(bare())).change.case


def closed_and_written_anew(case: Case) -> Case:
    shut = done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case
    back = done(sorting.reopen(shut, wish(Reopen, "ada"), PEOPLE["ada"], context())).change.case
    return done(write(back)).change.case


OUTDATES: dict[str, tuple[Case, Callable[[Case], Case]]] = {
    "an undo of the whole approval": (approved(), undone),
    "an undo of one yes of two": (HALF, undone),
    "an edit": (proposed(), lambda case: done(edit(case)).change.case),
    "another draft": (proposed(), lambda case: done(redraft(case, hint="shorter")).change.case),
    "a no and another draft": (proposed(), lambda case: done(redraft(done(refuse_it(case)).change.case)).change.case),
    "a new message": (written_for_the_first(), heard),
    "an edit of the comment": (written_for_the_first(), changed),
    "a close and new words": (proposed(), closed_and_written_anew),
    "an approval that fell at the last moment": (
        approved(),
        lambda case: publishing.fall_back(case, after(86_400), "expired").case,
    ),
    "a lost answer that a person settled": (
        publishing.conclude(publishing_case(), Unknown(), after(12)).case,
        lambda case: done(settle(case, posted=False)).change.case,
    ),
}


@pytest.mark.parametrize("what", OUTDATES)
def test_a_click_on_an_outdated_card_is_shown_the_newest(what: str) -> None:
    before, happens = OUTDATES[what]
    case = happens(before)
    assert no(say(case, "pia", seen=before.stamp)) == ("not_newest_revision", "look_at_newest")
    assert done(say(case, "pia", seen=case.stamp)).change.decisions


def test_the_refusal_names_the_newest_revision() -> None:
    answer = say(undone(approved()), seen=approved().stamp)
    assert isinstance(answer, Refused)
    assert answer.params == {"seen": 1, "newest": 1}


def test_what_is_gone_is_said_to_be_outdated_first_and_gone_then() -> None:
    case = removed(proposed())
    assert no(say(case, seen=proposed().stamp))[0] == "not_newest_revision"
    assert no(say(case, seen=case.stamp)) == ("item_gone", "close_ticket")


def test_the_yes_of_another_person_outdates_nothing() -> None:
    card = proposed("danger").stamp
    first = done(say(proposed("danger"), "luis", seen=card)).change.case
    assert first.stamp == card
    assert done(say(first, "pia", seen=card)).code == "approved_waiting_undo"


def test_what_a_card_does_not_ask_about_outdates_nothing() -> None:
    case = replace(HALF, ticket=replace(HALF.ticket, assignee="ana", claimed_by="ana"))
    assert done(say(case, "pia", seen=HALF.stamp, now=after(86_400))).code == "approved_needs_more"
    demoted = context(people=with_person("luis", role=Role.AGENT))
    assert done(say(case, "pia", seen=HALF.stamp, now=demoted)).code == "approved_needs_more"


def test_the_same_click_delivered_twice_counts_once() -> None:
    card = proposed("danger").stamp
    assert no(say(HALF, "luis", seen=card)) == ("already_approved_by_you", "none")
    assert no(say(approved(), "luis", seen=proposed().stamp)) == ("already_decided", "none")


def test_a_click_delivered_again_after_an_undo_approves_nothing() -> None:
    card = proposed().stamp
    once = done(say(proposed(), seen=card)).change.case
    assert no(say(undone(once), seen=card)) == ("not_newest_revision", "look_at_newest")


def test_a_yes_without_a_card_is_a_yes_to_the_newest() -> None:
    assert done(say(undone(approved()))).code == "approved_waiting_undo"


def test_without_a_reply_there_is_a_stamp_too_and_nothing_to_approve() -> None:
    assert bare().stamp == "0.0.1"
    assert no(say(bare(), seen="0.0.0")) == ("nothing_to_approve", "write_reply")


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.APPROVE])
def test_a_stamp_counts_what_was_taken_back(verdict: Verdict) -> None:
    assert stamp(3, [Verdict.APPROVE, verdict, Verdict.APPROVE], 2) == "3.1.2"
    assert stamp(3, ["approve", verdict.value], 2) == "3.1.2", "as the rows of the store spell it"
