"""The network contract over a real WordPress, and the real process with it: a visitor is answered there, once."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import AuthExpired
from bot.core.messages import ReplyConfirmed
from bot.core.types import Item, Pending, Posted, Rejected
from tests.contract.at_once import OddTextsAtOnce
from tests.contract.network_side import Side, answer, listening, seen
from tests.contract.wordpress_side import WordPressSide
from tests.contract.wordpress_suite import WordPressContract
from tests.crash.books import Books
from tests.crash.shores import PUBLISHING, configuration, die_everywhere
from tests.e2e.entrance import ask
from tests.e2e.process import Portavoz, until
from tests.support.wordpress_server import WordPress

pytestmark = pytest.mark.servers
COMPLAINT = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."
PATIENCE = 30.0
"""Seconds for each request: what is tried here is no speed."""
SHOWN_BY_THE_FAKE = {
    # The site has no part in it.
    "test_a_cursor_that_means_nothing_loses_nothing",
    "test_an_empty_reply_is_refused",
    "test_listening_ends_at_once_when_it_is_cancelled",
    "test_the_capabilities_stay_what_they_are",
    "test_what_could_not_be_committed_comes_again",
    # The tests' own plugin would answer, in words of ours.
    "test_a_dead_token_is_called_that",
    "test_a_failure_before_anything_was_done_leaves_nothing_to_find",
    "test_too_many_requests_say_when_to_come_back",
    "test_trouble_while_listening_is_reported_and_loses_nothing",
    "test_what_cannot_be_looked_up_now_is_not_called_absent",
    "test_what_cannot_be_told_now_is_not_called_gone",
    # How fast the site is would be told.
    "test_a_burst_comes_in_batches_that_carry_a_cursor",
    "test_a_comment_is_noticed_within_a_second",
    # Tried past the adapter as well by test_the_network_counts_as_we_do.
    "test_the_limit_counts_emoji_as_the_network_does",
    "test_the_limit_is_the_limit_and_nothing_is_cut",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    server = WordPress(tmp_path_factory.mktemp("wordpress"))
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def site(running: WordPress) -> WordPress:
    running.reset()
    return running


class TestWordPress(OddTextsAtOnce, WordPressContract):
    @pytest.fixture
    async def side(self, request: pytest.FixtureRequest, site: WordPress) -> AsyncIterator[Side]:
        if getattr(request.node, "originalname", "") in SHOWN_BY_THE_FAKE:
            pytest.skip("the fake has shown it")
        side = WordPressSide(site, site.secret, timeout=PATIENCE)
        yield side
        await side.stop()

    @pytest.mark.parametrize("trouble", ["error_after"])
    async def test_a_lost_answer_is_unknown_and_settled_without_a_second_reply(
        self, side: Side, target: Item, trouble: str
    ) -> None:
        # One that comes too late is lost in the same way for the site, and takes as long as the adapter waits.
        await super().test_a_lost_answer_is_unknown_and_settled_without_a_second_reply(side, target, trouble)

    async def test_a_password_that_is_not_taken_is_told(self, side: Side, site: WordPress) -> None:
        target = await seen(side, await side.comment("The soup was cold."))
        wrong = WordPressSide(site, "tienda:abcd efgh ijkl mnop", timeout=PATIENCE)
        try:
            with pytest.raises(AuthExpired):
                await wrong.network.check()
            for act in (wrong.network.publish, wrong.network.find):
                with pytest.raises(AuthExpired):
                    await act(answer(target, "We are sorry."))
        finally:
            await wrong.stop()
        assert await side.replies(target.native_id) == []

    async def test_who_is_no_moderator_publishes_finds_and_waits_for_moderators_as_well(self, site: WordPress) -> None:
        login, password = site.person("becaria", "La Tienda", "author")
        side = WordPressSide(site, f"{login}:{password}", timeout=PATIENCE)
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


class WordPressShore:
    """The shop's account on the site."""

    account = "blog"

    def __init__(self, site: WordPress) -> None:
        self._site = site
        self._written = 0

    @property
    def settings(self) -> str:
        network = f'[[networks]]\nid = "blog"\ntype = "wordpress"\nbase_url = "{self._site.base}"\n'
        return f"{network}poll_seconds = 0.3\nrecheck_seconds = 1\nsettle_seconds = 1\n"

    @property
    def environ(self) -> Mapping[str, str]:
        return {"PORTAVOZ_SECRET_BLOG": self._site.secret}

    def comment(self, text: str) -> str:
        self._written += 1
        return self._site.write(text, f"Vera {self._written}", None)

    def replies(self, native_id: str) -> list[str]:
        return [html.unescape(raw) for raw in self._site.replies(native_id)]


def test_a_death_at_any_point_loses_nothing_and_says_nothing_twice(site: WordPress, tmp_path: Path) -> None:
    die_everywhere(WordPressShore(site), tmp_path, PUBLISHING)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, running: WordPress) -> Iterator[Portavoz]:
    """One for all, since its start takes longer than what they are about."""
    shore = WordPressShore(running)
    data = tmp_path_factory.mktemp("bot") / "data"
    data.mkdir()
    (data / "portavoz.toml").write_text(configuration(shore))
    made = Portavoz(data, environ=dict(shore.environ))
    try:
        made.start()
        yield made
    finally:
        made.close()


def rows(bot: Portavoz, question: str, *values: str) -> list[tuple[Any, ...]]:
    """What the bot has stored; a look costs a hundredth of a word on the command line."""
    return Books(bot.data).ask(question, *values)


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
    (line,) = ask(bot, "inbox", "--all")
    found = (line["id"], line["author"], line["network"], line["text"], line["draft"])
    assert found == (ticket, "Vera", "wordpress", COMPLAINT, draft)
    ask(bot, "approve", ticket, "--as", "luis")
    reaches(bot, ticket, "published")
    (reply,) = site.replies(comment)
    assert html.unescape(reply) == draft
    assert draft in site.shown()
    assert all(light["state"] != "red" for light in ask(bot, "check"))


def test_a_held_comment_is_shown_as_such_until_moderators_let_it_through(bot: Portavoz, site: WordPress) -> None:
    site.option("comment_moderation", 1)
    text = f"{COMPLAINT} held"
    comment = site.write(text, "Vera", None)
    ticket, _ = drafted(bot, text)
    ask(bot, "approve", ticket, "--as", "luis")
    reaches(bot, ticket, "handed_off")
    shown = ask(bot, "show", ticket)
    assert shown["conversation"][0]["held"]
    assert f"action=editcomment&c={comment}" in str(shown)
    assert site.replies(comment) == []
    site.set_status(comment, "approve")
    until(lambda: rows(bot, "SELECT seq FROM events WHERE type = 'ItemReleased'"), what="the comment to be let through")
    assert not ask(bot, "show", ticket)["conversation"][0]["held"]


def test_an_edit_and_a_removal_on_the_site_are_noticed(bot: Portavoz, site: WordPress) -> None:
    text, edited = f"{COMPLAINT} edited", "Ya está, ¡gracias por todo!"
    comment = site.write(text, "Vera", None)
    ticket, _ = drafted(bot, text)
    told = "SELECT type FROM events WHERE ticket = ?"
    site.edit(comment, edited)
    until(lambda: ("ItemEdited",) in rows(bot, told, ticket), what="the edit on the ticket")
    site.set_status(comment, "trash")
    until(lambda: ("ItemRemoved",) in rows(bot, told, ticket), what="the removal on the ticket")
    (entry,) = ask(bot, "show", ticket)["conversation"]
    assert (entry["text"], entry["edited"], entry["gone"]) == (edited, True, True)
