"""One ticket in Slack and in Telegram: two people are two people, whichever of the chats they use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.slack_side import elements, found, texts
from tests.e2e.process import Portavoz, until
from tests.e2e.test_telegram import ANA, GROUP, LUIS, Team
from tests.support.slack_thread import SlackThread
from tests.support.telegram_server import TOKEN

pytestmark = pytest.mark.slow
CRITICAL = "Mi hija tuvo una reacción alérgica con vuestras galletas y está en el hospital."
BOTH = {"ana": ("lead", "es", "U0ANA", ANA), "luis": ("approver", "en", "U0LUIS", LUIS)}


def settings(slack: str, telegram: str) -> str:
    people = "".join(
        f'[[people]]\nid = "{who}"\nname = "{who.title()}"\nrole = "{role}"\nlocale = "{locale}"\n'
        f'identities = {{ slack = "{user}", telegram = "{number}" }}\n'
        for who, (role, locale, user, number) in BOTH.items()
    )
    return (
        'undo_seconds = 1\n[[networks]]\nid = "wall"\ntype = "wall"\n[[chats]]\nid = "desk"\ntype = "desk"\n'
        f'[[chats]]\nid = "slack"\ntype = "slack"\nbase_url = "{slack}"\nmessages_per_second = 20\n'
        f'[[chats]]\nid = "telegram"\ntype = "telegram"\nbase_url = "{telegram}"\nmessages_per_minute = 1000\n'
        '[[rooms]]\nid = "inbox"\nchat = "slack"\nnative_id = "C0INBOX"\n'
        f'[[rooms]]\nid = "care"\nchat = "telegram"\nnative_id = "{GROUP}"\n{people}'
    )


class House(Team):
    """The same bot with a Slack beside its Telegram."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.thread = SlackThread()
        for user in ("U0ANA", "U0LUIS"):
            self.thread.slack.add_user(user)
        (folder / "data/portavoz.toml").write_text(settings(self.thread.slack.base_url, self.server.base))
        environ = {"PORTAVOZ_SECRET_TELEGRAM": TOKEN, **self.thread.environ}
        self.bot = Portavoz(folder / "data", environ=environ)

    def slack_draft(self) -> dict[str, Any]:
        def offered() -> dict[str, Any] | None:
            for message in self.thread.slack.messages():
                if any(one.get("action_id") == "portavoz:approve" for one in elements(message)):
                    return message
            return None

        return until(offered, what="a draft in Slack")

    def in_slack(self) -> str:
        return "\n".join(text for message in self.thread.slack.messages() for text in texts(message["blocks"]))

    def in_telegram(self) -> str:
        return "\n".join(one["text"] for one in self.ours())

    def slack_links(self) -> list[str]:
        nodes = [node for message in self.thread.slack.messages() for node in found(message["blocks"])]
        return [node["url"] for node in nodes if node.get("type") == "link"]

    def telegram_links(self) -> list[str]:
        return [entity["url"] for one in self.ours() for entity in one["entities"] if entity["type"] == "text_link"]

    async def release(self) -> None:
        self.server.released.set()

    def close(self) -> None:
        super().close()
        self.thread.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_a_quorum_of_two_is_two_people_whatever_chats_they_use(house: House) -> None:
    house.bot.start()
    comment = house.bot.post("Marta", CRITICAL).json()
    here, there = house.draft(), house.slack_draft()
    slack = house.thread.slack

    house.thread.do(slack.deliver("events_api", slack.event(slack.reaction("U0LUIS", "white_check_mark", there["ts"]))))
    until(lambda: "1 of 2: Luis" in house.in_telegram(), what="Luis's yes on the card in Telegram")
    house.do(house.people.react(LUIS, house.group, here["message_id"], "👌"))
    assert house.bot.replies(comment["id"]) == []
    assert "1 of 2: Luis" in house.in_telegram()

    house.do(house.people.react(ANA, house.group, here["message_id"], "👌"))
    until(lambda: house.bot.replies(comment["id"]), what="the reply on the wall")
    [reply] = house.bot.comments()[0]["replies"]

    def told(text: str, links: list[str]) -> bool:
        return all(word in text for word in ("Published", "Ana", "Luis")) and any(reply["id"] in link for link in links)

    until(lambda: told(house.in_slack(), house.slack_links()), what="names and proof in Slack")
    until(lambda: told(house.in_telegram(), house.telegram_links()), what="names and proof in Telegram")
    assert len(house.bot.replies(comment["id"])) == 1
    assert house.bot.stop() == 0


def test_a_chat_that_hangs_delays_no_other(house: House) -> None:
    for _ in range(20):
        house.server.spoil("createForumTopic", "held")
    house.bot.start()
    comment = house.bot.post("Marta", "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada.").json()
    draft, slack = house.slack_draft(), house.thread.slack
    house.thread.do(slack.deliver("events_api", slack.event(slack.reaction("U0LUIS", "white_check_mark", draft["ts"]))))
    until(lambda: house.bot.replies(comment["id"]), what="the reply on the wall")
    until(lambda: "Published" in house.in_slack(), what="the news in Slack")
    assert house.ours() == []
    house.begin(house.release())
    until(lambda: "Published" in house.in_telegram(), within=120, what="the card in Telegram")
    assert house.cards() == 1
