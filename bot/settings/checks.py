"""What types cannot say about a configuration: duplicates, references into nowhere, secrets in the wrong place.

The checks read the raw tables, so that one mistake does not hide the others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.settings.problems import Problem, did_you_mean
from bot.settings.secrets import is_secret_name, looks_secret, variable

Raw = Mapping[str, Any]

# Platforms that throw the disk away at every restart; on the latter ones a volume can be mounted.
_NO_DISK = ("DYNO", "K_SERVICE", "GAE_ENV", "VERCEL", "AWS_LAMBDA_FUNCTION_NAME", "CF_INSTANCE_GUID")
_MAYBE_VOLUME = ("FLY_APP_NAME", "RENDER", "RAILWAY_ENVIRONMENT", "RAILWAY_ENVIRONMENT_ID")

_LOSES_ALL = "this platform (it sets {name}) throws its disk away at every restart, and all tickets with it"
_LOSES_WALLS = "this platform (it sets {name}) throws its disk away at every restart, and the wall's comments with it"
_OR_A_SERVER = (
    "Put the data folder on a volume that stays, or set PORTAVOZ_ALLOW_EPHEMERAL=1 to only try things out; "
    "or set DATABASE_URL to a PostgreSQL."
)
_OR_NO_WALL = (
    "Put the data folder on a volume that stays, or set PORTAVOZ_ALLOW_EPHEMERAL=1 to only try things out; "
    "or configure networks other than the wall."
)

_NO_SUCH = {
    "chats": ("there is no chat {name}", "No chat is configured."),
    "networks": ("there is no network {name}", "No network is configured."),
    "people": ("there is no person {name}", "No person is configured."),
    "rooms": ("there is no room {name}", "No room is configured."),
    "types": ("there is no type of network {name}", "No type of network is configured."),
}
"""For names of each sort: that there is none of this name, and that there is none at all."""


def rows(raw: Raw, table: str) -> list[Mapping[str, Any]]:
    """The entries of `[[table]]` that are tables; what else may stand there is the types' business."""
    found = raw.get(table)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list | tuple) else []


def ids(raw: Raw, table: str) -> list[str]:
    """The ids of `[[table]]`, duplicates included."""
    return [row["id"] for row in rows(raw, table) if isinstance(row.get("id"), str)]


def misplaced_secrets(raw: object, path: str = "", owner: str = "") -> Iterator[Problem]:
    """Secrets that stand in the file. Their values are never repeated."""
    pairs: list[tuple[str, object]] = []
    if isinstance(raw, dict):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in raw.items()]
    elif isinstance(raw, list):
        pairs = [(f"{path}[{number}]", value) for number, value in enumerate(raw, 1)]
    if isinstance(raw, dict) and isinstance(raw.get("id"), str) and not looks_secret(raw["id"]):
        owner = raw["id"]
    for name, value in pairs:
        if isinstance(value, dict | list):
            yield from misplaced_secrets(value, name, owner)
        elif is_misplaced(name.rpartition(".")[2], value):
            shown = variable(owner) if owner else "PORTAVOZ_SECRET_<ID>"
            remedy = f"Take it out and put a fresh one into the environment: {shown} (or {shown}_<PART>)."
            if name == "database_url":
                remedy = "Take it out and put a fresh one into the environment: PORTAVOZ_DATABASE_URL."
            yield Problem(name, "a secret stands in the configuration file", remedy)


def is_misplaced(key: str, value: object) -> bool:
    """Whether a value of the file is a secret: it looks like one, or is called one."""
    return (isinstance(value, str) and looks_secret(value)) or is_secret_name(key)


def duplicates(raw: Raw) -> Iterator[Problem]:
    """Ids and identities that are there twice."""
    for table in ("people", "networks", "chats", "rooms"):
        for name, times in Counter(ids(raw, table)).items():
            if times > 1:
                yield Problem(f"[[{table}]] {name}", f"the id is used {times} times", "Give each its own.")
    owners = Counter(variable(name) for table in ("networks", "chats") for name in {*ids(raw, table)})
    for name, times in owners.items():
        if times > 1:
            yield Problem(name, "two networks or chats would share this secret", "Give them ids that differ more.")
    claims = Counter(
        (chat, native)
        for person in rows(raw, "people")
        for chat, native in _identities(person).items()
        if isinstance(native, str)
    )
    for (chat, _), times in claims.items():
        if times > 1:
            yield Problem(
                "[[people]] identities",
                f"{times} people claim the same identity on {chat[:40]}",
                "One identity belongs to one person.",
            )


