"""What hangs on a post: pictures, videos, link cards and quoted posts as attachments. Nothing of it is ever fetched.

Shapes after the views of app.bsky.embed.images, gallery, video, external, record and recordWithMedia.
"""

from __future__ import annotations

from typing import Any

from bot.core.attachments import MOST, kept
from bot.core.types import Attachment, AttachmentKind
from handlers.networks.bluesky import naming
from handlers.networks.bluesky.payload import Json, at, objects, raw, words
from handlers.networks.bluesky.richtext import readable

WARNED = frozenset({"porn", "sexual", "nudity", "graphic-media", "gore", "nsfl", "!warn"})
"""Labels of what nobody should see without wanting to."""


def attachments_of(view: Json, web: str) -> tuple[tuple[Attachment, ...], int]:
    """A post view's attachments: those that are kept, and how many more there were."""
    sensitive = any(one.get("val") in WARNED and one.get("neg") is not True for one in objects(view, "labels"))
    embed = view.get("embed")
    return kept([one for one in _of(embed, web, sensitive=sensitive) if one.url][: 3 * MOST])


def _of(embed: Any, web: str, *, sensitive: bool) -> list[Attachment]:
    """By what the embed has, so that a kind of tomorrow that holds pictures shows them."""
    if not isinstance(embed, dict):
        return []
    pictures = [*objects(embed, "images"), *objects(embed, "items")]
    found = [_picture(one, sensitive=sensitive) for one in pictures]
    if playlist := raw(embed, "playlist"):
        alt = raw(embed, "alt")
        found.append(Attachment(url=playlist, kind=AttachmentKind.VIDEO, alt=alt, sensitive=sensitive))
    if external := at(embed, "external"):
        title, told = words(external, "title"), words(external, "description")
        found.append(Attachment(url=raw(external, "uri"), kind=AttachmentKind.LINK, name=title, alt=told))
    found += _of(embed.get("media"), web, sensitive=sensitive)
    return [*found, *_quoted(embed, web)]


def _picture(one: Json, *, sensitive: bool) -> Attachment:
    url = raw(one, "fullsize") or raw(one, "thumb") or raw(one, "thumbnail")
    return Attachment(url=url, kind=AttachmentKind.IMAGE, alt=raw(one, "alt"), sensitive=sensitive)


def _quoted(embed: Json, web: str) -> list[Attachment]:
    """The post that is quoted, with its words; one that is gone or hidden has none."""
    found = at(embed, "record", "record") or at(embed, "record")
    link = naming.page(web, raw(found, "uri"))
    if link is None:
        return []
    author, value = at(found, "author"), at(found, "value")
    handle = words(author, "handle")
    return [Attachment(url=link, kind=AttachmentKind.LINK, name=f"@{handle}" if handle else "", alt=readable(value))]
