"""The reports page: what came, in which mood, how fast it was answered, by whom, and what became of the drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from babel.dates import format_date
from markupsafe import Markup
from starlette.responses import Response

from bot.charts.answers import answers_chart
from bot.charts.svg import for_page
from bot.charts.tables import NAMES, tables
from bot.charts.volume import volume_chart
from bot.core.digest import midnight
from bot.core.report import Report
from bot.core.spans import LONGEST
from bot.locale import best, percent, took
from handlers.chats.desk.door import Visit, no_such_page
from handlers.chats.desk.pages import whole

DAYS = (1, 7, 30)
"""The spans with a link of their own, today among their days."""
_USUAL = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked about: the days from `first` to `last`, and one account or (None) all.

    `days` is None where both were chosen by hand; `problem` is a key of `words.SPAN_PROBLEMS` where they could not
    be taken as they were.
    """

    first: date
    last: date
    days: int | None
    account: str | None
    problem: str = ""

    def span(self, tz: tzinfo) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the end of the last one, in UTC."""
        return midnight(self.first, tz), midnight(self.last + timedelta(days=1), tz)

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        days: dict[str, object] = {"from": self.first, "to": self.last} if self.days is None else {"days": self.days}
        return f"?{urlencode({**days, **({'account': self.account} if self.account else {})})}"


def asked_of(params: Mapping[str, str], today: date, accounts: frozenset[str]) -> Asked:
    """What an address asks for; the last seven days where it cannot be told."""
    account = params.get("account") if params.get("account") in accounts else None
    if "from" in params or "to" in params:
        first, last = day_of(params.get("from", "")), day_of(params.get("to", "")) or today
        if first is None:
            return _lately(_USUAL, today, account, "missing")
        if last < first:
            return _lately(_USUAL, today, account, "backwards")
        if last - first > LONGEST:
            return _lately(_USUAL, today, account, "long")
        return Asked(first=first, last=last, days=None, account=account)
    given = params.get("days", "")
    days = int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 0
    return _lately(days if 0 < days <= LONGEST.days else _USUAL, today, account)


def _lately(days: int, today: date, account: str | None, problem: str = "") -> Asked:
    return Asked(first=today - timedelta(days=days - 1), last=today, days=days, account=account, problem=problem)


def day_of(written: str) -> date | None:
    """A day as date fields send it, of a year that calendars can count with."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


async def page(visit: Visit) -> Response:
    """Everything for a span."""
    accounts, asked, report = await _report(visit)
    locale, tz = visit.person.locale, visit.house.tz
    drawn = await asyncio.to_thread(_drawn, locale, report, tz, _names(visit))
    context: dict[str, object] = {
        **drawn,
        "asked": asked,
        "accounts": sorted(accounts),
        "days": DAYS,
        "first": format_date(asked.first, "medium", locale=best(locale)),
        "last": format_date(asked.last, "medium", locale=best(locale)),
        "report": report,
        "arrived": sum(step.total for step in report.volume.steps),
        "percent": percent,
        "took": lambda minutes: "–" if minutes is None else took(locale, minutes),
    }
    return await whole(visit, "part_reports.html", context, page="reports")


async def sheet(visit: Visit) -> Response:
    """One of the tables as CSV, as a spreadsheet in the person's language opens it."""
    name = str(visit.request.path_params["name"])
    if name not in NAMES:
        raise no_such_page()
    _, asked, report = await _report(visit)
    locale = visit.person.locale
    table = tables(locale, report, visit.house.tz, _names(visit))[name]
    file = f"portavoz-{name}-{asked.first}-{asked.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(table.csv(locale), media_type="text/csv; charset=utf-8", headers=headers)


async def _report(visit: Visit) -> tuple[frozenset[str], Asked, Report]:
    read, tz = visit.engine.read, visit.house.tz
    accounts = frozenset(one.id for one in (await read.setup()).networks)
    asked = asked_of(visit.request.query_params, visit.today, accounts)
    since, until = asked.span(tz)
    return accounts, asked, await read.report(since=since, until=until, account=asked.account)


def _names(visit: Visit) -> dict[str, str]:
    return {person.id: person.name for person in visit.team}


def _drawn(locale: str, report: Report, tz: tzinfo, names: Mapping[str, str]) -> dict[str, object]:
    """Tables and charts: too much to do between two answers of the server."""
    charts = {"volume": volume_chart(locale, report.volume, tz), "answers": answers_chart(locale, report.answers)}
    return {
        "tables": tables(locale, report, tz, names),
        # Every word in them was escaped when they were drawn.
        "charts": {name: Markup(for_page(chart)) for name, chart in charts.items()},  # noqa: S704
    }
