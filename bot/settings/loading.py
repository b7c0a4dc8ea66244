"""Settings from files, environment and command line; refused as a whole, with every problem, when anything is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.settings import checks
from bot.settings.entries import AdapterEntry, ChatEntry, NetworkEntry
from bot.settings.explain import explain, unknown
from bot.settings.layers import DEFAULTS, FILE, OUTSIDE, from_environ, read_dotenv, read_file
from bot.settings.model import Settings
from bot.settings.problems import Problem, SettingsError, cleaned
from bot.settings.secrets import DRAFTER, Secrets

_DEMO_UNDO = 2
Look = Callable[[str, AdapterEntry], Sequence[Problem]]
"""Finds what is wrong with an adapter's own settings, from its table and its entry."""


def load(
    *,
    config: Path | None = None,
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    environ: Mapping[str, str],
    look: Look | None = None,
) -> Settings:
    """Read the configuration.

    Args:
        config: the file; else `PORTAVOZ_CONFIG`, else `portavoz.toml` in the data folder, if there is one.
        data: the folder for all state; else `PORTAVOZ_DATA`, else `data` under the current folder.
        host: wins over file and environment, as `port` does.
        port: see `host`.
        environ: the environment. A `.env` next to the configuration file adds what it does not have.
        look: looks at the adapters' own settings where something else is wrong, so that all of it is told at once;
            else they are looked at when the adapters are made.

    Raises:
        SettingsError: with everything that is wrong.
    """
    home = data or Path(environ.get("PORTAVOZ_DATA") or "data")
    given = config or (Path(environ["PORTAVOZ_CONFIG"]) if environ.get("PORTAVOZ_CONFIG") else None)
    file = given or home / FILE
    raw, problems = read_file(file, must_exist=given is not None)
    extra, more = read_dotenv(file.parent)
    environ = {**extra, **environ}
    problems += more
    problems += checks.misplaced_secrets(raw)
    problems += [unknown((key,)) for key in OUTSIDE if key in raw]
    merged, sources, more = _merge({k: v for k, v in raw.items() if k not in OUTSIDE}, environ, host, port)
    problems += more
    _fill(merged)
    for check in (checks.duplicates, checks.references, checks.nobody, checks.folder):
        problems += check(merged)
    problems += checks.ephemeral(environ, home, merged)
    secrets = Secrets(environ)
    try:
        settings = Settings.model_validate(
            {**merged, "data": home, "config_file": file if raw or given else None, "secrets": secrets}
        )
    except ValidationError as error:
        problems += [explain(detail, merged, sources) for detail in error.errors(include_url=False)]
        settings = None
    if problems or settings is None:
        problems += [] if look is None else _of_adapters(merged, look)
        hidden = tuple(secrets.values())
        raise SettingsError(cleaned(problem, hidden) for problem in dict.fromkeys(problems))
    return settings


def _merge(
    raw: dict[str, Any], environ: Mapping[str, str], host: str | None, port: int | None
) -> tuple[dict[str, Any], dict[tuple[str, ...], str], list[Problem]]:
    """The layers on top of each other, and which variable or option each overlaid value came from."""
    merged = dict(raw)
    values, problems = from_environ(environ)
    for name, value in (("host", host), ("port", port)):
        if value is not None:
            values[(name,)] = (f"--{name}", value)
    for path, (_, value) in values.items():
        if len(path) == 1:
            merged[path[0]] = value
        elif isinstance(group := merged.get(path[0], {}), dict):
            merged[path[0]] = {**group, path[1]: value}
    return merged, {path: source for path, (source, _) in values.items()}, problems


def _fill(merged: dict[str, Any]) -> None:
    """Embedded parts wherever nothing is configured."""
    if not any(merged.get(table) for table in DEFAULTS):
        merged.setdefault("undo_seconds", _DEMO_UNDO)
    stands_in = not merged.get("people") and checks.may_demo(merged)
    for table, default in DEFAULTS.items():
        if not merged.get(table) and (table != "people" or stands_in):
            merged[table] = default
    if isinstance(merged.get("demo", False), bool):
        merged["demo"] = stands_in  # from here on: whether it does stand in
    rooms = merged.get("rooms", [])
    if isinstance(rooms, list):
        housed = {room.get("chat") for room in checks.rows(merged, "rooms")}
        desks = (chat["id"] for chat in checks.rows(merged, "chats") if chat.get("type") == "desk" and "id" in chat)
        # A desk is one room and needs no configuration for it.
        merged["rooms"] = [*rooms, *({"id": desk, "chat": desk} for desk in desks if desk not in housed)]


def _of_adapters(merged: Mapping[str, Any], look: Look) -> Iterator[Problem]:
    """What the adapters find wrong in their own settings. What was told already is left out before they look."""
    tables: tuple[tuple[str, type[AdapterEntry]], ...] = (("networks", NetworkEntry), ("chats", ChatEntry))
    for table, model in tables:
        for row in checks.rows(merged, table):
            told = {key for key, value in row.items() if checks.is_misplaced(key, value)}
            with suppress(ValidationError):
                told |= _wrong_fields(row, model)
                entry = model.model_validate({key: value for key, value in row.items() if key not in told})
                # What was left out is not missing.
                yield from (one for one in look(table, entry) if one.name.rpartition(": ")[2] not in told)
    drafter = merged.get("drafter")
    if isinstance(drafter, Mapping) and isinstance(drafter.get("type"), str):
        with suppress(ValidationError):
            yield from look("models", AdapterEntry(id=DRAFTER, type=drafter["type"]))


def _wrong_fields(row: Mapping[str, Any], model: type[AdapterEntry]) -> set[str]:
    """The general fields of an entry that are wrong."""
    try:
        model.model_validate(row)
    except ValidationError as error:
        return {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}
    return set()
