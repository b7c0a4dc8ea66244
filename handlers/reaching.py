"""Why the other side was not reached, or not it but another: said in words, with the address, for every adapter.

What libraries raise has a cause below it, which tells more than the error's name. An address is `host:port` and never
more: paths, queries and names in front of an @ may be secrets. `bot.locale.remarks` has these sentences' translations.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_GARBLED = frozenset({"LocalProtocolError", "UnsupportedProtocol", "InvalidURL"})
"""What is raised for an address that nobody can be asked at."""
_ODD = frozenset({"RemoteProtocolError", "DecodingError", "ContentTypeError", "JSONDecodeError", "BadStatusLine"})
"""What is raised for answers that are not the protocol's."""
_ENDED = frozenset({"ReadError", "WriteError", "CloseError", "ServerDisconnectedError", "SMTPServerDisconnected"})


def address(url: object) -> str:
    """`host:port` of an address, and nothing else of it."""
    try:
        parts = urlsplit(str(url))
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "?"
    return at(parts.hostname or "?", port)


def at(host: str, port: int | None) -> str:
    """The same of a host and a port."""
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" if port else shown


def because(error: BaseException, where: str) -> str:
    """What happened on the way, for the end of a sentence, and what to look at.

    Args:
        error: what a library raised; what it comes from is looked at, too.
        where: `address` of whom we called; an error that names another (after a redirect) is believed.
    """
    causes = list(_causes(error))
    where = next(filter(None, map(_told, causes)), where)
    for kind in (_by_type, _by_name):
        for cause in causes:
            if (said := kind(cause, where)) is not None:
                return said
    return f"the call to {where} failed ({type(error).__name__}); the log says more"


def stranger(what: str, url: object, status: int) -> str:
    """Something answered that is not `what` (`Mastodon`): another program's page, or a proxy's."""
    return f"what answers at {address(url)} does not speak {what}'s API (HTTP {status}): check the address"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What it comes from, the error first; where several addresses were tried, all that came of them."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < 50:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        below = [one.__cause__ or one.__context__, getattr(one, "certificate_error", None)]
        below += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [other for other in below if isinstance(other, BaseException)]


def _told(error: BaseException) -> str:
    """Whom the error itself says was called; empty where it does not."""
    try:
        request = getattr(error, "request", None)
    except RuntimeError:  # an error of httpx that was never given one
        request = None
    url = getattr(request, "url", None)
    return address(url) if url is not None else ""


def _by_type(error: BaseException, where: str) -> str | None:
    match error:
        case socket.gaierror():
            host = where.rpartition(":")[0] or where
            return f"the name {host} is not found; check how it is written, and this computer's DNS"
        case ssl.SSLCertVerificationError():
            why = getattr(error, "verify_message", "") or "it could not be verified"
            return f"the certificate of {where} is not accepted ({why}); check the name, and the certificates here"
        case ssl.SSLError():
            return f"{where} does not speak TLS as it should; check the port, and http or https"
        case ConnectionRefusedError():
            return f"nothing answers at {where}: connection refused; check the port, and that the service runs"
        case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError() | EOFError():
            return _ended(where)
        case OSError() if error.errno in _NO_WAY:
            return f"no way leads to {where}; check the address and this computer's network"
    return None


def _by_name(error: BaseException, where: str) -> str | None:
    """The libraries' own, by name: not all of them are there in every installation."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, TimeoutError) or any(name.endswith(("Timeout", "TimeoutException")) for name in names):
        return f"no answer from {where} in time; check the address, and what stands between (firewall, proxy)"
    if names & _GARBLED:
        return "the address cannot be used; check how it is written"
    if names & _ENDED or "disconnected without" in str(error):
        return _ended(where)
    if names & _ODD:
        return f"something else answers at {where} than was expected; check the address and the port"
    return None


def _ended(where: str) -> str:
    return f"{where} ended the connection without an answer; check the port, and the service's log"
