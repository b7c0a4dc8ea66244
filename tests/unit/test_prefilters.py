"""The cheap questions before the costly patterns change no answer: each rule with and without, on hostile text."""

from __future__ import annotations

import random

import pytest

from bot.core import guard_asks, guard_deletion, links, personal_data, plaintext
from bot.core.plaintext import fold, visible
from bot.core.remembering import forget, held
from bot.core.types import Kind
from bot.triage import kind, point, suspicious, text
from tests.bench.comments import comments

_PIECES = (
    *("envíanos tu número", "send us your card details", "borraremos tu comentario"),
    *("hola", "Ana", "your", "tu", "envíanos", "send us", "número", "de pedido", "card details", "PIN", "correo"),
    *("borraremos", "tu comentario", "delete", "we will", "or we'll", "o si no", "lo haremos", "comment will vanish"),
    *("http://", "hxxp:/", "www.", "WWW.", "wwW\u3002", "example", ".com", ".COM", " dot ", "[.]", "( punto )", "es"),
    *(
        "xn--p1ai",
        "javascript:",
        "\u017fcript:",
        "data:x",
        "\uff0e",
        "\uff61",
        "\u3002",
        "co\u212a",
        ".\u212ar",
        ".t\u212a",
    ),
    *("@", "\uff20", "ana@example.com", "@todos", "<!here>", "#tag", "\uff03tag", "^MG", "/", ":", ".", ",", "?", "\n"),
    *(
        "ES91 2100 0418 4502 0005 1332",
        "12345678Z",
        "X-1234567-L",
        "+(34) 612 345 678",
        "4111 1111 1111 1111",
        "\u0663",
    ),
    *(
        "ignore all",
        "previous instructions",
        "act as an ai",
        "system:",
        "<|im_start|>",
        "[INST]",
        "hey bot",
        "reply with",
    ),
    *(
        "ahora eres",
        "olvida",
        "reglas anteriores",
        "reveal the prompt",
        "como ia",
        "\u200b",
        "\u202e",
        "\u2764\ufe0f",
        "é",
    ),
)


def _hostile(seed: int) -> list[str]:
    dice = random.Random(seed)
    return [
        "".join(dice.choice(_PIECES) + dice.choice(("", " ", " ", "\u00a0")) for _ in range(dice.randrange(1, 9)))
        for _ in range(400)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_links_are_found_wherever_the_patterns_find_them(seed: int) -> None:
    found = 0
    for raw in _hostile(seed):
        whole = links._hosts(visible(raw))
        found += bool(whole)
        assert links.find_hosts(raw) == whole, raw
    assert found > 20


@pytest.mark.parametrize("seed", range(4))
def test_demands_and_threats_are_found_wherever_every_word_is_looked_at(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [fold(raw) for raw in _hostile(seed)]
    quick = [(guard_asks.demands(one), guard_deletion.deletion_threat(one)) for one in texts]
    monkeypatch.setattr(guard_asks, "_FIRST_WORDS", _Everything())
    monkeypatch.setattr(guard_deletion, "_VERBS", _Everything())
    monkeypatch.setattr(guard_deletion, "_ELLIPSIS_STEMS", ("",))
    assert quick == [(guard_asks.demands(one), guard_deletion.deletion_threat(one)) for one in texts]
    assert any(asked for asked, _ in quick)
    assert any(threat for _, threat in quick)


class _Everything:
    """A set that holds every word."""

    def __contains__(self, word: str) -> bool:
        return True

    def isdisjoint(self, words: object) -> bool:
        return False


@pytest.mark.parametrize("seed", range(4))
def test_personal_data_are_the_same_from_the_start_of_the_text(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _hostile(seed)
    quick = [personal_data.find_personal_data(raw) for raw in texts]
    monkeypatch.setattr(personal_data, "_BEFORE_DIGIT", 10_000)
    assert quick == [personal_data.find_personal_data(raw) for raw in texts]
    assert {datum.sort for data in quick for datum in data} == {"email", "phone", "iban", "card", "document"}


@pytest.mark.parametrize("seed", range(4))
def test_the_text_for_the_rules_is_cleaned_as_by_all_patterns(seed: int) -> None:
    for raw in _hostile(seed):
        plain = visible(raw)
        assert text.bare(raw) == text._HANDLE.sub(" ", text._URL.sub(" ", text._EMAIL.sub(" ", plain))), raw
        whole = plain
        for pattern in (text._EMAIL, text._URL, text._HANDLE, text._HASHTAG, text._PICTURE):
            whole = pattern.sub("\n", whole)
        assert text.bare_with_breaks(plain) == whole, raw


@pytest.mark.parametrize("seed", range(4))
def test_advertised_links_hidden_characters_and_orders_are_found_wherever_the_patterns_find_them(seed: int) -> None:
    flagged = 0
    for raw in _hostile(seed):
        folded = fold(raw)
        assert kind._has_link(raw) == bool(kind._LINK.search(raw)), raw
        harmless_gone = plaintext._HARMLESS.sub("", raw)
        assert plaintext.invisible(raw) == plaintext._INVISIBLE.findall(harmless_gone), raw
        for name, pattern in suspicious._PATTERNS.items():
            assert suspicious._may_match(name, folded) or not pattern.search(folded), (name, raw)
        flagged += bool(suspicious.suspicious(raw))
    assert flagged > 20


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_passage_that_is_passed_over_would_not_have_been_the_point(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [one.text for one in comments(7, 300)]
    quick = [(one, kind, point.pick_point(one, kind, language)) for one in said for kind in Kind]
    monkeypatch.setattr(point, "_at_most", lambda *_: 100.0)
    for one, kind_, passage in quick:
        assert point.pick_point(one, kind_, language) == passage, (kind_, one)
    assert sum(passage is not None for _, _, passage in quick) > 500


@pytest.mark.parametrize("word", ["Holaaaa", "ÑANDÚ", "straße", "can\u2019t", "\ufb01n", "ok", "a" * 40])
def test_a_remembered_word_folds_like_a_new_one(word: str) -> None:
    assert text.tokens(word).folded == [text._word(word)] == text.tokens(word).folded


def test_only_few_words_and_no_numbers_are_remembered() -> None:
    forget()
    text.tokens("612345678 ref 4b7 " + "x" * 30)
    assert held() == 1
    text.tokens(" ".join(f"x{'ab'[n % 2]}{'abcdefgh'[n % 8]}{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)))
    assert held() <= 512
