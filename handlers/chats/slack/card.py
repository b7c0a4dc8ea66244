"""A ticket as a thread: the card at its head, a message for each wording of a reply, for each further message, note.

Pure: a `Card` goes in, messages come out. What stands there is the same for the same state, so nothing is ever edited
for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.attachments import has_any
from bot.core.controls import ALWAYS, IN_TEXT, ON_CARD
from bot.core.foreign import visible
from bot.core.shown import Shown, shown_by
from bot.core.splitting import fold, split
from bot.core.types import TicketStatus
from bot.core.views import Card, ConversationEntry, NoteView, ReplyView, RevisionView
from bot.locale import (
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
    noted,
    opinion,
    reason,
    text,
)
from bot.locale.authoring import flagged
from bot.locale.clocks import clock_words
from bot.locale.showing import BUTTONS, EMOJI, REPLY_STATES
from bot.locale.standing import STANDS, standing, waits
from bot.locale.warning import tricks
from handlers import postings
from handlers.chats.slack import blocks as b
from handlers.chats.slack.hanging import attachments, links
from handlers.postings import OTHER, ROOT, WORDING

_STYLES = {"approve": "primary", "refuse": "danger"}
_FOLDED = 2800
_PART = 3 * b.SECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting(postings.Posting):
    """One message, as Slack takes it."""

    text: str
    blocks: tuple[b.Block, ...]

    @property
    def digest(self) -> str:
        """Changes exactly when what people see does."""
        seen = json.dumps([self.text, self.blocks], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """For whom a card is laid out: a room's language, the names of the team, the desk's address (empty: no desk)."""

    locale: str
    names: Mapping[str, str] = field(default_factory=dict)
    desk: str = ""

    def say(self, sentence: str, **values: object) -> str:
        return text(self.locale, sentence, **values)

    def name(self, person: str | None) -> str:
        return self.names.get(person or "", person or "Portavoz")

    def moment(self, at: datetime, before: str = "") -> b.Block:
        return b.moment(at, clock(self.locale, at), before=before)

    def word(self, verb: str) -> str:
        """A button's picture and word."""
        word = BUTTONS[verb]
        return f"{word.emoji} {text(self.locale, word.label)}"


def thread(card: Card, view: View) -> list[Posting]:
    """Every message of a ticket's thread, the card first, then in the order in which things happened."""
    shown = shown_by(card)
    later = [*_followups(card, view, shown), *_wordings(card, view, shown), *_notes(card, view, shown)]
    return [root(card, view, shown), *(posting for _, posting in sorted(later, key=lambda pair: pair[0]))]


# --- the card ---------------------------------------------------------------------------------------------------


def root(card: Card, view: View, shown: Shown) -> Posting:
    """The message that the thread hangs on."""
    line = card.line
    first = card.conversation[0] if card.conversation else None
    title = f"{EMOJI[line.severity]} {label(view.locale, line.kind)} · {line.id}"
    words = first.text if first is not None else line.text
    hanging = first if first is not None else line
    made = [
        b.header(title),
        *b.context(_about(card, view)),
        *said(words, view, shown, erased=first is not None and first.erased, bare=not has_any(hanging)),
        *attachments(hanging, view.locale),
        *_folded(card, view),
        *_addresses(first.url if first is not None else line.url, line.author_number, view),
        *_warnings(card, view),
        *_status(card, view),
        *b.actions(_root_buttons(card, view, shown)),
    ]
    short = b.fallback(f"{title} · {line.author}: {in_short(view.locale, hanging)[:400]}")
    return Posting(key=ROOT, kind=ROOT, text=short, blocks=tuple(made), shown=shown)


def said(words: str, view: View, shown: Shown, *, erased: bool = False, bare: bool = True) -> list[b.Block]:
    """Somebody's words, folded where they are long; the rest is a click away, and its length is said.

    Where there are no words, nothing stands for them unless they are all there is (`bare`).
    """
    if erased:
        return [b.section(view.say("Erased, as the law asks."))]
    if not words.strip() and not bare:
        return []
    head, left = fold(visible(words), _FOLDED)
    made = [b.quote(head)]
    if left:
        made += b.context([view.say("{n} more characters.", n=left)])
        made += b.actions([b.button(view.say("Read all of it"), "portavoz:read", shown.pack())])
    return made


def _about(card: Card, view: View) -> list[str | b.Block]:
    line = card.line
    parts: list[str | b.Block] = [
        f"👤 {card.conversation[0].who if card.conversation else line.author}",
        f"📍 {line.account}",
        f"{EMOJI[line.severity]} {label(view.locale, line.severity)}",
        f"{EMOJI[line.sentiment]} {label(view.locale, line.sentiment)}",
    ]
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
    if line.flag is not None:
        parts.insert(1, flagged(view.locale, line.flag))
    if line.due_at is not None and line.status is TicketStatus.OPEN:
        late = f"⏰ {view.say('Overdue since')}" if line.called else f"⏱️ {view.say('Answer by')}"
        parts.append(view.moment(line.due_at, late))
    elif line.left is not None:
        # What stands still is said by what is left of it, which stays the same.
        parts.append(f"⏱️ {clock_words(view.locale, line, line.updated_at)}")
    return parts


