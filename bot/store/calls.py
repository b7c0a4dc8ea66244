"""Calls to a model, kept in the log with what was told and said, so that erasure finds them like any other text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.core.case import SYSTEM
from bot.core.messages import Entry, Fact
from bot.store.tables import contents, events

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.briefs import Made
    from bot.core.drafting import Exchange
    from bot.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: when, what came of it (`drafted` or a reason), its figures, and both sides; empty where erased."""

    at: datetime
    outcome: str
    figures: dict[str, Any]
    told: str
    said: str


def keep(work: Work, ticket: str, exchange: Exchange, made: Made | None, outcome: str) -> None:
    """Put a call on record."""
    # In ASCII: a model may write what no database takes.
    kept = work.keep_text("call", json.dumps(asdict(exchange)), extra={})
    figures = {name: value for name, value in asdict(made).items() if value} if made is not None else {}
    data = {"outcome": outcome, **figures}
    work.log(Entry(fact=Fact.MODEL_CALLED, actor=SYSTEM, ticket=ticket, data=data), kept)


def calls(conn: Connection, ticket: str) -> list[Call]:
    """The calls about a ticket, oldest first."""
    of_ticket = (events.c.ticket == ticket) & (events.c.type == Fact.MODEL_CALLED.value)
    wanted = select(events.c.at, events.c.data, contents.c.text, contents.c.erased_at)
    wanted = wanted.join(contents, contents.c.id == events.c.content).where(of_ticket).order_by(events.c.seq)
    return [_call(row) for row in conn.execute(wanted)]


def _call(row: Any) -> Call:
    sides = {"told": "", "said": ""} if row.erased_at is not None else json.loads(row.text)
    figures = {name: value for name, value in row.data.items() if name != "outcome"}
    return Call(at=row.at, outcome=str(row.data.get("outcome", "")), figures=figures, **sides)
