"""What hangs on a status: MediaAttachment entities as the core's attachments. Nothing of it is ever fetched.

Shapes after the documented entity MediaAttachment: `url` is the instance's own copy, None while it has none.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.core.attachments import MOST, kept
from bot.core.types import Attachment, AttachmentKind

_KINDS = {
    "image": AttachmentKind.IMAGE,
    "gifv": AttachmentKind.VIDEO,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
}
_LOOKED_AT = 3 * MOST


def attachments_of(media: Any, *, sensitive: bool = False) -> tuple[tuple[Attachment, ...], int]:
    """A status's `media_attachments`: those that are kept, and how many more there were."""
    if not isinstance(media, list):
        return (), 0
    found = [one for shown in media[:_LOOKED_AT] if (one := _attachment(shown, sensitive=sensitive)) is not None]
    good, _ = kept(found)
    return good, len(media) - len(good)


def mark_of(media: Any) -> str:
    """What a version gets besides the time of the last edit, which not all software tells; empty without media.

    Addresses do not count: an instance that has made its own copy gives another one.
    """
    if not isinstance(media, list) or not media:
        return ""
    seen = [[str(one.get(key))[:2_000] for key in ("id", "type", "description")] for one in _objects(media)]
    return f".{hashlib.sha256(json.dumps([len(media), seen]).encode()).hexdigest()[:12]}"


def _objects(media: list[Any]) -> list[dict[str, Any]]:
    return [one for one in media[:_LOOKED_AT] if isinstance(one, dict)]


def _attachment(one: Any, *, sensitive: bool) -> Attachment | None:
    if not isinstance(one, dict):
        return None
    url = next((url for key in ("url", "remote_url") if isinstance(url := one.get(key), str) and url), None)
    told = one.get("description")
    kind = _KINDS.get(str(one.get("type")), AttachmentKind.LINK)
    alt = told if isinstance(told, str) else ""
    return Attachment(url=url.strip(), kind=kind, alt=alt, sensitive=sensitive) if url else None
