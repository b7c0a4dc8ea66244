"""A ticket in Telegram: one message with all that was said and how it stands, and one for each wording of a reply.

Pure: a `Card` goes in, messages come out. Telegram takes few new messages and many edits, so what comes later is
edited into the card; a wording has a message of its own, because a yes under it must mean that wording.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from bot.core.attachments import has_any
from bot.core.controls import ALWAYS
from bot.core.foreign import visible
from bot.core.shown import Shown, shown_by
from bot.core.splitting import fold
from bot.core.types import Kind, Severity, TicketStatus
from bot.core.views import Card, ConversationEntry, NoteView, TicketLine
from bot.locale import (
    attachment,
    clock,
    closed_because,
    folded,
    helped,
    how_to_unfold,
    label,
    more_attachments,
    opinion,
    text,
)
from bot.locale.authoring import flagged
from bot.locale.clocks import clock_words
from bot.locale.showing import BUTTONS, EMOJI, REPLY_STATES
from bot.locale.standing import waits
from bot.locale.warning import tricks
from handlers import postings
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.offers import CHOICES, FIRST, MORE
from handlers.chats.telegram.words import FATES
from handlers.postings import ROOT

_FULL = k.MESSAGE - 60
_FIRST, _LATER = 1500, 500
_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting(postings.Posting):
    """One message, as Telegram takes it."""

    html: str
    rows: k.Rows = ()

    @property
    def digest(self) -> str:
        """Changes exactly when what people see does."""
        return hashlib.sha256(json.dumps([self.html, self.rows]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """For whom a card is laid out: a room's language, the team's time zone and names."""

    locale: str
    tz: tzinfo = UTC
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, sentence: str, **values: object) -> str:
        return text(self.locale, sentence, **values)

    def name(self, person: str | None) -> str:
        return self.names.get(person or "", person or "Portavoz")

    def moment(self, at: datetime, before: str) -> str:
        return f"{before} {clock(self.locale, at, self.tz)}"

    def button(self, verb: str, shown: Shown) -> k.Button:
        word = BUTTONS[verb]
        return f"{word.emoji} {text(self.locale, word.label)}", f"{verb}|{shown.pack()}"


def topic_name(card: Card) -> str:
    """What a ticket's topic is called."""
    line = card.line
    return k.short(f"{line.id} {EMOJI[line.kind]} {line.author}: {line.text}", k.TOPIC)


def root(card: Card, view: View) -> Posting:
    """The message that everything else answers to."""
    shown, line = shown_by(card), card.line
    title = k.bold(f"{EMOJI[line.severity]} {label(view.locale, line.kind)} · {line.id}")
    first = card.conversation[0] if card.conversation else None
    below = [*_hanging(first or line, view), *_folded(card, view), *_address(first, line, view)]
    below += [*_warnings(card, view), *status(card, view)]
    above = [title, " · ".join(_about(card, view))]
    left = _FULL - k.measure("\n".join([*above, *below])) - 80
    words = first.text if first is not None else line.text
    bare = not has_any(first or line)
    said = _said(words, view, min(_FIRST, left), erased=first is not None and first.erased, bare=bare)
    left -= k.measure("\n".join(said))
    later, missing = _later(card, view, left)
    whole = "\n".join([*above, *said, *below, *later])
    folds = missing or len(visible(words)) > _FIRST or any("… +" in one for one in said)
    return Posting(key=ROOT, kind=ROOT, html=whole, rows=_rows(card, view, shown, reading=folds), shown=shown)


def _said(words: str, view: View, limit: int, *, erased: bool = False, bare: bool = True) -> list[str]:
    """Somebody's words; of long ones how much is left out. Where there are none, nothing unless they are all."""
    if erased:
        return [k.words(view.say("Erased, as the law asks."))]
    if not words.strip() and not bare:
        return []
    head, left = fold(visible(words), max(limit, 200))
    made = [k.block(head)] if head else []
    return [*made, f"… +{k.words(view.say('{n} more characters.', n=left))}"] if left else made


