"""The reports page: its spans, its figures, its files."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, timedelta

import pytest

from bot.core.report import Load
from handlers.chats.desk.reports import Asked, asked_of
from tests.contract.chat_world import START
from tests.contract.desk_side import OWN, DeskSide

TODAY = date(2026, 3, 2)
ACCOUNTS = frozenset({"wall", "shop"})
WEEK = Asked(first=date(2026, 2, 24), last=TODAY, days=7, account=None)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, WEEK),
        ({"days": "1"}, Asked(first=TODAY, last=TODAY, days=1, account=None)),
        ({"days": "30", "account": "shop"}, Asked(first=date(2026, 2, 1), last=TODAY, days=30, account="shop")),
        ({"days": "0"}, WEEK),
        ({"days": "²"}, WEEK),
        ({"days": "99999999999999"}, WEEK),
        ({"account": "<b>"}, WEEK),
        (
            {"from": "2026-01-05", "to": "2026-01-06", "account": ""},
            Asked(first=date(2026, 1, 5), last=date(2026, 1, 6), days=None, account=None),
        ),
        ({"from": "2026-02-28"}, Asked(first=date(2026, 2, 28), last=TODAY, days=None, account=None)),
    ],
)
def test_an_address_says_which_days_and_which_network(params: dict[str, str], expected: Asked) -> None:
    assert asked_of(params, TODAY, ACCOUNTS) == expected


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"from": "", "to": "2026-01-06"}, "missing"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "missing"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "missing"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "backwards"),
        ({"from": "1970-01-01", "to": "2026-02-01"}, "long"),
    ],
)
def test_days_that_cannot_be_taken_say_why_and_show_the_last_week(params: dict[str, str], problem: str) -> None:
    found = asked_of(params, TODAY, ACCOUNTS)
    assert (found.problem, found.days, found.span(UTC)) == (problem, 7, WEEK.span(UTC))


async def test_the_page_shows_figures_charts_and_a_table_for_each(desk: DeskSide) -> None:
    for _ in range(4):
        desk.world.comment()
    desk.world.loads.append(Load(person="ana", assigned=2, answered=3, decided=4))
    browser = await desk.browser("luis")
    html = (await browser.get("/desk/reports?days=1")).text
    text = " ".join(re.sub("<[^>]*>", " ", html).split())
    assert html.count('<svg class="chart" role="img" aria-label="') == 2
    assert "What came, by the hour, from Mar 2, 2026, 12:00 AM to Mar 2, 2026, 11:59 PM: 4 comments;" in html
    for said in (
        "Arrived 4",
        "Half within 12 minutes",
        "In time 75%",
        "Complaint 4",
        "Ana 2 3 4",
        "offline:praise.es#2 3 1 12% 0 0",
    ):
        assert said in text
    assert "style=" not in html


async def test_the_page_speaks_the_readers_language_and_marks_where_one_is(desk: DeskSide) -> None:
    desk.world.comment()
    html = (await (await desk.browser("ana")).get("/desk/reports?days=30")).text
    assert "Lo que llegó, por días" in html
    assert '<a href="/desk/reports?days=30" aria-current="page">30 días</a>' in html
    assert '<a href="/desk/reports" aria-current="page">Informes</a>' in html


async def test_days_without_anything_say_what_to_do_and_show_no_chart(desk: DeskSide) -> None:
    html = (await (await desk.browser("luis")).get("/desk/reports?from=2025-01-01&to=2025-01-02")).text
    assert "Nothing happened in these days." in html
    assert "<code>portavoz backfill</code>" in html
    assert '<svg class="chart"' not in html


async def test_what_is_wrong_with_the_days_stands_on_the_page(desk: DeskSide) -> None:
    page = await desk.page("luis", "/desk/reports?from=2026-02-02&to=2026-02-01")
    assert "That ends before it begins." in page.text


async def test_each_table_is_a_file_for_spreadsheets(desk: DeskSide) -> None:
    desk.world.comment()
    desk.world.loads.append(Load(person="=cmd|' /C calc'!A0", decided=1))
    browser = await desk.browser("luis")
    files = {}
    for name in ("volume", "answers", "kinds", "networks", "people", "drafts"):
        answer = await browser.get(f"/desk/reports/{name}.csv?days=7")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        last = START.date()
        file = f"portavoz-{name}-{last - timedelta(days=6)}-{last}.csv"
        assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'
        assert answer.content.startswith(b"\xef\xbb\xbf")
        files[name] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert files["kinds"][1] == ["Complaint", "1", "1", "0", "0", "1", "0", "12.4", "95.0", "100.0"]
    assert len(files["volume"]) == 8
    assert files["people"][1] == ["'=cmd|' /C calc'!A0", "0", "0", "1"]
    assert (await browser.get("/desk/reports/secrets.csv")).status_code == 404


async def test_the_file_is_made_for_a_spreadsheet_in_the_persons_language(desk: DeskSide) -> None:
    desk.world.comment()
    answer = await (await desk.browser("ana")).get("/desk/reports/kinds.csv?days=7")
    [_, complaints] = answer.content.decode("utf-8-sig").splitlines()
    assert complaints == "Queja;1;1;0;0;1;0;12,4;95,0;100,0"


@pytest.mark.parametrize(
    ("line", "leads_to"),
    [
        ("stats 3d", "/desk/reports?days=3"),
        ("cifras 30d", "/desk/reports?days=30"),
        ("stats drafts 30d", "/desk/reports?days=30#drafts"),
    ],
)
async def test_stats_leads_to_the_reports(desk: DeskSide, line: str, leads_to: str) -> None:
    browser = await desk.browser("luis")
    csrf = (await desk.page("luis")).forms["/desk/command"].fields["csrf"]
    fields = {"csrf": csrf, "line": line, "ticket": ""}
    answer = await browser.post("/desk/command", data=fields, headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
