"""The sections of a digest that others fill: the press, the calendar, what people say, and who talks about us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.digest import agenda_light
from bot.core.foreign import safe_url, visible
from bot.core.types import Passage, Section
from bot.locale import light
from bot.reports.digest_words import joined, lines, short

if TYPE_CHECKING:
    from bot.core.digest import Digest, Said, Scheduled, Topic
    from bot.core.press import Headline
    from bot.reports.digest_words import Tongue

_HEADLINES, _ENTRIES, _TOPICS = 3, 4, 3
Shown = tuple[Passage, ...]


def press(told: Digest, tongue: Tongue) -> Shown:
    """The newest headlines."""
    return tuple(map(_headline, told.headlines[:_HEADLINES])) + _more(tongue, len(told.headlines) - _HEADLINES)


def press_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """All of them."""
    if len(told.headlines) <= _HEADLINES:
        return None
    return Section(title=tongue.say("In the press"), lines=tuple(map(_headline, told.headlines)))


def scheduled(told: Digest, tongue: Tongue) -> Shown:
    """What the calendar has for the day on which the digest is read, or why it cannot be told."""
    agenda = told.agenda
    if agenda is None:
        return ()
    if agenda.trouble:
        return lines(light(tongue.locale, agenda_light(agenda)).detail)
    shown = [_entry(entry, tongue) for entry in agenda.entries[:_ENTRIES]]
    return lines(*shown) + _more(tongue, len(agenda.entries) - _ENTRIES)


def scheduled_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """The whole day."""
    entries = told.agenda.entries if told.agenda is not None else ()
    if len(entries) <= _ENTRIES:
        return None
    return Section(title=tongue.say("Scheduled today"), lines=lines(*(_entry(entry, tongue) for entry in entries)))


def topics(told: Digest, tongue: Tongue) -> Shown:
    """The themes, each with the comment that stands for it."""
    if told.phrase:
        return lines(short(told.phrase, 600))
    return tuple(_topic(topic, tongue) for topic in told.topics[:_TOPICS])


def topics_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """All themes, and where they were found."""
    if len(told.topics) <= _TOPICS and not told.phrase:
        return None
    found = tongue.count("Found in one comment.", "Found in {number} comments.", told.read)
    shown = tuple(_topic(topic, tongue) for topic in told.topics)
    return Section(title=tongue.say("What they say"), lines=(*shown, *lines(found)))


def about_us(told: Digest, tongue: Tongue) -> Shown:
    """How far it went, the widest voice, who stands by us, how much is suggested."""
    shown: list[Passage] = []
    if told.reach:
        sentence = tongue.count("Reach: one person.", "Reach: {number} people.", told.reach)
        shown += lines(sentence)
    if told.voices:
        voice = told.voices[0]
        if told.praise is not None and told.praise.ticket == voice.ticket and (who := short(voice.author, 40)):
            # What was said stands below.
            praised = tongue.say("{name}, with the praise of the day", name=who)
            shown += lines(_reaching(voice, tongue) + praised)
        else:
            shown.append(tongue.quote(voice, _reaching(voice, tongue)))
    if told.advocates:
        names = joined((short(one.author, 40) for one in told.advocates), ", ")
        shown += lines(tongue.say("They stand by us: {names}.", names=names))
    if told.suggestions:
        head = tongue.count("A suggestion: ", "{number} suggestions; the newest: ", len(told.suggestions))
        shown.append(tongue.quote(told.suggestions[0], head))
    return tuple(shown)


def about_us_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """Every voice, advocate and suggestion that was found."""
    shown = [tongue.quote(voice, _reaching(voice, tongue)) for voice in told.voices]
    for one in told.advocates:
        head = tongue.count("An advocate: ", "An advocate, {number} praises in a month: ", max(one.many, 1))
        shown.append(tongue.quote(one, head))
    shown += [tongue.quote(one, tongue.say("Suggestion: ")) for one in told.suggestions]
    small = len(told.voices) <= 1 and not told.advocates and len(told.suggestions) <= 1
    return None if small else Section(title=tongue.say("Do they talk about us?"), lines=tuple(shown))


def praise(told: Digest, tongue: Tongue) -> Shown:
    """One kind word, to begin the day with."""
    return () if told.praise is None else (tongue.quote(told.praise),)


def _reaching(voice: Said, tongue: Tongue) -> str:
    return tongue.say("Top voice, reach {reach}: ", reach=tongue.number(voice.reach or 0))


def _headline(one: Headline) -> Passage:
    return Passage(text=f"{short(one.title)} — {short(one.source, 40)}", url=safe_url(one.url), quoted=True)


def _entry(entry: Scheduled, tongue: Tongue) -> str:
    at = tongue.say("all day") if entry.at is None else tongue.clock(entry.at, entry.at)
    return joined([at, short(entry.title, 100), short(entry.where, 60)])


def _topic(topic: Topic, tongue: Tongue) -> Passage:
    named = visible(", ".join(topic.words)) or "–"
    many = tongue.count("once", "{number} times", topic.size)
    notes = joined(
        [
            many,
            tongue.say("far more than usual") if topic.unusual else "",
            _alike(topic, tongue),
        ],
        ", ",
    )
    return tongue.quote(topic.example, f"{named} ({notes}): ")


def _alike(topic: Topic, tongue: Tongue) -> str:
    if topic.copies == topic.size:
        return tongue.say("all nearly alike")
    return tongue.say("{n} nearly alike", n=tongue.number(topic.copies)) if topic.copies else ""


def _more(tongue: Tongue, left: int) -> Shown:
    return lines(tongue.count("… and one more.", "… and {number} more.", left)) if left > 0 else ()
