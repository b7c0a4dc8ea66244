"""The types' complaints as problems with a remedy. Values are not repeated: they may be secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.entries import AdapterEntry
from bot.settings.layers import GROUPS, OUTSIDE, TABLES
from bot.settings.model import Settings
from bot.settings.problems import Problem, did_you_mean

Path = tuple[int | str, ...]

_IDS = ("id", "chat", "room", "account", "[key]")
_WORDS = {
    "missing": "is missing",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large",
    "float_type": "is not a number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "bool_type": "is neither true nor false",
    "bool_parsing": "is neither true nor false",
    "string_type": "is not a text",
    "string_unicode": "is not a text",
    "string_too_short": "has too few characters: at least {min_length}",
    "string_too_long": "has too many characters: at most {max_length}",
    "string_pattern_mismatch": "is not of the right form",
    "tuple_type": "is not a list",
    "frozen_set_type": "is not a list",
    "too_short": "has too few entries: at least {min_length}",
    "too_long": "has too many entries: at most {max_length}",
    "model_type": "is not a table",
    "dict_type": "is not a table",
    "path_type": "is not a path",
    "date_type": "is not a day",
    "date_parsing": "is not a day",
    "date_from_datetime_parsing": "is not a day",
    "date_from_datetime_inexact": "is not a day",
    "greater_than": "should be greater than {gt}",
    "greater_than_equal": "should be greater than or equal to {ge}",
    "less_than": "should be less than {lt}",
    "less_than_equal": "should be less than or equal to {le}",
    "literal_error": "should be {expected}",
    "enum": "should be {expected}",
    "value_error": "{error}",
}
"""Every type of error that our models and those of the adapters can produce, but for unknown keys."""


def explain(detail: ErrorDetails, merged: Mapping[str, Any], sources: Mapping[tuple[str, ...], str]) -> Problem:
    """What one of pydantic's errors means.

    Args:
        detail: the error.
        merged: the values that were validated, to name entries by their id.
        sources: which values came from a variable or an option, to name that.
    """
    path: Path = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return unknown(path, merged)
    source = next((name for field, name in sources.items() if path[: len(field)] == field), None)
    problem = _said(detail)
    if detail["type"] == "string_pattern_mismatch" and path[-1] in _IDS:
        problem = "is not made of 1 to 32 small letters, digits, - and _"
    remedy = _meaning(path)
    if source in ("PORTAVOZ_PORT", "PORT"):
        remedy += " Kubernetes sets it for a service called portavoz unless enableServiceLinks is false."
    return Problem(source or _name(path, merged), problem, remedy)


def explain_adapter(error: ValidationError, kind: str, entry: AdapterEntry, model: type[BaseModel]) -> list[Problem]:
    """What is wrong with an adapter's own settings.

    Args:
        error: what its `Config` says.
        kind: `networks` or `chats`.
        entry: what stands in the file.
        model: the `Config`.
    """
    known = [name for name in model.model_fields if name not in ("id", "type")]
    general = [name for name in type(entry).model_fields if name not in ("id", "type", "fields")]
    chapter = f"The README's chapter on “{entry.type}” shows how it is written."
    found = []
    for detail in error.errors(include_url=False, include_input=False):
        place, field = f"[[{kind}]] {entry.id}", str(detail["loc"][0]) if detail["loc"] else ""
        if detail["type"] == "extra_forbidden":
            listed = f"Take it out. Known here: {', '.join([*known, *general])}."
            remedy = did_you_mean(field, [*known, *general], otherwise=listed)
            found.append(Problem(f"{place}: {field}", "is not a setting", remedy))
            continue
        problem = _said(detail)
        about = model.model_fields[field].description if field in model.model_fields else None
        remedy = f"It is: {about} {chapter}" if about else chapter
        found.append(Problem(f"{place}: {field}" if field else place, problem, remedy))
    return found


def _said(detail: ErrorDetails) -> str:
    """One of pydantic's errors as the end of a sentence that begins with the setting's name."""
    values = {name: _shown(value) for name, value in detail.get("ctx", {}).items()}
    return _WORDS.get(detail["type"], "is not of the right form").format_map(values)


def _shown(value: object) -> object:
    """A limit as one would write it: 120, also where it is kept as 120.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def unknown(path: Path, merged: Mapping[str, Any] | None = None) -> Problem:
    """A key that is no setting."""
    if path[0] in OUTSIDE:
        remedy = "Give it by --data or PORTAVOZ_DATA." if path[0] == "data" else "Take it out."
        return Problem(str(path[0]), "cannot be set in the file", remedy)
    model = _model(path)
    known = [name for name in model.model_fields if name not in OUTSIDE] if model else []
    remedy = did_you_mean(str(path[-1]), known, otherwise=f"Take it out. Known here: {', '.join(known)}.")
    return Problem(_name(path, merged or {}), "is not a setting", remedy)


def _model(path: Path) -> type[BaseModel] | None:
    """Whose field the path's last step is."""
    first = str(path[0])
    if len(path) == 1 or (first not in GROUPS and first not in TABLES):
        return Settings
    return GROUPS.get(first) or TABLES.get(first)


def _meaning(path: Path) -> str:
    """What the setting is for, which says what would be right."""
    first = str(path[0])
    model: type[BaseModel] = GROUPS.get(first) or TABLES.get(first) or Settings
    steps = [step for step in path if isinstance(step, str) and step in model.model_fields]
    field = model.model_fields[steps[-1]] if steps else None
    if field is not None and field.description:
        return f"It is: {field.description}"
    return f"Write [[{first}]] tables." if first in TABLES else f"Write a [{first}] table."


def _name(path: Path, merged: Mapping[str, Any]) -> str:
    """How a person would find the place: `sla.question`, `[[people]] ana: role`, `[[rooms]] no. 2: chat`."""
    first, *steps = path
    if first not in TABLES or not steps:
        return ".".join(str(step) for step in path)
    number = steps[0]
    rows = merged.get(str(first))
    row = rows[number] if isinstance(rows, list | tuple) and isinstance(number, int) and number < len(rows) else None
    named = row.get("id") if isinstance(row, dict) else None
    # In routes, which have no ids, and wherever the id itself may be at fault, the place in the file.
    place = (
        named
        if isinstance(named, str) and steps[1:] != ["id"]
        else f"no. {number + 1 if isinstance(number, int) else 1}"
    )
    rest = ".".join(str(step) for step in steps[1:] if step != "[key]")
    return f"[[{first}]] {place}: {rest}" if rest else f"[[{first}]] {place}"
