"""What a remote drafter is asked and what it gives: an ask, an offer with an opinion, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.briefs import Draft, Made
from bot.core.errors import AdapterError
from bot.core.types import Severity
from bot.core.views import Opinion

MOST = 3
"""The most wordings that one ask can bring."""


class Because(StrEnum):
    """Why a remote drafter's text is not there; `bot.locale` has the sentences."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    DOWN = "model_down"
    KEY_REFUSED = "key_refused"
    REFUSED = "request_refused"
    GARBAGE = "garbage"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    BUDGET = "budget_spent"
    LANGUAGE = "wrong_language"
    GUARD = "guard_blocks"
    SAME = "same_text"
    PERSONAL_DATA = "personal_data"
    SUSPICIOUS = "suspicious"
    NO_MODEL = "no_model"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a model was told about a comment, and its answer word for word, both with personal data masked."""

    told: str
    said: str


class NoOffer(AdapterError):
    """The drafter has nothing to offer. `made` tells what it cost all the same; `detail` is for the log and `check`."""

    def __init__(
        self, because: Because, detail: str = "", *, made: Made | None = None, exchange: Exchange | None = None
    ) -> None:
        super().__init__(f"{because.value}: {detail}" if detail else because.value)
        self.because = because
        self.detail = detail
        self.made = made
        self.exchange = exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A better draft was asked for. What comes back is only good for the case as it stood then.

    `reply` and `stamp` are those of the case (`reply` is empty where there was none), `open` whether people could
    still decide about that reply, `severity` the ticket's. `by` is the person who wished it, None for a comment that
    came in.
    """

    ticket: str
    reply: str
    stamp: str
    open: bool
    severity: Severity
    asked_at: datetime
    by: str | None = None
    hint: str = ""
    alternatives: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a remote drafter gives: wordings, the best one first, and what all of it cost.

    `needs_human` says that the model wants a person to look at the matter itself. `exchange` is there where calls are
    to be kept.
    """

    drafts: tuple[Draft, ...]
    made: Made
    opinion: Opinion | None = None
    needs_human: bool = False
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a drafter has cost: tokens of both directions, and money in the currency of the configured prices."""

    tokens: int = 0
    money: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a drafter may cost on one day; None is without limit."""

    tokens: int | None = None
    money: float | None = None

    def exhausted(self, spent: Spent) -> bool:
        """Whether nothing more may be asked today. What is under way when it runs out is still paid for."""
        return (self.tokens is not None and spent.tokens >= self.tokens) or (
            self.money is not None and spent.money >= self.money
        )
