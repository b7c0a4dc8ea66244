"""The sections of a digest that want somebody to act: who waits longest, and what to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.foreign import safe_url, visible
from bot.core.types import Passage, Section
from bot.locale import ago, in_short, light
from bot.reports.digest_words import joined, lines, short

if TYPE_CHECKING:
    from bot.core.digest import Digest
    from bot.core.types import Light
    from bot.core.views import TicketLine
    from bot.reports.digest_words import Tongue

_LONGEST, _LIGHTS = 3, 3
Shown = tuple[Passage, ...]


def waiting(told: Digest, tongue: Tongue) -> Shown:
    """How many wait, how many of them too long, and the first of them."""
    if not told.waiting and not told.longest:
        return ()
    head = tongue.count("One ticket waits for an answer.", "{number} tickets wait for an answer.", told.waiting)
    late = tongue.count("One is overdue.", "{number} are overdue.", told.overdue) if told.overdue else ""
    return (*lines(joined([head, late], " ")), *(_waits(line, told, tongue) for line in told.longest[:_LONGEST]))


def waiting_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """Some more of them."""
    shown = tuple(_waits(line, told, tongue) for line in told.longest[_LONGEST:])
    if not shown:
        return None
    return Section(title=tongue.say("Waiting longest"), lines=shown)


def to_check(told: Digest, tongue: Tongue) -> Shown:
    """Networks where nobody was answered, parts that need a look, what has vanished."""
    shown = []
    if told.silent:
        names = joined((f"{visible(account)} ({tongue.number(many)})" for account, many in told.silent), ", ")
        shown.append(tongue.say("Networks left without an answer: {names}.", names=names))
    shown += [_light(one, tongue) for one in told.lights[:_LIGHTS]]
    if len(told.lights) > _LIGHTS:
        left = len(told.lights) - _LIGHTS
        shown.append(tongue.count("… and one more part.", "… and {number} more parts.", left))
    replies = sum(one.what == "reply" for one in told.vanished)
    comments = len(told.vanished) - replies
    if replies:
        shown.append(tongue.count("A reply of ours has vanished.", "{number} of our replies have vanished.", replies))
    if comments:
        shown.append(
            tongue.count(
                "A comment was taken away by its author or its network.",
                "{number} comments were taken away by their authors or networks.",
                comments,
            )
        )
    return lines(*shown)


def to_check_wholly(told: Digest, tongue: Tongue) -> Section | None:
    """Each part with what to do about it, each thing that vanished with its ticket."""
    shown = [Passage(text=_light(one, tongue, wholly=True)) for one in told.lights]
    for one in told.vanished:
        what = tongue.say("A reply of ours") if one.what == "reply" else tongue.say("A comment")
        said = f"{what}: {one.ticket} · {tongue.clock(one.at)}"
        shown.append(Passage(text=said, url=tongue.ticket(one.ticket), ticket=one.ticket))
    return Section(title=tongue.say("To check"), lines=tuple(shown)) if shown else None


def sealed(told: Digest, tongue: Tongue) -> Section:
    """The record's newest seal: whoever keeps the message can prove later that nothing before it was cut off."""
    seal = told.seal or tongue.say("there is none yet")
    return Section(title=tongue.say("Record"), lines=lines(tongue.say("Seal of the record: {seal}", seal=seal)))


def _waits(line: TicketLine, told: Digest, tongue: Tongue) -> Passage:
    since = ago(tongue.locale, line.opened_at, told.now)
    words = tongue.quoted(short(in_short(tongue.locale, line), 100))
    said = f"{line.id} · {since} · {short(line.author, 40)}: {words}"
    # To the desk first: that is where somebody answers.
    return Passage(text=said, url=tongue.ticket(line.id) or safe_url(line.url), ticket=line.id, quoted=True)


def _light(one: Light, tongue: Tongue, *, wholly: bool = False) -> str:
    words = light(tongue.locale, one)
    detail, remedy = short(words.detail, 300), short(words.remedy, 300) if wholly else ""
    stop = "." if detail and remedy and not detail.endswith((".", "…")) else ""
    return f"{visible(words.name)}: " + (joined([detail + stop, remedy], " ") or words.state)
