"""What was given up can be worked on: tried again, looked for again without being sent twice, or called done."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.errors import Permanent
from bot.core.messages import AddNote, Done, MarkDone, NotFound, Outcome, Pause, Refused, Retry, Settle
from bot.core.ports import Idempotency
from bot.core.types import Light, ReplyState
from bot.locale import explain
from bot.store import tables as t
from tests.engine.model_network import KINDS, Answer, ModelNetwork
from tests.engine.test_publisher import approved
from tests.support.engine_world import World, comment

S = ReplyState
RESEND = {"upsert", "client_id", "key_window", "content_dedupe", "lookup"}


async def failures(world: World) -> list[str]:
    return [one.id for one in await world.reader.letters()]


async def wish(world: World, command: Any, **more: Any) -> Outcome:
    return await world.wish(command(**({"by": "luis", "via": "desk"} | more)))


async def uncertain(world: World, network: ModelNetwork, *, kind: Idempotency, stands: bool) -> str:
    """A reply whose answer was lost, and that the engine has given up looking for."""
    network.kind = kind
    ticket = await approved(world, network)
    network.say("a", "posted_lost" if stands else "lost")
    await world.work_on(world.worker(), 10.2)
    publishing = t.replies.c.state == S.PUBLISHING.value

    def give_up(conn: Connection) -> None:
        values = {"state": S.UNCERTAIN.value, "problem": "answer_lost"}
        assert conn.execute(t.replies.update().where(publishing).values(values)).rowcount == 1
        conn.execute(t.outbox.delete().where(t.outbox.c.type == "publish"))

    await world.engine.writer.run(give_up)
    assert await world.state(ticket) is S.UNCERTAIN
    return ticket


async def dead_card(world: World) -> tuple[str, str]:
    """A ticket whose card the chat refuses, and the failure that this makes."""
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    world.chat.poison[ticket] = Permanent("no such channel")
    await world.work_on(world.worker(), 60)
    [found] = await failures(world)
    return ticket, found


# --- orders that were given up ----------------------------------------------------------------------------------------


async def test_a_card_that_was_refused_waits_and_is_shown_once_it_is_tried_again(world: World) -> None:
    ticket, failure = await dead_card(world)
    found = await world.reader.letter(failure)
    assert found is not None
    assert (found.code, found.ticket, found.reason) == ("dead_card", ticket, "no such channel")
    assert await world.lights("dead_letters") == ["red"]
    del world.chat.poison[ticket]
    outcome = await wish(world, Retry, about=failure, by="ada")
    assert outcome == Done(code="retried", params={"orders": 1, "replies": 0})
    await world.work_on(world.worker(), 60)
    assert len(world.chat.shown(ticket)) == 1
    assert await failures(world) == []
    assert await world.lights("dead_letters") == ["ok"]
    logged = await world.rows(select(t.events).where(t.events.c.type == "FailureRetried"))
    assert [(row.actor, row.data["via"]) for row in logged] == [("ada", "desk")]


@pytest.mark.parametrize("about", ["", "ticket"])
async def test_everything_or_everything_of_a_ticket_can_be_tried_again(world: World, about: str) -> None:
    ticket, _ = await dead_card(world)
    outcome = await wish(world, Retry, about=ticket if about else "")
    assert isinstance(outcome, Done)
    assert outcome.params["orders"] == 1
    await world.work_on(world.worker(), 60)
    assert len(await failures(world)) == 1, "it is refused again, and waits again"


async def test_what_a_person_took_care_of_is_not_tried_again_and_the_link_is_kept_with_the_ticket(world: World) -> None:
    ticket, failure = await dead_card(world)
    outcome = await wish(world, MarkDone, about=failure, note="posted by hand: https://chat.example/7")
    assert outcome == Done(code="failure_done", ticket=ticket, params={"failure": failure})
    assert await failures(world) == []
    assert await world.orders("card") == []
    card = await world.card(ticket)
    assert [(note.person, note.text) for note in card.notes] == [("luis", "posted by hand: https://chat.example/7")]
    assert isinstance(await wish(world, MarkDone, about=failure), NotFound)


async def test_an_approved_reply_that_was_given_up_is_not_simply_called_done(
    world: World, network: ModelNetwork
) -> None:
    ticket = await approved(world, network)
    await world.engine.writer.run(
        lambda conn: conn.execute(
            t.outbox.update().where(t.outbox.c.type == "publish").values(state="dead", problem="x")
        )
    )
    [failure] = await failures(world)
    found = await world.reader.letter(failure)
    assert found is not None
    assert (found.code, found.remedies) == ("dead_publish", ("retry",))
    outcome = await wish(world, MarkDone, about=failure)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "not_done_by_hand"
    await wish(world, Retry, about=failure)
    await world.work_on(world.worker(), 60)
    assert (await world.state(ticket), len(network.under("a"))) == (S.PUBLISHED, 1)


async def test_nothing_to_try_again_is_said_and_nothing_changes(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    for about in ("", ticket):
        outcome = await wish(world, Retry, about=about)
        assert isinstance(outcome, Refused)
        assert outcome.reason == "nothing_to_retry"
    assert await wish(world, Retry, about="ZZZZ") == NotFound(what="ticket", id="ZZZZ")
    assert await wish(world, Retry, about="E999") == NotFound(what="failure", id="E999")
    assert await wish(world, MarkDone, about="E999") == NotFound(what="failure", id="E999")


# --- replies of unknown fate ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_retrying_finds_what_stands_there_and_sends_nothing(
    world: World, network: ModelNetwork, kind: Idempotency
) -> None:
    ticket = await uncertain(world, network, kind=kind, stands=True)
    calls = len(network.calls)
    outcome = await wish(world, Retry, about=ticket)
    assert outcome == Done(code="retried", ticket=ticket, params={"orders": 0, "replies": 1})
    await world.work_on(world.worker(), 3600)
    assert (len(network.calls), len(network.under("a"))) == (calls, 1)
    assert network.looked > 0
    # Of one kind of network nothing can be read: it stays a person's business.
    told = kind != "none"
    assert await world.state(ticket) is (S.PUBLISHED if told else S.UNCERTAIN)
    assert len(await failures(world)) == (0 if told else 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_retrying_looks_before_it_sends_and_sends_only_where_that_is_safe(
    world: World, network: ModelNetwork, kind: Idempotency
) -> None:
    ticket = await uncertain(world, network, kind=kind, stands=False)
    calls, looked = len(network.calls), network.looked
    seen: list[int] = []

    async def sending(_reply: Any) -> None:
        seen.append(network.looked)

    network.before_call = sending
    await wish(world, Retry, about=ticket)
    await world.work_on(world.worker(), 3600)
    if kind in RESEND:
        assert (len(network.under("a")), await world.state(ticket)) == (1, S.PUBLISHED)
        assert min(seen) > looked, "it was sent before anybody looked"
        assert len({call.key for call in network.calls}) == 1
    else:
        assert (len(network.calls), await world.state(ticket)) == (calls, S.UNCERTAIN)
        assert network.looked > looked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stands", [True, False])
async def test_once_the_yes_has_expired_retrying_only_looks(
    world: World, network: ModelNetwork, kind: Idempotency, stands: bool
) -> None:
    ticket = await uncertain(world, network, kind=kind, stands=stands)
    world.clock.move(25 * 3600)
    calls = len(network.calls)
    await wish(world, Retry, about=ticket)
    await world.work_on(world.worker(), 3600)
    assert len(network.calls) == calls
    assert await world.state(ticket) is (S.PUBLISHED if stands and kind != "none" else S.UNCERTAIN)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_not_found_is_a_persons_business_again_however_often_it_is_looked_for(
    world: World, network: ModelNetwork, kind: Idempotency
) -> None:
    network.kind = kind
    ticket = await approved(world, network)
    answers: list[Answer] = ["lost"] * 100
    network.say("a", *answers)
    await world.work_on(world.worker(), 2 * 3600)
    assert await world.state(ticket) is S.UNCERTAIN
    world.clock.move(25 * 3600)
    calls = len(network.calls)
    for _ in range(3):
        looked = network.looked
        assert isinstance(await wish(world, Retry, about=ticket), Done)
        await world.work_on(world.worker(), 3600)
        assert network.looked > looked
        assert (await world.state(ticket), await world.orders("publish")) == (S.UNCERTAIN, [])
    assert len(network.calls) == calls


@pytest.mark.parametrize("by", ["vera", "ada"])
async def test_who_may_not_approve_may_not_have_replies_looked_for(
    world: World, network: ModelNetwork, by: str
) -> None:
    ticket = await uncertain(world, network, kind="none", stands=True)
    outcome = await wish(world, Retry, about=ticket, by=by)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, await world.state(ticket)) == ("not_entitled", S.UNCERTAIN)


async def test_an_agent_tries_the_cards_of_a_ticket_again_and_leaves_its_reply_alone(
    world: World, network: ModelNetwork
) -> None:
    ticket = await uncertain(world, network, kind="none", stands=True)
    world.chat.poison[ticket] = Permanent("gone")
    await wish(world, AddNote, ticket=ticket, text="Look at this.")
    await world.work_on(world.worker(), 60)
    assert len(await failures(world)) == 2
    outcome = await wish(world, Retry, about=ticket, by="ada")
    assert outcome == Done(code="retried", ticket=ticket, params={"orders": 1, "replies": 0})
    assert await world.state(ticket) is S.UNCERTAIN


async def test_while_everything_is_paused_nothing_is_looked_for_and_that_is_said(
    world: World, network: ModelNetwork
) -> None:
    ticket = await uncertain(world, network, kind="client_id", stands=False)
    await world.wish(Pause(by="ada", via="desk"))
    outcome = await wish(world, Retry, about=ticket)
    assert isinstance(outcome, Refused)
    assert outcome.reason == "held_back"
    assert "`resume`" in explain("en", outcome)
    assert await world.state(ticket) is S.UNCERTAIN


async def test_a_person_who_looked_settles_it_with_a_link(world: World, network: ModelNetwork) -> None:
    ticket = await uncertain(world, network, kind="none", stands=True)
    [failure] = await failures(world)
    assert failure == f"{ticket}.1"
    assert isinstance(await wish(world, Settle, ticket=ticket, posted=True, url="https://example.org/1"), Done)
    assert (await failures(world), await world.state(ticket)) == ([], S.PUBLISHED)
    assert (await world.card(ticket)).replies[-1].url == "https://example.org/1"


async def test_an_unknown_fate_lights_up_and_grows_red_with_time(world: World, network: ModelNetwork) -> None:
    await uncertain(world, network, kind="none", stands=True)

    async def lit() -> Light:
        [found] = [light for light in await world.reader.health() if light.code == "replies_unknown"]
        return found

    assert ((await lit()).state, (await lit()).params["count"]) == ("warn", 1)
    world.clock.move(3700)
    assert (await lit()).state == "red"
