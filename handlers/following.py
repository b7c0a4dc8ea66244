"""Reading an address that may lead anywhere: its password is for its own server, and only what has changed is sent."""

from __future__ import annotations

import httpx

_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def password_for(secret: str | None, home: str, url: str) -> tuple[str, str] | None:
    """Name and password of a secret (`name:password`) where `url` is on the server of `home`; None anywhere else."""
    here, there = httpx.URL(home), httpx.URL(url)
    if not secret or (here.scheme, here.host, here.port) != (there.scheme, there.host, there.port):
        return None
    name, _, password = secret.partition(":")
    return name, password


def conditions(headers: httpx.Headers) -> dict[str, str]:
    """The headers that ask for what has changed since this answer (RFC 9110, section 13)."""
    return {asked: headers[told] for told, asked in _CONDITIONS.items() if told in headers}
