"""What a day's comments are about: near duplicates, telling words, an example each."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import minhash
from bot.triage.minhash import ALIKE, clusters, looked_at, resemblance, shingles
from bot.triage.themes import FEWEST, Background, themes

DATA = Path(__file__).parents[2] / "data" / "themes" / "near_duplicates.tsv"
ROWS = [tuple(row.split("\t")) for row in DATA.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
TEXTS = [text for _, text in ROWS]
USUAL = Background().add(["¿Dónde está mi pedido?", "La tienda está cerrada", "Where is my order?"] * 100)


def test_near_duplicates_are_found_as_people_marked_them() -> None:
    wanted = {(a, b) for a, b in combinations(range(len(ROWS)), 2) if ROWS[a][0] == ROWS[b][0] != "-"}
    found = {pair for group in clusters(TEXTS) for pair in combinations(group, 2)}
    assert len(wanted) > 50
    f1 = 2 * len(wanted & found) / (len(wanted) + len(found))
    assert f1 >= 0.95, (wanted ^ found, f1)


@given(st.lists(st.text(alphabet="abc de", max_size=40), max_size=12))
@settings(max_examples=60, deadline=None)
def test_a_group_hangs_together_and_nobody_stands_in_two(texts: list[str]) -> None:
    groups = clusters(texts)
    members = [number for group in groups for number in group]
    assert len(members) == len(set(members))
    sets = [shingles(looked_at(text).folded) for text in texts]
    for group in groups:
        for one in group:
            others = [resemblance(sets[one], sets[other]) for other in group if other != one]
            assert max(others) >= ALIKE


def test_a_theme_is_named_by_what_is_new_and_shows_its_shortest_typical_comment() -> None:
    cold = [f"La sopa del comedor estaba fría, mesa {n}, qué pena de verdad" for n in range(5)]
    found = themes([*cold, "Sopa fría en el comedor.", "¿Dónde está mi pedido 17?", "¿Dónde está mi pedido 8?"], USUAL)
    assert (found[0].size, found[0].unusual) == (6, True)
    assert set(found[0].words) <= {"sopa", "fría", "comedor", "mesa", "pena", "verdad"}
    assert {"sopa", "fría"} & set(found[0].words)
    assert found[0].example == 5
    assert found[0].copies == 5
    assert len(found) == 1


def test_when_and_whose_name_no_theme() -> None:
    when = ("desde el lunes por la mañana", "hace tres semanas, el martes", "since Monday", "yesterday, first hour")
    said = [f"La mía {word} sigue rota la cafetera ({n})" for word in when for n in range(2)]
    assert {word for theme in themes(said, USUAL) for word in theme.words} <= {"sigue", "rota", "cafetera"}


CARRIERS = {
    "en": "made making takes took given gave comes kept keeps seen looks found feels thought knew wanted used happened",
    "es": "hecho hizo hago dado dieron dejan dejado llevan llevo pone puesto viene visto sigue pasó parece creo vuelve",
}


@pytest.mark.parametrize("word", [word for words in CARRIERS.values() for word in words.split()])
def test_a_verb_that_only_carries_what_stands_beside_it_names_no_theme(word: str) -> None:
    said = [f"{word} {other}" for other in ("parking kiosk", "croissant ciruela", "ascensor lámpara", "wifi barista")]
    assert [theme for theme in themes(said, USUAL) if word in theme.words] == []


@pytest.mark.parametrize("word", ["vino", "show", "llegar", "call"])
def test_a_verb_that_is_a_thing_too_may_name_one(word: str) -> None:
    said = [f"{word} {other}" for other in ("parking kiosk", "croissant ciruela", "ascensor lámpara", "wifi barista")]
    assert [theme.words for theme in themes(said, USUAL)] == [(word,)]


def test_copies_without_a_word_that_says_anything_are_a_theme_too() -> None:
    [theme] = themes(["¿Y bien? ¿Cómo es esto?"] * FEWEST)
    assert (theme.size, theme.words, theme.copies) == (3, (), 3)


@given(st.lists(st.text(max_size=60), max_size=25))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_in_each_comment_counts_in_one_theme_at_most(texts: list[str]) -> None:
    found = themes(texts, USUAL)
    members = [number for theme in found for number in theme.members]
    assert len(members) == len(set(members))
    assert all(theme.example in theme.members and theme.size >= FEWEST for theme in found)
    assert found == themes(texts, USUAL)


def test_a_hostile_crowd_costs_no_square(monkeypatch: pytest.MonkeyPatch) -> None:
    # The same words in ever other company: all of them meet in the same buckets, and none resembles another.
    texts = [" ".join([f"palabra{n * 7 + k}" for k in range(12)]) + " oferta única" for n in range(250)]
    held: list[int] = []
    counted: list[int] = []
    may_be = minhash._may_be

    def hold(one: minhash._Signed, other: minhash._Signed) -> bool:
        held.append(1)
        return may_be(one, other)

    def count(one: frozenset[int], other: frozenset[int]) -> float:
        counted.append(1)
        return 0.0

    monkeypatch.setattr(minhash, "MOST_COMPARED", 2)
    monkeypatch.setattr(minhash, "_may_be", hold)
    monkeypatch.setattr(minhash, "resemblance", count)
    assert clusters(texts) == []
    assert len(texts) < len(held) <= len(texts) * minhash.BANDS * 2 < len(texts) * len(texts) / 2
    assert len(counted) < len(texts) / 10, "what bits can tell is not counted out"


MARKS = st.integers(0, 3 * minhash._BITS)


@given(st.sets(MARKS, min_size=1, max_size=30), st.sets(MARKS, max_size=15), st.data())
@settings(max_examples=40, deadline=None)
def test_bits_rule_out_nothing_that_is_alike(common: set[int], more: set[int], data: st.DataObject) -> None:
    # The bit of every shingle is that of another, too.
    one = frozenset(common | {mark + minhash._BITS for mark in common})
    left = data.draw(st.sets(st.sampled_from(sorted(one)), max_size=len(one) // 2))
    other = frozenset((one - left) | set(list(more)[: len(one) // 3]))
    first, second = minhash._signed([one, other])
    assert minhash._may_be(first, second) or not minhash._alike(one, other)
    assert minhash._may_be(second, first) or not minhash._alike(one, other)
