"""HTTP mode: signed requests, and nobody else's."""

import json
import time
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from bot.core import messages as m
from tests.contract.slack_side import EMOJI, USERS, SlackSide, texts
from tests.support.slack_fake import SIGNING, signed
from tests.unit.slack.conftest import Open

WHERE = "/slack/slack"


@pytest.fixture
async def side(open_side: Open) -> SlackSide:
    return await open_side(mode="http")


def web(side: SlackSide) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(Starlette(routes=side.chat.routes()))
    return httpx2.AsyncClient(transport=transport, base_url="http://bot.example")


async def send(side: SlackSide, kind: str, payload: dict[str, Any], **how: Any) -> httpx2.Response:
    body, headers = signed(kind, payload, **how)
    async with web(side) as client:
        answer = await client.post(WHERE, content=body.encode(), headers=headers)
    await side.quiet()
    return answer


async def shown(side: SlackSide) -> tuple[str, dict[str, Any]]:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket, side.slack.event(
        side.slack.reaction(USERS["luis"], EMOJI["approve"], side.snapshot(ticket).wording["ts"])
    )


async def test_slack_is_let_in(side: SlackSide) -> None:
    ticket, event = await shown(side)
    assert (await send(side, "events_api", event)).status_code == 200
    assert [decision.person for decision in side.world.decided(ticket)] == ["luis"]


async def test_the_address_is_verified_as_slack_wants(side: SlackSide) -> None:
    answer = await send(side, "events_api", {"type": "url_verification", "token": "x", "challenge": "abc"})
    assert json.loads(answer.text)["challenge"] == "abc"


@pytest.mark.parametrize("how", [{"secret": "guess"}, {"at": time.time() - 3600}, {"at": time.time() + 3600}])
async def test_others_and_old_requests_are_not(side: SlackSide, how: dict[str, Any]) -> None:
    _, event = await shown(side)
    assert (await send(side, "events_api", event, **how)).status_code == 401
    assert side.world.submitted == []


async def test_a_changed_body_is_not(side: SlackSide) -> None:
    _, event = await shown(side)
    body, headers = signed("events_api", event, secret=SIGNING)
    async with web(side) as client:
        answer = await client.post(WHERE, content=body.replace("U0LUIS", "U0ANA").encode(), headers=headers)
        bare = await client.post(WHERE, content=body.encode())
        huge = await client.post(WHERE, content=b"x" * (2 << 20), headers=headers)
    assert (answer.status_code, bare.status_code, huge.status_code) == (401, 401, 413)
    assert side.world.submitted == []


async def test_while_nobody_listens_slack_has_to_come_again(side: SlackSide) -> None:
    ticket, event = await shown(side)
    await side.disconnect()
    assert (await send(side, "events_api", event)).status_code == 503
    await side.connect()
    assert (await send(side, "events_api", event)).status_code == 200
    assert len(side.world.decided(ticket)) == 1


async def test_what_fails_is_answered_as_failed(side: SlackSide) -> None:
    _, event = await shown(side)

    async def away(command: m.Command) -> m.Outcome:
        raise RuntimeError("the database is away")

    side.world.submit = away  # type: ignore[method-assign]
    assert (await send(side, "events_api", event)).status_code == 500


async def test_commands_presses_and_forms_come_the_same_way(side: SlackSide) -> None:
    ticket, _ = await shown(side)
    answer = await send(side, "slash_commands", side.slack.slash(USERS["luis"], f"claim {ticket}"))
    assert "You are on it" in "".join(texts(json.loads(answer.text)["blocks"]))
    await send(side, "interactive", side.body(USERS["luis"], "edit", side.snapshot(ticket)))
    view = side.slack.views[-1]
    submission = side.slack.submission(USERS["luis"], view, {"text": "My words."})
    assert (await send(side, "interactive", submission)).status_code == 200
    assert side.world.card_now(ticket).line.draft == "My words."


async def test_the_socket_is_left_alone(side: SlackSide) -> None:
    assert side.slack.calls["apps.connections.open"] == 0
    assert side.chat.everywhere is True


async def test_in_socket_mode_there_is_no_address(open_side: Open) -> None:
    other = await open_side()
    assert other.chat.routes() == []
    assert other.chat.everywhere is False
