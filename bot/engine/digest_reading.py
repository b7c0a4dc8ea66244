"""Digests as they are read: the figures of the store, with what is planned and what can be answered on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.digest import Agenda, Digest, Span
from bot.store import digest as store
from bot.store import digest_texts, digests

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from sqlalchemy import Connection

    from bot.core.queries import Digest as Query
    from bot.engine.parts import Parts
    from bot.engine.reader import StoreReader


def span_of(query: Query, now: datetime, tz: tzinfo) -> Span:
    """The day that is asked for, in the team's time zone; without one, yesterday."""
    back = 1 if query.days_ago is None else query.days_ago
    day = query.day or now.astimezone(tz).date() - timedelta(days=back)
    return Span(first=day, days=query.days, tz=tz)


def knows(conn: Connection, span: Span, now: datetime) -> bool:
    """Whether the record says anything about these days."""
    return span.since <= now and digests.on_record(conn, span.until)


async def read(reader: StoreReader, parts: Parts, span: Span, fact: int = 0) -> Digest:
    """All of a digest but a model's words. Of days long gone it does not tell what waits now."""
    now = parts.now()
    chosen = parts.digests
    able = frozenset(account for account, network in parts.networks.items() if network.capabilities().can_reply)
    told = await reader.ask(lambda conn: store.digest(conn, span, now, objectives=chosen.objectives, accounts=able))
    topics, heard = await reader.ask(lambda conn: digest_texts.topics(conn, span.since, min(span.until, now)))
    told = replace(told, topics=topics, read=heard, fact=fact)
    today = now.astimezone(span.tz).date()
    if span.end < today:
        return replace(told, waiting=0, overdue=0, longest=(), lights=())
    return replace(told, agenda=await _agenda(parts, today, span))


async def _agenda(parts: Parts, today: date, span: Span) -> Agenda | None:
    return await parts.digests.calendar.on(today, span.tz) if parts.digests.calendar is not None else None
