"""A token that runs out is told from a week before on, on the desk and in the rooms; a dead one holds replies back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.messages import Announce
from bot.core.types import Account, ReplyState
from bot.engine.accounts import Accounts
from bot.engine.clock import Clock as Ticking
from bot.locale import explain
from bot.settings import load
from bot.store.expiring import to_check
from bot.wiring import _stated
from tests.engine.model_network import Answer, ModelNetwork
from tests.engine.test_publisher import approved
from tests.support.engine_world import T0, WALL, World

PART = f"network:{WALL}"
ENDS = T0 + timedelta(days=8)


async def hours(world: World, ticking: Ticking, count: int) -> list[str]:
    """The days on which something was said about tokens, so many hours on."""
    for _ in range(count):
        world.clock.move(3601)
        await ticking.tick()
    return [str(said["params"]["which"]) for said in await world.announced("tokens_expiring")]


async def test_it_is_said_once_a_day_from_a_week_before_until_it_is_renewed(world: World) -> None:
    accounts, ticking = Accounts(world.engine), Ticking(world.engine, world.reader)
    await accounts.works(PART, checked=Account(name="The Bakery", expires_at=ENDS))
    await ticking.tick()
    assert await hours(world, ticking, 12) == []
    assert await hours(world, ticking, 30) == ["wall (2026-11-29)"]
    assert await hours(world, ticking, 48) == ["wall (2026-11-29)"] * 3
    assert [(light.code, light.state) for light in await world.reader.health() if "wall" in repr(light)] == [
        ("account_expiring", "warn")
    ]
    [due] = await world.reader.ask(lambda conn: to_check(conn, world.clock()))
    assert (due.part, due.id, due.name, due.expires_at, due.state) == ("network", WALL, "The Bakery", ENDS, "ok")
    # Another process says nothing on the same day.
    world.clock.move(-3600)
    await Ticking(world.engine, world.reader).tick()
    assert len(await world.announced("tokens_expiring")) == 3
    # What only works again tells nothing of the token; what was checked does.
    await accounts.works(PART)
    assert await world.reader.ask(lambda conn: to_check(conn, world.clock()))
    await accounts.works(PART, checked=Account(name="The Bakery", expires_at=ENDS + timedelta(days=90)))
    assert len(await hours(world, ticking, 48)) == 3
    assert await world.reader.ask(lambda conn: to_check(conn, world.clock())) == []


async def test_a_day_that_passed_is_told_for_a_week_and_no_longer(world: World) -> None:
    await Accounts(world.engine).works(PART, checked=Account(name="x", expires_at=T0 - timedelta(days=5)))
    ticking = Ticking(world.engine, world.reader)
    assert len(await hours(world, ticking, 24 * 4)) == 3
    assert [light.code for light in await world.reader.health() if "wall" in repr(light)] == ["account_expired"]


async def test_a_dead_token_holds_approved_replies_and_is_said(world: World, network: ModelNetwork) -> None:
    ticket = await approved(world, network)
    dead: list[Answer] = ["dead"] * 100
    network.say("a", *dead)
    worker = world.worker()
    await world.work_on(worker, 30)
    assert await world.state(ticket) is ReplyState.APPROVED
    auth, waiting = (light for light in await world.reader.health() if "network" in repr(light))
    assert (auth.code, waiting.code, waiting.params["count"]) == ("account_auth", "replies_wait", 1)
    assert [one.state for one in await world.reader.ask(lambda conn: to_check(conn, world.clock()))] == ["auth"]
    assert sum("does not let us in any more" in text for _, text in world.chat.said) == 1
    network.scripts.clear()
    await world.work_on(worker, 600)
    assert await world.state(ticket) is ReplyState.PUBLISHED
    assert len(network.posts) == 1


def test_people_state_the_day_where_the_service_does_not_tell_it(tmp_path: Path) -> None:
    (tmp_path / "portavoz.toml").write_text(
        'timezone = "Europe/Madrid"\n[[networks]]\nid = "wall"\ntype = "wall"\nexpires = 2027-01-31\n'
    )
    settings = load(data=tmp_path, environ={})
    assert _stated(settings) == {PART: datetime(2027, 1, 31, tzinfo=ZoneInfo("Europe/Madrid"))}
    assert settings.networks[0].fields == {}
    assert _stated(settings)[PART].astimezone(UTC).hour == 23


def test_the_words_name_every_token() -> None:
    said = explain("en", Announce(code="tokens_expiring", params={"which": "a (2027-01-31), b (2027-02-01)"}))
    assert "a (2027-01-31), b (2027-02-01)" in said
