"""What the tests of metrics and traces share: a world that is watched, and the text of a scrape as values."""

import types
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.core.rules import Rules
from bot.engine import lanes, publisher
from bot.engine.observing import Observer
from bot.engine.worker import Worker
from bot.reports import metrics
from bot.reports.labels import Configured
from bot.reports.metrics import Metrics
from bot.store.engine import Database
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, World

NAMES = Configured(accounts=frozenset({WALL}), chats=frozenset({"desk"}), rooms=frozenset({"team"}))
Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Watched:
    """A world, its network and its metrics."""

    world: World
    network: ModelNetwork
    metrics: Metrics
    backups: Path
    worker: Worker

    async def scrape(self) -> Values:
        """Every sample by its name and labels."""
        self.metrics._read_at = None
        text, _ = await self.metrics.scrape("")
        return samples(text.decode())

    async def answer(self, native_id: str = "a", text: str = "The soup was cold") -> str:
        """A comment comes in, is approved and answered, all at once; its ticket."""
        await self.world.arrive(self.network.write(native_id, text, who=f"who-{native_id}"))
        ticket = await self.world.ticket_of(native_id)
        await self.world.approve(ticket)
        await self.world.work_on(self.worker)
        return ticket


def samples(text: str) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(values: Values, name: str, **labels: str) -> float:
    """One sample; 0 when there is none."""
    return values.get((f"portavoz_{name}", frozenset(labels.items())), 0.0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(lanes, "time", types.SimpleNamespace(monotonic=made.monotonic))
    monkeypatch.setattr(publisher, "CALL_LIMIT", 0.02)
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def watched(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> AsyncIterator[Watched]:
    """On both databases."""
    on_server = request.param == "postgres"
    database = Database.open(request.getfixturevalue("postgres").fresh()) if on_server else None
    network = ModelNetwork(clock)
    made: list[Metrics] = []

    def observe(database: Database, clock: Clock) -> Observer:
        made.append(Metrics(database, names=NAMES, rules=Rules(), backups=tmp_path / "backups", now=clock))
        return made[0].watch

    world = await World(
        tmp_path / "portavoz.db", {WALL: network}, clock=clock, database=database, observe=observe
    ).open()
    yield Watched(world, network, made[0], tmp_path / "backups", world.worker())
    await world.close()


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scrape reads the record anew."""
    monkeypatch.setattr(metrics, "FRESH", 0.0)
