"""Every team chat under the contract. One that is not registered here fails one of the last tests."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import handlers.chats
from handlers.chats.desk import DeskChat
from handlers.chats.discord.adapter import DiscordChat
from handlers.chats.slack.adapter import SlackChat
from handlers.chats.telegram.adapter import TelegramChat
from tests.contract.chat_side import ChatSide
from tests.contract.chat_suite import ChatContract
from tests.contract.desk_side import DeskSide
from tests.contract.discord_side import DiscordSide
from tests.contract.slack_side import SlackSide
from tests.contract.telegram_side import TelegramSide


class TestDesk(ChatContract):
    adapter = "desk"
    chat = DeskChat

    @pytest.fixture
    async def side(self) -> AsyncIterator[ChatSide]:
        side = DeskSide()
        await side.start()
        yield side
        await side.stop()


class TestDiscord(ChatContract):
    adapter = "discord"
    chat = DiscordChat

    @pytest.fixture
    async def side(self) -> AsyncIterator[ChatSide]:
        side = DiscordSide()
        await side.start()
        yield side
        await side.stop()


class TestSlack(ChatContract):
    adapter = "slack"
    chat = SlackChat

    @pytest.fixture
    async def side(self) -> AsyncIterator[ChatSide]:
        side = SlackSide()
        await side.start()
        yield side
        await side.stop()


class TestTelegram(ChatContract):
    adapter = "telegram"
    chat = TelegramChat

    # A plain group differs by its chain of replies alone: what that is about is quick and stands in `unit/telegram`.
    @pytest.fixture(params=["forum", pytest.param("plain", marks=pytest.mark.slow)])
    async def side(self, request: pytest.FixtureRequest) -> AsyncIterator[ChatSide]:
        side = TelegramSide(forum=request.param == "forum")
        await side.start()
        yield side
        await side.stop()


REGISTERED: list[type[ChatContract]] = [TestDesk, TestDiscord, TestSlack, TestTelegram]

TAKES_AWAY = re.compile(
    r"^(delete|remove|purge|ban|kick|hide|unsend|prune)(_(message|messages|thread|topic|channel|card|post|comment)s?)?$"
    r"|delete_(message|forum)|chat[._]delete|deleteMessage|deleteForumTopic|files[._]delete|reactions[._]remove|^DELETE\b"
)


def test_every_chat_adapter_is_registered() -> None:
    found = {module.name for module in pkgutil.iter_modules(handlers.chats.__path__)}
    assert found - {contract.adapter for contract in REGISTERED} == set()


def taking_away(source: str) -> list[str]:
    """What in a module's code would delete, hide or ban: names that are called or defined, and words sent out."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        elif isinstance(node, ast.Name):
            names.append(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
            names.append(node.value)
    return [name for name in names if TAKES_AWAY.search(name)]


@pytest.mark.parametrize("adapter", [contract.adapter for contract in REGISTERED])
def test_no_chat_adapter_has_code_that_deletes(adapter: str) -> None:
    for root in map(Path, handlers.chats.__path__):
        files = [*(root / adapter).rglob("*.py"), *root.glob(f"{adapter}.py")]
        assert files
        for file in files:
            assert taking_away(file.read_text("utf-8")) == [], file


@pytest.mark.parametrize(
    "line", ["client.chat_delete(ts=1)", "await message.delete()", 'call("deleteMessage")', "member.ban()"]
)
def test_code_that_deletes_is_noticed(line: str) -> None:
    assert taking_away(f"async def work(client, message, member, call):\n    {line}") != []
