"""What Mastodon sends as text and how it counts: HTML, warnings, attachments, lengths; hostile payloads."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.fromhtml import clean, plain
from bot.core.types import Item, Visibility
from handlers.networks.mastodon import Config
from handlers.networks.mastodon.counting import length, mentions
from handlers.networks.mastodon.listening import Position
from handlers.networks.mastodon.media import attachments_of, mark_of
from handlers.networks.mastodon.plain import in_words, without_address
from handlers.networks.mastodon.reading import Me, Unreadable, item_of, me_of, target_of
from handlers.networks.mastodon.wire import retry_after

ME = Me("1", "tienda", "La Tienda", None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "id account created_at edited_at content spoiler_text visibility in_reply_to_id in_reply_to_account_id url uri "
    "mentions media_attachments poll language"
).split()
ACCOUNT = st.fixed_dictionaries(
    {}, optional=dict.fromkeys("id username acct display_name url followers_count".split(), JSON)
)


def status(**more: Any) -> dict[str, Any]:
    account = {"id": "7", "username": "vera", "acct": "vera@else.example", "display_name": "Vera"}
    return {"id": "9", "account": account, "created_at": "2026-11-22T10:00:00.000Z", "visibility": "public", **more}


def read(**more: Any) -> Item:
    return item_of(status(**more), account="masto", me=ME, thread="9")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>uno<br>dos<br/>tres</p><p>cuatro</p>", "uno\ndos\ntres\n\ncuatro"),
        ("<p>a  &lt;b&gt; &amp;amp; c</p>", "a  <b> &amp; c"),
        (
            (
                '<p><a href="https://example.com/a/b"><span class="invisible">https://</span>'
                '<span class="ellipsis">example.com/a</span><span class="invisible">/b</span></a></p>'
            ),
            "https://example.com/a/b",
        ),
        ('<a href="https://evil.example/x">bank.example</a>', "bank.example (https://evil.example/x)"),
        ('<a href="https://x.example/tags/sol" class="mention hashtag">#<span>sol</span></a>', "#sol"),
        ("<ul><li>uno</li><li>dos</li></ul>", "uno\n\ndos"),
        ("uno<blockquote><p>dos</p></blockquote>tres", "uno\n\ndos\n\ntres"),
        ("<p>uno\n   dos</p>\n<p>tres</p>", "uno dos\n\ntres"),
        ("<pre><code>if x:\n    y()</code></pre>", "if x:\n    y()"),
        ('<p>hola <img src="x" alt=":sol:"></p>', "hola :sol:"),
        ("<script>alert(1)</script><style>p{}</style><p>hola</p><!-- no -->", "hola"),
        ("", ""),
    ],
)
def test_html_reads_as_people_read_it(html: str, text: str) -> None:
    assert plain(html) == text


def test_a_warning_and_a_poll_are_part_of_what_the_team_reads() -> None:
    poll = {"options": [{"title": "sí"}, {"title": "no"}]}
    text = in_words(status(spoiler_text="comida", content="<p>Fría.</p>", poll=poll), [])
    assert text.split("\n\n") == ["CW: comida", "Fría.", "[poll: sí / no]"]


def test_what_hangs_on_a_status_comes_with_its_description_and_hostile_media_are_counted() -> None:
    good = {"id": "1", "type": "image", "description": "una taza\nrota", "url": "https://x.example/1.png"}
    moving = {"id": "2", "type": "gifv", "description": None, "url": None, "remote_url": "https://far.example/2"}
    unknown = {"id": "3", "type": "hologram", "description": 5, "url": "https://x.example/3"}
    hostile = [{"type": "image", "url": "javascript:alert(1)"}, {"type": "image", "url": None}, 7, None, []]
    found, more = attachments_of([good, moving, unknown, *hostile])
    assert [(one.kind.value, one.url, one.alt) for one in found] == [
        ("image", "https://x.example/1.png", "una taza rota"),
        ("video", "https://far.example/2", ""),
        ("link", "https://x.example/3", ""),
    ]
    assert more == len(hostile)
    empty: list[object] = [None, "x", {}, 5]
    for nothing in empty:
        assert attachments_of(nothing) == ((), 0)
    assert attachments_of([good] * 5000)[1] == 5000 - 20
    assert [one.sensitive for one in attachments_of([good], sensitive=True)[0]] == [True]


def test_the_version_of_a_status_changes_with_its_media_but_not_with_their_addresses() -> None:
    media = {"id": "1", "type": "image", "description": "una taza", "url": None, "remote_url": "https://far.example/1"}
    marks = [
        mark_of(shown)
        for shown in (
            [media],
            [{**media, "id": "2"}],
            [{**media, "description": "un plato"}],
            [media, media],
            [media] * 999,
            [5],
        )
    ]
    assert len(set(marks)) == len(marks)
    assert mark_of([{**media, "url": "https://here.example/copy.png"}]) == marks[0]
    assert mark_of([]) == mark_of(None) == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@tienda hola", "hola"),
        ("@Tienda@x.example hola", "hola"),
        ("@tienda", "@tienda"),
        ("@tiendas hola", "@tiendas hola"),
        ("hola @tienda", "hola @tienda"),
    ],
)
def test_the_address_at_the_beginning_is_no_part_of_the_text(text: str, left: str) -> None:
    assert without_address(text, ["tienda"]) == left


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("hola", 4),
        ("👩‍👩‍👧‍👦é", 2),
        ("https://example.com/a/very/long/path/that/goes/on/and/on", 23),
        ("http://a.co", 23),
        ("(https://example.com/a).", 26),
        ("example.com", 11),
        ("https://localhost/aaaaaaaaaaaaaaaaaaaaaaaaaaaa", 46),
        ("@vera@else.example hola", 10),
        ("vera@else.example", 17),
        ("\r\n", 1),
    ],
)
def test_a_text_is_as_long_as_mastodon_thinks(text: str, counted: int) -> None:
    assert length(text) == counted


def test_a_mention_counts_only_for_the_very_account() -> None:
    assert mentions("Hola, @vera: perdón", "vera")
    assert mentions("Hola @vera@else.example.", "vera@else.example")
    assert not mentions("Hola @vera@else.example", "vera")
    assert not mentions("Hola @verano", "vera")
    assert not mentions("vera@vera", "vera")


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [("public", "public"), ("unlisted", "public"), ("private", "private"), ("direct", "private"), (None, "private")],
)
def test_what_not_everybody_can_read_is_private(visibility: str | None, seen: str) -> None:
    assert read(visibility=visibility).visibility is Visibility(seen)


def test_an_edit_is_another_version() -> None:
    first, second = read(), read(edited_at="2026-11-22T11:00:00.000Z")
    assert first.version != second.version
    assert (first.edited_at, second.edited_at) == (None, datetime(2026, 11, 22, 11, tzinfo=UTC))


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON | ACCOUNT)))
def test_no_payload_breaks_the_reader(payload: dict[str, Any]) -> None:
    for read_one in (lambda p: item_of(p, account="m", me=ME, thread="t"), target_of, me_of):
        try:
            read_one(payload)
        except Unreadable:
            continue


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_written_comes_in_without_control_characters(html: str, name: str, warning: str) -> None:
    payload = status(content=html, spoiler_text=warning)
    payload["account"]["display_name"] = name
    item = item_of(payload, account="m", me=ME, thread="t")
    assert clean(item.text) == item.text
    assert "\n" not in item.author.name
    assert item.author.name


@pytest.mark.parametrize(
    "html",
    [
        "<b>" * 60_000,
        "x\n<i></i>" * 20_000,
        "<p>\n" * 40_000,
        "<a href='https://x.example'>" * 7_000,
        "x" * 3_000_000,
        "&" * 200_000,
        "<" * 200_000,
    ],
    ids=["nested", "siblings", "paragraphs", "links", "giant", "ampersands", "brackets"],
)
def test_a_giant_is_read_in_a_moment(html: str) -> None:
    began = time.process_time()
    assert len(plain(html)) < 1_000_000
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "url",
    ["http://mastodon.example", "ftp://127.0.0.1", "https://a@b.example", "https://x.example/path", "mastodon.example"],
)
def test_an_address_that_would_give_the_token_away_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Config(base_url=url)


def test_a_local_instance_needs_no_certificate() -> None:
    assert Config(base_url="http://127.0.0.1:3000/").base_url == "http://127.0.0.1:3000"


def test_a_cursor_of_another_account_means_nothing() -> None:
    at = Position("1", "20", "30")
    assert Position.read(str(at), "1") == at
    for cursor in (None, "", "2:20:30", "1:20", "1:20:30:40", "1:²:3", "1:a b:3", "1::3"):
        assert Position.read(cursor, "1") is None


def test_the_end_of_a_rate_limit_is_read_in_every_documented_form() -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    later = now + timedelta(seconds=42)
    for headers, seconds in [
        ({"X-RateLimit-Reset": "2026-11-22T10:00:42.000000Z"}, 42),
        ({"X-RateLimit-Reset": str(int(later.timestamp()))}, 42),
        ({"X-RateLimit-Reset": "2026-11-22T09:00:00Z"}, 0),
        ({"Retry-After": "7"}, 7),
        ({"X-RateLimit-Reset": "soon", "Retry-After": "later"}, None),
        ({"X-RateLimit-Reset": "9" * 40}, None),
        ({}, None),
    ]:
        assert retry_after(httpx.Headers(headers), now) == seconds
