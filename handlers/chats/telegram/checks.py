"""`check`: is the token alive, are the groups open to us, may we see reactions and make topics?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.errors import AdapterError, AuthExpired
from bot.core.types import Light, Person, Role, Room
from handlers.chats.telegram.config import Config
from handlers.chats.telegram.house import House
from handlers.chats.telegram.threads import group_of
from handlers.missing import missing_secret

_LEADS = ("administrator", "creator")


def lacking(config: Config, token: str, webhook: str) -> str:
    """Which environment variables are missing, all of them; empty where none is."""
    needed = [("", token), *([("WEBHOOK", webhook)] if config.mode == "webhook" else [])]
    return missing_secret(config.id, *(part for part, value in needed if not value))


async def check(house: House, rooms: Sequence[Room], missing: str, people: Sequence[Person] = ()) -> list[Light]:
    """A light for the bot, one for each room, and who might count twice."""
    who: dict[str, object] = {"part": "chat", "account": house.config.id}
    if missing:
        return [Light(code="account_auth", state="red", params={**who, "reason": missing})]
    try:
        house.me = me = await house.wire.call("get_me")
    except AuthExpired as dead:
        return [Light(code="account_auth", state="red", params={**who, "reason": dead.reason})]
    except AdapterError as away:
        return [Light(code="account_unreachable", state="red", params={**who, "reason": str(away)})]
    made = [Light(code="account_ok", state="ok", params={**who, "name": f"@{me.username}"})]
    made += _people(house.config, who, people)
    return [*made, *[await _room(house, room) for room in rooms if room.chat == house.config.id]]


def _people(config: Config, who: dict[str, object], people: Sequence[Person]) -> list[Light]:
    """Where Telegram alone makes approvers, whoever is also in the settings must be known as the same person."""
    vouched = [role for role in (config.default_role, config.admin_role) if role is not None]
    unknown = [
        person.name
        for person in people
        if person.role.covers(Role.AGENT) and not any(chat == config.id for chat, _ in person.identities)
    ]
    if not unknown or not any(role.covers(Role.APPROVER) for role in vouched):
        return []
    return [Light(code="telegram_people", state="warn", params={**who, "people": ", ".join(unknown)})]


async def _room(house: House, room: Room) -> Light:
    about: dict[str, object] = {"room": room.id, "group": room.native_id}
    try:
        chat = group_of(room)
    except AdapterError:
        return Light(code="telegram_room_id", state="red", params=about)
    try:
        found = await house.wire.call("get_chat", chat_id=chat)
        lacks = await rights(house, chat, forum=bool(found.is_forum))
    except AdapterError as error:
        return Light(code="telegram_room", state="red", params={**about, "reason": str(error)})
    if house.wire.moved.get(chat, chat) != chat:
        return Light(code="telegram_moved", state="warn", params={**about, "now": house.wire.moved[chat]})
    if lacks == "topics":
        return Light(code="telegram_topics", state="red", params=about)
    if lacks == "administrator":
        return Light(code="telegram_admin", state="warn", params=about)
    return Light(code="telegram_room_ok", state="ok", params={**about, "name": str(found.title or "")})


async def rights(house: House, chat: int, *, forum: bool) -> str:
    """What we lack in a group: `administrator`, `topics`, or nothing. Raises what `Wire.call` raises."""
    me = house.me or await house.wire.call("get_me")
    member = await house.wire.call("get_chat_member", chat_id=chat, user_id=me.id)
    leads = member.status in _LEADS
    if forum and not (leads and (member.status == "creator" or getattr(member, "can_manage_topics", False))):
        return "topics"
    return "" if leads else "administrator"
