"""A feed that is marked as press: headlines instead of tickets."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.messages import PressArrived
from handlers.networks.feed.reading import read
from tests.contract.feed_side import FeedSide
from tests.contract.network_side import RecordingIntake, listening


@pytest.fixture
async def side() -> AsyncIterator[FeedSide]:
    side = FeedSide(press=True)
    await side.start()
    yield side
    await side.stop()


async def test_entries_are_headlines_and_the_cursor_moves_with_them(side: FeedSide) -> None:
    native = await side.comment("The bakery recalls its bread")
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.events)
    [(events, cursor)] = intake.batches
    [event] = events
    assert isinstance(event, PressArrived)
    assert (event.account, event.native_id, event.title) == ("blog", native, "The bakery recalls its bread")
    assert (event.url, event.source) == (f"{side.base}/{native}", "127.0.0.1")
    assert event.published_at == side.entries[0].published
    assert cursor
    await side.comment("And another one")
    async with listening(side.network, cursor=cursor) as again:
        await again.until(lambda had: had.events)
    assert [one.title for one in again.events if isinstance(one, PressArrived)] == ["And another one"]


async def test_what_was_written_before_can_be_fetched_as_headlines(side: FeedSide) -> None:
    await side.comment("An older piece")
    intake = RecordingIntake()
    await side.network.backfill(intake, datetime.now(UTC) - timedelta(days=1))
    assert [type(event) for event in intake.events] == [PressArrived]


def test_the_title_is_told_apart_from_what_stands_below_it() -> None:
    rss = (
        b"<rss version='2.0'><channel><title>News</title><item><guid>1</guid><title>Bread &amp; butter</title>"
        b"<description>Long words below it.</description></item></channel></rss>"
    )
    document = read(rss, {"content-type": "application/rss+xml"}, account="a", now=datetime.now(UTC))
    assert document.titles == {"1": "Bread & butter"}
