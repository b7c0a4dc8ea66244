"""Socket Mode: acknowledged after it is done, delivered again when it was not, connected again when it ended."""

import asyncio
import time

import pytest

from bot.core import messages as m
from bot.core.errors import AuthExpired, Transient
from tests.contract.slack_side import EMOJI, USERS, SlackSide
from tests.unit.slack.conftest import Open


async def shown(side: SlackSide) -> tuple[str, str]:
    ticket = side.world.comment()
    await side.chat.post(side.room, side.world.card_now(ticket))
    return ticket, side.snapshot(ticket).wording["ts"]


async def test_an_envelope_is_acknowledged_after_the_commit(side: SlackSide) -> None:
    _, ts = await shown(side)
    order: list[str] = []
    submit = side.world.submit

    async def slow(command: m.Command) -> m.Outcome:
        await asyncio.sleep(0.2)
        order.append("committed")
        return await submit(command)

    side.world.submit = slow  # type: ignore[method-assign]
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], ts))
    order.append("acknowledged")
    assert order == ["committed", "acknowledged"]


async def test_one_that_is_slow_does_not_hold_up_the_others(side: SlackSide) -> None:
    _, ts = await shown(side)
    submit = side.world.submit
    gate = asyncio.Event()

    async def slow(command: m.Command) -> m.Outcome:
        if command.by == "luis":
            await gate.wait()
        return await submit(command)

    side.world.submit = slow  # type: ignore[method-assign]
    first = asyncio.create_task(
        side.slack.deliver("events_api", side.slack.event(side.slack.reaction(USERS["luis"], EMOJI["claim"], ts)))
    )
    await asyncio.sleep(0.05)
    await side.slack.deliver("events_api", side.slack.event(side.slack.reaction(USERS["eva"], EMOJI["claim"], ts)))
    assert [wish.by for wish in side.world.submitted] == ["eva"]
    gate.set()
    await first


async def test_what_fails_is_not_acknowledged_and_comes_again(side: SlackSide) -> None:
    ticket, ts = await shown(side)
    submit, failures = side.world.submit, [1]

    async def shaky(command: m.Command) -> m.Outcome:
        if failures:
            failures.pop()
            raise RuntimeError("the database is away")
        return await submit(command)

    side.world.submit = shaky  # type: ignore[method-assign]
    await side.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], ts))
    assert len(side.world.decided(ticket)) == 1


@pytest.mark.parametrize("how", ["refresh", "hang_up"])
async def test_a_connection_that_ends_in_the_middle_of_work_is_replaced(side: SlackSide, how: str) -> None:
    ticket, ts = await shown(side)
    submit = side.world.submit

    async def slow(command: m.Command) -> m.Outcome:
        await asyncio.sleep(0.3)
        return await submit(command)

    side.world.submit = slow  # type: ignore[method-assign]
    event = side.slack.event(side.slack.reaction(USERS["luis"], EMOJI["approve"], ts))
    delivery = asyncio.create_task(side.slack.deliver("events_api", event, within=20))
    await asyncio.sleep(0.1)
    await getattr(side.slack, how)()
    await delivery
    assert side.slack.opened >= 2
    assert len(side.world.decided(ticket)) == 1


async def test_a_dead_app_token_is_told_at_once(open_side: Open) -> None:
    side = await open_side()
    await side.disconnect()
    side.slack.dead_app_token = "invalid_auth"
    with pytest.raises(AuthExpired, match="invalid_auth"):
        await side.chat.listen(side.world, side.world)


async def test_a_slack_that_is_away_is_transient(side: SlackSide) -> None:
    await side.disconnect()
    await side.slack.stop()
    with pytest.raises(Transient):
        await side.chat.listen(side.world, side.world)


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
async def test_an_app_that_was_removed_ends_the_listening_loudly(side: SlackSide, event: str) -> None:
    await side.event({"type": event, "tokens": {"bot": ["U0BOT"]}})
    assert side._task is not None
    with pytest.raises(AuthExpired, match=event):
        await asyncio.wait_for(side._task, 5)


async def test_stopping_takes_no_time(side: SlackSide) -> None:
    began = time.monotonic()
    await side.disconnect()
    assert time.monotonic() - began < 1.0
