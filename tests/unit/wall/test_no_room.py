"""A wall whose disk is full says so, to programs and to people, and keeps nobody's words half."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.errors import Transient
from handlers.networks import wall as walls
from handlers.networks.wall import Config, WallNetwork, create
from handlers.networks.wall.rows import NoRoom

LARGE = "The soup was cold. " * 250


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[WallNetwork]:
    made = create(Config(), data=tmp_path, base_url="http://testserver")
    yield made
    await made.aclose()


def limit(network: WallNetwork, pages: int) -> None:
    network.wall._database._writing.execute(f"PRAGMA max_page_count={pages}")


def browser(network: WallNetwork) -> httpx.AsyncClient:
    app = Starlette(routes=network.routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://testserver")


async def until_full(network: WallNetwork) -> int:
    """How many comments fitted into the pages that it has."""
    limit(network, 1)
    for fitted in range(1000):
        try:
            await network.wall.add(author="Eva", text=LARGE)
        except NoRoom:
            return fitted
    raise AssertionError("it is never full")


async def test_programs_and_people_are_told_to_come_again_and_keep_their_words(network: WallNetwork) -> None:
    fitted = await until_full(network)
    async with browser(network) as http:
        answer = await http.post("/wall/comments", json={"author": "Eva", "text": LARGE})
        assert (answer.status_code, answer.headers["retry-after"]) == (507, "30")
        assert answer.json()["error"] == "no_room"
        page = await http.post("/wall", data={"author": "Eva", "text": LARGE})
        assert (page.status_code, page.headers["retry-after"]) == (507, "30")
        assert "Nothing can be stored just now" in page.text
        assert LARGE.strip() in page.text
        assert (await http.get("/wall")).status_code == 200
        limit(network, 1_000_000)
        assert (await http.post("/wall/comments", json={"author": "Eva", "text": LARGE})).status_code == 201
    assert await network.wall.count() == fitted + 1


async def test_of_a_shared_commit_that_finds_no_room_nothing_is_kept_and_all_are_told(network: WallNetwork) -> None:
    fitted = await until_full(network)
    some = [network.wall.add(author="Eva", text=LARGE) for _ in range(20)]
    said = await asyncio.gather(*some, return_exceptions=True)
    assert all(isinstance(one, NoRoom) for one in said)
    assert await network.wall.count() == fitted


async def test_a_reply_that_finds_no_room_surely_does_not_stand_there(network: WallNetwork) -> None:
    """So it is sent again later, and nobody has to look for it."""
    comment, _ = await network.wall.add(author="Eva", text="Is anybody there?")
    await until_full(network)
    with pytest.raises(Transient) as caught:
        await network._read(network._door.publish(comment.id, LARGE, "key"))
    assert caught.value.retry_after == NoRoom.SECONDS
    limit(network, 1_000_000)
    assert (await network._door.publish(comment.id, LARGE, "key")).text.strip() == LARGE.strip()


def test_a_backup_is_told_of_the_file(tmp_path: Path) -> None:
    assert walls.files(Config(id="guestbook"), data=tmp_path) == [tmp_path / "guestbook.db"]
