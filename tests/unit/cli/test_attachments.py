"""`show` and `inbox` tell what hangs on a comment, for people and for scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from bot.cli import shapes, tables
from bot.core.types import Attachment, AttachmentKind
from bot.core.views import Card
from tests.contract.chat_world import START, World

CUP = Attachment(
    url="https://p.example/" + "long/" * 40 + "1.png",
    kind=AttachmentKind.IMAGE,
    alt="A cup \u202e\x1b[31m broken",
    sensitive=True,
)


def card() -> Card:
    world = World()
    return world.card_now(world.comment("", attachments=[CUP, replace(CUP, url="javascript:alert(1)")]))


def test_people_read_the_description_the_host_and_the_whole_address(capsys: pytest.CaptureFixture[str]) -> None:
    tables.card(card(), "en", START, UTC)
    said = capsys.readouterr().out
    assert "🖼️ Picture (sensitive): A cup ⟨U+202E⟩\ufffd[31m broken · p.example\n" in said
    assert f"{CUP.url}\n" in said
    assert "and 1 more that is not kept" in said
    tables.inbox([card().line], "en", START)
    assert "Picture" in capsys.readouterr().out


def test_scripts_get_every_field() -> None:
    [entry] = shapes.whole(card(), {"wall": "wall"}, "en", [])["conversation"]
    assert entry["more_attachments"] == 1
    [shown] = entry["attachments"]
    assert shown == {
        "url": CUP.url,
        "kind": "image",
        "name": "",
        "alt": "A cup \u202e\ufffd[31m broken",
        "media_type": None,
        "size": None,
        "sensitive": True,
    }
