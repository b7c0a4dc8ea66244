"""The tables of a report, each with its heading in the reader's language: for a page, as CSV, and behind the charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from bot.charts.answers import briefly, wait_name
from bot.core.foreign import visible
from bot.core.report import Answers, Group, Report, Step, Unit
from bot.core.spreadsheet import Cell, csv
from bot.locale import kind_name, percent, text
from bot.locale.outcomes import origin
from bot.locale.shares import point

NAMES = ("volume", "answers", "kinds", "networks", "people", "drafts")
"""Every table that there is."""


class Holds(StrEnum):
    """What a column holds: words, how many, minutes, or a share from 0 to 1."""

    WORDS = "words"
    MANY = "many"
    MINUTES = "minutes"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells below a heading: each column's title and what it holds. `name` is what its file is called."""

    name: str
    heading: tuple[tuple[str, Holds], ...]
    rows: tuple[tuple[Cell, ...], ...]

    def shown(self, locale: str) -> Iterator[tuple[str, ...]]:
        """The rows as people read them: `23 minutes`, `87 %`, and a dash where there is nothing to say."""
        for row in self.rows:
            yield tuple(_shown(locale, holds, cell) for (_, holds), cell in zip(self.heading, row, strict=True))

    def csv(self, locale: str = "en") -> bytes:
        """The heading and the rows for a spreadsheet in that language: minutes to a tenth, shares in percent."""
        titles = tuple(_unit(title, holds) for title, holds in self.heading)
        rows = (
            tuple(_plain(holds, cell) for (_, holds), cell in zip(self.heading, row, strict=True)) for row in self.rows
        )
        return csv([titles, *rows], point=point(locale))


def tables(locale: str, report: Report, tz: tzinfo, people: Mapping[str, str]) -> dict[str, Table]:
    """All tables by their names; `people` are the names of the team by id."""
    made = (
        volume_table(locale, report.volume.unit, report.volume.steps, tz),
        answers_table(locale, report.answers),
        _groups(locale, "kinds", text(locale, "Kind"), report.kinds, lambda key: kind_name(locale, key)),
        _groups(locale, "networks", text(locale, "Network"), report.accounts, visible),
        _people(locale, report, people),
        _drafts(locale, report),
    )
    return {table.name: table for table in made}


def volume_table(locale: str, unit: Unit, steps: Iterable[Step], tz: tzinfo) -> Table:
    """What came in each step: the words behind that chart."""
    when = text(locale, "Hour") if unit == "hour" else text(locale, "From")
    return Table(
        name="volume",
        heading=((when, Holds.WORDS), *_moods(locale), (text(locale, "Total"), Holds.MANY)),
        rows=tuple((_moment(unit, step, tz), step.negative, step.neutral, step.positive, step.total) for step in steps),
    )


def answers_table(locale: str, answers: Answers) -> Table:
    """First answers by how long they took: the words behind that chart."""
    titles = (text(locale, "In time"), text(locale, "Late"), text(locale, "Without a target"), text(locale, "Total"))
    return Table(
        name="answers",
        heading=((text(locale, "Within"), Holds.WORDS), *((title, Holds.MANY) for title in titles)),
        rows=tuple(
            (wait_name(locale, one.at_most), one.in_time, one.late, one.untimed, one.total) for one in answers.waits
        ),
    )


def _groups(locale: str, name: str, title: str, groups: Sequence[Group], called: Callable[[str], str]) -> Table:
    heading = (
        (title, Holds.WORDS),
        (text(locale, "Arrived"), Holds.MANY),
        *_moods(locale),
        (text(locale, "Answered"), Holds.MANY),
        (text(locale, "Tickets closed"), Holds.MANY),
        (text(locale, "Half within"), Holds.MINUTES),
        (text(locale, "Nine of ten within"), Holds.MINUTES),
        (text(locale, "In time"), Holds.SHARE),
    )
    return Table(
        name=name,
        heading=heading,
        rows=tuple(
            (
                called(one.key),
                *(one.arrived, one.negative, one.neutral, one.positive),
                *(one.answers.total, one.closed),
                *(one.answers.median_minutes, one.answers.p90_minutes, one.answers.share_in_time),
            )
            for one in groups
        ),
    )


def _people(locale: str, report: Report, people: Mapping[str, str]) -> Table:
    titles = (text(locale, "Assigned"), text(locale, "Answered"), text(locale, "Decided"))
    return Table(
        name="people",
        heading=((text(locale, "Person"), Holds.WORDS), *((title, Holds.MANY) for title in titles)),
        rows=tuple(
            (visible(people.get(one.person, one.person)), one.assigned, one.answered, one.decided)
            for one in report.people
        ),
    )


def _drafts(locale: str, report: Report) -> Table:
    return Table(
        name="drafts",
        heading=(
            (text(locale, "Draft"), Holds.WORDS),
            (text(locale, "Sent"), Holds.MANY),
            (text(locale, "Edited"), Holds.MANY),
            (text(locale, "Changed"), Holds.SHARE),
            (text(locale, "Replaced"), Holds.MANY),
            (text(locale, "Not sent"), Holds.MANY),
        ),
        rows=tuple(
            (origin(one), one.sent, one.edited, one.median_change, one.replaced, one.discarded) for one in report.drafts
        ),
    )


def _moods(locale: str) -> tuple[tuple[str, Holds], ...]:
    titles = (text(locale, "Negative"), text(locale, "Neutral"), text(locale, "Positive"))
    return tuple((title, Holds.MANY) for title in titles)


def _moment(unit: Unit, step: Step, tz: tzinfo) -> str:
    """When a step begins, so that spreadsheets sort it; an hour that comes twice says which of both it is."""
    local = step.since.astimezone(tz)
    if unit != "hour":
        return local.date().isoformat()
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%Y-%m-%d %H:%M%z}" if twice else f"{local:%Y-%m-%d %H:%M}"


def _shown(locale: str, holds: Holds, cell: Cell) -> str:
    if cell is None:
        return "–"
    if holds is Holds.MINUTES:
        return briefly(locale, float(cell))
    return percent(locale, float(cell)) if holds is Holds.SHARE else str(cell)


def _unit(title: str, holds: Holds) -> str:
    """A title that says in what its bare numbers are."""
    unit = {Holds.MINUTES: "min", Holds.SHARE: "%"}.get(holds)
    return f"{title} ({unit})" if unit else title


def _plain(holds: Holds, cell: Cell) -> Cell:
    if cell is None or holds in {Holds.WORDS, Holds.MANY}:
        return cell
    return round(float(cell) * (100 if holds is Holds.SHARE else 1), 1)
