"""Documents of feeds as people write them, and as nobody should."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.types import AttachmentKind, Author
from handlers.networks.feed.reading import LONG, Document, NoFeed, read

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rss(*items: str, channel: str = "") -> bytes:
    text = "".join(f"<item>{one}</item>" for one in items)
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Diario &amp; más</title>'
        f"<link>https://diario.example/</link>{channel}{text}</channel></rss>"
    ).encode()


def parsed(body: bytes, **headers: str) -> Document:
    return read(body, headers, account="press", now=NOW)


def test_an_article_in_rss() -> None:
    item = (
        "<title>La sopa de Lola, a examen</title><link>https://diario.example/sopa</link><guid>42</guid>"
        "<dc:creator>Carla Ruiz</dc:creator><pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate>"
        "<description>&lt;p&gt;Fría. &lt;b&gt;Muy&lt;/b&gt; fría.&lt;/p&gt;"
        "&lt;script&gt;x()&lt;/script&gt;</description>"
        '<enclosure url="https://diario.example/sopa.jpg" type="image/jpeg" length="2048"/>'
    )
    found = parsed(rss(item, channel="<ttl>60</ttl>"))
    (article,) = found.items
    assert (found.title, found.url, found.ttl) == ("Diario & más", "https://diario.example/", 3600.0)
    assert article.text == "La sopa de Lola, a examen\n\nFría. Muy fría."
    assert (article.native_id, article.url) == ("42", "https://diario.example/sopa")
    assert article.author == Author(id=None, name="Carla Ruiz")
    assert article.created_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    assert article.edited_at is None
    (picture,) = article.attachments
    assert (picture.kind, picture.size) == (AttachmentKind.IMAGE, 2048)


def test_an_alert_leads_to_what_it_found() -> None:
    alert = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Alert - lola</title><id>a</id><entry><id>tag:1</id>'
        '<title type="html">&lt;b&gt;Lola&lt;/b&gt; abre en Vigo</title><published>2026-03-02T08:00:00Z</published>'
        '<updated>2026-03-02T08:00:00Z</updated><link href="https://www.google.com/url?rct=j&amp;sa=t&amp;'
        'url=https://faro.example/lola%3Fa%3D1&amp;ct=ga"/><content type="html">La cadena &lt;b&gt;Lola&lt;/b&gt;'
        "</content></entry></feed>"
    )
    (found,) = parsed(alert.encode()).items
    assert (found.text, found.url) == ("Lola abre en Vigo\n\nLa cadena Lola", "https://faro.example/lola?a=1")


def test_a_json_feed() -> None:
    entry = {
        "id": 7,
        "url": "https://blog.example/7",
        "title": "Siete",
        "content_html": "<p>uno<br>dos</p>",
        "date_published": "2026-03-01T10:00:00+01:00",
        "date_modified": "2026-03-01T11:00:00Z",
        "authors": [{"name": "Eva", "url": "https://blog.example/eva"}],
        "attachments": [{"url": "https://blog.example/7.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}],
    }
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "items": [entry, {"title": "no id"}, "x"]}
    (item,) = parsed(json.dumps(told).encode()).items
    assert (item.native_id, item.text) == ("7", "Siete\n\nuno\ndos")
    assert item.author == Author(id="https://blog.example/eva", name="Eva", url="https://blog.example/eva")
    assert (item.created_at.hour, item.edited_at) == (9, datetime(2026, 3, 1, 11, tzinfo=UTC))
    assert item.attachments[0].kind is AttachmentKind.AUDIO


def test_what_stands_first_is_newest_where_no_dates_tell() -> None:
    found = parsed(rss(*(f"<title>{n}</title><guid>{n}</guid>" for n in (3, 2, 1)))).items
    assert [item.native_id for item in found] == ["1", "2", "3"]
    assert {item.created_at for item in found} == {NOW}


def test_a_long_article_gives_way_to_its_summary_and_no_title_is_said_twice() -> None:
    item = (
        f"<title>Corto</title><guid>1</guid><description>Resumen</description>"
        f"<content:encoded>{'largo ' * LONG}</content:encoded>"
    )
    assert parsed(rss(item)).items[0].text == "Corto\n\nResumen"
    repeated = "<title>Una frase que …</title><guid>2</guid><description>Una frase que sigue</description>"
    assert parsed(rss(repeated)).items[0].text == "Una frase que sigue"


def test_a_new_date_alone_is_no_new_version_and_tomorrow_is_now() -> None:
    item = "<title>a</title><guid>1</guid><pubDate>{}</pubDate>"
    days = [parsed(rss(item.format(f"{day}, 0{n} Mar 2026 09:00:00 GMT"))) for n, day in ((1, "Sun"), (5, "Thu"))]
    first, second = (document.items[0] for document in days)
    assert first.version == second.version
    assert second.created_at == NOW


def test_links_that_lead_nowhere_safe_are_dropped() -> None:
    item = "<title>a</title><guid>1</guid><link>javascript:alert(1)</link>"
    document = parsed(rss(item + '<enclosure url="file:///etc/passwd" type="text/plain"/>'))
    assert (document.items[0].url, document.items[0].attachments) == (None, ())


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Maintenance</body></html>", b"{", b"{}", b'{"version": 1, "items": []}', b"[" * 9]
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    with pytest.raises(NoFeed):
        parsed(body)


def test_entities_are_not_blown_up() -> None:
    bomb = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    try:
        found = parsed((bomb + "]>").encode() + rss("<title>&i;</title><guid>1</guid>")[21:])
    except NoFeed:
        return
    assert all(len(item.text) < 10_000 for item in found.items)


@given(st.binary(max_size=300) | st.text(max_size=300).map(rss))
def test_whatever_comes_is_a_document_or_no_feed(body: bytes) -> None:
    try:
        found = parsed(body, **{"content-type": "text/xml"})
    except NoFeed:
        return
    assert all(item.native_id and item.created_at <= NOW for item in found.items)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                sorted(("id", "url", "title", "authors", "attachments", "date_published", "summary", "size_in_bytes"))
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(values, max_size=4), values)
def test_whatever_a_json_feed_holds_it_is_read(items: list[object], authors: object) -> None:
    told = {"version": "https://jsonfeed.org/version/1", "items": items, "authors": authors}
    assert len(parsed(json.dumps(told).encode()).items) <= len(items)
