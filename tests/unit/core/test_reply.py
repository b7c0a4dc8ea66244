"""The reply machine: every way there is, and no other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import reply as replies
from bot.core.reply import ANSWER_LOST, IllegalMove, Reply
from bot.core.types import ReplyState as S
from tests.support.core_world import T0

BASE = Reply(id="K7Q2.1", ticket="K7Q2", number=1, account="wall", item=1, state=S.DRAFTING, created_at=T0)
LATER = T0 + timedelta(seconds=10)

MOVES: dict[str, tuple[Callable[[Reply], Reply], frozenset[S], S]] = {
    "revise": (replies.revise, frozenset({S.DRAFTING, S.PROPOSED, S.APPROVED}), S.PROPOSED),
    "approve": (lambda r: replies.approve(r, key="k", undo_until=LATER), frozenset({S.PROPOSED}), S.APPROVED),
    "unapprove": (replies.unapprove, frozenset({S.APPROVED, S.UNCERTAIN}), S.PROPOSED),
    "start": (lambda r: replies.start(r, T0), frozenset({S.APPROVED}), S.PUBLISHING),
    "resend": (replies.resend, frozenset({S.PUBLISHING}), S.PUBLISHING),
    "look": (replies.look, frozenset({S.PUBLISHING}), S.PUBLISHING),
    "not_sent": (lambda r: replies.not_sent(r, "busy"), frozenset({S.PUBLISHING}), S.APPROVED),
    "posted": (
        lambda r: replies.posted(r, native_id="n", url="u", now=T0),
        frozenset({S.PUBLISHING, S.PENDING, S.UNCERTAIN, S.HANDED_OFF}),
        S.PUBLISHED,
    ),
    "pending": (lambda r: replies.pending(r, native_id="n", url=None), frozenset({S.PUBLISHING}), S.PENDING),
    "handed off": (
        lambda r: replies.refused(r, reason="summons", manual_url="u"),
        frozenset({S.PUBLISHING, S.PENDING}),
        S.HANDED_OFF,
    ),
    "rejected": (
        lambda r: replies.refused(r, reason="closed", manual_url=None),
        frozenset({S.PUBLISHING, S.PENDING}),
        S.REJECTED,
    ),
    "uncertain": (lambda r: replies.uncertain(r, "lost"), frozenset({S.PUBLISHING}), S.UNCERTAIN),
    "withdraw": (
        replies.withdraw,
        frozenset({S.DRAFTING, S.PROPOSED, S.APPROVED, S.PENDING, S.HANDED_OFF, S.REJECTED}),
        S.WITHDRAWN,
    ),
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", S)
def test_a_move_is_made_from_exactly_the_states_that_allow_it(name: str, state: S) -> None:
    move, allowed, to = MOVES[name]
    reply = replace(BASE, state=state)
    if state in allowed:
        assert move(reply).state is to
    else:
        with pytest.raises(IllegalMove, match=r"K7Q2\.1"):
            move(reply)


def test_published_and_withdrawn_are_ends() -> None:
    for move, allowed, _ in MOVES.values():
        assert not allowed & {S.PUBLISHED, S.WITHDRAWN}, move


def test_every_state_can_be_reached_and_every_other_state_can_be_left() -> None:
    assert {to for _, _, to in MOVES.values()} == set(S) - {S.DRAFTING}
    leaving = frozenset().union(*(allowed for _, allowed, to in MOVES.values() if allowed != {to}))
    assert leaving == set(S) - {S.PUBLISHED, S.WITHDRAWN}


def test_a_revision_takes_key_undo_window_and_problem_along() -> None:
    reply = replace(BASE, state=S.APPROVED, revision=3, key="k", undo_until=LATER, problem="busy")
    assert replies.revise(reply) == replace(BASE, state=S.PROPOSED, revision=4)


def test_an_approval_starts_clean_but_its_calls_are_counted_on() -> None:
    reply = replace(BASE, state=S.PROPOSED, attempt=2, looked=2, first_attempt_at=T0, problem="expired")
    stands = replies.approve(reply, key="k", undo_until=LATER)
    assert (stands.key, stands.undo_until, stands.looked, stands.first_attempt_at) == ("k", LATER, 0, None)
    assert stands.problem is None
    assert stands.attempt == 2, "an attempt number is never used twice for one reply"


def test_a_fallen_approval_leaves_no_key_and_says_why() -> None:
    fallen = replies.unapprove(replace(BASE, state=S.APPROVED, key="k", undo_until=LATER), "expired")
    assert (fallen.key, fallen.undo_until, fallen.problem) == (None, None, "expired")


def test_the_quorum_rises_and_never_sinks() -> None:
    two = replies.raise_quorum(BASE, 2)
    assert two.quorum == 2
    assert replies.raise_quorum(two, 1).quorum == 2


def test_the_intent_counts_the_call_and_forgets_the_problem_of_the_one_before() -> None:
    reply = replace(BASE, state=S.APPROVED, key="k", undo_until=LATER, attempt=1, looked=2, problem="busy")
    started = replies.start(reply, T0)
    assert (started.attempt, started.first_attempt_at, started.undo_until) == (2, T0, None)
    assert (started.looked, started.problem, started.key) == (0, None, "k")


def test_a_resend_keeps_key_and_first_attempt_and_looks_afresh() -> None:
    reply = replace(BASE, state=S.PUBLISHING, key="k", attempt=1, looked=2, first_attempt_at=T0)
    again = replies.resend(reply)
    assert (again.attempt, again.looked, again.key, again.first_attempt_at) == (2, 0, "k", T0)


def test_looking_in_vain_is_counted() -> None:
    assert replies.look(replies.look(replace(BASE, state=S.PUBLISHING))).looked == 2


@pytest.mark.parametrize("doubt", [replies.resend, replies.look])
def test_once_an_answer_is_lost_the_reply_cannot_be_called_unsent(doubt: Callable[[Reply], Reply]) -> None:
    doubtful = doubt(replies.start(replace(BASE, state=S.APPROVED, key="k"), T0))
    assert doubtful.problem == ANSWER_LOST
    with pytest.raises(IllegalMove, match="answer was lost"):
        replies.not_sent(doubtful, "busy")


def test_not_sent_keeps_the_approval() -> None:
    back = replies.not_sent(replies.start(replace(BASE, state=S.APPROVED, key="k"), T0), "busy")
    assert (back.state, back.key, back.problem) == (S.APPROVED, "k", "busy")


def test_what_is_posted_keeps_what_moderation_told_before() -> None:
    waiting = replies.pending(replace(BASE, state=S.PUBLISHING), native_id="n1", url="u1")
    live = replies.posted(waiting, native_id=None, url=None, now=LATER)
    assert (live.posted_id, live.posted_url, live.posted_at) == ("n1", "u1", LATER)
    assert replies.posted(waiting, native_id="n2", url="u2", now=LATER).posted_url == "u2"


def test_a_handed_off_reply_keeps_the_link_and_the_reason() -> None:
    handed = replies.refused(replace(BASE, state=S.PUBLISHING), reason="summons", manual_url="https://x/1")
    assert (handed.manual_url, handed.problem) == ("https://x/1", "summons")


def test_uncertain_says_what_is_known() -> None:
    assert replies.uncertain(replace(BASE, state=S.PUBLISHING), "timeout").problem == "timeout"


def test_a_withdrawn_reply_can_never_be_sent_by_its_key() -> None:
    gone = replies.withdraw(replace(BASE, state=S.APPROVED, key="k", undo_until=LATER), "closed")
    assert (gone.key, gone.undo_until, gone.problem) == (None, None, "closed")
