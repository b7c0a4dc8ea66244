"""What an approval binds to, who may give one, and how long it stands."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.approval import (
    Binding,
    Decision,
    Verdict,
    may,
    publication_key,
    satisfied,
    standing,
    text_digest,
)
from bot.core.types import Role, Visibility
from tests.support.core_world import PEOPLE, T0, with_person

BINDING = Binding(
    reply="K7Q2.1",
    revision=1,
    text_hash=text_digest("hello"),
    account="wall",
    item="a",
    item_version="v1",
    conversation=1,
    visibility=Visibility.PUBLIC,
    quorum=1,
)
OTHER: dict[str, Any] = {
    "reply": "K7Q2.2",
    "revision": 2,
    "text_hash": text_digest("hello "),
    "account": "wall2",
    "item": "b",
    "item_version": "v2",
    "conversation": 2,
    "visibility": Visibility.PRIVATE,
    "quorum": 2,
}


def decision(person: str = "luis", verdict: Verdict = Verdict.APPROVE, **more: Any) -> Decision:
    values: dict[str, Any] = {
        "reply": "K7Q2.1",
        "revision": 1,
        "person": person,
        "verdict": verdict,
        "via": "desk",
        "at": T0,
        "binding": "b",
        "expires_at": T0 + timedelta(hours=24),
    }
    return Decision(**(values | more))


def test_every_field_of_a_binding_is_tried() -> None:
    assert set(OTHER) == {f.name for f in fields(Binding)}


@pytest.mark.parametrize("field", OTHER)
def test_a_digest_changes_with_every_field(field: str) -> None:
    assert replace(BINDING, **{field: OTHER[field]}).digest() != BINDING.digest()


def test_a_digest_is_the_same_for_the_same_facts() -> None:
    assert replace(BINDING).digest() == BINDING.digest()
    assert len(BINDING.digest()) == 64


@given(st.text(), st.text())
def test_fields_cannot_flow_into_each_other(one: str, other: str) -> None:
    left = replace(BINDING, item=one, item_version=other).digest()
    right = replace(BINDING, item=one + other, item_version="").digest()
    assert (left == right) == (other == "")


def test_hostile_texts_can_be_bound() -> None:
    assert text_digest("\ud800\x00") != text_digest("\ud801\x00")
    assert replace(BINDING, item="\ud800").digest() != replace(BINDING, item="?").digest()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_role_may_do_what_lower_roles_may_and_only_while_active(name: str, role: Role) -> None:
    person = PEOPLE[name]
    assert may(person, role) == (person.active and person.role.covers(role))
    assert not may(None, role)


def test_a_yes_stands_for_its_binding_only() -> None:
    assert standing([decision()], "b", PEOPLE, T0) == ("luis",)
    assert standing([decision()], "c", PEOPLE, T0) == ()


def test_a_yes_stands_until_the_moment_it_expires_and_not_in_it() -> None:
    end = T0 + timedelta(hours=24)
    assert standing([decision()], "b", PEOPLE, end - timedelta(microseconds=1)) == ("luis",)
    assert standing([decision()], "b", PEOPLE, end) == ()
    assert standing([decision(expires_at=None)], "b", PEOPLE, end + timedelta(days=999)) == ("luis",)


def test_a_person_counts_once_whatever_identity_was_used() -> None:
    twice = [decision(via="slack"), decision(via="telegram")]
    assert standing(twice, "b", PEOPLE, T0) == ("luis",)


def test_people_stand_in_the_order_of_their_first_yes() -> None:
    yes = [decision("pia"), decision("luis"), decision("pia")]
    assert standing(yes, "b", PEOPLE, T0) == ("pia", "luis")


@pytest.mark.parametrize(
    "people",
    [
        with_person("luis", active=False),
        with_person("luis", role=Role.AGENT),
        {name: p for name, p in PEOPLE.items() if name != "luis"},
    ],
    ids=["inactive", "demoted", "removed"],
)
def test_a_yes_does_not_outlive_the_right_to_give_it(people: dict[str, Any]) -> None:
    assert standing([decision(), decision("pia")], "b", people, T0) == ("pia",)


@pytest.mark.parametrize("verdict", [Verdict.UNDO, Verdict.VOID, Verdict.REFUSE])
def test_any_other_verdict_takes_away_what_came_before_and_nothing_after(verdict: Verdict) -> None:
    history = [decision("luis"), decision("ana", verdict), decision("pia")]
    assert standing(history, "b", PEOPLE, T0) == ("pia",)
    assert standing(history[:2], "b", PEOPLE, T0) == ()


@pytest.mark.parametrize(
    ("approvers", "quorum", "author", "enough"),
    [
        ([], 1, None, False),
        (["luis"], 1, None, True),
        (["luis"], 1, "luis", True),
        (["luis"], 2, "pia", False),
        (["luis", "pia"], 2, "luis", True),
        (["luis", "pia"], 2, None, True),
        (["luis", "pia"], 3, "ana", False),
        (["luis", "luis"], 2, "luis", False),
    ],
)
def test_enough_people_and_one_of_them_not_the_author(
    approvers: list[str], quorum: int, author: str | None, enough: bool
) -> None:
    assert satisfied(approvers, quorum, author) is enough


def test_a_key_names_one_approval() -> None:
    key = publication_key("b", T0)
    assert key == publication_key("b", T0)
    assert len({key, publication_key("c", T0), publication_key("b", T0 + timedelta(microseconds=1))}) == 3
    assert len(key) == 32
