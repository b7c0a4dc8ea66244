"""Two team chats side by side: Ana says yes on Slack, Luis on Telegram, and Mastodon has the reply, once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.slack_side import texts
from tests.contract.telegram_side import EMOJI, buttons
from tests.e2e.process import Portavoz, until
from tests.support.mastodon_mock import TOKEN as MASTODON
from tests.support.mastodon_mock import MastodonMock
from tests.support.slack_thread import SlackThread
from tests.support.telegram_people import People
from tests.support.telegram_server import TOKEN as TELEGRAM
from tests.support.telegram_server import TelegramServer

pytestmark = pytest.mark.servers
GROUP, LUIS = -1001234567890, 102
MENTION = "@tienda My daughter had an allergic reaction to your cookies, the label does not mention nuts!"
SETTINGS = """
undo_seconds = 1
[[networks]]
id = "masto"
type = "mastodon"
base_url = "{mastodon}"
recheck_seconds = 1
[[chats]]
id = "slack"
type = "slack"
base_url = "{slack}"
messages_per_second = 20
[[chats]]
id = "telegram"
type = "telegram"
base_url = "{telegram}"
messages_per_minute = 10000
[[rooms]]
id = "inbox"
chat = "slack"
native_id = "C0INBOX"
[[rooms]]
id = "group"
chat = "telegram"
native_id = "{group}"
[[people]]
id = "ana"
name = "Ana"
role = "lead"
identities = {{ slack = "U0ANA" }}
[[people]]
id = "luis"
name = "Luis"
role = "approver"
identities = {{ slack = "U0LUIS", telegram = "{luis}" }}
"""


class Team:
    """Two chats and a network around one bot."""

    def __init__(self, folder: Path) -> None:
        self.mastodon = MastodonMock(folder)
        self.thread = SlackThread()
        self.slack = self.thread.slack
        for user in ("U0ANA", "U0LUIS"):
            self.slack.add_user(user)
        self.telegram = TelegramServer()
        self.group = self.telegram.add_group(GROUP, "Care", is_forum=True)
        self.telegram.add_user(LUIS, "Luis")
        self.group.statuses[LUIS] = "member"
        self.thread.do(self.telegram.start())
        self.people = People(self.telegram)
        data = folder / "data"
        data.mkdir()
        places = {"mastodon": self.mastodon.base, "slack": self.slack.base_url, "telegram": self.telegram.base}
        (data / "portavoz.toml").write_text(SETTINGS.format(group=GROUP, luis=LUIS, **places))
        secrets = {"PORTAVOZ_SECRET_MASTO": MASTODON, "PORTAVOZ_SECRET_TELEGRAM": TELEGRAM}
        self.bot = Portavoz(data, environ={**self.thread.environ, **secrets})

    def on_slack(self) -> dict[str, Any] | None:
        """The draft's message there, while it can be approved."""
        for message in self.slack.messages():
            ids = [e.get("action_id") for block in message["blocks"] for e in block.get("elements", [])]
            if "portavoz:approve" in ids:
                return message
        return None

    def on_telegram(self) -> dict[str, Any] | None:
        """The draft's message there, while it can be decided."""
        for message in list(self.group.messages.values()):
            if "Draft 1 ·" in message.get("text", "") and any(buttons(message)):
                return message
        return None

    def agree_on_telegram(self) -> None:
        """Luis's thumb under the draft there."""
        wording = until(self.on_telegram, what="the draft on Telegram")
        self.thread.do(self.people.react(LUIS, self.group, wording["message_id"], EMOJI["approve"]), within=90)

    def slack_text(self) -> str:
        return "\n".join(text for message in self.slack.messages() for text in texts(message["blocks"]))

    def telegram_text(self) -> str:
        return "\n".join(message.get("text", "") for message in list(self.group.messages.values()))

    def close(self) -> None:
        self.bot.close()
        self.thread.do(self.telegram.stop())
        self.thread.close()
        self.mastodon.close()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    try:
        yield made
    finally:
        made.close()


def _says(shown: Callable[[], str], wanted: str) -> bool:
    return wanted in shown()


def test_a_quorum_of_two_comes_together_from_two_chats(team: Team) -> None:
    team.bot.start()
    mention = team.mastodon.write(team.mastodon.person("vera", "Vera"), MENTION)
    draft = until(team.on_slack, what="the draft on Slack")
    until(team.on_telegram, what="the draft on Telegram")

    yes = team.slack.event(team.slack.reaction("U0ANA", "white_check_mark", draft["ts"]))
    team.thread.do(team.slack.deliver("events_api", yes, within=60), within=90)
    until(lambda: "1 of 2: Ana" in team.telegram_text(), what="Ana's yes on Telegram")
    assert team.mastodon.replies(mention) == []

    # The same person again, by another of their names, is no second one.
    again = team.slack.event(team.slack.reaction("U0ANA", "+1", draft["ts"]))
    team.thread.do(team.slack.deliver("events_api", again, within=60), within=90)

    team.agree_on_telegram()
    until(lambda: team.mastodon.replies(mention), what="the reply on Mastodon")
    (reply,) = team.mastodon.replies(mention)
    for shown in (team.slack_text, team.telegram_text):
        for wanted in ("Ana", "Luis", "Published"):
            until(functools.partial(_says, shown, wanted), what=wanted)
    [ticket] = team.bot.ask("inbox", "--all")
    told = team.bot.ask("show", ticket["id"])
    yeses = {(line["person"], line["via"]) for line in told["decisions"] if line["verdict"] == "approve"}
    assert yeses == {("ana", "slack"), ("luis", "telegram")}
    assert str(reply["url"]) in team.slack_text() + str(team.slack.messages())
    assert str(reply["url"]) in str(list(team.group.messages.values()))
    assert len(team.mastodon.replies(mention)) == 1
