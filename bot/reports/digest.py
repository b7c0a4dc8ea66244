"""From a digest's figures to a message: one screen in the order of a community manager's day, the rest as details.

Pure, but for the picture (`pictured`), whose library is loaded when the first one is drawn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import logs
from bot.core.types import Message, Passage, Section
from bot.reports import digest_checks as checks
from bot.reports import digest_figures as figures
from bot.reports import digest_voices as voices
from bot.reports.digest_words import Tongue

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.core.digest import Digest
    from bot.core.scene import Chart

    Whole = Callable[[Digest, Tongue], Section | None]

log = logs.get(__name__)
_DETAILS: tuple[Whole, ...] = (
    figures.happened_wholly,
    voices.press_wholly,
    voices.scheduled_wholly,
    voices.topics_wholly,
    voices.about_us_wholly,
    checks.waiting_wholly,
    checks.to_check_wholly,
    checks.sealed,
)


def compose(told: Digest, locale: str, desk: str = "") -> Message:
    """The message, in a language; `desk` is the address of the desk's pages.

    On a quiet day it is a line and whatever wants to be looked at.
    """
    tongue = Tongue(locale, told.span.tz, desk)
    title = title_of(told, tongue)
    sections = _sections(told, tongue)
    details = tuple(section for make in _DETAILS if (section := make(told, tongue)) is not None)
    foot = Section(title="", lines=_foot(told, tongue))
    whole = (*sections, foot) if foot.lines else sections
    return Message(
        text=plain(title, whole),
        code="digest",
        params={"day": told.span.first.isoformat(), "days": told.span.days, "came": told.total},
        title=title,
        sections=whole,
        details=details,
        charts=_charts(told, locale),
    )


def _sections(told: Digest, tongue: Tongue) -> tuple[Section, ...]:
    """In the order in which whoever reads them will work through the day; what has nothing to say is left out."""
    say = tongue.say
    every = (
        (say("What happened"), figures.happened),
        (say("In the press"), voices.press),
        (say("Scheduled today"), voices.scheduled),
        (say("What they say"), voices.topics),
        (say("Do they talk about us?"), voices.about_us),
        (say("Waiting longest"), checks.waiting),
        (say("What was answered"), figures.answered),
        (say("To check"), checks.to_check),
        (say("Praise of the day"), voices.praise),
        (say("Objectives"), figures.objectives),
    )
    return tuple(Section(title=title, lines=lines) for title, make in every if (lines := make(told, tongue)))


def title_of(told: Digest, tongue: Tongue) -> str:
    """`Digest of Friday, November 20, 2026`, or of several days."""
    if told.span.days == 1:
        return tongue.say("Digest of {day}", day=tongue.day(told.span.first))
    return tongue.say("Digest: {days}", days=tongue.days(told.span.first, told.span.last))


def plain(title: str, sections: tuple[Section, ...]) -> str:
    """The same in lines, for chats that show nothing else."""
    told = [title]
    for section in sections:
        if section.title and len(section.lines) == 1:
            told.append(f"{section.title}: {section.lines[0].text}")
            continue
        told += [section.title] if section.title else []
        told += [f"  {line.text}" if section.title else line.text for line in section.lines]
    return "\n".join(told)


def _foot(told: Digest, tongue: Tongue) -> tuple[Passage, ...]:
    """That it is late, that the days are not over, and the beginning of the seal."""
    found = []
    if told.now < told.span.until:
        until, days = tongue.clock(told.now, told.now), told.span.days
        over = tongue.count(
            "The day is not over: as of {time}.", "The days are not over: as of {time}.", days, time=until
        )
        found.append(Passage(text=over))
    if told.late is not None:
        found.append(
            Passage(text=tongue.say("This comes late: it was due at {time}.", time=tongue.clock(told.late, told.now)))
        )
    if told.seal:
        found.append(Passage(text=tongue.say("Seal of the record: {seal}", seal=f"{told.seal[:16]}…")))
    return tuple(found)


def pictured(message: Message) -> Message:
    """The same with its charts in one picture, for chats that take files.

    A digest without its picture is a digest all the same.
    """
    if not message.charts:
        return message
    from bot.reports.charts import picture  # noqa: PLC0415  # a digest is rare, the start of the program is not

    name = f"digest-{message.params['day']}"
    try:
        return replace(message, pictures=(picture(message.charts, name=name, title=message.title),))
    except Exception:
        log.exception("digest.picture_failed")
        return message


def _charts(told: Digest, locale: str) -> tuple[Chart, ...]:
    """What came hour by hour, and how soon it was answered; nothing is drawn of nothing."""
    if told.volume is None or not told.total:
        return ()
    from bot.charts.answers import answers_chart  # noqa: PLC0415  # as above
    from bot.charts.volume import volume_chart  # noqa: PLC0415

    came = volume_chart(locale, told.volume, told.span.tz)
    return (came, answers_chart(locale, told.answers)) if told.answers.total else (came,)
