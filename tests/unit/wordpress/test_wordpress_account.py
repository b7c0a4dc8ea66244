"""Publishing, finding and checking where a site answers oddly; hostile payloads; what may be configured."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.types import Author, Pending, Posted, Rejected
from handlers.networks.wordpress import Config, create
from handlers.networks.wordpress.reading import Unreadable, comment_of, in_words, item_of, me_of, says, stored
from tests.contract.network_side import answer, seen
from tests.unit.wordpress.conftest import Open

TEXT = "Lo sentimos & <mucho>"


async def test_a_resend_waits_until_an_earlier_attempt_is_surely_over_and_then_finds_it(open_side: Open) -> None:
    side = await open_side(site={"dedupes": False}, settle_seconds=30)
    target = await seen(side, await side.comment("The soup was cold."))
    again = replace(answer(target, TEXT), attempt=2, first_attempt_at=datetime.now(UTC))
    with pytest.raises(OutcomeUnknown):
        await side.network.publish(again)
    assert await side.replies(target.native_id) == []
    later = replace(again, first_attempt_at=datetime.now(UTC) - timedelta(seconds=31))
    posted = await side.network.publish(later)
    assert isinstance(posted, Posted)
    # No matter that this site takes the same twice: what stands there is found before it is sent.
    assert await side.network.publish(later) == await side.network.publish(again) == posted
    assert await side.replies(target.native_id) == [TEXT]


async def test_what_waits_for_moderators_is_recognised_by_whoever_may_see_it(open_side: Open) -> None:
    for role, known in (("editor", True), ("author", True), ("subscriber", False)):
        side = await open_side(site={"role": role})
        target = await seen(side, await side.comment("The soup was cold."))
        await side.trouble("publish", "pending")
        held = await side.network.publish(answer(target, TEXT))
        assert isinstance(held, Pending)
        again = await side.network.publish(answer(target, TEXT))
        assert again == held if known else (isinstance(again, Rejected) and again.duplicate)
        assert await side.network.find(answer(target, TEXT)) is None
        assert len(side.fake.comments) == 2


async def test_a_held_comment_is_handed_to_a_person_who_can_let_it_through(open_side: Open) -> None:
    side = await open_side()
    native = await side.comment("The soup was cold.")
    side.site.set_status(native, "hold")
    target = await seen(side, native)
    result = await side.network.publish(answer(target, TEXT))
    assert isinstance(result, Rejected)
    assert result.manual_url == f"{side.site.base}/wp-admin/comment.php?action=editcomment&c={native}"
    assert await side.replies(native) == []


async def test_what_a_site_answers_is_understood(open_side: Open) -> None:
    side = await open_side()
    target = await seen(side, await side.comment("The soup was cold."))
    expected: list[tuple[str, type[Exception]]] = [
        ("flood", Transient),
        ("moved", Permanent),
        ("forbidden", AuthExpired),
    ]
    for trouble, error in expected:
        await side.trouble("publish", trouble)
        with pytest.raises(error) as caught:
            await side.network.publish(answer(target, TEXT))
        assert trouble != "flood" or getattr(caught.value, "retry_after", None) == 15
        assert trouble != "moved" or "https://elsewhere.example" in str(caught.value)
    for operation, trouble, error in (("current", "forbidden", AuthExpired), ("conversation", "moved", Permanent)):
        await side.trouble(operation, trouble)
        with pytest.raises(error):
            await getattr(side.network, operation)(target)
    assert await side.replies(target.native_id) == []


async def test_a_site_without_pretty_permalinks_is_asked_in_the_other_way(open_side: Open) -> None:
    side = await open_side(site={"pretty": False})
    assert (await side.network.check()).name == "La Tienda"
    target = await seen(side, await side.comment("The soup was cold."))
    assert isinstance(await side.network.publish(answer(target, TEXT)), Posted)
    assert {route for _, route in side.fake.requests} >= {"/wp/v2/users/me", "/wp/v2/comments"}


async def test_the_check_says_what_is_missing(open_side: Open) -> None:
    side = await open_side(site={"role": "author", "open": False, "clock": timedelta(minutes=10)})
    found = await side.network.check()
    lacks, closed = found.warnings
    assert "moderator" in lacks
    assert "closed" in closed
    assert found.scopes == ("edit_posts",)
    assert found.ahead is not None
    assert timedelta(minutes=9) < found.ahead < timedelta(minutes=11)
    for secret in ("", "only-a-password", "tienda:", ":password", "tienda:wrong"):
        wrong = await open_side(secret=secret)
        with pytest.raises(AuthExpired):
            await wrong.network.check()


async def test_without_a_secret_nothing_is_asked(open_side: Open) -> None:
    side = await open_side()
    nobody = create(Config(base_url=side.site.base), data=None, base_url="")  # type: ignore[arg-type]
    with pytest.raises(AuthExpired, match="PORTAVOZ_SECRET_WORDPRESS"):
        await nobody.check()
    assert side.fake.requests == []


# --- payloads -------------------------------------------------------------------------------------------------------


def payload(**more: Any) -> dict[str, Any]:
    return {
        "id": 7, "post": 1, "parent": 0, "author": 0, "author_name": "Ana", "author_url": "", "status": "approved",
        "date_gmt": "2026-01-02T03:04:05", "content": {"rendered": "<p>x</p>", "raw": "x"}, "link": "", **more,
    }  # fmt: skip


def test_a_hostile_author_is_one_line_of_text_and_a_web_address() -> None:
    for name, url, expected in (
        ("Tom &amp; <b>Co</b>", "https://x.example", Author(id=None, name="Tom & <b>Co</b>", url="https://x.example")),
        ("a\n\x1b[2Jb\x00", "javascript:alert(1)", Author(id=None, name="a \ufffd[2Jb\ufffd")),
        ("", "data:,x", Author(id=None, name="?")),
        ("x" * 9000, "http://y.example", Author(id=None, name="x" * 2000, url="http://y.example")),
        (None, 7, Author(id=None, name="?")),
    ):
        comment = comment_of(payload(author_name=name, author_url=url))
        assert item_of(comment, account="a", ours=False, thread="7", edited_at=None).author == expected


def test_what_is_no_comment_is_unreadable_and_nothing_else() -> None:
    broken: tuple[dict[str, Any], ...] = (
        {"id": True}, {"id": -1}, {"id": 2**63}, {"post": None}, {"parent": "0"}, {"content": "x"}, {"content": {}},
        {"date_gmt": "yesterday"}, {"date_gmt": None}, {"date_gmt": "9999-12-31T23:59:59-23:00"},
    )  # fmt: skip
    for more in broken:
        with pytest.raises(Unreadable):
            comment_of(payload(**more))
    wholes: tuple[Any, ...] = (None, [], "x", {"id": "1"})
    for whole in wholes:
        with pytest.raises(Unreadable):
            comment_of(whole)
        with pytest.raises(Unreadable):
            me_of(whole)
    assert not me_of({"id": 1, "capabilities": ["moderate_comments"]}).moderates


def test_a_stored_comment_reads_as_it_is_shown() -> None:
    for raw, read in (
        ("one\r\ntwo\n\n\n\nthree", "one\ntwo\n\nthree"),
        ("a &amp; b &lt;i&gt;", "a & b <i>"),
        ('<a href="https://evil.example">https://bank.example</a>', "https://bank.example (https://evil.example)"),
        ("<strong>now</strong><script>x</script>", "now"),
    ):
        assert in_words(raw) == read


def test_our_words_are_recognised_as_they_are_stored_or_as_a_theme_shows_them() -> None:
    text = 'Sí, "hoy"... 10x20 & más -- :)'
    assert says(comment_of(payload(content={"raw": stored(text), "rendered": ""})), text)
    assert not says(comment_of(payload(content={"raw": stored(text.lower()), "rendered": ""})), text)
    shown = "<p>Sí, &#8220;hoy&#8221;&#8230; 10&#215;20 &amp; más &#8212; 🙂</p>"
    assert says(comment_of(payload(content={"rendered": shown})), text)
    assert not says(comment_of(payload(content={"rendered": shown})), text + " no")
    assert says(comment_of(payload(content={"rendered": "<p>¡!</p>"})), "¡!")


def test_an_address_that_would_give_the_password_away_is_refused() -> None:
    for url in (
        "http://blog.example",
        "ftp://127.0.0.1",
        "https://a@b.example",
        "https://b.example/?p=1",
        "blog.example",
    ):
        with pytest.raises(ValidationError):
            Config(base_url=url)
    assert Config(base_url="http://127.0.0.1:3000/").base_url == "http://127.0.0.1:3000"
    assert Config(base_url="https://shop.example/blog/").base_url == "https://shop.example/blog"
