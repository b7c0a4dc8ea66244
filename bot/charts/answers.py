"""How long first answers took, and whether they met their targets."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from babel.dates import format_timedelta

from bot.charts.bars import HEIGHT, Bar, bars, heading
from bot.core.report import Answers
from bot.core.scene import Chart, Ink, Shape
from bot.locale import best, ntext, number, span, text, took

_TITLE = "Time to the first answer"


def answers_chart(locale: str, answers: Answers) -> Chart:
    """A bar for each class of times: within target at the bottom, late ones above, then those without a target."""
    sums = (answers.in_time, answers.late, answers.total - answers.in_time - answers.late)
    say = partial(number, locale)
    legend = (
        (Ink.GOOD, text(locale, "in time {n}", n=say(sums[0]))),
        (Ink.BAD, text(locale, "late {n}", n=say(sums[1]))),
        (Ink.EVEN, text(locale, "no target {n}", n=say(sums[2]))),
    )
    shown = [
        Bar(
            parts=((Ink.GOOD, one.in_time), (Ink.BAD, one.late), (Ink.EVEN, one.untimed)),
            label=wait_name(locale, one.at_most),
        )
        for one in answers.waits
    ]
    below = bars(shown, say, totals=True, before=text(locale, "up to"))
    shapes: tuple[Shape, ...] = (*heading(text(locale, _TITLE), legend), *below)
    return Chart(name="answers", height=HEIGHT, alt=_alt(locale, answers), shapes=shapes)


def wait_name(locale: str, at_most: timedelta | None) -> str:
    """`15 min`, `1 h`, `24 h`, and `more` for what is longer than all of them."""
    if at_most is None:
        return text(locale, "more")
    if at_most < timedelta(hours=2) and at_most != timedelta(hours=1):
        return format_timedelta(at_most, granularity="minute", threshold=100, format="short", locale=best(locale))
    return text(locale, "{n} h", n=round(at_most / timedelta(hours=1)))


def briefly(locale: str, minutes: float) -> str:
    """So many minutes where there is little room: `23 min`, `2 h`; days in full."""
    whole = timedelta(minutes=max(1, round(minutes)))
    return wait_name(locale, whole) if whole < timedelta(hours=48) else span(locale, whole)


def _alt(locale: str, answers: Answers) -> str:
    title = text(locale, _TITLE)
    if not answers.total or answers.median_minutes is None or answers.p90_minutes is None:
        return text(locale, "{title}: nothing was answered.", title=title)
    parts = [
        ntext(locale, "{n} answer", "{n} answers", answers.total, n=number(locale, answers.total)),
        text(locale, "half of them within {time}", time=took(locale, answers.median_minutes)),
        text(locale, "nine of ten within {time}", time=took(locale, answers.p90_minutes)),
    ]
    timed = answers.in_time + answers.late
    if timed:
        parts.append(
            text(
                locale, "{n} of {all} within their target", n=number(locale, answers.in_time), all=number(locale, timed)
            )
        )
    return f"{title}: {'; '.join(parts)}."
