"""The embedded drafter: a fitting text of `prompts/offline`, with the commenter's own point in it. No model, no wire.

It writes nothing that the guard would block: every text is reviewed before it is offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from bot.core.briefs import Brief, Draft
from bot.core.guard import GuardFacts, review
from bot.core.guard_sameness import same_key
from bot.core.plaintext import fold, invisible, squeeze, visible
from bot.core.remembering import remembered
from bot.core.types import Kind, Severity, Visibility
from bot.triage.names import first_name
from bot.triage.opening import hello
from bot.triage.point import pick_point, quoted
from bot.triage.reading import read
from bot.triage.rules import rules_for
from bot.triage.severity import alarms
from bot.triage.weaving import woven

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.triage.rules import Found
    from prompts import Formality, Prompts, Variant

# Which texts fit which danger; everything else is served by the general ones.
_TOPICS = {
    "health": "safety",
    "violence": "safety",
    "minors": "safety",
    "self_harm": "care",
    "data": "data",
    "discrimination": "respect",
    "legal": "legal",
    "journalist": "journalist",
}
_GENERAL = {"critical": "general"}
_GRAVE = frozenset({"high", "critical"})
_BEARABLE = frozenset({"canned", "identical_reply"})
_UNANSWERED = frozenset({Kind.SPAM, Kind.NOISE})
# The share of common words from which two replies sound alike.
_ALIKE = 0.6
_REMEMBERED = 20
_LONGEST_SIGNATURE = 40
_NOT_SIGNATURE = re.compile(r"[^\w .'-]")

_SHORTER = re.compile(
    r"\b(?:short|shorter|brief|briefer|concise|corto|corta|breve|resume|resumir|resumido|menos texto|acorta)\b"
)
_FORMAL = re.compile(r"\b(?:formal|formally|usted|ustedes)\b")
_INFORMAL = re.compile(r"\b(?:informal|casual|tu|tutea|tutear|tuteo|cercano|cercana|friendlier)\b")
_VOS = re.compile(r"\b(?:vos|voseo|vosear)\b")
_PRIVATE = re.compile(r"\b(?:private|privately|privado|dm|md|mp)\b")


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What a hint asks for, as far as it is understood."""

    shorter: bool
    private: bool


class OfflineDrafter:
    """Implements `bot.core.ports.EmbeddedDrafter`. Equal briefs get equal drafts."""

    def __init__(self, prompts: Prompts) -> None:
        self._prompts = prompts

    def draft(self, brief: Brief) -> Draft | None:
        """A draft, or None: unknown or unserved language, spam, noise, or nothing that fits and passes the guard.

        `brief.max_length` is taken in characters. Texts are never cut; what does not fit gives way to what does.
        """
        language = brief.language
        if language is None or brief.kind in _UNANSWERED:
            return None
        if language not in self._prompts.languages or rules_for(language) is None:
            return None
        hint = fold(brief.hint or "")[:200]
        if hint:
            brief = replace(brief, formality=_formality(brief, hint))
        kind, topic = _file_and_topic(brief, alarms(read(brief.comment).found(language)))
        pool = _pool(self._prompts.offline(language, kind), topic, _GENERAL.get(kind, ""))
        point = None if kind == "critical" else pick_point(brief.comment, brief.kind, language)
        fact = None if kind in _GRAVE else woven(brief)
        values = _values(brief, quoted(point, language) if point else "", fact[1] if fact else "")
        wishes = _Wishes(bool(_SHORTER.search(hint)), bool(_PRIVATE.search(hint)))
        chosen = _choose(_ordered(pool, brief, values, wishes), brief)
        if chosen is None:
            return None
        variant, text = chosen
        used = (fact[0],) if fact and "fact" in variant.needs else ()
        return Draft(text=text, source=f"offline:{kind}.{language}#{variant.number}", facts=used)


def _formality(brief: Brief, hint: str) -> Formality:
    """The form of address that the hint asks for, else that of the voice."""
    if _VOS.search(hint):
        return "vos"
    if _INFORMAL.search(hint):
        return "tu"
    return "usted" if _FORMAL.search(hint) else brief.formality


def _file_and_topic(brief: Brief, alarmed: Sequence[Found]) -> tuple[str, str]:
    """Which file to draw from, and which topic in it: severity comes before kind, but praise is never commiserated."""
    topics = [_TOPICS.get(item.label.partition(":")[2], "") for item in alarmed]
    if brief.severity is Severity.CRITICAL:
        grave = next((topic for topic in topics if topic and topic != "journalist"), "general")
        return "critical", "general" if brief.kind is Kind.PRAISE else grave
    if brief.severity is Severity.HIGH and "journalist" in topics:
        return "high", "journalist"
    if brief.severity is Severity.HIGH and brief.kind in {Kind.COMPLAINT, Kind.COMMENT}:
        return "high", ""
    return brief.kind.value, ""


