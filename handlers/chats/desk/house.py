"""What every page of the desk needs: its settings, its drawers, and what the engine handed over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.ports import Intake, Keep, Reader
from bot.core.types import Person
from handlers.chats.desk.board import Board
from handlers.chats.desk.live import Hub
from handlers.chats.desk.security import Attempts
from handlers.chats.desk.sessions import Sessions

HERE = Path(__file__).parent
STATIC = {"desk.css": "text/css", "desk.js": "text/javascript"}
"""The files that may be asked for: a list, so that no path can leave the folder."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Engine:
    """What `listen` hands over."""

    intake: Intake
    read: Reader


@dataclass(kw_only=True)
class House:
    """The desk of one process. `engine` is None until the bot listens."""

    chat: str
    base_url: str
    keep: Keep
    people: Sequence[Person]
    demo: bool
    brand: str
    trusted_proxies: Sequence[str]
    clock: Callable[[], datetime]
    sessions: Sessions
    attempts: Attempts
    board: Board
    hub: Hub = field(default_factory=Hub)
    engine: Engine | None = None
    tz: tzinfo = UTC
    templates: Environment = field(default_factory=_environment)

    @property
    def secure(self) -> bool:
        """Whether cookies may travel over https only."""
        return urlsplit(self.base_url).scheme == "https"


@lru_cache(maxsize=len(STATIC))
def static_file(name: str) -> tuple[bytes, str]:
    """Contents and a short hash of a file that pages use. Raises KeyError for every other name."""
    if name not in STATIC:
        raise KeyError(name)
    contents = (HERE / "static" / name).read_bytes()
    return contents, hashlib.sha256(contents).hexdigest()[:12]
