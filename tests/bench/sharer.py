"""One process of several that carry out a backlog: `python -m tests.bench.sharer ADDRESS FOLDER ACCOUNTS`.

It is the product's engine, worker, clock and sharing, with the slow outside of `outside.py` in place of real accounts.
It says `ready` when it works, and ends on SIGTERM.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.core.routing import Route
from bot.core.rules import Rules
from bot.core.types import Person, Role, Room
from bot.engine.parts import Parts
from bot.engine.run import Bot
from bot.store.engine import Database
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import Prompts
from tests.bench.outside import SlowChat, SlowNetwork

ACCOUNTS = ("shop", "forum", "reviews")
"""What a team may speak for; each has a room of its own in the team's chat."""


def parts_of(folder: Path, accounts: int, undo: timedelta = timedelta(0)) -> Parts:
    """What a team with so many of them runs with."""
    names = ACCOUNTS[:accounts]
    return Parts(
        classifier=RuleClassifier(),
        drafter=OfflineDrafter(Prompts()),
        rules=Rules(undo=undo),
        networks={name: SlowNetwork(name, folder / "posts") for name in names},
        network_types=dict.fromkeys(names, "slow"),
        chats={"chat": SlowChat(folder / "calls")},
        rooms=tuple(Room(id=f"room-{name}", chat="chat") for name in names),
        routes=tuple(Route(room=f"room-{name}", account=name) for name in names),
        people=(
            Person(id="ana", name="Ana", role=Role.LEAD),
            Person(id="luis", name="Luis", role=Role.APPROVER),
        ),
    )


async def _work(address: str, folder: Path, accounts: int) -> None:
    database = Database.open(address)
    parts = parts_of(folder, accounts)
    parts.classifier.assess("Se carga el modelo de idiomas, que no se mide aquí.")
    bot = Bot(database, parts, folder)
    await bot.recover()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("ready", flush=True)
    await bot.run(stop)
    database.close()


if __name__ == "__main__":
    logs.configure(level="warning", format="text", secrets=())
    asyncio.run(_work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
