"""Who somebody in Telegram is to the team: settings first, then the groups' administrators, then their members."""

from __future__ import annotations

import time
from dataclasses import dataclass

from telegram import User

from bot.core.errors import AdapterError
from bot.core.ports import Reader
from bot.core.types import Person, Role
from handlers.botapi import Wire
from handlers.chats.telegram.config import Config

_FRESH = 600.0
"""Seconds after which Telegram is asked again who is in a group and who administers it."""
_LEADS = frozenset({"administrator", "creator"})
_INSIDE = frozenset({"member", "restricted", *_LEADS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in Telegram. `person` is None for whom no role was given; `new`: the engine does not know them so.

    `vouched`: the group alone says who they are.
    """

    person: Person | None
    bot: bool = False
    new: bool = False
    vouched: bool = False


class Members:
    """Looks people up, and remembers them for ten minutes."""

    def __init__(self, wire: Wire, config: Config, locale: str) -> None:
        self._wire = wire
        self._config = config
        self.locale = locale
        self._standing: dict[tuple[int, int], tuple[float, str]] = {}

    async def who(self, user: User, room: int | None, read: Reader) -> Member:
        """Who this user is; `room` is the team's group that can vouch for them, None where there is none."""
        if user.is_bot:
            return Member(person=None, bot=True)
        known = await read.person_for(self._config.id, str(user.id))
        if known is not None and not is_vouched(known):
            return Member(person=known)
        person = await self._by_role(user, room) if room is not None else None
        return Member(person=person, new=person is not None and person != known, vouched=person is not None)

    async def _by_role(self, user: User, room: int) -> Person | None:
        """Somebody who is not in the settings: an administrator's role, or everybody's."""
        roles = self._config.admin_role, self._config.default_role
        if roles == (None, None):
            return None
        standing = await self._in_group(user.id, room)
        given = [role for role, some in zip(roles, (_LEADS, _INSIDE), strict=True) if role and standing in some]
        if not given:
            return None
        return Person(
            id=vouched_id(self._config.id, user.id),
            name=(user.full_name or str(user.id))[:80],
            role=max(given, key=list(Role).index),
            locale=user.language_code or self.locale,
            identities=frozenset({(self._config.id, str(user.id))}),
        )

    async def _in_group(self, user: int, room: int) -> str:
        at, known = self._standing.get((user, room), (0.0, ""))
        if at and time.monotonic() - at < _FRESH:
            return known
        try:
            found = await self._wire.call("get_chat_member", chat_id=room, user_id=user)
        except AdapterError:
            return ""
        self._standing[user, room] = (time.monotonic(), str(found.status))
        return str(found.status)


def vouched_id(chat: str, user: int) -> str:
    """The id of somebody who is known by their account alone: no id of the settings has a colon."""
    return f"{chat}:{user}".lower()


def is_vouched(person: Person) -> bool:
    """Whether this is such a person."""
    return ":" in person.id
