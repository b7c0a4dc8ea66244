"""The other side of a mailbox: people who write with the standard library's own mails, to servers that are not ours."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from handlers.networks.mail import Config, MailNetwork, create
from tests.contract.mastodon_side import Drawer
from tests.contract.network_side import ANSWER, BESIDE, BY_HAND, ONCE, PRIVATE, UNLINKED
from tests.support.mail_server import PASSWORD, USER, MailServer

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def sayable(text: str) -> str:
    """What a mail in UTF-8 can hold of a text."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


class MailSide:
    """One mailbox with a folder for what was sent."""

    can = frozenset({ANSWER, BESIDE, BY_HAND, ONCE, PRIVATE, UNLINKED})

    def __init__(self, *, idle: bool = True, **settings: Any) -> None:
        self.account = settings.pop("account", "mail")
        sent = settings.get("sent", "Sent")
        self.server = MailServer(*settings.get("folders", ())[1:], *([sent] if sent else []), idle=idle)
        self.keep = Drawer()
        self._settings = {"poll_seconds": 0.2, "timeout": 3, "sent": "Sent", **settings}
        self._mails: dict[str, EmailMessage] = {}
        self._now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    async def start(self) -> None:
        await self.server.start()
        self._connect()

    def _connect(self) -> None:
        config = Config(
            id=self.account,
            host="127.0.0.1",
            port=self.server.imap_port,
            security="plain",
            smtp_port=self.server.smtp_port,
            smtp_security="plain",
            address=USER,
            name="La Tienda",
            **self._settings,
        )
        self.network: MailNetwork = create(config, data=Path(), base_url="", secret=PASSWORD, keep=self.keep)

    async def stop(self) -> None:
        await self.network.aclose()
        await self.server.stop()

    async def restart(self) -> None:
        await self.network.aclose()
        self._connect()

    def tick(self) -> datetime:
        """The moment when the next mail arrives."""
        self._now += timedelta(seconds=1)
        return self._now

    def _mail(self, text: str, name: str, address: str, answering: str | None) -> EmailMessage:
        mail = EmailMessage()
        mail.set_content(sayable(text).replace("\r\n", "\n").replace("\r", "\n"), cte="base64")
        # A header is one line: what cannot stand there, no program lets anybody write.
        mail["From"] = Address(re.sub(r"[\r\n\x00]", " ", sayable(name)), addr_spec=address)
        mail["To"] = USER
        native = f"{len(self._mails)}.{address}"
        mail["Message-ID"] = f"<{native}>"
        if answering is not None:
            above = self._mails[answering]
            mail["In-Reply-To"] = f"<{answering}>"
            mail["References"] = f"{above.get('References', '')} <{answering}>".strip()
        self._mails[native] = mail
        return mail

    async def comment(
        self, text: str, *, author: str = "Vera", visitor: str | None = "vera", answering: str | None = None
    ) -> str:
        mail = self._mail(text, author, f"{visitor}@people.example", answering)
        await self.server.put("INBOX", mail.as_bytes(policy=email.policy.SMTP), self.tick())
        return str(mail["Message-ID"]).strip("<>")

    async def reply_by_hand(self, native_id: str, text: str) -> str:
        mail = self._mail(text, "La Tienda", USER, native_id)
        await self.server.put(self._settings["sent"], mail.as_bytes(policy=email.policy.SMTP), self.tick())
        return str(mail["Message-ID"]).strip("<>")

    async def whisper(self, text: str) -> str:
        return await self.comment(text)

    async def audience(self, native_id: str) -> list[str]:
        # `replies` sees to it that each went to its one reader.
        return ["private"] * len(await self.replies(native_id))

    async def beside(self) -> MailSide:
        other = MailSide(account=f"{self.account}-2", **self._settings)
        await other.start()
        return other

    async def said(self, native_id: str) -> str:
        text = self._mails[native_id].get_content()
        return _UNSEEN.sub("\ufffd", text).strip()

    async def replies(self, native_id: str) -> list[str]:
        mails = [email.message_from_bytes(one, policy=email.policy.default) for one in self.server.delivery.mails]
        below = [mail for mail in mails if mail["In-Reply-To"] == f"<{native_id}>"]
        for mail in below:
            assert parseaddr(mail["From"])[1] == USER
            assert mail["To"] == parseaddr(self._mails[native_id]["From"])[1]
        return [mail.get_content().replace("\r\n", "\n").removesuffix("\n") for mail in below]

    async def edit(self, native_id: str, text: str) -> None:
        raise AssertionError("nobody edits a mail")

    async def picture(self, text: str, url: str, alt: str, *, instead: str | None = None) -> str:
        raise AssertionError("what hangs on a mail has no address")

    async def withdraw(self, native_id: str) -> None:
        raise AssertionError("nobody takes a mail back")

    async def page(self, url: str) -> str:
        raise AssertionError("a mail stands nowhere")

    async def trouble(self, operation: str, trouble: str, *, seconds: float = 1.0) -> None:
        raise AssertionError("see tests/unit/mail")

    async def moderate(self, native_id: str, *, refused_because: str | None = None) -> None:
        raise AssertionError("nothing is moderated")
