"""A comment with pictures: a ticket even without words, bounded, and an approval falls when they are exchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.attachments import MOST
from bot.core.messages import ItemRemoved
from bot.core.search import SearchPage
from bot.core.types import Attachment, AttachmentKind, Item, Kind, ReplyState, version_of
from bot.store.audit import verify
from tests.support.engine_world import T0, WALL, World, comment

CUP = Attachment(url="https://p.example/cup.png", kind=AttachmentKind.IMAGE, name="IMG_1.png", alt="A broken red cup")


def exchanged(item: Item, *hanging: Attachment) -> Item:
    version = version_of(item.text, hanging)
    return replace(item, attachments=hanging, version=version, edited_at=T0 + timedelta(minutes=1))


async def test_a_picture_without_words_is_a_ticket_and_stands_on_its_card(world: World) -> None:
    await world.arrive(comment("a", "", attachments=(CUP,)))
    card = await world.card(await world.ticket_of("a"))
    assert card.line.kind is not Kind.NOISE
    assert card.line.attachments == card.conversation[0].attachments == (CUP,)
    assert (card.line.text, card.conversation[0].more_attachments) == ("", 0)


async def test_descriptions_are_words_to_triage(world: World) -> None:
    await world.arrive(comment("a", "Look", attachments=(replace(CUP, alt="danger"),)))
    assert (await world.card(await world.ticket_of("a"))).line.severity == "critical"


async def test_of_hostile_attachments_what_is_safe_is_kept_and_the_others_are_counted(world: World) -> None:
    hostile = [replace(CUP, url=url) for url in ("javascript:alert(1)", "data:,x", "https://u:p@x.example", "\ud800")]
    many = [replace(CUP, url=f"https://p.example/{n}", alt="\x00\u202e\ud800" * 5000) for n in range(500)]
    await world.arrive(comment("a", "x\ud800", attachments=(*hostile, *many)))
    [entry] = (await world.card(await world.ticket_of("a"))).conversation
    assert [one.url for one in entry.attachments] == [f"https://p.example/{n}" for n in range(MOST)]
    assert entry.more_attachments == len(hostile) + 500 - MOST
    assert all("\x00" not in one.alt and len(one.alt) < 2_000 for one in entry.attachments)
    assert (await world.reader.ask(verify)).sound


async def test_an_approval_falls_when_the_picture_is_exchanged(world: World) -> None:
    item = comment("a", "Look at this", attachments=(CUP,), version=version_of("Look at this", (CUP,)))
    await world.arrive(item)
    ticket = await world.ticket_of("a")
    await world.approve(ticket)
    await world.arrive(item)
    assert await world.state(ticket) is ReplyState.APPROVED
    other = replace(CUP, url="https://p.example/other.png")
    await world.arrive(exchanged(item, other))
    assert await world.state(ticket) is ReplyState.PROPOSED
    [entry] = (await world.card(ticket)).conversation
    assert (entry.attachments, entry.edited) == ((other,), True)
    assert "ApprovalVoided" in await world.facts(ticket)


async def test_a_removed_comment_keeps_its_pictures_on_the_card(world: World) -> None:
    await world.arrive(comment("a", "Look", attachments=(CUP,)))
    await world.emit(ItemRemoved(account=WALL, native_id="a"))
    [entry] = (await world.card(await world.ticket_of("a"))).conversation
    assert (entry.gone, entry.attachments) == (True, (CUP,))


async def test_a_search_finds_a_picture_by_its_description(world: World) -> None:
    await world.arrive(comment("a", "", attachments=(CUP,)), comment("b", "another matter", who="c2", thread_key="t2"))
    page = await world.reader.search("broken cup")
    assert isinstance(page, SearchPage)
    [hit] = page.hits
    assert hit.line.id == await world.ticket_of("a")
    assert [piece.text for piece in hit.snippet if piece.marked] == ["broken", "cup"]


async def test_what_is_on_record_is_what_came(world: World) -> None:
    """Whoever answers is handed the item as it was approved."""
    await world.arrive(comment("a", "Look", attachments=(CUP,), more_attachments=2))
    ticket = await world.ticket_of("a")
    case = await world.engine.work(lambda work: work.case(ticket))
    assert case is not None
    assert (case.item.item.attachments, case.item.item.more_attachments) == ((CUP,), 2)
