"""What a message put before people, in a few bytes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import messages as m
from bot.core.commands import intended
from bot.core.ids import ALPHABET
from bot.core.shown import Shown, approved_by, bound, plain_wish, shown_by, unpack
from tests.contract.chat_world import World

SHOWN = st.builds(
    Shown,
    ticket=st.text(alphabet=ALPHABET, min_size=4, max_size=6),
    revision=st.none() | st.integers(1, 999_999),
    seen=st.none() | st.from_regex(r"\A[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}\Z"),
)


@given(shown=SHOWN)
def test_it_travels_and_is_small(shown: Shown) -> None:
    packed = shown.pack()
    assert unpack(packed) == shown
    assert len(packed.encode()) <= 51


@given(text=st.text(max_size=80))
def test_anything_else_is_nothing(text: str) -> None:
    found = unpack(text)
    assert found is None or found.pack() == text


def test_a_card_shows_its_newest_wording() -> None:
    world = World()
    ticket = world.comment()
    assert shown_by(world.card_now(ticket)) == Shown(ticket=ticket, revision=1, seen="1.0.1")
    bare = world.comment(draft=None)
    assert shown_by(world.card_now(bare)) == Shown(ticket=bare)


def test_a_typed_yes_means_the_draft_that_stood_there() -> None:
    shown = Shown(ticket="K7Q2", revision=3, seen="3.0.1")
    yes = m.Approve(by="ana", via="slack", ticket="K7Q2")
    assert bound(yes, shown) == m.Approve(by="ana", via="slack", ticket="K7Q2", revision=3, seen="3.0.1")
    assert bound(m.Approve(by="a", via="s", ticket="K7Q2", revision=2), shown).seen is None  # type: ignore[union-attr]
    assert bound(m.Approve(by="a", via="s", ticket="XXXX"), shown) == m.Approve(by="a", via="s", ticket="XXXX")
    assert bound(m.Claim(by="a", via="s", ticket="K7Q2"), shown) == m.Claim(by="a", via="s", ticket="K7Q2")
    assert bound(yes, None) == yes


@pytest.mark.parametrize("verb", ["edit", "reply", "note", "ask", "nonsense", ""])
def test_what_needs_words_is_no_plain_wish(verb: str) -> None:
    assert plain_wish(verb, Shown(ticket="K7Q2"), by="a", via="s", snooze=timedelta(hours=1)) is None


def test_what_is_typed_means_what_was_shown_and_people_by_any_name() -> None:
    shown, team = Shown(ticket="K7Q2", revision=3, seen="3.0.1"), World().team.values()
    head: dict[str, Any] = {"by": "ana", "via": "slack", "ticket": "K7Q2"}
    assert intended(m.Approve(**head), shown, team) == m.Approve(**head, revision=3, seen="3.0.1")
    assert intended(m.Approve(**head), None, team) == m.Approve(**head)
    assert intended(m.Assign(**head, person="@Luis"), shown, team) == m.Assign(**head, person="luis")
    assert intended(m.Escalate(**head, person="nobody"), shown, team) == m.Escalate(**head, person="nobody")
    assert intended(m.Assign(**head), shown, team) == m.Assign(**head)


def test_plain_wishes_say_what_was_seen() -> None:
    shown = Shown(ticket="K7Q2", revision=3, seen="3.0.1")
    wish = plain_wish("approve", shown, by="ana", via="slack", snooze=timedelta(hours=1))
    assert wish == m.Approve(by="ana", via="slack", ticket="K7Q2", revision=3, seen="3.0.1")
    away = plain_wish("snooze", shown, by="ana", via="slack", snooze=timedelta(hours=2))
    assert away == m.Snooze(by="ana", via="slack", ticket="K7Q2", span=timedelta(hours=2))


async def test_whose_yes_to_what_was_shown_stands() -> None:
    world = World()
    ticket = world.comment()
    shown = shown_by(world.card_now(ticket))
    assert not shown.older
    assert not approved_by(world.card_now(ticket), shown, "luis")
    await world.submit(m.Approve(by="luis", via="desk", ticket=ticket, revision=1))
    assert approved_by(world.card_now(ticket), shown, "luis")
    assert not approved_by(world.card_now(ticket), shown, "ana")
    assert not approved_by(world.card_now(ticket), Shown(ticket=ticket, revision=2), "luis")
    await world.submit(m.Undo(by="luis", via="desk", ticket=ticket))
    assert not approved_by(world.card_now(ticket), shown, "luis")
    await world.submit(m.Approve(by="luis", via="desk", ticket=ticket, revision=1))
    world.publish(ticket)
    assert approved_by(world.card_now(ticket), shown, "luis")
    assert Shown(ticket=ticket, revision=1).older
