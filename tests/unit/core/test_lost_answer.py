"""A lost answer: what each kind of network lets us do about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core import publishing
from bot.core.ports import Idempotency
from bot.core.reply import ANSWER_LOST, IllegalMove
from tests.support.core_world import (
    T0,
    approved,
    capabilities,
    context,
    publishing_case,
)

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("doubt", [publishing.resend, publishing.looked_in_vain])
def test_after_a_lost_answer_nothing_is_sure_any_more(doubt: Any) -> None:
    doubtful = doubt(publishing_case()).case
    assert doubtful.reply.problem == ANSWER_LOST
    with pytest.raises(IllegalMove):
        publishing.not_sent(doubtful, "rate limit")


@pytest.mark.parametrize(
    ("kind", "window", "seconds", "looks", "step"),
    [
        ("upsert", None, 0, 0, "resend"),
        ("client_id", None, 10**6, 9, "resend"),
        ("content_dedupe", None, 10**6, 9, "resend"),
        ("content_dedupe", HOUR, 3509, 9, "resend"),
        ("content_dedupe", HOUR, 3510, 0, "find"),
        ("content_dedupe", HOUR, 3510, 2, "person"),
        ("key_window", HOUR, 3509, 9, "resend"),
        ("key_window", HOUR, 3510, 0, "find"),
        ("key_window", HOUR, 3600, 1, "find"),
        ("key_window", HOUR, 3600, 2, "person"),
        ("key_window", timedelta(0), 0, 2, "person"),
        ("key_window", None, 0, 0, "find"),
        ("lookup", None, 0, 0, "find"),
        ("lookup", None, 0, 1, "find"),
        ("lookup", None, 0, 2, "resend"),
        ("none", None, 0, 0, "person"),
        ("none", None, 0, 9, "person"),
    ],
)
def test_how_a_lost_answer_is_settled(
    kind: Idempotency, window: timedelta | None, seconds: int, looks: int, step: str
) -> None:
    reply = publishing.start(approved(), context()).case.reply
    assert reply
    reply = replace(reply, looked=looks)
    now = T0 + timedelta(seconds=seconds)
    assert publishing.next_step(reply, capabilities(kind, window), now).do == step


@pytest.mark.parametrize(("looks", "step"), [(0, "find"), (1, "find"), (2, "person")])
def test_where_moderation_hides_replies_a_person_is_asked_after_looking(looks: int, step: str) -> None:
    reply = publishing.start(approved(), context()).case.reply
    assert reply
    can = replace(capabilities("lookup"), async_publication=True)
    assert publishing.next_step(replace(reply, looked=looks), can, T0).do == step


def test_a_key_without_a_known_first_use_protects_from_nothing() -> None:
    reply = publishing.start(approved(), context()).case.reply
    assert reply
    unknown = replace(reply, first_attempt_at=None)
    assert publishing.next_step(unknown, capabilities("key_window", HOUR), T0).do == "find"


def test_after_a_resend_one_looks_afresh_before_the_next() -> None:
    looked = publishing.looked_in_vain(publishing.looked_in_vain(publishing_case()).case).case
    again = publishing.resend(looked).case.reply
    assert again
    assert publishing.next_step(again, capabilities("lookup"), T0).do == "find"
