"""Where values come from: built-in defaults, then portavoz.toml, then .env, the environment, the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from dotenv import dotenv_values
from pydantic import BaseModel

from bot.settings.clocks import Hours, OnCall, Sla, TargetEntry
from bot.settings.digests import DigestEntry, ObjectiveEntry
from bot.settings.entries import (
    Backup,
    Brand,
    ChatEntry,
    DrafterEntry,
    NetworkEntry,
    PersonEntry,
    Quorum,
    RoomEntry,
    RouteEntry,
    Watch,
)
from bot.settings.model import Settings
from bot.settings.problems import Problem, did_you_mean

PREFIX = "PORTAVOZ_"
FILE = "portavoz.toml"
LARGEST_FILE = 1_000_000  # bytes
GROUPS: dict[str, type[BaseModel]] = {
    "brand": Brand,
    "quorum": Quorum,
    "sla": Sla,
    "hours": Hours,
    "oncall": OnCall,
    "backup": Backup,
    "watch": Watch,
    "drafter": DrafterEntry,
    "digest": DigestEntry,
}
TABLES: dict[str, type[BaseModel]] = {
    "people": PersonEntry,
    "networks": NetworkEntry,
    "chats": ChatEntry,
    "rooms": RoomEntry,
    "routes": RouteEntry,
    "objectives": ObjectiveEntry,
    "targets": TargetEntry,
}
OUTSIDE = ("data", "config_file", "secrets")  # fields that no configuration file may set
ALIASES = {"PORT": "port", "DATABASE_URL": "database_url"}  # what platforms set; ours win
_OTHERS = ("PORTAVOZ_DATA", "PORTAVOZ_CONFIG", "PORTAVOZ_ALLOW_EPHEMERAL", "PORTAVOZ_AS")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

DEFAULTS: dict[str, Any] = {
    "people": (
        {"id": "ana", "name": "Ana", "role": "lead", "locale": "es", "signature": "^Ana"},
        {"id": "luis", "name": "Luis", "role": "approver", "locale": "en", "signature": "^Luis"},
    ),
    "networks": (
        {"id": "wall", "type": "wall"},
        {"id": "sample", "type": "wall", "path": "/sample", "sample": True},
    ),
    "chats": ({"id": "desk", "type": "desk"},),
}


def variables() -> dict[str, tuple[str, ...]]:
    """Every setting that the environment can give: variable -> path of the field."""
    paths: list[tuple[str, ...]] = [
        (name,) for name in Settings.model_fields if name not in (*GROUPS, *TABLES, *OUTSIDE)
    ]
    paths += [(group, name) for group, model in GROUPS.items() for name in model.model_fields]
    return {PREFIX + "_".join(path).upper(): path for path in paths}


def read_file(path: Path, *, must_exist: bool) -> tuple[dict[str, Any], list[Problem]]:
    """The TOML file as it stands, or why it cannot be read."""
    try:
        if not must_exist and not path.exists():
            return {}, []
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            return {}, [Problem(str(path), "is larger than a megabyte", "Is it the right file?")]
        return tomllib.loads(content.decode("utf-8")), []
    except OSError as error:
        return {}, [Problem(str(path), f"cannot be read ({error.strerror})", "Check the path and the rights.")]
    except UnicodeDecodeError:
        return {}, [Problem(str(path), "is not UTF-8 text", "Save it as UTF-8.")]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [Problem(str(path), f"is not valid TOML ({_place(error)})", "Correct that line.")]


def _place(error: Exception) -> str:
    """Where the mistake is. The parser's own words are left out: they may quote the line."""
    _, found, place = str(error).rpartition("(")
    return place.rstrip(")") if found and place.startswith("at ") else "too deeply nested"


def read_dotenv(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """The variables of `.env` in the folder, if there is one. The real environment wins over them."""
    path = folder / ".env"
    try:
        if not path.is_file():
            return {}, []
        found = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, [Problem(str(path), "cannot be read as UTF-8 text", "Check its rights and how it was saved.")]
    return {name: value for name, value in found.items() if value is not None}, []


def from_environ(environ: Mapping[str, str]) -> tuple[dict[tuple[str, ...], tuple[str, Any]], list[Problem]]:
    """Settings that the environment gives: path of the field -> (variable, value). Empty values count as unset."""
    known = variables()
    given = {
        path: (name, _value(path, environ[name]))
        for name, path in [*((alias, (field,)) for alias, field in ALIASES.items()), *known.items()]
        if environ.get(name)
    }
    problems = []
    for name in environ:
        odd = name.startswith(PREFIX) and name not in known and name not in _OTHERS
        if not odd or name.startswith(("PORTAVOZ_SECRET_", "PORTAVOZ_TEST_")):
            continue
        # Orchestrators add variables of their own (PORTAVOZ_SERVICE_HOST); only a near miss is a mistake.
        if remedy := did_you_mean(name, (*known, *_OTHERS), otherwise="", cutoff=0.85):
            problems.append(Problem(name, "is not a setting", remedy))
    return given, problems


def _value(path: tuple[str, ...], text: str) -> Any:
    """A variable's text as the field's type wants it; what does not fit is left for the types to refuse."""
    model = GROUPS[path[0]] if len(path) > 1 else Settings
    annotation = model.model_fields[path[-1]].annotation
    text = text.strip()
    if annotation is bool:
        lower = text.lower()
        return True if lower in _TRUE else False if lower in _FALSE else text
    if annotation is int and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    if annotation is not None and Ellipsis in get_args(annotation):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
