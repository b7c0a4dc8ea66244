"""Whether the team has enough people to say yes to what needs more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.approval import may
from bot.core.types import Light, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.types import Person


def approvers_light(people: Iterable[Person], *, critical: int, crisis: int) -> Light | None:
    """That fewer people may approve than a critical ticket or a crisis asks for; None where they are enough.

    Such a reply would wait for another approval for ever, and nobody would learn why.
    """
    count = sum(may(person, Role.APPROVER) for person in people)
    if count >= max(critical, crisis):
        return None
    params = {"count": count, "critical": critical, "crisis": crisis, "reach": max(count, 1)}
    return Light(code="approvers_few", state="warn", params=params)
