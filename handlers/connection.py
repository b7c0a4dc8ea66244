"""An HTTP client for whichever event loop runs: a command line has one after the other, and connections end with it."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable

import httpx

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What is raised before a request has left: nothing can have been done."""


class Connection:
    """A client that `make` makes when it is first wanted in a loop."""

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        self._client: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def client(self) -> httpx.AsyncClient:
        """This loop's. Raises what making it does."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = self._make(), loop
        return self._client

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()


@functools.cache
def tls() -> ssl.SSLContext:
    """Loading certificates takes a moment; all that read public addresses share them."""
    return httpx.create_ssl_context(trust_env=False)
