"""Replayed comments of a network that is no wall go straight into the intake of its account."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import feeding
from bot.cli.feeding import Feeder
from bot.cli.rows import Row
from bot.core.types import Attachment, AttachmentKind, TicketStatus
from bot.places import open_database
from bot.settings import Settings, load
from bot.store import queries
from bot.wiring import NotTaken, build_parts, close_all

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    networks = [{"id": "wall", "type": "wall"}, {"id": "news", "type": "wall"}]
    lines = [f"[[networks]]\nid = {json.dumps(one['id'])}\ntype = {json.dumps(one['type'])}\n" for one in networks]
    (tmp_path / "portavoz.toml").write_text("\n".join(lines))
    return load(data=tmp_path, environ={})


def row(line: int, text: str, **more: str) -> Row:
    return Row(line=line, author="Eva", text=text, created_at=NOW, **more)  # type: ignore[arg-type]


async def feed(settings: Settings, *rows: Row, account: str | None = None) -> list[bool | str]:
    """What became of each row: taken, there already, or why not."""
    database = open_database(settings, upgrade=True)
    parts = build_parts(settings, database, chats=False)
    feeder = Feeder(settings, database, parts, account=account, locale="en")
    found: list[bool | str] = []
    try:
        for one in rows:
            try:
                found.append(await feeder.take(one))
            except NotTaken as error:
                found.append(str(error))
    finally:
        await feeder.close()
        await close_all(parts)
        database.close()
    return found


def texts(settings: Settings) -> list[tuple[str, str, str | None]]:
    database = open_database(settings, upgrade=False)
    with database.read() as conn:
        lines = queries.inbox(conn, statuses=tuple(TicketStatus), now=NOW)
    database.close()
    return sorted((line.account, line.text, line.url) for line in lines)


async def test_rows_become_items_of_their_account_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "takes_comments", lambda _network: False)
    rows = [row(1, "Uno", network="news", id="1", url="https://n.example/1"), row(2, "Uno", network="news", id="1")]
    rows += [row(3, "Sin id", network="news")]
    assert await feed(settings, *rows) == [True, False, True]
    assert await feed(settings, *rows) == [True, False, True]
    assert texts(settings) == [("news", "Sin id", None), ("news", "Uno", "https://n.example/1")]


async def test_pictures_become_attachments_and_on_a_wall_words(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cup = Attachment(url="https://a.example/1.png", kind=AttachmentKind.IMAGE)
    hanging = [replace(row(line, "", network=to), attachments=(cup,)) for line, to in ((1, "news"), (2, "wall"))]
    assert await feed(settings, hanging[1]) == [True]
    with sqlite3.connect(settings.data / "wall.db") as file:
        assert file.execute("SELECT text FROM comments").fetchall() == [(cup.url,)]
    file.close()
    monkeypatch.setattr(feeding, "takes_comments", lambda _network: False)
    assert await feed(settings, hanging[0]) == [True]
    database = open_database(settings, upgrade=False)
    with database.read() as conn:
        [line] = queries.inbox(conn, statuses=tuple(TicketStatus), now=NOW)
    database.close()
    assert (line.text, line.attachments) == ("", (cup,))


async def test_the_account_asked_for_is_for_rows_that_name_none(settings: Settings) -> None:
    found = await feed(
        settings, row(1, "Uno"), row(2, "Dos", network="wall"), row(3, "Tres", network="x"), account="news"
    )
    assert found[:2] == [True, True]
    assert "There are: wall, news." in str(found[2])
    for wall, text in (("wall", "Dos"), ("news", "Uno")):
        with sqlite3.connect(settings.data / f"{wall}.db") as file:
            assert file.execute("SELECT author, text FROM comments").fetchall() == [("Eva", text)]
        file.close()


async def test_what_the_wall_does_not_take_is_told(settings: Settings) -> None:
    found = await feed(settings, row(1, "Uno", id="1"), row(2, "x" * 5_001), row(3, "Otro", parent="9"))
    assert found[0] is True
    assert "5001" in str(found[1])
    assert "9" in str(found[2])
    assert await feed(settings, row(1, "Distinto", id="1")) == ["Another comment came under this id before."]
