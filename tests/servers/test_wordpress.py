"""The network contract over a real WordPress, and the real process with it: a visitor is answered there, once."""

from __future__ import annotations

import contextlib
import html
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.core.messages import ReplyConfirmed
from bot.core.types import Pending, Posted, Rejected
from tests.contract.network_side import Side, answer, listening, seen
from tests.contract.wordpress_side import WordPressSide
from tests.contract.wordpress_suite import WordPressContract
from tests.crash.process import KILL_AT
from tests.e2e.process import Portavoz, until
from tests.support.wordpress_server import WordPress

pytestmark = pytest.mark.servers
COMPLAINT = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    server = WordPress(tmp_path_factory.mktemp("wordpress"))
    yield server
    server.close()


@pytest.fixture
def site(running: WordPress) -> WordPress:
    running.reset()
    return running


class TestWordPress(WordPressContract):
    @pytest.fixture
    async def side(self, site: WordPress) -> AsyncIterator[Side]:
        side = WordPressSide(site, site.secret, timeout=8)
        yield side
        await side.stop()

    async def test_a_comment_is_noticed_within_a_second(self, side: Side) -> None:
        pytest.skip("how long a real site takes to answer says nothing about the adapter")

    async def test_who_is_no_moderator_publishes_finds_and_waits_for_moderators_as_well(self, site: WordPress) -> None:
        login, password = site.person("becaria", "La Tienda", "author")
        side = WordPressSide(site, f"{login}:{password}", timeout=8)
        try:
            account = await side.network.check()
            assert "moderator" in " ".join(account.warnings)
            target = await seen(side, await side.comment('¿Está "abierto" hoy... o no? :)', visitor=None))
            text = 'Sí, "hoy" abrimos... 10x20 & <siempre> -- ¡ven! :) :D :lol:\nUn saludo, l\'equipo'
            posted = await side.network.publish(answer(target, text))
            assert isinstance(posted, Posted)
            assert await side.network.find(answer(target, text)) == posted
            assert await side.network.find(answer(target, text + "?!?! no")) is None
            assert html.unescape(site.raw(posted.native_id)) == text

            site.option("comment_moderation", 1)
            held = await side.network.publish(answer(target, "Y mañana también.", "key-2"))
            assert isinstance(held, Pending)
            assert await side.network.find(answer(target, "Y mañana también.", "key-2")) is None
            # The answer to that call was lost: what waits is recognised, not written again.
            again = replace(answer(target, "Y mañana también.", "key-2"), attempt=2)
            assert await side.network.publish(again) == held
            async with listening(side.network) as intake:
                site.set_status(held.native_id or "", "approve")
                await intake.until(lambda had: any(isinstance(event, ReplyConfirmed) for event in had.events))
        finally:
            await side.stop()

    async def test_a_parent_that_does_not_exist_is_not_answered(self, side: Side, site: WordPress) -> None:
        target = await seen(side, await side.comment("The soup was cold."))
        invented = replace(target, native_id="999999")
        assert isinstance(await side.network.publish(answer(invented, "We are sorry.")), Rejected)
        # WordPress itself would have taken it.
        body = {"post": 1, "parent": 999_999, "content": "We are sorry."}
        assert site.call("POST", "comments", json=body)["parent"] == 999_999

    async def test_a_closed_post_is_told_with_a_link_and_the_check_warns(self, side: Side, site: WordPress) -> None:
        target = await seen(side, await side.comment("The soup was cold."))
        site.close_comments()
        result = await side.network.publish(answer(target, "We are sorry."))
        assert isinstance(result, Rejected)
        assert result.manual_url == target.url
        assert not result.duplicate
        assert (await side.network.check()).warnings == ("the newest post is closed for comments",)

    async def test_the_same_words_again_are_called_a_duplicate(self, side: Side) -> None:
        target = await seen(side, await side.comment("The soup was cold."))
        text = "Lo sentimos: «sopa» & <caldo> 'fríos'… 🍲\n\n^Ana"
        posted = await side.network.publish(answer(target, text))
        again = await side.network.publish(answer(target, text, "key-2"))
        assert isinstance(again, Rejected)
        assert again.duplicate
        assert await side.network.find(answer(target, text, "key-2")) == posted


# --- the real process ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, running: WordPress) -> Iterator[Portavoz]:
    """One for all, since its start and each word on the command line take longer than what they are about."""
    folder = tmp_path_factory.mktemp("bot")
    data = folder / "data"
    data.mkdir()
    network = f'[[networks]]\nid = "blog"\ntype = "wordpress"\nbase_url = "{running.base}"\n'
    pace = "poll_seconds = 0.3\nrecheck_seconds = 1\nsettle_seconds = 1\n"
    people = '[[people]]\nid = "luis"\nname = "Luis"\nrole = "lead"\n'
    (data / "portavoz.toml").write_text(f"undo_seconds = 0\n{network}{pace}{people}")
    environ = {"PORTAVOZ_SECRET_BLOG": running.secret, KILL_AT: f"@{folder / 'armed'}"}
    made = Portavoz(data, module="tests.crash.process", environ=environ)
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def bot(process: Portavoz, site: WordPress) -> Portavoz:
    """It runs, and nothing is going to end it, whatever became of the test before."""
    arm(process, "")
    if process.ended() is not None:
        process.wait_end()
    if not process.running:
        process.start()
    return process


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


