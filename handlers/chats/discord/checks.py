"""`check`: is the token alive, are the rooms there, may we do in them what we have to?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import discord

from bot.core.errors import AdapterError, AuthExpired
from bot.core.types import Light, Person, Role, Room
from handlers.chats.discord.config import Config
from handlers.chats.discord.house import House
from handlers.chats.discord.invite import RIGHTS

_NAMES = tuple(RIGHTS)


async def check(
    ready: Callable[[], Awaitable[House]], config: Config, rooms: Sequence[Room], people: Sequence[Person]
) -> list[Light]:
    """A light for the account, one for each room; doubts about people."""
    who: dict[str, object] = {"part": "chat", "account": config.id}
    try:
        house = await ready()
    except AuthExpired as dead:
        return [Light(code="account_auth", state="red", params={**who, "reason": dead.reason})]
    except AdapterError as away:
        return [Light(code="account_unreachable", state="red", params={**who, "reason": str(away)})]
    name = house.client.user.name if house.client.user is not None else ""
    made = [Light(code="account_ok", state="ok", params={**who, "name": name})]
    made += _people(config, who, people)
    return [*made, *[await _room(house, room) for room in rooms if room.chat == config.id]]


def _people(config: Config, who: dict[str, object], people: Sequence[Person]) -> list[Light]:
    """Where Discord alone makes approvers, whoever is also in the settings must be known as the same person."""
    vouched = [*config.roles.values(), *([config.default_role] if config.default_role else [])]
    unknown = [
        person.name
        for person in people
        if person.role.covers(Role.AGENT) and not any(chat == config.id for chat, _ in person.identities)
    ]
    if not unknown or not any(role.covers(Role.APPROVER) for role in vouched):
        return []
    return [Light(code="discord_people", state="warn", params={**who, "people": ", ".join(unknown)})]


async def _room(house: House, room: Room) -> Light:
    """Whether the channel is one for tickets, and we have the rights there."""
    about: dict[str, object] = {"room": room.id, "channel": room.native_id}
    try:
        parent = await house.rooms.parent(room)
    except AdapterError as error:
        return Light(code="discord_room", state="red", params={**about, "reason": str(error)})
    try:
        lacking = await _lacking(house, parent)
    except (AdapterError, discord.HTTPException) as error:
        return Light(code="discord_room", state="red", params={**about, "reason": str(error)[:200]})
    if lacking:
        return Light(code="discord_rights", state="red", params={**about, "rights": ", ".join(lacking)})
    return Light(code="discord_room_ok", state="ok", params={**about, "name": parent.name})


async def _lacking(house: House, parent: discord.ForumChannel | discord.TextChannel) -> list[str]:
    """The rights that we need there and have not."""
    me = house.client.user
    if me is None:
        return []
    guild = await house.client.fetch_guild(parent.guild.id)
    member = await guild.fetch_member(me.id)
    granted = parent.permissions_for(member) if parent.guild.roles else guild.default_role.permissions
    if not parent.guild.roles:
        for role in member.roles:
            granted |= role.permissions
    return [name for name in _NAMES if not getattr(granted, name)]
