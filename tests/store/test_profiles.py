"""An author's page, and what erasure leaves of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.messages import AddNote, Done, FlagAuthor, NoteAuthor, NotFound, Refused
from bot.core.types import Author, AuthorFlag, TicketStatus
from bot.engine.erasing import Erasure
from bot.store import tables as t
from tests.engine.conftest import clock, network, world  # noqa: F401 # its world, on both databases
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import World, comment

ME = {"by": "ada", "via": "desk"}


@pytest.fixture
async def known(world: World, network: ModelNetwork) -> World:  # noqa: F811
    """Carla with a published answer, a closed matter and an open one; and somebody else."""
    rosa = Author(id="c1", name="Carla", handle="@carla", url="https://n.example/carla", reach=1200)
    await world.arrive(network.write("a"), comment("b", "Any news?", thread_key="b", author=rosa))
    await world.arrive(comment("z", thread_key="z", who="c9"), comment("w", thread_key="w", who=None))
    await world.approve(await world.ticket_of("a"))
    await world.work_on(world.worker(), 60)
    world.clock.move(3600)
    return world


async def test_the_page_tells_who_it_is_with_all_tickets_and_our_answers(known: World) -> None:
    ticket = await known.ticket_of("b")
    await known.wish(NoteAuthor(**ME, ticket=ticket, text="Prefers to be called"))
    await known.wish(AddNote(**ME, ticket=ticket, text="about the matter, not the person"))
    view = await known.reader.author(ticket=ticket)
    assert view is not None
    assert (view.name, view.handle, view.url, view.reach) == ("Carla", "@carla", "https://n.example/carla", 1200)
    assert (view.tickets, view.open, view.messages, view.flag) == (2, 2, 2, None)
    assert dict(view.kinds) == {"complaint": 1, "question": 1}
    assert view.first_seen == known.clock.now - timedelta(seconds=3600) or view.first_seen is not None
    answers = {one.line.id: one.answer for one in view.history}
    assert answers[ticket] is None
    assert (answers[await known.ticket_of("a")] or "").startswith("Thank you for telling us")
    assert [(note.person, note.text) for note in view.notes] == [("ada", "Prefers to be called")]
    assert await known.reader.author(number=view.number) == view
    assert (await known.card(ticket)).line.author_number == view.number
    assert [note.text for note in (await known.card(ticket)).notes] == ["about the matter, not the person"]


async def test_a_typed_name_and_a_number_of_nobody_have_no_page(known: World) -> None:
    typed = await known.ticket_of("w")
    assert await known.reader.author(ticket=typed) is None
    assert await known.reader.author(ticket="NONE") is None
    assert await known.reader.author(number=999_999) is None
    for wish in (FlagAuthor(**ME, ticket=typed, flag=AuthorFlag.VIP), NoteAuthor(**ME, ticket=typed, text="x")):
        outcome = await known.wish(wish)
        assert isinstance(outcome, Refused)
        assert outcome.reason == "typed_name"
    assert isinstance(await known.wish(FlagAuthor(**ME, ticket="NONE", flag=None)), NotFound)


async def test_a_flag_stands_on_all_their_tickets_and_on_those_to_come(known: World) -> None:
    ticket, other = await known.ticket_of("a"), await known.ticket_of("z")
    before = (await known.card(await known.ticket_of("b"))).line.version
    outcome = await known.wish(FlagAuthor(**ME, ticket=ticket, flag=AuthorFlag.VIP))
    assert isinstance(outcome, Done)
    assert (outcome.code, outcome.params["name"]) == ("author_flagged", "Carla")
    await known.arrive(comment("n", thread_key="n"))
    k = t.tickets.c
    flags = {row.id: row.flag for row in await known.rows(select(k.id, k.flag))}
    named = [await known.ticket_of(native) for native in "abn"]
    assert [flags[one] for one in named] == ["vip"] * 3
    assert flags[other] is None
    assert (await known.card(named[1])).line.version > before, "its card is shown anew"
    again = await known.wish(FlagAuthor(**ME, ticket=ticket, flag=AuthorFlag.VIP))
    assert isinstance(again, Refused)
    e = t.events.c
    logged = [row.data for row in await known.rows(select(e.data).where(e.type == "AuthorFlagged"))]
    assert logged == [{"via": "desk"}], "which flag it was could never be erased there"
    await known.wish(FlagAuthor(**ME, ticket=ticket, flag=None))
    assert {row.flag for row in await known.rows(select(k.flag))} == {None}


async def test_viewers_say_nothing_about_people(known: World) -> None:
    ticket = await known.ticket_of("a")
    for wish in (
        FlagAuthor(by="vera", via="desk", ticket=ticket, flag=AuthorFlag.VIP),
        NoteAuthor(by="vera", via="desk", ticket=ticket, text="x"),
    ):
        outcome = await known.wish(wish)
        assert isinstance(outcome, Refused)


async def test_erasure_takes_flag_and_notes_along(known: World) -> None:
    ticket = await known.ticket_of("b")
    await known.wish(NoteAuthor(**ME, ticket=ticket, text="Lives in Vigo"))
    await known.wish(FlagAuthor(**ME, ticket=ticket, flag=AuthorFlag.PRESS))
    view = await known.reader.author(ticket=ticket)
    assert view is not None
    await known.engine.work(lambda work: Erasure(who="c1").act(work, known.parts, actor="ana", via="cli"))
    erased = await known.reader.author(number=view.number)
    assert erased is not None
    assert (erased.erased, erased.name, erased.handle, erased.flag, erased.notes) == (True, "", None, None, ())
    assert {one.line.flag for one in erased.history} == {None}
    assert all(not one.answer for one in erased.history)
    texts = [row.text for row in await known.rows(select(t.contents.c.text))]
    assert not any("Vigo" in text for text in texts)
    outcome = await known.wish(FlagAuthor(**ME, ticket=ticket, flag=AuthorFlag.VIP))
    assert isinstance(outcome, Refused), "nothing new is kept about them"


async def test_a_closed_ticket_bears_the_flag_when_it_opens_again(known: World) -> None:
    ticket, closed = await known.ticket_of("a"), await known.ticket_of("b")
    await known.engine.work(
        lambda work: work.conn.execute(
            t.tickets.update().where(t.tickets.c.id == closed).values(status=TicketStatus.CLOSED.value)
        )
    )
    await known.wish(FlagAuthor(**ME, ticket=ticket, flag=AuthorFlag.ADVOCATE))
    assert (await known.card(closed)).line.flag is AuthorFlag.ADVOCATE