def rows(bot: Portavoz, question: str, *values: str) -> list[tuple[Any, ...]]:
    """What the bot has stored; a look costs a hundredth of a word on the command line."""
    with contextlib.closing(sqlite3.connect(f"file:{bot.data / 'portavoz.db'}?mode=ro", uri=True)) as database:
        return database.execute(question, values).fetchall()


def drafted(bot: Portavoz, text: str) -> tuple[str, str]:
    """The only ticket about a comment, and its draft."""
    asked = (
        "SELECT i.ticket, d.text FROM items i JOIN contents c ON i.content = c.id JOIN replies r ON r.ticket = i.ticket"
        " JOIN revisions v ON v.reply = r.id JOIN contents d ON v.content = d.id WHERE c.text = ?"
    )
    ((ticket, draft),) = until(lambda: rows(bot, asked, text), what="a ticket with a draft")
    return ticket, draft


def reaches(bot: Portavoz, ticket: str, state: str) -> None:
    asked = "SELECT state FROM replies WHERE ticket = ?"
    until(lambda: rows(bot, asked, ticket) == [(state,)], what=f"the reply to be {state}")


def test_a_visitor_is_answered_where_the_comment_stands_word_for_word(bot: Portavoz, site: WordPress) -> None:
    comment = site.write(COMPLAINT, "Vera", None)
    ticket, draft = drafted(bot, COMPLAINT)
    (line,) = bot.ask("inbox", "--all")
    found = (line["id"], line["author"], line["network"], line["text"], line["draft"])
    assert found == (ticket, "Vera", "wordpress", COMPLAINT, draft)
    bot.ask("approve", ticket, "--as", "luis")
    reaches(bot, ticket, "published")
    (reply,) = site.replies(comment)
    assert html.unescape(reply) == draft
    assert draft in site.shown()
    assert all(light["state"] != "red" for light in bot.ask("check"))


def test_comments_survive_a_kill_while_they_come_in(bot: Portavoz, site: WordPress) -> None:
    for point in ("before_commit", "after_commit"):
        text = f"¿Abrís los domingos? {point}"
        arm(bot, f"intake.{point}")
        site.write(text, "Luz", None)
        revive(bot)
        drafted(bot, text)


def test_a_reply_stands_once_whenever_the_process_is_killed(bot: Portavoz, site: WordPress) -> None:
    for point in ("before_intent", "after_intent", "after_call", "after_commit"):
        text = f"{COMPLAINT} {point}"
        comment = site.write(text, "Vera", None)
        ticket, draft = drafted(bot, text)
        arm(bot, f"publish.{point}")
        bot.ask("approve", ticket, "--as", "luis")
        revive(bot)
        reaches(bot, ticket, "published")
        (reply,) = site.replies(comment)
        assert html.unescape(reply) == draft


def test_a_held_comment_is_shown_as_such_until_moderators_let_it_through(bot: Portavoz, site: WordPress) -> None:
    site.option("comment_moderation", 1)
    text = f"{COMPLAINT} held"
    comment = site.write(text, "Vera", None)
    ticket, _ = drafted(bot, text)
    bot.ask("approve", ticket, "--as", "luis")
    reaches(bot, ticket, "handed_off")
    shown = bot.ask("show", ticket)
    assert shown["conversation"][0]["held"]
    assert f"action=editcomment&c={comment}" in str(shown)
    assert site.replies(comment) == []
    site.set_status(comment, "approve")
    until(lambda: rows(bot, "SELECT seq FROM events WHERE type = 'ItemReleased'"), what="the comment to be let through")
    assert not bot.ask("show", ticket)["conversation"][0]["held"]


def test_an_edit_and_a_removal_on_the_site_are_noticed(bot: Portavoz, site: WordPress) -> None:
    text, edited = f"{COMPLAINT} edited", "Ya está, ¡gracias por todo!"
    comment = site.write(text, "Vera", None)
    ticket, _ = drafted(bot, text)
    told = "SELECT type FROM events WHERE ticket = ?"
    site.edit(comment, edited)
    until(lambda: ("ItemEdited",) in rows(bot, told, ticket), what="the edit on the ticket")
    site.set_status(comment, "trash")
    until(lambda: ("ItemRemoved",) in rows(bot, told, ticket), what="the removal on the ticket")
    (entry,) = bot.ask("show", ticket)["conversation"]
    assert (entry["text"], entry["edited"], entry["gone"]) == (edited, True, True)
