"""The documentation's table of settings, made from the types so that it cannot be wrong."""

from __future__ import annotations

from pydantic.fields import FieldInfo

from bot.settings.layers import GROUPS, TABLES, variables
from bot.settings.model import Settings

_OUTSIDE = (
    ("", "`data`", "Folder for all state; `--data` wins.", "PORTAVOZ_DATA"),
    ("", "`portavoz.toml` in it", "The configuration file; `--config` wins.", "PORTAVOZ_CONFIG"),
    ("", "", "The secret of the network or chat with that id.", "PORTAVOZ_SECRET_<ID>"),
    ("", "", "`1`: keep the state on a disk that the platform throws away.", "PORTAVOZ_ALLOW_EPHEMERAL"),
)


def settings_table() -> str:
    """Markdown: one row for each setting with default, meaning and environment variable."""
    lines = ["| Setting | Default | Meaning | Environment |", "|---|---|---|---|"]
    lines += [_row(name, default, meaning, variable) for name, default, meaning, variable in _OUTSIDE]
    for variable, path in variables().items():
        model = GROUPS[path[0]] if len(path) > 1 else Settings
        field = model.model_fields[path[-1]]
        lines.append(_row(".".join(path), _default(field), field.description or "", variable))
    for table, model in TABLES.items():
        for name, field in model.model_fields.items():
            lines.append(_row(f"[[{table}]] {name}", _default(field), field.description or "", ""))
    return "\n".join(lines) + "\n"


def _row(name: str, default: str, meaning: str, variable: str) -> str:
    named = f"`{name}`" if name else ""
    return f"| {named} | {default} | {meaning} | {f'`{variable}`' if variable else ''} |".replace("  ", " ")


def _default(field: FieldInfo) -> str:
    """The default as one would write it in the file."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{part}"' for part in value) + "]`"
    return f"`{value}`" if isinstance(value, int | float) else f'`"{value}"`'
