"""A yes taken back in time, and what people say became of a reply that nobody can tell of."""

from dataclasses import replace

import pytest

from bot.core import intake, publishing
from bot.core import reply as replies
from bot.core.approval import Verdict
from bot.core.case import Case
from bot.core.types import ReplyState, TicketStatus
from tests.support.core_world import (
    after,
    approved,
    assess,
    bare,
    done,
    no,
    proposed,
    stored,
)
from tests.unit.core.acts import in_state, say, settle, state_of, undo, write

# --- undo -----------------------------------------------------------------------------------------------------------


def test_an_undo_takes_the_approval_back() -> None:
    result = done(undo(approved(), "pia"))
    assert (result.code, state_of(result)) == ("undone", ReplyState.PROPOSED)
    assert result.change.decisions[0].verdict is Verdict.UNDO
    assert no(undo(result.change.case)) == ("nothing_to_undo", "none")
    assert no(say(result.change.case, "vera"))[0] == "not_entitled"
    assert done(say(result.change.case)).code == "approved_waiting_undo"


def test_a_yes_can_be_taken_back_while_another_is_awaited() -> None:
    first = done(say(proposed("danger"))).change.case
    result = done(undo(first))
    assert state_of(result) is ReplyState.PROPOSED
    assert done(say(result.change.case, "pia")).code == "approved_needs_more"


def test_what_waits_to_go_out_can_be_stopped_even_if_its_approval_ran_out() -> None:
    result = done(undo(approved(), now=after(86_400 * 2)))
    assert state_of(result) is ReplyState.PROPOSED


@pytest.mark.parametrize(
    ("case", "reason", "remedy"),
    [
        (bare(), "nothing_to_undo", "none"),
        (proposed(), "nothing_to_undo", "none"),
        (in_state(ReplyState.WITHDRAWN), "nothing_to_undo", "none"),
        (in_state(ReplyState.DRAFTING), "nothing_to_undo", "none"),
        (in_state(ReplyState.PUBLISHING), "undo_too_late", "reply_follow_up"),
        (in_state(ReplyState.PUBLISHED), "undo_too_late", "reply_follow_up"),
        (in_state(ReplyState.REJECTED), "undo_too_late", "reply_follow_up"),
        (in_state(ReplyState.PENDING), "undo_too_late", "use_settle"),
        (in_state(ReplyState.UNCERTAIN), "undo_too_late", "use_settle"),
        (in_state(ReplyState.HANDED_OFF), "undo_too_late", "use_settle"),
    ],
)
def test_what_cannot_be_undone(case: Case, reason: str, remedy: str) -> None:
    assert no(undo(case)) == (reason, remedy)


# --- settle ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [ReplyState.UNCERTAIN, ReplyState.HANDED_OFF, ReplyState.PENDING])
def test_a_person_saw_it_there(state: ReplyState) -> None:
    result = done(settle(in_state(state), url=" https://n/7 "))
    reply = result.change.case.reply
    assert reply
    assert (result.code, reply.state, reply.posted_url) == ("settled_posted", ReplyState.PUBLISHED, "https://n/7")
    assert result.change.case.ticket.status is TicketStatus.WAITING


def test_what_was_said_meanwhile_keeps_the_ticket_open() -> None:
    case = in_state(ReplyState.UNCERTAIN)
    case = intake.hear(case, stored(2, "b", "Hello?"), assess("Hello?"), after(30)).case
    change = done(settle(case)).change
    assert change.case.ticket.status is TicketStatus.OPEN
    assert [(r.id, r.state) for r in change.withdrawn] == [("K7Q2.1", ReplyState.PUBLISHED)]
    assert [revision.text for revision in change.revisions] == ["About «Hello?»"]


def test_a_person_saw_that_it_is_not_there() -> None:
    back = done(settle(in_state(ReplyState.UNCERTAIN), posted=False))
    assert (back.code, state_of(back)) == ("settled_absent", ReplyState.PROPOSED)
    assert no(undo(back.change.case))[0] == "nothing_to_undo"
    again = done(say(back.change.case, now=after(61))).change.case
    assert publishing.start(again, after(80)).case.reply


@pytest.mark.parametrize("state", [ReplyState.HANDED_OFF, ReplyState.PENDING])
def test_what_was_not_posted_by_hand_or_fell_in_moderation_is_withdrawn(state: ReplyState) -> None:
    away = done(settle(in_state(state), posted=False))
    assert (away.code, state_of(away)) == ("settled_absent", ReplyState.WITHDRAWN)
    assert away.change.case.reply
    assert (away.change.case.reply.problem, away.change.case.reply.key) == ("not_posted", None)
    assert done(write(away.change.case)).code == "reply_proposed"


def test_settling_an_older_reply_proposes_nothing_beside_the_newer_one() -> None:
    """Handed off, overtaken by a message with a draft of its own, and posted by hand after all."""
    handed = in_state(ReplyState.HANDED_OFF)
    newer = intake.hear(handed, stored(2, "b", "Hello?"), assess("Hello?"), after(30)).case
    older = replace(handed, ticket=newer.ticket, item=newer.item)
    change = done(settle(older)).change
    assert (change.revisions, change.withdrawn) == ((), ())
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PUBLISHED


def test_calls_are_numbered_on_after_a_lost_one() -> None:
    back = done(settle(in_state(ReplyState.UNCERTAIN), posted=False)).change.case
    second = publishing.start(done(say(back, now=after(61))).change.case, after(80)).case.reply
    assert second
    assert second.attempt == 2


@pytest.mark.parametrize("state", [s for s in ReplyState if s not in replies.NEEDS_HAND])
def test_there_is_nothing_to_settle_elsewhere(state: ReplyState) -> None:
    assert no(settle(in_state(state))) == ("nothing_to_settle", "none")


def test_nothing_to_settle_without_a_reply() -> None:
    assert no(settle(bare())) == ("nothing_to_settle", "none")


def test_a_proof_must_be_a_link() -> None:
    assert no(settle(in_state(ReplyState.UNCERTAIN), url="javascript:alert(1)")) == ("not_a_link", "see_help")
