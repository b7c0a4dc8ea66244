"""Names on the AT Protocol: the addresses of posts, and the record key of a reply of ours.

After the specifications "AT URI scheme" and "Timestamp Identifiers (TIDs)" (atproto.com/specs).
"""

from __future__ import annotations

import hashlib
import re

POST = "app.bsky.feed.post"
_URI = re.compile(rf"at://(did:[a-z]+:[A-Za-z0-9._:%-]{{1,200}})/{re.escape(POST)}/([A-Za-z0-9._:~-]{{1,512}})")
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_BEGAN = 1_672_531_200_000_000
"""2023-01-01 in microseconds: keys lie in the 407 days after it, where no program makes new ones by the clock."""
_SPREAD, _CLOCK = 45, 10
"""Bits of time and of the clock's identifier that are taken from the key."""


def parted(uri: object) -> tuple[str, str] | None:
    """Whose post it is and its record key; None for what is no address of a post."""
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    return (found[1], found[2]) if found else None


def post_uri(did: str, rkey: str) -> str:
    """The address of a post in a repository."""
    return f"at://{did}/{POST}/{rkey}"


def page(web: str, uri: str) -> str | None:
    """Where people read a post. By its author's DID, which stays what it is when a handle changes."""
    parts = parted(uri)
    return f"{web}/profile/{parts[0]}/post/{parts[1]}" if parts else None


def rkey_of(key: str) -> str:
    """The record key for a reply: a valid TID that depends on the reply's key alone, so every attempt has the same.

    55 bits of a hash: for a million replies of one account the odds of two that meet are one in 70,000, and then the
    later one is refused, never written over the earlier one.
    """
    bits = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    spread, clock = bits & ((1 << _SPREAD) - 1), (bits >> _SPREAD) & ((1 << _CLOCK) - 1)
    number = ((_BEGAN + spread) << _CLOCK) | clock
    return "".join(_DIGITS[(number >> (5 * place)) & 31] for place in range(12, -1, -1))
