"""Reactions over signed HTTP, beside a bare slack-bolt app that writes one row for each, equally durable.

The two take turns, so that whatever else the machine does slows both down.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import insert
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.core.types import Person, Role, Room
from bot.engine.parts import utc_now
from bot.engine.reader import StoreKeep
from bot.store import people
from bot.store import tables as t
from bot.store.engine import Database
from handlers.chats.slack import Config, create
from handlers.chats.slack.wire import QUIET
from tests.bench.comments import comments
from tests.bench.floors import content_rows
from tests.bench.house import House, arrivals, fresh_database, house
from tests.bench.show import held, rate, spread, table
from tests.support.slack_fake import APP_TOKEN, BOT_TOKEN, BOT_USER, SIGNING, TEAM, FakeSlack, signed

EVENTS = 300
AT_ONCE = 20
ROUNDS = 6
WANTED = 1 / 2
LUIS = Person(id="luis", name="Luis", role=Role.APPROVER, identities=frozenset({("slack", "U0LUIS")}))
Requests = Sequence[tuple[str, dict[str, str]]]


@dataclass
class Sender:
    """Sends signed requests to one of the two; what that took, in seconds, altogether and for each."""

    app: Starlette
    path: str
    seconds: float = 0.0
    processor: float = 0.0
    each: list[float] = field(default_factory=list)

    async def send(self, requests: Requests) -> None:
        """So many at a time."""
        gate = asyncio.Semaphore(AT_ONCE)
        transport = httpx2.ASGITransport(self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://bot") as client:

            async def one(body: str, headers: dict[str, str]) -> None:
                async with gate:
                    began = time.perf_counter()
                    answer = await client.post(self.path, content=body.encode(), headers=headers)
                    self.each.append(time.perf_counter() - began)
                    assert answer.status_code == 200, answer.text

            began, worked = time.perf_counter(), time.process_time()
            await asyncio.gather(*(one(*request) for request in requests))
            self.seconds += time.perf_counter() - began
            self.processor += time.process_time() - worked

    def forget(self) -> None:
        """What was sent so far was for warming up."""
        self.seconds = self.processor = 0.0
        self.each.clear()

    def remark(self, what: str) -> str:
        """Beside the rate."""
        return f"{what}; {spread(self.each)}; {self.processor / len(self.each) * 1000:.1f} ms of processor each"


async def measure(folder: Path) -> None:
    """Print the figures."""
    with fresh_database(folder, "bare") as database, warnings.catch_warnings():
        warnings.simplefilter("default")  # slack-bolt's own way of making clients is not ours to mend
        async with house(folder, "slack") as opened, _listening(opened) as (app, requests):
            ours, bare = Sender(app, "/slack/slack"), Sender(_bare(database), "/slack/events")
            for sender in (ours, bare):
                await sender.send(requests[:1])
                sender.forget()
            for number in range(ROUNDS):
                for sender in (ours, bare):
                    await sender.send(requests[1:][number::ROUNDS])
    table(
        f"Slack over HTTP: {EVENTS} reactions, {AT_ONCE} at a time; signature, commit, answer",
        [
            ("ours", rate(EVENTS, ours.seconds), ours.remark("each is looked up, decided and logged")),
            ("floor: bare slack-bolt", rate(EVENTS, bare.seconds), bare.remark("one row for each")),
            ("", "", f"ours is {held(bare.seconds / ours.seconds, WANTED)}"),
        ],
    )


@asynccontextmanager
async def _listening(ours: House) -> AsyncIterator[tuple[Starlette, Requests]]:
    """A workspace that listens, and the requests: claims of as many tickets, and one more."""
    slack = FakeSlack()
    slack.add_user("U0LUIS")
    await slack.start()
    keep = StoreKeep(ours.database, "chat:slack", utc_now)
    secrets = {"APP": APP_TOKEN, "SIGNING": SIGNING}
    chat = create(
        Config(mode="http", base_url=slack.base_url, messages_per_second=10_000),
        data=ours.settings.data,
        base_url="",
        secret=BOT_TOKEN,
        secrets=secrets.get,
        keep=keep,
        people=(LUIS,),
        demo=False,
        brand="",
        trusted_proxies=(),
    )
    listening = asyncio.create_task(chat.listen(ours.engine.intake_of("slack"), ours.reader))
    try:
        await ours.engine.work(lambda work: people.sync(work.conn, [LUIS], work.now))
        places = await _posted(ours, chat.post)
        yield Starlette(routes=chat.routes()), _reactions(slack, places)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await chat.aclose()
        await slack.stop()


async def _posted(ours: House, post: Callable[..., Awaitable[Any]]) -> Sequence[str]:
    """Each ticket's card in Slack: where it stands."""
    await ours.engine.emit("wall", tuple(arrivals(comments(21, EVENTS + 1))), None)
    room = Room(id="inbox", chat="slack", native_id="C0INBOX")
    lines = await ours.reader.inbox(limit=EVENTS + 1)
    cards = await ours.reader.cards([line.id for line in lines])
    return [(await post(room, cards[line.id])).native.partition(":")[2] for line in lines]


def _reactions(slack: FakeSlack, places: Sequence[str]) -> Requests:
    return [signed("events_api", slack.event(slack.reaction("U0LUIS", "eyes", ts))) for ts in places]


def _bare(database: Database) -> Starlette:
    """What slack-bolt does by itself, and one commit for each event in a thread, so that the loop goes on."""
    row, numbers = content_rows(["x"])[0], itertools.count(1)

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT_USER, bot_token=BOT_TOKEN)

    app = AsyncApp(signing_secret=SIGNING, authorize=authorize, process_before_response=True, logger=QUIET, name="bare")

    def write(words: str) -> None:
        with database.begin() as conn:
            conn.execute(insert(t.contents).values(**{**row, "id": next(numbers), "text": words}))

    async def heard(event: dict[str, Any]) -> None:
        await asyncio.to_thread(write, str(event["event_ts"]))

    app.event("reaction_added")(heard)
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
