"""What templates are given: times, names, buttons and marked drafts, computed here so that templates only lay out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from itertools import pairwise
from zlib import crc32

from bot.core.attachments import host
from bot.core.foreign import editable, in_code, pieces, preview, safe_url, visible
from bot.core.types import Finding, Kind, Person, ReplyState, Severity, TicketStatus
from bot.core.views import Card, ReplyView, RevisionView, TicketLine
from bot.core.words import BY_NAME
from bot.locale import (
    ago,
    clock,
    closed_because,
    describe,
    facts_used,
    folded,
    helped,
    how_to_unfold,
    in_short,
    label,
    made_by,
    more_attachments,
    noted,
    ntext,
    opinion,
    reason_in_full,
    span,
    text,
)
from bot.locale.clocks import clock_words
from bot.locale.warning import tricks
from handlers.chats.desk import words
from handlers.chats.desk.diff import Change, word_diff
from handlers.chats.desk.reactions import Reaction, reactions


def globals_for(locale: str, now: datetime, tz: tzinfo = UTC) -> dict[str, object]:
    """What every template may use."""
    return {
        "t": partial(text, locale),
        "ago": partial(ago, locale, now=now),
        "iso": partial(datetime.isoformat, timespec="seconds"),
        "tz": tz,
        "clock": partial(clock, locale, tz=tz),
        "clock_today": partial(clock, locale, tz=tz, now=now),
        "seconds_left": partial(seconds_left, locale),
        "now": now,
        "w": words,
        "spans": tuple((minutes, span(locale, timedelta(minutes=minutes))) for minutes in words.SPANS),
        "kinds": tuple((kind.value, label(locale, kind)) for kind in Kind),
        "nt": partial(ntext, locale),
        "kind_of": Kind,
        "clock_words": partial(clock_words, locale, now=now),
        "severities": tuple((severity.value, label(locale, severity)) for severity in Severity),
        "pieces": pieces,
        "editable": editable,
        "preview": preview,
        "in_code": in_code,
        "visible": visible,
        "label": partial(label, locale),
        "in_short": partial(in_short, locale),
        "more_attachments": partial(more_attachments, locale),
        "folded": partial(folded, locale),
        "how_to_unfold": partial(how_to_unfold, locale),
        "tricks": partial(tricks, locale),
        "host": host,
        "describe": partial(describe, locale),
        "helped": partial(helped, locale),
        "opinion": partial(opinion, locale),
        "noted": partial(noted, locale),
        "facts_used": partial(facts_used, locale),
        "made_by": partial(made_by, locale),
        "problem": partial(problem, locale),
        "closed_because": partial(closed_because, locale),
        "around": partial(around, locale),
        "mark_level": mark_level,
        "initial": initial,
        "hue": hue,
        "is_late": is_late,
        "worst": worst,
        "safe_url": safe_url,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A card, arranged for reading."""

    card: Card
    line: TicketLine
    names: Mapping[str, str]
    reply: ReplyView | None
    older: tuple[ReplyView, ...]
    revision: RevisionView | None
    marks: tuple[str, ...]
    on_reply: tuple[str, ...]
    on_ticket: tuple[str, ...]
    sorting: tuple[str, ...]
    not_allowed: bool
    people: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    approvals: int
    undo_left: int
    changes: Mapping[int, list[Change]]
    source: tuple[str, str, str] | None
    reactions: tuple[Reaction, ...]
    claimed_by: str | None

    def name(self, person: str | None) -> str:
        """A person's name; who left the team keeps the id."""
        return self.names.get(person or "", person or "Portavoz")


def thread(card: Card, me: Person, people: Sequence[Person], now: datetime) -> Thread:
    """Arrange a card for one person."""
    line, reply = card.line, card.reply
    revision = reply.latest if reply else None
    undo_until = reply.undo_until if reply and reply.state is ReplyState.APPROVED else None

    def may(verb: str) -> bool:
        return verb not in BY_NAME or me.role.covers(BY_NAME[verb].role)

    granted = tuple(filter(may, card.controls))
    claimed = line.claimed_until is not None and line.claimed_until > now
    left = max(0.0, (undo_until - now).total_seconds()) if undo_until else 0.0
    return Thread(
        card=card,
        line=line,
        names={person.id: person.name for person in people},
        reply=reply,
        older=card.replies[:-1],
        revision=revision,
        marks=tuple(f.words for f in revision.checks if f.rule in words.MARKED) if revision else (),
        on_reply=_among(words.ON_REPLY, granted),
        on_ticket=_among(words.ON_TICKET, granted),
        sorting=() if line.status is TicketStatus.CLOSED or line.folded else tuple(filter(may, words.SORTING)),
        not_allowed=len(granted) < len(card.controls),
        people=tuple((person.id, person.name) for person in people),
        colleagues=tuple((person.id, person.name) for person in people if person.id != me.id),
        approvals=reply.approvals if reply else 0,
        undo_left=int(left),
        changes=_changes(reply),
        source=source_of(revision) if revision else None,
        reactions=reactions(card, me, granted, now),
        claimed_by=line.claimed_by if claimed else None,
    )


def _changes(reply: ReplyView | None) -> dict[int, list[Change]]:
    """By a revision's number, what is different in it from the one before; nothing of what was erased."""
    shown = reply.revisions if reply else ()
    return {new.number: word_diff(old.text, new.text) for old, new in pairwise(shown) if not (old.erased or new.erased)}


def around(locale: str, msgid: str) -> tuple[str, str]:
    """What stands before and after `{when}` in a sentence, so that the time in between can be an element."""
    before, _, after = text(locale, msgid, when="\0").partition("\0")
    return before, after


def mark_level(marked: str, findings: Sequence[Finding]) -> str:
    """How serious the check is that a marked passage is about: the worst of those whose words it holds."""
    among = [finding for finding in findings if finding.words and (finding.words in marked or marked in finding.words)]
    return worst(among) or "warn"


def initial(name: str) -> str:
    """The letter in somebody's round picture: the first that is one."""
    return next((char.upper() for char in name[:200] if char.isalnum()), "•")[:1]


def hue(name: str) -> int:
    """Which of the colours a name gets, 0 to 7: always the same."""
    return crc32(name.encode("utf-8", "surrogatepass")) % 8


def source_of(revision: RevisionView) -> tuple[str, str, str] | None:
    """Where a draft comes from: the drafter, its file and the variant; `offline:complaint.es#3` names all three."""
    drafter, _, rest = revision.source.partition(":")
    file, _, variant = rest.partition("#")
    return (drafter, file, variant) if revision.author is None else None


def seconds_left(locale: str, n: int, shown: object = None) -> str:
    """How much of the undo window is left; `shown` stands in the number's place, for a script to fill in."""
    return ntext(locale, "{n} second left", "{n} seconds left", n, n=n if shown is None else shown)


def problem(locale: str, code: str) -> str:
    """Why a reply went back or came to nothing: a code of the core, or a network's own words, which are foreign."""
    return visible(reason_in_full(locale, code))


def is_late(line: TicketLine, now: datetime) -> bool:
    """Whether the first answer is overdue."""
    return line.due_at is not None and line.due_at < now


def worst(findings: Sequence[Finding]) -> str | None:
    """The most serious level among findings."""
    levels = {finding.level for finding in findings}
    return "block" if "block" in levels else "warn" if levels else None


def _among(order: tuple[str, ...], controls: Sequence[str]) -> tuple[str, ...]:
    return tuple(verb for verb in order if verb in controls)
