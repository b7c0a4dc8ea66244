"""A remote drafter for tests of the engine: what it says, and when, is the test's business."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.briefs import Brief, Draft, Made
from bot.core.drafting import Allowance, Exchange, NoOffer, Offer
from bot.core.phrasing import Phrased
from bot.core.types import Light
from bot.core.views import Opinion
from tests.support.engine_world import World

COST = Made(prompt="model/draft.md", hash="h", model="fake-1", tokens_in=100, tokens_out=20, cost=0.5, seconds=0.1)


def offer(
    *texts: str, opinion: Opinion | None = None, needs_human: bool = False, exchange: Exchange | None = None
) -> Offer:
    """These wordings, the best one first."""
    drafts = tuple(Draft(text=text, source="model:fake-1", made=COST) for text in texts)
    return Offer(drafts=drafts, made=COST, opinion=opinion, needs_human=needs_human, exchange=exchange)


@dataclass
class StubModel:
    """Implements `bot.core.ports.Drafter`: says `says`, or does what the next of `then` does."""

    id: str = "drafter"
    model: str = "fake-1"
    timeout: float = 20.0
    lanes: int = 2
    allowance: Allowance = field(default_factory=Allowance)
    opinions: bool = True
    says: Offer | NoOffer | Exception = field(
        default_factory=lambda: offer("The cold soup is a pity, we ask the kitchen.")
    )
    briefs: list[tuple[Brief, int]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    summary: str | NoOffer = "People write about the cold soup."
    summarised: list[tuple[tuple[int, str, str], ...]] = field(default_factory=list)

    async def open(self) -> None:
        pass

    async def write(self, brief: Brief, *, alternatives: int = 1, within: float) -> Offer:
        self.briefs.append((brief, alternatives))
        self.asked.set()
        if self.hold is not None:
            await self.hold.wait()
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def summarise(
        self, themes: Sequence[tuple[int, str, str]], *, language: str, brand: str, within: float
    ) -> Phrased:
        self.summarised.append(tuple(themes))
        if isinstance(self.summary, Exception):
            raise self.summary
        return Phrased(text=self.summary, made=COST)

    async def check(self) -> Light:
        return Light(code="account_ok", state="ok")


def with_model(world: World, model: object) -> None:
    """Let the world have this model from now on."""
    world.parts = dataclasses.replace(world.parts, model=model)  # type: ignore[arg-type]
    world.engine.parts = world.parts
    world.reader._parts = world.parts
