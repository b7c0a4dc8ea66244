"""What waits for a person, and what is folded away, in the command box."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.letters import Letter, LetterState, Muting, remedies
from tests.contract.desk_side import DeskSide
from tests.unit.desk.test_pages import type_in

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def made(state: LetterState, type: str = "publish", **more: Any) -> Letter:
    name = "E17" if state is LetterState.DEAD else "K7Q2.1"
    values: dict[str, Any] = {
        "part": "network",
        "place": "wall",
        "since": NOW,
        "reason": "HTTP \u202e500",
        "ticket": "K7Q2",
    }
    return Letter(**({"id": name, "type": type, "state": state, "remedies": remedies(state, type)} | values | more))


@pytest.mark.parametrize(
    ("line", "said"), [("failures", "Nothing waits for a person."), ("mutes", "Nothing is folded away.")]
)
async def test_nothing_is_said_to_be_nothing(desk: DeskSide, line: str, said: str) -> None:
    [answer] = (await type_in(desk, line)).answers
    assert said in answer


async def test_all_of_them_are_listed_and_foreign_words_play_no_tricks(desk: DeskSide) -> None:
    desk.world.waiting += [made(LetterState.UNCERTAIN), made(LetterState.DEAD, "card", reason="no_such_room")]
    [answer] = (await type_in(desk, "failures")).answers
    assert "K7Q2.1 · Reply of unknown fate" in answer
    assert "⟨U+202E⟩500" in answer
    assert "E17 · Card that is not shown" in answer


async def test_one_of_them_says_what_it_means_and_what_to_type(desk: DeskSide) -> None:
    desk.world.waiting.append(made(LetterState.UNCERTAIN, text="Dear Rosa, sorry."))
    [answer] = (await type_in(desk, "failures K7Q2")).answers
    assert "The customer may have our answer already, or none at all." in answer
    assert "Dear Rosa, sorry." in answer
    assert "settle K7Q2 posted" in answer
    assert "retry K7Q2" in answer


async def test_one_that_is_done_already_is_said_so(desk: DeskSide) -> None:
    [answer] = (await type_in(desk, "failures E99")).answers
    assert "There is no failure E99" in answer


async def test_what_is_folded_away_comes_with_who_and_how_to_lift_it(desk: DeskSide) -> None:
    desk.world.muted.append(Muting(pattern="@troll\u202e", by="luis", at=NOW))
    [answer] = (await type_in(desk, "mutes")).answers
    assert "@troll⟨U+202E⟩ (by luis); to lift it: unmute @troll" in answer
