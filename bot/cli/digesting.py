"""`digest`: what the daily digest says about a day, for people or as JSON."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from rich.text import Text

from bot.cli import shapes
from bot.cli.errors import NOT_FOUND, Stop
from bot.cli.output import as_json, clean, console

if TYPE_CHECKING:
    from bot.cli.asking import Asking
    from bot.core.digest import Digest, Span
    from bot.core.queries import Digest as Query
    from bot.core.types import Message, Section
    from bot.engine.parts import Parts
    from bot.engine.reader import StoreReader


def digest(asking: Asking, query: Query) -> None:
    """Print the digest of a day. Raises Stop where the record knows nothing of that day yet."""
    from bot.engine.digest_reading import knows, span_of
    from bot.engine.reader import StoreReader
    from bot.locale import text
    from bot.reports.digest import compose
    from bot.wiring import build_parts

    parts = build_parts(asking.desk.settings, asking.desk.database, chats=False, now=lambda: asking.now)
    span = span_of(query, asking.now, parts.tz)
    if not knows(asking.conn, span, asking.now):
        raise Stop(
            text(asking.locale, "Nothing is on record for that day."), NOT_FOUND, outcome="not_found", what="day"
        )
    told = asyncio.run(_read(StoreReader(asking.desk.database, parts), parts, span))
    message = compose(told, asking.locale, parts.digests.desk)
    if asking.json:
        as_json(_shape(asking, told, message))
    else:
        _show(message)


async def _read(reader: StoreReader, parts: Parts, span: Span) -> Digest:
    """The figures; what was opened for it is closed in the same event loop."""
    from bot.wiring import close_all

    try:
        return await reader.digest_of(span)
    finally:
        await close_all(parts)


def _shape(asking: Asking, told: Digest, message: Message) -> dict[str, Any]:
    """The figures of the span, and the same words that people read."""
    from bot.store.figures import figures

    until = max(told.span.since, min(told.span.until, told.now))
    waiting = [
        {"id": line.id, "opened_at": line.opened_at, "account": line.account, "kind": line.kind}
        for line in told.longest
    ]
    return {
        **shapes.numbers(figures(asking.conn, told.span.since, until)),
        "waiting": told.waiting,
        "overdue": told.overdue,
        "longest_waiting": waiting,
        "seal": told.seal,
        "title": message.title,
        "sections": [_section(section) for section in message.sections],
        "details": [_section(section) for section in message.details],
    }


def _section(section: Section) -> dict[str, Any]:
    lines = [{"text": line.text, "url": line.url, "ticket": line.ticket} for line in section.lines]
    return {"title": section.title, "lines": lines}


def _show(message: Message) -> None:
    out = console()
    out.print(Text(clean(message.title), style="bold"), soft_wrap=True)
    for section in (*message.sections, *message.details):
        if section.title:
            out.print(Text(f"\n{clean(section.title)}", style="bold"))
        for line in section.lines:
            said = Text(clean(line.text), style="" if section.title else "dim")
            out.print(Text("  ") + said if section.title else Text("\n") + said, soft_wrap=True)
            if line.url:
                out.print(Text(f"    {clean(line.url)}", style="dim"), soft_wrap=True)
