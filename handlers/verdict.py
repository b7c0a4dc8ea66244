"""What came of a wish that somebody made in a chat, and how it is said to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from bot.core.messages import Done, Outcome, Refused
from bot.locale import explain

STRANGER = Refused(reason="unknown_person", remedy="ask_lead")
"""Who has no role here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`locale` is the person's; `more` is said behind it; `once` is the wish's own, empty where there is none."""

    outcome: Outcome
    locale: str
    tz: tzinfo
    more: str = ""
    once: str = ""

    @property
    def text(self) -> str:
        """Put together when it is needed: most emoji are answered by the card alone."""
        said = explain(self.locale, self.outcome, tz=self.tz)
        return f"{said} {self.more}" if self.more else said

    @property
    def done(self) -> bool:
        """Whether it was carried out, now or before."""
        return isinstance(self.outcome, Done)

    @property
    def repeated(self) -> bool:
        """Whether it was carried out before, and came again."""
        return isinstance(self.outcome, Done) and self.outcome.code == "repeated"
