"""How often one peer may write: a bucket of tokens each, and none for peers on this machine."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request

REMEMBERED = 10_000  # peers; the one that was quiet longest is forgotten first


class Throttle:
    """`per_minute` writes a minute on average, as many at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, peer: str | None) -> int:
        """0 when the peer may write now (that counts), else the whole seconds after which it may."""
        if peer is None:
            return 0
        now = self._clock()
        tokens, since = self._buckets.get(peer, (self._capacity, now))
        tokens = min(self._capacity, tokens + (now - since) * self._capacity / 60)
        allowed = tokens >= 1
        self._buckets[peer] = (tokens - 1 if allowed else tokens, now)
        self._buckets.move_to_end(peer)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) * 60 / self._capacity))


def peer_of(request: Request) -> str | None:
    """Who writes, for the throttle: an IPv4 address, an IPv6 network (/64), or None for this machine itself.

    A proxy on this machine adds the address of whom it speaks for, at the end; a local program that invents one
    limits only itself.
    """
    host = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    address = _address(host)
    if address is not None and address.is_loopback:
        return _network(_address(forwarded)) or forwarded[:64] if forwarded else None
    return _network(address) or host


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> str | None:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address) if address else None
