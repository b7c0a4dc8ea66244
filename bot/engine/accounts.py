"""How the adapters are doing: kept for `health`, and said in the rooms when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from bot import logs
from bot.core.messages import Announce, Entry, Fact
from bot.engine.cleaning import storable
from bot.engine.orders import words
from bot.store import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.core.types import Account
    from bot.engine.engine import Engine
    from bot.store.work import Work

log = logs.get(__name__)


class Accounts:
    """Keeps the state of each adapter; a part is named like its lane, `network:wall` or `room:desk`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def failed(self, part: str, detail: str, *, dead_token: bool = False) -> None:
        """It does not work now; told once, when it begins."""
        state = "auth" if dead_token else "failing"
        log.warning("account.failed", part=part, detail=detail, state=state)
        await self._engine.work(lambda work: self._store(work, part, state, detail))

    def restarts(self, part: str) -> None:
        """Its listener has ended and is started again."""
        self._engine.parts.observer.restarts(part)

    async def works(self, part: str, *, name: str = "", checked: Account | None = None) -> None:
        """It works (again); `checked` is what was just found out about it."""
        name = checked.name if checked is not None else name
        await self._engine.work(lambda work: self._store(work, part, "ok", "", name=name, checked=checked))

    def _store(
        self, work: Work, part: str, state: str, detail: str, *, name: str = "", checked: Account | None = None
    ) -> None:
        kind, _, account = part.partition(":")
        a = t.accounts.c
        before = work.conn.execute(select(a.state).where(a.id == part)).scalar()
        values: dict[str, object] = {"state": state, "detail": storable(detail[:500])}
        if name:
            values["name"] = name
        if checked is not None or before is None:
            values["expires_at"] = self._ends(part, checked)
        if before is None:
            types = self._engine.parts.network_types
            row = {"id": part, "part": kind, "type": types.get(account, account), "since": work.now, **values}
            work.conn.execute(insert(t.accounts).values({"name": "", **row}))
        else:
            if before != state:
                values["since"] = work.now
            work.conn.execute(update(t.accounts).where(a.id == part).values(values))
        if (before or "ok") != state and (state == "auth" or "ok" in (before or "ok", state)):
            self._tell(work, part, state, detail)

    def _ends(self, part: str, checked: Account | None) -> datetime | None:
        """When its token runs out: what the other side says or what people stated, whichever is sooner."""
        told = checked.expires_at if checked is not None else None
        return min((one for one in (told, self._engine.parts.expires.get(part)) if one is not None), default=None)

    def _tell(self, work: Work, part: str, state: str, detail: str) -> None:
        well = state == "ok"
        fact = Fact.ACCOUNT_RECOVERED if well else Fact.ACCOUNT_FAILED
        work.log(Entry(fact=fact, data={"part": part, "state": state}))
        code = "account_recovered" if well else "account_failed"
        kind, _, name = part.partition(":")
        params: dict[str, object] = {"account": name, "part": kind, "reason": detail, "dead_token": state == "auth"}
        rooms = [room.id for room in self._engine.parts.rooms if part != f"room:{room.id}"]
        work.orders.extend(words(work, Announce(code=code, params=params), rooms))


def forget_rooms(conn: Connection) -> None:
    """At start: what shows with the first card or draft is not known yet; what was wrong before may be mended."""
    a = t.accounts.c
    conn.execute(update(t.accounts).where(a.part == "room").values(state="ok", detail=""))
    # Perhaps there is no model any more, or another one.
    conn.execute(delete(t.accounts).where(a.part == "drafter"))
