"""The real process and Slack over Socket Mode: a comment becomes a thread, ✅ publishes it, once, despite kill -9."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.slack_side import texts
from tests.crash.process import KILL_AT
from tests.e2e.process import Portavoz, until
from tests.support.slack_fake import APP_TOKEN, BOT_TOKEN, SIGNING
from tests.support.slack_thread import SlackThread, settings

COMPLAINT = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."


class Team:
    """A bot, its Slack, and what people do there."""

    def __init__(self, folder: Path) -> None:
        self.thread = SlackThread()
        self.slack = self.thread.slack
        for user in ("U0ANA", "U0LUIS", "U0EVE"):
            self.slack.add_user(user)
        data = folder / "data"
        data.mkdir()
        (data / "portavoz.toml").write_text(settings(self.slack.base_url))
        self.armed = folder / "armed"
        environ = {**self.thread.environ, KILL_AT: f"@{self.armed}"}
        self.bot = Portavoz(data, module="tests.crash.process", environ=environ)

    def arm(self, point: str) -> None:
        """From now on the process ends at this point."""
        fresh = self.armed.with_suffix(".new")
        fresh.write_text(point)
        fresh.replace(self.armed)

    def killed(self) -> None:
        """It ended there; start it again."""
        until(lambda: self.bot.ended() is not None, what="the kill")
        assert self.bot.wait_end() == -9
        self.arm("")
        self.bot.start()

    def roots(self) -> list[dict[str, Any]]:
        """The cards; what is said to the whole room is none."""
        found = self.slack.threads()
        return [one for one in found if one["metadata"]["event_payload"].get("key") == "root"]

    def draft(self) -> dict[str, Any]:
        """The message with the buttons."""

        def offered() -> dict[str, Any] | None:
            for message in self.slack.messages():
                ids = [e.get("action_id") for block in message["blocks"] for e in block.get("elements", [])]
                if "portavoz:approve" in ids:
                    return message
            return None

        return until(offered, what="a draft in Slack")

    def react(self, user: str, name: str, *, removed: bool = False) -> None:
        event = self.slack.event(self.slack.reaction(user, name, self.draft()["ts"], removed=removed))
        self.thread.do(self.slack.deliver("events_api", event, within=25))

    def close(self) -> None:
        self.bot.close()
        self.thread.close()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    try:
        yield made
    finally:
        made.close()


def seen(team: Team) -> str:
    return "\n".join(text for message in team.slack.messages() for text in texts(message["blocks"]))


def test_a_comment_is_answered_from_slack(team: Team) -> None:
    team.bot.start()
    comment = team.bot.post("Marta", COMPLAINT).json()
    draft = team.draft()
    assert COMPLAINT in seen(team)

    team.react("U0EVE", "white_check_mark")
    until(team.slack.ephemerals.copy, what="the explanation")
    assert team.slack.ephemerals[-1]["user"] == "U0EVE"
    team.react("U0LUIS", "white_check_mark")
    until(lambda: team.bot.replies(comment["id"]), what="the reply on the wall")
    assert "".join(team.bot.replies(comment["id"])[0].split()) in "".join("".join(texts(draft["blocks"])).split())
    until(lambda: "Published" in seen(team), what="the news in Slack")
    assert len(team.roots()) == 1

    lights = {light["code"]: light["state"] for light in team.bot.ask("check")}
    assert lights["slack_room_ok"] == lights["slack_socket_ok"] == "ok"
    assert team.bot.stop() == 0
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING, COMPLAINT):
        assert secret not in team.bot.log


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_kill_9_anywhere_on_the_way(team: Team) -> None:
    team.bot.start()
    team.slack.hung.append("chat.postMessage")  # the card stands there, and the bot never hears of it
    comment = team.bot.post("Marta", COMPLAINT).json()
    until(team.slack.messages, what="the card")
    team.bot.kill()
    team.arm("card.after_call")
    team.bot.start()
    team.killed()
    team.draft()
    assert len(team.roots()) == 1
    assert team.slack.calls["conversations.history"] >= 1

    team.arm("submit.after_commit")  # committed, and Slack was not told so: it delivers again
    event = team.slack.event(team.slack.reaction("U0LUIS", "white_check_mark", team.draft()["ts"]))
    team.thread.begin(team.slack.deliver("events_api", event, within=25))
    team.killed()
    until(lambda: team.bot.replies(comment["id"]), what="the reply on the wall")
    until(lambda: "Published" in seen(team), what="the news in Slack")
    assert len(team.bot.replies(comment["id"])) == 1
    assert len(team.roots()) == 1
    keys = [one["metadata"]["event_payload"].get("key") for one in team.slack.messages()]
    assert sorted(filter(None, keys)) == sorted(set(filter(None, keys)))
    [ticket] = team.bot.ask("inbox", "--all")
    approvals = [line for line in team.bot.ask("show", ticket["id"])["decisions"] if line["verdict"] == "approve"]
    assert len(approvals) == 1


@pytest.mark.slow
def test_a_removed_app_is_told_on_the_desk_and_cards_catch_up_when_it_is_back(team: Team) -> None:
    team.bot.start()
    until(lambda: team.slack.sockets, what="the connection")
    team.slack.dead_token = "account_inactive"
    team.thread.begin(team.slack.deliver("events_api", team.slack.event({"type": "app_uninstalled"})))
    team.bot.post("Marta", COMPLAINT)

    until(lambda: "account_auth" in team.bot.cli("health", "--json").stdout, what="the alarm")
    assert "account_inactive" in team.bot.log
    assert team.slack.messages() == []
    team.bot.stop()
    team.slack.dead_token = ""
    team.bot.start()
    team.draft()
    assert len(team.roots()) == 1
