"""The one command grammar: what a person typed, anywhere, becomes a command, a query, or a friendly question.

`parse` is total: any line gives an answer, in linear time. A line is a verb, then the ticket it is about, then the
rest. Outside a thread the first word after the verb is the ticket's id, always. In a ticket's thread the id may be
left out, which raises the question when a first word *is* an id; a wrong guess would eat a word of a public reply
or change the wrong ticket. So, in a thread:

- the thread's own id is an id, and what is marked is one: `edit #K7Q3 Hello`;
- with verbs that take no free text (`approve`, `claim`, ...) any word of id shape is one;
- before free text (`edit`, `reply`, `note`, ...) a word that could well be another ticket's id (`K7Q3`, `BCDF`, but
  also `25km` and `HSBC`) is not guessed about: the person is asked, and can put the thread's own id first;
- everything else is text, `2024` and `psst` included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.core import messages as m
from bot.core import words as w
from bot.core.ids import ALPHABET
from bot.core.messages import Command
from bot.core.phrases import BUILDERS, Said, cut, span, too_long, unknown
from bot.core.queries import (
    Answer,
    Digest,
    Failures,
    Health,
    Help,
    Inbox,
    Misunderstood,
    Mutes,
    Next,
    Noise,
    Press,
    Query,
    Search,
    Show,
    Stats,
)
from bot.core.shown import Shown, bound
from bot.core.types import Person, Role
from bot.core.words import VERBS, Verb, usage

__all__ = [
    "MAX_TEXT",
    "VERBS",
    "Answer",
    "Digest",
    "Failures",
    "Health",
    "Help",
    "Inbox",
    "Misunderstood",
    "Mutes",
    "Next",
    "Noise",
    "Press",
    "Query",
    "Search",
    "Show",
    "Stats",
    "Verb",
    "parse",
    "person_named",
    "role_for",
    "usage",
]

MAX_TEXT = 20_000  # characters of a text; no network takes a longer reply

_ID = re.compile(f"[{ALPHABET}]{{4,6}}")
_NAMES = {
    "Write": "reply",
    "CloseNoise": "close",
    "SetKind": "kind",
    "SetSeverity": "severity",
    "AddNote": "note",
    "FlagAuthor": "flag",
    "NoteAuthor": "about",
    "AuthorPage": "author",
    "MarkDone": "done",
    "PlaySample": "sample",
    "ArchiveSample": "sample",
}


def parse(line: str, *, by: str, via: str, ticket: str | None = None) -> Answer:
    """Understand what a person typed.

    Args:
        line: as typed. A leading `/`, a `/verb@bot` and a leading `portavoz` are forgiven.
        by: the person's id, as it is written into a command.
        via: by which way: `desk`, `cli` or a chat's id.
        ticket: the ticket whose thread the line was typed in.

    Returns:
        A command of `bot.core.messages`, a query, or why it is neither. Texts are kept exactly, but for white space
        at both ends. People are given as they were typed, without the `@`: see `person_named`.
    """
    word, rest = cut(line.strip())
    if w.fold(word.lstrip("/")) == "portavoz":
        word, rest = cut(rest)
    if not word:
        return Misunderstood(reason="empty", suggestion="help")
    if word.startswith("/"):
        word = word[1:].partition("@")[0]
    verb = w.lookup(w.BY_WORD, word)
    if verb is None:
        return unknown(word)
    if len(rest) > MAX_TEXT + 100:
        return too_long(rest, MAX_TEXT)
    found = _ticket(verb, rest, ticket) if verb.on_ticket else (ticket or "", rest)
    if isinstance(found, Misunderstood):
        return found
    said = Said(by=by, via=via, verb=verb, ticket=found[0], rest=found[1])
    if len(said.rest) > MAX_TEXT:
        return too_long(said.rest, MAX_TEXT)
    return BUILDERS[verb.name](said)


def bare(line: str) -> tuple[str, str] | None:
    """The verb's name and the ticket of a line that has both and nothing else: `edit K7Q2`, whose text is missing."""
    word, rest = cut(line.strip())
    verb = w.lookup(w.BY_WORD, word.lstrip("/"))
    found = _ticket(verb, rest, None) if verb is not None and verb.on_ticket else None
    if verb is None or not isinstance(found, tuple) or found[1].strip():
        return None
    return verb.name, found[0]


def intended(command: m.Command, shown: Shown | None, people: Iterable[Person]) -> m.Command:
    """What was typed where `shown` was shown: a yes means that, and people are meant by any of their names."""
    command = bound(command, shown)
    if isinstance(command, m.Assign | m.Ask | m.Escalate) and command.person is not None:
        return replace(command, person=person_named(command.person, people) or command.person)
    return command


def person_named(word: str, people: Iterable[Person]) -> str | None:
    """The id of the person meant by `word` (an id, a name, or a first name), or None unless exactly one is meant."""
    sought = w.fold(word.removeprefix("@"))
    team = [person for person in people if person.active]
    if not sought:
        return None
    for names in (
        lambda person: [person.id],
        lambda person: [person.name],
        lambda person: person.name.split()[:1],
    ):
        hits = [person.id for person in team if sought in map(w.fold, names(person))]
        if hits:
            return hits[0] if len(hits) == 1 else None
    return None


def role_for(wish: Command | Query) -> Role:
    """The least role that may wish this. Whether it is granted in this case is `bot.core.approval`'s to say."""
    if isinstance(wish, m.Crisis) and not wish.on:
        return Role.LEAD
    return w.BY_NAME[_NAMES.get(type(wish).__name__, type(wish).__name__.lower())].role


def _ticket(verb: Verb, rest: str, thread: str | None) -> tuple[str, str] | Misunderstood:
    """Which ticket is meant, and what follows. The rules stand at the top of this file."""
    word, after = cut(rest)
    bare = word[:8].removeprefix("#").rstrip(":,") if len(word) <= 8 else ""
    other = bare.upper()
    shaped = bare.isascii() and _ID.fullmatch(other) is not None
    if thread is None:
        if verb.name == "close" and w.fold(word) in w.NOISE:
            return word, after
        if shaped:
            return other, after
        reason = "not_a_ticket" if word else "ticket_missing"
        return Misunderstood(reason=reason, params={"word": word[: w.LONGEST_WORD], "usage": usage(verb.name)})
    if other == thread.upper():
        return thread, after
    if not shaped or (verb.name == "snooze" and span(rest)):  # `48hrs` has the shape of an id
        return thread, rest
    if word.startswith("#") or not verb.free_text:
        return other, after
    if bare.isdigit() or (bare.isalpha() and bare != other):
        return thread, rest
    name = verb.name
    return Misunderstood(
        reason="which_ticket",
        params={"word": word, "this": f"{name} {thread} {word}", "other": f"{name} #{other}"},
        suggestion=f"{name} {thread} {word}",
    )
