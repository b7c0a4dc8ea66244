"""Rich text: facets say by byte offsets into the UTF-8 text what is a link, a mention or a tag.

After app.bsky.richtext.facet. Coming in, a link that shows something else than its target tells it; going out, what
people would click is made clickable.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import regex

from bot.core.fromhtml import clean, one_line
from handlers.networks.bluesky.payload import Json, objects, raw

LINK, MENTION, TAG = (f"app.bsky.richtext.facet#{kind}" for kind in ("link", "mention", "tag"))
FACETS = 200
"""How many facets of one post are looked at; a text of 3,000 bytes cannot have many more."""
GRAPHEMES, BYTES = 300, 3_000
"""What a post may have."""
_GRAPHEME = regex.compile(r"\X")
_URL = re.compile(r"https?://[^\s<>\"\x00-\x1f]+", re.IGNORECASE)
_URL_TAIL = re.compile(r"[.,;:!?'\"»”’…]+$")
_MENTION = re.compile(r"(?<![^\s(«“\"'¡¿])@((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*)", re.IGNORECASE)
_TAG = re.compile(r"(?<![^\s(«“\"'¡¿])[#\uff03](?!\ufe0f)(\w*[^\W\d_]\w*)")
_LONGEST_TAG = 64
Resolve = Callable[[str], Awaitable[str | None]]
"""Whose handle this is: a DID, or None."""


def length(text: str) -> int:
    """How long Bluesky thinks a text is: its graphemes.

    Near the limit of bytes it is what leaves so much room as there is for plain letters, so that both limits are one.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    return max(sum(1 for _ in _GRAPHEME.finditer(text)), size - (BYTES - GRAPHEMES))


# --- in -----------------------------------------------------------------------------------------------------------


def readable(record: Json, *, addressed: tuple[str, str] | None = None) -> str:
    """A post's words as people read them, each disguised or shortened link with its target.

    The name of `addressed` (DID and handle) at the beginning only says to whom it goes and is left out, unless it is
    all. Other words that claim to be a mention stay: nobody hides anything that way.
    """
    did, handle = addressed or ("", "")
    text = raw(record, "text").encode("utf-8", "surrogatepass")
    parts: list[str] = []
    done = 0
    for start, end, features in _spans(record, len(text)):
        if start < done or _splits(text, start) or _splits(text, end):
            continue
        between, shown = _text(text[done:start]), _text(text[start:end])
        first = not parts and not between.strip()
        named = did and any(one.get("$type") == MENTION and one.get("did") == did for one in features)
        if first and named and shown.lower() == f"@{handle.lower()}" and text[end:].strip():
            parts = [""]
        else:
            targets = [raw(one, "uri") for one in features if one.get("$type") == LINK]
            parts += [between, _link(shown, targets[0]) if targets else shown]
        done = end
    return clean("".join([*parts, _text(text[done:])])).strip()


def mentioned(record: Json) -> set[str]:
    """The DIDs that a post names."""
    features = (one for facet in objects(record, "facets")[:FACETS] for one in objects(facet, "features"))
    return {raw(one, "did") for one in features if one.get("$type") == MENTION} - {""}


def _spans(record: Json, size: int) -> Iterator[tuple[int, int, list[Json]]]:
    """Facets that lie inside the text, in order."""
    found: list[tuple[int, int, list[Json]]] = []
    for facet in objects(record, "facets")[:FACETS]:
        index = facet.get("index")
        start, end = (index.get(key) if isinstance(index, dict) else None for key in ("byteStart", "byteEnd"))
        if type(start) is int and type(end) is int and 0 <= start < end <= size:
            found.append((start, end, objects(facet, "features")))
    return iter(sorted(found, key=lambda one: one[:2]))


def _splits(text: bytes, place: int) -> bool:
    """Whether a place lies inside a character."""
    return place < len(text) and text[place] & 0xC0 == 0x80


def _text(part: bytes) -> str:
    return part.decode("utf-8", "surrogatepass")


def _link(shown: str, target: str) -> str:
    """A link in words: its target where that is what it shows, shortened or not; else both."""
    target = one_line(target)
    if not re.match(r"https?://", target, re.IGNORECASE):
        return shown
    said, bare = (re.sub(r"(?i)^https?://(www\.)?", "", one.strip()).rstrip("/") for one in (shown, target))
    if said == bare:
        return shown
    head = re.sub(r"(\.\.\.|…)$", "", said)
    host = re.split(r"[/?#]", bare)[0]
    # Shortened behind the whole host: nobody is led anywhere else than it says.
    return target if head != said and len(head) > len(host) and bare.startswith(head) else f"{shown} ({target})"


# --- out ----------------------------------------------------------------------------------------------------------


async def facets_of(text: str, resolve: Resolve) -> list[Json]:
    """The facets of a text of ours: web addresses, handles that somebody has, tags. Raises what `resolve` does."""
    facets: list[Json] = []
    taken: list[tuple[int, int]] = []

    def add(start: int, end: int, feature: Json) -> None:
        taken.append((start, end))
        index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
        facets.append({"index": index, "features": [feature]})

    for found in _URL.finditer(text):
        url = _trimmed(found.group())
        add(found.start(), found.start() + len(url), {"$type": LINK, "uri": url})
    for found in _MENTION.finditer(text):
        did = None if _inside(taken, found.start()) else await resolve(found[1].lower())
        if did is not None:
            add(found.start(), found.end(), {"$type": MENTION, "did": did})
    for found in _TAG.finditer(text):
        if not _inside(taken, found.start()) and length(found[1]) <= _LONGEST_TAG:
            add(found.start(), found.end(), {"$type": TAG, "tag": found[1]})
    return sorted(facets, key=lambda one: _start(one["index"]))


def _start(index: dict[str, Any]) -> int:
    return int(index["byteStart"])


def _inside(taken: list[tuple[int, int]], place: int) -> bool:
    return any(start <= place < end for start, end in taken)


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence, and without a bracket that was opened before it."""
    while (short := _URL_TAIL.sub("", url)) != url or (url.endswith((")", "]")) and not _closes(url)):
        url = short if short != url else url[:-1]
    return url


def _closes(url: str) -> bool:
    """Whether the bracket at the end has its partner in the address."""
    opened = {")": "(", "]": "["}[url[-1]]
    return url.count(opened) >= url.count(url[-1])
