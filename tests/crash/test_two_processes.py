"""Two processes on one PostgreSQL share the work; whichever dies, nothing is lost and nothing is said twice."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.core.messages import Approve, Done, Edit
from bot.core.types import ReplyState
from bot.engine.engine import Engine
from bot.engine.sharing import living
from bot.settings import load
from bot.store import tables as t
from bot.store.audit import AuditReport, verify
from bot.store.engine import Database
from bot.wiring import build_parts, close_all
from tests.e2e.process import Portavoz, until
from tests.support.postgres import Server

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

# Its replies carry no key: whatever is sent twice stands there twice.
SETTINGS = """
undo_seconds = 0

[[networks]]
id = "wall"
type = "wall"
faults = true
idempotency = "lookup"
"""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class House:
    """A data folder, a database, two processes, and what was promised to people: texts by the comment's id."""

    folder: Path
    url: str
    dice: random.Random
    comments: dict[str, str] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        data = self.folder / "data"
        data.mkdir()
        (data / "portavoz.toml").write_text(SETTINGS)
        environ = {"PORTAVOZ_DATABASE_URL": self.url, "PORTAVOZ_LOG_LEVEL": "warning"}
        self.bots = [Portavoz(data, module="tests.crash.hasty", environ=dict(environ)) for _ in range(2)]
        # Each keeps a log of its own.
        for n, bot in enumerate(self.bots):
            bot.logs_name = f"logs-{n}"
        self.database = Database.open(self.url)
        self.parts = build_parts(load(data=data, environ=environ), self.database, chats=False)

    def close(self) -> None:
        for bot in self.bots:
            bot.close()
        asyncio.run(close_all(self.parts))
        self.database.close()

    # --- what people do -----------------------------------------------------------------------------------------

    def write(self) -> None:
        """A comment, through whichever process answers; repeated with its key until it is taken."""
        number = len(self.comments)
        text = f"The bread of order {number} was stale, and nobody answered my call about it."
        end = time.monotonic() + 30
        while True:
            bot = self.dice.choice(self.bots)
            try:
                answer = bot.post(f"Guest {number}", text, key=f"k{number}")
            except httpx.TransportError:
                assert time.monotonic() < end
                continue
            assert answer.status_code == 201, answer.text
            self.comments[answer.json()["id"]] = text
            return

    def approve(self) -> None:
        """A text of one's own in place of a draft that waits, and yes to it."""
        r, k, i = t.replies.c, t.tickets.c, t.items.c
        waiting = (
            select(k.id, r.revision, i.native_id)
            .join(t.tickets, k.id == r.ticket)
            .join(t.items, i.id == k.item)
            .where(r.state == ReplyState.PROPOSED.value)
        )
        with self.database.read() as conn:
            rows = [row for row in conn.execute(waiting) if row.native_id not in self.approved]
        if not rows:
            return
        row = self.dice.choice(rows)
        text = f"We are sorry about {row.id} and look into it now ({len(self.approved)})."
        asyncio.run(self._decide(row.id, row.revision, text))
        self.approved[row.native_id] = text

    async def _decide(self, ticket: str, revision: int, text: str) -> None:
        engine = Engine(self.database, self.parts)
        try:
            for wish in (
                Edit(by="ana", via="test", ticket=ticket, revision=revision, text=text),
                Approve(by="ana", via="test", ticket=ticket),
            ):
                outcome = await engine.submit(wish)
                assert isinstance(outcome, Done), outcome
        finally:
            await engine.writer.close()

    # --- what became of it --------------------------------------------------------------------------------------

    def ask(self, query: object) -> int:
        with self.database.read() as conn:
            return int(conn.execute(query).scalar_one())  # type: ignore[call-overload]

    def settled(self) -> bool:
        """Every comment is a ticket, and nothing is left to do."""
        i = t.items.c
        known = self.ask(select(func.count(i.native_id.distinct())).where(i.ours.is_(False)))
        return known == len(self.comments) and self.ask(select(func.count()).select_from(t.outbox)) == 0

    def living(self) -> int:
        with self.database.read() as conn:
            return living(conn, now())

    def audit(self) -> AuditReport:
        with self.database.read() as conn:
            return verify(conn)

    def assert_all_is_well(self) -> None:
        until(self.settled, within=60, what="everything to be settled")
        shown = {comment["id"]: comment for comment in self.bots[0].comments()}
        assert {name: comment["text"] for name, comment in shown.items()} == self.comments
        replies = {name: [reply["text"] for reply in comment["replies"]] for name, comment in shown.items()}
        assert {name: texts for name, texts in replies.items() if texts} == {
            name: [text] for name, text in self.approved.items()
        }
        with self.database.read() as conn:
            tickets = Counter(conn.execute(select(t.items.c.ticket).where(t.items.c.ours.is_(False))).scalars())
            cards = Counter(conn.execute(select(t.cards.c.ticket)).scalars())
        assert len(tickets) == len(self.comments)
        assert set(cards) == set(tickets)
        assert self.audit().sound, self.audit().problems


@pytest.fixture
def house(tmp_path: Path, postgres: Server) -> Iterator[House]:
    made = House(tmp_path, postgres.empty(), random.Random(20261121))
    try:
        yield made
    finally:
        made.close()


def test_two_processes_make_a_new_database_theirs_at_once_and_both_work(house: House) -> None:
    for bot in house.bots:
        bot.spawn()
    for bot in house.bots:
        bot.wait_ready()
    until(lambda: house.living() == 2, what="both to be known")
    for _ in range(6):
        house.write()
    until(house.settled)
    for _ in range(3):
        house.approve()
    house.assert_all_is_well()
    assert [bot.stop() for bot in house.bots] == [0, 0]
    assert house.living() == 0
    house.bots[0].start()


def test_whichever_process_is_killed_nothing_is_lost_and_nothing_is_said_twice(house: House) -> None:
    for bot in house.bots:
        bot.start()
    for _ in range(8):
        victim = house.dice.choice(house.bots)
        end = time.monotonic() + house.dice.uniform(0.2, 1.5)
        while time.monotonic() < end:
            house.write()
            house.approve()
        victim.kill()
        for _ in range(3):
            house.write()
            house.approve()
        victim.start()
    house.assert_all_is_well()
    assert len(house.approved) > 16


def test_the_other_process_goes_on_alone(house: House) -> None:
    for bot in house.bots:
        bot.start()
    for _ in range(3):
        house.write()
    until(house.settled)
    first, second = house.bots
    first.kill()
    house.bots = [second]
    for _ in range(3):
        house.write()
        house.approve()
    try:
        house.assert_all_is_well()
    finally:
        house.bots = [first, second]


def test_a_process_that_stood_still_and_wakes_up_says_nothing_again(house: House) -> None:
    for bot in house.bots:
        bot.start()
    for round_ in range(4):
        for _ in range(4):
            house.write()
        until(house.settled)
        for _ in range(4):
            house.approve()
        sleeper = house.bots[round_ % 2]
        time.sleep(house.dice.uniform(0, 0.1))
        os.kill(sleeper.pid, signal.SIGSTOP)
        try:
            time.sleep(5)  # longer than every lease
        finally:
            os.kill(sleeper.pid, signal.SIGCONT)
    house.assert_all_is_well()
