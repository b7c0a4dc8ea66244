"""Signing in: an app password becomes a session, whose tokens are replaced as they wear out.

Kept in the adapter's drawer as one value, so that old and new tokens never mix, and since a server takes few
sign-ins a day (300 at bsky.social). After com.atproto.server.createSession and refreshSession.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.core.attachments import is_loopback
from bot.core.errors import AuthExpired, Transient
from bot.core.ports import Keep
from bot.settings.secrets import variable
from handlers.networks.bluesky.config import Config

KEY = "session"
FULL = "com.atproto.access"
"""The scope of a session that was opened with the account's own password."""
Ask = Callable[[str, str | None, dict[str, str] | None], Awaitable[Any]]
"""Asks the sign-in server: method, bearer token, body. Raises Transient, AuthExpired or Permanent."""


@dataclass(frozen=True, slots=True)
class Session:
    """`pds` is the server that holds the account: all but signing in goes there."""

    did: str
    handle: str
    access: str
    refresh: str
    pds: str

    @property
    def scope(self) -> str:
        """What the token says it is for; empty where it cannot be read."""
        try:
            part = self.access.split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            return str(claims["scope"])
        except (ValueError, LookupError, TypeError):
            return ""


class Sessions:
    """The one session of an account, shared by whoever uses the drawer."""

    def __init__(self, config: Config, password: str | None, keep: Keep | None, ask: Ask) -> None:
        self._config = config
        self._password = password
        self._keep = keep
        self._ask = ask
        self._session: Session | None = None
        self._lock: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    async def current(self) -> Session:
        """The session as far as we know it. Raises AdapterError."""
        if self._session is None:
            async with self._alone():
                self._session = await self._found()
        return self._session

    async def _found(self) -> Session:
        """What somebody found while we waited, what was kept, or a new session."""
        return self._session or await self._kept() or await self._sign_in()

    async def renew(self, stale: Session) -> Session:
        """Another session than `stale`, whose token was refused. Raises AdapterError."""
        async with self._alone():
            if self._session is None or self._session.access == stale.access:
                kept = await self._kept()
                # Another process may have been faster.
                self._session = kept if kept and kept.access != stale.access else await self._refreshed(stale)
            return self._session

    def _alone(self) -> asyncio.Lock:
        """One at a time, in whichever event loop runs."""
        loop = asyncio.get_running_loop()
        if self._lock is None or self._lock[0] is not loop:
            self._lock = loop, asyncio.Lock()
        return self._lock[1]

    async def _refreshed(self, stale: Session) -> Session:
        try:
            return await self._take(await self._ask("refreshSession", stale.refresh, None))
        except AuthExpired:
            return await self._sign_in()

    async def _sign_in(self) -> Session:
        if not self._password:
            raise AuthExpired(f"{variable(self._config.id)} is not set")
        body = {"identifier": self._config.handle, "password": self._password}
        return await self._take(await self._ask("createSession", None, body))

    async def _take(self, answer: Any) -> Session:
        session = _session_of(answer, self._config.base_url)
        if session is None:
            raise Transient("The server answered a sign-in with something unreadable.")
        if isinstance(answer, dict) and answer.get("active") is False:
            raise AuthExpired(f"The account is not active: {str(answer.get('status'))[:100]}.")
        if self._keep is not None:
            await self._keep.put(KEY, json.dumps({"for": self._mark(), **asdict(session)}))
        return session

    async def _kept(self) -> Session | None:
        """What was kept for this account and password; None where there is nothing usable."""
        if self._keep is None or not self._password:
            return None
        try:
            found = json.loads(await self._keep.get(KEY) or "{}")
            fits = found.pop("for", None) == self._mark()
            return Session(**found) if fits and all(isinstance(one, str) for one in found.values()) else None
        except (ValueError, TypeError, AttributeError):
            return None

    def _mark(self) -> str:
        """Sixteen bits: enough to notice a new password, too few to guess it by."""
        whole = "\0".join((self._config.base_url, self._config.handle, self._password or ""))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:4]


def _session_of(answer: Any, base_url: str) -> Session | None:
    told = answer if isinstance(answer, dict) else {}
    named = {key: told.get(key) for key in ("did", "handle", "accessJwt", "refreshJwt")}
    if not all(isinstance(one, str) and one.isascii() and one for one in named.values()):
        return None
    did, handle, access, refresh = (str(one) for one in named.values())
    return Session(did, handle, access, refresh, _pds(told.get("didDoc"), base_url))


def _pds(document: Any, base_url: str) -> str:
    """The account's own server as its DID document names it; the one we signed in at where that is not safe to use."""
    services = document.get("service") if isinstance(document, dict) else None
    for one in services if isinstance(services, list) else []:
        if isinstance(one, dict) and str(one.get("id")).endswith("#atproto_pds"):
            url = one.get("serviceEndpoint")
            parts = urlsplit(url) if isinstance(url, str) and url.isascii() and len(url) < 300 else None
            # The tokens go there as safely as the password went, or not at all.
            safe = parts is not None and parts.scheme == urlsplit(base_url).scheme
            safe = safe and (base_url.startswith("https:") or is_loopback(str(url)))
            if parts is not None and safe and parts.hostname and "@" not in parts.netloc:
                return f"{parts.scheme}://{parts.netloc}"
    return base_url