def _about(card: Card, view: View) -> list[str]:
    line = card.line
    parts = [
        f"👤 {card.conversation[0].who if card.conversation else line.author}"[:200],
        f"📍 {line.account}",
        f"{EMOJI[line.severity]} {label(view.locale, line.severity)}",
        f"{EMOJI[line.sentiment]} {label(view.locale, line.sentiment)}",
    ]
    if line.flag is not None:
        parts.insert(1, flagged(view.locale, line.flag))
    if line.language:
        parts.append(f"🗣️ {line.language}")
    first = card.conversation[0] if card.conversation else None
    if first is not None and first.edited:
        parts.append(f"✏️ {view.say('edited')}")
    if first is not None and first.gone:
        parts.append(f"👻 {view.say('not on the network any more')}")
    if first is not None and first.held:
        parts.append("✋ " + view.say("held by the network's moderators"))
    parts.append(view.moment(line.opened_at, "📥"))
    if line.due_at is not None and line.status is TicketStatus.OPEN:
        late = f"⏰ {view.say('Overdue since')}" if line.called else f"⏱️ {view.say('Answer by')}"
        parts.append(view.moment(line.due_at, late))
    elif line.left is not None:
        parts.append(f"⏱️ {clock_words(view.locale, line, line.updated_at)}")
    return [k.words(part) for part in parts]


def _hanging(shown: ConversationEntry | TicketLine, view: View) -> list[str]:
    """A line for each thing that hangs on a comment, with its link; nothing is fetched."""
    made = [k.link(one.url, k.short(attachment(view.locale, one), 80)) for one in shown.attachments]
    more = shown.more_attachments
    return [*made, *([k.words(more_attachments(view.locale, more))] if more else [])]


def _folded(card: Card, view: View) -> list[str]:
    """Of a roll: how many comments lie there, and how to take one out."""
    many = card.line.folded
    return [f"🔕 {k.words(folded(view.locale, many))}", k.words(how_to_unfold(view.locale))] if many else []


def _address(first: ConversationEntry | None, line: TicketLine, view: View) -> list[str]:
    url = first.url if first is not None else line.url
    found = k.link(url, view.say("Open the original")) if url else ""
    return [f"🔗 {found}"] if found.startswith("<a") else []


def _warnings(card: Card, view: View) -> list[str]:
    said = [opinion(view.locale, card), helped(view.locale, card) if card.reply is None else ""]
    made = [f"✨ {k.words(one)}" for one in said if one]
    if not card.suspicious:
        return made
    signs = " · ".join(trick[:90] for trick in tricks(view.locale, card)[:5])
    return [f"⚠️ {k.words(view.say('It looks as if somebody tries to trick us: {signs}', signs=signs))}", *made]


def status(card: Card, view: View) -> list[str]:
    """Where the ticket and its newest reply stand, and who is on it."""
    line, reply = card.line, card.reply
    parts = [f"{EMOJI[line.status]} {label(view.locale, line.status)}"]
    if reply is not None:
        parts.append(f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}")
    if line.claimed_by and line.claimed_until is not None:
        parts.append(f"👀 {view.say('{who} is on it', who=view.name(line.claimed_by))}")
    if line.assignee:
        parts.append(f"👤 {view.say('Assigned to {who}', who=view.name(line.assignee))}")
    if card.waiting_for:
        parts.append(f"⏳ {waits(view.locale, card.waiting_for, view.name)}")
    if card.snoozed_until is not None and line.status is TicketStatus.SNOOZED:
        parts.append(view.moment(card.snoozed_until, f"⏰ {view.say('Until')}"))
    if card.close_reason and line.status is TicketStatus.CLOSED:
        parts.append(f"📁 {closed_because(view.locale, card.close_reason)[:200]}")
    if card.linked_to:
        parts.append(f"🔗 {card.linked_to}")
    made = [" · ".join(map(k.words, parts))]
    url = reply.url if reply is not None else None
    return [*made, f"📢 {k.link(url, view.say('Open the published reply'))}"] if url else made


