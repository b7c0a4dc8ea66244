"""The log: lines for people on a terminal, JSON otherwise; no secret, no comment's text, no tricks in it.

Every line says what was done as its action, then who and what by ids: `log.info("reply.published", ticket="K7Q2")`.
Texts of comments and replies are never logged: under the names in `TEXTS` only their length is.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor

from bot.settings.secrets import HIDDEN, is_secret_name, redact

TEXTS: Final = frozenset({"text", "body", "comment", "content", "draft", "reply_text", "question", "hint", "note"})
LONGEST: Final = 2_000  # characters of one value
DEEPEST: Final = 4

# Libraries that would log every request, with addresses that hold tokens or one-time links.
_QUIET = (
    "httpx",
    "httpcore",
    "uvicorn",
    "uvicorn.error",
    "uvicorn.access",
    "alembic",
    "aiosqlite",
    "asyncio",
    "slack_bolt",
    "slack_sdk",
    "discord",
    "telegram",
    "imapclient",
    "aiosmtplib",
)
_UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; `name` is the part of the program (`engine.outbox`)."""
    return structlog.stdlib.get_logger(name)


def neutralise(text: str) -> str:
    r"""What cannot be seen is written out: `\n`, `\x1b`, `\u202e`. Nothing moves a cursor or turns a line around."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _written(c) for c in text)


def _written(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


class Cleaner:
    """The processor that every line passes last before it is rendered."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        """Texts to lengths, secrets to stars, invisible characters to their names; long values are cut."""
        clean: EventDict = {}
        for key, value in event.items():
            if key.startswith("_"):  # structlog's own, never rendered
                clean[key] = value
            elif key == "exception" and isinstance(value, str):
                clean[key] = self._exception(value)
            elif key in TEXTS and isinstance(value, str | bytes):
                clean[f"{key}_length"] = len(value)
            else:
                clean[self._text(key)] = HIDDEN if is_secret_name(key) and value else self._value(value, 0)
        return clean

    def _value(self, value: object, depth: int) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth >= DEEPEST:
            return "..."
        if isinstance(value, Mapping):
            return {
                self._text(str(k)): HIDDEN if is_secret_name(str(k)) else self._value(v, depth + 1)
                for k, v in list(value.items())[:50]
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(part, depth + 1) for part in list(value)[:50]]
        return self._text(str(value))

    def _text(self, value: str) -> str:
        # Hidden first and then cut, else half a secret could stand at the end; and hidden once more after the
        # neutraliser, since a secret's shape may only show when what is invisible in it is written out.
        hidden = redact(value[: 2 * LONGEST], self._secrets)[:LONGEST]
        more = f"... (+{len(value) - LONGEST})" if len(value) > LONGEST else ""
        return redact(neutralise(hidden), self._secrets) + more

    def _exception(self, value: str) -> str:
        """A traceback keeps its lines; each is marked, so that no message can pass for a log line."""
        return "\n".join(f"  | {self._text(line)}" for line in value.split("\n"))


def _action(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The action comes first. A library's line has none: its words become a message."""
    message = event.pop("event", "")
    if "_record" in event and not event["_from_structlog"]:
        return {"action": "library", "message": message, **event}
    if "action" in event:
        return {"action": event.pop("action"), "message": message, **event}
    return {"action": message, **event}


def _no_locals(logger: Any, method: str, event: EventDict) -> EventDict:
    """Tracebacks as text, without the values of variables."""
    return structlog.processors.ExceptionRenderer()(logger, method, event)


def _as_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """`21:33:05 info  reply.published  ticket=K7Q2`, a traceback below it."""
    exception = event.pop("exception", None)
    time = str(event.pop("timestamp", ""))[11:19]
    level, action = event.pop("level", ""), event.pop("action", "")
    event.pop("logger", None)
    fields = " ".join(f"{key}={_quoted(value)}" for key, value in event.items())
    line = f"{time} {level:<7} {action}  {fields}".rstrip()
    return f"{line}\n{exception}" if exception else line


def _quoted(value: object) -> str:
    """A value with spaces or quotes in it is shown as one."""
    text = str(value)
    return repr(text) if not text or any(c in text for c in " '\"=") else text


def configure(
    *,
    level: str = "info",
    format: str = "auto",
    stream: TextIO | None = None,
    secrets: Iterable[str] = (),
) -> None:
    """Set up the log of the whole process, libraries included. May be called again.

    Args:
        level: `debug`, `info`, `warning` or `error`. Chatty libraries stay at `warning`.
        format: `text`, `json`, or `auto`: text when the stream is a terminal.
        stream: where lines go; the standard error stream when not given.
        secrets: values that must never appear.
    """
    out = stream if stream is not None else sys.stderr
    as_text = format == "text" or (format == "auto" and out.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared],
        processors=[
            _no_locals,
            _action,
            Cleaner(secrets),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _as_text if as_text else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _UVICORN:  # start uvicorn with log_config=None, else it takes them back
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
