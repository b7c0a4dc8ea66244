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
from tests.contract.at_once import OddTextsAtOnce
from tests.contract.bluesky_real_side import BlueskyShore, RealSide, Village
from tests.contract.bluesky_side import BlueskySide
from tests.contract.network_side import Side, answer, seen
from tests.contract.network_suite import NetworkContract
from tests.crash.books import Books
from tests.crash.shores import PUBLISHING, configuration, die_everywhere, standing
from tests.e2e.entrance import ask
from tests.e2e.process import Portavoz, until
from tests.support.bluesky_fake import BLOCK, iso
from tests.support.bluesky_network import BlueskyNetwork
from tests.support.postgres import Server

pytestmark = pytest.mark.servers
MENTION = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."
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


@pytest.fixture(scope="module")
def village() -> Village:
    """One for all tests, as the network is."""
    return Village()


SHOWN_BY_THE_FAKE = {
    # The network has no part in it.
    "test_a_cursor_that_means_nothing_loses_nothing",
    "test_an_empty_reply_is_refused",
    "test_listening_ends_at_once_when_it_is_cancelled",
    "test_the_capabilities_stay_what_they_are",
    "test_the_same_words_from_long_ago_are_not_taken_for_this_reply",
    "test_what_could_not_be_committed_comes_again",
    # The relay alone would answer.
    "test_a_dead_token_is_called_that",
    "test_a_failure_before_anything_was_done_leaves_nothing_to_find",
    "test_too_many_requests_say_when_to_come_back",
    "test_trouble_while_listening_is_reported_and_loses_nothing",
    "test_what_cannot_be_looked_up_now_is_not_called_absent",
    "test_what_cannot_be_told_now_is_not_called_gone",
    # How fast the network is would be told.
    "test_a_burst_comes_in_batches_that_carry_a_cursor",
    "test_a_comment_is_noticed_within_a_second",
    # Another test here asks the network the same, and more.
    "test_a_comment_taken_back_voids_what_was_approved_and_stays_stored",
    "test_a_published_reply_is_found",
    "test_one_person_is_recognised_and_two_of_one_name_are_told_apart",
    "test_the_account_says_who_speaks",
    "test_the_current_item_is_the_one_that_was_reported",
    "test_the_limit_counts_emoji_as_the_network_does",
    "test_the_limit_is_the_limit_and_nothing_is_cut",
    "test_the_same_key_stays_one_reply_over_a_restart",
    "test_two_keys_are_two_replies",
}


@pytest.fixture
async def real(request: pytest.FixtureRequest, network: BlueskyNetwork, village: Village) -> AsyncIterator[RealSide]:
    if getattr(request.node, "originalname", "") in SHOWN_BY_THE_FAKE:
        pytest.skip("the fake has shown it")
    side = RealSide(network, village)
    try:
        await side.start()
        yield side
    finally:
        await side.stop()


class TestRealBluesky(OddTextsAtOnce, NetworkContract):
    adapter = "bluesky"
    untakeable = frozenset({"null"})
    """PostgreSQL, behind the AppView, stores no NUL."""

    @pytest.fixture
    def side(self, real: RealSide) -> Side:
        return real

    @pytest.mark.parametrize("trouble", ["error_after"])
    async def test_a_lost_answer_is_unknown_and_settled_without_a_second_reply(
        self, side: Side, target: Item, trouble: str
    ) -> None:
        # It is the relay that would come too late.
        await super().test_a_lost_answer_is_unknown_and_settled_without_a_second_reply(side, target, trouble)


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


def test_a_death_at_any_point_loses_nothing_and_says_nothing_twice(
    network: BlueskyNetwork, village: Village, tmp_path: Path
) -> None:
    shore = BlueskyShore(network, village)
    try:
        die_everywhere(shore, tmp_path, PUBLISHING)
    finally:
        shore.close()


@pytest.fixture(scope="module")
def shore(network: BlueskyNetwork, village: Village) -> Iterator[BlueskyShore]:
    made = BlueskyShore(network, village)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, shore: BlueskyShore) -> Iterator[Portavoz]:
    """One for all, since its start takes longer than what they are about."""
    data = tmp_path_factory.mktemp("bot") / "data"
    data.mkdir()
    (data / "portavoz.toml").write_text(configuration(shore))
    running = Portavoz(data, environ=dict(shore.environ))
    try:
        running.start()
        yield running
    finally:
        running.close()


def test_a_mention_is_answered_where_it_stands_word_for_word(bot: Portavoz, shore: BlueskyShore) -> None:
    mention = shore.comment(MENTION)
    draft = standing(Books(bot.data), mention, "proposed")
    (line,) = ask(bot, "inbox", "--all")
    found = (line["id"], line["text"], line["author"], line["network"], line["draft"])
    assert found == (draft.ticket, MENTION, "Vera", "bluesky", draft.text)
    ask(bot, "approve", draft.ticket, "--as", "luis")
    standing(Books(bot.data), mention, "published")
    (reply,) = until(lambda: shore.do(shown(shore.side, mention))["replies"], what="the network to show the reply")
    assert reply["post"]["record"]["text"] == draft.text
    assert reply["post"]["author"]["did"] == shore.side.shop["did"]
    thanks = shore.do(shore.side.write("vera", "Gracias, pero sigue rota.", answering=reply["post"]["uri"]))
    came = "SELECT ticket FROM items WHERE native_id = ?"
    assert until(lambda: Books(bot.data).ask(came, thanks), what="the answer to come in") == [(draft.ticket,)]
    assert len(ask(bot, "show", draft.ticket)["conversation"]) == 3
    assert len(shore.replies(mention)) == 1
    lights = ask(bot, "check")
    assert all(light["state"] != "red" for light in lights), lights


def test_what_a_colleague_answers_is_not_answered_again(bot: Portavoz, shore: BlueskyShore) -> None:
    mention = shore.comment("El pedido lleva dos semanas de retraso y nadie me llama para explicarlo.")
    standing(Books(bot.data), mention, "proposed")
    shore.do(shore.side.reply_by_hand(mention, "Te escribo por privado, Vera."))
    state = "SELECT r.state FROM replies r JOIN items i ON i.ticket = r.ticket WHERE i.native_id = ?"
    until(lambda: Books(bot.data).ask(state, mention) == [("withdrawn",)], what="the draft to be withdrawn")


def test_a_thread_that_was_closed_is_handed_to_a_person(bot: Portavoz, shore: BlueskyShore) -> None:
    mention = shore.comment("Me habéis cobrado dos veces la misma entrada y quiero mi dinero de vuelta.")
    draft = standing(Books(bot.data), mention, "proposed")
    shore.do(shore.side.close_thread(mention))
    ask(bot, "approve", draft.ticket, "--as", "luis")
    standing(Books(bot.data), mention, "handed_off")
    assert shore.replies(mention) == []
