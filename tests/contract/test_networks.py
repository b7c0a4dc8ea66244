"""Every network adapter under the contract. One that is not registered here fails the last test."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import handlers.networks
from tests.contract.bluesky_side import BlueskySide
from tests.contract.discord_network_side import DiscordNetworkSide
from tests.contract.feed_side import FeedSide
from tests.contract.mail_side import MailSide
from tests.contract.mastodon_side import MastodonSide
from tests.contract.network_side import Side
from tests.contract.network_suite import ListenOnlyContract, NetworkContract, VariantContract
from tests.contract.telegram_network_side import TelegramNetworkSide
from tests.contract.wall_side import WallSide
from tests.contract.webhook_side import WebhookSide
from tests.contract.wordpress_side import FakeSide
from tests.contract.wordpress_suite import WordPressContract


class TestWall(NetworkContract):
    adapter = "wall"

    @pytest.fixture
    async def side(self, tmp_path: Path) -> AsyncIterator[Side]:
        side = WallSide(tmp_path)
        yield side
        await side.stop()


@pytest.mark.slow
class TestWallThatCanOnlyBeReadBack(VariantContract):
    adapter = "wall"

    @pytest.fixture
    async def side(self, tmp_path: Path) -> AsyncIterator[Side]:
        side = WallSide(tmp_path, "lookup")
        yield side
        await side.stop()


@pytest.mark.slow
class TestWallThatTellsNothing(VariantContract):
    adapter = "wall"

    @pytest.fixture
    async def side(self, tmp_path: Path) -> AsyncIterator[Side]:
        side = WallSide(tmp_path, "none")
        yield side
        await side.stop()


class TestMastodon(NetworkContract):
    adapter = "mastodon"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = MastodonSide()
        await side.start()
        yield side
        await side.stop()


class TestBluesky(NetworkContract):
    adapter = "bluesky"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = BlueskySide()
        await side.start()
        yield side
        await side.stop()


@pytest.mark.slow
class TestDiscord(NetworkContract):
    adapter = "discord"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = DiscordNetworkSide()
        await side.start()
        yield side
        await side.stop()


class TestFeed(ListenOnlyContract):
    adapter = "feed"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = FeedSide()
        await side.start()
        yield side
        await side.stop()


class TestMail(NetworkContract):
    adapter = "mail"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = MailSide()
        await side.start()
        yield side
        await side.stop()


class TestWebhook(NetworkContract):
    adapter = "webhook"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = WebhookSide()
        await side.start()
        yield side
        await side.stop()


class TestWebhookThatOnlyTells(ListenOnlyContract):
    adapter = "webhook"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = WebhookSide(answers=False)
        await side.start()
        yield side
        await side.stop()


class TestWordPress(WordPressContract):
    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = await FakeSide.opened()
        yield side
        await side.stop()


@pytest.mark.slow
class TestTelegram(NetworkContract):
    adapter = "telegram"

    @pytest.fixture
    async def side(self) -> AsyncIterator[Side]:
        side = TelegramNetworkSide()
        await side.start()
        yield side
        await side.stop()


REGISTERED: list[type[ListenOnlyContract | NetworkContract | VariantContract]] = [
    TestWall,
    TestWallThatCanOnlyBeReadBack,
    TestWallThatTellsNothing,
    TestMastodon,
    TestBluesky,
    TestDiscord,
    TestFeed,
    TestMail,
    TestWebhook,
    TestWebhookThatOnlyTells,
    TestWordPress,
    TestTelegram,
]


def test_every_network_adapter_is_registered() -> None:
    found = {module.name for module in pkgutil.iter_modules(handlers.networks.__path__)}
    assert found - {contract.adapter for contract in REGISTERED} == set()
