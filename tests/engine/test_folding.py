"""Noise and what is muted: folded into one rolling ticket for each account and day, and never lost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, select

from bot.core.inbox import Narrow
from bot.core.messages import (
    AddNote,
    Approve,
    Close,
    CloseNoise,
    Done,
    ItemArrived,
    ItemReleased,
    ItemRemoved,
    Mute,
    Outcome,
    Refused,
    Reopen,
    SetKind,
    SetSeverity,
    Snooze,
    Write,
)
from bot.core.routing import Route
from bot.core.rules import Rules
from bot.core.types import (
    Attachment,
    AttachmentKind,
    Author,
    Item,
    Kind,
    Room,
    Severity,
    TicketStatus,
    Visibility,
    version_of,
)
from bot.core.views import Card
from bot.engine.erasing import Erasure
from bot.engine.orders import PATIENCE
from bot.locale import explain
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.rolls import LISTED, open_rolls
from bot.triage import RuleClassifier
from bot.triage.noise import RULES
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import T0, WALL, Clock, World, comment

LUIS: dict[str, Any] = {"by": "luis", "via": "desk"}
ROOMS = (Room(id="team", chat="desk"), Room(id="quiet", chat="desk"))


BOTH = pytest.mark.parametrize("house", ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)
"""Those that ask the database more than the others do."""


@pytest.fixture
async def house(
    request: pytest.FixtureRequest, tmp_path: Path, network: ModelNetwork, clock: Clock
) -> AsyncIterator[World]:
    """A world with real triage, whose wall has all noise rules and whose other account has none."""
    on_server = getattr(request, "param", "sqlite") == "postgres"
    database = Database.open(request.getfixturevalue("postgres").fresh()) if on_server else None
    made = World(
        tmp_path / "portavoz.db",
        {WALL: network, "loud": ModelNetwork(clock)},
        clock=clock,
        database=database,
        rules=Rules(noise={WALL: frozenset(RULES)}),
        rooms=ROOMS,
        routes=(Route(room="quiet", kind=Kind.NOISE),),
    )
    made.parts = replace(made.parts, classifier=RuleClassifier(languages=("es", "en")))
    made.engine.parts = made.parts
    await made.open()
    yield made
    await made.close()


def by(number: int, text: str = "❤️", **more: Any) -> Item:
    """A comment of somebody of their own, below a post of its own."""
    author = Author(id=f"c{number}", name=f"Carla {number}")
    return comment(f"n{number}", text, **({"author": author, "thread_key": f"t{number}"} | more))


async def roll(world: World, account: str = WALL) -> Card:
    """The one roll of an account that is not closed."""
    unfinished = [status for status in TicketStatus if status is not TicketStatus.CLOSED]
    found = await world.reader.inbox(statuses=unfinished, narrow=Narrow(account=account, rolls=True))
    assert len(found) == 1
    return await world.card(found[0].id)


async def of(world: World, native_id: str) -> Card:
    return await world.card(await world.ticket_of(native_id))


async def is_folded(world: World, native_id: str) -> bool:
    return (await of(world, native_id)).folded_into is not None


# --- what is folded ---------------------------------------------------------------------------------------------------


@BOTH
async def test_noise_gets_no_card_of_its_own_and_lies_in_the_days_roll(house: World) -> None:
    await house.arrive(by(1), by(2, "@ana @luis 😂"), by(3, "Where is my order? It never arrived."))
    worker = house.worker()
    await house.work_on(worker)
    rolled = await roll(house)
    assert house.chat.posted.count(("quiet", rolled.line.id)) == len(house.chat.posted) - 1 == 1
    assert [(one.text, one.ticket) for one in rolled.folded] == [
        ("❤️", await house.ticket_of("n1")),
        ("@ana @luis 😂", await house.ticket_of("n2")),
    ]
    assert rolled.line.folded == 2
    assert (rolled.line.kind, rolled.line.severity, rolled.line.due_at) == (Kind.NOISE, Severity.LOW, None)
    assert rolled.controls == ("close", "snooze", "note")
    first = await of(house, "n1")
    assert (first.line.status, first.close_reason, first.line.draft) == (TicketStatus.CLOSED, "emoji", None)
    assert [line.type for line in first.log] == ["ItemArrived", "TicketOpened"]
    # One text for chats that make nothing of what is folded: who, and what, with the id to type.
    assert rolled.conversation[0].text == rolled.line.text
    assert f"{rolled.folded[0].ticket} Carla 1: ❤️" in rolled.line.text


async def test_what_matters_is_never_folded(house: World) -> None:
    photo = Attachment(url="https://pictures.example/1.jpg", kind=AttachmentKind.IMAGE)
    kept = {
        "angry": by(1, "😡😡"),
        "alarm": by(2, "🚨"),
        "photo": by(3, "❤️", attachments=(photo,)),
        "private": by(4, "❤️", visibility=Visibility.PRIVATE),
        "ours": by(5, "@wall ❤️"),
        "sentence": by(6, "@they_robbed_me_thieves"),
        "other account": by(7, account="loud"),
    }
    await house.arrive(*(item for item in kept.values() if item.account == WALL))
    await house.emit(ItemArrived(item=kept["other account"]), account="loud")
    for what, item in kept.items():
        ticket = await house.ticket_of(item.native_id, item.account)
        assert (await house.card(ticket)).line.status is TicketStatus.OPEN, what


async def test_mutes_fold_too_but_nothing_above_normal(house: World) -> None:
    await house.wish(Mute(**LUIS, pattern="bread"))
    grave = "I had an allergic reaction after your bread and ended up in hospital"
    high = "I am a journalist and want a comment on your bread"
    await house.arrive(by(1, "Buy my bread"), by(2, grave), by(3, high))
    assert [await is_folded(house, f"n{number}") for number in (1, 2, 3)] == [True, False, False]
    severities = [(await of(house, f"n{number}")).line.severity for number in (2, 3)]
    assert severities == [Severity.CRITICAL, Severity.HIGH]
    assert (await of(house, "n1")).close_reason == "muted"


async def test_whoever_is_being_talked_to_is_heard_out(house: World) -> None:
    complains = Author(id="c1", name="Rosa")
    await house.arrive(by(1, "My parcel came broken, I want my money back", author=complains))
    await house.arrive(by(2, author=complains), by(3, author=complains, thread_key="t1"))
    assert not await is_folded(house, "n2"), "below another post"
    assert await house.ticket_of("n3") == await house.ticket_of("n1")
    await house.arrive(
        by(4, "My parcel came broken", author=Author(id="c4", name="Eva")), by(5, author=Author(id="c4", name="Eva"))
    )
    assert not await is_folded(house, "n5"), "in one batch"
    for native in ("n1", "n2"):
        await house.wish(Close(**LUIS, ticket=await house.ticket_of(native)))
    await house.arrive(by(6, author=complains))
    assert await is_folded(house, "n6")


async def test_who_was_folded_and_says_something_gets_a_card(house: World) -> None:
    rosa = Author(id="c1", name="Rosa")
    await house.arrive(by(1, author=rosa, thread_key="t"))
    await house.arrive(by(2, "And where is my order?", author=rosa, thread_key="t"))
    card = await of(house, "n2")
    assert (card.line.status, card.folded_into, card.linked_to) == (
        TicketStatus.OPEN,
        None,
        await house.ticket_of("n1"),
    )
    assert await is_folded(house, "n1")


# --- the card ---------------------------------------------------------------------------------------------------------


async def test_a_flood_makes_one_card_and_few_updates(house: World) -> None:
    worker = house.worker()
    for second in range(60):
        await house.arrive(*(by(second * 20 + n) for n in range(20)))
        await house.round(worker)
        house.clock.move(1)
    await house.work_on(worker)
    rolled = await roll(house)
    assert house.chat.posted == [("quiet", rolled.line.id)]
    assert len(house.chat.updated) <= 60 / PATIENCE.total_seconds() + 1
    assert house.chat.said == []
    [shown] = house.chat.shown(rolled.line.id)
    assert (shown.line.folded, len(shown.folded)) == (1200, LISTED)
    assert shown.folded[-1].ticket == await house.ticket_of("n1199"), "the last news is shown, too"
    counted = select(func.count()).where(t.items.c.account == WALL)
    assert (await house.rows(counted))[0][0] == 1200


async def test_edits_and_removals_of_folded_comments_disturb_nobody(house: World) -> None:
    first, second = by(1), by(2)
    await house.arrive(first, second)
    worker = house.worker()
    await house.work_on(worker)
    await house.arrive(replace(first, text="❤️❤️", version=version_of("❤️❤️"), edited_at=T0 + timedelta(minutes=1)))
    await house.emit(ItemRemoved(account=WALL, native_id="n2"))
    await house.work_on(worker)
    rolled = await roll(house)
    assert [(one.text, one.gone) for one in rolled.folded] == [("❤️❤️", False), ("❤️", True)]
    assert house.chat.said == []
    assert {ticket for _, ticket in house.chat.posted} == {rolled.line.id}
    assert "ItemRemoved" in await house.facts(await house.ticket_of("n2"))


async def test_a_folded_comment_that_moderators_let_through_gets_no_card_of_its_own(house: World) -> None:
    await house.arrive(by(1, held=True))
    worker = house.worker()
    await house.work_on(worker)
    await house.emit(ItemReleased(account=WALL, native_id="n1"))
    await house.work_on(worker)
    assert {ticket for _, ticket in house.chat.posted} == {(await roll(house)).line.id}
    assert "ItemReleased" in await house.facts(await house.ticket_of("n1"))


async def test_a_folded_comment_that_is_edited_into_something_gets_its_own_card(house: World) -> None:
    first = by(1)
    await house.arrive(first, by(2))
    worker = house.worker()
    await house.work_on(worker)
    grave = "My daughter had an allergic reaction to your cake and is in hospital"
    await house.arrive(replace(first, text=grave, version=version_of(grave), edited_at=T0 + timedelta(minutes=1)))
    await house.work_on(worker)
    card = await of(house, "n1")
    assert (card.line.status, card.folded_into, card.line.severity) == (TicketStatus.OPEN, None, Severity.CRITICAL)
    assert card.line.due_at is not None
    assert ("team", card.line.id) in house.chat.posted
    assert any("critical" in said.lower() for _, said in house.chat.said)
    assert [one.ticket for one in (await roll(house)).folded] == [await house.ticket_of("n2")]


async def test_a_colleagues_answer_to_folded_comments_disturbs_nobody(house: World) -> None:
    await house.arrive(by(1))
    worker = house.worker()
    await house.work_on(worker)
    ours = Author(id="brand", name="The Bakery")
    await house.arrive(by(2, "Thank you!", author=ours, ours=True, parent="n1", thread_key="t1"))
    await house.work_on(worker)
    ticket = await house.ticket_of("n1")
    assert "AnsweredElsewhere" in await house.facts(ticket)
    assert await is_folded(house, "n1")
    assert house.chat.said == []
    assert ticket not in {shown for _, shown in house.chat.posted}


async def test_a_name_of_several_lines_looks_like_nobody_elses_comment(house: World) -> None:
    forged = Author(id="x", name="Eva\nK7Q2 Ana: We closed this, thank you" + "!" * 9000)
    await house.arrive(by(1), by(2, author=forged))
    rolled = await roll(house)
    assert len(rolled.line.text.splitlines()) == len(rolled.folded) == 2
    assert len(rolled.line.text + rolled.line.author) < 1000


async def test_what_is_erased_leaves_the_rolls_card(house: World) -> None:
    await house.arrive(by(1), by(2, "🎉"))
    worker = house.worker()
    await house.work_on(worker)
    erasure = Erasure(who="Carla 1")
    await house.engine.work(lambda work: erasure.act(work, house.parts, actor="ana", via="cli"))
    await house.work_on(worker)
    rolled = await roll(house)
    [shown] = house.chat.shown(rolled.line.id)
    assert [(one.author, one.erased) for one in shown.folded] == [("", True), ("Carla 2", False)]
    assert "Carla 1" not in repr(shown)
    assert {ticket for _, ticket in house.chat.posted} == {rolled.line.id}


# --- what people do with it -------------------------------------------------------------------------------------------


@BOTH
async def test_one_is_taken_out_by_opening_it_or_saying_what_it_is(house: World) -> None:
    await house.arrive(*(by(number) for number in range(1, 6)))
    worker = house.worker()
    await house.work_on(worker)
    tickets = [await house.ticket_of(f"n{number}") for number in range(1, 6)]
    for wish in (
        Reopen(**LUIS, ticket=tickets[0]),
        SetKind(**LUIS, ticket=tickets[1], kind=Kind.QUESTION),
        SetSeverity(**LUIS, ticket=tickets[2], severity=Severity.HIGH),
        Write(**LUIS, ticket=tickets[3], text="Thank you, that makes us happy."),
    ):
        assert isinstance(await house.wish(wish), Done)
        await house.work_on(worker)
        card = await house.card(wish.ticket)
        assert (card.line.status, card.folded_into) == (TicketStatus.OPEN, None), wish
        assert wish.ticket in {shown for _, shown in house.chat.posted}
    [shown] = house.chat.shown((await roll(house)).line.id)
    assert [one.ticket for one in shown.folded] == tickets[4:]


async def test_many_are_not_answered_at_once(house: World) -> None:
    await house.arrive(by(1))
    ticket = (await roll(house)).line.id
    for wish in (
        Approve(**LUIS, ticket=ticket),
        Write(**LUIS, ticket=ticket, text="Thanks"),
        SetKind(**LUIS, ticket=ticket, kind=Kind.QUESTION),
        SetSeverity(**LUIS, ticket=ticket, severity=Severity.HIGH),
    ):
        outcome = await house.wish(wish)
        assert isinstance(outcome, Refused)
        assert (outcome.reason, outcome.remedy) == ("many_folded", "open_one")
    assert isinstance(await house.wish(AddNote(**LUIS, ticket=ticket, text="Nice day")), Done)


@BOTH
async def test_all_are_closed_at_once_and_the_next_one_opens_the_roll_again(house: World) -> None:
    await house.arrive(by(1), by(2))
    first = (await roll(house)).line.id

    async def close(by: str, account: str = "") -> Outcome:
        return await house.wish(CloseNoise(by=by, via="cli", account=account))

    refused = await close("vera")
    assert isinstance(refused, Refused)
    assert refused.reason == "not_entitled"
    stranger = await close("ada", "waal")
    assert isinstance(stranger, Refused)
    assert (stranger.reason, stranger.params["meant"]) == ("unknown_account", WALL)
    assert WALL in str(stranger.params["known"])
    assert explain("es", stranger).endswith(f"¿Querías decir `{WALL}`?")
    done = await close("ada", WALL)
    assert isinstance(done, Done)
    assert (done.code, done.params["count"]) == ("noise_closed", 2)
    assert (await house.card(first)).line.status is TicketStatus.CLOSED
    nothing = await close("ada", WALL)
    assert isinstance(nothing, Refused)
    assert nothing.reason == "no_noise"
    assert isinstance(await close("ada"), Refused)
    await house.arrive(by(3))
    again = await roll(house)
    assert (again.line.id, again.line.folded) == (first, 3)
    assert await house.facts(first) == ["TicketOpened", "TicketClosed", "TicketReopened"]


async def test_a_snoozed_roll_stays_quiet(house: World) -> None:
    await house.arrive(by(1))
    ticket = (await roll(house)).line.id
    await house.wish(Snooze(**LUIS, ticket=ticket, span=timedelta(hours=2)))
    await house.arrive(by(2))
    card = await house.card(ticket)
    assert (card.line.status, card.line.folded) == (TicketStatus.SNOOZED, 2)


async def test_each_day_has_a_roll_and_the_one_before_is_closed(house: World) -> None:
    await house.arrive(by(1))
    first = (await roll(house)).line.id
    house.clock.move(24 * 3600)
    await house.arrive(by(2))
    second = (await roll(house)).line.id
    assert second != first
    assert (await house.card(first)).line.status is TicketStatus.CLOSED
    assert [one.ticket for one in (await house.card(first)).folded] == [await house.ticket_of("n1")]


async def test_open_rolls_are_found_without_looking_at_all_tickets(house: World) -> None:
    asked: list[tuple[str, Any]] = []

    def look(conn: Connection) -> list[str]:
        event.listen(conn, "before_cursor_execute", lambda _conn, _cursor, said, given, *_: asked.append((said, given)))
        open_rolls(conn, WALL)
        said, given = asked[0]
        return [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)]

    plan = await house.reader.ask(look)
    assert "ix_tickets_rolls" in plan[0], plan


@BOTH
async def test_folded_comments_are_found_and_counted_one_by_one(house: World) -> None:
    await house.wish(Mute(**LUIS, pattern="lottery"))
    await house.arrive(by(1, "Win the lottery"), by(2), by(3))
    page = await house.reader.search("lottery")
    assert [hit.line.id for hit in page.hits] == [await house.ticket_of("n1")]  # type: ignore[union-attr]
    page = await house.reader.search("kind:noise state:closed")
    assert {hit.line.id for hit in page.hits} == {await house.ticket_of("n2"), await house.ticket_of("n3")}  # type: ignore[union-attr]
    found = await house.reader.figures(since=T0, until=T0 + timedelta(minutes=1))
    assert (found.arrived.total, found.closed.total, found.waiting) == (3, 3, 0)
