"""A ticket as a thread: the card at its head, a message for each wording of a reply, for each further message, note.

Pure: a `Card` goes in, messages come out. What stands there is the same for the same state, so nothing is ever edited
for nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from bot.core.attachments import has_any, is_public_https
from bot.core.controls import ALWAYS, ON_CARD
from bot.core.foreign import visible
from bot.core.shown import Shown
from bot.core.splitting import split
from bot.core.types import AttachmentKind, TicketStatus
from bot.core.views import Card, ConversationEntry, NoteView, TicketLine
from bot.locale import (
    attachment,
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
from bot.locale.showing import EMOJI
from bot.locale.standing import waits
from bot.locale.warning import tricks
from handlers import postings
from handlers.chats.discord import marks as d
from handlers.chats.discord.standing import standing, state
from handlers.chats.discord.view import View
from handlers.postings import OTHER, ROOT

_STYLES = {"approve": 3, "refuse": 4}
_QUOTED = 1900
_SPOKEN = 2400


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting(postings.Posting):
    """One message, as Discord takes it."""

    embeds: tuple[d.Part, ...]
    rows: tuple[tuple[d.Part, ...], ...]

    @property
    def digest(self) -> str:
        """Changes exactly when what people see does."""
        seen = json.dumps([self.embeds, self.rows], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


def footer(ticket: str, key: str) -> str:
    """What our messages are known by, when their ids are not."""
    return f"{ticket} · {key}"


def title(card: Card) -> str:
    """The name of a ticket's thread: at most 100 characters, and nothing is markup in it."""
    line = card.line
    return d.plain(f"{line.id} · {line.author}: {' '.join(line.text[:200].split())}", 90)


def button(verb: str, view: View, shown: Shown) -> d.Part:
    return d.button(view.word(verb), f"portavoz:{verb}:{shown.pack()}", style=_STYLES.get(verb, 2))


# --- the card ---------------------------------------------------------------------------------------------------


def root(card: Card, view: View, shown: Shown) -> Posting:
    """The message that the thread hangs on."""
    line = card.line
    first = card.conversation[0] if card.conversation else None
    words = first.text if first is not None else line.text
    hanging = first if first is not None else line
    bare = not has_any(hanging)
    above = [f"**{EMOJI[line.severity]} {d.line(label(view.locale, line.kind))} · {line.id}**", *_about(card, view)]
    said, rest = spoken(words, view, _QUOTED, erased=first is not None and first.erased, bare=bare)
    below = [
        *hung(hanging, view),
        *_folded(card, view),
        *_addresses(first.url if first is not None else line.url, line.author_number, view),
        *_warnings(card, view),
        *_status(card, view),
    ]
    embeds = (
        d.embed(d.fit([*above, *said], d.FIRST), image=_picture(hanging)),
        d.embed(d.fit(below, d.SECOND), footer=footer(line.id, ROOT)),
    )
    rows = _rows(*_root_buttons(card, view, shown), [_read(view, shown)] if rest else [])
    return Posting(key=ROOT, kind=ROOT, embeds=embeds, rows=rows, shown=shown)


def spoken(words: str, view: View, limit: int, *, erased: bool = False, bare: bool = True) -> tuple[list[str], int]:
    """Somebody's words, folded where they are long, and how many characters are left out: their number is said.

    Where there are no words, nothing stands for them unless they are all there is (`bare`).
    """
    if erased:
        return [view.say("Erased, as the law asks.")], 0
    if not words.strip() and not bare:
        return [], 0
    head, left = d.folded(words, limit)
    made = [d.quote(head)]
    return ([*made, *d.small([view.say("{n} more characters.", n=left)])], left) if left else (made, 0)


def hung(shown: ConversationEntry | TicketLine, view: View) -> list[str]:
    """A line for each thing that hangs on a comment."""
    rows: list[tuple[str, str | None]] = [(attachment(view.locale, one), one.url) for one in shown.attachments]
    if shown.more_attachments:
        rows.append((more_attachments(view.locale, shown.more_attachments), None))
    return d.listed(rows)


def _picture(shown: ConversationEntry | TicketLine) -> str | None:
    """The first picture that Discord itself can fetch; its link stands in the card too."""
    images = [one.url for one in shown.attachments if one.kind is AttachmentKind.IMAGE and not one.sensitive]
    return next((url for url in images if url and is_public_https(url) and len(url) < d.URL), None)


