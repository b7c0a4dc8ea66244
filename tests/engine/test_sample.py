"""The sample day from the engine's side: who may play it, which account does, and what putting it away means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import ArchiveSample, Done, ItemArrived, PlaySample, Refused
from bot.core.types import ReplyState, TicketStatus
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import Clock, World


@dataclass
class Stage(ModelNetwork):
    """A network that plays the sample day."""

    sample: bool = True
    played: list[timedelta] = field(default_factory=list)
    archived: int = 0

    async def play(self, over: timedelta) -> None:
        self.played.append(over)

    async def archive(self) -> None:
        self.archived += 1


@pytest.fixture
def stage(clock: Clock) -> Stage:
    return Stage(clock, account="stage", kind="none")


@pytest.fixture
async def world(tmp_path: Path, clock: Clock, network: ModelNetwork, stage: Stage) -> AsyncIterator[World]:
    made = await World(tmp_path / "portavoz.db", {"wall": network, "stage": stage}, clock=clock).open()
    yield made
    await made.close()


async def test_an_agent_plays_it_and_the_log_says_who(world: World, stage: Stage) -> None:
    outcome = await world.wish(PlaySample(by="ada", via="desk", over=timedelta(minutes=3)))
    assert outcome == Done(code="sample_played", params={"minutes": 3})
    assert stage.played == [timedelta(minutes=3)]
    logged = await world.rows(t.events.select().where(t.events.c.type == "SamplePlayed"))
    assert [row.actor for row in logged] == ["ada"]


async def test_a_click_that_is_delivered_twice_plays_it_once_and_does_not_put_the_next_one_away(
    world: World, stage: Stage
) -> None:
    play = PlaySample(by="ada", via="desk", over=timedelta(0), once="press:1")
    hide = ArchiveSample(by="ada", via="desk", once="press:2")
    for wish in (play, play, hide, hide):
        assert isinstance(await world.wish(wish), Done)
    assert (len(stage.played), stage.archived) == (1, 1)


async def test_a_viewer_may_not(world: World, stage: Stage) -> None:
    for wish in (PlaySample(by="vera", via="desk", over=timedelta(0)), ArchiveSample(by="vera", via="desk")):
        outcome = await world.wish(wish)
        assert isinstance(outcome, Refused)
        assert outcome.reason == "not_entitled"
    assert (stage.played, stage.archived) == ([], 0)


async def test_without_such_an_account_it_is_refused_with_a_remedy(
    tmp_path: Path, clock: Clock, network: ModelNetwork
) -> None:
    world = await World(tmp_path / "other.db", {"wall": network}, clock=clock).open()
    outcome = await world.wish(PlaySample(by="ada", via="desk", over=timedelta(0)))
    assert outcome == Refused(reason="no_sample", remedy="add_sample")
    await world.close()


async def test_putting_it_away_closes_its_tickets_alone(world: World, network: ModelNetwork, stage: Stage) -> None:
    await _arrive(world, stage, 3)
    await _arrive(world, network, 2)
    outcome = await world.wish(ArchiveSample(by="ada", via="desk"))
    assert outcome == Done(code="sample_archived", params={"count": 3})
    assert stage.archived == 1
    tickets = await world.rows(t.tickets.select())
    assert {row.account: row.status for row in tickets} == {"stage": TicketStatus.CLOSED, "wall": TicketStatus.OPEN}
    assert {row.close_reason for row in tickets if row.account == "stage"} == {"sample"}


async def test_a_reply_of_unknown_fate_stays_in_view(world: World, stage: Stage) -> None:
    await _arrive(world, stage, 2)
    ticket = await world.ticket_of("stage-0", account="stage")
    await world.approve(ticket)
    stage.say("stage-0", "lost")
    await world.work_on(world.worker(), 3600)
    assert await world.state(ticket) is ReplyState.UNCERTAIN
    assert await world.wish(ArchiveSample(by="ada", via="desk")) == Done(code="sample_archived", params={"count": 1})
    assert (await world.card(ticket)).line.status is TicketStatus.OPEN


async def _arrive(world: World, network: ModelNetwork, count: int) -> None:
    items = [network.write(f"{network.account}-{n}", thread_key=f"t{n}") for n in range(count)]
    await world.emit(*(ItemArrived(item=item) for item in items), account=network.account)
