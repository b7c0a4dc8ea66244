"""Who sits at the desk: one-time links to come in, and a session for each browser.

Tokens are 256 random bits. `keep` holds only their hashes, so reading the database opens no session.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ports import Keep

LINK_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=14)
_FRESH = timedelta(hours=1)
"""A session is prolonged at most once in this time: a page view is not to be a write each time."""

COOKIE = "portavoz_desk"


async def issue_link(keep: Keep, base_url: str, person_id: str) -> str:
    """A sign-in link for a person: works once, within 15 minutes. For the desk and for the command line alike."""
    token = secrets.token_urlsafe(32)
    await keep.put(_link_key(token), person_id, lifetime=LINK_LIFETIME)
    return f"{base_url.rstrip('/')}/desk/in/{token}"


async def link_owner(keep: Keep, token: str) -> str | None:
    """Whose link this is, without using it up."""
    return await keep.get(_link_key(token))


async def use_link(keep: Keep, token: str) -> str | None:
    """Whose link this was; of two who use it, one gets in."""
    return await keep.take(_link_key(token))


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody signed in with. `stale` asks for the cookie to be set again."""

    token: str
    person: str
    stale: bool

    @property
    def csrf(self) -> str:
        """The proof that a form came from a page of this session; only who holds the cookie can compute it."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()

    @property
    def mark(self) -> str:
        """A name for the session that gives nothing away; its flash messages are kept under it."""
        return hashlib.sha256(f"mark:{self.token}".encode()).hexdigest()[:32]


class Sessions:
    """Opens, reads, prolongs and ends sessions. A changed `secret` ends all of them."""

    def __init__(self, keep: Keep, secret: str | None, clock: Callable[[], datetime]) -> None:
        self._keep = keep
        self._pepper = (secret or "").encode()
        self._clock = clock

    async def open(self, person_id: str) -> Session:
        """A new session; its token is never one that the browser brought along."""
        session = Session(token=secrets.token_urlsafe(32), person=person_id, stale=True)
        await self._write(session)
        return session

    async def read(self, token: str | None) -> Session | None:
        """The session of a cookie, prolonged now and then; None when it is unknown or over."""
        if not token or len(token) > 128:
            return None
        stored = await self._keep.get(self._key(token))
        if stored is None:
            return None
        record = json.loads(stored)
        stale = self._clock() - datetime.fromisoformat(record["seen"]) > _FRESH
        session = Session(token=token, person=record["person"], stale=stale)
        if stale:
            await self._write(session)
        return session

    async def close(self, session: Session) -> None:
        """End a session."""
        await self._keep.take(self._key(session.token))

    async def _write(self, session: Session) -> None:
        record = json.dumps({"person": session.person, "seen": self._clock().isoformat()})
        await self._keep.put(self._key(session.token), record, lifetime=SESSION_LIFETIME)

    def _key(self, token: str) -> str:
        return f"desk:session:{hmac.new(self._pepper, token.encode(), hashlib.sha256).hexdigest()}"


def _link_key(token: str) -> str:
    return f"desk:link:{hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()}"
