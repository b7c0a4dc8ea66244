"""What people do, in one word each, and a case in every state, for the tests of deciding."""

from dataclasses import replace
from typing import Any

from bot.core import deciding, publishing
from bot.core import reply as replies
from bot.core.case import Case, ChangeResult
from bot.core.messages import (
    Approve,
    Edit,
    Fact,
    Redraft,
    Refuse,
    Refused,
    Settle,
    Undo,
    Write,
)
from bot.core.proposing import new_reply
from bot.core.types import Posted, Rejected, ReplyState, Unknown
from tests.support.core_world import (
    PEOPLE,
    after,
    approved,
    context,
    done,
    opening,
    proposed,
    publishing_case,
    wish,
)

Answer = ChangeResult | Refused


def say(case: Case, by: str = "luis", *, now: Any = None, **more: Any) -> Answer:
    return deciding.approve(case, wish(Approve, by, **more), PEOPLE[by], now or context())


def refuse_it(case: Case, by: str = "luis", **more: Any) -> Answer:
    return deciding.refuse_reply(case, wish(Refuse, by, **more), PEOPLE[by], context())


def edit(case: Case, text: str = "Other words", by: str = "ada", *, now: Any = None, **more: Any) -> Answer:
    return deciding.edit(case, wish(Edit, by, text=text, **more), PEOPLE[by], now or context())


def write(case: Case, text: str = "Own words", by: str = "ada", *, now: Any = None) -> Answer:
    return deciding.write(case, wish(Write, by, text=text), PEOPLE[by], now or context())


def redraft(case: Case, by: str = "ada", hint: str = "") -> Answer:
    return deciding.redraft(case, wish(Redraft, by, hint=hint), PEOPLE[by], context())


def undo(case: Case, by: str = "luis", *, now: Any = None) -> Answer:
    return deciding.undo(case, wish(Undo, by), PEOPLE[by], now or context())


def settle(case: Case, by: str = "luis", *, posted: bool = True, url: str = "") -> Answer:
    return deciding.settle(case, wish(Settle, by, posted=posted, url=url), PEOPLE[by], after(60))


def in_state(state: ReplyState, text: str = "The soup was cold") -> Case:
    """A case whose reply got there by the ways there are."""
    flying = publishing_case(text)
    ways: dict[ReplyState, Any] = {
        ReplyState.PUBLISHED: Posted(native_id="n1", url="https://n/1"),
        ReplyState.UNCERTAIN: Unknown(detail="timeout"),
        ReplyState.HANDED_OFF: Rejected(reason="summons", manual_url="https://n/by-hand"),
        ReplyState.REJECTED: Rejected(reason="thread locked"),
    }
    if state is ReplyState.PUBLISHING:
        return flying
    if state is ReplyState.PROPOSED:
        return proposed(text)
    if state is ReplyState.APPROVED:
        return approved(text)
    if state is ReplyState.DRAFTING:
        return new_reply(opening("SILENCE"), context()).case
    if state is ReplyState.WITHDRAWN:
        return done(refuse_it(proposed(text))).change.case
    if state is ReplyState.PENDING:
        assert flying.reply
        return replace(flying, reply=replies.pending(flying.reply, native_id="n1", url=None))
    return publishing.conclude(flying, ways[state], after(12)).case


def state_of(result: ChangeResult) -> ReplyState:
    assert result.change.case.reply
    return result.change.case.reply.state


def facts(result: ChangeResult) -> list[Fact]:
    return [entry.fact for entry in result.change.entries]
