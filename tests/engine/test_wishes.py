"""Every command goes through the engine, is committed before it is answered, and is refused with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.messages import (
    AddNote,
    Approve,
    Ask,
    Assign,
    Claim,
    Close,
    Command,
    Crisis,
    Done,
    Edit,
    Escalate,
    Mute,
    NotFound,
    Pause,
    Redraft,
    Refuse,
    Refused,
    Reopen,
    Resume,
    SetKind,
    SetSeverity,
    Settle,
    Snooze,
    Undo,
    Unmute,
    Wait,
    Write,
)
from bot.core.types import Kind, ReplyState, Severity, TicketStatus
from bot.engine import points
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import World, comment

WISHES: list[tuple[type, dict[str, Any], str]] = [
    (Approve, {}, "approved_waiting_undo"),
    (Refuse, {"reason": "not us"}, "refused"),
    (Edit, {"text": "We are sorry, Carla."}, "edited"),
    (Write, {"text": "We are sorry, Carla."}, "edited"),
    (Redraft, {"hint": "shorter"}, "redrafted"),
    (Claim, {}, "claimed"),
    (Assign, {}, "assigned"),
    (Assign, {"person": "@Luis"}, "assigned"),
    (Ask, {"person": "ana", "question": "Was it cold?"}, "asked"),
    (Wait, {}, "waiting"),
    (Close, {"reason": "spam"}, "closed"),
    (Snooze, {"span": timedelta(hours=2)}, "snoozed"),
    (Escalate, {}, "escalated"),
    (SetKind, {"kind": Kind.PRAISE}, "kind_set"),
    (SetSeverity, {"severity": Severity.CRITICAL}, "severity_set"),
    (AddNote, {"text": "She called twice."}, "noted"),
]


def by(who: str, wish: type, ticket: str | None = None, /, **more: Any) -> Command:
    values = {"by": who, "via": "desk", **more} | ({} if ticket is None else {"ticket": ticket})
    made: Command = wish(**values)
    return made


async def a_ticket(world: World) -> str:
    await world.arrive(comment("a"))
    return await world.ticket_of("a")


@pytest.mark.parametrize(("kind", "more", "code"), WISHES, ids=[f"{k.__name__}-{c}" for k, _, c in WISHES])
async def test_a_wish_is_done_committed_and_shown(world: World, kind: type, more: dict[str, Any], code: str) -> None:
    ticket = await a_ticket(world)
    before = await world.facts(ticket)
    outcome = await world.wish(by("ana", kind, f" {ticket.lower()} ", **more))
    assert isinstance(outcome, Done)
    assert (outcome.code, outcome.ticket) == (code, ticket)
    assert len(await world.facts(ticket)) > len(before)
    await world.work_on(world.worker(), 1)
    assert world.chat.shown(ticket)[0] == await world.card(ticket)


@pytest.mark.parametrize(("kind", "more", "code"), WISHES, ids=[f"{k.__name__}-{c}" for k, _, c in WISHES])
async def test_who_may_only_look_changes_nothing(world: World, kind: type, more: dict[str, Any], code: str) -> None:
    ticket = await a_ticket(world)
    before = await world.card(ticket)
    for who in ("vera", "nobody"):
        outcome = await world.wish(by(who, kind, ticket, **more))
        assert isinstance(outcome, Refused)
        assert outcome.reason == ("not_entitled" if who == "vera" else "unknown_person")
    assert await world.card(ticket) == before


@pytest.mark.parametrize(("kind", "more", "code"), WISHES, ids=[f"{k.__name__}-{c}" for k, _, c in WISHES])
async def test_a_ticket_that_is_not_there_is_not_found(
    world: World, kind: type, more: dict[str, Any], code: str
) -> None:
    assert await world.wish(by("ana", kind, "ZZZZ", **more)) == NotFound(what="ticket", id="ZZZZ")


@pytest.mark.parametrize("kind", [Undo, Settle, Reopen])
async def test_what_does_not_fit_is_refused_with_a_reason(world: World, kind: type) -> None:
    ticket = await a_ticket(world)
    more = {"posted": True} if kind is Settle else {}
    outcome = await world.wish(by("ana", kind, ticket, **more))
    assert isinstance(outcome, Refused)
    assert outcome.reason in ("nothing_to_undo", "nothing_to_settle", "unchanged")


@pytest.mark.parametrize("posted", [True, False])
async def test_a_person_settles_what_nobody_else_can_tell(world: World, network: ModelNetwork, posted: bool) -> None:
    network.kind = "none"
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    network.say("a", "posted_lost" if posted else "lost")
    await world.approve(ticket)
    worker = world.worker()
    await world.work_on(worker)
    outcome = await world.wish(by("luis", Settle, ticket, posted=posted))
    assert isinstance(outcome, Done)
    assert await world.state(ticket) is (ReplyState.PUBLISHED if posted else ReplyState.PROPOSED)
    if not posted:
        await world.approve(ticket)
    await world.work_on(worker)
    assert len(network.under("a")) == 1
    keys = [call.key for call in network.calls]
    assert len(set(keys)) == len(keys)


SWITCHES: list[tuple[Command, str, str]] = [
    (Pause(by="ada", via="desk", reason="look"), "vera", "paused"),
    (Resume(by="ana", via="desk"), "luis", "resumed"),
    (Crisis(by="luis", via="desk", on=True, topic="soup"), "ada", "crisis_on"),
    (Crisis(by="ana", via="desk", on=False), "luis", "crisis_off"),
    (Mute(by="luis", via="desk", pattern="buy"), "ada", "muted"),
    (Unmute(by="luis", via="desk", pattern="buy"), "ada", "unmuted"),
]


async def test_switches_are_thrown_by_those_who_may_and_only_once(world: World) -> None:
    for wish, too_low, code in SWITCHES:
        refused = await world.wish(by(too_low, type(wish), **_of(wish)))
        assert isinstance(refused, Refused)
        assert refused.reason == "not_entitled"
        outcome = await world.wish(wish)
        assert isinstance(outcome, Done)
        assert outcome.code == code
        assert isinstance(await world.wish(wish), Refused)
    logged = [row.type for row in await world.rows(select(t.events.c.type).order_by(t.events.c.seq))]
    assert logged[-6:] == ["Paused", "Resumed", "CrisisOpened", "CrisisClosed", "Muted", "Unmuted"]


def _of(wish: Command) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in type(wish).__slots__ if name not in ("by", "via", "ticket")}


async def test_a_crisis_asks_for_two_even_for_what_was_proposed_before(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.wish(Crisis(by="ana", via="desk", on=True))
    await world.approve(ticket)
    worker = world.worker()
    await world.work_on(worker)
    assert network.calls == []
    await world.approve(ticket, "pia")
    await world.work_on(worker)
    assert len(network.under("a")) == 1


@pytest.mark.parametrize(("muted", "unmuted"), [("Cold  soup", " cold SOUP "), ("@carla", "@Carla")])
async def test_what_is_muted_no_longer_opens_tickets_again(world: World, muted: str, unmuted: str) -> None:
    async def refusal(kind: type, pattern: str) -> str | None:
        outcome = await world.wish(by("luis", kind, pattern=pattern))
        return outcome.reason if isinstance(outcome, Refused) else None

    assert await refusal(Unmute, muted) == "not_muted"
    for number in ("1", "2"):
        assert await refusal(Mute, muted) is None
        assert await refusal(Mute, unmuted) == "already_muted"
        await world.arrive(comment(f"folded{number}", "Cold soup", thread_key=f"f{number}"))
        assert await refusal(Unmute, unmuted) is None
        assert await refusal(Unmute, muted) == "not_muted"
        await world.arrive(comment(f"heard{number}", "Cold soup again", thread_key=f"h{number}"))
        status = [(await world.card(await world.ticket_of(f"{n}{number}"))).line.status for n in ("folded", "heard")]
        assert status == [TicketStatus.CLOSED, TicketStatus.OPEN]


async def test_who_was_muted_and_goes_on_in_the_same_thread_is_heard_again(world: World) -> None:
    await world.wish(by("luis", Mute, pattern="cold"))
    await world.arrive(comment("a", "Cold"))
    await world.wish(by("luis", Unmute, pattern="cold"))
    await world.arrive(comment("b", "Still cold"))
    ticket = await world.ticket_of("b")
    card = await world.card(ticket)
    assert (card.line.status, card.linked_to) == (TicketStatus.OPEN, await world.ticket_of("a"))
    assert card.line.draft


async def test_an_answer_is_given_only_after_the_commit(world: World) -> None:
    ticket = await a_ticket(world)
    before = await world.card(ticket)

    def fail(name: str) -> None:
        if name == "submit.before_commit":
            raise OSError("the disk is full")

    points.visit_with(fail)
    with pytest.raises(OSError, match="disk"):
        await world.wish(by("luis", Approve, ticket))
    points.visit_with(None)
    assert await world.card(ticket) == before
    assert isinstance(await world.wish(by("luis", Approve, ticket)), Done)


@pytest.mark.parametrize("odd", ["lone \ud800 surrogate", "NUL \x00 inside"])
async def test_what_people_write_is_stored_whatever_it_is_made_of(world: World, odd: str) -> None:
    ticket = await a_ticket(world)
    for wish in (
        by("ana", Edit, ticket, text=f"We are sorry. {odd}"),
        by("ana", AddNote, ticket, text=odd),
        by("ana", Ask, ticket, person="luis", question=odd),
        by("ana", Redraft, ticket, hint=odd),
        by("ana", Refuse, ticket, reason=odd),
        by("ana", Close, ticket, reason=odd),
        by("ana", Mute, pattern=odd),
        by("ana", Pause, reason=odd),
    ):
        assert isinstance(await world.wish(wish), Done), wish
    assert (await world.card(ticket)).line.status is TicketStatus.CLOSED
    assert isinstance(await world.wish(by("ana", AddNote, odd, text="x")), NotFound)
    assert isinstance(await world.wish(by(odd, AddNote, ticket, text="x")), Refused)
