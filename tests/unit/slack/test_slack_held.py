"""A comment that its network's moderators hold back says so on the Slack card and in a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from bot.cli import tables
from handlers.chats.slack.card import View, thread
from tests.contract.chat_world import World
from tests.contract.slack_side import texts


@pytest.mark.parametrize("held", [True, False])
def test_a_held_comment_says_so(held: bool, capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    card = world.card_now(world.comment("Broken."))
    card = replace(card, conversation=tuple(replace(one, held=held) for one in card.conversation))
    shown = " ".join(text for posting in thread(card, View(locale="es")) for text in texts(list(posting.blocks)))
    tables.card(card, "es", card.line.opened_at, UTC)
    for said in (shown, capsys.readouterr().out):
        assert ("retenido por los moderadores de la red" in " ".join(said.split())) == held
