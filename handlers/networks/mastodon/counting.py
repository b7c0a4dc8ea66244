"""How long Mastodon thinks a text is: graphemes, a URL as a fixed number, a mention without its domain.

After Mastodon's documentation ("Posting to your profile", "Text") and its `StatusLengthValidator`. Where its own
recognition of a URL is finer than this one, the text counts as longer here, never as shorter.
"""

from __future__ import annotations

import re

import regex

_GRAPHEME = regex.compile(r"\X")
# A host with a dot and a last part of letters; what is no such URL counts as it is written.
_URL = re.compile(r"(?<![\w@#$/.-])https?://(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.IGNORECASE)
_URL_TAIL = re.compile(r"[.,;:!?'\"()\[\]{}…»”’]+$")
_MENTION = re.compile(r"(?<![\w/@.])@(\w+(?:[\w.-]*\w)?)@[\w-]+(?:\.[\w-]+)+")


def length(text: str, per_url: int = 23) -> int:
    """The length of a text; `per_url` is the instance's `characters_reserved_per_url`."""

    def placeholder(found: re.Match[str]) -> str:
        url = found.group()
        tail = _URL_TAIL.search(url)
        return "x" * per_url + (tail.group() if tail else "")

    counted = _MENTION.sub(r"@\1", _URL.sub(placeholder, text))
    return sum(1 for _ in _GRAPHEME.finditer(counted))


def mentions(text: str, handle: str) -> bool:
    """Whether a text names an account (`vera`, `vera@elsewhere.example`) so that Mastodon tells them."""
    return re.search(rf"(?<![\w/@])@{re.escape(handle)}(?![\w@]|\.\w)", text, re.IGNORECASE) is not None
