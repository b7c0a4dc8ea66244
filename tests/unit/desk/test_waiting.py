"""What waits for a person, and what is folded away, in the command box."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.letters import Letter, LetterState, Muting, remedies
from bot.core.press import Headline
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


async def test_noise_lies_in_a_roll_that_lists_it_and_leads_to_each(desk: DeskSide) -> None:
    [answer] = (await type_in(desk, "noise")).answers
    assert "No noise lies folded away." in answer
    roll = desk.world.noise("<b>❤️</b>\u202e", author="Marta")
    desk.world.noise("@ana 😂", at_once=40)
    [answer] = (await type_in(desk, "ruido")).answers
    assert f"{roll} · wall: 41 comments folded away" in answer
    html = (await (await desk.browser("luis")).get(f"/desk/t/{roll}")).text
    for one in desk.world.card_now(roll).folded:
        assert f"/desk/t/{one.ticket}" in html


async def test_the_press_is_listed_with_its_links(desk: DeskSide) -> None:
    [answer] = (await type_in(desk, "press")).answers
    assert "The press has written nothing that we know of." in answer
    now = desk.world.clock()
    piece = Headline(title="Bread\u202e wins", url="https://paper.example/1", source="paper.example", at=now)
    desk.world.headlines.append(replace(piece, at=now - timedelta(hours=2)))
    [answer] = (await type_in(desk, "prensa 3d")).answers
    assert "The press wrote in the last 3 days:" in answer
    assert "Bread⟨U+202E⟩ wins · paper.example · 2 hours ago" in answer
    assert "https://paper.example/1" in answer
