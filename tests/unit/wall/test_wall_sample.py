"""The sample day: played onto a wall of its own, once each, and out of view without anything being lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import Event, ItemArrived
from handlers.networks.wall.sample import FACT, Play, Player, script
from tests.unit.wall.wall_app import App, running

WHOLE = timedelta(minutes=3)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, id="sample", path="/sample", sample=True) as app:
        yield app


async def begun(app: App, over: timedelta) -> Play:
    await app.network.play(over)
    written = await app.wall.fact(FACT)
    assert written is not None
    return Play.loads(written)


async def said(app: App) -> list[str]:
    found: list[str] = [one["text"] for one in (await app.client.get("/sample/comments?limit=200")).json()["comments"]]
    return found


def test_the_script_is_a_whole_day() -> None:
    lines = script()
    assert len(lines) == 60
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert (lines[0].at, lines[-1].at) == (0, 180)
    named = [line.name for line in lines if line.name]
    assert len(named) == len(set(named))
    for number, line in enumerate(lines):
        about = line.below or line.edits
        assert about is None or about in [one.name for one in lines[:number]], line
        assert bool(line.author) is (line.edits is None)


async def test_comments_come_when_they_are_due(app: App) -> None:
    play = await begun(app, WHOLE)
    player = Player(app.wall)
    assert await player.step(play.began) == pytest.approx(2.0)
    assert len(await said(app)) == 1
    wait = await player.step(play.began + timedelta(seconds=90))
    assert wait is not None
    assert 0 < wait < 5
    due = [line for line in script() if line.at <= 90 and not line.edits]
    assert len(await said(app)) == len(due)
    assert await player.step(play.began + WHOLE) is None
    assert await app.wall.fact(FACT) is None
    assert await said(app) == _as_it_ends()


async def test_all_at_once(app: App) -> None:
    play = await begun(app, timedelta(0))
    assert await Player(app.wall).step(play.began) is None
    assert await said(app) == _as_it_ends()


async def test_whoever_plays_on_after_a_crash_writes_nothing_twice(app: App) -> None:
    play = await begun(app, WHOLE)
    await Player(app.wall).step(play.began + timedelta(seconds=100))
    await Player(app.wall).step(play.began + timedelta(seconds=120))
    assert await Player(app.wall).step(play.began + WHOLE) is None
    assert await said(app) == _as_it_ends()


async def test_a_second_play_is_a_second_day(app: App) -> None:
    for _ in range(2):
        play = await begun(app, timedelta(0))
        await Player(app.wall).step(play.began)
    assert await said(app) == 2 * _as_it_ends()


async def test_nothing_is_played_unless_somebody_began(app: App) -> None:
    player = Player(app.wall)
    play = await begun(app, timedelta(0))
    await app.wall.end_fact(FACT)
    assert await player.step(play.began) is None
    assert await said(app) == []


async def test_archived_comments_leave_the_page_and_stay_in_the_file(app: App) -> None:
    play = await begun(app, timedelta(0))
    await Player(app.wall).step(play.began)
    first = (await app.client.get("/sample/comments")).json()["comments"][0]
    assert "Marta Ibáñez" in (await app.page("/sample?before=" + _last(await app.wall.comments(None, 200)))).text
    await app.network.archive()
    page = (await app.page("/sample")).text
    assert "Marta" not in page
    assert "Nobody has written anything yet." in page
    assert (await app.page("/sample/feed.atom")).text.count("<entry>") == 0
    assert await app.wall.count() == 0
    assert len(await said(app)) == len(_as_it_ends())
    assert "Marta" in (await app.page(f"/sample/c/{first['id']}")).text
    await app.wall.add(author="Vera", text="Después")
    assert "Después" in (await app.page("/sample")).text


async def test_the_page_says_that_all_is_invented(app: App, tmp_path: Path) -> None:
    assert "everything on this page is invented" in (await app.page("/sample")).text
    async with running(tmp_path / "real") as real:
        assert "invented" not in (await real.page()).text
        assert real.network.sample is False


async def test_its_listener_plays(app: App) -> None:
    events: list[Event] = []

    class Full(Exception):
        pass

    class Collecting:
        async def emit(self, *found: Event, cursor: str | None = None) -> None:
            assert cursor is not None
            events.extend(found)
            if any(isinstance(one, ItemArrived) and one.item.author.name == "Ruth Okafor" for one in events):
                raise Full

        async def submit(self, command: object) -> object:
            raise AssertionError(command)

    await app.network.play(timedelta(0))
    with pytest.raises(Full):
        await app.network.listen(Collecting(), None)  # type: ignore[arg-type]
    authors = {event.item.author.id for event in events if isinstance(event, ItemArrived)}
    assert len(authors) == len({line.author for line in script() if line.author})


def _as_it_ends() -> list[str]:
    """The texts after the edits, in the order in which the comments came."""
    texts = {line.name or str(number): line.text for number, line in enumerate(script()) if not line.edits}
    for line in script():
        if line.edits:
            texts[line.edits] = line.text
    return list(texts.values())


def _last(comments: object) -> str:
    """The id of the second thread, so that the page before it shows the first."""
    return comments[1].id  # type: ignore[index]
