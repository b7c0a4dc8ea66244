"""What a reply may not say. Pure: whatever must be known about language, length and account is passed in.

The rules and their codes (stable, people see them translated):

| code | verdict |
|---|---|
| `empty` | block: nothing visible |
| `too_long` | block: longer than the network takes |
| `wrong_language` | not the commenter's language: block a drafter, warn a person |
| `threatens_deletion` | block: says that a comment or its author will be deleted, hidden or blocked |
| `mass_mention` | block: calls everybody, or more than two accounts |
| `foreign_link` | a link to a domain that is not ours: block a drafter, warn a person |
| `asks_personal_data` | secrets (password, card, PIN): block always; other data in public: block or warn likewise |
| `repeats_personal_data` | block: the comment's own e-mail, phone, IBAN, card or document number, in public |
| `control_characters` | block: invisible or reordering characters |
| `identical_reply` | equal to a recent reply of the account: block a drafter, warn a person |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bot.core.guard_asks import Demand, demands
from bot.core.guard_deletion import deletion_threat
from bot.core.links import find_hosts, foreign_among, is_ours
from bot.core.personal_data import find_personal_data, repeated
from bot.core.plaintext import fold, invisible, visible, words
from bot.core.remembering import remembered
from bot.core.types import Finding, Kind, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable

# Characters. Nobody writes a reply of this length: it is blocked as too long, so that nothing goes out unread.
LOOKED_AT = 20_000
_MOST_MENTIONS = 2
_MENTION = re.compile(r"(?<![\w.@/])@[\w.-]{0,63}\w|<[@!][^>\s]{1,64}>")
_EVERYBODY = re.compile(
    r"(?<![\w.])@ ?(?:everyone|everybody|here|channel|all|team|followers|todos|todas|todo el mundo|aqui|canal|"
    r"seguidores)"
    r"(?![\w-]|\.\w)|<!(?:channel|here|everyone|subteam)[^>]{0,80}>"
)
_SIGNATURE = re.compile(r"\s\^\w{1,40}\s*$")
_SHOWN = 120
# A drafter reviews what it offers, and whoever takes it reviews it again: the text is the same, the facts may differ.
_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """What the rules need to know about a reply besides its text.

    `language_wanted` is the commenter's language, `language_found` the one detected in the reply; None is unknown.
    `length` is measured by the network in its own unit, like `max_length`. `by_person` is False for a drafter's text.
    `recent` holds the account's recently published replies.
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


class _Reply:
    """What can be said about a reply by its text alone. Worked out when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.whole = len(text)
        self.text = text[:LOOKED_AT]
        self.visible = visible(self.text)
        self.folded = fold(self.visible)

    @cached_property
    def threat(self) -> str:
        return deletion_threat(self.folded)

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        return demands(self.folded)

    @cached_property
    def hosts(self) -> tuple[tuple[str, str], ...]:
        return find_hosts(self.visible)


_read = remembered(_AT_ONCE)(_Reply)
_data_of = remembered(_AT_ONCE)(find_personal_data)


def review(text: str, facts: GuardFacts) -> tuple[Finding, ...]:
    """What speaks against publishing this text, in the order of the rules; empty when nothing does."""
    reply = _read(text)
    return tuple(finding for rule in _RULES for finding in rule(reply, facts))


def _softer(facts: GuardFacts) -> Literal["block", "warn"]:
    """People may know better; a drafter does not."""
    return "warn" if facts.by_person else "block"


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
    return [Finding(rule="threatens_deletion", level="block", words=_short(reply.threat))]


def _mass_mention(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    del facts
    if "@" not in reply.folded and "<!" not in reply.folded:
        return []
    if everybody := _EVERYBODY.search(reply.folded):
        return [Finding(rule="mass_mention", level="block", words=_short(everybody[0]))]
    mentions = _MENTION.findall(reply.folded)
    if len(mentions) <= _MOST_MENTIONS:
        return []
    return [Finding(rule="mass_mention", level="block", words=_short(" ".join(mentions)), limit=_MOST_MENTIONS)]


def _foreign_link(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    links = dict.fromkeys(foreign_among(reply.hosts, facts.own_domains))
    return [Finding(rule="foreign_link", level=_softer(facts), words=_short(link)) for link in links]


def _asks_personal_data(reply: _Reply, facts: GuardFacts) -> list[Finding]:
    findings: dict[str, Finding] = {}
    for demand in reply.demands:
        passage = _short(demand.words)
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
    mine = same_key(reply.text)
    if not mine or all(same_key(other) != mine for other in facts.recent):
        return []
    return [Finding(rule="identical_reply", level=_softer(facts), words=_short(reply.text))]


@remembered(512)
def same_key(text: str) -> str:
    """What two replies have in common when they differ only in case, accents, punctuation, mentions or signature."""
    folded = _read(text).folded
    if "^" in folded:
        folded = _SIGNATURE.sub("", folded)
    if "@" in folded or "<!" in folded:
        folded = _MENTION.sub(" ", folded)
    return " ".join(words(folded))


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
)
