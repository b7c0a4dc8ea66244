"""What an adapter may raise; the engine knows what to do about each and nothing else.

AdapterError
├── Transient        surely not done; try again later (rate limit, refused connection, maintenance)
├── Permanent        will never work like this; a person must look
│   ├── CardGone     a chat's card, or the thread that it stands in, was taken away
│   └── AuthExpired  the token is dead or lacks a right: the account stops and the team is told
│       └── PlaceGone  so does one place of a chat: gone, archived or closed to us; the token may be good elsewhere
└── OutcomeUnknown   the request went out and the answer was lost: never resend blindly
"""

from __future__ import annotations


class Away(Exception):
    """No adapter's: the database cannot be used now. Pages that only read say so instead of breaking."""


class AdapterError(Exception):
    """Base of what adapters raise."""


class Transient(AdapterError):
    """Surely not done. `retry_after` is in seconds, when the other side said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Permanent(AdapterError):
    """Will never work like this. `manual_url` is where a person can do it by hand."""

    def __init__(self, reason: str, manual_url: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.manual_url = manual_url


class AuthExpired(Permanent):
    """The token is dead, or lacks a right."""


class CardGone(Permanent):
    """A card that stood in a chat is not there any more. Of one that is brought up to date: show it anew."""


class PlaceGone(AuthExpired):
    """A place of a chat is gone or closed to us. Of a card that stood there: show it anew where its room is now."""


class OutcomeUnknown(AdapterError):
    """The answer was lost; what was asked for may have happened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
