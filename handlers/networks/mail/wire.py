"""IMAP (RFC 3501, IDLE after RFC 2177): one connection, which only reads and, in the one folder for it, adds.

Folders are opened with EXAMINE and mails read with BODY.PEEK, so that nothing on the server changes, not even whether
a mail was read. The library blocks, so each connection has a thread of its own, which ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import imaplib
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from bot.core.errors import AdapterError, AuthExpired, Transient
from bot.core.fromhtml import one_line
from bot.settings.secrets import variable
from handlers.networks.mail.config import IMAP_PORTS, Config
from handlers.networks.mail.reading import LIMIT, Raw
from handlers.reaching import at, because

T = TypeVar("T")
HEADERS = 100_000
"""Bytes of a mail's headers that are read where they are all that is wanted."""
AT_ONCE = 500
"""Mails whose size and time are asked for in one command."""
_PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Codes of RFC 5530 for a log-in that fails today and not for good."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it stands: while its `validity` is the same, a `uid` is one mail and never another."""

    validity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail on the server, not read yet. `size` in bytes, `received` by the server's own clock."""

    folder: str
    uid: int
    size: int
    received: datetime


class Mailbox:
    """A connection, as a context. All of it raises Transient or AuthExpired."""

    def __init__(self, config: Config, password: str | None) -> None:
        self._config = config
        self._password = password
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=f"mail-{config.id}")
        self._client: IMAPClient | None = None
        self._over = False

    async def __aenter__(self) -> Self:
        try:
            await self._do(self._connect)
        except BaseException:
            self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            with contextlib.suppress(AdapterError):
                await self._do(self._goodbye)
        self._end()

    def _goodbye(self) -> None:
        self._open.logout()

    def _end(self) -> None:
        self._over = True
        self._cut()
        self._pool.shutdown(wait=False)

    def _cut(self) -> None:
        """End whatever the thread waits for."""
        if self._client is not None:
            with contextlib.suppress(OSError, AttributeError):
                self._client.socket().shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError, AttributeError):
                self._client.shutdown()

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except LoginError as error:
            said = _said(error)
            if any(code in said for code in _PASSING):
                raise Transient(said) from error
            raise AuthExpired(f"The mail server did not let us in: {said}") from error
        except imaplib.IMAP4.error as error:
            raise Transient(f"The mail server said: {_said(error)}") from error
        except (OSError, ValueError, IndexError, RuntimeError) as error:
            raise Transient(f"The mail server did not answer: {because(error, self._where)}.") from error

    @property
    def _open(self) -> IMAPClient:
        if self._client is None:
            raise OSError("not connected")
        return self._client

    @property
    def _where(self) -> str:
        return at(self._config.host, self._port)

    @property
    def _port(self) -> int:
        return self._config.port or IMAP_PORTS[self._config.security]

    def _connect(self) -> None:
        config = self._config
        if not self._password:
            raise AuthExpired(f"{variable(config.id)} is not set")
        encrypted = config.security == "tls"
        self._client = client = IMAPClient(
            config.host,
            port=self._port,
            ssl=encrypted,
            ssl_context=tls() if encrypted else None,
            timeout=SocketTimeout(config.timeout, config.timeout),
        )
        if self._over:
            # Nobody waits any more.
            self._cut()
            raise OSError("cancelled")
        client.normalise_times = False
        if config.security == "starttls":
            client.starttls(tls())
        client.login(config.login, self._password)

    # --- what can be asked ------------------------------------------------------------------------------------

    async def open(self, folder: str) -> Opened:
        """Look into a folder."""
        found = await self._do(lambda: self._open.select_folder(folder, readonly=True))
        validity, after = (_number(found.get(name)) for name in (b"UIDVALIDITY", b"UIDNEXT"))
        return Opened(validity, after)

    async def after(self, uid: int) -> list[int]:
        """The mails of the folder looked into with a higher uid."""
        found = await self.search(f"UID {uid + 1}:*")
        return [one for one in found if one > uid]

    async def since(self, day: date) -> list[int]:
        """The mails of the folder looked into that got there on that day or later."""
        return await self.search(["SINCE", day])

    async def naming(self, native: str) -> list[int]:
        """The mails of the folder looked into with that id."""
        return await self.search(["HEADER", "Message-ID", native])

    async def below(self, native: str) -> list[int]:
        """Those that answer the mail with that id, or an answer to it."""
        return await self.search(["OR", "HEADER", "References", native, "HEADER", "In-Reply-To", native])

    async def search(self, criteria: str | Sequence[object]) -> list[int]:
        """The uids that fit, ascending."""
        return await self._do(lambda: sorted(int(uid) for uid in self._open.search(criteria)))

    async def entries(self, folder: str, uids: Sequence[int]) -> list[Entry]:
        """Size and time of the mails, in the order of their uids; what vanished meanwhile is left out."""
        made: list[Entry] = []
        for start in range(0, len(uids), AT_ONCE):
            some = uids[start : start + AT_ONCE]
            found = await self._fetch(some, "RFC822.SIZE", "INTERNALDATE")
            made += [Entry(folder, uid, _number(found[uid].get(b"RFC822.SIZE")), _when(found[uid])) for uid in found]
        return sorted(made, key=lambda one: one.uid)

    async def mails(self, entries: Iterable[Entry]) -> dict[int, Raw]:
        """The first bytes of each, by uid; all are of the folder looked into."""
        known = {one.uid: one for one in entries}
        found = await self._fetch(list(known), f"BODY.PEEK[]<0.{LIMIT}>")
        return {
            uid: Raw(body[:LIMIT], known[uid].size, known[uid].received)
            for uid, parts in found.items()
            if uid in known and (body := _part(parts))
        }

    async def headers(self, uid: int) -> bytes:
        """The headers of one mail of the folder looked into; empty where it is gone."""
        found = await self._fetch([uid], f"BODY.PEEK[HEADER]<0.{HEADERS}>")
        return _part(found.get(uid, {}))[:HEADERS]

    async def _fetch(self, uids: list[int] | Sequence[int], *parts: str) -> dict[int, dict[bytes, Any]]:
        if not uids:
            return {}
        found = await self._do(lambda: self._open.fetch(list(uids), list(parts)))
        return {int(uid): dict(found[uid]) for uid in found if int(uid) in set(uids)}

    async def wait(self, seconds: float) -> None:
        """Until something happens in the folder looked into, or so long."""
        if await self._do(lambda: bool(self._open.has_capability("IDLE"))):
            await self._do(lambda: self._idle(seconds))
        else:
            await asyncio.sleep(seconds)

    async def pushes(self) -> bool:
        """Whether the server tells of new mail by itself."""
        return await self._do(lambda: bool(self._open.has_capability("IDLE")))

    def _idle(self, seconds: float) -> None:
        client = self._open
        client.idle()
        client.idle_check(timeout=seconds)
        client.idle_done()

    async def add(self, folder: str, mail: bytes, at: datetime) -> None:
        """Put a mail of ours, read, into a folder."""
        await self._do(lambda: self._open.append(folder, mail, (b"\\Seen",), at))


@functools.cache
def tls() -> ssl.SSLContext:
    """Loading certificates takes a moment; all mailboxes share them."""
    return ssl.create_default_context()


def _said(error: Exception) -> str:
    words = error.args[0] if error.args else ""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    # imapclient passes bytes on as Python writes them.
    return one_line(said[2:-1] if said[:2] in ("b'", 'b"') else said)[:200]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _when(parts: dict[bytes, Any]) -> datetime:
    value = parts.get(b"INTERNALDATE")
    if not isinstance(value, datetime):
        return datetime.now(UTC)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _part(parts: dict[bytes, Any]) -> bytes:
    """The one literal of an answer, whatever the server calls it."""
    return next((value for key, value in parts.items() if key.startswith(b"BODY[") and isinstance(value, bytes)), b"")
