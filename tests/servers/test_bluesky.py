"""The network contract over a real PDS and AppView, with answers lost on the way back; and the real process there."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import AuthExpired
from bot.core.types import Gone, Item, Posted, Rejected
from handlers.networks.bluesky.naming import page
from tests.contract.bluesky_side import PASSWORD, BlueskySide
from tests.contract.hostile import HOSTILE
from tests.contract.network_side import BESIDE, PICTURES, Side, answer, listening, seen
from tests.contract.network_suite import NetworkContract
from tests.crash.process import KILL_AT
from tests.e2e.process import Portavoz, until
from tests.support.bluesky_door import Relay
from tests.support.bluesky_fake import BLOCK, iso
from tests.support.bluesky_network import BlueskyNetwork
from tests.support.postgres import Server

pytestmark = pytest.mark.servers
MENTION = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."
COMPLAINTS = {
    "publish.before_intent": MENTION,
    "publish.after_intent": "El pedido lleva dos semanas de retraso y nadie me llama para explicarlo.",
    "publish.after_call": "La sopa de ayer estaba helada y el camarero ni se disculpó.",
    "publish.after_commit": "Me habéis cobrado dos veces la misma entrada y quiero mi dinero de vuelta.",
}
"""What is complained about, by the point at which the process is killed while the answer goes out."""
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[BlueskyNetwork]:
    running = BlueskyNetwork(tmp_path_factory.mktemp("bluesky"), postgres.empty())
    try:
        yield running
    finally:
        running.close()


class RealSide(BlueskySide):
    """A new account of ours each time; whoever writes to it stays the same, since new accounts take time.

    On the real network pictures have to be uploaded.
    """

    can = BlueskySide.can - {BESIDE, PICTURES}

    def __init__(self, network: BlueskyNetwork, public: dict[str, Any], named: dict[str, str]) -> None:
        super().__init__(door=Relay(network.pds), timeout=5)
        self.people, self.named = {**public}, named
        self._public = public

    async def start(self) -> None:
        await super().start()

        async def known() -> bool:
            found = await self.door.call(
                "app.bsky.feed.getAuthorFeed", self.shop["accessJwt"], params=[("actor", self.shop["did"])]
            )
            return found[0] == 200

        # The AppView hears of a new account a little later than its own server.
        await self.seen(known)

    async def new_password(self) -> str:
        return PASSWORD  # an app password has a test of its own

    async def stop(self) -> None:
        self._public |= {name: one for name, one in self.people.items() if name != "tienda"}
        await super().stop()


@pytest.fixture(scope="module")
def public() -> tuple[dict[str, Any], dict[str, str]]:
    """Who has an account on the network, and by what name."""
    return {}, {}


SHOWN_BY_THE_FAKE = {
    "test_trouble_while_listening_is_reported_and_loses_nothing",
    "test_what_cannot_be_told_now_is_not_called_gone",
    "test_too_many_requests_say_when_to_come_back",
    "test_a_dead_token_is_called_that",
    "test_what_cannot_be_looked_up_now_is_not_called_absent",
    "test_a_burst_comes_in_batches_that_carry_a_cursor",
    "test_a_comment_is_noticed_within_a_second",
}
"""Where the relay alone would answer, or how fast the network is would be told."""


@pytest.fixture
async def real(
    request: pytest.FixtureRequest, network: BlueskyNetwork, public: tuple[dict[str, Any], dict[str, str]]
) -> AsyncIterator[RealSide]:
    if getattr(request.node, "originalname", "") in SHOWN_BY_THE_FAKE:
        pytest.skip("the network has no part in it, the fake has shown it")
    side = RealSide(network, *public)
    await side.start()
    yield side
    await side.stop()


class TestRealBluesky(NetworkContract):
    adapter = "bluesky"

    @pytest.fixture
    def side(self, real: RealSide) -> Side:
        return real

    @pytest.mark.parametrize("name", ["all"])
    async def test_a_hostile_text_comes_in_as_everybody_reads_it(self, side: Side, name: str) -> None:
        # All at once: a network takes a moment for each new account. PostgreSQL, behind the AppView, stores no NUL.
        written = {await side.comment(text): text for key, text in HOSTILE.items() if key != "null"}
        async with listening(side.network) as intake:
            await intake.until(lambda had: len(had.items) >= len(written))
        assert {item.native_id: item.text for item in intake.items} == {
            native: await side.said(native) for native in written
        }

    @pytest.mark.parametrize("name", ["all"])
    async def test_an_odd_text_stands_exactly_or_is_refused(self, side: Side, target: Item, name: str) -> None:
        for key, text in HOSTILE.items():
            before = await side.replies(target.native_id)
            result = await side.network.publish(answer(target, text, key))
            standing = (await side.replies(target.native_id))[len(before) :]
            assert (type(result).__name__, standing) in [("Posted", [text]), ("Rejected", [])], key


async def shown(real: RealSide, uri: str) -> dict[str, Any]:
    """A thread as the AppView has it."""
    answer = await real.ask("app.bsky.feed.getPostThread", ("uri", uri), ("depth", "1"))
    thread: dict[str, Any] = answer["thread"]
    return thread


async def test_a_password_that_is_taken_back_is_told(real: RealSide) -> None:
    real.password = await BlueskySide.new_password(real)
    await real.restart()
    account = await real.network.check()
    assert (account.name, account.native_id, account.warnings) == (f"@{real.shop['handle']}", real.shop["did"], ())
    await real.act("tienda", "com.atproto.server.revokeAppPassword", {"name": "portavoz"})
    # The token that it got lives on for a while; renewing it is what fails.
    session = await real.network._wire.sessions.current()
    with pytest.raises(AuthExpired):
        await real.network._wire.sessions.renew(session)


async def test_a_session_is_renewed_and_shared_by_whoever_has_the_drawer(real: RealSide) -> None:
    first = await real.network._wire.sessions.current()
    second = await real.network._wire.sessions.renew(first)
    assert first.refresh != second.refresh
    await real.restart()
    assert await real.network._wire.sessions.current() == second
    assert (await real.network.check()).warnings[0].startswith("This is the account's own password")


async def test_what_hangs_on_a_post_and_what_it_links_is_shown(real: RealSide) -> None:
    await real.person("vera")
    quoted = await real.write("tienda", "Hoy abrimos a las nueve.")
    picture = await real.upload("vera", PNG)
    media = {"$type": "app.bsky.embed.images", "images": [{"image": picture, "alt": "una taza rota"}]}
    quote = {"$type": "app.bsky.embed.record", "record": real.reference(quoted)}
    text = "Mirad tienda.example/ayuda... y decid algo"
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://tienda.example/ayuda/larga"}
    facets = [{"index": {"byteStart": 6, "byteEnd": 29}, "features": [feature]}]
    embed = {"$type": "app.bsky.embed.recordWithMedia", "media": media, "record": quote}
    native = await real.told(await real.write("vera", text, facets=facets, embed=embed))
    item = await seen(real, native)
    assert item.text == "Mirad https://tienda.example/ayuda/larga y decid algo"
    image, link = item.attachments
    assert (image.kind, image.alt) == ("image", "una taza rota")
    assert (link.alt, link.url) == ("Hoy abrimos a las nueve.", page(real.door.base, quoted))


async def test_what_people_click_is_clickable_in_a_reply(real: RealSide) -> None:
    target = await seen(real, await real.comment("¿Dónde lo veo?"))
    vera = real.people["vera"]
    text = f"Aquí, @{vera['handle']}: https://tienda.example/ñu (y #ofertas)."
    posted = await real.network.publish(answer(target, text))
    assert isinstance(posted, Posted)
    _, found = await real.door.shown(posted.native_id)
    raw = text.encode()
    spans = [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in found["value"]["facets"]]
    assert spans == [f"@{vera['handle']}", "https://tienda.example/ñu", "#ofertas"]
    assert found["value"]["facets"][0]["features"][0]["did"] == vera["did"]


async def test_who_has_blocked_us_is_not_answered(real: RealSide) -> None:
    native = await real.told(await real.write("eva", **real.naming("¿Hola?")))
    target = await seen(real, native)
    block = {"$type": BLOCK, "subject": real.shop["did"], "createdAt": iso(datetime.now(UTC))}
    await real.act(
        "eva",
        "com.atproto.repo.createRecord",
        {"repo": real.people["eva"]["did"], "collection": BLOCK, "record": block},
    )

    async def blocked() -> bool:
        return await real.network.current(target) == Gone(reason="blocked")

    await real.seen(blocked)
    assert isinstance(await real.network.publish(answer(target, "We are sorry.")), Rejected)
    assert await real.replies(native) == []


# --- the real process ---------------------------------------------------------------------------------------------


@pytest.fixture
async def bot(tmp_path: Path, network: BlueskyNetwork, real: RealSide) -> AsyncIterator[Portavoz]:
    data = tmp_path / "data"
    data.mkdir()
    account = f'[[networks]]\nid = "sky"\ntype = "bluesky"\nhandle = "{real.shop["handle"]}"\n'
    account += f'base_url = "{network.pds}"\npoll_seconds = 0.2\nrecheck_seconds = 1\n'
    people = '[[people]]\nid = "luis"\nname = "Luis"\nrole = "lead"\n'
    (data / "portavoz.toml").write_text(f"undo_seconds = 0\n{account}{people}")
    secret = await BlueskySide.new_password(real)
    environ = {"PORTAVOZ_SECRET_SKY": secret, KILL_AT: f"@{tmp_path / 'armed'}"}
    running = Portavoz(data, module="tests.crash.process", environ=environ)
    try:
        running.start()
        yield running
    finally:
        running.close()


def arm(bot: Portavoz, point: str) -> None:
    armed = bot.data.parent / "armed"
    fresh = armed.with_suffix(".new")
    fresh.write_text(point)
    fresh.replace(armed)


def revive(bot: Portavoz) -> None:
    """It ended at the point; start it again."""
    until(lambda: bot.ended() is not None, what="the kill")
    assert bot.wait_end() == -9
    arm(bot, "")
    bot.start()


def ticket(bot: Portavoz) -> dict[str, Any]:
    """The only ticket, once it has a draft."""
    lines = until(lambda: [one for one in bot.ask("inbox", "--all") if one["draft"]], what="a ticket with a draft")
    assert len(lines) == 1
    line: dict[str, Any] = lines[0]
    return line


def published(bot: Portavoz, id: str) -> None:
    until(lambda: bot.ask("show", id)["reply_state"] == "published", what="the reply to be published")


async def test_a_mention_is_answered_where_it_stands_word_for_word(bot: Portavoz, real: RealSide) -> None:
    mention = await real.comment(MENTION)
    line = ticket(bot)
    assert (line["text"], line["author"], line["network"]) == (MENTION, "Vera", "bluesky")
    bot.ask("approve", line["id"], "--as", "luis")
    published(bot, line["id"])

    async def there() -> bool:
        return len((await shown(real, mention))["replies"]) == 1

    await real.seen(there)
    (reply,) = (await shown(real, mention))["replies"]
    assert reply["post"]["record"]["text"] == line["draft"]
    assert reply["post"]["author"]["did"] == real.shop["did"]
    await real.write("vera", "Gracias, pero sigue rota y quiero otra.", answering=reply["post"]["uri"])
    until(lambda: len(bot.ask("show", line["id"])["conversation"]) == 3, what="the answer in the same ticket")
    assert len(await real.replies(mention)) == 1
    lights = bot.ask("check")
    assert all(light["state"] != "red" for light in lights), lights


async def test_what_a_colleague_answers_is_not_answered_again(bot: Portavoz, real: RealSide) -> None:
    mention = await real.comment(MENTION)
    line = ticket(bot)
    await real.reply_by_hand(mention, "Te escribo por privado, Vera.")
    until(lambda: bot.ask("show", line["id"])["reply_state"] == "withdrawn", what="the draft to be withdrawn")


async def test_a_thread_that_was_closed_is_handed_to_a_person(bot: Portavoz, real: RealSide) -> None:
    mention = await real.comment(MENTION)
    line = ticket(bot)
    await real.close_thread(mention)
    bot.ask("approve", line["id"], "--as", "luis")
    until(lambda: bot.ask("show", line["id"])["reply_state"] == "handed_off", what="the reply to be handed over")
    assert await real.replies(mention) == []


async def test_a_reply_stands_once_wherever_the_process_is_killed(bot: Portavoz, real: RealSide) -> None:
    points = {text: point for point, text in COMPLAINTS.items()}
    places = {text: await real.comment(text) for text in points}

    def drafted() -> list[dict[str, Any]]:
        lines = [one for one in bot.ask("inbox", "--all") if one["draft"]]
        return lines if len(lines) == len(points) else []

    lines = until(drafted, what="all the tickets")
    for line in lines:
        arm(bot, points[line["text"]])
        bot.ask("approve", line["id"], "--as", "luis")
        revive(bot)

        async def stands(line: dict[str, Any] = line) -> bool:
            return await real.replies(places[line["text"]]) == [line["draft"]]

        await real.seen(stands)
    until(
        lambda: all(one["reply_state"] == "published" for one in bot.ask("inbox", "--all")), what="all to be published"
    )
    for line in lines:
        assert await real.replies(places[line["text"]]) == [line["draft"]], points[line["text"]]
