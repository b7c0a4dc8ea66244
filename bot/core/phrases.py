"""What each verb makes of the words after it: one small builder per verb, collected in `BUILDERS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core import messages as m
from bot.core import words as w
from bot.core.queries import Answer, Digest, Health, Help, Inbox, Misunderstood, Next, Query, Search, Show, Stats
from bot.core.words import Verb

MAX_PATTERN = 200  # characters of a search or of muted words
MAX_DAYS = 366
MAX_SPAN = timedelta(days=365)

_REVISION = re.compile(r"[rR]?([0-9]{1,4})")
_SPAN = re.compile(r"([0-9]{1,5})\s*(\w+)")
_URL = re.compile(r"https?://[^\s/]\S{0,2000}")
_DAYS = re.compile(r"([0-9]{1,3})\s*(\w*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line taken apart; `ticket` is empty for verbs that are about none."""

    by: str
    via: str
    verb: Verb
    ticket: str
    rest: str

    def no(self, reason: str, suggestion: str | None = None, **params: object) -> Misunderstood:
        return Misunderstood(reason=reason, params={"usage": w.usage(self.verb.name), **params}, suggestion=suggestion)

    def excess(self) -> Misunderstood:
        return self.no("too_much", word=self.rest[: w.LONGEST_WORD])


def cut(line: str) -> tuple[str, str]:
    """The first word, and what follows the white space after it."""
    parts = line.split(None, 1)
    return (parts[0] if parts else "", parts[1] if len(parts) > 1 else "")


def unknown(word: str) -> Misunderstood:
    """No such verb; perhaps a near one was meant."""
    return Misunderstood(
        reason="unknown_verb", params={"word": word[: w.LONGEST_WORD]}, suggestion=w.nearest(word, w.BY_WORD)
    )


def too_long(text: str, limit: int) -> Misunderstood:
    """More than anybody can use."""
    return Misunderstood(reason="text_too_long", params={"length": len(text), "limit": limit})


def span(text: str) -> timedelta | None:
    """`2h`, `30 min`, `1 día`, `mañana`; None when it is no span, is zero, or is longer than a year."""
    if w.fold(text) in w.TOMORROW:
        return timedelta(days=1)
    match = _SPAN.fullmatch(text)
    minutes = w.lookup(w.MINUTES, match[2]) if match else None
    if match is None or minutes is None:
        return None
    wanted = timedelta(minutes=int(match[1]) * minutes)
    return wanted if timedelta() < wanted <= MAX_SPAN else None


def _bare(make: type[m.Undo | m.Claim | m.Wait | m.Reopen]) -> Callable[[Said], Answer]:
    """Verbs that take the ticket and nothing else."""

    def build(said: Said) -> Answer:
        if said.rest:
            return said.excess()
        return make(by=said.by, via=said.via, ticket=said.ticket)

    return build


def _approve(said: Said) -> Answer:
    match = _REVISION.fullmatch(said.rest) if said.rest else None
    if said.rest and match is None:
        return said.excess()
    return m.Approve(by=said.by, via=said.via, ticket=said.ticket, revision=int(match[1]) if match else None)


def _refuse(said: Said) -> Answer:
    return m.Refuse(by=said.by, via=said.via, ticket=said.ticket, reason=said.rest)


def _redraft(said: Said) -> Answer:
    return m.Redraft(by=said.by, via=said.via, ticket=said.ticket, hint=said.rest)


def _close(said: Said) -> Answer:
    return m.Close(by=said.by, via=said.via, ticket=said.ticket, reason=said.rest)


def _texted(make: type[m.Edit | m.Write | m.AddNote]) -> Callable[[Said], Answer]:
    """Verbs that need a text."""

    def build(said: Said) -> Answer:
        if not said.rest:
            return said.no("text_missing")
        return make(by=said.by, via=said.via, ticket=said.ticket, text=said.rest)

    return build


def _settle(said: Said) -> Answer:
    word, url = cut(said.rest)
    posted = w.lookup(w.FATES, word)
    if posted is None:
        return said.no("unknown_fate", w.nearest(word, w.FATES), word=word[: w.LONGEST_WORD])
    if url and (not posted or _URL.fullmatch(url) is None):
        return said.no("bad_url", word=url[: w.LONGEST_WORD])
    return m.Settle(by=said.by, via=said.via, ticket=said.ticket, posted=posted, url=url)


def _who(said: Said) -> tuple[str | None, str]:
    """`@luis` and what follows; the `@` may be left out where a person is all that can follow."""
    word, after = cut(said.rest)
    if said.verb.free_text and not word.startswith("@"):
        return None, said.rest
    return word.removeprefix("@").rstrip(":,")[:64] or None, after


def _assign(said: Said) -> Answer:
    person, after = _who(said)
    if after:
        return said.no("too_much", word=after[: w.LONGEST_WORD])
    make = m.Assign if said.verb.name == "assign" else m.Escalate
    return make(by=said.by, via=said.via, ticket=said.ticket, person=person)


