"""What became of every attempt to publish, with the network's own words and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.store.tables import contents
from bot.store.tables import publications as p

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def steps(conn: Connection, replies: Sequence[str]) -> list[dict[str, Any]]:
    """Every step of these replies' attempts, in order; `detail` is None where the network said nothing."""
    said = func.nullif(contents.c.text, "").label("detail")
    link = func.coalesce(p.c.url, contents.c.url).label("url")
    columns = (*(p.c[name] for name in ("id", "reply", "attempt", "phase", "at", "key", "native_id")), link, said)
    joined = p.outerjoin(contents, contents.c.id == p.c.content)
    rows = conn.execute(select(*columns).select_from(joined).where(p.c.reply.in_(replies)).order_by(p.c.id))
    return [dict(row) for row in rows.mappings()]
