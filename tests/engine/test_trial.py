"""What changes nothing takes no turn among the writers; what does change something is done whole, and once."""

import pytest

from bot.core.messages import Announce, Fact, ItemArrived
from bot.engine.orders import words
from bot.store.work import Work
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import World


@pytest.fixture
def turns(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each write transaction from now on."""
    taken: list[str] = []
    begin = world.database.begin

    def counted() -> object:
        taken.append("turn")
        return begin()

    monkeypatch.setattr(world.database, "begin", counted)
    return taken


async def test_facts_that_are_known_are_told_from_a_snapshot(
    world: World, network: ModelNetwork, turns: list[str]
) -> None:
    item = network.write("a")
    assert not await world.engine.knows((ItemArrived(item=item),))
    assert turns == []
    assert await world.tickets() == []
    await world.arrive(item)
    turns.clear()
    assert await world.engine.knows((ItemArrived(item=item, fresh=True),))
    assert not await world.engine.knows((ItemArrived(item=network.edit("a", "The soup was hot")),))
    assert turns == []
    assert Fact.ITEM_EDITED.value not in await world.facts(await world.ticket_of("a"))


async def test_a_job_that_wants_to_write_is_run_again_in_a_turn_of_its_own(world: World, turns: list[str]) -> None:
    def announce(work: Work) -> str:
        work.orders.extend(words(work, Announce(code="paused"), ["team"]))
        return "said"

    assert await world.engine.seldom(announce) == "said"
    assert turns == ["turn"]
    assert len(await world.announced("paused")) == 1
    assert await world.engine.seldom(lambda work: work.case("nobody")) is None
    assert turns == ["turn"]


async def test_a_reply_to_a_comment_that_stands_as_it_stood_takes_no_turn_to_say_so(
    world: World, network: ModelNetwork, turns: list[str]
) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    worker = world.worker()
    await world.round(worker)
    await world.approve(ticket)
    world.clock.move(60)
    turns.clear()
    await world.round(worker)
    assert len(network.under("a")) == 1
    # The claim, the intent, the outcome, and the card's if it does not share one of theirs.
    assert len(turns) in {3, 4}
