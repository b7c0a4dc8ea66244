"""What hangs on a comment is made safe to keep, whatever its author says about it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.attachments import (
    LONGEST_ALT,
    LONGEST_NAME,
    LONGEST_URL,
    MOST,
    assess,
    host,
    is_public_https,
    is_safe,
    kept,
    kind_of,
    read,
)
from bot.core.types import Assessment, Attachment, AttachmentKind, Kind, Sentiment, Severity, version_of
from bot.core.views import ConversationEntry
from bot.locale import attachment, in_short
from tests.support.core_world import T0

IMAGE = AttachmentKind.IMAGE
SAFE = ("https://a.example/x.png", "http://a.example", "HTTPS://A.EXAMPLE/?q=@me#@you", "https://[2001:db8::1]/x")
UNSAFE = (
    "",
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "ftp://a.example/x",
    "file:///etc/passwd",
    "//a.example/x",
    "https://",
    "https:///x",
    "https://user:secret@a.example/x",
    "https://user@a.example",
    "https://a.example\\@evil.example/x",
    "https://evil.example\\.a.example/x",
    "https://a.example/\nx",
    "https://a.example/ x",
    "https://a.example/\u202ex",
    "https://a.example/\x00",
    "https://a.example/\ud800",
    f"https://a.example/{'x' * LONGEST_URL}",
)


def one(url: str = "https://a.example/x.png", **more: object) -> Attachment:
    return Attachment(url=url, kind=IMAGE, **more)  # type: ignore[arg-type]


def test_only_addresses_of_the_web_without_credentials_are_kept_and_the_others_counted() -> None:
    good, more = kept([one(url) for url in (*UNSAFE, *SAFE)])
    assert [found.url for found in good] == list(SAFE)
    assert more == len(UNSAFE)
    assert [url for url in UNSAFE if is_safe(url)] == []


def test_of_five_hundred_the_first_twenty_are_kept() -> None:
    good, more = kept([one(f"https://a.example/{n}") for n in range(500)], 7)
    assert [found.url for found in good] == [f"https://a.example/{n}" for n in range(MOST)]
    assert more == 500 - MOST + 7


def test_names_and_descriptions_are_short_lines_without_controls_and_lies_about_types_are_dropped() -> None:
    [found], _ = kept(
        [one(name="a\x00b\n\x1b[31m\ud800" + "n" * 9999, alt="x " * 9999, media_type="text/html;x=<", size=-1)]
    )
    assert found.name.startswith("a\ufffdb \ufffd[31m\ufffd")
    assert (len(found.name), len(found.alt)) == (LONGEST_NAME, LONGEST_ALT)
    assert (found.media_type, found.size) == (None, None)
    [found], _ = kept([one(media_type=" Image/PNG ", size=5)])
    assert (found.media_type, found.size) == ("image/png", 5)


@settings(max_examples=60)
@given(url=st.text(max_size=40).map("https://a.example/".__add__) | st.text(max_size=40), words=st.text(max_size=300))
def test_whatever_is_said_of_an_attachment_it_is_shown_on_one_line_with_nothing_unseen(url: str, words: str) -> None:
    good, more = kept([one(url, name=words, alt=words)])
    assert len(good) + more == 1
    for shown in (attachment("es", found) for found in good):
        assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in shown)
        assert not any(char in shown for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")


@pytest.mark.parametrize(
    ("value", "found", "more"),
    [
        (["https://a.example/x.mp4"], [("https://a.example/x.mp4", "video")], 0),
        ([{"url": "https://a.example/x", "media_type": "audio/ogg"}], [("https://a.example/x", "audio")], 0),
        (
            [{"url": "https://a.example/x", "kind": "nonsense", "alt": 5, "size": "big"}],
            [("https://a.example/x", "link")],
            0,
        ),
        ([{"url": "https://a.example/x.png", "sensitive": "yes"}], [("https://a.example/x.png", "image")], 0),
        ([None, 5, {}, {"url": 5}, "javascript:x", ["https://a.example"]], [], 6),
        ([], [], 0),
    ],
)
def test_attachments_are_read_as_people_write_them(
    value: list[object], found: list[tuple[str, str]], more: int
) -> None:
    good, left = read(value)
    assert ([(one.url, one.kind.value) for one in good], left) == (found, more)


@pytest.mark.parametrize("value", ["https://a.example", {"url": "https://a.example"}, 5, True])
def test_what_is_no_list_is_said_to_be_none(value: object) -> None:
    with pytest.raises(TypeError):
        read(value)


def test_a_kind_comes_from_the_media_type_or_from_how_the_address_ends() -> None:
    said = {
        kind_of("https://a.example/x.JPG?v=1.pdf#y"): AttachmentKind.IMAGE,
        kind_of("https://a.example/x.jpg", "video/mp4"): AttachmentKind.VIDEO,
        kind_of("https://a.example/x.pdf"): AttachmentKind.FILE,
        kind_of("https://a.example/x", "application/x-thing"): AttachmentKind.FILE,
        kind_of("https://a.example/jpg"): AttachmentKind.IMAGE,
        kind_of("https://a.example/"): AttachmentKind.LINK,
    }
    assert all(found == wanted for found, wanted in said.items())


def test_a_host_is_shown_so_that_look_alike_letters_show() -> None:
    assert host("https://\u0430\u0440\u0440\u04cf\u0435.com/x") == "xn--80ak6aa92e.com"
    assert host("https://[::1") == ""


def test_a_service_elsewhere_is_only_sent_to_what_everybody_can_reach() -> None:
    inside = (
        "localhost 127.0.0.1 10.0.0.1 192.168.1.1 169.254.169.254 [::1] [fe80::1] intranet x.local metadata.internal"
    )
    assert [name for name in inside.split() if is_public_https(f"https://{name}/x.png")] == []
    assert not is_public_https("http://a.example/x.png")
    assert is_public_https("https://a.example/x.png")
    assert is_public_https("https://8.8.8.8/x.png")


def test_a_version_changes_with_what_hangs_on_a_text() -> None:
    versions = [
        version_of("x"),
        version_of("x", (one(),)),
        version_of("x", (one(alt="y"),)),
        version_of("x", (one("https://b.example"),)),
    ]
    assert len(set(versions)) == len(versions)


# --- triage --------------------------------------------------------------------------------------------------------


def _classify(text: str) -> Assessment:
    return Assessment(
        language="es" if "taza" in text else "en" if "jar" in text else None,
        certainty=1.0,
        kind=Kind.NOISE if not text else Kind.SPAM if "winner" in text else Kind.COMPLAINT,
        sentiment=Sentiment.NEUTRAL,
        severity=Severity.CRITICAL if "blood" in text else Severity.LOW,
    )


def _entry(text: str, *hanging: Attachment, more: int = 0) -> ConversationEntry:
    return ConversationEntry(at=T0, author="Vera", text=text, attachments=hanging, more_attachments=more)


def test_a_picture_without_words_is_no_noise_and_its_description_counts() -> None:
    assert assess(_entry(""), _classify).kind is Kind.NOISE
    assert assess(_entry("", one()), _classify).kind is Kind.COMMENT
    assert assess(_entry("", more=1), _classify).kind is Kind.COMMENT
    described = assess(_entry("una taza", one(alt="a jar with blood")), _classify)
    assert (described.severity, described.language) == (Severity.CRITICAL, "es")
    assert assess(_entry("", one(alt="a jar")), _classify).language == "en"
    assert assess(_entry("You are a winner", one()), _classify).kind is Kind.SPAM


def test_in_a_list_what_hangs_on_a_comment_stands_for_words_that_are_not_there() -> None:
    assert in_short("en", _entry("Hola", one())) == "Hola"
    assert in_short("en", _entry(" ", one(alt="A jar"))) == "🖼️ Picture: A jar · a.example"
    assert in_short("es", _entry("", one(sensitive=True))) == "🖼️ Imagen (contenido sensible) · a.example"
    assert in_short("es", _entry("", more=1)) == "y 1 más que no se guarda"
    assert in_short("en", _entry("")) == ""
