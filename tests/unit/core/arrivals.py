"""What comes from outside, in one word each, for the tests of intake."""

from bot.core import deciding, intake, sorting
from bot.core.case import Case, Change
from bot.core.messages import Announce, Approve, Close, Fact, Write
from bot.core.types import ReplyState
from tests.support.core_world import (
    PEOPLE,
    after,
    assess,
    bare,
    context,
    done,
    proposed,
    stored,
    wish,
)


def facts(change: Change) -> list[Fact]:
    return [entry.fact for entry in change.entries]


def announced(change: Change) -> list[str]:
    return [effect.code for effect in change.effects if isinstance(effect, Announce)]


def hear(case: Case, text: str, *, row: int = 2, native: str = "b", seconds: float = 60) -> Change:
    return intake.hear(case, stored(row, native, text), assess(text), after(seconds))


def edited(case: Case, text: str, *, row: int = 2, native: str = "a", crisis: bool = False) -> Change:
    new = stored(row, native, text, number=2)
    return intake.notice_edit(case, new, assess(text), after(60, crisis=crisis))


def removed(case: Case, *, native: str = "a") -> Change:
    return intake.notice_removal(case, stored(2, native, number=2, gone=True), "deleted", after(60))


def written(text: str = "In my own words", on: Case | None = None) -> Case:
    start = bare() if on is None else on
    return done(deciding.write(start, wish(Write, "ada", text=text), PEOPLE["ada"], context())).change.case


def half_approved() -> Case:
    """One of two needed approvals is there."""
    case = proposed("danger")
    change = done(deciding.approve(case, wish(Approve, "luis"), PEOPLE["luis"], context())).change
    assert change.case.reply
    assert change.case.reply.state is ReplyState.PROPOSED
    return change.case


def shut(case: Case) -> Case:
    return done(sorting.close(case, wish(Close, "ada"), PEOPLE["ada"], context())).change.case
