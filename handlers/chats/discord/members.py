"""Who somebody in Discord is to the team: settings first, then the server's roles, then the role of everybody else.

Bots, and members who have not yet accepted the server's rules, never decide about replies, whatever the settings say.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import discord

from bot.core.errors import AdapterError, Permanent
from bot.core.ports import Reader
from bot.core.types import Person, Role
from handlers.chats.discord.config import Config
from handlers.discord_calls import asked

_FRESH = 600.0
"""Seconds after which the store is asked again whose account somebody's is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """An account that did something, and where; `member` where Discord told who it is on the server."""

    user: int
    guild: int | None = None
    member: discord.Member | discord.User | None = None
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in Discord. `person` is None for whom no role was given; a `guest` decides nothing.

    `unsure` is why Discord did not say who this is; `new`: the engine does not know this person like this yet.
    """

    person: Person | None
    guest: bool = False
    unsure: str = ""
    bot: bool = False
    new: bool = False


class Members:
    """Looks people up, and remembers whose account is whose for ten minutes."""

    def __init__(self, client: discord.Client, config: Config, locale: str) -> None:
        self._client = client
        self._config = config
        self.locale = locale
        self._people: dict[int, tuple[float, Person]] = {}

    async def who(self, one: Somebody, read: Reader) -> Member:
        """Who this is. Never raises because Discord does not tell: then `unsure` says why."""
        known = await self._known(one.user, read)
        member, unsure = await self._facts(one)
        bot = bool(member is not None and member.bot)
        guest = bot or member is None or (isinstance(member, discord.Member) and member.pending)
        if known is not None and not is_vouched(known):
            return Member(person=known, guest=guest and not unsure, unsure=unsure, bot=bot)
        person = None if guest or unsure else self._by_role(one, member)
        return Member(person=person, guest=guest, unsure=unsure, bot=bot, new=person != known)

    async def _known(self, user: int, read: Reader) -> Person | None:
        """Whose account it is. What they may do is looked up again by the core, with every wish."""
        at, person = self._people.get(user, (0.0, None))
        if person is not None and time.monotonic() - at < _FRESH:
            return person
        person = await read.person_for(self._config.id, str(user))
        if person is not None:
            self._people[user] = (time.monotonic(), person)
        return person

    def introduced(self, user: int) -> None:
        """The engine knows somebody anew."""
        self._people.pop(user, None)

    async def _facts(self, one: Somebody) -> tuple[discord.Member | discord.User | None, str]:
        if one.member is not None:
            return one.member, ""
        if one.guild is None:
            return None, ""
        guild = self._client.get_guild(one.guild)
        member = guild.get_member(one.user) if guild is not None else None
        if member is not None or guild is None:
            return member, ""
        try:
            return await asked(guild.fetch_member(one.user)), ""
        except Permanent as error:
            return None, "" if error.reason.startswith("404") else error.reason
        except AdapterError as error:
            return None, str(error)

    def _by_role(self, one: Somebody, member: discord.Member | discord.User | None) -> Person | None:
        """Somebody who is not in the settings: the best role of those that the server gave them, or everybody's."""
        if not isinstance(member, discord.Member):
            return None
        names = set(names_of(member.roles))
        roles = [role for name, role in self._config.roles.items() if name.casefold() in names]
        if self._config.default_role is not None:
            roles.append(self._config.default_role)
        if not roles:
            return None
        role = max(roles, key=list(Role).index)
        identity = frozenset({(self._config.id, str(one.user))})
        locale = one.locale or self._of(one.user) or self.locale
        name = member.display_name[:80]
        return Person(
            id=vouched_id(self._config.id, one.user), name=name, role=role, locale=locale, identities=identity
        )

    def _of(self, user: int) -> str:
        """The language that somebody was seen with; reactions do not tell any."""
        _, person = self._people.get(user, (0.0, None))
        return person.locale if person is not None else ""


def names_of(roles: Iterable[discord.Role]) -> list[str]:
    """By what the settings may name them: ids and names."""
    return [word for role in roles for word in (str(role.id), role.name.casefold())]


def vouched_id(chat: str, user: int) -> str:
    """The id of somebody who is known by their account alone: no id of the settings has a colon."""
    return f"{chat}:{user}".lower()


def is_vouched(person: Person) -> bool:
    """Whether this is such a person."""
    return ":" in person.id
