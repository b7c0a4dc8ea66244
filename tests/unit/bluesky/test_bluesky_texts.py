"""Words on Bluesky: facets read and made, lengths, keys, and JSON of any shape."""

import contextlib
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.networks.bluesky import naming
from handlers.networks.bluesky.embeds import attachments_of
from handlers.networks.bluesky.payload import Unreadable
from handlers.networks.bluesky.reading import below, concerns, item_of, languages, references, summons
from handlers.networks.bluesky.richtext import LINK, MENTION, TAG, facets_of, length, readable
from handlers.networks.bluesky.session import Session

ME = Session("did:plc:me", "tienda.test", "a", "r", "https://pds.example")
US = (ME.did, ME.handle)
WEB = "https://bsky.app"
POST = "at://did:plc:vera/app.bsky.feed.post/3k"


def facet(start: int, end: int, kind: str, value: str) -> dict[str, Any]:
    name = {LINK: "uri", MENTION: "did", TAG: "tag"}[kind]
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": kind, name: value}]}


@pytest.mark.parametrize(
    ("text", "facets", "shown"),
    [
        ("mira esto", [facet(5, 9, LINK, "https://b.example/x")], "mira esto (https://b.example/x)"),
        ("¿a.example/lar...?", [facet(2, 18, LINK, "https://a.example/largo")], "¿https://a.example/largo?"),
        ("a.example/…", [facet(0, 13, LINK, "https://www.a.example/largo")], "https://www.a.example/largo"),
        ("https://a.example/", [facet(0, 18, LINK, "https://a.example")], "https://a.example/"),
        # Shortened inside the host it could be anybody's.
        ("bank...", [facet(0, 7, LINK, "https://bank.evil.example")], "bank... (https://bank.evil.example)"),
        ("bank.example", [facet(0, 12, LINK, "https://evil.example")], "bank.example (https://evil.example)"),
        ("pulsa", [facet(0, 5, LINK, "javascript:alert(1)")], "pulsa"),
        ("@tienda.test hola", [facet(0, 12, MENTION, ME.did)], "hola"),
        ("  @Tienda.test", [facet(2, 14, MENTION, ME.did)], "@Tienda.test"),
        ("hola @tienda.test", [facet(5, 17, MENTION, ME.did)], "hola @tienda.test"),
        ("@otra.test hola", [facet(0, 10, MENTION, "did:plc:otra")], "@otra.test hola"),
        # Nobody hides what they say by calling it a mention.
        ("sois unos ladrones, adiós", [facet(0, 18, MENTION, ME.did)], "sois unos ladrones, adiós"),
        ("ñandú", [facet(1, 3, LINK, "https://a.example")], "ñandú"),
        ("abc", [facet(2, 1, LINK, "https://a.example"), facet(-1, 2, LINK, "x"), facet(0, 99, LINK, "x")], "abc"),
        ("ab", [facet(0, 2, LINK, "https://a.example"), facet(1, 2, TAG, "x")], "ab (https://a.example)"),
        ("a\x00b\r\nc", [], "a\ufffdb\nc"),
    ],
)
def test_a_post_reads_as_people_see_it_and_links_tell_where_they_lead(
    text: str, facets: list[dict[str, Any]], shown: str
) -> None:
    assert readable({"text": text, "facets": facets}, addressed=US) == shown


async def test_what_people_click_gets_facets_by_bytes() -> None:
    text = "¡Hola @Vera.test! Ver (https://a.example/ñ_(x)), https://b.example. ¿#Café #2024 a@b.example @no.test? #️⃣"
    known = {"vera.test": "did:plc:vera"}
    asked: list[str] = []

    async def resolve(handle: str) -> str | None:
        asked.append(handle)
        return known.get(handle)

    found = await facets_of(text, resolve)
    raw = text.encode()
    shown = [
        (raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), list(one["features"][0].values())[1])
        for one in found
    ]
    assert shown == [
        ("@Vera.test", "did:plc:vera"),
        ("https://a.example/ñ_(x)", "https://a.example/ñ_(x)"),
        ("https://b.example", "https://b.example"),
        ("#Café", "Café"),
    ]
    assert asked == ["vera.test", "no.test"]


