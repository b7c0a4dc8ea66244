"""Slack under the contract of team chats, over an emulator that this project did not write; scopes are enforced.

The emulator knows no slash commands, presses, forms sent, mentions, and no guests: those come as signed requests of
ours, and the person from outside is one whom nobody gave a role.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from bot.reports.digest import compose, pictured
from handlers.chats.slack.adapter import SlackChat
from tests.contract.chat_side import ChatSide
from tests.contract.chat_suite import ChatContract
from tests.contract.chat_world import TEAM
from tests.contract.slack_side import EMOJI, SlackSide, texts
from tests.reports.test_digest import BUSY
from tests.support.slack_emulated import EmulatedSlack, Emulator

pytestmark = pytest.mark.servers
SHOWN_BY_THE_FAKE = {
    # The emulator has no limits to run into and takes no token back; its side here deletes nothing.
    "test_a_card_that_somebody_took_away_is_known_as_such_and_shown_anew",
    "test_a_rate_limit_says_how_long_and_then_it_is_said_once",
    "test_a_dead_token_is_told_as_such_whatever_was_wished",
    # What is typed, and who presses twice, is ours to send: the emulator would add nothing.
    "test_every_command_reaches_the_core",
    "test_two_people_make_a_quorum_of_two_and_one_person_twice_does_not",
    # There is one of its own below.
    "test_a_digest_is_said_once_with_its_parts_its_details_and_its_picture",
}


class EmulatedSide(SlackSide):
    """The adapter in HTTP mode beside the emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.slack: EmulatedSlack = EmulatedSlack(emulator)
        self.users = {person.id: emulator.users[person.id] for person in TEAM}
        self.outsider = emulator.users["olga"]
        self._reacted = {}
        self._task = None
        self._furnish({"mode": "http", "default_role": None})

    async def connect(self) -> None:
        await super().connect()
        transport = httpx2.ASGITransport(Starlette(routes=self.chat.routes()))

        async def post(body: str, headers: dict[str, str]) -> tuple[int, bytes]:
            async with httpx2.AsyncClient(transport=transport, base_url="http://bot") as client:
                answer = await client.post("/slack/slack", content=body.encode(), headers=headers)
                return answer.status_code, answer.content

        self.slack.post = post

    async def react(self, user: str, verb: str, ts: str) -> None:
        await self.slack.react(user, EMOJI[verb], ts)
        await self.quiet()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    made = Emulator((*(person.id for person in TEAM), "olga"))
    yield made
    made.stop()


class TestEmulatedSlack(ChatContract):
    adapter = "slack"
    chat = SlackChat

    @pytest.fixture
    async def side(self, emulator: Emulator, request: pytest.FixtureRequest) -> AsyncIterator[ChatSide]:
        if request.node.originalname in SHOWN_BY_THE_FAKE:
            pytest.skip("the fake has shown it")
        side: Any = EmulatedSide(emulator)
        await side.start()
        yield side
        await side.stop()

    async def test_a_digest_arrives_once_with_its_details_and_picture_in_the_thread(self, side: EmulatedSide) -> None:
        digest = replace(pictured(compose(BUSY, "es", "https://bot.example/desk")), key="digest:team:2026-11-21")
        for _ in range(2):
            await side.chat.say(side.room, digest)
        [root] = side.slack.threads()
        below = [one for one in side.slack.messages() if one.get("thread_ts") == root["ts"] != one["ts"]]
        assert "Han llegado 42 comentarios" in "".join(texts(root["blocks"]))
        assert "5ea1" * 16 in "".join(text for message in below for text in texts(message.get("blocks") or []))
        shared = [file for message in side.slack.messages() for file in message.get("files") or []]
        assert [file["name"] for file in shared] == ["digest-2026-11-20.png"]