def _rows(card: Card, view: View, shown: Shown, *, reading: bool) -> k.Rows:
    offered = _offered(card)
    verbs = [verb for verb in FIRST if verb in offered]
    buttons = [view.button(verb, shown) for verb in verbs]
    if any(verb in offered for verb in MORE):
        buttons.append((f"➕ {view.say('More')}", f"more|{shown.pack()}"))
    if reading:
        buttons.append((f"📖 {view.say('Read all of it')}", f"read|{shown.pack()}"))
    return in_rows(buttons)


def _offered(card: Card) -> set[str]:
    offered = set(card.controls)
    if card.line.status is not TicketStatus.CLOSED and not card.line.folded:
        offered |= set(ALWAYS)
    if card.line.author_number is not None:
        offered.add("author")
    return offered


def unfolded(card: Card, view: View) -> k.Rows:
    """Every verb that there is for a ticket now."""
    offered, shown = _offered(card), shown_by(card)
    return in_rows([view.button(verb, shown) for verb in (*FIRST, *MORE) if verb in offered])


def choices(verb: str, shown: Shown, view: View) -> k.Rows:
    """What a verb chooses from; the number of the choice stands in the button."""
    options = CHOICES[verb]
    return in_rows([(_choice(value, view), f"{verb}={n}|{shown.pack()}") for n, value in enumerate(options)])


def _choice(value: str | Kind | Severity, view: View) -> str:
    return label(view.locale, value) if isinstance(value, Kind | Severity) else view.say(FATES[value])


def in_rows(buttons: list[k.Button]) -> k.Rows:
    """Three beside one another."""
    return tuple(tuple(buttons[at : at + _ROW]) for at in range(0, len(buttons), _ROW))


# --- what came later --------------------------------------------------------------------------------------------


def _later(card: Card, view: View, room: int) -> tuple[list[str], bool]:
    """Messages after the first and notes, the newest as far as there is room; how many are left out is said."""
    pieces = [piece for _, piece in sorted(_entries(card, view), key=lambda pair: pair[0])]
    made: list[str] = []
    for piece in reversed(pieces):
        room -= k.measure(piece) + 1
        if room < 0:
            break
        made.insert(0, piece)
    missing = len(pieces) - len(made)
    return ([f"… +{missing}", *made], True) if missing else (made, False)


def _entries(card: Card, view: View) -> list[tuple[datetime, str]]:
    """Our own replies have messages already, unless somebody wrote them elsewhere."""
    known = {reply.url for reply in card.replies if reply.url}
    words = {reply.latest.text for reply in card.replies if reply.latest is not None and reply.published_at is not None}
    made = [
        (entry.at, _entry(entry, view))
        for entry in card.conversation[1:]
        if not (entry.ours and (entry.url in known or entry.text in words))
    ]
    return [*made, *((note.at, _note(note, view)) for note in card.notes)]


def _entry(entry: ConversationEntry, view: View) -> str:
    who = view.say("Answered outside Portavoz") if entry.ours else entry.who[:200]
    marks = [view.say("edited")] if entry.edited else []
    marks += [view.say("not on the network any more")] if entry.gone else []
    marks += [view.say("held by the network's moderators")] if entry.held else []
    head = k.words(f"💬 {who} ({', '.join(marks)})" if marks else f"💬 {who}")
    said = _said(entry.text, view, _LATER, erased=entry.erased, bare=not has_any(entry))
    found = [k.link(entry.url, view.say("Open the original"))] if entry.url else []
    return "\n".join([head, *said, *_hanging(entry, view), *found])


def _note(note: NoteView, view: View) -> str:
    what = f"🙋 {view.say('Question')}" if note.kind == "question" else f"🗒️ {view.say('Note')}"
    return "\n".join([k.words(f"{what}: {view.name(note.person)}"), *_said(note.text, view, _LATER)])
