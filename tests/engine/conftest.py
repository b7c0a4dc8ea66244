"""What the engine's tests share: a world with one model network, and the clock that the worker reads."""

import types
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.engine import lanes, points, publisher
from bot.store.engine import Database
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, World


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(lanes, "time", types.SimpleNamespace(monotonic=made.monotonic))
    monkeypatch.setattr(publisher, "CALL_LIMIT", 0.02)
    return made


@pytest.fixture
def network(clock: Clock) -> ModelNetwork:
    return ModelNetwork(clock)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, network: ModelNetwork, clock: Clock
) -> AsyncIterator[World]:
    """On both databases."""
    on_server = request.param == "postgres"
    database = Database.open(request.getfixturevalue("postgres").fresh()) if on_server else None
    made = await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock, database=database).open()
    yield made
    await made.close()


@pytest.fixture(autouse=True)
def _no_visitor() -> Iterator[None]:
    yield
    points.visit_with(None)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """The log's lines, kept instead of written: rendering tracebacks would take most of the time."""
    with capture_logs() as lines:
        yield lines
