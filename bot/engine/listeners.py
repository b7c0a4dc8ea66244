"""Keeps every adapter listening: one that fails is started again with back-off, reported, and delays no other."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot import logs
from bot.core.errors import AuthExpired, Transient
from bot.engine.backoff import asked_for, delay
from bot.store import tables as t
from bot.store.errors import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.core.ports import Network, TeamChat
    from bot.engine.accounts import Accounts
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader

STEADY = 30.0
"""Seconds of work after which a failure counts as the first one again."""
LONGEST = 60.0
PROOF = 1.0
"""Seconds of listening after which a part counts as working."""
log = logs.get(__name__)


async def keep_going(part: str, once: Callable[[float], Awaitable[None]], accounts: Accounts) -> None:
    """Run `once` again and again, whatever it raises, until cancelled.

    It is told after how many seconds it counts as working: after a failure only once it is steady, else one that
    works for a moment and fails again would have people told each time.
    """
    failures = 0
    while True:
        loop = asyncio.get_running_loop()
        began = loop.time()
        pause: float | None = None
        try:
            await once(STEADY if failures else PROOF)
            detail, dead = "stopped listening", False
        except AuthExpired as error:
            detail, dead, pause = error.reason, True, LONGEST
        except Transient as error:
            detail, dead, pause = error.reason, False, error.retry_after
        except Exception as error:
            log.exception("adapter.failed", part=part)
            detail, dead = f"{type(error).__name__}: {error}", False
        failures = 1 if loop.time() - began > STEADY else failures + 1
        try:
            await accounts.failed(part, detail, dead_token=dead)
        except DatabaseTrouble as error:
            log.warning("account.not_noted", part=part, problem=error.problem)
        except Exception:
            # The database may be what fails: that must not end the process.
            log.exception("account.not_noted", part=part)
        wait = delay(failures - 1, cap=LONGEST) if pause is None else asked_for(pause)
        await asyncio.sleep(wait.total_seconds())
        accounts.restarts(part)


@contextlib.asynccontextmanager
async def _proving(works: Callable[[], Awaitable[None]], after: float) -> AsyncIterator[None]:
    """Say that a part works once it has listened for a moment: one that fails at once must not flap."""

    async def prove() -> None:
        await asyncio.sleep(after)
        try:
            await works()
        except DatabaseTrouble as error:
            log.warning("account.not_noted", problem=error.problem)
        except Exception:
            log.exception("account.not_noted")

    proof = asyncio.create_task(prove())
    try:
        yield
    finally:
        proof.cancel()


async def listen_network(
    account: str, network: Network, engine: Engine, reader: StoreReader, accounts: Accounts
) -> None:
    """Check the account, then listen from its cursor on, for ever."""
    part = f"network:{account}"

    async def once(proof: float) -> None:
        found = await network.check()
        cursor = await reader.ask(
            lambda conn: conn.execute(select(t.cursors.c.value).where(t.cursors.c.account == account)).scalar()
        )
        works = functools.partial(accounts.works, part, checked=found)
        async with _proving(works, proof):
            await network.listen(engine.intake_of(account), cursor)

    await keep_going(part, once, accounts)


async def listen_chat(chat_id: str, chat: TeamChat, engine: Engine, reader: StoreReader, accounts: Accounts) -> None:
    """Let people's decisions in, for ever."""
    part = f"chat:{chat_id}"

    async def once(proof: float) -> None:
        async with _proving(functools.partial(accounts.works, part), proof):
            await chat.listen(engine.intake_of(chat_id), reader)

    await keep_going(part, once, accounts)
