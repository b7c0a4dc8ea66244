"""What a request must bring before a page looks at it: the right host, origin and peer, and not too many guesses.

Host is checked against DNS rebinding, Origin and Sec-Fetch-Site against forms on other sites.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it browsers send `Origin: null` along with our own forms, and over plain http on a
    # local network nothing else would tell these from a stranger's. Other sites learn nothing either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def host_allowed(host: str, base_url: str) -> bool:
    """Whether the Host header names this desk: the host of `base_url`, or a loopback name.

    Loopback names pass with any port: behind a published container port it differs from the one listened on,
    and a rebinding attack cannot choose the name.
    """
    named = _split(f"//{host}")
    ours = _split(base_url)
    if named is None or ours is None:
        return False
    return named[0] in _LOOPBACK or (named[0] == ours[0] and named[1] in {ours[1], None})


def origin_allowed(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether a POST comes from a page of this desk. Browsers set these headers; scripts on pages cannot."""
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return site == "same-origin"
    return origin in {_origin(base_url), *_own_origins(headers.get("host", ""))}


def peer_trusted(peer: str | None, trusted: Sequence[str]) -> bool:
    """Whether a peer's address is one of the listed addresses or networks (`10.0.0.0/8`)."""
    try:
        address = ipaddress.ip_address(peer or "")
        return any(address in ipaddress.ip_network(listed, strict=False) for listed in trusted)
    except ValueError:
        return False


class Attempts:
    """Counts failures by address: after `allowed` of them within `window` seconds there is a pause.

    Tokens of 256 bits cannot be guessed; this keeps those who try from costing more than a refusal.
    At most `remembered` addresses are held, the oldest is forgotten first.
    """

    def __init__(
        self, now: Callable[[], float], *, allowed: int = 10, window: float = 60.0, remembered: int = 4096
    ) -> None:
        self._now = now
        self._allowed = allowed
        self._window = window
        self._remembered = remembered
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until this address may try again; 0 if it may now."""
        recent = self._recent(address)
        if len(recent) < self._allowed:
            return 0.0
        return max(0.0, recent[-self._allowed] + self._window - self._now())

    def failed(self, address: str) -> None:
        """Count a failure."""
        self._failures[address] = [*self._recent(address), self._now()][-self._allowed :]
        self._failures.move_to_end(address)
        while len(self._failures) > self._remembered:
            self._failures.popitem(last=False)

    def _recent(self, address: str) -> list[float]:
        return [at for at in self._failures.get(address, []) if at > self._now() - self._window]


def _own_origins(host: str) -> set[str]:
    """A loopback Host is served over plain http, on whatever port it was asked for."""
    named = _split(f"//{host}")
    return {f"http://{host.lower()}"} if named is not None and named[0] in _LOOPBACK else set()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _split(url: str) -> tuple[str, int | None] | None:
    """Host and port of a URL; the port is None where it is the scheme's own."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None or parts.path not in {"", "/"}:
        return None
    return parts.hostname, None if port in {80, 443} else port
