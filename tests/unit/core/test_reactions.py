"""What an emoji stands for."""

import pytest

from bot.core.reactions import SIGNS, VERBS, verb_for
from bot.core.words import BY_NAME


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.verb)
def test_the_names_and_the_characters_mean_the_same(sign: object) -> None:
    assert verb_for(sign.name, {}) == verb_for(sign.emoji, {}) == verb_for(f":{sign.name}:", {}) == sign.verb  # type: ignore[attr-defined]


def test_every_sign_is_a_verb_of_the_grammar() -> None:
    assert set(BY_NAME) >= VERBS


@pytest.mark.parametrize(
    "name", ["thumbsup", "+1", "heart", "heavy_check_mark", "tada", "", ":", "show", "pause", "x" * 5000]
)
def test_most_emoji_are_just_that(name: str) -> None:
    assert verb_for(name, {}) is None


@pytest.mark.parametrize(
    ("name", "verb"), [("aprobar", "approve"), ("APPROVE", "approve"), ("posponer", "snooze"), ("toma", "claim")]
)
def test_an_emoji_called_like_a_verb_means_it(name: str, verb: str) -> None:
    assert verb_for(name, {}) == verb


def test_a_team_has_its_own() -> None:
    own = {"LGTM": "approve", "👍": "approve", "white_check_mark": ""}
    assert verb_for("lgtm", own) == "approve"
    assert verb_for("👍🏿", own) == "approve"
    assert verb_for("white_check_mark", own) is None
    assert verb_for("eyes", own) == "claim"


def test_skin_tones_change_nothing() -> None:
    assert verb_for("see_no_evil::skin-tone-3", {}) == "close"
    assert verb_for("+1::skin-tone-6", {"+1": "approve"}) == "approve"