def _ask(said: Said) -> Answer:
    person, question = _who(said)
    if person is None:
        return said.no("person_missing")
    if not question:
        return said.no("text_missing")
    return m.Ask(by=said.by, via=said.via, ticket=said.ticket, person=person, question=question)


def _snooze(said: Said) -> Answer:
    wanted = span(said.rest)
    if wanted is None:
        return said.no("bad_span", word=said.rest[: w.LONGEST_WORD])
    return m.Snooze(by=said.by, via=said.via, ticket=said.ticket, span=wanted)


def _kind(said: Said) -> Answer:
    kind = w.lookup(w.KINDS, said.rest)
    if kind is None:
        return said.no("unknown_kind", w.nearest(said.rest, w.KINDS), word=said.rest[: w.LONGEST_WORD])
    return m.SetKind(by=said.by, via=said.via, ticket=said.ticket, kind=kind)


def _severity(said: Said) -> Answer:
    severity = w.lookup(w.SEVERITIES, said.rest)
    if severity is None:
        near = w.nearest(said.rest, w.SEVERITIES)
        return said.no("unknown_severity", near, word=said.rest[: w.LONGEST_WORD])
    return m.SetSeverity(by=said.by, via=said.via, ticket=said.ticket, severity=severity)


def _mute(said: Said) -> Answer:
    if not said.rest.removeprefix("@"):
        return said.no("text_missing")
    if len(said.rest) > MAX_PATTERN:
        return too_long(said.rest, MAX_PATTERN)
    return m.Mute(by=said.by, via=said.via, pattern=said.rest)


def _unmute(said: Said) -> Answer:
    muted = _mute(said)
    return m.Unmute(by=said.by, via=said.via, pattern=muted.pattern) if isinstance(muted, m.Mute) else muted


def _pause(said: Said) -> Answer:
    return m.Pause(by=said.by, via=said.via, reason=said.rest)


def _resume(said: Said) -> Answer:
    if said.rest:
        return said.excess()
    return m.Resume(by=said.by, via=said.via)


def _crisis(said: Said) -> Answer:
    word, topic = cut(said.rest)
    on = w.lookup(w.SWITCH, word)
    if on is None:
        return said.no("unknown_switch", w.nearest(word, w.SWITCH), word=word[: w.LONGEST_WORD])
    return m.Crisis(by=said.by, via=said.via, on=on, topic=topic)


def _inbox(said: Said) -> Answer:
    folded = w.fold(said.rest)
    if said.rest and folded not in w.MINE | w.ALL:
        return said.excess()
    return Inbox(mine=folded in w.MINE, all=folded in w.ALL)


def _lone(make: Callable[[], Query]) -> Callable[[Said], Answer]:
    """Queries that take nothing."""

    def build(said: Said) -> Answer:
        return said.excess() if said.rest else make()

    return build


def _show(said: Said) -> Answer:
    if said.rest:
        return said.excess()
    return Show(ticket=said.ticket)


def _search(said: Said) -> Answer:
    if not said.rest:
        return said.no("text_missing")
    return Search(words=said.rest) if len(said.rest) <= MAX_PATTERN else too_long(said.rest, MAX_PATTERN)


def _stats(said: Said) -> Answer:
    if not said.rest:
        return Stats()
    match = _DAYS.fullmatch(said.rest)
    unit = w.lookup(w.MINUTES, match[2] or "d") if match else None
    days = int(match[1]) * (unit or 0) // (24 * 60) if match else 0
    return Stats(days=days) if 1 <= days <= MAX_DAYS else said.no("bad_days", word=said.rest[: w.LONGEST_WORD])


def _digest(said: Said) -> Answer:
    folded = w.fold(said.rest)
    if not said.rest:
        return Digest()
    if folded in w.TODAY | w.YESTERDAY:
        return Digest(days_ago=0 if folded in w.TODAY else 1)
    try:
        return Digest(day=date.fromisoformat(said.rest))
    except ValueError:
        return said.no("bad_day", word=said.rest[: w.LONGEST_WORD])


def _help(said: Said) -> Answer:
    if not said.rest:
        return Help()
    verb = w.lookup(w.BY_WORD, said.rest.removeprefix("/"))
    return Help(topic=verb.name) if verb else unknown(said.rest)


BUILDERS: dict[str, Callable[[Said], Answer]] = {
    "inbox": _inbox,
    "next": _lone(Next),
    "show": _show,
    "search": _search,
    "approve": _approve,
    "refuse": _refuse,
    "reply": _texted(m.Write),
    "edit": _texted(m.Edit),
    "redraft": _redraft,
    "undo": _bare(m.Undo),
    "settle": _settle,
    "claim": _bare(m.Claim),
    "assign": _assign,
    "ask": _ask,
    "wait": _bare(m.Wait),
    "close": _close,
    "reopen": _bare(m.Reopen),
    "snooze": _snooze,
    "escalate": _assign,
    "kind": _kind,
    "severity": _severity,
    "note": _texted(m.AddNote),
    "mute": _mute,
    "unmute": _unmute,
    "pause": _pause,
    "resume": _resume,
    "crisis": _crisis,
    "stats": _stats,
    "digest": _digest,
    "health": _lone(Health),
    "help": _help,
}