def _folded(card: Card, view: View) -> list[b.Block]:
    """Of a roll: how many comments lie there, and how to take one out."""
    many = card.line.folded
    return b.context([f"🔕 {folded(view.locale, many)}", how_to_unfold(view.locale)]) if many else []


def _addresses(url: str | None, author: int | None, view: View) -> list[b.Block]:
    """Where the comment stands, and the page of whoever wrote it."""
    page = f"{view.desk}/a/{author}" if view.desk and author is not None else None
    found = b.links([(url, view.say("Open the original")), (page, view.word("author"))])
    return [found] if found is not None else []


def _warnings(card: Card, view: View) -> list[b.Block]:
    thought = opinion(view.locale, card)
    awaited = helped(view.locale, card) if card.reply is None else ""
    made = b.context([f"✨ {said}" for said in (thought, awaited) if said]) if thought or awaited else []
    if not card.suspicious:
        return made
    signs = " · ".join(trick[:120] for trick in tricks(view.locale, card)[:8])
    return [*b.context([f"⚠️ {view.say('It looks as if somebody tries to trick us: {signs}', signs=signs)}"]), *made]


def _status(card: Card, view: View) -> list[b.Block]:
    """Where the ticket and its newest reply stand, and who is on it."""
    line, reply = card.line, card.reply
    parts: list[str | b.Block] = [f"{EMOJI[line.status]} {label(view.locale, line.status)}"]
    if reply is not None:
        parts.append(f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}")
        parts += _standing(reply, view)
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
    found = b.link(reply.url, view.say("Open the published reply")) if reply is not None else None
    return [*b.context(parts), *([found] if found is not None else [])]


def _root_buttons(card: Card, view: View, shown: Shown) -> list[b.Block]:
    offered = set(card.controls)
    if card.line.status is not TicketStatus.CLOSED and not card.line.folded:
        offered |= set(ALWAYS)
    if card.line.author_number is not None:
        offered.add("author")
    buttons = [_button("claim", view, shown)] if "claim" in offered else []
    more = [(view.word(verb), f"{verb}|{shown.pack()}") for verb in ON_CARD if verb in offered]
    return [*buttons, *([b.select(view.say("More"), "portavoz:more", more)] if more else [])]


def _button(verb: str, view: View, shown: Shown) -> b.Block:
    return b.button(view.word(verb), f"portavoz:{verb}", shown.pack(), style=_STYLES.get(verb))


# --- wordings ---------------------------------------------------------------------------------------------------


def _wordings(card: Card, view: View, shown: Shown) -> list[tuple[datetime, Posting]]:
    made = []
    for reply in card.replies:
        for revision in reply.revisions:
            newest = reply is card.reply and revision is reply.latest
            about = shown if newest else Shown(ticket=shown.ticket, revision=revision.number)
            parts = _wording(card, reply, revision, view, about, newest=newest)
            made += [(revision.created_at, posting) for posting in parts]
    return made


def _wording(
    card: Card, reply: ReplyView, revision: RevisionView, view: View, shown: Shown, *, newest: bool
) -> list[Posting]:
    """One wording; a very long one in several messages, the last of which has the checks and the buttons."""
    title = f"📝 {view.say('Draft {n}', n=revision.number)}"
    if revision.author:
        title = f"✍️ {view.say('Revision {n}, by {who}', n=revision.number, who=view.name(revision.author))}"
    pieces = split(visible(revision.text), _PART) or [""]
    if revision.erased:
        pieces = [view.say("Erased, as the law asks.")]
    made = []
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        head = title if len(pieces) == 1 else f"{title} ({number + 1}/{len(pieces)})"
        below = _below(card, reply, revision, view, shown, newest=newest) if last else []
        key = f"r{revision.number}" if number == 0 else f"r{revision.number}.{number}"
        content = (*b.context([head]), *b.sections(piece), *below)
        kind = WORDING if newest else OTHER
        made.append(Posting(key=key, kind=kind, text=b.fallback(f"{head}: {piece[:300]}"), blocks=content, shown=shown))
    return made


