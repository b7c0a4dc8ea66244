"""The settings in force, by their names in the configuration; what could hold a password is left out."""

from __future__ import annotations

from pathlib import Path

from bot.core.setup import Option
from bot.settings.layers import variables
from bot.settings.model import Settings

_PRIVATE = frozenset({"database_url"})


def options(settings: Settings) -> tuple[Option, ...]:
    """Every single setting with its value, in the order of the documentation."""
    return tuple(
        Option(name=".".join(path), value=_shown(_value(settings, path)))
        for path in variables().values()
        if path[0] not in _PRIVATE
    )


def _value(settings: Settings, path: tuple[str, ...]) -> object:
    value: object = settings
    for name in path:
        value = getattr(value, name)
    return value


def _shown(value: object) -> str:
    """As one would write it in the file; empty where nothing is set."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]" if value else ""
    return (
        str(value) if isinstance(value, int | float) else f'"{value}"' if str(value) or isinstance(value, Path) else ""
    )
