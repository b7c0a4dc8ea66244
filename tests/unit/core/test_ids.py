"""Short ids: unique, in their alphabet, and a permutation within each length."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import ALPHABET, reply_id, ticket_id

BASE = len(ALPHABET)
FIRST_OF_LENGTH = {4: 0, 5: BASE**4, 6: BASE**4 + BASE**5, 7: BASE**4 + BASE**5 + BASE**6}


def spread(number: int, length: int) -> int:
    """The place of an id among all ids of its length."""
    value = 0
    for letter in ticket_id(number):
        value = value * BASE + ALPHABET.index(letter)
    assert len(ticket_id(number)) == length
    return value


def test_the_alphabet_has_no_letters_that_look_alike_and_no_vowels() -> None:
    assert len(set(ALPHABET)) == BASE == 27
    assert not set(ALPHABET) & set("01AEILOUY")


def test_all_ids_of_the_shortest_length_are_different() -> None:
    ids = {ticket_id(number) for number in range(BASE**4)}
    assert len(ids) == BASE**4
    assert all(len(one) == 4 for one in itertools.islice(ids, 1000))


def test_ids_grow_when_a_length_is_used_up_and_never_repeat() -> None:
    edge = BASE**4
    ids = [ticket_id(number) for number in range(edge - 5000, edge + 5000)]
    assert len(set(ids)) == 10_000
    assert {len(one) for one in ids[:5000]} == {4}
    assert {len(one) for one in ids[5000:]} == {5}


@given(st.sampled_from([4, 5, 6, 7]), st.data())
def test_two_numbers_never_share_an_id(length: int, data: st.DataObject) -> None:
    numbers = st.integers(0, BASE**length - 1)
    one, other = data.draw(numbers), data.draw(numbers)
    first = FIRST_OF_LENGTH[length]
    assert (ticket_id(first + one) == ticket_id(first + other)) == (one == other)


@given(st.sampled_from([4, 5, 6, 7]), st.data())
def test_the_spread_is_an_affine_permutation(length: int, data: st.DataObject) -> None:
    """Equal steps everywhere, and the step is coprime to 27**n: then every id is reached exactly once."""
    number = data.draw(st.integers(0, BASE**length - 2))
    first, space = FIRST_OF_LENGTH[length], BASE**length
    step = (spread(first + 1, length) - spread(first, length)) % space
    assert step % 3 != 0
    assert (spread(first + number + 1, length) - spread(first + number, length)) % space == step


def test_neighbours_look_nothing_alike() -> None:
    for number in range(2000):
        pair = zip(ticket_id(number), ticket_id(number + 1), strict=True)
        assert sum(a != b for a, b in pair) >= 2


@given(st.integers(0, 10**9))
def test_an_id_is_made_of_the_alphabet(number: int) -> None:
    assert set(ticket_id(number)) <= set(ALPHABET)


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="start at 0"):
        ticket_id(-1)


def test_a_reply_id_names_its_ticket() -> None:
    assert reply_id("K7Q2", 3) == "K7Q2.3"
    assert not {"."} & set(ALPHABET)
