"""A mail server on 127.0.0.1: pymap's IMAP over mailboxes in memory, and aiosmtpd for what is sent."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import datetime
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.config import BackendCapability
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pysasl.hashing import Cleartext

USER, PASSWORD = "hola@tienda.example", "a password"


class Delivery:
    """What the server that sends took, and what it answers instead when it is told to.

    `refuse` holds what it says to a command (`MAIL`, `RCPT`, `DATA`) once, and to `AUTH` until it is taken out again,
    since there are several ways to log in; `vanish` cuts the connection there.
    """

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse: dict[str, str] = {}
        self.vanish: set[str] = set()

    @property
    def mails(self) -> list[bytes]:
        """Those mails, as they went over the wire."""
        return [one.content for one in self.taken if isinstance(one.content, bytes)]

    def _instead(self, command: str, server: SMTP) -> str | None:
        if command in self.vanish:
            self.vanish.discard(command)
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.refuse.pop(command, None)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: Any) -> str:  # noqa: N802
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = sender
        return self._instead("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(to)
        return self._instead("RCPT", server) or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        refused = self.refuse.pop("DATA", None)
        if refused is None:
            self.taken.append(envelope)
        return refused or self._instead("DATA", server) or "250 queued"

    def login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        if refused := self.refuse.get("AUTH"):
            return AuthResult(success=False, handled=False, message=refused)
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


class Silent(Config):
    """A server that tells of new mail only when it is asked."""

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=False, object_id=True, multi_append=True)


class MailServer:
    """One mailbox with the folders that it is told to have."""

    def __init__(self, *folders: str, idle: bool = True) -> None:
        self.delivery = Delivery()
        self._folders = folders
        self._idle = idle
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        arguments = Namespace(
            host=None, port=0, debug=False, cert=None, key=None, tls=False, passlib_cfg=None, proxy_protocol="noop",
            demo_data=False, demo_user=USER, demo_password=PASSWORD,
        )  # fmt: skip
        self.config = (Config if self._idle else Silent).from_args(
            arguments, hash_context=Cleartext(), reject_dnsbl=False
        )
        backend = DictBackend(Login(self.config), self.config)
        await DictBackend._add_demo_user(self.config, backend.login)
        self.config.apply_context()
        self._answer = IMAPServer(backend.login, self.config)
        self._imap = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.imap_port = self._imap.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._smtp = await loop.create_server(self._sending, "127.0.0.1", 0)
        self.smtp_port = self._smtp.sockets[0].getsockname()[1]
        async with (await backend.login.authorize(backend.login.demo_user_identity, USER)).new_session():
            self.boxes: MailboxSet = self.config.set_cache[USER][0]
        for folder in self._folders:
            await self.boxes.add_mailbox(folder)

    def _sending(self) -> SMTP:
        return SMTP(
            self.delivery, authenticator=self.delivery.login, auth_require_tls=False,
            hostname="mail.test", enable_SMTPUTF8=False,
        )  # fmt: skip

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._answer(reader, writer, SocketInfoLocal(writer))
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)

    async def stop(self) -> None:
        self._imap.close()
        self._smtp.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def put(self, folder: str, mail: bytes, at: datetime) -> None:
        """A mail arrives in a folder."""
        box = await self.boxes.get_mailbox(folder)
        await box.append(AppendMessage(mail, at, frozenset()), recent=True)

    async def flags(self, folder: str) -> list[set[Flag]]:
        """What is marked on each mail of a folder."""
        box = await self.boxes.get_mailbox(folder)
        return [set(message.permanent_flags) async for message in box.messages()]
