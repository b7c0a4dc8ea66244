"""The manifest says what the handlers do; `check` says what is wrong and what to do about it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from pydantic import ValidationError

from bot.core.types import Light, Person, Role, Room
from bot.locale import light
from handlers.chats.slack import Config, setup_text
from handlers.chats.slack.ears import application
from handlers.chats.slack.manifest import EVENTS, SCOPES, SHORTCUTS, manifest
from handlers.chats.slack.pressing import SHORTCUTS as HEARD
from tests.contract.slack_side import SlackSide
from tests.e2e.process import Portavoz
from tests.support import slack_fake
from tests.support.slack_thread import settings
from tests.unit.slack.conftest import Open

ROOT = Path(__file__).parents[3]


def test_the_file_that_is_shipped_is_what_the_command_prints() -> None:
    assert (ROOT / "deploy/slack/manifest.yaml").read_text("utf-8") == setup_text(Config(), "https://bot.example.com")


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_yaml_says_what_the_manifest_says(mode: Any) -> None:
    config = Config(mode=mode, command="/pv")
    made = manifest(config, "https://bot.example.com")
    assert yaml.safe_load(setup_text(config, "https://bot.example.com")) == made
    assert made["settings"]["socket_mode_enabled"] is (mode == "socket")
    urls = {made["settings"]["interactivity"].get("request_url"), made["features"]["slash_commands"][0].get("url")}
    assert urls == ({None} if mode == "socket" else {"https://bot.example.com/slack/slack"})


async def test_everything_in_the_manifest_is_heard_and_nothing_else(side: SlackSide) -> None:
    app = application(side.chat.house, "secret")
    asked: list[dict[str, Any]] = [
        *({"type": "event_callback", "event": {"type": name}} for name in EVENTS),
        *({"type": "message_action", "callback_id": name} for name, _, _ in SHORTCUTS),
        {"command": manifest(side.chat.config, "")["features"]["slash_commands"][0]["command"]},
        {"type": "block_actions", "actions": [{"action_id": "portavoz:approve", "block_id": "b"}]},
        {"type": "view_submission", "view": {"callback_id": "portavoz:form"}},
    ]
    assert len(app._async_listeners) == len(asked)
    assert {name for name, _, _ in SHORTCUTS} == set(HEARD)


def test_each_method_that_is_called_has_its_scope_in_the_manifest() -> None:
    assert set(slack_fake.SCOPES.values()) <= set(SCOPES)
    assert set(SCOPES) == {s for s in SCOPES if ":" in s or s == "commands"}


async def lights(side: SlackSide, room: Room | None = None) -> list[Light]:
    return await side.chat.check([room or side.room])


async def test_a_sound_workspace_is_green(side: SlackSide) -> None:
    side.slack.scopes = set(SCOPES)
    found = await lights(side)
    assert [(one.code, one.state) for one in found] == [
        ("account_ok", "ok"),
        ("slack_socket_ok", "ok"),
        ("slack_room_ok", "ok"),
    ]


@pytest.mark.parametrize(
    ("settings", "known", "warned"),
    [
        ({"groups": {"S0SUPPORT": "approver"}}, False, True),
        ({"default_role": "lead"}, False, True),
        ({"groups": {"S0SUPPORT": "approver"}}, True, False),
        ({"groups": {"S0SUPPORT": "agent"}}, False, False),
        ({}, False, False),
    ],
)
async def test_who_might_count_twice_is_named(
    open_side: Open, settings: dict[str, Any], known: bool, warned: bool
) -> None:
    side = await open_side(**settings)
    side.slack.scopes = set(SCOPES)
    ana = Person(id="ana", name="Ana", role=Role.LEAD, identities=frozenset({("slack", "U0ANA")} if known else ()))
    side.chat._people = (ana, Person(id="tom", name="Tom", role=Role.VIEWER))
    doubts = [one for one in await lights(side) if one.code == "slack_people"]
    assert [one.state for one in doubts] == (["warn"] if warned else [])
    assert all(one.params["people"] == "Ana" and "Ana" in light("es", one).detail for one in doubts)


async def test_each_thing_that_is_wrong_is_named_with_a_remedy(side: SlackSide) -> None:
    side.slack.scopes = set(SCOPES) - {"reactions:read", "commands"}
    side.slack.dead_app_token = "invalid_auth"
    side.slack.channels["C0INBOX"].member = False
    found = await lights(side)
    assert [one.code for one in found] == ["slack_scopes", "slack_socket", "slack_room"]
    for locale in ("en", "es"):
        for one in found:
            words = light(locale, one)
            assert words.detail
            assert words.remedy
            assert "?" not in words.detail
    assert "commands, reactions:read" in light("en", found[0]).detail
    assert (await lights(side, Room(id="r", chat="slack", native_id="#inbox")))[-1].code == "slack_room_id"


async def test_a_dead_token_is_all_that_is_said(side: SlackSide) -> None:
    side.slack.dead_token = "token_revoked"
    [one] = await lights(side)
    assert (one.code, one.params["reason"]) == ("account_auth", "token_revoked")


async def test_a_slack_that_is_away_is_said_to_be(side: SlackSide) -> None:
    await side.disconnect()
    await side.slack.stop()
    [one] = await lights(side)
    assert one.code == "account_unreachable"


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "slack.com"},
        {"command": "portavoz"},
        {"reactions": {"x": "nonsense"}},
        {"mode": "rtm"},
        {"groups": {"team": "approver"}},
        {"token": "xoxb-1"},
        {"messages_per_second": 0},
    ],
)
def test_a_wrong_setting_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate(settings)


def test_the_command_prints_the_manifest_of_the_configured_app(tmp_path: Path) -> None:
    (tmp_path / "portavoz.toml").write_text(settings("https://slack.com/api/", mode="http"))
    bot = Portavoz(tmp_path)
    try:
        printed = bot.cli("slack", "manifest").stdout
    finally:
        bot.close()
    assert yaml.safe_load(printed)["settings"]["event_subscriptions"]["request_url"].endswith("/slack/slack")


def test_no_client_library_is_loaded_where_no_chat_is_configured() -> None:
    ours = "bot.serve, bot.wiring, handlers.chats.desk.adapter, handlers.networks.wall"
    others = ", ".join(f"handlers.chats.{name}" for name in ("discord", "slack", "telegram"))
    program = f"import sys, {ours}, {others}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    clients = {"slack_bolt", "slack_sdk", "aiohttp", "discord", "telegram"}
    assert not {name.partition(".")[0] for name in loaded.stdout.split()} & clients


async def test_no_token_is_in_any_repr(open_side: Open) -> None:
    side = await open_side()
    assert "xoxb" not in repr(side.chat.config) + repr(side.chat.house.config)
