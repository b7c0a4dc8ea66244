"""The real process and real servers for mail: what is approved arrives once, whenever the process dies."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.crash.books import Books, Proposal
from tests.crash.process import KILL_AT
from tests.crash.team import AtTheCommandLine
from tests.e2e.process import Portavoz, until
from tests.support.mail_server import PASSWORD, USER, MailServer

T = TypeVar("T")
POINTS = ["publish.before_intent", "publish.after_intent", "publish.after_call", "publish.after_commit"]


class Running:
    """A mail server in a thread of its own."""

    def __init__(self) -> None:
        self.server = MailServer("Sent")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.do(self.server.start())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def close(self) -> None:
        self.do(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def post() -> Iterator[Running]:
    running = Running()
    yield running
    running.close()


@pytest.fixture
def bot(tmp_path: Path, post: Running) -> Iterator[Portavoz]:
    data = tmp_path / "data"
    data.mkdir()
    (data / "portavoz.toml").write_text(
        f"""undo_seconds = 0
[[networks]]
id = "hola"
type = "mail"
host = "127.0.0.1"
port = {post.server.imap_port}
security = "plain"
smtp_port = {post.server.smtp_port}
smtp_security = "plain"
address = "{USER}"
sent = "Sent"
[[people]]
id = "luis"
name = "Luis"
role = "lead"
"""
    )
    environ = {"PORTAVOZ_SECRET_HOLA": PASSWORD, KILL_AT: f"@{tmp_path / 'armed'}"}
    running = Portavoz(data, module="tests.crash.process", environ=environ)
    try:
        running.start()
        yield running
    finally:
        running.close()


def reply(bot: Portavoz, mail: str, wanted: str) -> Proposal:
    """The reply to a mail, once it is in this state."""

    def found() -> Proposal | None:
        standing = Books(bot.data).proposal(mail)
        return standing if standing is not None and standing.state == wanted else None

    return until(found, what=f"a reply to {mail} that is {wanted}", within=60)


def arm(folder: Path, point: str) -> None:
    """Let the process end at this point; the file is read whole or not at all."""
    (folder / "new").write_text(point)
    (folder / "new").rename(folder / "armed")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_death_at_any_point_of_publishing_sends_the_mail_once(bot: Portavoz, post: Running, tmp_path: Path) -> None:
    luis = AtTheCommandLine(bot.data, bot.environ)
    try:
        for n, point in enumerate(POINTS):
            mail = (
                f"From: Marta <marta{n}@people.example>\r\nMessage-ID: <{n}@people.example>\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n\r\nLa cafetera lleg\u00f3 rota y nadie contesta.\r\n"
            )
            post.do(post.server.put("INBOX", mail.encode(), datetime.now(UTC)))
            draft = reply(bot, f"{n}@people.example", "proposed")
            luis.edit(draft.ticket, draft.revision, f"Lo sentimos, Marta. Te mandamos otra. ({n})")
            arm(tmp_path, point)
            assert luis.approve(draft.ticket, draft.revision + 1) == "done"
            assert until(bot.ended, what=f"the death at {point}") == -signal.SIGKILL
            bot.wait_end()
            arm(tmp_path, "")
            bot.start()
            reply(bot, f"{n}@people.example", "published")
    finally:
        luis.close()
    taken = post.server.delivery.taken
    assert [one.rcpt_tos for one in taken] == [[f"marta{n}@people.example"] for n in range(len(POINTS))]
    assert len(post.do(post.server.flags("Sent"))) == len(POINTS)
