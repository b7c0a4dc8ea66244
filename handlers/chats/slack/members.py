"""Who somebody in Slack is to the team: settings first, then user groups, then the role of everybody else.

Guests, bots, people of other workspaces and closed accounts never decide about replies, whatever the settings say.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.core.errors import AdapterError, Permanent
from bot.core.ports import Reader
from bot.core.types import Person, Role
from handlers.chats.slack.config import Config
from handlers.chats.slack.wire import Wire

_FRESH = 600.0
"""Seconds after which Slack is asked again who somebody is, and who is in a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in Slack. `person` is None for whom no role was given; a `guest` decides nothing.

    `unsure` is why Slack did not say who this is; `new`: the engine does not know this person like this yet.
    """

    person: Person | None
    guest: bool = False
    unsure: str = ""
    bot: bool = False
    new: bool = False


class Members:
    """Looks people up, and remembers them for ten minutes."""

    def __init__(self, wire: Wire, config: Config, locale: str, team: Callable[[], str]) -> None:
        self._wire = wire
        self._config = config
        self.locale = locale
        self._team = team
        self._users: dict[str, tuple[float, dict[str, Any]]] = {}
        self._people: dict[str, tuple[float, Person | None]] = {}
        self._groups: dict[str, tuple[float, frozenset[str]]] = {}

    async def who(self, user: str, read: Reader) -> Member:
        """Who this user is. Never raises because Slack does not tell: then `unsure` says why."""
        known = await self._known(user, read)
        facts, unsure = await self._facts(user)
        bot = bool(facts.get("is_bot")) or user == "USLACKBOT"
        guest = bot or self._foreign(facts)
        if known is not None and not is_vouched(known):
            return Member(person=known, guest=guest, unsure=unsure, bot=bot)
        person = None if guest or unsure else await self._by_role(user, facts)
        return Member(person=person, guest=guest, unsure=unsure, bot=bot, new=person != known)

    async def _known(self, user: str, read: Reader) -> Person | None:
        """Whose account it is. What they may do is looked up again by the core, with every wish."""
        at, person = self._people.get(user, (0.0, None))
        if person is not None and time.monotonic() - at < _FRESH:
            return person
        person = await read.person_for(self._config.id, user)
        self._people[user] = (time.monotonic(), person)
        return person

    def introduced(self, user: str) -> None:
        """The engine knows somebody anew."""
        self._people.pop(user, None)

    def changed(self, user: str) -> None:
        """Slack said that somebody's account or group is another now."""
        self._users.pop(user, None)
        self._people.pop(user, None)
        self._groups.clear()

    def _foreign(self, facts: dict[str, Any]) -> bool:
        team, ours = facts.get("team_id"), self._team()
        elsewhere = bool(team and ours and team != ours) or bool(facts.get("is_stranger"))
        return elsewhere or any(facts.get(mark) for mark in ("is_restricted", "is_ultra_restricted", "deleted"))

    async def _facts(self, user: str) -> tuple[dict[str, Any], str]:
        at, known = self._users.get(user, (0.0, {}))
        if known and time.monotonic() - at < _FRESH:
            return known, ""
        try:
            answer = await self._wire.call("users.info", user=user)
        except Permanent as error:
            if error.reason.startswith("user_not_found"):
                return {"is_stranger": True}, ""
            return {}, error.reason
        except AdapterError as error:
            return {}, str(error)
        found = answer.get("user")
        facts = found if isinstance(found, dict) else {}
        self._users[user] = (time.monotonic(), facts)
        return facts, ""

    async def _by_role(self, user: str, facts: dict[str, Any]) -> Person | None:
        """Somebody who is not in the settings: the best role of their groups, or everybody's."""
        roles = [role for group, role in self._config.groups.items() if user in await self._members(group)]
        if self._config.default_role is not None:
            roles.append(self._config.default_role)
        if not roles:
            return None
        role = max(roles, key=list(Role).index)
        locale = str(facts.get("locale") or self.locale)
        name = str(facts.get("real_name") or facts.get("name") or user)[:80]
        identity = frozenset({(self._config.id, user)})
        return Person(id=vouched_id(self._config.id, user), name=name, role=role, locale=locale, identities=identity)

    async def _members(self, group: str) -> frozenset[str]:
        at, known = self._groups.get(group, (0.0, frozenset()))
        if at and time.monotonic() - at < _FRESH:
            return known
        try:
            answer = await self._wire.call("usergroups.users.list", usergroup=group)
        except AdapterError:
            return frozenset()
        members = frozenset(map(str, answer.get("users") or []))
        self._groups[group] = (time.monotonic(), members)
        return members


def vouched_id(chat: str, user: str) -> str:
    """The id of somebody who is known by their account alone: no id of the settings has a colon."""
    return f"{chat}:{user}".lower()


def is_vouched(person: Person) -> bool:
    """Whether this is such a person."""
    return ":" in person.id
