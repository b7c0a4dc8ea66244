"""How a command ends when it cannot do what was asked: a sentence, an exit code, and the same as JSON."""

from __future__ import annotations

from typing import Final

WRONG: Final = 1
"""Something is wrong: a check failed, settings cannot be used, nothing could be read."""
USAGE: Final = 2
REFUSED: Final = 3
NOT_FOUND: Final = 4
NO_DATABASE: Final = 5
INTERRUPTED: Final = 130
"""What shells report for Ctrl-C."""


class Stop(Exception):
    """Ends the command. `message` is for people, in their language; `body` is what `--json` prints."""

    def __init__(self, message: str, code: int, *, outcome: str = "failed", **body: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.body: dict[str, object] = {"outcome": outcome, **body, "message": message}


class Silent(Exception):
    """Everything was said already; only the exit code is left to tell."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
