"""How much came, hour by hour or day by day, and in which mood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from functools import partial

from babel.dates import format_date, format_skeleton

from bot.charts.bars import HEIGHT, Bar, bars, heading
from bot.core.report import Step, Unit, Volume
from bot.core.scene import Chart, Ink, Shape
from bot.locale import best, clock, ntext, number, text

_LABELS: dict[Unit, int] = {"hour": 6, "day": 7, "week": 6, "month": 5}
"""Labels that fit beside each other below the bars."""


def volume_chart(locale: str, volume: Volume, tz: tzinfo) -> Chart:
    """Stacked bars: negative ones at the bottom, where they are easiest to compare; labels are local times."""
    steps = volume.steps
    sums = tuple(sum(getattr(step, mood) for step in steps) for mood in ("negative", "neutral", "positive"))
    say = partial(number, locale)
    legend = (
        (Ink.BAD, text(locale, "negative {n}", n=say(sums[0]))),
        (Ink.EVEN, text(locale, "neutral {n}", n=say(sums[1]))),
        (Ink.GOOD, text(locale, "positive {n}", n=say(sums[2]))),
    )
    shown = [
        Bar(parts=((Ink.BAD, step.negative), (Ink.EVEN, step.neutral), (Ink.GOOD, step.positive)), label=label)
        for step, label in zip(steps, _labels(locale, volume, tz), strict=True)
    ]
    shapes: tuple[Shape, ...] = (*heading(volume_title(locale, volume.unit), legend), *bars(shown, say))
    return Chart(name="volume", height=HEIGHT, alt=_alt(locale, volume, sums, tz), shapes=shapes)


def volume_title(locale: str, unit: Unit) -> str:
    """What the chart is called."""
    return {
        "hour": text(locale, "What came, by the hour"),
        "day": text(locale, "What came, by the day"),
        "week": text(locale, "What came, by the week"),
        "month": text(locale, "What came, by the month"),
    }[unit]


def step_name(locale: str, unit: Unit, step: Step, tz: tzinfo) -> str:
    """A step as one would say it: `6:00 PM`, `Mon 16`, `Nov 16`, `Nov 2026`."""
    local, where = step.since.astimezone(tz), best(locale)
    if unit == "hour":
        return clock(locale, step.since, tz, now=step.since)
    if unit == "day":
        return format_date(local.date(), "EEE d", locale=where)
    return format_skeleton("MMMd" if unit == "week" else "yMMM", local, locale=where)


def _labels(locale: str, volume: Volume, tz: tzinfo) -> Iterator[str]:
    """A label for every so many steps; hours at midnight, six, noon and six."""
    steps = volume.steps
    most = _LABELS[volume.unit]
    every = -(-len(steps) // most)
    for at, step in enumerate(steps):
        if volume.unit == "hour" and len(steps) > most:
            local = step.since.astimezone(tz)
            wanted = local.minute == 0 and local.hour % (6 if len(steps) <= 26 else 12) == 0
        else:
            wanted = at % every == 0
        yield step_name(locale, volume.unit, step, tz) if wanted else ""


def _alt(locale: str, volume: Volume, sums: tuple[int, ...], tz: tzinfo) -> str:
    title = volume_title(locale, volume.unit)
    if not volume.steps or not sum(sums):
        return text(locale, "{title}: nothing came.", title=title)
    highest = max(volume.steps, key=lambda step: step.total)
    most = {"when": step_name(locale, volume.unit, highest, tz), "n": number(locale, highest.total)}
    by_hour = volume.unit == "hour"
    bad, even, good = (number(locale, many) for many in sums)
    said = (
        ntext(locale, "{n} comment", "{n} comments", sum(sums), n=number(locale, sum(sums))),
        text(locale, "{bad} negative, {even} neutral, {good} positive", bad=bad, even=even, good=good),
        text(locale, "the most at {when}: {n}", **most) if by_hour else text(locale, "the most on {when}: {n}", **most),
    )
    return f"{title}, {_span(locale, volume.steps[0].since, volume.steps[-1].until, tz)}: {'; '.join(said)}."


def _span(locale: str, since: datetime, until: datetime, tz: tzinfo) -> str:
    last = until - timedelta(microseconds=1)
    return text(locale, "from {since} to {until}", since=clock(locale, since, tz), until=clock(locale, last, tz))
