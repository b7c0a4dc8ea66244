"""How the configured accounts do, by what the database knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.tables import accounts

if TYPE_CHECKING:
    from sqlalchemy import Connection


def account_states(conn: Connection) -> dict[str, dict[str, Any]]:
    """By an account's id: its `state`, `name`, `detail`, `since` and `expires_at`."""
    a = accounts.c
    rows = conn.execute(select(a.id, a.state, a.name, a.detail, a.since, a.expires_at).where(a.part == "network"))
    return {row["id"].removeprefix("network:"): {k: row[k] for k in row if k != "id"} for row in rows.mappings()}
