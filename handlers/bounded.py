"""Reading what somebody sends without holding more of it than may be sent."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request


class Unread(Exception):
    """The body was not taken: `status` is HTTP's (400, 408, 413), `code` stable, `detail` a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


async def read_body(request: Request, *, largest: int, drained: int, seconds: float, too_large: str) -> bytes:
    """The whole body. Raises Unread.

    Args:
        request: whose body it is.
        largest: bytes that may be sent.
        drained: bytes that are read and dropped beyond that, so that the sender gets to see the refusal.
        seconds: how long it may take.
        too_large: the sentence for what is larger.
    """
    refusal = Unread(413, "too_large", too_large)
    if _announced(request) > largest and request.headers.get("expect", "").lower() == "100-continue":
        raise refusal  # the sender waits for leave, so nothing needs to be read
    held, size = bytearray(), 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= largest:
                    held += chunk
                elif size > drained:
                    break
    except TimeoutError as error:
        raise Unread(408, "too_slow", "The body did not arrive in time.") from error
    except ClientDisconnect as error:
        raise Unread(400, "incomplete", "The connection ended before the body did.") from error
    if size > largest:
        raise refusal
    return bytes(held)


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0
