"""Adapters by name: found by their file, their settings checked by themselves, and what is wrong told all at once.

`[[networks]] type = "mastodon"` is `handlers/networks/mastodon.py` (or a package of that name) with a `Config` and a
`create`. Only what is configured is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot.settings import AdapterEntry, Problem, SettingsError
from bot.settings.entries import ChatEntry
from bot.settings.explain import explain_adapter
from bot.settings.problems import cleaned, did_you_mean
from bot.settings.secrets import DRAFTER

if TYPE_CHECKING:
    from bot.settings import Settings


def adapter_module(kind: str, entry: AdapterEntry) -> ModuleType:
    """The module of an adapter. Raises SettingsError when there is none of that type."""
    name = f"handlers.{kind}.{entry.type}"
    if importlib.util.find_spec(name) is None:
        known = sorted(adapter_types(kind))
        remedy = did_you_mean(entry.type, known, otherwise=f"Use one of: {', '.join(known)}.")
        raise SettingsError(
            [Problem(f"[[{kind}]] {entry.id}: type", f"there is no adapter called “{entry.type}”", remedy)]
        )
    return importlib.import_module(name)


def adapter_types(kind: str) -> list[str]:
    """The adapters there are of a kind (`networks`, `chats`)."""
    package = importlib.import_module(f"handlers.{kind}")
    folders = [Path(folder) for folder in package.__path__]
    found = {path.stem for folder in folders for path in folder.glob("*.py")}
    found |= {path.parent.name for folder in folders for path in folder.glob("*/__init__.py")}
    return sorted(found - {"__init__"})


def adapter_config(module: ModuleType, kind: str, entry: AdapterEntry) -> Any:
    """The adapter's own settings, checked by it. Raises SettingsError."""
    try:
        return module.Config.model_validate({"id": entry.id, "type": entry.type, **entry.fields})
    except ValidationError as error:
        raise SettingsError(explain_adapter(error, kind, entry, module.Config)) from None


def drafter_problems(wanted: str | None) -> list[Problem]:
    """What is wrong with the remote drafter's type. It is not imported: without a key it is never needed."""
    if wanted is None or (wanted in adapter_types("models") and wanted != "offline"):
        return []
    problem = f"there is no drafter called “{wanted}”"
    return [Problem("drafter.type", problem, "Use `openai`, or take the setting out.")]


def problems_of(kind: str, entry: AdapterEntry) -> list[Problem]:
    """What is wrong with the settings of one adapter of a kind (`networks`, `chats`, `models`)."""
    if kind == "models":
        return drafter_problems(entry.type)
    try:
        adapter_config(adapter_module(kind, entry), kind, entry)
    except SettingsError as error:
        return list(error.problems)
    return []


def wrong(settings: Settings) -> dict[tuple[str, str], list[Problem]]:
    """What is wrong with the adapters' settings, by (kind, id), and `("models", "drafter")`; no secret is in it."""
    hidden = tuple(settings.secrets.values())
    found = {(kind, entry.id): problems_of(kind, entry) for kind, entry in _entries(settings)}
    found["models", DRAFTER] = drafter_problems(settings.drafter.type)
    return {whose: [cleaned(one, hidden) for one in problems] for whose, problems in found.items() if problems}


def assert_configured(settings: Settings) -> None:
    """Raises SettingsError with what is wrong with any of the adapters: who mends one is not told of the next then."""
    found = [problem for problems in wrong(settings).values() for problem in problems]
    if found:
        raise SettingsError(found)


def configured(settings: Settings, kind: str, entry: AdapterEntry) -> tuple[ModuleType, Any]:
    """An adapter's module and its settings. Raises SettingsError with what is wrong with any of the adapters."""
    try:
        module = adapter_module(kind, entry)
        return module, adapter_config(module, kind, entry)
    except SettingsError:
        assert_configured(settings)
        raise


def chat_setup(settings: Settings, type: str) -> str | None:
    """What has to be given to a chat's service to make an app there, for the first chat of this type or its defaults.

    None where a service wants nothing of the kind. Raises SettingsError.
    """
    entry = _chat_of(settings, type)
    module = adapter_module("chats", entry)
    make = getattr(module, "setup_text", None)
    if make is None:
        return None
    made: str = make(adapter_config(module, "chats", entry), settings.public_url)
    return made


def chat_invitation(settings: Settings, type: str, application: str, locale: str | None = None) -> str:
    """How the bot is let in to a chat's service, step by step, for the first chat of this type or its defaults.

    `application` is its id there; where it is empty, the chat's secret may tell it. `locale` is the language that was
    asked for, else it is the team's. Raises SettingsError.
    """
    entry = _chat_of(settings, type)
    module = adapter_module("chats", entry)
    said: str = module.invitation(
        adapter_config(module, "chats", entry),
        secret=settings.secret(entry.id),
        application=application,
        locale=locale or settings.locale,
    )
    return said


def _chat_of(settings: Settings, type: str) -> ChatEntry:
    return next((entry for entry in settings.chats if entry.type == type), None) or ChatEntry(id=type, type=type)


def _entries(settings: Settings) -> Iterator[tuple[str, AdapterEntry]]:
    yield from (("networks", entry) for entry in settings.networks)
    yield from (("chats", entry) for entry in settings.chats)
