"""What the remote drafter has cost on each day, kept where a restart does not forget it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.drafting import Spent
from bot.core.types import Light
from bot.store import keep

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sqlalchemy import Connection

    from bot.core.briefs import Made
    from bot.engine.parts import Parts

OWNER = "drafter"
KEPT = timedelta(days=3)


def _key(now: datetime, tz: tzinfo) -> str:
    return f"spent:{now.astimezone(tz).date().isoformat()}"


def spent(conn: Connection, now: datetime, tz: tzinfo) -> Spent:
    """What was spent since midnight in the team's time zone."""
    kept = keep.get(conn, OWNER, _key(now, tz), now)
    return Spent(**json.loads(kept)) if kept else Spent()


def spend(conn: Connection, made: Made, now: datetime, tz: tzinfo) -> None:
    """Add what a call cost, in the transaction that its answer is settled in."""
    so_far = spent(conn, now, tz)
    tokens = so_far.tokens + made.tokens_in + made.tokens_out
    total = json.dumps({"tokens": tokens, "money": so_far.money + made.cost})
    keep.put(conn, OWNER, _key(now, tz), total, now, lifetime=KEPT)


def light(conn: Connection, parts: Parts) -> Light | None:
    """How much of today's budget is left; None where there is no model, or no budget for it."""
    model = parts.model
    if model is None or (model.allowance.tokens is None and model.allowance.money is None):
        return None
    today = spent(conn, parts.now(), parts.tz)
    params = {"model": model.model, "tokens": today.tokens, "money": round(today.money, 4)}
    if model.allowance.exhausted(today):
        return Light(code="model_budget_spent", state="warn", params=params)
    return Light(code="model_budget", state="ok", params=params)
