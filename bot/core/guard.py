"""What a reply may not say. Pure: whatever must be known about language, length and account is passed in.

The rules, their codes and their verdicts stand in `bot.core.guard_verdicts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bot.core.guard_advice import advises
from bot.core.guard_asks import Demand, demands
from bot.core.guard_deletion import deletion_threat
from bot.core.guard_fault import blames, settles_fault
from bot.core.guard_offers import compensates, promises, supported
from bot.core.guard_sameness import MENTION, key_of, nameless_key, names_nothing, same_key
from bot.core.guard_slips import slip
from bot.core.guard_tone import apologises, ironic
from bot.core.guard_verdicts import verdict
from bot.core.links import find_hosts, foreign_among, is_ours
from bot.core.personal_data import find_personal_data, repeated
from bot.core.plaintext import as_written, fold, fold_visible, invisible, visible
from bot.core.remembering import remembered
from bot.core.types import Finding, Kind, Severity, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Characters. Nobody writes a reply of this length: it is blocked as too long, so that nothing goes out unread.
LOOKED_AT = 20_000
_MOST_MENTIONS = 2
_EVERYBODY = re.compile(
    r"(?<![\w.])@ ?(?:everyone|everybody|here|channel|all|team|followers|todos|todas|todo el mundo|aqui|canal|"
    r"seguidores)"
    r"(?![\w-]|\.\w)|<!(?:channel|here|everyone|subteam)[^>]{0,80}>"
)
_QUOTED = re.compile("[\u00ab\u201c\u0022]([^\u00ab\u00bb\u201c\u201d\u0022\n]{2,160})[\u00bb\u201d\u0022]")
_SHOWN = 120
# A drafter reviews what it offers, and whoever takes it reviews it again: the text is the same, the facts may differ.
_AT_ONCE = 4

# What a reply to these owes: to name the matter. Thanks may be short, and in an emergency nothing is quoted.
_NAMED = frozenset({Kind.COMPLAINT, Kind.QUESTION, Kind.SUGGESTION, Kind.COMMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """What the rules need to know about a reply besides its text.

    `language_wanted` is the commenter's language, `language_found` the one detected in the reply; None is unknown.
    `length` is measured by the network in its own unit, like `max_length`. `by_person` is False for a drafter's text.
    `recent` holds the account's recently published replies, `facts` what the team has written down about the matter.
    """

    language_wanted: str | None
    language_found: str | None
    length: int
    max_length: int | None
    visibility: Visibility
    by_person: bool
    own_domains: frozenset[str]
    comment: str
    kind: Kind
    recent: tuple[str, ...]
    facts: tuple[str, ...] = ()
    severity: Severity = Severity.NORMAL


class _Reply:
    """What can be said about a reply by its text alone. Worked out when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text[:LOOKED_AT]
        shown = visible(self.text)
        # One character may stand for many ("\ufdfa" for eighteen): what is read is bounded, and so is the reply.
        self.whole = max(len(text), len(shown))
        self.visible = shown[:LOOKED_AT]
        self.folded = fold_visible(self.visible)

    @cached_property
    def threat(self) -> str:
        return deletion_threat(self.folded)

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        return demands(self.folded)

    @cached_property
    def hosts(self) -> tuple[tuple[str, str], ...]:
        return find_hosts(self.visible)

    @cached_property
    def phrases(self) -> Mapping[str, str]:
        """For each rule that is about phrases alone, the words that break it."""
        found = {
            "fault": settles_fault(self.folded),
            "compensation": compensates(self.folded),
            "blames": blames(self.folded),
            "advice": advises(self.folded),
            "model_slip": slip(self.visible, self.folded),
        }
        return {rule: words for rule, words in found.items() if words}

    @cached_property
    def promises(self) -> tuple[str, ...]:
        return promises(self.folded)

    @cached_property
    def irony(self) -> str:
        return ironic(self.folded)

    @cached_property
    def apology(self) -> str:
        return apologises(self.folded)


_read = remembered(_AT_ONCE)(_Reply)
_data_of = remembered(_AT_ONCE)(find_personal_data)


def review(text: str, facts: GuardFacts) -> tuple[Finding, ...]:
    """What speaks against publishing this text, in the order of the rules; empty when nothing does."""
    reply = _read(text)
    ours = _read(_unquoted(reply.text, facts.comment)) if _QUOTED.search(reply.text) else reply
    return (
        *(finding for rule in _RULES for finding in rule(reply, facts)),
        *(finding for rule in _OF_OUR_WORDS for finding in rule(ours, facts)),
    )


def _unquoted(text: str, comment: str) -> str:
    """The text without those quotations that repeat the comment: what the commenter said is not what we say."""
    said = fold(comment[:LOOKED_AT])
    return _QUOTED.sub(lambda hit: '"\u2026"' if fold(hit[1]).strip(" .,\u2026\u00bf?") in said else hit[0], text)


def _softer(facts: GuardFacts) -> Literal["block", "warn"]:
    """People may know better; a drafter does not."""
    return "warn" if facts.by_person else "block"


def _found(rule: str, words: str, facts: GuardFacts) -> list[Finding]:
    """The finding that the table of verdicts makes of a passage, if any."""
    private = facts.visibility is Visibility.PRIVATE
    stands = verdict(rule, by_person=facts.by_person, private=private) if words else None
    return [Finding(rule=rule, level=stands.level, words=_short(words), approvers=stands.approvers)] if stands else []


