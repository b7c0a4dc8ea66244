"""SMTP (RFC 5321): one mail, and the truth about what became of it.

Until the mail itself goes over the wire, nothing was sent, whatever happens. An answer to the mail is an answer: 4xx
and 5xx mean that the server did not take it. If none comes, nobody knows.
"""

from __future__ import annotations

import contextlib

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Transient
from bot.core.fromhtml import one_line
from bot.core.types import Rejected
from bot.settings.secrets import variable
from handlers.networks.mail.config import SMTP_PORTS, Config
from handlers.networks.mail.wire import tls
from handlers.reaching import at, because

NOT_LOGGED_IN = frozenset({530, 534, 535, 538})
"""RFC 4954, section 6."""
_LOST = (SMTPException, OSError, TimeoutError, ValueError)


class Post:
    """The way out of one account."""

    def __init__(self, config: Config, password: str | None) -> None:
        self._config = config
        self._password = password

    async def check(self) -> None:
        """Whether the server lets us in; nothing is sent. Raises Transient or AuthExpired."""
        await self._leave(await self._enter())

    async def send(self, mail: bytes, to: str) -> Rejected | None:
        """Send the mail; Rejected where it is refused for good. Raises Transient, AuthExpired or OutcomeUnknown."""
        client = await self._enter()
        try:
            return await self._hand_over(client, mail, to)
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: bytes, to: str) -> Rejected | None:
        try:
            await client.mail(self._config.address)
            await client.rcpt(to)
        except SMTPResponseException as error:
            return _refused(error)
        except _LOST as error:
            raise Transient(self._lost(error)) from error
        try:
            await client.data(mail)
        except SMTPResponseException as error:
            if not 400 <= error.code < 600:
                raise OutcomeUnknown(self._lost(error)) from error
            return _refused(error)
        except _LOST as error:
            raise OutcomeUnknown(self._lost(error)) from error
        await self._leave(client)
        return None

    async def _enter(self) -> aiosmtplib.SMTP:
        config = self._config
        security = config.smtp_security
        if not self._password:
            raise AuthExpired(f"{variable(config.id)} is not set")
        client = aiosmtplib.SMTP(
            hostname=config.outgoing_host,
            port=self._port,
            use_tls=security == "tls",
            start_tls=security == "starttls",
            tls_context=None if security == "plain" else tls(),
            local_hostname=config.address.partition("@")[2],
            timeout=config.timeout,
        )
        try:
            await client.connect()
            await client.ehlo()
            if client.supports_extension("auth"):
                await client.login(config.login, self._password)
        except BaseException as error:
            client.close()
            if isinstance(error, _LOST):
                raise self._kept_out(error) from error
            raise
        return client

    @property
    def _port(self) -> int:
        return self._config.smtp_port or SMTP_PORTS[self._config.smtp_security]

    def _kept_out(self, error: Exception) -> AdapterError:
        if isinstance(error, SMTPResponseException) and 500 <= error.code < 600:
            return AuthExpired(f"The server that sends did not let us in: {_said(error)}")
        return Transient(self._lost(error))

    def _lost(self, error: Exception) -> str:
        if isinstance(error, SMTPResponseException):
            return f"The server that sends answered {_said(error)}"
        where = at(self._config.outgoing_host, self._port)
        return f"The server that sends did not answer: {because(error, where)}."

    async def _leave(self, client: aiosmtplib.SMTP) -> None:
        """Say goodbye; what happens now changes nothing."""
        with contextlib.suppress(*_LOST):
            await client.quit()
        client.close()


def _refused(error: SMTPResponseException) -> Rejected:
    """The server's refusal. Raises Transient for one that may pass, AuthExpired for one that is about us."""
    if error.code in NOT_LOGGED_IN:
        raise AuthExpired(f"The server that sends did not let us in: {_said(error)}") from error
    if 500 <= error.code < 600:
        return Rejected(reason=f"The mail server refused it: {_said(error)}")
    raise Transient(f"The mail server asks to come back later: {_said(error)}") from error


def _said(error: SMTPResponseException) -> str:
    return f"{error.code} {one_line(error.message)[:250]}"
