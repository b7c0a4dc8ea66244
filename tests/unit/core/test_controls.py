"""Every chat offers exactly what can be done now."""

import pytest

from bot.core.controls import controls
from bot.core.types import ReplyState, TicketStatus

ALL = [None, *ReplyState]


@pytest.mark.parametrize(
    ("reply", "first"),
    [
        (None, ("reply", "redraft")),
        (ReplyState.DRAFTING, ("redraft",)),
        (ReplyState.PROPOSED, ("approve", "edit", "redraft", "refuse")),
        (ReplyState.APPROVED, ("undo", "edit")),
        (ReplyState.PUBLISHING, ()),
        (ReplyState.PENDING, ("settle",)),
        (ReplyState.PUBLISHED, ("reply",)),
        (ReplyState.UNCERTAIN, ("settle",)),
        (ReplyState.REJECTED, ("reply", "redraft")),
        (ReplyState.HANDED_OFF, ("settle",)),
        (ReplyState.WITHDRAWN, ("reply", "redraft")),
    ],
)
def test_what_can_be_done_about_the_reply_comes_first(reply: ReplyState | None, first: tuple[str, ...]) -> None:
    closing = () if reply in (ReplyState.PUBLISHING, ReplyState.UNCERTAIN) else ("close",)
    expected = (*first, "claim", "ask", "escalate", "snooze", *closing, "note")
    assert controls(TicketStatus.OPEN, reply) == expected


@pytest.mark.parametrize("status", [TicketStatus.WAITING, TicketStatus.SNOOZED])
def test_a_parked_ticket_can_be_opened_instead_of_snoozed(status: TicketStatus) -> None:
    offered = controls(status, None)
    assert "reopen" in offered
    assert "snooze" not in offered


@pytest.mark.parametrize("reply", ALL)
def test_a_closed_ticket_offers_little_and_no_reply_beside_one_on_its_way(reply: ReplyState | None) -> None:
    flying = reply in (ReplyState.PUBLISHING, ReplyState.PENDING, ReplyState.UNCERTAIN)
    offered = ("reopen", "note") if flying else ("reopen", "reply", "note")
    assert controls(TicketStatus.CLOSED, reply) == offered
    assert controls(TicketStatus.CLOSED, reply, gone=True) == ("reopen", "note")


@pytest.mark.parametrize("reply", ALL)
def test_nobody_is_invited_to_answer_what_is_gone(reply: ReplyState | None) -> None:
    offered = controls(TicketStatus.OPEN, reply, gone=True)
    assert not {"approve", "edit", "reply", "redraft"} & set(offered)
    stays = {"undo", "refuse", "settle"} & set(controls(TicketStatus.OPEN, reply))
    assert stays <= set(offered)


@pytest.mark.parametrize("status", TicketStatus)
@pytest.mark.parametrize("reply", ALL)
@pytest.mark.parametrize("gone", [False, True])
def test_nothing_is_offered_twice(status: TicketStatus, reply: ReplyState | None, gone: bool) -> None:
    offered = controls(status, reply, gone=gone)
    assert len(set(offered)) == len(offered)