def _identities(person: Mapping[str, Any]) -> Mapping[str, Any]:
    found = person.get("identities")
    return found if isinstance(found, dict) else {}


def references(raw: Raw) -> Iterator[Problem]:
    """Names of rooms, chats, networks that no entry has."""
    known = {table: sorted(set(ids(raw, table))) for table in ("networks", "chats", "rooms", "people")}
    known["types"] = sorted({row["type"] for row in rows(raw, "networks") if isinstance(row.get("type"), str)})
    wanted: list[tuple[str, object, str]] = [
        (f"[[rooms]] {room.get('id')}: chat", room.get("chat"), "chats") for room in rows(raw, "rooms")
    ]
    for number, route in enumerate(rows(raw, "routes"), 1):
        at = f"[[routes]] no. {number}"
        wanted.append((f"{at}: room", route.get("room"), "rooms"))
        also = route.get("also")
        wanted += [(f"{at}: also", room, "rooms") for room in (also if isinstance(also, list) else ())]
        wanted.append((f"{at}: account", route.get("account"), "networks"))
        wanted.append((f"{at}: network", route.get("network"), "types"))
    for number, target in enumerate(rows(raw, "targets"), 1):
        at = f"[[targets]] no. {number}"
        wanted.append((f"{at}: account", target.get("account"), "networks"))
        wanted.append((f"{at}: network", target.get("network"), "types"))
    for number, objective in enumerate(rows(raw, "objectives"), 1):
        wanted.append((f"[[objectives]] no. {number}: account", objective.get("account"), "networks"))
    turns = raw.get("oncall")
    called = turns.get("people") if isinstance(turns, dict) else None
    if isinstance(called, list | tuple):
        wanted += [("oncall.people", name, "people") for name in called]
    for person in rows(raw, "people"):
        at = f"[[people]] {person.get('id')}: identities"
        wanted += [(at, chat, "chats") for chat in _identities(person)]
    for name, value, what in wanted:
        there = known[what]
        if isinstance(value, str) and value not in there:
            said, none = _NO_SUCH[what]
            otherwise = f"There is: {', '.join(there)}." if there else none
            yield Problem(name, said.format(name=repr(value[:40])), did_you_mean(value, there, otherwise=otherwise))
    roomy = {room.get("chat") for room in rows(raw, "rooms")}
    for chat in known["chats"]:
        if chat not in roomy:
            yield Problem(
                f"[[chats]] {chat}",
                "has no room, so it would show nothing",
                f"Add [[rooms]] with chat = {chat[:40]!r}.",
            )


def may_demo(raw: Raw) -> bool:
    """Whether the demo team may stand in: not when it is switched off, nor by accident on a real network."""
    real = any(row.get("type") not in (None, "wall") for row in rows(raw, "networks"))
    return raw.get("demo") is True or (raw.get("demo") is not False and not real)


def nobody(raw: Raw) -> Iterator[Problem]:
    """Somebody must be there who could approve a reply."""
    if not raw.get("people"):
        yield Problem(
            "people",
            "nobody is configured who could approve a reply",
            "Add [[people]] with id, name and role, or set demo = true to let the demo team do it.",
        )


def folder(raw: Raw) -> Iterator[Problem]:
    """The overlay folder must be there."""
    path = raw.get("prompts")
    if isinstance(path, str | Path) and not Path(path).is_dir():
        yield Problem("prompts", "is not a folder that can be read", "Make it, or take the setting out.")


def ephemeral(environ: Mapping[str, str], data: Path, raw: Raw) -> Iterator[Problem]:
    """A database on a disk that is thrown away loses what must never be lost; a wall is such a database, too."""
    elsewhere = str(raw.get("database_url", "")).startswith("postgres")
    walls = any(row.get("type") == "wall" for row in rows(raw, "networks"))
    if environ.get("PORTAVOZ_ALLOW_EPHEMERAL") == "1" or (elsewhere and not walls):
        return
    gone = next((name for name in _NO_DISK if environ.get(name)), None)
    if gone is None and not _on_volume(data):
        gone = next((name for name in _MAYBE_VOLUME if environ.get(name)), None)
    if gone is not None:
        said, remedy = (_LOSES_WALLS, _OR_NO_WALL) if elsewhere else (_LOSES_ALL, _OR_A_SERVER)
        yield Problem("PORTAVOZ_DATA", said.format(name=gone), remedy)


def _on_volume(data: Path) -> bool:
    """Whether something else than the root file system is mounted at the folder or above it."""
    path = data.absolute()
    return any(os.path.ismount(parent) for parent in (path, *path.parents) if parent != Path(path.anchor))
