"""What a call may have cost is counted though no answer of it can be used; nothing keeps the event loop waiting."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.core.briefs import Made
from bot.core.drafting import NoOffer
from handlers.models.openai import drafter as drafters
from handlers.models.openai import wire
from handlers.models.openai.drafter import OpenAIDrafter
from handlers.models.openai.masking import Mask
from tests.models.test_openai_drafter import BRIEF, GOOD, always, drafter_for
from tests.support import openai_fake as fakes
from tests.support.openai_fake import FakeOpenAI

SOON, LONG = 0.2, 5.0
"""Seconds for what never ends well, and for what does."""
THEMES = [(12, "soup, cold", "Cold soup!")]
SUMMARY = '{"summary": "Cold soup."}'
CASES: list[tuple[str, list[Any], float, int]] = [
    ("silence", [fakes.silence], SOON, 1),
    ("a megabyte", [fakes.flood(1)], LONG, 1),
    ("not JSON", [fakes.raw(b"<html>maintenance</html>", "text/html")], LONG, 1),
    ("no completion", [fakes.raw(b'{"choices": []}')], LONG, 1),
    ("503", [503], LONG, 0),
    ("404", [404], LONG, 0),
    ("429 for long", [fakes.rate_limited("30")], LONG, 0),
]
"""What the endpoint does, for how long it is waited for, and how often what it was told may be paid for."""
Ask = Callable[[OpenAIDrafter, float], Awaitable[Any]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    made = FakeOpenAI()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def drafter(fake: FakeOpenAI) -> AsyncIterator[OpenAIDrafter]:
    made = drafter_for(fake.base, price_input=2.0, price_output=10.0)
    await made.open()
    yield made
    await made.aclose()


async def cost(asked: Awaitable[Any]) -> Made:
    """What a call is said to have cost."""
    try:
        found: Any = await asked
    except NoOffer as none:
        found = none
    made: Made = found.made
    return made


def writing(drafter: OpenAIDrafter, within: float) -> Awaitable[Any]:
    return drafter.write(BRIEF, within=within)


def summing_up(drafter: OpenAIDrafter, within: float) -> Awaitable[Any]:
    return drafter.summarise(THEMES, language="en", brand="Café Alba", within=within)


@pytest.mark.parametrize(("ask", "answer"), [(writing, GOOD), (summing_up, SUMMARY)])
async def test_a_call_without_an_answer_counts_what_may_be_paid_for(
    fake: FakeOpenAI, drafter: OpenAIDrafter, ask: Ask, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.answer, fake.usage = always(answer), None
    told = (await cost(ask(drafter, LONG))).tokens_in
    assert told > 100
    # What was lost before an answer came is counted on top of it.
    fake.troubles = [fakes.hangs_up]
    assert (await cost(ask(drafter, LONG))).tokens_in == 2 * told
    # One try each: of another that the deadline cuts off nobody could say whether it is paid for.
    monkeypatch.setattr(wire, "BACKOFF", 2 * LONG)
    for name, troubles, within, times in CASES if ask is writing else CASES[:1]:
        fake.troubles = list(troubles)
        made = await cost(ask(drafter, within))
        assert (made.tokens_in, made.tokens_out) == (told * times, 0), name
        assert made.cost == pytest.approx(made.tokens_in * 2e-6), name


async def test_nobody_there_costs_nothing(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # As above.
    monkeypatch.setattr(wire, "BACKOFF", 2 * LONG)
    drafter = drafter_for(f"http://127.0.0.1:{free_port}/v1")
    await drafter.open()
    with pytest.raises(NoOffer) as none:
        await drafter.write(BRIEF, within=LONG)
    assert none.value.made is not None
    assert none.value.made.tokens_in == 0
    await drafter.aclose()


async def test_time_that_went_before_the_call_is_gone_and_costs_nothing(fake: FakeOpenAI) -> None:
    drafter = drafter_for(fake.base)
    with pytest.raises(NoOffer) as none:
        await drafter.summarise(THEMES, language="en", brand="Café Alba", within=0.0)
    assert none.value.made is not None
    assert (none.value.made.tokens_in, fake.requests) == (0, [])


@pytest.mark.parametrize(("ask", "answer"), [(writing, GOOD), (summing_up, SUMMARY)])
async def test_foreign_text_is_masked_beside_the_event_loop(
    fake: FakeOpenAI,
    ask: Ask,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where: set[int] = set()

    class Watched(Mask):
        def cover(self, text: str, *, own: bool = False) -> str:
            where.add(threading.get_ident())
            return super().cover(text, own=own)

    monkeypatch.setattr(drafters, "Mask", Watched)
    fake.answer = always(answer)
    drafter = drafter_for(fake.base, keep_calls=False)
    await drafter.open()
    await ask(drafter, LONG)
    await drafter.aclose()
    assert where
    assert threading.get_ident() not in where
