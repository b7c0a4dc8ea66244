"""A comment read once: triage and the offline drafter ask the same things about the same text, one after the other."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.core.remembering import remembered
from bot.triage.rules import rules_for
from bot.triage.suspicious import suspicious
from bot.triage.text import Tokens, bare, capped, tokens

if TYPE_CHECKING:
    from bot.triage.rules import Found

# A transaction looks at one comment at a time; a few threads may do so at once.
_AT_ONCE = 4


class Reading:
    """What the rules see in a comment. Worked out when it is first asked for; nobody may change it."""

    def __init__(self, text: str) -> None:
        self.head = capped(text)
        self.plain = bare(self.head)
        self._found: dict[str, list[Found]] = {}

    @cached_property
    def words(self) -> Tokens:
        """The tokens, without links, addresses and mentions."""
        return tokens(self.plain)

    @cached_property
    def suspicious(self) -> tuple[str, ...]:
        """See `bot.triage.suspicious`."""
        return suspicious(self.head)

    def found(self, language: str) -> list[Found]:
        """What the phrases of a language find; nothing for a language without phrases."""
        if language not in self._found:
            rules = rules_for(language)
            self._found[language] = rules.apply(self.words) if rules else []
        return self._found[language]


@remembered(_AT_ONCE)
def read(text: str) -> Reading:
    """The reading of a text: the same one while the text is still in hand."""
    return Reading(text)
