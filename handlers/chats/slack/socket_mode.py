"""Socket Mode: Slack's events over a WebSocket that we open, so that no address of ours has to be public.

Each envelope is worked on by a task of its own, because the library hands them over one after another, and is
acknowledged when its listener is through. Slack delivers again what was not: see
docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import logs
from bot.core.errors import AuthExpired, Transient
from handlers.chats.slack.house import House
from handlers.chats.slack.wire import QUIET

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient

log = logs.get(__name__)
CONNECT = 20.0
CLOSE = 3.0
DOWN = 45.0
"""Seconds without a connection after which people are told; the library keeps trying all the while."""
LOOK = 2.0
AT_ONCE = 50


async def listen(app: AsyncApp, house: House, app_token: str) -> None:
    """Take events in until cancelled. Raises AuthExpired or Transient when Slack does not let us, or goes away."""
    opened = await house.wire.call("apps.connections.open", token=app_token)
    client = SocketModeClient(app_token=app_token, logger=QUIET, web_client=house.wire.client, ping_interval=5)
    room = asyncio.Semaphore(AT_ONCE)
    working: set[asyncio.Task[None]] = set()

    def done(task: asyncio.Task[None]) -> None:
        working.discard(task)
        room.release()

    async def take(of: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        await room.acquire()
        task = asyncio.create_task(_work(app, house, of, request))
        working.add(task)
        task.add_done_callback(done)

    client.socket_mode_request_listeners.append(take)
    client.wss_uri = str(opened.get("url") or "")
    try:
        try:
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes as the connection stands.
            async with asyncio.timeout(CONNECT):
                await client.connect()  # type: ignore[no-untyped-call]
        except TimeoutError:
            raise Transient("Slack's socket does not open") from None
        await _watch(client, house)
    finally:
        if working:
            await asyncio.wait(set(working), timeout=3.0)
        await _close(client)


async def _close(client: SocketModeClient) -> None:
    """End it for good: the library may be connecting again this very moment, and waits for nothing that it cancels."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(CLOSE):
            await client.close()  # type: ignore[no-untyped-call]
    left = [client.message_processor, client.current_session_monitor, client.message_receiver]
    tasks = [task for task in left if task is not None]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=CLOSE)
    await client.aiohttp_client_session.close()


async def _work(app: AsyncApp, house: House, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    try:
        answer = await run_async_bolt_app(app, request)
        await send_async_response(client, request, answer, 0.0)
    except Exception:
        # Not acknowledged: it comes again, on this connection or the next one.
        log.exception("slack.envelope_failed", chat=house.config.id)


async def _watch(client: SocketModeClient, house: House) -> None:
    """Wait; raise when the app was removed or the connection stays away."""
    clock = asyncio.get_running_loop().time
    seen = clock()
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await house.dead.wait()
        if house.dead.is_set():
            house.dead.clear()
            raise AuthExpired(house.why_dead)
        if await client.is_connected():
            seen = clock()
        elif clock() - seen > DOWN:
            raise Transient("the connection to Slack is lost")
