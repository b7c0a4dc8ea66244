"""The wall as an Atom feed: well-formed whatever stands there, polite to readers that come again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.contract.hostile import HOSTILE
from tests.unit.wall.wall_app import App, running

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, brand="Café <Alameda>") as app:
        yield app


async def feed(app: App) -> ET.Element:
    answer = await app.page("/wall/feed.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return ET.fromstring(answer.content)  # noqa: S314 - our own output


async def test_comments_and_replies_are_entries_newest_first(app: App) -> None:
    comment, _ = await app.wall.add(author="Vera", text="¿Abrís <hoy>?")
    await app.wall.answer(comment.id, "Sí & mañana", key="k")
    found = await feed(app)
    texts = [entry.findtext(f"{ATOM}content") for entry in found.findall(f"{ATOM}entry")]
    assert texts == ["Sí & mañana", "¿Abrís <hoy>?"]
    names = [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in found.findall(f"{ATOM}entry")]
    assert names == ["Café <Alameda>", "Vera"]
    kinds = [entry.find(f"{ATOM}category").attrib["term"] for entry in found.findall(f"{ATOM}entry")]  # type: ignore[union-attr]
    assert kinds == ["reply", "comment"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_leave_it_well_formed(app: App, text: str) -> None:
    answer = await app.post({"author": text[:60] or "x", "text": text or "x"})
    found = await feed(app)
    assert len(found.findall(f"{ATOM}entry")) == (1 if answer.status_code == 201 else 0)


async def test_what_was_taken_back_is_not_in_it(app: App) -> None:
    comment, token = await app.wall.add(author="Vera", text="Hola")
    assert token is not None
    await app.wall.withdraw(comment.id, app.wall.owner(token))
    assert (await feed(app)).findall(f"{ATOM}entry") == []


async def test_a_reader_that_has_it_already_is_told_so(app: App) -> None:
    comment, token = await app.wall.add(author="Vera", text="Hola")
    first = await app.page("/wall/feed.atom")
    tag = first.headers["etag"]
    again = await app.page("/wall/feed.atom", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert token is not None
    await app.wall.edit(comment.id, "Hola otra vez", app.wall.owner(token))
    assert (await app.page("/wall/feed.atom", if_none_match=tag)).status_code == 200


async def test_an_empty_wall_is_a_feed_too(app: App) -> None:
    found = await feed(app)
    assert found.findtext(f"{ATOM}id") == "http://wall.test/wall"
    assert found.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
