"""The team's calendar, from an iCalendar file or address."""

from handlers.calendars.ical.adapter import ICalCalendar, create

__all__ = ["ICalCalendar", "create"]
