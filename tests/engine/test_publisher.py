"""Between a yes and the network: everything that may happen meanwhile, and who is told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.messages import Approve, Crisis, Done, Edit, ItemArrived, Pause, Refused, Resume, Undo
from bot.core.types import Gone, Item, ReplyState, Role
from bot.engine import backoff
from bot.engine.team import sync_team
from bot.store import tables as t
from tests.engine.model_network import Answer, ModelNetwork
from tests.support.engine_world import WALL, World

S = ReplyState


async def approved(world: World, network: ModelNetwork, native_id: str = "a", text: str = "The soup was cold") -> str:
    """A ticket whose draft one person has approved (two where it is critical)."""
    await world.arrive(network.write(native_id, text, thread_key=native_id))
    ticket = await world.ticket_of(native_id)
    await world.approve(ticket)
    return ticket


async def voided(world: World, ticket: str) -> list[object]:
    """Why approvals of this ticket fell."""
    return [line.data["because"] for line in (await world.card(ticket)).log if line.type == "ApprovalVoided"]


async def told(world: World) -> str:
    await world.work_on(world.worker(), 60)
    return "\n".join(text for _, text in world.chat.said)


async def test_exactly_what_was_approved_stands_under_the_right_comment(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"), network.write("b", "And the tea", thread_key="t2"))
    ticket = await world.ticket_of("b")
    text = "Lo sentimos, Carla:\n\n   la sopa… «hoy» 🍲 invitamos  \u2014 ^Ana"
    await world.wish(Edit(by="ada", via="desk", ticket=ticket, text=text))
    await world.approve(ticket)
    await world.work_on(world.worker())
    assert [(post.target, post.text) for post in network.posts] == [("b", text)]


async def test_nothing_goes_out_before_the_undo_window_ends(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    worker = world.worker()
    await world.work_on(worker, 9.9)
    assert network.calls == []
    await world.work_on(worker, 0.3)
    assert await world.state(ticket) is S.PUBLISHED


async def test_an_undo_in_the_window_stops_it(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    worker = world.worker()
    await world.work_on(worker, 5)
    await world.wish(Undo(by="pia", via="desk", ticket=ticket))
    await world.work_on(worker)
    assert (network.calls, await world.state(ticket)) == ([], S.PROPOSED)


async def test_a_yes_after_an_undo_has_a_window_of_its_own(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    worker = world.worker()
    world.clock.move(9)
    await world.wish(Undo(by="luis", via="desk", ticket=ticket))
    await world.approve(ticket)
    await world.work_on(worker, 9)
    assert network.calls == []
    await world.work_on(worker, 2)
    assert len(network.under("a")) == 1


def many(answer: Answer, times: int) -> list[Answer]:
    """The same answer again and again."""
    return [answer] * times


Twist = Callable[[World, ModelNetwork, str], Awaitable[Any]]


async def _edit(world: World, network: ModelNetwork, ticket: str) -> None:
    network.edit("a", "The soup was wonderful")


async def _remove(world: World, network: ModelNetwork, ticket: str) -> None:
    network.remove("a")


async def _go_on(world: World, network: ModelNetwork, ticket: str) -> None:
    network.write("a2", "And my coat is gone", thread_key="a", parent="a")


async def _by_hand(world: World, network: ModelNetwork, ticket: str) -> None:
    network.by_hand("a", "We called you, all is well now.")


async def _crisis(world: World, network: ModelNetwork, ticket: str) -> None:
    assert isinstance(await world.wish(Crisis(by="ana", via="desk", on=True, topic="soup")), Done)


TWISTS: list[tuple[Twist, str]] = [
    (_edit, "item_edited"),
    (_remove, "item_removed"),
    (_go_on, "new_message"),
    (_crisis, "quorum_raised"),
]


@pytest.mark.parametrize("moment", ["before", "at the last moment"])
@pytest.mark.parametrize(("twist", "because"), TWISTS, ids=[because for _, because in TWISTS])
async def test_what_changes_before_the_call_voids_the_yes(
    world: World, network: ModelNetwork, twist: Twist, because: str, moment: str
) -> None:
    ticket = await approved(world, network)
    if moment == "before":
        await twist(world, network, ticket)
    else:
        await during_the_last_reading(network, lambda: twist(world, network, ticket))
    await world.work_on(world.worker())
    assert (network.calls, await world.state(ticket)) == ([], S.PROPOSED)
    assert await voided(world, ticket) == [because]
    assert "approval" in (await told(world)).lower()


async def during_the_last_reading(network: ModelNetwork, twist: Callable[[], Awaitable[Any]]) -> None:
    """Let it happen while the engine reads the comment for the last time, just before it would read it."""
    current = network.current

    async def twisted(item: Any) -> Any:
        network.current = current  # type: ignore[method-assign]
        await twist()
        return await current(item)

    network.current = twisted  # type: ignore[method-assign]


async def test_an_answer_by_hand_found_at_the_last_moment_withdraws_ours(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    await _by_hand(world, network, ticket)
    await world.work_on(world.worker())
    assert (network.calls, await world.state(ticket)) == ([], S.WITHDRAWN)
    assert "AnsweredElsewhere" in await world.facts(ticket)


async def test_an_approval_runs_out_while_the_account_cannot_speak(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    network.say("a", *many("dead", 3000))
    worker = world.worker()
    await world.work_on(worker, 1800)
    assert await world.state(ticket) is S.APPROVED
    world.clock.move(24 * 3600)
    await world.work_on(worker, 1800)
    assert (network.under("a"), await world.state(ticket)) == ([], S.PROPOSED)
    assert await voided(world, ticket) == ["expired"]


async def test_a_dead_token_is_told_once_and_its_recovery_too(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    network.say("a", *many("dead", 5))
    worker = world.worker()
    await world.work_on(worker, 600)
    assert await world.state(ticket) is S.PUBLISHED
    log = [row.type for row in await world.rows(select(t.events.c.type)) if row.type.startswith("Account")]
    assert log == ["AccountFailed", "AccountRecovered"]
    assert await world.lights(WALL) == ["ok"]


async def test_a_dead_token_is_told_even_where_it_was_failing_before(world: World, network: ModelNetwork) -> None:
    await approved(world, network)
    network.say("a", *many("busy", 6), *many("dead", 3))
    await world.work_on(world.worker(), 600)
    told = [row.data for row in await world.rows(select(t.events.c.data).where(t.events.c.type == "AccountFailed"))]
    assert [data["state"] for data in told] == ["failing", "auth"]


async def test_whoever_leaves_the_team_takes_the_yes_along(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    parts = replace(world.parts, people=tuple(p for p in world.parts.people if p.id != "luis"))
    await world.engine.work(lambda work: sync_team(work, parts))
    await world.work_on(world.worker())
    assert (network.calls, await world.state(ticket)) == ([], S.PROPOSED)


async def test_whoever_may_not_approve_any_more_does_not_count(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    people = tuple(replace(p, role=Role.AGENT) if p.id == "luis" else p for p in world.parts.people)
    await world.engine.work(lambda work: sync_team(work, replace(world.parts, people=people)))
    await world.work_on(world.worker())
    assert (network.calls, await world.state(ticket)) == ([], S.PROPOSED)


@pytest.mark.parametrize("moment", ["before", "at the last moment", "after a lost answer", "before a resend"])
async def test_a_pause_stops_and_a_resume_sends(world: World, network: ModelNetwork, moment: str) -> None:
    ticket = await approved(world, network)
    worker = world.worker()

    async def pause() -> None:
        assert isinstance(await world.wish(Pause(by="ada", via="desk", reason="look first")), Done)

    if moment == "before":
        await pause()
    elif moment == "at the last moment":
        await during_the_last_reading(network, pause)
    else:
        network.say("a", "lost")
        await world.work_on(worker, 10.2)
        await (pause() if moment == "after a lost answer" else during_the_last_reading(network, pause))
        await world.work_on(worker, 60)
    calls = len(network.calls)
    await world.work_on(worker, 7200)
    assert len(network.calls) == calls
    assert network.under("a") == []
    assert isinstance(await world.wish(Resume(by="ana", via="desk")), Done)
    await world.work_on(worker, 7200)
    assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)


async def test_while_paused_the_team_is_still_shown_what_comes(world: World, network: ModelNetwork) -> None:
    await world.wish(Pause(by="ada", via="desk"))
    await world.arrive(network.write("a"))
    await world.work_on(world.worker())
    assert len(world.chat.cards) == 1


async def test_after_a_throttled_call_the_lane_is_left_alone_as_long_as_asked(
    world: World, network: ModelNetwork
) -> None:
    for name in "abcde":
        await approved(world, network, name)
    network.say("a", "busy")
    network.retry_after = 300
    worker = world.worker()
    await world.work_on(worker, 200)
    assert len(network.calls) == 1
    await world.work_on(worker, 400)
    assert {post.target for post in network.posts} == set("abcde")
    assert len(network.posts) == 5


@pytest.mark.parametrize("asked", [0.0, -5.0, float("nan"), float("inf"), 1e300])
def test_a_pause_asked_for_stays_within_reason(asked: float) -> None:
    assert timedelta(seconds=1) <= backoff.asked_for(asked) <= timedelta(days=1)


async def test_a_server_that_says_come_back_at_once_is_not_hammered(world: World, network: ModelNetwork) -> None:
    network.retry_after = 0.0
    network.say("a", *many("busy", 500))
    await approved(world, network)
    await world.work_on(world.worker(), 30)
    assert len(network.calls) <= 21


async def test_simultaneous_approvals_of_several_people_publish_once(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    wishes = [Approve(by=who, via=via, ticket=ticket) for who in ("luis", "pia", "ana") for via in ("desk", "cli")]
    outcomes = await asyncio.gather(*(world.wish(wish) for wish in wishes))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Done"] + ["Refused"] * 5
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, Refused)} == {"already_decided"}
    await world.work_on(world.worker())
    assert len(network.calls) == len(network.under("a")) == 1


async def test_two_are_needed_for_what_is_critical_and_one_person_twice_is_not_two(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network, text="There is danger")
    assert isinstance(await world.wish(Approve(by="luis", via="cli", ticket=ticket)), Refused)
    worker = world.worker()
    await world.work_on(worker)
    assert network.calls == []
    await world.approve(ticket, "pia")
    await world.work_on(worker)
    assert len(network.under("a")) == 1


async def test_an_account_that_is_not_configured_any_more_is_said_and_waits(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    world.parts.networks.pop(WALL)  # type: ignore[attr-defined]
    worker = world.worker()
    await world.work_on(worker, 900)
    assert await world.state(ticket) is S.APPROVED
    assert await world.lights(WALL) == ["warn"]
    world.parts.networks[WALL] = network  # type: ignore[index]
    await world.work_on(worker, 900)
    assert len(network.under("a")) == 1


async def test_what_a_network_answers_is_stored_whatever_it_is_made_of(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    publish = network.publish

    async def odd(reply: Any) -> Any:
        answer: Any = await publish(reply)
        return replace(answer, url="https://example.org/\ud800\x00")

    network.publish = odd  # type: ignore[method-assign]
    await world.work_on(world.worker())
    assert await world.state(ticket) is S.PUBLISHED


async def test_an_item_that_comes_back_after_it_had_gone_can_be_answered(world: World, network: ModelNetwork) -> None:
    item = network.write("a")
    await world.arrive(item)
    ticket = await world.ticket_of("a")
    network.remove("a")
    await world.approve(ticket)
    worker = world.worker()
    await world.work_on(worker)
    assert isinstance(await world.wish(Approve(by="luis", via="desk", ticket=ticket)), Refused)
    network.comments["a"] = item
    await world.emit(ItemArrived(item=item, fresh=True))
    await world.approve(ticket)
    await world.work_on(worker)
    assert len(network.under("a")) == 1


async def test_a_lane_that_is_told_to_end_as_the_network_answers_sends_nothing(
    world: World, network: ModelNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await approved(world, network)
    world.clock.move(11)
    worker = world.worker()
    await worker._claim()
    lane = worker.lanes.busy[f"network:{WALL}"]
    current = network.current

    async def answering(item: Item) -> Item | Gone:
        lane.cancel()
        return await current(item)

    monkeypatch.setattr(network, "current", answering)
    await asyncio.wait([lane])
    assert lane.cancelled()
    assert (network.calls, await world.state(ticket)) == ([], S.APPROVED)
