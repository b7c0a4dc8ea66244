"""After a restore nothing leaves on an approval that was given before it."""

from bot.core.messages import Approve, Crisis, Done, Resume
from bot.core.types import ReplyState, Role
from bot.engine.restoring import hold_back
from tests.engine.model_network import ModelNetwork
from tests.engine.test_publisher import approved, voided
from tests.support.engine_world import World


async def restored(world: World) -> int:
    """What `restore` does to the database before anything runs on it."""
    with world.database.begin() as conn:
        return hold_back(conn, world.clock(), "a backup was restored")


def lead(world: World) -> str:
    return next(person.id for person in world.parts.people if person.role is Role.LEAD)


async def test_what_was_approved_in_the_backup_has_to_be_approved_again(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    assert await restored(world) == 1
    assert (await world.state(ticket), await voided(world, ticket)) == (ReplyState.PROPOSED, ["restored"])
    assert isinstance(await world.wish(Resume(by=lead(world), via="desk")), Done)
    await world.work_on(world.worker(), 60)
    assert network.calls == []
    await world.approve(ticket)
    await world.work_on(world.worker())
    assert len(network.posts) == 1


async def test_half_an_approval_falls_as_well(world: World, network: ModelNetwork) -> None:
    assert isinstance(await world.wish(Crisis(by=lead(world), via="desk", on=True)), Done)
    await world.arrive(network.write("a"))
    ticket = await world.ticket_of("a")
    assert isinstance(await world.wish(Approve(by="luis", via="desk", ticket=ticket)), Done)
    assert await restored(world) == 1
    assert await voided(world, ticket) == ["restored"]
    await world.wish(Resume(by=lead(world), via="desk"))
    assert isinstance(await world.wish(Approve(by="pia", via="desk", ticket=ticket)), Done)
    assert await world.state(ticket) is ReplyState.PROPOSED


async def test_its_card_is_shown_anew_and_what_is_out_already_is_left_alone(
    world: World, network: ModelNetwork
) -> None:
    out = await approved(world, network, "a")
    await world.work_on(world.worker(), 60)
    waiting = await approved(world, network, "b")
    await world.work_on(world.worker(), 1)  # the card says `approved`; the undo window is open
    assert await world.orders("card") == []
    assert await restored(world) == 1
    assert [order.ticket for order in await world.orders("card")] == [waiting]
    assert (await world.state(out), await voided(world, out)) == (ReplyState.PUBLISHED, [])
