"""The press: headlines of feeds that write about the brand. They are listed and digested, and never become tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.attachments import host
from bot.core.plaintext import fold, visible, words

ALIKE = 0.8
"""The share of words (0 to 1) that two titles must have in common to be one piece of news."""
_FEWEST = 4
"""Shorter titles must be equal: `Results 2025` and `Results 2026` are two pieces of news."""
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")
"""How the parameters begin that say by which way somebody came, not where to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Something that the press wrote. `title` and `source` are foreign text; `at` is when it was published, in UTC.

    `source` names who published it: the link's host, or the feed where there is no link.
    """

    title: str
    url: str | None
    source: str
    at: datetime
    account: str = ""


def source_of(url: str | None, feed: str) -> str:
    """The host that a link leads to, without `www.`; the feed's own title where there is no link."""
    return host(url or "").removeprefix("www.") or feed


def distinct(headlines: Iterable[Headline]) -> list[Headline]:
    """Newest first, each piece of news once: of one link, or of nearly one title, the earliest stays.

    Many papers print an agency's words; titles are compared by their words, in whatever order and case.
    """
    kept: list[Headline] = []
    links: set[str] = set()
    titles: dict[str, list[frozenset[str]]] = defaultdict(list)
    for one in sorted(headlines, key=lambda headline: headline.at):
        said = frozenset(words(fold(one.title)))
        link = _link(one.url)
        telling = _telling(said)
        if link in links or any(_same(said, other) for word in telling for other in titles[word]):
            continue
        kept.append(one)
        for word in telling:
            titles[word].append(said)
        if link:
            links.add(link)
    return sorted(kept, key=lambda headline: headline.at, reverse=True)


def _telling(said: frozenset[str]) -> list[str]:
    """So many of a title's longest words that whatever is alike has one of them among its own (prefix filtering)."""
    return sorted(said, key=lambda word: (-len(word), word))[: int(len(said) * (1 - ALIKE) + 1e-9) + 1]


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles say the same: equal words, or (by the Jaccard index) nearly so."""
    if one == other:
        return bool(one)
    shorter, longer = sorted((len(one), len(other)))
    # What differs so much in length cannot have enough in common: most pairs end here.
    if shorter < _FEWEST or shorter < longer * ALIKE:
        return False
    return len(one & other) >= ALIKE * len(one | other)


def _link(url: str | None) -> str:
    """A link without what says by which way somebody came: parameters in any order, no scheme, no fragment."""
    if not url:
        return ""
    address, _, query = visible(url).partition("#")[0].partition("?")
    path = address.partition("://")[2].partition("/")[2].rstrip("/")
    asked = sorted(part for part in query.split("&") if part and not part.lower().startswith(_TRACKING))
    return f"{source_of(address, address)}/{path}?{'&'.join(asked)}"
