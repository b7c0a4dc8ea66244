"""What every page of the desk needs: its settings, its drawers, and what the engine handed over."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.ports import Intake, Keep, Reader
from bot.core.types import Person
from handlers.chats.desk.board import Board
from handlers.chats.desk.live import Hub
from handlers.chats.desk.presence import Presence
from handlers.chats.desk.reading import Reading
from handlers.chats.desk.security import Attempts
from handlers.chats.desk.sessions import Sessions

HERE = Path(__file__).parent
STYLES = ("base.css", "frame.css", "queue.css", "thread.css", "reply.css", "pages.css", "reports.css", "phone.css")
"""Sent as one sheet, in this order."""
SCRIPTS = (
    "desk.js",
    "page.js",
    "notes.js",
    "parts.js",
    "forms.js",
    "keys.js",
    "news.js",
    "drafts.js",
    "times.js",
    "people.js",
)
STATIC: Mapping[str, str] = {
    "desk.css": "text/css",
    "icon.svg": "image/svg+xml",
    **dict.fromkeys(SCRIPTS, "text/javascript"),
}
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
    reading: Reading
    hub: Hub = field(default_factory=Hub)
    engine: Engine | None = None
    tz: tzinfo = UTC
    presence: Presence = field(default_factory=lambda: Presence(time.monotonic))
    templates: Environment = field(default_factory=_environment)

    @property
    def secure(self) -> bool:
        """Whether cookies may travel over https only."""
        return urlsplit(self.base_url).scheme == "https"


@cache
def static_file(name: str) -> bytes:
    """Contents of a file that pages use. Raises KeyError for every other name."""
    if name not in STATIC:
        raise KeyError(name)
    parts = STYLES if name == "desk.css" else (name,)
    return b"\n".join((HERE / "static" / part).read_bytes() for part in parts)


@cache
def static_version() -> str:
    """Changes with any of the files: it stands in their addresses, so that browsers may keep them for ever."""
    return hashlib.sha256(b"\0".join(static_file(name) for name in STATIC)).hexdigest()[:12]
