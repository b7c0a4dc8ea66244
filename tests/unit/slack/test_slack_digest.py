"""A digest in Slack: one message in the channel, the details and the picture in its thread, all of it once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import OutcomeUnknown
from bot.core.types import Passage, Section
from bot.reports.digest import compose, pictured
from handlers.chats.slack.sections import chunks, parts
from tests.contract.slack_side import SlackSide, found, texts
from tests.reports.test_digest import BUSY, HOSTILE
from tests.support.slack_limits import problems

DIGEST = pictured(compose(BUSY, "es", "https://bot.example/desk"))


async def told(side: SlackSide, key: str = "digest:team:2026-11-21") -> None:
    await side.chat.say(side.room, replace(DIGEST, key=key))


async def test_the_day_stands_in_the_channel_and_the_rest_in_its_thread_once(side: SlackSide) -> None:
    for _ in range(2):
        await told(side)
    root, *below = side.slack.messages()
    assert (len(side.slack.threads()), len(below) >= 1) == (1, True)
    assert {message["thread_ts"] for message in below} == {root["ts"]}
    said = "".join(texts(root["blocks"]))
    assert [title in said for title in ("Qué pasó", "Por revisar", "Objetivos", "42 comentarios")] == [True] * 4
    assert "5ea1" * 16 in "".join(text for message in below for text in texts(message["blocks"]))
    links = {node["url"] for node in found(root["blocks"]) if node.get("type") == "link"}
    assert "https://x.test/1" in links
    [file] = side.slack.files
    assert (file["done"], file["thread_ts"]) == (True, root["ts"])
    assert side.slack.uploads[file["id"]].startswith(b"\x89PNG")
    assert (file["name"], file["title"]) == ("digest-2026-11-20.png", DIGEST.title)
    assert "42" in file["alt"]


async def test_a_lost_answer_makes_no_second_one(side: SlackSide) -> None:
    side.lose_next_answer()
    with pytest.raises(OutcomeUnknown):
        await told(side)
    await told(side)
    assert len(side.slack.threads()) == 1
    assert len(side.slack.files) == 1


def test_whatever_stands_in_it_slack_takes_the_blocks() -> None:
    lines = tuple(Passage(text=HOSTILE, url=url) for url in (None, "javascript:1", "https://a.test/" + "x" * 4000))
    sections: Any = [Section(title=HOSTILE, lines=lines * 9)] * 12 + [Section(title="", lines=lines * 5)]
    made = list(chunks(sections))
    assert len(made) > 1
    for blocks in (*made, parts(HOSTILE, sections)):
        assert problems(blocks) == []
    shown = "".join(text for blocks in made for text in texts(blocks))
    assert ("\u202e" in shown, "javascript:1" in shown) == (False, False)