def _short(passage: str) -> str:
    """A passage fit to be shown: visible, on one line, not long."""
    plain = " ".join(visible(passage).split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def _empty(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    del facts
    return [] if reply.visible.strip() else [Finding(rule="empty", level="block")]


def _too_long(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if facts.max_length is not None and facts.length > facts.max_length:
        return [Finding(rule="too_long", level="block", words=str(facts.length), limit=facts.max_length)]
    if reply.whole > LOOKED_AT:
        return [Finding(rule="too_long", level="block", words=str(reply.whole), limit=LOOKED_AT)]
    return []


def _wrong_language(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    del reply
    wanted, found = facts.language_wanted, facts.language_found
    if wanted is None or found is None or wanted == found:
        return []
    return [Finding(rule="wrong_language", level=_softer(facts), words=found)]


def _threatens_deletion(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    del facts
    if not reply.threat:
        return []
    words = as_written(reply.visible, reply.threat.strip(" .,;:!?\n\u2026"))
    return [Finding(rule="threatens_deletion", level="block", words=_short(words))]


def _mass_mention(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if "@" not in reply.folded and "<!" not in reply.folded:
        return []
    if everybody := _EVERYBODY.search(reply.folded):
        return [Finding(rule="mass_mention", level="block", words=_short(everybody[0]))]
    mentions = MENTION.findall(reply.folded)
    if len(mentions) <= _MOST_MENTIONS:
        return []
    words = _short(" ".join(mentions))
    return [Finding(rule="mass_mention", level=_softer(facts), words=words, limit=_MOST_MENTIONS)]


def _foreign_link(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    links = dict.fromkeys(foreign_among(reply.hosts, facts.own_domains))
    return [Finding(rule="foreign_link", level=_softer(facts), words=_short(link)) for link in links]


def _asks_personal_data(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    findings: dict[str, Finding] = {}
    for demand in reply.demands:
        passage = _short(as_written(reply.visible, demand.words))
        if demand.secret:
            findings[passage] = Finding(rule="asks_personal_data", level="block", words=passage)
        elif facts.visibility is Visibility.PUBLIC and not demand.private_channel:
            findings[passage] = Finding(rule="asks_personal_data", level=_softer(facts), words=passage)
    return list(findings.values())


def _repeats_personal_data(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if facts.visibility is not Visibility.PUBLIC:
        return []
    theirs = tuple(
        datum
        for datum in _data_of(facts.comment[:LOOKED_AT])
        if datum.sort != "email" or not is_ours(datum.key.rpartition("@")[2], facts.own_domains)
    )
    return [
        Finding(rule="repeats_personal_data", level="block", words=_short(datum.shown))
        for datum in repeated(theirs, reply.folded)
    ]


def _control_characters(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    del facts
    found = dict.fromkeys(f"U+{ord(char):04X}" for char in invisible(reply.text))
    return [Finding(rule="control_characters", level="block", words=_short(" ".join(found)))] if found else []


def _identical_reply(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    mine = key_of(reply.folded)
    if not mine:
        return []
    if mine in map(same_key, facts.recent):
        return [Finding(rule="identical_reply", level=_softer(facts), words=_short(reply.text))]
    nameless = nameless_key(reply.text) if facts.recent else ""
    if nameless and nameless in map(nameless_key, facts.recent):
        return [Finding(rule="identical_reply", level="warn", words=_short(reply.text))]
    return []


def _phrases(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    return [
        one for rule, words in reply.phrases.items() for one in _found(rule, as_written(reply.visible, words), facts)
    ]


def _unsupported_promise(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if not reply.promises:
        return []
    known = tuple(fold(fact[:LOOKED_AT]) for fact in facts.facts)
    bare = next((passage for passage in reply.promises if not supported(passage, known)), "")
    return _found("unsupported_promise", as_written(reply.visible, bare), facts)


def _irony(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if facts.kind is not Kind.COMPLAINT:
        return []
    return _found("irony", as_written(reply.visible, reply.irony), facts)


def _apology_to_praise(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    # Whoever praises and reports something grave in the same breath may well be owed one.
    if facts.kind is not Kind.PRAISE or facts.severity.rank >= Severity.HIGH.rank:
        return []
    return _found("apology_to_praise", as_written(reply.visible, reply.apology), facts)


def _canned(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    if facts.kind not in _NAMED or facts.severity is Severity.CRITICAL or not facts.comment:
        return []
    empty = names_nothing(reply.folded, fold(facts.comment[:LOOKED_AT]))
    return _found("canned", reply.visible if empty else "", facts)


_RULES: tuple[Callable[[_Reply, GuardFacts], list[Finding]], ...] = (
    _empty,
    _too_long,
    _wrong_language,
    _threatens_deletion,
    _mass_mention,
    _foreign_link,
    _asks_personal_data,
    _repeats_personal_data,
    _control_characters,
    _identical_reply,
    _canned,
)
_OF_OUR_WORDS: tuple[Callable[[_Reply, GuardFacts], list[Finding]], ...] = (
    _phrases,
    _unsupported_promise,
    _irony,
    _apology_to_praise,
)
