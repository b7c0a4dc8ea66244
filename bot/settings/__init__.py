"""What the process was told: typed settings from portavoz.toml, the environment and the command line."""

from bot.settings.clocks import Sla
from bot.settings.entries import (
    AdapterEntry,
    Brand,
    ChatEntry,
    NetworkEntry,
    PersonEntry,
    Quorum,
    RoomEntry,
    RouteEntry,
)
from bot.settings.loading import load
from bot.settings.model import Settings
from bot.settings.problems import Problem, SettingsError
from bot.settings.secrets import Secrets
from bot.settings.table import settings_table

__all__ = [
    "AdapterEntry",
    "Brand",
    "ChatEntry",
    "NetworkEntry",
    "PersonEntry",
    "Problem",
    "Quorum",
    "RoomEntry",
    "RouteEntry",
    "Secrets",
    "Settings",
    "SettingsError",
    "Sla",
    "load",
    "settings_table",
]
