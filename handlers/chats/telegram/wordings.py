"""The messages that show what may be approved: each wording of a reply, with its checks, who said yes, and buttons."""

from __future__ import annotations

from datetime import datetime

from bot.core.controls import IN_TEXT
from bot.core.foreign import visible
from bot.core.shown import Shown, shown_by
from bot.core.splitting import split
from bot.core.views import Card, ReplyView, RevisionView
from bot.locale import describe, facts_used, helped, made_by, noted, reason
from bot.locale.showing import EMOJI, REPLY_STATES
from bot.locale.standing import STANDS, standing
from handlers.chats.telegram import markup as k
from handlers.chats.telegram.card import Posting, View, in_rows, root
from handlers.postings import OTHER, WORDING

_PART = 2400
_CHECKS = 8


def thread(card: Card, view: View) -> list[Posting]:
    """Every message of a ticket, the card first, then the wordings in the order in which they were written."""
    return [root(card, view), *(posting for _, posting in sorted(_wordings(card, view), key=lambda pair: pair[0]))]


def _wordings(card: Card, view: View) -> list[tuple[datetime, Posting]]:
    made, shown = [], shown_by(card)
    for reply in card.replies:
        for revision in reply.revisions:
            newest = reply is card.reply and revision is reply.latest
            about = shown if newest else Shown(ticket=shown.ticket, revision=revision.number)
            made += [(revision.created_at, one) for one in _wording(card, reply, revision, view, about, newest=newest)]
    return made


def _wording(
    card: Card, reply: ReplyView, revision: RevisionView, view: View, shown: Shown, *, newest: bool
) -> list[Posting]:
    """One wording; a very long one in several messages, the last of which has the checks and the buttons."""
    title = f"📝 {view.say('Draft {n}', n=revision.number)} · {shown.ticket}"
    if revision.author:
        who = view.name(revision.author)
        title = f"✍️ {view.say('Revision {n}, by {who}', n=revision.number, who=who)} · {shown.ticket}"
    pieces = split(visible(revision.text), _PART) or [""]
    if revision.erased:
        pieces = [view.say("Erased, as the law asks.")]
    made = []
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        head = title if len(pieces) == 1 else f"{title} ({number + 1}/{len(pieces)})"
        below = _below(card, reply, revision, view, newest=newest) if last else []
        verbs = [verb for verb in IN_TEXT if verb in card.controls] if newest and last else []
        rows = in_rows([view.button(verb, shown) for verb in verbs])
        key = f"r{revision.number}" if number == 0 else f"r{revision.number}.{number}"
        whole = "\n".join([k.words(head), *([k.block(piece)] if piece else []), *below])
        kind = WORDING if newest else OTHER
        made.append(Posting(key=key, kind=kind, html=whole, rows=rows, shown=shown))
    return made


def _below(card: Card, reply: ReplyView, revision: RevisionView, view: View, *, newest: bool) -> list[str]:
    found = [
        f"{'⛔' if finding.level == 'block' else '⚠️'} {k.words(k.short(describe(view.locale, finding), 150))}"
        for finding in revision.checks[:_CHECKS]
    ]
    if len(revision.checks) > _CHECKS:
        found.append(f"… +{len(revision.checks) - _CHECKS}")
    made = found or [f"☑️ {k.words(view.say('The checks found nothing.'))}"]
    sources = [view.say("Source: {source}", source=revision.source)] if revision.author is None else []
    sources += [said for said in (facts_used(view.locale, revision), made_by(view.locale, revision)) if said]
    made += [k.words(k.short(said, 400)) for said in sources]
    if not newest:
        final = reply.state in STANDS and revision is reply.latest
        state = view.say(REPLY_STATES[reply.state]) if final else view.say("A newer draft took its place.")
        return [*made, f"{EMOJI[reply.state] if final else '⬇️'} {k.words(state)}"]
    marks = [said for said in (helped(view.locale, card), noted(view.locale, revision)) if said]
    return [*made, *(f"✨ {k.words(said)}" for said in marks), *_status_of(reply, view)]


def _status_of(reply: ReplyView, view: View) -> list[str]:
    """Who approved, how long it can be taken back, where it stands."""
    parts = [f"{EMOJI[reply.state]} {view.say(REPLY_STATES[reply.state])}", *_standing(reply, view)]
    if reply.problem:
        parts.append(f"⚠️ {reason(view.locale, reply.problem)[:300]}")
    made = [" · ".join(map(k.words, parts))]
    made += [f"📢 {k.link(reply.url, view.say('Open the published reply'))}"] if reply.url else []
    return [*made, k.link(reply.manual_url, view.say("Post it by hand here"))] if reply.manual_url else made


def _standing(reply: ReplyView, view: View) -> list[str]:
    return [words if at is None else view.moment(at, words) for words, at in standing(view.locale, reply, view.name)]


def conversation(card: Card, view: View) -> str:
    """Everything that was said, as plain text without any markup."""
    made = []
    for entry in card.conversation:
        made.append(f"{'📢' if entry.ours else '👤'} {visible(entry.who)} · {view.moment(entry.at, '').strip()}")
        made.append(view.say("Erased, as the law asks.") if entry.erased else visible(entry.text))
        made += [visible(one.url) for one in entry.attachments] if not entry.erased else []
    return "\n".join(made)
