"""How the wall can be told to misbehave towards the brand, so that tests and demonstrations see it happen.

Each fault waits for one operation and strikes a counted number of times. Nothing here is reachable unless the
configuration says `faults = true`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Operation = Literal["check", "publish", "find", "current", "conversation", "listen"]
Trouble = Literal["late", "rate_limited", "error_before", "error_after", "dead_token", "pending", "rejected"]


class Fault(BaseModel):
    """One trouble to come.

    `late`: done, but the answer takes `seconds`. `rate_limited`: 429 with `seconds` to wait. `error_before`,
    `error_after`: 503 with nothing done, 502 with everything done. `dead_token`: 401. `pending` (publish only):
    the reply is moderated first. `rejected` (publish only): 422 with a link for people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: Operation
    trouble: Trouble
    seconds: float = Field(default=1.0, ge=0, le=600)
    times: int = Field(default=1, ge=1, le=1_000_000)


class Faults:
    """The troubles that still wait, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Behave well again."""
        self._waiting = []

    def waiting(self) -> list[Fault]:
        """What is still to come."""
        return list(self._waiting)

    def take(self, operation: Operation) -> Fault | None:
        """The fault that strikes this call, if any; it has one time less afterwards."""
        for place, fault in enumerate(self._waiting):
            if fault.operation == operation:
                left = fault.model_copy(update={"times": fault.times - 1})
                self._waiting[place : place + 1] = [left] if left.times else []
                return fault
        return None
