"""What hangs on a comment, made safe to keep: few, short, and with addresses that a browser may be sent to.

Everything about an attachment is its author's word: the kind and the media type may be lies, so nothing is ever done
with them but to show them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Protocol

from bot.core.foreign import safe_url
from bot.core.links import ascii_host
from bot.core.types import Assessment, Attachment, AttachmentKind, Kind

MOST = 20
"""How many of a comment's attachments are kept; the others are counted."""
LONGEST_URL = 2_000
LONGEST_NAME = 200
LONGEST_ALT = 1_500
"""Characters, as Mastodon allows for a description."""
_UNKEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HOST = re.compile(r"(?i:https?)://(?:[^/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^/?#:@\[\]]+)(?::[0-9]*)?(?=[/?#]|$)")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}", re.ASCII)
_BY_ENDING = {
    AttachmentKind.IMAGE: frozenset({"jpg", "jpeg", "png", "gif", "webp", "avif", "heic"}),
    AttachmentKind.VIDEO: frozenset({"mp4", "webm", "mov", "mkv", "m4v"}),
    AttachmentKind.AUDIO: frozenset({"mp3", "ogg", "oga", "wav", "flac", "m4a", "opus"}),
    AttachmentKind.FILE: frozenset({"pdf", "zip", "doc", "docx", "xls", "xlsx", "odt", "ods", "csv", "txt"}),
}
_INSIDE = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".onion", ".test", ".invalid")


class Hanging(Protocol):
    """A comment on which something may hang, however it is shown."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Those that are kept."""

    @property
    def more_attachments(self) -> int:
        """How many there were beyond those."""


def kept(given: Sequence[Attachment], more: int = 0) -> tuple[tuple[Attachment, ...], int]:
    """Those of the attachments that are kept, and how many are not, `more` of which an adapter counted already."""
    good: list[Attachment] = []
    for one in given:
        if len(good) == MOST:
            break
        if is_safe(one.url):
            good.append(_clean(one))
    return tuple(good), max(0, more) + len(given) - len(good)


def is_safe(url: str) -> bool:
    """Whether the address is http or https, with a host and without a name or password, and not endless."""
    if len(url) > LONGEST_URL or "\\" in url or safe_url(url) is None:
        return False
    return "@" not in url.partition("://")[2].replace("?", "/").replace("#", "/").partition("/")[0]


def host(url: str) -> str:
    """Whom an address belongs to, in ASCII, so that look-alike letters show."""
    found = _HOST.match(url)
    return ascii_host(found[1].strip("[]").lower()) if found else ""


def is_loopback(url: str) -> bool:
    """Whether an address names this very machine."""
    name = host(url)
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def is_public_https(url: str) -> bool:
    """Whether a service elsewhere could fetch the address: https, and by its looks not of somebody's own network."""
    name = host(url)
    if url[:8].lower() != "https://" or not is_safe(url):
        return False
    try:
        return ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith(_INSIDE)


def kind_of(url: str, media_type: str | None = None) -> AttachmentKind:
    """What an attachment is by its media type, else by how its address ends; a link where neither says."""
    group = (media_type or "").partition("/")[0].lower()
    if group in {"image", "video", "audio"}:
        return AttachmentKind(group)
    ending = url.partition("?")[0].partition("#")[0].rpartition("/")[2].rpartition(".")[2].lower()
    known = next((kind for kind, endings in _BY_ENDING.items() if ending in endings), None)
    return known or (AttachmentKind.FILE if media_type else AttachmentKind.LINK)


def read(value: Any) -> tuple[tuple[Attachment, ...], int]:
    """Attachments as people write them down: addresses, or objects with the fields of `Attachment`.

    What is neither is counted with those that are not kept. Raises TypeError where it is no list.
    """
    if not isinstance(value, list):
        raise TypeError("attachments are a list")
    found = [one for one in map(_read, value[: 10 * MOST]) if one is not None]
    good, _ = kept(found)
    return good, len(value) - len(good)


def assess(comment: Hanging, by: Callable[[str], Assessment]) -> Assessment:
    """What triage says about a comment with what hangs on it.

    Descriptions count as the words do, but for the language: that is the text's own where it is certain enough. And
    whatever the words, a comment on which something hangs is one that somebody should look at.
    """
    if not has_any(comment):
        return by(comment.text)
    told = [one.alt for one in comment.attachments if one.alt]
    whole = by("\n".join(part for part in (comment.text, *told) if part))
    language = by(comment.text).language if told and comment.text.strip() else None
    kind = Kind.COMMENT if whole.kind is Kind.NOISE else whole.kind
    return replace(whole, kind=kind, language=language or whole.language)


def has_any(shown: Hanging) -> bool:
    """Whether anything hangs on it, kept or not."""
    return bool(shown.attachments or shown.more_attachments)


def _clean(one: Attachment) -> Attachment:
    media_type, size = (one.media_type or "").strip().lower(), one.size
    return Attachment(
        url=one.url,
        kind=AttachmentKind(one.kind),
        name=_line(one.name, LONGEST_NAME),
        alt=_line(one.alt, LONGEST_ALT),
        media_type=media_type if _MEDIA_TYPE.fullmatch(media_type) else None,
        size=size if size is not None and 0 <= size < 2**53 else None,
        sensitive=one.sensitive,
    )


def _line(text: str, limit: int) -> str:
    """One line at most `limit` long, without control characters and halves of pairs."""
    line = " ".join(_UNKEPT.sub("\N{REPLACEMENT CHARACTER}", text[: limit * 4]).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}\N{HORIZONTAL ELLIPSIS}"


def _read(value: Any) -> Attachment | None:
    fields = {"url": value} if isinstance(value, str) else value
    if not isinstance(fields, dict) or not isinstance(fields.get("url"), str):
        return None
    words = {name: text for name in ("name", "alt", "media_type") if isinstance(text := fields.get(name), str)}
    size, told = fields.get("size"), fields.get("kind")
    url = fields["url"].strip()
    kind = AttachmentKind(told) if told in list(AttachmentKind) else kind_of(url, words.get("media_type"))
    warned = fields.get("sensitive") is True
    return Attachment(url=url, kind=kind, size=size if type(size) is int else None, sensitive=warned, **words)
