"""`check` tells whether the team's calendar can be read, before a digest has to."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest

from bot.cli.calendar import calendar_lights
from bot.core.digest import Agenda, Scheduled
from bot.locale import light
from handlers.calendars.ical import create

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PLANNED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:a
DTSTART;VALUE=DATE:20200101
RRULE:FREQ=DAILY
SUMMARY:Fair
END:VEVENT
END:VCALENDAR
"""


class Fixed:
    """A calendar that always answers the same, and knows whether it was closed."""

    def __init__(self, agenda: Agenda) -> None:
        self.agenda = agenda
        self.closed = False

    async def on(self, day: date, tz: tzinfo) -> Agenda:
        return self.agenda

    async def aclose(self) -> None:
        self.closed = True


def test_without_a_calendar_nothing_is_said() -> None:
    assert calendar_lights(None, NOW, UTC) == []


@pytest.mark.parametrize("trouble", ["unreachable", "refused", "too_large", "missing", "unreadable", "new"])
def test_each_trouble_is_told_with_what_to_do(trouble: str) -> None:
    calendar = Fixed(Agenda(trouble=trouble))
    (found,) = calendar_lights(calendar, NOW, UTC)
    assert (found.state, calendar.closed) == ("red", True)
    assert found.code == f"calendar_{'unreadable' if trouble == 'new' else trouble}"
    assert {light(language, found).name for language in ("es", "en")} == {"Calendario", "Calendar"}
    assert light("en", found).remedy


def test_one_that_can_be_read_says_how_much_is_planned(tmp_path: Path) -> None:
    file = tmp_path / "team.ics"
    calendar = create(str(file))
    assert [one.code for one in calendar_lights(calendar, NOW, UTC)] == ["calendar_missing"]
    file.write_text(PLANNED)
    (found,) = calendar_lights(calendar, NOW, UTC)
    assert (found.code, found.params) == ("calendar_ok", {"count": 1})
    full = Fixed(Agenda(entries=(Scheduled(title="Fair"), Scheduled(title="Launch"))))
    (found,) = calendar_lights(full, NOW, UTC)
    assert "2" in light("es", found).detail
