"""`check`: are the tokens alive, the scopes granted, the rooms open to us, the clock right, the socket free?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

from bot.core.errors import AdapterError, AuthExpired
from bot.core.types import Light, Person, Role, Room
from handlers.chats.slack.config import Config
from handlers.chats.slack.house import House
from handlers.chats.slack.manifest import SCOPES
from handlers.missing import missing_secret
from handlers.reaching import address, because

SKEW = 60.0
"""Seconds that the clocks may differ; signatures are taken for five minutes."""


def lacking(config: Config, secrets: Mapping[str, str]) -> str:
    """Which environment variables are missing, all of them; empty where none is."""
    needed = ("", "APP" if config.mode == "socket" else "SIGNING")
    return missing_secret(config.id, *(part for part in needed if not secrets[part]))


async def check(
    house: House, rooms: Sequence[Room], secrets: Mapping[str, str], people: Sequence[Person]
) -> list[Light]:
    """A light for the account with its scopes and clock, one for the way in, one for each room; doubts about people."""
    who: dict[str, object] = {"part": "chat", "account": house.config.id}
    if missing := lacking(house.config, secrets):
        return [Light(code="account_auth", state="red", params={**who, "reason": missing})]
    try:
        answer = await house.wire.client.api_call("auth.test")
        house.me = {name: str(value) for name, value in answer.data.items() if isinstance(value, str)}  # type: ignore[union-attr]
    except Exception as error:  # noqa: BLE001 -- whatever it is, a person has to read it
        return [await _why(house, who, error)]
    made = [_account(house, who, {str(k).lower(): str(v) for k, v in answer.headers.items()})]
    if house.config.mode == "socket":
        made.append(await _socket(house, who, secrets["APP"]))
    made += _people(house.config, who, people)
    return [*made, *[await _room(house, room) for room in rooms if room.chat == house.config.id]]


def _people(config: Config, who: dict[str, object], people: Sequence[Person]) -> list[Light]:
    """Where Slack alone makes approvers, whoever is also in the settings must be known as the same person."""
    vouched = [*config.groups.values(), *([config.default_role] if config.default_role else [])]
    unknown = [
        person.name
        for person in people
        if person.role.covers(Role.AGENT) and not any(chat == config.id for chat, _ in person.identities)
    ]
    if not unknown or not any(role.covers(Role.APPROVER) for role in vouched):
        return []
    return [Light(code="slack_people", state="warn", params={**who, "people": ", ".join(unknown)})]


async def _why(house: House, who: dict[str, object], error: Exception) -> Light:
    """The same question again, so that the answer is one of our errors."""
    try:
        await house.wire.call("auth.test")
    except AuthExpired as dead:
        return Light(code="account_auth", state="red", params={**who, "reason": dead.reason})
    except AdapterError as away:
        return Light(code="account_unreachable", state="red", params={**who, "reason": str(away)})
    return Light(
        code="account_unreachable",
        state="red",
        params={**who, "reason": because(error, address(house.config.base_url))},
    )


def _account(house: House, who: dict[str, object], headers: Mapping[str, str]) -> Light:
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    lacking = sorted(set(SCOPES) - granted) if granted else []
    if lacking:
        scopes = ", ".join(lacking)
        return Light(code="slack_scopes", state="red", params={**who, "scopes": scopes})
    try:
        away = time.time() - parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        away = 0.0
    if abs(away) > SKEW:
        return Light(code="slack_clock", state="red", params={**who, "seconds": round(away)})
    return Light(code="account_ok", state="ok", params={**who, "name": house.me.get("team", "")})


async def _socket(house: House, who: dict[str, object], token: str) -> Light:
    try:
        await house.wire.call("apps.connections.open", token=token)
    except AdapterError as error:
        return Light(code="slack_socket", state="red", params={**who, "reason": str(error)})
    return Light(code="slack_socket_ok", state="ok", params=who)


async def _room(house: House, room: Room) -> Light:
    """Whether we are a member of the channel. A private one that we are not in looks as if there were none."""
    about: dict[str, object] = {"room": room.id, "channel": room.native_id}
    if not room.native_id.startswith(("C", "G", "D")):
        return Light(code="slack_room_id", state="red", params=about)
    try:
        answer = await house.wire.call("conversations.info", channel=room.native_id)
    except AdapterError as error:
        return Light(code="slack_room", state="red", params={**about, "reason": str(error)})
    found = answer.get("channel")
    channel = found if isinstance(found, dict) else {}
    if channel.get("is_archived"):
        return Light(code="slack_room", state="red", params={**about, "reason": "is_archived"})
    if channel.get("is_member") is False:
        return Light(code="slack_room", state="red", params={**about, "reason": "not_in_channel"})
    return Light(code="slack_room_ok", state="ok", params={**about, "name": str(channel.get("name") or "")})
