"""Who stands behind a comment, in words: their flag, and a short version of their page for chats and terminals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from babel.numbers import format_decimal

from bot.core.authors import AuthorView
from bot.core.foreign import visible
from bot.core.types import AuthorFlag, Kind
from bot.locale.attaching import in_short
from bot.locale.catalogue import best, ntext, text
from bot.locale.explaining import label
from bot.locale.showing import EMOJI, Word
from bot.locale.times import ago

FLAGS: Mapping[str, Word] = {
    AuthorFlag.VIP: Word("⭐", "VIP"),
    AuthorFlag.ADVOCATE: Word("💙", "advocate"),
    AuthorFlag.PRESS: Word("📰", "press"),
}
"""How a flag is shown: never by its picture alone."""
_SHORT = 80
_SHOWN = 5


def flagged(locale: str, flag: AuthorFlag | None) -> str:
    """`⭐ VIP`; empty without a flag."""
    return f"{FLAGS[flag].emoji} {text(locale, FLAGS[flag].label)}" if flag is not None else ""


def author_name(locale: str, view: AuthorView) -> str:
    """Name and handle, as they last called themselves."""
    if view.erased:
        return text(locale, "[erased]")
    name, handle = visible(view.name), visible(view.handle or "")
    return f"{name} ({handle})" if handle and handle != name else name or handle


def author_facts(locale: str, view: AuthorView, now: datetime) -> list[str]:
    """What there is to know besides the history, a short phrase each."""
    facts = [flagged(locale, view.flag)] if view.flag else []
    facts.append(visible(view.account))
    if view.first_seen is not None:
        facts.append(text(locale, "first seen {when}", when=ago(locale, view.first_seen, now)))
    facts.append(ntext(locale, "{n} ticket", "{n} tickets", view.tickets))
    if view.open:
        facts.append(ntext(locale, "{n} not closed", "{n} not closed", view.open))
    facts += [f"{EMOJI[kind]} {label(locale, Kind(kind))}: {many}" for kind, many in view.kinds.items()]
    if view.reach is not None:
        shown = format_decimal(view.reach, locale=best(locale))
        facts.append(ntext(locale, "{many} follower", "{many} followers", view.reach, many=shown))
    return facts


def author_lines(locale: str, view: AuthorView, now: datetime, *, names: Mapping[str, str]) -> tuple[str, ...]:
    """The short version: facts, what the team noted, the newest tickets with our answers. `names` are the team's."""
    lines = [" · ".join(author_facts(locale, view, now))]
    lines += [f"🗒️ {names.get(note.person, note.person)}: {_cut(note.text)}" for note in view.notes[-_SHOWN:]]
    for one in view.history[:_SHOWN]:
        line = one.line
        head = f"{EMOJI[line.status]} `{line.id}` {EMOJI[line.kind]} {_cut(in_short(locale, line))}"
        lines.append(f"{head} · {ago(locale, line.opened_at, now)}")
        if one.answer is not None:
            lines.append(f"   ↳ {_cut(one.answer)}")
    if view.tickets > _SHOWN:
        lines.append(ntext(locale, "… and {n} older", "… and {n} older", view.tickets - _SHOWN))
    return tuple(lines)


def _cut(words: str) -> str:
    line = visible(" ".join(words[: _SHORT * 4].split()))
    return line if len(line) <= _SHORT and len(words) <= _SHORT * 4 else f"{line[:_SHORT]}…"
