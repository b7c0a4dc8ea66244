"""The wordings of replies as messages of a ticket's thread, each with its checks, sources and buttons."""

from __future__ import annotations

from datetime import datetime

from bot.core.controls import IN_TEXT
from bot.core.shown import Shown, shown_by
from bot.core.views import Card, ReplyView, RevisionView
from bot.locale import describe, facts_used, helped, made_by, noted, reason, text
from bot.locale.standing import STANDS
from handlers.chats.discord import marks as d
from handlers.chats.discord.card import Posting, button, cut, followups, footer, notes, root
from handlers.chats.discord.standing import standing, state
from handlers.chats.discord.view import View
from handlers.postings import OTHER, WORDING

_PART = 2600
_BELOW = 3100


def thread(card: Card, view: View) -> list[Posting]:
    """Every message of a ticket's thread, the card first, then in the order in which things happened."""
    shown = shown_by(card)
    later = [*followups(card, view, shown), *_wordings(card, view, shown), *notes(card, view, shown)]
    return [root(card, view, shown), *(posting for _, posting in sorted(later, key=lambda pair: pair[0]))]


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
    pieces = [view.say("Erased, as the law asks.")] if revision.erased else cut(revision.text, _PART)
    made = []
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        head = title if len(pieces) == 1 else f"{title} ({number + 1}/{len(pieces)})"
        key = f"r{revision.number}" if number == 0 else f"r{revision.number}.{number}"
        embeds = [d.embed(f"-# {head}\n{piece}", footer=footer(card.line.id, key))]
        if last:
            below = _below(card, reply, revision, view, newest=newest)
            embeds.append(d.embed(d.fit(below, _BELOW)))
        verbs = [verb for verb in IN_TEXT if verb in card.controls] if last and newest else []
        rows = (tuple(button(verb, view, shown) for verb in verbs),) if verbs else ()
        kind = WORDING if newest else OTHER
        made.append(Posting(key=key, kind=kind, embeds=tuple(embeds), rows=rows, shown=shown))
    return made


def _below(card: Card, reply: ReplyView, revision: RevisionView, view: View, *, newest: bool) -> list[str]:
    """Checks, sources, and where it stands."""
    found = [
        f"{'⛔' if one.level == 'block' else '⚠️'} {d.line(describe(view.locale, one), 200)}" for one in revision.checks
    ]
    more = [view.say("{n} more", n=len(found) - 5)] if len(found) > 6 else []
    checks = [*(found[:5] if more else found), *more] or [f"☑️ {view.say('The checks found nothing.')}"]
    sources = [view.say("Source: {source}", source=revision.source)] if revision.author is None else []
    said = [facts_used(view.locale, revision), made_by(view.locale, revision)]
    made = [*checks, *d.small(sources), *(line for one in said if one for line in d.small([d.line(one, 250)]))]
    if not newest:
        final = reply.state in STANDS and revision is reply.latest
        words = state(reply, view) if final else f"⬇️ {view.say('A newer draft took its place.')}"
        return [*made, *d.small([words])]
    marks = [f"✨ {d.line(one)}" for one in (helped(view.locale, card), noted(view.locale, revision)) if one]
    return [*made, *d.small(marks), *_status_of(reply, view)]


def _status_of(reply: ReplyView, view: View) -> list[str]:
    """Who approved, how long it can be taken back, where it stands."""
    parts = [state(reply, view), *standing(reply, view)]
    if reply.problem:
        parts.append(f"⚠️ {d.line(reason(view.locale, reply.problem))}")
    links = [
        d.link(reply.url, text(view.locale, "Open the published reply")),
        d.link(reply.manual_url, text(view.locale, "Post it by hand here")),
    ]
    return [*d.small(parts), *filter(None, links)]
