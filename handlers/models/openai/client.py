"""The package's client over a connection of ours, which counts the bytes of an answer."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl

    import openai

    from bot.settings.entries import DrafterEntry

MOST_BYTES = 512 * 1024
"""Of one answer; three long replies with everything around them are a tenth of it."""


class TooBig(Exception):
    """More bytes than an answer may have."""


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed; to read them takes a tenth of a second."""
    import httpx2  # noqa: PLC0415

    return httpx2.create_ssl_context()


def new_client(chosen: DrafterEntry, key: str) -> openai.AsyncOpenAI:
    """The package's client over a connection that counts bytes; redirects are not followed, keys go nowhere else."""
    import httpx2  # noqa: PLC0415 -- see the module's first lines in __init__
    import openai  # noqa: PLC0415

    async def bounded(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise TooBig("the answer is compressed, which was not asked for")
        response.stream = _counted(httpx2, response.stream)

    http = httpx2.AsyncClient(
        event_hooks={"response": [bounded]},
        headers={"Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(chosen.timeout),
        verify=_trusted(),
        follow_redirects=False,
    )
    return openai.AsyncOpenAI(api_key=key, base_url=chosen.base_url or None, max_retries=0, http_client=http)


def _counted(httpx: Any, stream: Any) -> Any:
    """A response's bytes, until there are too many."""

    class Counted(httpx.AsyncByteStream):  # type: ignore[misc]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            seen = 0
            async for chunk in stream:
                seen += len(chunk)
                if seen > MOST_BYTES:
                    raise TooBig(f"the answer is longer than {MOST_BYTES // 1024} KiB")
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Counted()
