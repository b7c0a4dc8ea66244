"""What arrives becomes tickets: in batches, in any order, twice, and whatever it is made of."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.messages import Close, ItemArrived, ItemRemoved, Mute, ReplyConfirmed, ReplyRefused
from bot.core.types import Author, Item, ReplyState, TicketStatus, version_of
from bot.engine.cleaning import LONGEST
from bot.store import tables as t
from tests.engine.model_network import ModelNetwork
from tests.support.engine_world import T0, WALL, World, comment


async def texts(world: World, native_id: str) -> list[str]:
    """The wordings of an item that are on record, oldest first."""
    joined = t.items.join(t.contents, t.contents.c.id == t.items.c.content)
    query = select(t.contents.c.text).select_from(joined).where(t.items.c.native_id == native_id)
    return [row.text for row in await world.rows(query.order_by(t.items.c.number))]


async def cursor(world: World, account: str = WALL) -> str | None:
    rows = await world.rows(select(t.cursors.c.value).where(t.cursors.c.account == account))
    return rows[0].value if rows else None


def edited(item: Item, text: str, minutes: float | None) -> Item:
    at = None if minutes is None else T0 + timedelta(minutes=minutes)
    return replace(item, text=text, version=version_of(text), edited_at=at)


# --- batches, repetition, disorder ------------------------------------------------------------------------------------


async def test_a_batch_opens_one_ticket_for_each_person_and_thread(world: World) -> None:
    await world.arrive(
        comment("a", who="c1", thread_key="t1"),
        comment("b", who="c2", thread_key="t1"),
        comment("c", who="c1", thread_key="t2"),
        comment("d", who="c1", thread_key="t1"),
    )
    assert len(await world.tickets()) == 3
    assert await world.ticket_of("a") == await world.ticket_of("d")
    assert [entry.native_id for entry in (await world.card(await world.ticket_of("a"))).conversation] == ["a", "d"]


@pytest.mark.parametrize("together", [True, False])
async def test_the_same_version_again_changes_nothing(world: World, together: bool) -> None:
    item = comment("a")
    for some in ([item, item],) if together else ([item], [item]):
        await world.arrive(*some)
    ticket = await world.ticket_of("a")
    assert await world.facts(ticket) == ["ItemArrived", "TicketOpened", "ReplyProposed"]
    assert await texts(world, "a") == [item.text]


@pytest.mark.parametrize("together", [True, False])
async def test_an_old_version_that_comes_late_is_not_taken_for_an_edit(world: World, together: bool) -> None:
    first, second = comment("a", "It was cold"), edited(comment("a"), "It was cold and late", 5)
    for some in ([second, first],) if together else ([second], [first]):
        await world.arrive(*some)
    assert await texts(world, "a") == ["It was cold and late"]


@pytest.mark.parametrize("together", [True, False])
async def test_versions_in_any_order_end_with_the_newest(world: World, together: bool) -> None:
    base = comment("a", "one")
    items = [base, edited(base, "three", 9), edited(base, "two", 5), base]
    for some in (items,) if together else ([item] for item in items):
        await world.arrive(*some)
    assert await texts(world, "a") == ["one", "three"]
    assert (await world.card(await world.ticket_of("a"))).line.text == "three"


async def test_without_times_of_edits_a_version_seen_before_is_an_old_one(world: World) -> None:
    base = comment("a", "one")
    await world.arrive(base, edited(base, "two", None), base)
    await world.arrive(base)
    assert await texts(world, "a") == ["one", "two"]


async def test_a_version_read_this_moment_counts_whatever_was_seen_before(world: World) -> None:
    base = comment("a", "one")
    await world.arrive(base, edited(base, "two", None))
    await world.emit(ItemArrived(item=base, fresh=True))
    assert await texts(world, "a") == ["one", "two", "one"]


@pytest.mark.parametrize("together", [True, False])
async def test_a_comment_that_comes_and_goes_is_kept_and_told(world: World, together: bool) -> None:
    here, gone = ItemArrived(item=comment("a")), ItemRemoved(account=WALL, native_id="a")
    for some in ([here, gone, gone],) if together else ([here], [gone], [gone]):
        await world.emit(*some)
    ticket = await world.ticket_of("a")
    assert (await world.facts(ticket)).count("ItemRemoved") == 1
    assert (await world.card(ticket)).conversation[0].gone
    assert (await world.card(ticket)).line.text == "The soup was cold"
    assert len(await world.announced("item_removed")) == 1


async def test_the_removal_of_something_unknown_changes_nothing(world: World) -> None:
    await world.emit(ItemRemoved(account=WALL, native_id="never"), cursor="7")
    assert (await world.tickets(), await cursor(world)) == ([], "7")


async def test_an_edit_reaches_the_ticket_and_the_draft(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await world.ticket_of("a")
    before = await world.draft(ticket)
    await world.arrive(edited(comment("a"), "The soup was hot, sorry", 3))
    card = await world.card(ticket)
    assert (card.line.text, card.line.revision) == ("The soup was hot, sorry", 2)
    assert card.line.draft != before
    assert len(await world.announced("item_edited")) == 1


# --- whose matter it is -----------------------------------------------------------------------------------------------


async def test_typed_names_are_no_identity(world: World) -> None:
    typed = Author(id=None, name="Carla")
    await world.arrive(comment("a", author=typed), comment("b", author=typed))
    await world.arrive(comment("c", author=typed))
    assert len(await world.tickets()) == 3


async def closed(world: World, native_id: str) -> str:
    ticket = await world.ticket_of(native_id)
    await world.wish(Close(by="ada", via="desk", ticket=ticket))
    return ticket


async def test_a_new_message_within_thirty_days_opens_the_ticket_again(world: World) -> None:
    await world.arrive(comment("a"))
    ticket = await closed(world, "a")
    world.clock.move(29 * 86_400)
    await world.arrive(comment("b", "Still cold"))
    assert await world.ticket_of("b") == ticket
    assert (await world.card(ticket)).line.status is TicketStatus.OPEN


async def test_a_message_after_thirty_days_opens_a_ticket_linked_to_the_old_one(world: World) -> None:
    await world.arrive(comment("a"))
    old = await closed(world, "a")
    world.clock.move(31 * 86_400)
    await world.arrive(comment("b", "Cold again"))
    new = await world.ticket_of("b")
    assert (await world.card(new)).linked_to == old != new
    await world.arrive(comment("c", "And again"))
    assert await world.ticket_of("c") == new


@pytest.mark.parametrize(
    ("pattern", "item"),
    [
        ("Buy   NOW", comment("a", "please buy now, cheap")),
        ("@carla", comment("a")),
        ("@hand", comment("a", author=Author(id="c1", name="X", handle="@Hand"))),
    ],
)
async def test_what_is_muted_is_kept_and_closed_at_once(world: World, pattern: str, item: Item) -> None:
    await world.wish(Mute(by="luis", via="desk", pattern=pattern))
    await world.arrive(item, comment("z", "Something else", who="c9", author=Author(id="c9", name="Zoe")))
    card = await world.card(await world.ticket_of("a"))
    assert (card.line.status, card.close_reason, card.line.draft) == (TicketStatus.CLOSED, "muted", None)
    assert (await world.card(await world.ticket_of("z"))).line.status is TicketStatus.OPEN


# --- our own account --------------------------------------------------------------------------------------------------


async def test_our_published_reply_coming_back_changes_nothing(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.approve(ticket)
    await world.work_on(world.worker())
    before = await world.facts(ticket)
    await world.arrive(network.seen(network.posts[0]), network.seen(network.posts[0]))
    assert await world.facts(ticket) == before
    assert len(await world.tickets()) == 1


async def test_seeing_our_reply_settles_an_answer_that_was_lost(world: World, network: ModelNetwork) -> None:
    network.kind = "none"
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    network.say("a", "posted_lost")
    await world.approve(ticket)
    await world.work_on(world.worker())
    assert await world.state(ticket) is ReplyState.UNCERTAIN
    seen = network.seen(network.posts[0])
    await world.arrive(seen, seen)
    card = await world.card(ticket)
    assert (card.line.reply_state, card.replies[0].url) == (ReplyState.PUBLISHED, seen.url)
    assert "AnsweredElsewhere" not in await world.facts(ticket)


async def test_seeing_our_reply_while_the_call_is_under_way_is_not_a_colleague(
    world: World, network: ModelNetwork
) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.approve(ticket)

    async def echo(reply: Any) -> None:
        network.before_call = None
        post = network._post("a", reply.text, reply.key)
        await world.arrive(network.seen(post), network.seen(post))

    network.before_call = echo
    await world.work_on(world.worker())
    assert await world.state(ticket) is ReplyState.PUBLISHED
    assert "AnsweredElsewhere" not in await world.facts(ticket)
    assert len(network.under("a")) == 1


async def test_a_colleagues_answer_by_hand_withdraws_ours(world: World, network: ModelNetwork) -> None:
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    await world.approve(ticket)
    by_hand = network.by_hand("a", "We called you, all is well now.")
    await world.arrive(by_hand, by_hand)
    await world.work_on(world.worker())
    card = await world.card(ticket)
    assert (card.line.reply_state, card.line.status) == (ReplyState.WITHDRAWN, TicketStatus.WAITING)
    assert [post.by for post in network.under("a")] == ["colleague"]
    assert (await world.facts(ticket)).count("AnsweredElsewhere") == 1
    assert [entry.ours for entry in card.conversation] == [False, True]


async def test_moderation_ends_in_the_open_or_with_a_reason(world: World, network: ModelNetwork) -> None:
    for name in ("a", "b"):
        await world.arrive(network.write(name, thread_key=name))
        network.say(name, "pending")
        await world.approve(await world.ticket_of(name))
    await world.work_on(world.worker())
    kept, refused = network.under("a")[0], network.under("b")[0]
    confirmed = ReplyConfirmed(account=WALL, native_id=kept.id, url="https://example.org/live")
    await world.emit(confirmed, confirmed, ReplyRefused(account=WALL, native_id=refused.id, reason="too \ud800 rude"))
    assert await world.state(await world.ticket_of("a")) is ReplyState.PUBLISHED
    card = await world.card(await world.ticket_of("b"))
    assert (card.line.reply_state, card.replies[-1].problem) == (ReplyState.REJECTED, "too ? rude")


# --- whatever it is made of -------------------------------------------------------------------------------------------

HUGE = "x" * 1_000_000
ODD: list[Item] = [
    comment("a", "lone \ud800 surrogate"),
    comment("a", "NUL \x00 inside"),
    comment("a", HUGE),
    comment("a", ""),
    comment("a", "\u202e\u200b\x1b[2J@everyone <!channel>"),
    comment("a", author=Author(id="\ud800\x00", name=HUGE, handle="\udfff", url="\x00")),
    comment("a", author=Author(id="c1", name="")),
    comment("a", version="\ud800", parent="\udc00\x00", url="\ud800", thread_key="\ud800\x00"),
    comment("a", text="POISON for the classifier"),
    comment("a", text="BITTER for the drafter"),
]


@pytest.mark.parametrize("item", ODD, ids=range(len(ODD)))
async def test_odd_items_come_in_and_hold_nobody_up(world: World, item: Item) -> None:
    await world.arrive(comment("x", thread_key="x"), item, comment("z", thread_key="z"))
    await world.arrive(item)
    assert len(await world.tickets()) == 3
    card = await world.card(await world.ticket_of("a"))
    assert len(card.line.text) < LONGEST + 100
    assert card.line.status is TicketStatus.OPEN
    await world.work_on(world.worker())
    assert len(world.chat.cards) == 3


async def test_what_triage_cannot_read_comes_in_as_urgent(world: World) -> None:
    await world.arrive(comment("a", "POISON"))
    card = await world.card(await world.ticket_of("a"))
    assert (card.line.severity.value, card.line.language, card.reasons) == ("high", None, ("triage:failed",))


async def test_a_native_id_that_cannot_be_stored_as_it_is_stays_the_same_item(world: World) -> None:
    odd = "id\x00\ud800"
    await world.arrive(comment(odd))
    await world.arrive(comment(odd))
    await world.emit(ItemRemoved(account=WALL, native_id=odd))
    assert len(await world.tickets()) == 1
    assert (await world.card((await world.tickets())[0])).conversation[0].gone