def _below(
    card: Card, reply: ReplyView, revision: RevisionView, view: View, shown: Shown, *, newest: bool
) -> list[b.Block]:
    checks: list[str | b.Block] = [
        f"{'⛔' if finding.level == 'block' else '⚠️'} {describe(view.locale, finding)}" for finding in revision.checks
    ]
    sources = [view.say("Source: {source}", source=revision.source)] if revision.author is None else []
    sources += [said for said in (facts_used(view.locale, revision), made_by(view.locale, revision)) if said]
    made = b.context([*(checks or [f"☑️ {view.say('The checks found nothing.')}"]), *sources])
    if not newest:
        final = reply.state in STANDS and revision is reply.latest
        state = view.say(REPLY_STATES[reply.state]) if final else view.say("A newer draft took its place.")
        return [*made, *b.context([f"{EMOJI[reply.state] if final else '⬇️'} {state}"])]
    marks = [f"✨ {said}" for said in (helped(view.locale, card), noted(view.locale, revision)) if said]
    made += b.context(list(marks)) if marks else []
    made += _status_of(reply, view)
    buttons = [_button(verb, view, shown) for verb in IN_TEXT if verb in card.controls]
    return [*made, *b.actions(buttons)]


def _status_of(reply: ReplyView, view: View) -> list[b.Block]:
    """Who approved, how long it can be taken back, where it stands."""
    parts: list[str | b.Block] = [
        f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}",
        *_standing(reply, view),
    ]
    if reply.problem:
        parts.append(f"⚠️ {reason(view.locale, reply.problem)[:300]}")
    links = [
        b.link(reply.url, view.say("Open the published reply")),
        b.link(reply.manual_url, view.say("Post it by hand here")),
    ]
    return [*b.context(parts), *(link for link in links if link is not None)]


def _standing(reply: ReplyView, view: View) -> list[str | b.Block]:
    return [words if at is None else view.moment(at, words) for words, at in standing(view.locale, reply, view.name)]


# --- what came later --------------------------------------------------------------------------------------------


def _followups(card: Card, view: View, shown: Shown) -> list[tuple[datetime, Posting]]:
    """Messages after the first; our own replies have messages already, unless somebody wrote them elsewhere."""
    known = {reply.url for reply in card.replies if reply.url}
    words = {reply.latest.text for reply in card.replies if reply.latest is not None and reply.published_at is not None}
    made = []
    for number, entry in enumerate(card.conversation[1:], 1):
        if entry.ours and (entry.url in known or entry.text in words):
            continue
        key = f"c{entry.native_id or number}"[:80]
        made.append((entry.at, _followup(entry, key, view, shown)))
    return made


def _followup(entry: ConversationEntry, key: str, view: View, shown: Shown) -> Posting:
    who = view.say("Answered outside Portavoz") if entry.ours else entry.who
    marks = [view.say("edited")] if entry.edited else []
    marks += [view.say("not on the network any more")] if entry.gone else []
    marks += [view.say("held by the network's moderators")] if entry.held else []
    head = f"💬 {who} ({', '.join(marks)})" if marks else f"💬 {who}"
    words = in_short(view.locale, entry)
    content = (
        *b.context([head, view.moment(entry.at)]),
        *said(entry.text, view, shown, erased=entry.erased, bare=not has_any(entry)),
        *attachments(entry, view.locale),
        *_addresses(entry.url, None, view),
    )
    return Posting(key=key, kind=OTHER, text=b.fallback(f"{head}: {words[:300]}"), blocks=content, shown=shown)


def _notes(card: Card, view: View, shown: Shown) -> list[tuple[datetime, Posting]]:
    return [(note.at, _note(note, f"n{number}", view, shown)) for number, note in enumerate(card.notes)]


def _note(note: NoteView, key: str, view: View, shown: Shown) -> Posting:
    what = f"🙋 {view.say('Question')}" if note.kind == "question" else f"🗒️ {view.say('Note')}"
    head = f"{what}: {view.name(note.person)}"
    content = (*b.context([head]), *said(note.text, view, shown))
    return Posting(key=key, kind=OTHER, text=b.fallback(f"{head}: {note.text[:300]}"), blocks=content, shown=shown)


def _whole(entry: ConversationEntry, view: View) -> list[b.Block]:
    """All words of a message, and the links to what hangs on it."""
    hanging = links(entry, view.locale)
    return [*(b.sections(entry.text) if entry.text.strip() or not hanging else []), *hanging]


def conversation(card: Card, view: View, limit: int) -> list[b.Block]:
    """Everything that was said, whole, in at most `limit` blocks; what does not fit is counted."""
    made: list[b.Block] = []
    entries: Sequence[ConversationEntry] = card.conversation
    for entry in entries:
        made += b.context([f"{'📢' if entry.ours else '👤'} {entry.who}", view.moment(entry.at)])
        made += [b.section(view.say("Erased, as the law asks."))] if entry.erased else _whole(entry, view)
    if len(made) <= limit:
        return made
    left = sum(len(block["text"]["text"]) for block in made[limit - 1 :] if block["type"] == "section")
    return [*made[: limit - 1], *b.context([view.say("{n} more characters.", n=left)])]
