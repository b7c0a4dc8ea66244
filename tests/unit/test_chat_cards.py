"""What the cards of all chats say alike, in their room's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.types import TicketStatus
from bot.core.views import Card
from handlers.chats.discord import drafts, view
from handlers.chats.slack import card as slack
from handlers.chats.telegram import card as telegram
from handlers.chats.telegram import wordings
from tests.contract.chat_world import World


def on_slack(card: Card) -> str:
    shown = [one.blocks for one in slack.thread(card, slack.View(locale="es", names={"luis": "Luis"}))]
    return json.dumps(shown, ensure_ascii=False)


def on_discord(card: Card) -> str:
    shown = [one.embeds for one in drafts.thread(card, view.View(locale="es", names={"luis": "Luis"}))]
    return json.dumps(shown, ensure_ascii=False)


def on_telegram(card: Card) -> str:
    return "\n".join(one.html for one in wordings.thread(card, telegram.View(locale="es", names={"luis": "Luis"})))


@pytest.mark.parametrize("show", [on_slack, on_discord, on_telegram])
def test_for_whom_a_ticket_waits_is_said_in_the_rooms_language(show: Callable[[Card], str]) -> None:
    world = World()
    card = world.card_now(world.comment())
    card = replace(card, line=replace(card.line, status=TicketStatus.WAITING))
    assert "A la espera del cliente." in show(replace(card, waiting_for="customer"))
    assert "customer" not in show(replace(card, waiting_for="customer"))
    assert "Espera a Luis" in show(replace(card, waiting_for="luis"))
