"""Every kind of idempotency, every answer of a network, a crash at every point: never twice, never lost."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.ports import Idempotency
from bot.core.types import ReplyState
from bot.engine import points
from bot.engine.worker import Worker
from bot.store import outbox
from bot.store import tables as t
from bot.store.outbox import Order
from tests.engine.model_network import ANSWERS, KINDS, STANDS, Answer, ModelNetwork
from tests.support.engine_world import WALL, Clock, World

S = ReplyState
SURELY_NOT = ("busy", "dead")
REFUSED = {"rejected": S.REJECTED, "handed": S.HANDED_OFF, "permanent": S.HANDED_OFF}
CRASHES = [(kind, point) for kind in KINDS for point in ("publish.after_intent", "publish.after_call")]
TELLING: frozenset[Answer] = frozenset(
    {"posted", "posted_lost", "lost", "slow", "busy", "handed", "pending", "pending_lost"}
)
"""One answer of each sort: the others differ in how the call ends, which a crash makes alike."""
ELSEWHERE: list[tuple[Idempotency, str]] = [("client_id", "publish.before_intent"), ("none", "publish.after_commit")]
"""Before the intent, and once the answer is committed, all kinds are alike."""
AGREES: dict[ReplyState | None, Callable[[int], bool]] = {
    S.PUBLISHED: lambda count: count == 1,
    S.PENDING: lambda count: count == 1,
    S.UNCERTAIN: lambda count: count <= 1,
    S.REJECTED: lambda count: count == 0,
    S.HANDED_OFF: lambda count: count == 0,
}
"""In which states a reply may end, and how often it then stands on the network."""


class Crash(BaseException):
    """The process ends here."""


class Crashing:
    """Ends the worker at a point: once for every reply."""

    def __init__(self, world: World, point: str) -> None:
        self._world = world
        self._point = point
        self._crashed: set[str] = set()
        self._current = ""
        points.visit_with(self._visit)

    def _visit(self, point: str) -> None:
        if point == self._point and self._current not in self._crashed:
            self._crashed.add(self._current)
            raise Crash

    def worker(self) -> Worker:
        made = self._world.worker()
        perform = made.lanes._publisher.perform

        async def watched(order: Order) -> None:
            self._current = str(order.payload["reply"])
            await perform(order)

        made.lanes._publisher.perform = watched  # type: ignore[method-assign]
        return made

    async def work(self, seconds: float) -> int:
        """Work like that, with a fresh worker after every crash; how many crashes there were."""
        while True:
            try:
                await self._world.work_on(self.worker(), seconds)
            except Crash:
                if len(self._crashed) % 2:
                    # Every other time nobody takes the leases back: they run out.
                    self._world.clock.move(61)
                else:
                    await self._world.engine.writer.run(outbox.release_all)
            else:
                return len(self._crashed)


def answers_for(kind: Idempotency) -> tuple[Answer, ...]:
    """What is held for moderation cannot be read back: `lookup` is no way to tell whether it is there."""
    return tuple(answer for answer in ANSWERS if not (kind == "lookup" and answer.startswith("pending")))


@pytest.fixture
async def of_kind(tmp_path: Path, clock: Clock) -> AsyncIterator[Callable[[Idempotency], object]]:
    made: list[World] = []

    async def make(kind: Idempotency) -> tuple[World, ModelNetwork]:
        network = ModelNetwork(clock, kind=kind, lag=3.0)
        made.append(await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock, rooms=()).open())
        return made[0], network

    yield make
    for world in made:
        await world.close()


async def approved_for_each(world: World, network: ModelNetwork, answers: tuple[Answer, ...]) -> dict[Answer, str]:
    """One approved reply for each answer that the network is going to give first."""
    tickets: dict[Answer, str] = {}
    for answer in answers:
        network.say(answer, answer)
        await world.arrive(network.write(answer, f"About {answer}", thread_key=answer))
        tickets[answer] = await world.ticket_of(answer)
        await world.approve(tickets[answer])
    return tickets


async def assert_once_and_told(world: World, network: ModelNetwork, answer: Answer, ticket: str) -> ReplyState | None:
    """What stands on the network agrees with what is on record; the state at the end."""
    state = await world.state(ticket)
    posts = network.under(answer)
    assert state in AGREES, f"{answer}: ended {state}"
    assert AGREES[state](len(posts)), f"{answer}: {state} with {len(posts)} posts"
    assert [post.text for post in posts] == [await world.draft(ticket)] * len(posts)
    reply = (await world.rows(select(t.replies).where(t.replies.c.ticket == ticket)))[0]
    if state is S.PUBLISHED:
        assert (reply.posted_id, reply.posted_url) == (posts[0].id, f"https://example.org/{posts[0].id}")
    assert {call.key for call in network.calls if call.target.native_id == answer} <= {reply.key}
    return state


def expected(kind: Idempotency, answer: Answer) -> tuple[ReplyState, int]:
    """Where a reply ends after this first answer when everything works afterwards, and how many posts there are."""
    if answer in REFUSED:
        return REFUSED[answer], 0
    if answer == "pending" or (answer == "pending_lost" and kind in ("upsert", "client_id", "key_window")):
        return S.PENDING, 1
    if answer in ("posted", *SURELY_NOT):
        return S.PUBLISHED, 1
    if kind == "none" or answer == "pending_lost":
        return S.UNCERTAIN, int(answer in STANDS or answer == "pending_lost")
    return S.PUBLISHED, 1


@pytest.mark.parametrize("kind", KINDS)
async def test_every_answer_ends_as_that_kind_of_network_allows(kind: Idempotency, of_kind: Callable) -> None:
    world, network = await of_kind(kind)
    tickets = await approved_for_each(world, network, answers_for(kind))
    await world.work_on(world.worker(), 30 * 3600)
    for answer, ticket in tickets.items():
        state = await assert_once_and_told(world, network, answer, ticket)
        assert (state, len(network.under(answer))) == expected(kind, answer), answer
    assert await world.orders() == []


@pytest.mark.parametrize(("kind", "point"), [*CRASHES, *ELSEWHERE])
async def test_a_crash_before_or_after_any_answer_neither_loses_nor_doubles(
    kind: Idempotency, point: str, of_kind: Callable
) -> None:
    world, network = await of_kind(kind)
    tickets = await approved_for_each(world, network, tuple(a for a in answers_for(kind) if a in TELLING))
    crashes = await Crashing(world, point).work(30 * 3600)
    assert crashes >= len(tickets) - 1
    for answer, ticket in tickets.items():
        state = await assert_once_and_told(world, network, answer, ticket)
        if point == "publish.before_intent":
            assert (state, len(network.under(answer))) == expected(kind, answer), answer
    assert await world.orders() == []
