"""What each verb makes of the words after it: one small builder per verb, collected in `BUILDERS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from bot.core import messages as m
from bot.core import words as w
from bot.core.ids import ALPHABET
from bot.core.letters import order_id, order_number
from bot.core.queries import (
    Answer,
    AuthorPage,
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
from bot.core.search import parse_search
from bot.core.words import Verb

MAX_PATTERN = 200  # characters of muted words
MAX_DAYS = 366
MAX_SPAN = timedelta(days=365)
SAMPLE_DAY = timedelta(minutes=3)

_REVISION = re.compile(r"[rR]?([0-9]{1,4})")
_REVISION_BACK = re.compile(r"[rR]([0-9]{1,4})")
_ALTERNATIVES = re.compile(r"(?:[xX]([1-3])|--alternativ(?:es|as)[ =]([1-3]))(?!\S)")
_SPAN = re.compile(r"([0-9]{1,5})\s*(\w+)")
_URL = re.compile(r"https?://[^\s/]\S{0,2000}")
_TICKET = re.compile(f"#?([{ALPHABET}]{{4,6}})(\\.[0-9]{{1,6}})?", re.IGNORECASE | re.ASCII)
_DAYS = re.compile(r"([0-9]{1,3})\s*(\w*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A line taken apart; `ticket` is the one it is about or, for verbs that are about none, that of the thread."""

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


def redraft_wishes(text: str) -> dict[str, Any]:
    """What stands in front of a hint: `x3` (or `--alternatives 3`) wordings, or `r2`, which brings revision 2 back."""
    text = text.strip()
    if back := _REVISION_BACK.fullmatch(text):
        return {"revision": int(back[1])}
    many = _ALTERNATIVES.match(text)
    if many is None:
        return {"hint": text}
    return {"alternatives": int(many[1] or many[2]), "hint": text[many.end() :].strip()}


def _redraft(said: Said) -> Answer:
    return m.Redraft(by=said.by, via=said.via, ticket=said.ticket, **redraft_wishes(said.rest))


def _close(said: Said) -> Answer:
    """One ticket, or all that noise is folded into: `close noise wall`."""
    if w.fold(said.ticket) in w.NOISE:
        account = _account(said)
        return (
            account if isinstance(account, Misunderstood) else m.CloseNoise(by=said.by, via=said.via, account=account)
        )
    return m.Close(by=said.by, via=said.via, ticket=said.ticket, reason=said.rest)


def _account(said: Said) -> str | Misunderstood:
    """An account's id, or none; ids are in small letters."""
    word, after = cut(said.rest)
    return said.excess() if after or len(word) > w.LONGEST_WORD else word.lower()


def _noise(said: Said) -> Answer:
    account = _account(said)
    return account if isinstance(account, Misunderstood) else Noise(account=account)


def _texted(make: type[m.Edit | m.Write | m.AddNote | m.NoteAuthor]) -> Callable[[Said], Answer]:
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


def _author(said: Said) -> Answer:
    return said.excess() if said.rest else AuthorPage(ticket=said.ticket)


def _flag(said: Said) -> Answer:
    word = w.fold(said.rest)
    if word not in w.FLAGS:
        return said.no("unknown_flag", w.nearest(said.rest, w.FLAGS), word=said.rest[: w.LONGEST_WORD])
    return m.FlagAuthor(by=said.by, via=said.via, ticket=said.ticket, flag=w.FLAGS[word])


def _mute(said: Said) -> Answer:
    if not said.rest.removeprefix("@"):
        return said.no("text_missing")
    if len(said.rest) > MAX_PATTERN:
        return too_long(said.rest, MAX_PATTERN)
    return m.Mute(by=said.by, via=said.via, pattern=said.rest)


def _unmute(said: Said) -> Answer:
    muted = _mute(said)
    return m.Unmute(by=said.by, via=said.via, pattern=muted.pattern) if isinstance(muted, m.Mute) else muted


def _failure(said: Said, word: str) -> str | Misunderstood:
    """`E17`, or a ticket's id (that of its reply counts too)."""
    number, ticket = order_number(word), _TICKET.fullmatch(word)
    if number is not None:
        return order_id(number)
    return ticket[1].upper() if ticket else said.no("not_a_failure", word=word[: w.LONGEST_WORD])


def _failures(said: Said) -> Answer:
    if not said.rest:
        return Failures()
    about = _failure(said, said.rest)
    return about if isinstance(about, Misunderstood) else Failures(about=about)


def _retry(said: Said) -> Answer:
    if w.fold(said.rest) in w.ALL:
        return m.Retry(by=said.by, via=said.via)
    about = _failure(said, said.rest) if said.rest else said.ticket
    return about if isinstance(about, Misunderstood) else m.Retry(by=said.by, via=said.via, about=about)


def _done(said: Said) -> Answer:
    """Only an order: of a reply one says whether it stands there."""
    word, note = cut(said.rest)
    about = _failure(said, word)
    if isinstance(about, Misunderstood):
        return about
    if order_number(about) is None:
        return said.no("settle_it", f"settle {about} posted{' ' if note else ''}{note[: w.LONGEST_WORD]}", word=about)
    if len(note) > MAX_PATTERN * 10:
        return too_long(note, MAX_PATTERN * 10)
    return m.MarkDone(by=said.by, via=said.via, about=about, note=note)


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


def _sample(said: Said) -> Answer:
    what = w.lookup(w.SAMPLE, said.rest)
    if what is None:
        return said.no("unknown_sample", w.nearest(said.rest, w.SAMPLE), word=said.rest[: w.LONGEST_WORD])
    if what == "hide":
        return m.ArchiveSample(by=said.by, via=said.via)
    return m.PlaySample(by=said.by, via=said.via, over=SAMPLE_DAY if what == "play" else timedelta(0))


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
    # Which day is today matters only to the answer.
    meant = parse_search(said.rest, tz=UTC, today=date(2000, 1, 1))
    return meant if isinstance(meant, Misunderstood) else Search(words=said.rest)


def _stats(said: Said) -> Answer:
    first, rest = cut(said.rest)
    drafts = w.fold(first) in w.DRAFTS
    days = _days(said, rest.strip() if drafts else said.rest)
    return days if isinstance(days, Misunderstood) else Stats(days=days, drafts=drafts)


def _press(said: Said) -> Answer:
    days = _days(said, said.rest)
    return days if isinstance(days, Misunderstood) else Press(days=days)


def _days(said: Said, wanted: str) -> int | Misunderstood:
    """`7d`, `2 weeks`, `30`; a week where nothing is said."""
    if not wanted:
        return 7
    match = _DAYS.fullmatch(wanted)
    unit = w.lookup(w.MINUTES, match[2] or "d") if match else None
    days = int(match[1]) * (unit or 0) // (24 * 60) if match else 0
    return days if 1 <= days <= MAX_DAYS else said.no("bad_days", word=wanted[: w.LONGEST_WORD])


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
    "author": _author,
    "flag": _flag,
    "about": _texted(m.NoteAuthor),
    "mute": _mute,
    "unmute": _unmute,
    "pause": _pause,
    "resume": _resume,
    "crisis": _crisis,
    "sample": _sample,
    "stats": _stats,
    "digest": _digest,
    "health": _lone(Health),
    "failures": _failures,
    "retry": _retry,
    "done": _done,
    "mutes": _lone(Mutes),
    "noise": _noise,
    "press": _press,
    "help": _help,
}
