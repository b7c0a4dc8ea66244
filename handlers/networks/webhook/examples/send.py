"""Tells Portavoz what happened. Needs: pip install standardwebhooks httpx."""

import json
import os
import secrets
from datetime import datetime, timezone
from typing import Any

import httpx
from standardwebhooks import Webhook

ADDRESS = "http://127.0.0.1:8600/hooks/shop"


def send(*events: dict[str, Any]) -> int:
    """Send up to 500 events, the oldest first; how many were accepted. Send again, signed anew, until this succeeds."""
    name, now = f"msg_{secrets.token_hex(12)}", datetime.now(timezone.utc)
    body = json.dumps({"events": events})
    signature = Webhook(os.environ["PORTAVOZ_SECRET_SHOP"]).sign(name, now, body)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    answer = httpx.post(ADDRESS, content=body, headers=headers)
    if answer.status_code != 202:
        raise RuntimeError(answer.text)  # {"error": ..., "detail": which field is wrong, and how}
    return int(answer.json()["accepted"])


if __name__ == "__main__":
    now = datetime.now(timezone.utc).isoformat()
    vera = {"id": "u7", "name": "Vera"}
    comment = {"id": "c2", "text": "The soup was cold.", "created_at": now, "author": vera}
    edited = {**comment, "text": "The soup was cold, and late.", "edited_at": now}
    send({"type": "item.created", "data": comment}, {"type": "item.updated", "data": edited})
