"""kill -9 at every point, over servers that are not ours: nothing is lost there, and nothing stands there twice."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.crash.shores import Shore, die_everywhere
from tests.support.loop_thread import LoopThread
from tests.support.mail_server import PASSWORD, USER, MailServer
from tests.support.mastodon_mock import TOKEN, MastodonMock


class MailShore:
    """A mailbox at pymap and aiosmtpd, which run in a thread of their own."""

    account = "hola"

    def __init__(self) -> None:
        self._server = MailServer("Sent")
        self._thread = LoopThread("mail")
        self._written = 0
        self._thread.do(self._server.start())

    def close(self) -> None:
        self._thread.do(self._server.stop())
        self._thread.close()

    @property
    def settings(self) -> str:
        ports = f"port = {self._server.imap_port}\nsmtp_port = {self._server.smtp_port}\n"
        plain = 'security = "plain"\nsmtp_security = "plain"\n'
        account = f'[[networks]]\nid = "hola"\ntype = "mail"\nhost = "127.0.0.1"\naddress = "{USER}"\nsent = "Sent"\n'
        return account + ports + plain

    @property
    def environ(self) -> Mapping[str, str]:
        return {"PORTAVOZ_SECRET_HOLA": PASSWORD}

    def comment(self, text: str) -> str:
        self._written += 1
        native = f"{self._written}@people.example"
        mail = (
            f"From: Marta <marta{self._written}@people.example>\r\nMessage-ID: <{native}>\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        )
        self._thread.do(self._server.put("INBOX", mail.encode(), datetime.now(UTC)))
        return native

    def replies(self, native_id: str) -> list[str]:
        mails = [email.message_from_bytes(one, policy=email.policy.default) for one in self._server.delivery.mails]
        return [str(one.get_content()).strip() for one in mails if one["In-Reply-To"] == f"<{native_id}>"]


class MastodonShore:
    """An account on mastodon-mock."""

    account = "masto"

    def __init__(self, mock: MastodonMock) -> None:
        self._mock = mock
        self._written = 0

    @property
    def settings(self) -> str:
        return f'[[networks]]\nid = "masto"\ntype = "mastodon"\nbase_url = "{self._mock.base}"\nrecheck_seconds = 1\n'

    @property
    def environ(self) -> Mapping[str, str]:
        return {"PORTAVOZ_SECRET_MASTO": TOKEN}

    def comment(self, text: str) -> str:
        self._written += 1
        return self._mock.write(self._mock.person(f"vera{self._written}", "Vera"), f"@tienda {text}")

    def replies(self, native_id: str) -> list[str]:
        texts = [self._mock.source(one["id"]) for one in self._mock.replies(native_id)]
        return [text.partition(" ")[2] for text in texts]


@contextmanager
def at_the_mail(_: Path) -> Iterator[Shore]:
    shore = MailShore()
    try:
        yield shore
    finally:
        shore.close()


@contextmanager
def at_mastodon(folder: Path) -> Iterator[Shore]:
    mock = MastodonMock(folder)
    try:
        yield MastodonShore(mock)
    finally:
        mock.close()


SHORES: Mapping[str, Callable[[Path], Any]] = {"mail": at_the_mail, "mastodon-mock": at_mastodon}
"""A network for each line: add yours with a context manager that yields its `Shore`.

WordPress and Bluesky die in `test_wordpress.py` and `test_bluesky.py`, where their servers run already.
"""


@pytest.mark.servers
@pytest.mark.timeout(300)
@pytest.mark.parametrize("network", SHORES)
def test_a_death_at_any_point_loses_nothing_and_says_nothing_twice(network: str, tmp_path: Path) -> None:
    with SHORES[network](tmp_path) as shore:
        die_everywhere(shore, tmp_path)
