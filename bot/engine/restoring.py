"""What has to be done to a database that was restored, before it may work again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.intake import SYSTEM
from bot.core.messages import Entry, Fact
from bot.engine.commands import switch
from bot.store.work import Work

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def hold_back(conn: Connection, now: datetime, reason: str) -> None:
    """Pause everything outgoing.

    What was approved when the backup was made may have gone out since. The listeners go on from the old cursors and
    see those replies; only after that can people tell what is still to be said.
    """
    work = Work(conn, now)
    switch(work, "paused", reason, by=SYSTEM, on=True)
    work.log(Entry(fact=Fact.PAUSED, actor=SYSTEM, data={"via": "restore"}))
    work.flush()
