"""Settings from files, environment and command line; refused as a whole, with every problem, when anything is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.settings import checks
from bot.settings.explain import explain, unknown
from bot.settings.layers import DEFAULTS, FILE, OUTSIDE, from_environ, read_dotenv, read_file
from bot.settings.model import Settings
from bot.settings.problems import Problem, SettingsError
from bot.settings.secrets import Secrets, redact

_DEMO_UNDO = 2


def load(
    *,
    config: Path | None = None,
    data: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    environ: Mapping[str, str],
) -> Settings:
    """Read the configuration.

    Args:
        config: the file; else `PORTAVOZ_CONFIG`, else `portavoz.toml` in the data folder, if there is one.
        data: the folder for all state; else `PORTAVOZ_DATA`, else `data` under the current folder.
        host: wins over file and environment, as `port` does.
        port: see `host`.
        environ: the environment. A `.env` next to the configuration file adds what it does not have.

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
        raise SettingsError(_clean(problem, secrets) for problem in dict.fromkeys(problems))
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


def _clean(problem: Problem, secrets: Secrets) -> Problem:
    """Nothing secret, and nothing that could play tricks on a terminal."""
    hidden = tuple(secrets.values())

    def clean(text: str) -> str:
        shown = "".join(c if c.isprintable() else "?" for c in text[:500])
        return redact(shown, hidden)

    return Problem(clean(problem.name), clean(problem.problem), clean(problem.remedy))
