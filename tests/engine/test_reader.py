"""What chats ask for their pages: counts, figures, what is configured, how long a text is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.inbox import Narrow
from bot.core.types import Author
from bot.engine.accounts import Accounts
from bot.engine.reader import StoreReader
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import T0, WALL, World, comment

OTHER = Author(id="other", name="Somebody else")


async def test_counts_and_the_narrowed_queue_agree(world: World) -> None:
    await world.arrive(comment("1", "The parcel is broken."), comment("2", "Danger!", author=OTHER))
    everything = await world.reader.inbox()
    seen = frozenset({(everything[0].id, everything[0].version)})
    counts = await world.reader.counts(person="luis", seen=seen)
    assert (counts.open, counts.unread, counts.by_account) == (2, 1, {WALL: 2})
    unread = await world.reader.inbox(narrow=Narrow(seen=seen))
    assert [line.id for line in unread] == [everything[1].id]


async def test_figures_are_those_of_the_span(world: World) -> None:
    await world.arrive(comment("1", "The parcel is broken."))
    found = await world.reader.figures(since=T0 - timedelta(days=1), until=T0 + timedelta(days=1))
    assert found.arrived.total == 1
    assert (await world.reader.figures(since=T0 - timedelta(days=2), until=T0 - timedelta(days=1))).arrived.total == 0


async def test_what_is_configured_is_told_with_how_the_accounts_do(world: World, network: ModelNetwork) -> None:
    [before] = (await world.reader.setup()).networks
    assert (before.id, before.state, before.can_reply) == (WALL, "unknown", True)
    await Accounts(world.engine).failed(f"network:{WALL}", "401 revoked", dead_token=True)
    [after] = (await world.reader.setup()).networks
    assert (after.state, after.detail) == ("auth", "401 revoked")


async def test_a_text_is_measured_by_its_network_and_by_none_that_is_gone(world: World) -> None:
    assert world.reader.measure(WALL, "abc") == 3
    assert world.reader.measure("gone", "abc") is None


async def test_health_warns_where_fewer_people_may_approve_than_the_rules_ask_for(world: World) -> None:
    parts = world.engine.parts

    async def few(critical: int = 2, crisis: int = 2) -> list[dict[str, object]]:
        rules = replace(parts.rules, quorum_critical=critical, quorum_crisis=crisis)
        reader = StoreReader(world.database, replace(parts, rules=rules))
        return [dict(light.params) for light in await reader.health() if light.code == "approvers_few"]

    assert await few() == []
    assert await few(critical=4) == [{"count": 3, "critical": 4, "crisis": 2, "reach": 3}]
    assert await few(crisis=9) == [{"count": 3, "critical": 2, "crisis": 9, "reach": 3}]