def _pool(variants: tuple[Variant, ...], topic: str, general: str) -> tuple[Variant, ...]:
    """The variants of the topic, else those that serve everything."""
    return tuple(v for v in variants if v.topic == topic) or tuple(v for v in variants if v.topic == general)


def _values(brief: Brief, point: str, fact: str) -> dict[str, str]:
    """What the placeholders become; a brand whose name reads as a link, or hides something, is not named."""
    values = {"point": point, "name": first_name(brief.author_name) or "", "brand": squeeze(visible(brief.brand))}
    values |= {"fact": fact, "hello": hello(brief.language or "", brief.hour, brief.seed)}
    signature = squeeze(_NOT_SIGNATURE.sub("", visible(brief.signature or "")))[:_LONGEST_SIGNATURE]
    values["signature"] = f"^{signature}" if signature else ""
    return {key: value for key, value in values.items() if value and not invisible(value)}


def _ordered(
    pool: Sequence[Variant], brief: Brief, values: dict[str, str], wishes: _Wishes
) -> Iterator[tuple[Variant, str]]:
    """All texts that can be made, the preferred ones first.

    The seed says where to begin. A fact that fits comes first, then the commenter's own point where there is one; a
    hint turns the order.
    """
    usable = [variant for variant in pool if variant.needs <= values.keys()]
    rank = partial(_rank, private=wishes.private)
    usable.sort(key=rank)
    turned = [variant for _, group in groupby(usable, key=rank) for variant in _turned(list(group), brief.seed)]
    # Written one by one as they are asked for: nearly always the first will do.
    texts: Iterable[tuple[Variant, str]] = ((v, _written(v, values, brief)) for v in turned)
    yield from sorted(texts, key=lambda pair: len(pair[1])) if wishes.shorter else texts
    if "name" in values:
        nameless = {key: value for key, value in values.items() if key != "name"}
        yield from ((v, _written(v, nameless, brief)) for v in turned)


def _rank(variant: Variant, *, private: bool) -> tuple[bool, bool, bool]:
    """Lower comes first. The brand's name alone is no reason."""
    needs = variant.needs
    return private and not variant.offers_private, "fact" not in needs, "point" not in needs and "fact" not in needs


def _turned(variants: list[Variant], seed: int) -> list[Variant]:
    start = seed % len(variants)
    return variants[start:] + variants[:start]


def _written(variant: Variant, values: dict[str, str], brief: Brief) -> str:
    """The variant filled in, signed at the end unless it says where the signature goes."""
    private = brief.visibility is Visibility.PRIVATE
    text = variant.render(values, formality=brief.formality, private=private)
    signature = values.get("signature")
    return f"{text} {signature}" if signature and not variant.signs else text


def _choose(texts: Iterable[tuple[Variant, str]], brief: Brief) -> tuple[Variant, str] | None:
    """The first text that fits, passes the guard and sounds unlike the recent ones; else one that at least differs."""
    avoid = [same_key(text) for text in brief.avoid[-_REMEMBERED:]]
    bags = [_bag(key) for key in avoid]
    alike: list[tuple[Variant, str]] = []
    for variant, text in texts:
        key = same_key(text)
        if key in avoid or not _fits(text, brief):
            continue
        words = frozenset(key.split())
        if any(_likeness(words, bag) >= _ALIKE for bag in bags):
            alike.append((variant, text))
        elif _passes(text, brief):
            return variant, text
    return next((pair for pair in alike if _passes(pair[1], brief)), None)


def _fits(text: str, brief: Brief) -> bool:
    return brief.max_length is None or len(text) <= brief.max_length


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard index of two bags of words."""
    common = len(one & other)
    return common / max(1, len(one) + len(other) - common)


@remembered(4 * _REMEMBERED)
def _bag(key: str) -> frozenset[str]:
    """The words of a recent reply, which each new draft is held against."""
    return frozenset(key.split())


def _passes(text: str, brief: Brief) -> bool:
    """Whether the guard lets it pass; that it names nothing, or differs by a name only, people may weigh."""
    facts = GuardFacts(
        language_wanted=brief.language,
        language_found=brief.language,
        length=len(text),
        max_length=brief.max_length,
        visibility=brief.visibility,
        by_person=False,
        own_domains=brief.own_domains,
        comment=brief.comment,
        kind=brief.kind,
        recent=brief.avoid,
        facts=tuple(fact.text for fact in (*brief.saved, *brief.facts)),
        severity=brief.severity,
    )
    return all(finding.level == "warn" and finding.rule in _BEARABLE for finding in review(text, facts))