def _about(card: Card, view: View) -> list[str]:
    line = card.line
    parts = [
        f"👤 {d.line(card.conversation[0].who if card.conversation else line.author, 100)}",
        f"📍 {d.line(line.account)}",
        f"{EMOJI[line.severity]} {d.line(label(view.locale, line.severity))}",
        f"{EMOJI[line.sentiment]} {d.line(label(view.locale, line.sentiment))}",
    ]
    if line.language:
        parts.append(f"🗣️ {d.line(line.language, 20)}")
    parts.append(d.moment(line.opened_at, "📥"))
    if line.flag is not None:
        parts.insert(1, d.line(flagged(view.locale, line.flag), 100))
    parts += _states(card.conversation[0], view) if card.conversation else []
    if line.due_at is not None and line.status is TicketStatus.OPEN:
        late = f"⏰ {view.say('Overdue since')}" if line.called else f"⏱️ {view.say('Answer by')}"
        parts.append(d.moment(line.due_at, late))
    elif line.left is not None:
        # What stands still is said by what is left of it, which stays the same.
        parts.append(f"⏱️ {d.line(clock_words(view.locale, line, line.updated_at))}")
    return d.small(parts)


def _states(entry: ConversationEntry, view: View) -> list[str]:
    """What became of a comment on its network."""
    made = [f"✏️ {view.say('edited')}"] if entry.edited else []
    made += [f"👻 {view.say('not on the network any more')}"] if entry.gone else []
    return [*made, "✋ " + view.say("held by the network's moderators")] if entry.held else made


def _folded(card: Card, view: View) -> list[str]:
    """Of a roll: how many comments lie there, and how to take one out."""
    many = card.line.folded
    return [f"🔕 {d.line(folded(view.locale, many))}", *d.words(how_to_unfold(view.locale), 500)] if many else []


def _addresses(url: str | None, author: int | None, view: View) -> list[str]:
    """Where the comment stands, and the page of whoever wrote it."""
    page = f"{view.desk}/a/{author}" if view.desk and author is not None else None
    links = [d.link(url, text(view.locale, "Open the original")), d.link(page, view.word("author"))]
    return [" · ".join(filter(None, links))]


def _warnings(card: Card, view: View) -> list[str]:
    thought = opinion(view.locale, card)
    awaited = helped(view.locale, card) if card.reply is None else ""
    made = d.small(f"✨ {d.line(said)}" for said in (thought, awaited) if said)
    if not card.suspicious:
        return made
    signs = " · ".join(d.short(visible(trick), 100) for trick in tricks(view.locale, card)[:4])
    return [f"⚠️ {view.say('It looks as if somebody tries to trick us: {signs}', signs=signs)}", *made]


def _status(card: Card, view: View) -> list[str]:
    """Where the ticket and its newest reply stand, and who is on it."""
    line, reply = card.line, card.reply
    parts = [f"{EMOJI[line.status]} {d.line(label(view.locale, line.status))}"]
    if reply is not None:
        parts += [state(reply, view), *standing(reply, view)]
    if line.claimed_by and line.claimed_until is not None:
        parts.append(f"👀 {view.say('{who} is on it', who=view.name(line.claimed_by))}")
    if line.assignee:
        parts.append(f"👤 {view.say('Assigned to {who}', who=view.name(line.assignee))}")
    if card.waiting_for:
        parts.append(f"⏳ {d.line(waits(view.locale, card.waiting_for, view.name))}")
    if card.snoozed_until is not None and line.status is TicketStatus.SNOOZED:
        parts.append(d.moment(card.snoozed_until, f"⏰ {view.say('Until')}"))
    if card.close_reason and line.status is TicketStatus.CLOSED:
        parts.append(f"📁 {d.line(closed_because(view.locale, card.close_reason), 150)}")
    if card.linked_to:
        parts.append(f"🔗 {d.line(card.linked_to, 40)}")
    found = d.link(reply.url, text(view.locale, "Open the published reply")) if reply is not None else ""
    return [*d.small(parts), *([found] if found else [])]


