"""What counts as noise, and what may not hide in it."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.noise import EMOJI, RULES, TAGS, called, noise_in

OWN = ("Bakery@social.example", "wall", "The Bakery")
FAMILY, ENGLAND = "👩‍👩‍👧‍👦", "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbeng") + "\U000e007f"
SMILES = ("❤️", "❤", "👏🏽", "🙌🏿", "😍", "🎉", "❤️‍🔥", FAMILY, ENGLAND, "☀️", "👩🏾‍🍳", "💯", "⭐️", "✨", "🫶🏻", "🥐")
"""Hearts, tones, joined ones, a family, a flag that is spelled in tags."""


def test_nothing_but_harmless_pictures_is_noise() -> None:
    wanted = ["🇪🇸", "🇪🇸🇪🇸 🇪🇸", "😍😍😍!!!", "  ❤️ \n 🎉 … ", "🎉" * 900, *SMILES, "".join(SMILES), "@ana"[4:] + "😀"]
    assert {text: noise_in(text, RULES, OWN) for text in wanted} == dict.fromkeys(wanted, EMOJI)


def test_calls_to_friends_are_noise_and_calls_to_us_are_not() -> None:
    friends = ["@ana", "@ana @luis.perez 😂", "@ana_92, @b!", "@ana@social.example 🙌", "❤️ @ñandú @eva"]
    assert {text: noise_in(text, RULES, OWN) for text in friends} == dict.fromkeys(friends, TAGS)
    ours = ["@bakery", "@Bakery @ana 😂", "@bakery@social.example", "@ana @BAKERY@social.example", "@wall ❤️"]
    said = ["@ana come here", "ana@mail.example", "@ana@", "@ana #offer", "@ana http://a.example", "x@ana"]
    assert {text: noise_in(text, RULES, OWN) for text in [*ours, *said]} == dict.fromkeys([*ours, *said])


def test_anger_doubt_and_alarm_are_no_noise_whatever_stands_beside_them() -> None:
    for text in (
        "😡",
        "👎🏽",
        "🤮",
        "💔",
        "🚨",
        "⚠️",
        "🆘",
        "🤔",
        "🙄",
        "🤡",
        "💩",
        "🖕🏿",
        "🏴‍☠️",
        "🏴",
        "🤦🏽‍♀️",
        "🪳",
        "❓",
        "‼️",
        "🤒",
    ):
        assert noise_in(text, RULES, OWN) is None, text
        assert noise_in(f"❤️{text}❤️", RULES, OWN) is None, text
        assert noise_in(f"@ana {text}", RULES, OWN) is None, text


def test_nothing_can_be_said_in_disguise() -> None:
    """Keycaps, squared letters, flags that spell, tags, joiners and marks that show nothing."""
    hidden = [
        *("6️⃣0️⃣0️⃣", "🔟", "🅱️🅰️🅳", "🆘", "🆗", "🔤🔡", "Ⓜ️", "©", "ℹ️", "❶", "№"),
        *("🇭🇪🇱🇵", "🇸🇨🇦🇲", "🇪🇸🇪", "🇪🇸🇫🇷", "🇪🇸 🇫🇷", "@ana 🇭🇪🇱🇵"),
        *("❤️\u200bx", "❤\u200d", "\u200d❤", "❤\ufe0f\ufe0f", "❤\ufe00", "❤\u202e", "❤\u2066", "❤\u00ad", "❤\ufeff"),
        *("❤\u2028❤", "❤\u115f", "❤\u3164", "❤\u0301", "❤\U000e0041\U000e007f", "❤\U000e0100", "🏽", "❤\ue000"),
        ENGLAND.replace(chr(0xE0000 + ord("b")), chr(0xE0000 + ord("x"))),
        *("@ana\u200b", "@ana\u202e😀", "@\u0430na\u200d", "", " ", "!!!", "...", "❤ok", "❤" * 2001),
    ]
    assert {text: noise_in(text, RULES, OWN) for text in hidden} == dict.fromkeys(hidden)


def test_only_the_rules_in_force_count() -> None:
    assert (noise_in("❤️", {TAGS}), noise_in("@ana", {EMOJI}), noise_in("❤️", ())) == (None, None, None)


def test_mentions_are_spelled_out_for_those_who_know_words() -> None:
    assert called("@they_robbed_me and @ana.perez@social.example").split() == (
        ["they", "robbed", "me", "ana", "perez", "social", "example"]
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(SMILES), min_size=1, max_size=8), st.characters(), st.integers(0, 40))
def test_a_character_more_is_noise_only_where_it_is_a_picture_a_space_or_a_sign(
    smiles: list[str], char: str, at: int
) -> None:
    """Wherever a letter, a digit or something that shows nothing stands, it is seen."""
    text = "".join(smiles)
    mixed = text[:at] + char + text[at:]
    if noise_in(mixed, RULES, OWN) is not None:
        harmless = (
            unicodedata.category(char) in ("So", "Sk", "Cn") or char in " \t\n\r\u00a0\u3000!.,\u2026\u200d\ufe0e\ufe0f"
        )
        assert harmless, (hex(ord(char)), unicodedata.category(char))
        assert not char.isalnum()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_whatever_comes_in_there_is_an_answer_and_words_are_never_emoji(text: str) -> None:
    found = noise_in(text, RULES, OWN)
    assert found in (None, EMOJI, TAGS)
    if found == EMOJI:
        assert not any(char.isalnum() for char in text)
