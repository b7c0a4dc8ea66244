"""The real process and the page's own example of a platform: told by webhook, answered once, `kill -9` included."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contract.webhook_side import SECRET, now, signed
from tests.crash.books import Books, Proposal
from tests.crash.process import KILL_AT
from tests.crash.team import AtTheCommandLine
from tests.e2e.process import Portavoz, environment, until
from tests.support.webhook_examples import VARIABLE, Receiver, program, receiving

POINTS = ["publish.before_intent", "publish.after_intent", "publish.after_call", "publish.after_commit"]
COMPLAINT = "Compré una cafetera y llegó con la tapa rota. Estoy muy enfadada, nadie contesta."


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv(VARIABLE, SECRET)
    with receiving() as running:
        yield running


@pytest.fixture
def bot(tmp_path: Path, platform: Receiver) -> Iterator[Portavoz]:
    data = tmp_path / "data"
    data.mkdir()
    urls = f'reply_url = "{platform.base}/replies"\nitem_url = "{platform.base}/items"\n'
    network = f'[[networks]]\nid = "shop"\ntype = "webhook"\n{urls}'
    listening = '[[networks]]\nid = "forum"\ntype = "webhook"\nurl = "https://forum.example"\n'
    people = '[[people]]\nid = "luis"\nname = "Luis"\nrole = "lead"\n'
    (data / "portavoz.toml").write_text(f"undo_seconds = 0\n{network}{listening}{people}")
    environ = {VARIABLE: SECRET, "PORTAVOZ_SECRET_FORUM": SECRET, KILL_AT: f"@{tmp_path / 'armed'}"}
    running = Portavoz(data, module="tests.crash.process", environ=environ)
    try:
        running.start()
        yield running
    finally:
        running.close()


def write(bot: Portavoz, platform: Receiver, id: str, **more: Any) -> Proposal:
    """A comment on the platform, of which it tells the bot; the draft of its reply."""
    item = {"id": id, "text": COMPLAINT, "created_at": now(), "author": {"id": id, "name": "Marta"}, **more}
    platform.comments[id] = item
    tell(bot, "shop", {"type": "item.created", "data": item})
    return reply(bot, id)


def tell(bot: Portavoz, account: str, event: dict[str, Any]) -> None:
    body = json.dumps(event)

    def sent() -> dict[str, Any] | None:
        answer = bot.http.post(f"/hooks/{account}", content=body, headers=signed(body))
        assert answer.status_code in {202, 503}, answer.text
        return answer.json() if answer.status_code == 202 else None

    assert until(sent, what="somebody who listens") == {"accepted": 1}


def reply(bot: Portavoz, comment: str, wanted: str = "proposed") -> Proposal:
    """The reply to a comment, once it is in this state; read from the database, since a command line takes a second."""

    def found() -> Proposal | None:
        standing = Books(bot.data).proposal(comment)
        return standing if standing is not None and standing.state == wanted else None

    return until(found, what=f"a reply to {comment} that is {wanted}")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_examples_connect_a_platform_to_the_running_bot(bot: Portavoz, platform: Receiver) -> None:
    checked = bot.cli("check")
    assert "/hooks/shop" in checked.stdout, checked
    tell(bot, "shop", {"type": "item.removed", "data": {"id": "unheard of"}})
    told = subprocess.run(
        ["bash", "-eu", "-c", program("send.sh", bot.url)],
        env=environment({VARIABLE: SECRET}),
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert told.stdout == b'{"accepted":1}', told
    ticket = reply(bot, "c1").ticket
    line = bot.ask("show", ticket)
    assert (line["author"], line["url"], line["network"]) == ("Vera", "https://shop.example/c/1", "webhook")

    text = "¡Hola, Vera! Sí, de diez a dos. 👋"
    asked = {"id": "c1", "text": "¿Abrís el domingo?", "created_at": now(), "author": {"id": "u7", "name": "Vera"}}
    platform.comments["c1"] = asked
    bot.ask("edit", ticket, "--as", "luis", text)
    bot.ask("approve", ticket, "--as", "luis")
    reply(bot, "c1", "published")
    assert [one["text"] for one in platform.replies.values()] == [text]
    assert bot.ask("show", ticket)["publications"][-1]["url"] == "https://shop.example/r/r1"

    # What is edited on the platform is seen before anything goes out, also where it did not tell.
    other = write(bot, platform, "c3", text="¿Y el lunes?")
    moment = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    platform.comments["c3"] = {**platform.comments["c3"], "text": "¿Y el martes?", "edited_at": moment}
    bot.ask("approve", other.ticket, "--as", "luis")
    reply(bot, "c3", "proposed")
    assert until(lambda: bot.ask("show", other.ticket)["text"] == "¿Y el martes?", what="the edit")
    assert len(platform.replies) == 1

    # Where replies cannot be sent, a person gets the text and the link.
    url = "https://forum.example/1"
    item = {"id": "f1", "text": COMPLAINT, "created_at": now(), "author": {"name": "Eva"}, "url": url}
    tell(bot, "forum", {"type": "item.created", "data": item})
    heard = reply(bot, "f1").ticket
    bot.ask("approve", heard, "--as", "luis")
    reply(bot, "f1", "handed_off")
    bot.ask("settle", heard, "posted", f"{url}#r", "--as", "luis")
    reply(bot, "f1", "published")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_death_at_any_point_of_publishing_posts_the_reply_once(
    bot: Portavoz, platform: Receiver, tmp_path: Path
) -> None:
    luis = AtTheCommandLine(bot.data, bot.environ)
    try:
        for n, point in enumerate(POINTS):
            draft = write(bot, platform, f"c{n}", text=f"{COMPLAINT} ({n})")
            luis.edit(draft.ticket, draft.revision, f"Lo sentimos, Marta. Te mandamos otra. ({n})")
            arm(tmp_path, point)
            assert luis.approve(draft.ticket, draft.revision + 1) == "done"
            assert until(bot.ended, what=f"the death at {point}") == -signal.SIGKILL
            bot.wait_end()
            arm(tmp_path, "")
            bot.start()
            reply(bot, f"c{n}", "published")
    finally:
        luis.close()
    assert [one["below"] for one in platform.replies.values()] == [f"c{n}" for n in range(len(POINTS))]
    assert len(platform.posts) == len(POINTS) + 1  # the answer that was lost after the call was asked for again
    assert sorted(set(platform.posts)) == sorted(platform.replies)


def arm(folder: Path, point: str) -> None:
    """Let the process end at this point; the file is read whole or not at all."""
    (folder / "new").write_text(point)
    (folder / "new").rename(folder / "armed")
