"""Who may decide, how many must, and what exactly an approval binds to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.types import Finding, Person, Role, Visibility


class Verdict(StrEnum):
    """What a decision says."""

    APPROVE = "approve"
    REFUSE = "refuse"
    UNDO = "undo"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about a revision; `binding` is the digest of a `Binding`."""

    reply: str
    revision: int
    person: str
    verdict: Verdict
    via: str
    at: datetime
    binding: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Everything that a yes is a yes to. If any of it changes, there is no yes.

    `conversation` counts what the customer did in this matter; `reply` and `revision` keep equal texts apart.
    """

    reply: str
    revision: int
    text_hash: str
    account: str
    item: str
    item_version: str
    conversation: int
    visibility: Visibility
    quorum: int

    def digest(self) -> str:
        """SHA-256 over the canonical JSON of all fields, hex."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def stamp(revision: int, verdicts: Iterable[str], messages: int) -> str:
    """What a person must have seen for a yes to count: the wording, what was taken back, the conversation."""
    taken_back = sum(verdict != Verdict.APPROVE for verdict in verdicts)
    return f"{revision}.{taken_back}.{messages}"


def text_digest(text: str) -> str:
    """SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def may(person: Person | None, role: Role) -> bool:
    """Whether somebody is an active member of the team with at least this role."""
    return person is not None and person.active and person.role.covers(role)


def standing(
    decisions: Sequence[Decision], binding: str, people: Mapping[str, Person], now: datetime
) -> tuple[str, ...]:
    """Who approves exactly this, now: entitled, unexpired, not withdrawn; each person once, in order.

    `decisions` are those of one reply, oldest first. An undo or void takes away everything before it.
    """
    names: dict[str, None] = {}
    for decision in decisions:
        if decision.verdict is not Verdict.APPROVE:
            names.clear()
            continue
        fresh = decision.expires_at is None or now < decision.expires_at
        if decision.binding == binding and fresh and may(people.get(decision.person), Role.APPROVER):
            names[decision.person] = None
    return tuple(names)


def satisfied(approvers: Sequence[str], quorum: int, author: str | None) -> bool:
    """Whether these people are enough: in a quorum of two or more, somebody who did not write the text among them."""
    if len(approvers) < quorum:
        return False
    return quorum < 2 or any(person != author for person in approvers)


def needed(quorum: int, findings: Iterable[Finding]) -> int:
    """How many people must approve a wording: the reply's quorum, or more where a check asks for more."""
    return max(quorum, *(finding.approvers for finding in findings), 1)


def publication_key(binding: str, approved_at: datetime) -> str:
    """The idempotency key of one approval: the binding names account and item, the moment names the approval."""
    seed = f"portavoz|{binding}|{approved_at.isoformat()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]
