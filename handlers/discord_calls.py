"""Calls of discord.py: what it raises becomes an error of `bot.core.errors`, for the chat and the network alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import NoReturn, TypeVar

import aiohttp
import discord

from bot.core.errors import AdapterError, AuthExpired, CardGone, OutcomeUnknown, Permanent, PlaceGone, Transient
from handlers.reaching import address, at, because

T = TypeVar("T")
_WHERE = address(discord.http.Route.BASE)
DOWN = 45.0
"""Seconds without a connection after which people are told; the library keeps trying all the while."""
LOOK = 2.0
_GONE = frozenset({10001, 10002, 10004})
"""Codes of a 404 that say that the account, the application or a server is not there (for us)."""
_NO_PLACE = frozenset({10003, 50001})
"""Codes that say that one channel or thread is not there, or not for us."""
_NO_CARD = frozenset({10008, 50083, 160004, 160005})
"""Codes that say that a message was deleted, or that its thread was closed, or deleted and is not made again."""
_UNREACHABLE = frozenset({50007, 50278})
"""Codes that say that somebody takes no direct messages from us."""
_FINAL = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Codes with which the gateway ends for good: a dead token, intents that we may not have."""


# Voice is not used here, and what it would need is no news.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


async def connected(client: discord.Client, *, down: float = DOWN, look: float = LOOK) -> NoReturn:
    """Keep a logged-in client on the gateway, which it resumes by itself, until cancelled.

    Raises AuthExpired when Discord does not want us there, Transient when it stays away for `down` seconds.
    """
    clock = asyncio.get_running_loop().time
    seen = clock()
    task = asyncio.create_task(client.connect(reconnect=True), name="discord gateway")
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=look)
            if getattr(client.ws, "open", False):  # there is none before the first connection
                seen = clock()
            elif clock() - seen > down:
                raise Transient("The connection to Discord is lost.")
        async with judged():
            task.result()
        raise Transient("The connection to Discord has ended.")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def asked(call: Awaitable[T], *, writes: bool = False) -> T:
    """What Discord answers.

    Args:
        call: of discord.py.
        writes: whether an answer that was lost leaves something behind that a second call would double.

    Raises:
        AuthExpired: the token is dead, or a right is gone; PlaceGone where that is one channel or thread.
        Transient: surely not done; with Discord's own waiting time.
        OutcomeUnknown: a message may stand there or not.
        Permanent: Discord will never take it like this; CardGone where a message or an open thread is missing.
    """
    async with judged(writes=writes):
        return await call


@asynccontextmanager
async def judged(*, writes: bool = False) -> AsyncIterator[None]:
    """The same for a whole block."""
    try:
        yield
    except AdapterError:
        raise
    except discord.RateLimited as error:
        raise Transient("Discord asks to come back later.", error.retry_after) from None
    except discord.LoginFailure:
        raise AuthExpired("Discord refuses the token.") from None
    except discord.PrivilegedIntentsRequired:
        raise AuthExpired("The application lacks an intent that it asks for.") from None
    except discord.HTTPException as error:
        raise _refused(error, writes=writes) from None
    except aiohttp.ClientConnectorError as error:
        raise Transient(f"Discord cannot be reached: {because(error, at(error.host, error.port))}.") from None
    except (aiohttp.ClientError, discord.GatewayNotFound, TimeoutError, OSError) as error:
        raise _lost(f"no answer: {because(error, _WHERE)}", writes=writes) from None
    except discord.ConnectionClosed as error:
        raise _closed(error.code) from None
    except discord.ClientException as error:
        raise Transient(because(error, _WHERE)) from None


def _refused(error: discord.HTTPException, *, writes: bool) -> AdapterError:
    reason = f"{error.status} {error.code}: {error.text}"[:200]
    if error.status == 429:
        return Transient("Discord asks to come back later.", 60.0)
    if error.status >= 500:
        return _lost(reason, writes=writes)
    if error.code in _NO_CARD:
        return CardGone(reason)
    if error.code in _NO_PLACE and error.status in (403, 404):
        return PlaceGone(reason)
    gone = error.status == 404 and error.code in _GONE
    if error.code not in _UNREACHABLE and (error.status in (401, 403) or gone):
        return AuthExpired(reason)
    return Permanent(reason)


def _closed(code: int | None) -> AdapterError:
    """Why the gateway let us go."""
    if code in _FINAL:
        return AuthExpired(f"Discord's gateway refuses us: {code}.")
    return Transient(f"Discord's gateway let us go: {code}.")


def _lost(reason: str, *, writes: bool) -> AdapterError:
    return OutcomeUnknown(reason) if writes else Transient(reason)
