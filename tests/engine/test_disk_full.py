"""A database that may not grow: adapters are told to come again, people are told why, and then it goes on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.core.errors import Transient
from bot.core.messages import AddNote, Done, ItemArrived, Refused
from bot.engine.backoff import AWAY
from bot.engine.reader import StoreKeep
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import WALL, Clock, World, comment


@pytest.fixture
async def world(tmp_path: Path, network: ModelNetwork, clock: Clock) -> World:
    return await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock).open()


@pytest.fixture(autouse=True)
async def _closed(world: World) -> object:
    yield
    await world.close()


def limit(world: World, pages: int) -> None:
    """As many pages as it has are the most, whatever stands in the way of more."""
    with world.database._writer.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute(f"PRAGMA max_page_count={pages}")


LARGE = "The soup was cold. " * 3000


async def test_what_cannot_be_stored_is_to_be_reported_again_and_the_cursor_stays(world: World) -> None:
    await world.emit(ItemArrived(item=comment("a")), cursor="1")
    limit(world, 1)
    with pytest.raises(Transient) as caught:
        await world.emit(ItemArrived(item=comment("b", LARGE, thread_key="b")), cursor="2")
    assert caught.value.retry_after == AWAY
    assert "No space left" in caught.value.reason
    assert [row.value for row in await world.rows(select(t.cursors.c.value))] == ["1"]
    limit(world, 1_000_000)
    await world.emit(ItemArrived(item=comment("b", LARGE, thread_key="b")), cursor="2")
    assert len(await world.tickets()) == 2
    assert [row.value for row in await world.rows(select(t.cursors.c.value))] == ["2"]


async def test_a_persons_wish_is_refused_with_the_reason(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    intake = world.engine.intake_of("desk")
    limit(world, 1)
    note = AddNote(by="ada", via="desk", ticket=ticket, text=LARGE[:1900])
    said = await intake.submit(note)
    while isinstance(said, Done):  # until the pages that it has are full
        said = await intake.submit(note)
    assert isinstance(said, Refused)
    assert (said.reason, said.remedy, said.ticket) == ("disk_full", "make_room", ticket)
    before = (await world.facts(ticket)).count("NoteAdded")
    assert isinstance(await intake.submit(note), Refused)
    assert (await world.facts(ticket)).count("NoteAdded") == before
    limit(world, 1_000_000)
    assert isinstance(await intake.submit(note), Done)
    assert (await world.facts(ticket)).count("NoteAdded") == before + 1


async def test_what_a_page_wants_to_remember_is_to_be_tried_again(world: World) -> None:
    keep = StoreKeep(world.database, "chat:desk", world.clock)
    limit(world, 1)
    with pytest.raises(Transient):
        await keep.put("key", LARGE)
    limit(world, 1_000_000)
    await keep.put("key", "value")
    assert await keep.get("key") == "value"