def _root_buttons(card: Card, view: View, shown: Shown) -> list[list[d.Part]]:
    offered = set(card.controls)
    if card.line.status is not TicketStatus.CLOSED and not card.line.folded:
        offered |= set(ALWAYS)
    if card.line.author_number is not None:
        offered.add("author")
    claim = [button("claim", view, shown)] if "claim" in offered else []
    more = [(view.word(verb), verb) for verb in ON_CARD if verb in offered]
    menu = [d.select(text(view.locale, "More"), f"portavoz:more:{shown.pack()}", more)] if more else []
    return [claim, menu]


def _read(view: View, shown: Shown) -> d.Part:
    return d.button(text(view.locale, "Read all of it"), f"portavoz:read:{shown.pack()}")


def _rows(*rows: list[d.Part]) -> tuple[tuple[d.Part, ...], ...]:
    """Rows of controls, without the empty ones."""
    return tuple(tuple(row) for row in rows if row)


# --- what came later --------------------------------------------------------------------------------------------


def followups(card: Card, view: View, shown: Shown) -> list[tuple[datetime, Posting]]:
    """Messages after the first; our own replies have messages already, unless somebody wrote them elsewhere."""
    known = {reply.url for reply in card.replies if reply.url}
    words = {reply.latest.text for reply in card.replies if reply.latest is not None and reply.published_at is not None}
    made = []
    for number, entry in enumerate(card.conversation[1:], 1):
        if entry.ours and (entry.url in known or entry.text in words):
            continue
        name = hashlib.sha256((entry.native_id or str(number)).encode("utf-8", "replace")).hexdigest()[:12]
        made.append((entry.at, _followup(card, entry, f"c{name}", view, shown)))
    return made


def _followup(card: Card, entry: ConversationEntry, key: str, view: View, shown: Shown) -> Posting:
    who = view.say("Answered outside Portavoz") if entry.ours else d.line(entry.who, 100)
    states = [view.say("edited")] if entry.edited else []
    states += [view.say("not on the network any more")] if entry.gone else []
    states += [view.say("held by the network's moderators")] if entry.held else []
    head = f"💬 {who} ({', '.join(states)})" if states else f"💬 {who}"
    said, rest = spoken(entry.text, view, _SPOKEN, erased=entry.erased, bare=not has_any(entry))
    below = [*hung(entry, view), d.link(entry.url, text(view.locale, "Open the original"))]
    whole = d.fit([f"{head} · {d.moment(entry.at)}", *said, *below], d.DESCRIPTION)
    rows = _rows([_read(view, shown)] if rest else [])
    embeds = (d.embed(whole, footer=footer(card.line.id, key), image=_picture(entry)),)
    return Posting(key=key, kind=OTHER, embeds=embeds, rows=rows, shown=shown)


def notes(card: Card, view: View, shown: Shown) -> list[tuple[datetime, Posting]]:
    """What was said inside the team."""
    return [(note.at, _note(card, note, f"n{number}", view, shown)) for number, note in enumerate(card.notes)]


def _note(card: Card, note: NoteView, key: str, view: View, shown: Shown) -> Posting:
    what = f"🙋 {view.say('Question')}" if note.kind == "question" else f"🗒️ {view.say('Note')}"
    head = f"{what}: {d.line(view.name(note.person), 100)}"
    said, _ = spoken(note.text, view, 3000)
    embeds = (d.embed("\n".join([head, *said]), footer=footer(card.line.id, key)),)
    return Posting(key=key, kind=OTHER, embeds=embeds, rows=(), shown=shown)


def conversation(card: Card, view: View) -> str:
    """Everything that was said, whole, as plain text: for a file."""
    made: list[str] = []
    for entry in card.conversation:
        made.append(f"{'📢' if entry.ours else '👤'} {visible(entry.who)} · {entry.at:%Y-%m-%d %H:%M %Z}")
        made.append(text(view.locale, "Erased, as the law asks.") if entry.erased else visible(entry.text))
        made += [visible(f"{attachment(view.locale, one)} {one.url or ''}") for one in entry.attachments]
    return "\n\n".join(made)


def cut(words: str, limit: int) -> list[str]:
    """A wording in pieces, each escaped."""
    return [d.escape(piece) for piece in split(visible(words), limit, d.size)] or [""]