def test_a_text_is_as_long_as_its_graphemes_and_full_when_its_bytes_are() -> None:
    family = "👩‍👩‍👧‍👦"
    for text, counted in (
        ("", 0),
        ("x" * 301, 301),
        ("ñ" * 300, 300),
        (family, 1),
        ("e\u0301", 1),
        (family * 120, 300),
    ):
        assert length(text) == counted
    assert length(family * 119 + "x" * 26) == 301


@given(st.text())
@settings(max_examples=50)
def test_a_key_is_a_valid_tid_of_the_past_and_always_the_same(key: str) -> None:
    rkey = naming.rkey_of(key)
    assert rkey == naming.rkey_of(key)
    assert re.fullmatch("[234567a-j][234567a-z]{12}", rkey)
    number = 0
    for digit in rkey:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(digit)
    assert 1_672_531_200 <= (number >> 10) / 1e6 < 1_672_531_200 + 408 * 86_400


def test_a_key_stays_the_same_in_every_version() -> None:
    # A reply that an older version began must be found by a newer one.
    assert naming.rkey_of("key-1") == "3k7jnqsgcvnef"


def test_links_lead_to_posts_alone() -> None:
    assert naming.page(WEB, POST) == "https://bsky.app/profile/did:plc:vera/post/3k"
    for other in (
        "at://vera.test/app.bsky.feed.post/3k",
        f"{POST}/..",
        "at://did:plc:vera/app.bsky.feed.like/3k",
        None,
    ):
        assert naming.parted(other) is None


def test_everything_that_hangs_on_a_post_is_shown_with_its_description() -> None:
    images = {"images": [{"fullsize": "https://cdn.example/1", "alt": "una taza"}]}
    gallery = {"items": [{"fullsize": "https://cdn.example/2", "alt": "otra"}]}
    video = {"playlist": "https://video.example/p.m3u8", "alt": "un vídeo"}
    external = {"external": {"uri": "https://a.example", "title": "Título", "description": "Más"}}
    quote = {"record": {"uri": POST, "author": {"handle": "vera.test"}, "value": {"text": "dije esto"}}}
    both = {"record": quote, "media": images}
    assert [
        [(one.kind, one.url, one.name, one.alt) for one in attachments_of({"embed": embed}, WEB)[0]]
        for embed in (images, gallery, video, external, quote, both)
    ] == [
        [("image", "https://cdn.example/1", "", "una taza")],
        [("image", "https://cdn.example/2", "", "otra")],
        [("video", "https://video.example/p.m3u8", "", "un vídeo")],
        [("link", "https://a.example", "Título", "Más")],
        [("link", "https://bsky.app/profile/did:plc:vera/post/3k", "@vera.test", "dije esto")],
        [
            ("image", "https://cdn.example/1", "", "una taza"),
            ("link", "https://bsky.app/profile/did:plc:vera/post/3k", "@vera.test", "dije esto"),
        ],
    ]
    (warned,), _ = attachments_of({"embed": images, "labels": [{"val": "graphic-media"}]}, WEB)
    assert warned.sensitive


KEYS = """uri cid author did record text facets index byteStart features embed reply root parent createdAt indexedAt
labels images langs replies post $type""".split()
json = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from([POST, ME.did, "bafyreiabcdefgh", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
views = st.fixed_dictionaries(
    {"uri": st.just(POST), "author": st.just({"did": "did:plc:vera"}), "record": json, "embed": json, "cid": json}
)


@given(views | st.dictionaries(st.sampled_from(KEYS), json))
@settings(max_examples=60)
def test_json_of_any_shape_is_an_item_or_unreadable(view: dict[str, Any]) -> None:
    with contextlib.suppress(Unreadable):
        item_of(view, account="sky", me=ME, web=WEB)
    with contextlib.suppress(Unreadable):
        references(view)
    record = view["record"] if isinstance(view.get("record"), dict) else {}
    assert summons(record, ME.did) in {True, False}
    assert concerns(view, ME.did, "did:plc:vera") in {True, False}
    assert len(languages(record)) <= 3
    assert isinstance(below(view), list)
