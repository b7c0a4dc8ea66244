"""The fact or saved reply that a draft relies on: one that fits the comment, with its link where that is our own."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.core.guard_sameness import weight
from bot.core.links import find_hosts, is_ours
from bot.core.plaintext import fold, squeeze, visible
from bot.core.types import Kind

if TYPE_CHECKING:
    from bot.core.briefs import Brief, Fact

# Where a fact helps. Whoever praises wants none, and grave matters are people's.
_KINDS = frozenset({Kind.COMPLAINT, Kind.QUESTION, Kind.SUGGESTION, Kind.COMMENT})
_LONGEST = 320
_IN_COMMON = 2
# A short comment has not more to share.
_SHORT = 3
_GREETING = re.compile(
    r"^[\u00a1!]?(?:hola|hi|hello|hey|buenas|buenos d\u00edas|good morning)[^.,!:\n]{0,30}[.,!:]\s*", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\u2026]+[.!?\u2026]+(?=\s|$)|[^.!?\u2026]+$")


def woven(brief: Brief) -> tuple[str, str] | None:
    """The id of the saved reply or fact that has most in common with the comment, and its words; None without any.

    Those of the brief were found for the comment, which is enough where somebody asks. Elsewhere a fact that is beside
    the point hurts, so that it must share words of weight itself.
    """
    if brief.kind not in _KINDS or not (brief.saved or brief.facts):
        return None
    asked = weight(fold(brief.comment[:4000]))
    found = [(fact, _words(fact, asked)) for fact in (*brief.saved, *brief.facts) if fact.language == brief.language]
    near = [(len(asked & weight(fold(words))), fact, words) for fact, words in found if words]
    common, fact, words = max(near, key=itemgetter(0), default=(0, None, ""))
    needed = 0 if brief.kind is Kind.QUESTION else _IN_COMMON if len(asked) > _SHORT else 1
    return (fact.id, _linked(words, fact, brief)) if fact and common >= needed else None


def _words(fact: Fact, asked: frozenset[str]) -> str:
    """The fact's first paragraph without a greeting; of a long one the sentence that is closest to the question."""
    first = next((part for part in visible(fact.text).split("\n\n") if part.strip()), "")
    plain = _GREETING.sub("", squeeze(first))
    if len(plain) > _LONGEST:
        sentences = [hit[0].strip() for hit in _SENTENCE.finditer(plain)]
        plain = max(sentences, key=lambda one: len(asked & weight(fold(one))), default="")
    if not plain or len(plain) > _LONGEST:
        return ""
    return plain[0].upper() + plain[1:] + ("" if plain[-1] in ".!?\u2026" else ".")


def _linked(words: str, fact: Fact, brief: Brief) -> str:
    """With the source's address before the full stop, where that is on our own domain and not in the words already."""
    hosts = find_hosts(fact.url or "")
    own = hosts and all(is_ours(host, brief.own_domains) for _, host in hosts)
    if not fact.url or not own or fact.url in words:
        return words
    return f"{words[:-1]} ({fact.url}){words[-1]}"
