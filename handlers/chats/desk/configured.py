"""The pages of settings: what is in force, how it does, and the line of configuration that changes it. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from bot.core.routing import Route
from bot.core.setup import NetworkView
from bot.core.types import Person
from handlers.chats.desk.door import Visit, no_such_page
from handlers.chats.desk.guides import chat_guide, network_guide
from handlers.chats.desk.pages import whole
from handlers.chats.desk.words import SECTIONS

SOON = timedelta(days=14)
"""A token that dies within this time is said to."""
_RULES = (
    "undo_",
    "approval_",
    "claim_",
    "reopen_",
    "quorum",
    "sla",
    "hours",
    "oncall",
    "brand",
    "locale",
    "time",
    "languages",
    "demo",
)


async def page(visit: Visit) -> Response:
    """One section; the first where the address names none."""
    section = str(visit.request.path_params.get("section", "networks"))
    if section not in SECTIONS:
        raise no_such_page()
    setup = await visit.engine.read.setup()
    people = visit.team
    about, used = setup.about, dict(setup.about.chats).values()
    context: dict[str, object] = {
        "section": section,
        "setup": setup,
        "today": visit.today,
        "team": people,
        "expiring": {one.id for one in setup.networks if _expires(one, visit.house.clock())},
        "routes": [(route, route_lines(route)) for route in setup.routes],
        "lines_of": person_lines,
        "rules": [one for one in about.options if one.name.startswith(_RULES)],
        "others": [one for one in about.options if not one.name.startswith(_RULES)],
        "new_networks": {one: network_guide(one) for one in about.network_types if not _has(setup.networks, one)},
        "new_chats": {one: chat_guide(one) for one in about.chat_types if one not in used},
    }
    return await whole(visit, "part_settings.html", context, page="settings")


def route_lines(route: Route) -> str:
    """The route as it would stand in the configuration."""
    given = {
        "room": route.room,
        "network": route.network,
        "account": route.account,
        "kind": route.kind,
        "min_severity": route.min_severity,
        "language": route.language,
        "flag": route.flag,
    }
    lines = [f'{name} = "{value}"' for name, value in given.items() if value]
    if route.also:
        lines.insert(1, "also = [" + ", ".join(f'"{room}"' for room in route.also) + "]")
    return "\n".join(["[[routes]]", *lines])


def person_lines(person: Person) -> str:
    """A member of the team as they would stand in the configuration; a name is quoted as TOML wants it."""
    name = person.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'[[people]]\nid = "{person.id}"\nname = "{name}"\nrole = "{person.role}"\nlocale = "{person.locale}"'


def _expires(network: NetworkView, now: datetime) -> bool:
    return network.expires_at is not None and network.expires_at < now + SOON


def _has(networks: Sequence[NetworkView], type: str) -> bool:
    return any(one.type == type for one in networks)
