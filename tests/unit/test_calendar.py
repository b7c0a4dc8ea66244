"""The team's calendar: what an iCalendar file plans for a day, and what is said where it cannot be had."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.core.digest import Agenda, Scheduled
from handlers.calendars.ical import ICalCalendar, create
from handlers.calendars.ical.adapter import LIMIT
from handlers.calendars.ical.reading import Unreadable, entries

MADRID = ZoneInfo("Europe/Madrid")
DAY = date(2026, 3, 29)  # the clock is put forward
EVENTS = """
DTSTART;TZID=Europe/Madrid:20260302T093000|RRULE:FREQ=DAILY|EXDATE;TZID=Europe/Madrid:20260328T093000|SUMMARY:Daily
DTSTART:20260329T100000Z|DTEND:20260329T110000Z|SUMMARY:Launch\\, at last|LOCATION:Plaza
DTSTART;VALUE=DATE:20260328|DTEND;VALUE=DATE:20260330|SUMMARY:Fair
DTSTART;VALUE=DATE:20260330|SUMMARY:Tomorrow
DTSTART:20260329T200000|SUMMARY:Floating
DTSTART:20260328T220000Z|DTEND:20260329T003000Z|SUMMARY:Into the night
DTSTART:20260329T080000Z|STATUS:CANCELLED|SUMMARY:Called off
DTSTART:19700101T000000Z|RRULE:FREQ=SECONDLY|SUMMARY:Flood
DTSTART:20260329T050000Z|SUMMARY:\u202e<!channel> @everyone
"""


def calendar(lines: str = EVENTS) -> bytes:
    events = [
        "\r\n".join(["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *line.split("|"), "END:VEVENT"])
        for number, line in enumerate(lines.strip().splitlines())
    ]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN"]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def test_a_day_has_what_goes_on_in_it_by_its_own_clock() -> None:
    found = entries(calendar(), DAY, MADRID)
    assert [entry.title for entry in found] == [
        "Fair",
        "Into the night",
        "\u202e<!channel> @everyone",
        "Daily",
        "Launch, at last",
        "Floating",
    ]
    daily, launch = found[3], found[4]
    assert daily.at is not None
    assert daily.at.astimezone(UTC) == datetime(2026, 3, 29, 7, 30, tzinfo=UTC)
    assert (launch.where, found[0].at) == ("Plaza", None)
    assert "Daily" not in [entry.title for entry in entries(calendar(), date(2026, 3, 28), MADRID)]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<html>no</html>", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(Unreadable):
        entries(content, DAY, MADRID)


async def test_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "team.ics"
    mine = create(str(file))
    assert await mine.on(DAY, MADRID) == Agenda(trouble="missing")
    file.write_bytes(calendar("DTSTART;VALUE=DATE:20260329|SUMMARY:Fair"))
    assert (await mine.on(DAY, MADRID)).entries == (Scheduled(title="Fair"),)
    file.write_bytes(b"BEGIN:NOTHING")
    assert (await mine.on(DAY, MADRID)).trouble == "unreadable"
    file.write_bytes(b"x" * (LIMIT + 1))
    assert (await mine.on(DAY, MADRID)).trouble == "too_large"


@asynccontextmanager
async def served(status: list[int], asked: list[web.Request]) -> AsyncIterator[str]:
    """A calendar's server: answers with these statuses, one after the other, then 200."""

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        code = status.pop(0) if status else 200
        if code == 302:
            return web.Response(status=302, headers={"Location": "/moved.ics"})
        known = request.headers.get("If-None-Match") == '"1"'
        if code == 200 and known:
            return web.Response(status=304)
        return web.Response(status=code, body=calendar(), headers={"ETag": '"1"'})

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/team.ics"
    finally:
        await runner.cleanup()


async def test_an_address_is_asked_politely_and_its_troubles_are_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[web.Request] = []
    status = [403, 404, 500, 302]
    async with served(status, asked) as url:
        mine = ICalCalendar(url, password="ana:secret")
        troubles = [(await mine.on(DAY, MADRID)).trouble for _ in range(3)]
        assert troubles == ["refused", "missing", "unreachable"]
        assert len((await mine.on(DAY, MADRID)).entries) == 6
        assert [request.path for request in asked[-2:]] == ["/team.ics", "/moved.ics"]
        assert asked[-1].headers["Authorization"].startswith("Basic ")
        before = len(asked)
        assert len((await mine.on(DAY, MADRID)).entries) == 6
        assert len(asked) == before
        monkeypatch.setattr("handlers.calendars.ical.adapter.AGAIN", 0.0)
        assert len((await mine.on(DAY, MADRID)).entries) == 6
        assert asked[-1].headers["If-None-Match"] == '"1"'
        status[:] = [302] * 9
        assert (await mine.on(DAY, MADRID)).trouble == "unreachable"
        await mine.aclose()
    assert (await ICalCalendar(url.replace("http", "webcal")).on(DAY, MADRID)).trouble == "unreachable"
