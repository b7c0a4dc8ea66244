"""`failures` and `mutes`: what waits for a person and what is folded away, as JSON or for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from bot.cli.errors import NOT_FOUND, Stop
from bot.cli.output import A_SCREENFUL, as_json, brief, clean, console, iso, say, table
from bot.core.letters import LetterState

if TYPE_CHECKING:
    from bot.cli.asking import Asking
    from bot.core.letters import Letter, Muting
    from bot.core.queries import Failures, Mutes
    from bot.locale import LetterText

_STYLES = {LetterState.UNCERTAIN: "bold red", LetterState.DEAD: "yellow"}


def failures(asking: Asking, query: Failures) -> None:
    """All of it, or one with everything. Raises Stop when there is no such thing."""
    from bot.locale import text
    from bot.store.letters import letters

    if query.about is not None:
        _one(asking, query.about)
        return
    limit = asking.limit or A_SCREENFUL
    found = letters(asking.conn, limit=limit + 1)
    if asking.json:
        as_json([shape(one, asking.locale) for one in found[:limit]])
    elif not found:
        say(text(asking.locale, "Nothing waits for a person."))
    else:
        _list(asking, found[:limit])
        if len(found) > limit:
            say(text(asking.locale, "There are more; they show when these are done."))


def _list(asking: Asking, found: list[Letter]) -> None:
    from bot.locale import ago, letter, text

    titles = [text(asking.locale, "ID"), text(asking.locale, "Since"), text(asking.locale, "What happened")]
    rows = []
    for one in found:
        said = letter(asking.locale, one, tz=asking.desk.tz)
        body = Text(said.title).append(f"\n{brief(said.happened, 300)}", style="dim")
        since = ago(asking.locale, one.since, asking.now)
        rows.append((Text(one.id, style=_STYLES.get(one.state, "bold")), since, body))
    console().print(table(titles, rows))
    say(text(asking.locale, "`failures ID` tells what each means and what to do."))


def _one(asking: Asking, about: str) -> None:
    from bot.core.messages import NotFound
    from bot.locale import explain, letter
    from bot.store.letters import letter as find

    found = find(asking.conn, about)
    if found is None:
        gone = NotFound(what="failure", id=about)
        raise Stop(explain(asking.locale, gone), NOT_FOUND, outcome="not_found", what="failure", id=about)
    if asking.json:
        as_json(shape(found, asking.locale))
    else:
        _paragraphs(asking, found, letter(asking.locale, found, tz=asking.desk.tz))


def _paragraphs(asking: Asking, found: Letter, said: LetterText) -> None:
    from bot.locale import clock, text

    locale, out = asking.locale, console()
    when = text(locale, "since {when}, tries: {n}", when=clock(locale, found.since, asking.desk.tz), n=found.attempts)
    out.print(Text.assemble((found.id, "bold"), "  ", said.title, (f"  {when}", "dim")), soft_wrap=True)
    for line in (said.happened, said.meaning, said.advice):
        out.print(Text(clean(line)), soft_wrap=True)
    for link in (found.target_url, found.manual_url):
        if link:
            out.print(Text(clean(link), style="dim"), soft_wrap=True)
    for words in (found.text, said.said):
        if words:
            out.print(Padding(Text(clean(words)), (1, 0, 0, 2)))
    out.print()
    out.print(table(["", ""], [(Text(way.typed, style="bold"), way.purpose) for way in said.ways]))


def shape(one: Letter, locale: str) -> dict[str, Any]:
    """A failure for scripts: `id`, `code`, `type`, `state` and `remedies` are stable; the rest is for people."""
    from bot.locale import letter

    said = letter(locale, one)
    return {
        "id": one.id,
        "code": one.code,
        "type": one.type,
        "state": one.state,
        "ticket": one.ticket,
        "part": one.part,
        "place": one.place,
        "since": iso(one.since),
        "attempts": one.attempts,
        "reason": one.reason,
        "text": one.text or said.said,
        "target_url": one.target_url,
        "manual_url": one.manual_url,
        "remedies": list(one.remedies),
        "title": said.title,
        "happened": said.happened,
        "meaning": said.meaning,
        "advice": said.advice,
        "commands": [{"verb": way.verb, "line": way.typed, "purpose": way.purpose} for way in said.ways],
    }


def mutes(asking: Asking, _query: Mutes) -> None:
    """What is folded away, by whom, since when, and how to lift it."""
    from bot.locale import ago, text
    from bot.store.letters import mutes as find

    found = find(asking.conn)
    if asking.json:
        lines = [{"pattern": one.pattern, "by": one.by, "at": iso(one.at)} for one in found]
        as_json([{**line, "lift": lift(asking.locale, one)} for line, one in zip(lines, found, strict=True)])
    elif not found:
        say(text(asking.locale, "Nothing is folded away."))
    else:
        titles = [
            text(asking.locale, "Muted"),
            text(asking.locale, "Who"),
            text(asking.locale, "Since"),
            text(asking.locale, "To lift it"),
        ]
        rows = [
            (clean(one.pattern), clean(one.by), ago(asking.locale, one.at, asking.now), lift(asking.locale, one))
            for one in found
        ]
        console().print(table(titles, rows))


def lift(locale: str, one: Muting) -> str:
    """The line that lifts it."""
    from bot.locale import text

    return clean(text(locale, "unmute {pattern}", pattern=one.pattern))
