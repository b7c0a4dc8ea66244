"""The command box's answers about what waits for a person, and what is folded away."""

from __future__ import annotations

from bot.core import queries as q
from bot.core.foreign import visible
from bot.core.inbox import Narrow
from bot.core.letters import Letter, Muting
from bot.core.messages import NotFound
from bot.locale import explain, folded, how_to_unfold, letter
from bot.locale.answering import press_answer
from handlers.chats.desk.board import Answer, Line
from handlers.chats.desk.door import Visit

_SHOWN = 12
_LONGEST = 80  # characters of a foreign text in a list


async def answer_waiting(visit: Visit, query: q.Failures | q.Mutes) -> Answer:
    """`failures`, one failure, `mutes`."""
    if isinstance(query, q.Mutes):
        return _mutes(visit, await visit.engine.read.mutes())
    if query.about is None:
        found = await visit.engine.read.letters(limit=_SHOWN)
        said = visit.say("These wait for a person:") if found else visit.say("Nothing waits for a person.")
        return Answer(kind="info", text=said, lines=tuple(_line(visit, one) for one in found))
    one = await visit.engine.read.letter(query.about)
    if one is None:
        gone = NotFound(what="failure", id=query.about)
        return Answer(kind="refused", text=explain(visit.person.locale, gone), verb="command")
    return _whole(visit, one)


async def answer_listed(visit: Visit, query: q.Noise | q.Press) -> Answer:
    """`noise`: the rolls, each leading to what lies there; `press`: headlines."""
    read, locale, now = visit.engine.read, visit.person.locale, visit.house.clock()
    if isinstance(query, q.Press):
        said = await press_answer(locale, query, read, now)
        return Answer(kind="info", text=said.text, lines=tuple(Line(text=line) for line in said.lines))
    narrow = Narrow(account=query.account or None, rolls=True)
    rolls = await read.inbox(narrow=narrow, limit=_SHOWN)
    lines = tuple(
        Line(text=visible(f"{one.id} · {one.account}: {folded(locale, one.folded)}"), ticket=one.id) for one in rolls
    )
    return Answer(
        kind="info", text=how_to_unfold(locale) if lines else visit.say("No noise lies folded away."), lines=lines
    )


def _line(visit: Visit, one: Letter) -> Line:
    told = letter(visit.person.locale, one)
    return Line(text=visible(f"{one.id} · {told.title}: {_short(told.happened)}"), ticket=one.ticket)


def _whole(visit: Visit, one: Letter) -> Answer:
    """What happened, what it means, what to do; below it the words it is about, and what to type."""
    told = letter(visit.person.locale, one, tz=visit.house.tz)
    said = " ".join((f"{one.id} · {told.happened}", told.meaning, told.advice))
    words = [Line(text=visible(_short(part))) for part in (one.text, told.said) if part]
    ways = [Line(text=f"{way.typed}: {way.purpose}") for way in told.ways]
    return Answer(kind="info", text=visible(said), lines=(*words, *ways))


def _mutes(visit: Visit, found: list[Muting]) -> Answer:
    if not found:
        return Answer(kind="info", text=visit.say("Nothing is folded away."))
    lines = tuple(Line(text=visible(_muting(visit, one))) for one in found)
    return Answer(kind="info", text=visit.say("This is folded away:"), lines=lines)


def _muting(visit: Visit, one: Muting) -> str:
    return visit.say("{pattern} (by {who}); to lift it: unmute {pattern}", pattern=one.pattern, who=one.by)


def _short(text: str) -> str:
    line = " ".join(text[:400].split())
    return line if len(line) <= _LONGEST and len(text) <= 400 else f"{line[:_LONGEST]}…"
