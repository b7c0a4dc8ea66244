"""How a feed's server is asked: rarely, conditionally, and with patience."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import ValidationError

from bot.core.errors import AuthExpired, Transient
from bot.core.types import Rejected
from handlers.networks.feed import Config, create
from handlers.networks.feed import wire as wires
from tests.contract.feed_side import FeedSide
from tests.contract.network_side import RecordingIntake, answer, listening, seen


@pytest.fixture
async def side() -> AsyncIterator[FeedSide]:
    side = FeedSide()
    await side.start()
    yield side
    await side.stop()


def answering(side: FeedSide, monkeypatch: pytest.MonkeyPatch, response: Callable[[], web.Response]) -> None:
    async def give(_request: web.Request) -> web.Response:
        return response()

    monkeypatch.setattr(side, "_troubled", lambda *_: give(side.asked[-1]))
    side._next = ("special", 0.0)


async def test_a_feed_that_has_not_changed_is_not_sent_again(side: FeedSide) -> None:
    await side.comment("one")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
        await side.until_asked(4)
    assert [bool(one.headers.get("If-None-Match")) for one in side.asked[:4]] == [False, True, True, True]
    assert len(intake.batches) == 1


async def test_the_first_start_takes_nothing_old_and_the_next_one_nothing_twice(side: FeedSide) -> None:
    side._now -= timedelta(hours=30)
    old = await side.comment("an old one")
    side._now += timedelta(hours=30)
    new = await side.comment("a new one")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    assert [item.native_id for item in intake.items] == [new]
    await side.edit(old, "an old one, reworded")
    async with listening(side.network, cursor=intake.cursor) as again:
        await again.until(lambda had: had.items)
    assert [event.fresh for event in again.events] == [True]  # type: ignore[union-attr]


async def test_a_feed_without_entries_is_begun_with_all_the_same(side: FeedSide) -> None:
    async with listening(side.network) as intake:
        await side.until_asked(2)
        await side.comment("the first one ever")
        await intake.until(lambda had: had.items)
    assert len(intake.items) == 1


async def test_what_is_approved_is_handed_to_a_person(side: FeedSide) -> None:
    item = await seen(side, await side.comment("what a soup"))
    result = await side.network.publish(answer(item, "Thank you!"))
    assert isinstance(result, Rejected)
    assert result.manual_url == item.url
    assert await side.network.find(answer(item, "Thank you!")) is None


async def test_a_feed_that_moved_is_followed_and_told(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(side, monkeypatch, lambda: web.Response(status=301, headers={"Location": "/feed.xml?new"}))
    account = await side.network.check()
    assert account.name == "Our blog"
    assert "feed.xml?new" in account.warnings[0]


async def test_a_password_is_for_the_configured_server_alone(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = FeedSide()
    await elsewhere.start()
    try:
        config = Config(id="blog", url=f"{side.base}/feed.xml", timeout=5)
        network = create(config, data=Path(), base_url="", secret="ana:geheim")
        answering(
            side, monkeypatch, lambda: web.Response(status=302, headers={"Location": f"{elsewhere.base}/feed.xml"})
        )
        assert (await network.check()).name == "Our blog"
        await network.aclose()
        assert "Authorization" in side.asked[0].headers
        assert "Authorization" not in elsewhere.asked[0].headers
    finally:
        await elsewhere.stop()


async def test_each_refusal_has_its_patience(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    cases: list[tuple[int, dict[str, str], type[Exception], float | None]] = [
        (404, {}, Transient, wires.GONE),
        (410, {}, Transient, wires.GONE),
        (503, {"Retry-After": "120"}, Transient, 120.0),
        (503, {"Retry-After": "Mon, 02 Mar 2015 09:30:00 GMT"}, Transient, 0.0),
        (429, {"Retry-After": "99999999999"}, Transient, wires.DAY),
        (500, {"Retry-After": "soon"}, Transient, None),
        (403, {}, AuthExpired, None),
        (200, {"Content-Type": "text/html"}, Transient, wires.BROKEN),
    ]
    for status, headers, error, patience in cases:
        answering(side, monkeypatch, functools.partial(web.Response, status=status, headers=headers))
        with pytest.raises(error) as caught:
            await side.network.check()
        assert getattr(caught.value, "retry_after", None) == patience, (status, headers)


async def test_an_endless_document_is_not_read_to_its_end(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "LIMIT", 1000)
    answering(side, monkeypatch, lambda: web.Response(body=b"<rss>" + b"x" * 5000))
    with pytest.raises(Transient, match="larger than"):
        await side.network.check()


async def test_circles_are_left(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    async def around(_request: web.Request) -> web.Response:
        side._next = ("special", 0.0)
        return web.Response(status=302, headers={"Location": "/feed.xml"})

    monkeypatch.setattr(side, "_troubled", lambda *_: around(side.asked[-1]))
    side._next = ("special", 0.0)
    with pytest.raises(Transient, match="circles"):
        await side.network.check()


async def test_a_pause_that_the_feed_asks_for_is_kept(side: FeedSide, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'<rss version="2.0"><channel><title>a</title></channel></rss>'
    answering(side, monkeypatch, lambda: web.Response(body=body, headers={"Cache-Control": "public, max-age=3600"}))
    task = asyncio.create_task(side.network.listen(RecordingIntake(), None))
    await asyncio.sleep(0.3)
    task.cancel()
    assert len(side.asked) == 1


def test_only_addresses_of_feeds_are_taken() -> None:
    assert Config(url="feed://blog.example/rss").url == "https://blog.example/rss"
    for url in ("blog.example", "ftp://a.example/x", "file:///etc/passwd", "https://me:secret@a.example/x"):
        with pytest.raises(ValidationError):
            Config(url=url)
