"""The real process and Telegram: a comment becomes a topic, 👌 publishes it, once, despite kill -9."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.telegram_side import buttons
from tests.crash.process import KILL_AT
from tests.e2e.process import Portavoz, until
from tests.support.loop_thread import LoopThread
from tests.support.telegram_people import People
from tests.support.telegram_server import BOT_ID, TOKEN, TelegramServer

pytestmark = pytest.mark.slow
COMPLAINT = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."
GROUP, ANA, LUIS, VERA = -1001234567890, 11, 12, 13


def settings(base_url: str) -> str:
    people = "".join(
        f'[[people]]\nid = "{who}"\nname = "{who.title()}"\nrole = "{role}"\nlocale = "{locale}"\n'
        f'identities = {{ telegram = "{number}" }}\n'
        for who, role, locale, number in (("ana", "lead", "es", ANA), ("luis", "approver", "en", LUIS))
    )
    return (
        'undo_seconds = 1\n[[networks]]\nid = "wall"\ntype = "wall"\n[[chats]]\nid = "desk"\ntype = "desk"\n'
        f'[[chats]]\nid = "telegram"\ntype = "telegram"\nbase_url = "{base_url}"\nmessages_per_minute = 1000\n'
        '[[rooms]]\nid = "desk"\nchat = "desk"\n'
        f'[[rooms]]\nid = "care"\nchat = "telegram"\nnative_id = "{GROUP}"\n{people}'
    )


class Team(LoopThread):
    """A bot, its group, and what people do there; the server runs in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__("telegram")
        self.server = TelegramServer()
        self.people = People(self.server)
        self.group = self.server.add_group(GROUP, "Care", is_forum=True)
        for number, name in ((ANA, "Ana"), (LUIS, "Luis"), (VERA, "Vera")):
            self.server.add_user(number, name)
            self.group.statuses[number] = "member"
        self.do(self.server.start())
        data = folder / "data"
        data.mkdir()
        (data / "portavoz.toml").write_text(settings(self.server.base))
        self.armed = folder / "armed"
        environ = {"PORTAVOZ_SECRET_TELEGRAM": TOKEN, KILL_AT: f"@{self.armed}"}
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

    def ours(self) -> list[dict[str, Any]]:
        """What the bot said in the group."""
        return [one for one in list(self.group.messages.values()) if one["from"]["id"] == BOT_ID and "text" in one]

    def draft(self) -> dict[str, Any]:
        """The message with the buttons about a wording."""

        def offered() -> dict[str, Any] | None:
            found = [one for one in self.ours() if any(data.startswith("approve|") for data in buttons(one))]
            return found[-1] if found and self.server.allowed else None  # reactions are told to who asked for them

        return until(offered, what="a draft in Telegram")

    def cards(self) -> int:
        return sum("👤" in one["text"] for one in self.ours())

    def close(self) -> None:
        self.bot.close()
        self.do(self.server.stop())
        super().close()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_a_comment_is_answered_from_telegram(team: Team) -> None:
    team.bot.start()
    comment = team.bot.post("Marta", COMPLAINT).json()
    draft = team.draft()
    team.do(team.people.react(VERA, team.group, draft["message_id"], "👌"))
    alone = team.server.chats[VERA].messages
    until(lambda: list(alone.values()), what="the explanation")
    assert team.bot.replies(comment["id"]) == []
    team.do(team.people.react(LUIS, team.group, draft["message_id"], "👌"))
    until(lambda: team.bot.replies(comment["id"]), what="the reply on the wall")
    assert team.bot.replies(comment["id"])[0] in draft["text"]
    until(lambda: any("Published" in one["text"] for one in team.ours()), what="the news in Telegram")
    assert team.cards() == 1
    lights = {light["code"]: light["state"] for light in team.bot.ask("check")}
    assert lights["telegram_room_ok"] == "ok"
    assert team.bot.stop() == 0
    for secret in (TOKEN, COMPLAINT):
        assert secret not in team.bot.log


def test_no_decision_is_lost_or_counted_twice_by_kill_9(team: Team) -> None:
    team.arm("card.after_call")
    team.bot.start()
    comment = team.bot.post("Marta", COMPLAINT).json()
    team.killed()
    draft = team.draft()
    assert team.cards() == 1, "what was posted is written down before the engine knows of it"

    team.arm("submit.after_commit")  # committed, and not confirmed to Telegram: it comes again
    team.begin(team.people.react(LUIS, team.group, draft["message_id"], "👌"))
    team.killed()
    until(lambda: team.bot.replies(comment["id"]), what="the reply on the wall")
    until(lambda: any("Published" in one["text"] for one in team.ours()), what="the news in Telegram")
    assert len(team.bot.replies(comment["id"])) == 1
    [ticket] = team.bot.ask("inbox", "--all")
    approvals = [line for line in team.bot.ask("show", ticket["id"])["decisions"] if line["verdict"] == "approve"]
    assert len(approvals) == 1
