"""Secrets: where they come from, what they look like, and how to keep them out of what people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, unquote, urlsplit

PREFIX = "PORTAVOZ_SECRET_"
DATABASES = ("PORTAVOZ_DATABASE_URL", "DATABASE_URL")
DRAFTER = "drafter"
"""The id of the drafter, whose key is PORTAVOZ_SECRET_DRAFTER."""
CALENDAR = "calendar"
"""The id of the calendar, whose address may be PORTAVOZ_SECRET_CALENDAR."""
HIDDEN = "***"
_SHORTEST = 4  # hiding every occurrence of something shorter would garble everything

_KEY = re.compile(
    r"(?i)(?:^|[_-])(?:token|secret|passwd|password|passphrase|credentials?|authorization|cookie"
    r"|(?:api|app|access|private|signing|secret)[_-]?key)$"
)
_SHAPES = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|(?<!\d)\d{6,12}:[\w-]{30,}"  # Telegram
    r"|\bgh[a-z]_\w{20,}|\bgithub_pat_\w{20,}"
    r"|\bsk-[\w-]{16,}"  # OpenAI and those who follow it
    r"|\bwhsec_[\w+/-]{16,}=*"  # Standard Webhooks
    r"|\b[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,}"  # Discord
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web tokens
)
_NAMED = re.compile(
    r"(?i)\b(?P<name>authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)?|bearer|[\w-]{0,40}(?:token|secret|password"
    r"|api_?key|access_?key)[\"']?\s*[:=])(?P<gap>\s*[\"']?)(?P<value>[^\s\"'&,;<>)}\]]{4,})"
)
_USERINFO = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@:]{0,256}:[^\s/@]{1,256}@")


def is_secret_name(name: str) -> bool:
    """Whether a key of this name holds a secret: `bot_token`, `api-key`, `password`; but not `max_tokens`."""
    return _KEY.search(name) is not None


def looks_secret(value: str) -> bool:
    """Whether a value has the shape of a known kind of secret, or is an address with a password in it."""
    return _SHAPES.search(value) is not None or _USERINFO.search(value) is not None


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with everything hidden that is one of `secrets` or looks like a secret."""
    for secret in sorted((s for s in secrets if len(s) >= _SHORTEST), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _USERINFO.sub(rf"\g<scheme>{HIDDEN}@", text)
    text = _SHAPES.sub(HIDDEN, text)
    return _NAMED.sub(rf"\g<name>\g<gap>{HIDDEN}", text)


def variable(id: str, part: str = "") -> str:
    """The name of the environment variable: ("team-slack", "app") -> PORTAVOZ_SECRET_TEAM_SLACK_APP."""
    return PREFIX + "_".join(word for word in (id, part) if word).upper().replace("-", "_")


def _password(address: str) -> Iterator[str]:
    """The password in a database's address; nothing when it is no address."""
    try:
        found = urlsplit(address).password
    except ValueError:
        return
    if found:
        yield unquote(found)


class Secrets:
    """The secrets of the environment, by the id of the network or chat they belong to. Never shown by repr."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        given = environ or {}
        self._values = {name: value for name, value in given.items() if name.startswith(PREFIX) and value}
        self._passwords = [word for name in DATABASES for word in _password(given.get(name, ""))]

    def get(self, id: str, part: str = "") -> str | None:
        """The secret of an id; adapters that need several tell them apart by `part`."""
        return self._values.get(variable(id, part))

    def values(self) -> Iterator[str]:
        """Everything that must be kept out of the log, as it is and as it stands in an address."""
        for value in (*self._values.values(), *self._passwords):
            yield value
            if (quoted := quote(value, safe="")) != value:
                yield quoted

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)} hidden)"
