"""Whatever somebody writes, the blocks made of it are valid, inert, and lose nothing silently."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.filled import FORMS
from bot.core.shown import shown_by
from bot.core.types import Attachment, AttachmentKind, Finding, Kind, Severity
from handlers.chats.slack import blocks as b
from handlers.chats.slack.card import View, conversation, thread
from handlers.chats.slack.forms import Purpose, form, purpose_of
from handlers.chats.slack.hanging import PICTURES
from tests.contract.chat_world import World
from tests.contract.hostile import HOSTILE
from tests.contract.slack_side import active, found, texts
from tests.support.slack_limits import problems, view_problems

NASTY = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="<>&!@#|*_~`:/\\\"' ab\n\u200b\u202e\u0301\U0001f468\u200d\u00ad", max_size=400),
    st.sampled_from(sorted(HOSTILE.values())),
    st.builds(
        lambda text, n: text * n,
        st.sampled_from(["<!channel>", "&", "\u200b", "a\u0301", "👩‍👩‍👧", "x ", "\n"]),
        st.integers(1, 9000),
    ),
)
PLACES = (
    "http://p.example/1.png",
    "https://10.0.0.1/1.png",
    "https://localhost/1.png",
    f"https://p.example/{'x' * 2000}",
)
"""Where no service elsewhere is sent for a picture."""
NAMES = {"luis": "Luis <!here>", "ana": "*Ana*"}


def card_of(
    text: str, author: str, draft: str | None, *, url: str | None = "https://wall.example/c/1"
) -> tuple[World, str]:
    world = World()
    world.findings = (Finding(rule="foreign_link", level="warn", words=text[:300]),)
    ticket = world.comment(
        text[:20_000], author=author[:80], draft=draft, url=url, suspicious=(author[:60],), max_length=None
    )
    world.comment_again(ticket, author or "again")
    return world, ticket


@settings(max_examples=60)
@given(text=NASTY, author=NASTY, draft=st.none() | NASTY, url=st.none() | NASTY)
def test_every_message_of_a_thread_is_valid_and_inert(
    text: str, author: str, draft: str | None, url: str | None
) -> None:
    world, ticket = card_of(text, author, (draft or "").strip()[:20_000] or None, url=url)
    for locale in ("en", "es"):
        for posting in thread(world.card_now(ticket), View(locale=locale, names=NAMES)):
            assert problems(list(posting.blocks)) == []
            assert 0 < len(posting.text) <= 3000
            sent = dict.fromkeys(("unfurl_links", "unfurl_media", "link_names"), False)
            message = {"text": posting.text, "blocks": list(posting.blocks), "sent": {**sent, "parse": "none"}}
            assert list(active(message)) == []


@settings(max_examples=30)
@given(
    text=st.just("") | NASTY,
    urls=st.lists(NASTY.map("https://p.example/".__add__) | st.sampled_from(PLACES), max_size=30),
    alt=NASTY,
    kind=st.sampled_from(AttachmentKind),
    sensitive=st.booleans(),
)
def test_whatever_hangs_on_a_comment_its_blocks_are_valid_and_fetch_only_public_pictures(
    text: str, urls: list[str], alt: str, kind: AttachmentKind, sensitive: bool
) -> None:
    world = World()
    hanging = [Attachment(url=url, kind=kind, alt=alt, name=alt, sensitive=sensitive) for url in urls]
    card = world.card_now(world.comment(text[:20_000], attachments=hanging))
    blocks = list(thread(card, View(locale="es"))[0].blocks)
    assert problems(blocks) == []
    assert problems(conversation(card, View(locale="es"), 95), view=True) == []
    pictures = [block["image_url"] for block in blocks if block["type"] == "image"]
    assert len(pictures) <= PICTURES
    assert not set(pictures) & set(PLACES)
    assert (kind is AttachmentKind.IMAGE and not sensitive) or pictures == []


def test_a_card_leads_to_its_author_s_page_where_there_is_a_desk() -> None:
    world, ticket = card_of("Hello there", "Rosa", None, url="https://p.example/1")
    card = world.card_now(ticket)
    known = replace(card, line=replace(card.line, author_number=7))
    shown = {
        (desk, which): [
            node["url"]
            for node in found(list(thread(one, View(locale="es", desk=desk))[0].blocks))
            if node.get("type") == "link"
        ]
        for desk in ("", "https://bot.example/desk")
        for which, one in (("nobody", replace(card, line=replace(card.line, author_number=None))), ("known", known))
    }
    assert shown.pop(("https://bot.example/desk", "known")) == ["https://p.example/1", "https://bot.example/desk/a/7"]
    assert set(map(tuple, shown.values())) == {("https://p.example/1",)}


@settings(max_examples=30)
@given(text=NASTY, author=NASTY)
def test_every_form_and_reading_is_a_valid_view(text: str, author: str) -> None:
    world, ticket = card_of(text, author, text.strip()[:20_000] or "Draft.")
    card, people = world.card_now(ticket), list(world.team.values())
    for verb in FORMS:
        for person in people:
            view = form(card, Purpose(verb=verb, shown=shown_by(card), channel="C1", thread="1.2"), person, people)
            assert view_problems(view) == []
    blocks = conversation(card, View(locale="es", names=NAMES), 95)
    assert problems(blocks, view=True) == []


@given(text=NASTY)
def test_a_long_draft_is_shown_whole(text: str) -> None:
    words = re.sub(r"[^ -~]", "x", text) * 20
    world = World()
    ticket = world.comment("Harmless.", draft=words[:20_000].strip() or "Draft.", max_length=None)
    card = world.card_now(ticket)
    shown = [one for one in thread(card, View(locale="en")) if one.key.startswith("r") and one.key != "root"]
    said = "".join(block["text"]["text"] for one in shown for block in one.blocks if block["type"] == "section")
    draft = card.replies[-1].revisions[-1].text
    assert "".join(said.split()) == "".join(draft.split())


def test_a_text_of_twenty_thousand_characters_is_folded_and_says_how_much_is_left() -> None:
    world, ticket = card_of("word " * 4000, "Marta", None)
    root = thread(world.card_now(ticket), View(locale="en"))[0]
    said = " ".join(texts(list(root.blocks)))
    left = re.search(r"([\d]+) more characters", said)
    assert left is not None
    assert int(left[1]) + len(next(t for t in texts(list(root.blocks)) if t.startswith("word"))) == 20_000


def test_the_same_state_makes_the_same_messages() -> None:
    world, ticket = card_of("Broken.", "Marta", "Sorry.")
    view = View(locale="en")
    first = [posting.digest for posting in thread(world.card_now(ticket), view)]
    world.clock.forward(hours=3)
    assert [posting.digest for posting in thread(world.card_now(ticket), view)] == first


def test_an_erased_comment_is_erased_in_slack_too() -> None:
    world = World()
    card = world.card_now(world.comment("Broken.", draft="Sorry."))
    gone = replace(card, conversation=tuple(replace(one, text="Broken.", erased=True) for one in card.conversation))
    shown = [text for posting in thread(gone, View(locale="en")) for text in texts(list(posting.blocks))]
    assert not any("Broken." in text for text in shown)
    assert any("Erased" in text for text in shown)


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_and_severity_has_a_card(kind: Kind, severity: Severity) -> None:
    world = World()
    ticket = world.comment(kind=kind, severity=severity)
    assert problems(list(thread(world.card_now(ticket), View(locale="es"))[0].blocks)) == []


def test_a_quorum_is_shown_with_who_has_approved() -> None:
    from bot.core import messages as m

    world = World()
    ticket = world.comment(severity=Severity.CRITICAL)

    async def approve() -> None:
        await world.submit(m.Approve(by="luis", via="slack", ticket=ticket))

    import asyncio

    asyncio.run(approve())
    shown = " ".join(
        t for one in thread(world.card_now(ticket), View(locale="en", names=NAMES)) for t in texts(list(one.blocks))
    )
    assert "1 of 2: Luis" in shown


@given(text=NASTY)
def test_fallback_text_has_no_live_markup(text: str) -> None:
    said = b.fallback(text)
    assert re.search(r"<[^>]", said) is None
    assert len(said) <= 3000


@given(raw=st.text(max_size=200) | st.dictionaries(st.sampled_from("vsctg"), st.text(max_size=5)).map(json.dumps))
def test_a_forged_purpose_is_no_purpose(raw: str) -> None:
    found = purpose_of(raw)
    assert found is None or found.verb in FORMS


def test_links_that_nobody_should_follow_are_no_links() -> None:
    bad: list[Any] = ["javascript:alert(1)", "https://", "http://a b", "", None, "https://x/" + "a" * 3000, "ftp://x/"]
    assert [b.link(url, "x") for url in bad] == [None] * len(bad)
