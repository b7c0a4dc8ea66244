"""Whoever cannot be reached is named with the address and with what happened, never with an exception's name."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import httpx
import pytest

from bot.core.drafting import NoOffer
from bot.core.errors import AdapterError, AuthExpired
from bot.locale import reason
from bot.settings.entries import DrafterEntry
from handlers.botapi import Wire as Telegram
from handlers.chats.slack.wire import Wire as Slack
from handlers.models.openai.wire import Wire as OpenAI
from handlers.networks.mastodon.config import Config as MastodonConfig
from handlers.networks.mastodon.wire import Wire as Mastodon
from handlers.reaching import address, because

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Asked = Callable[[str], Awaitable[str]]


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port on which nothing listens, and that nobody else gets meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[int]:
    async def and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    async with await asyncio.start_server(and_close, "127.0.0.1", 0) as made:
        yield made.sockets[0].getsockname()[1]


async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A page of HTML, whatever is asked."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>")
    await writer.drain()


async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def mastodon(url: str, patience: float = 5.0) -> str:
    wire = Mastodon(MastodonConfig.model_construct(id="masto", base_url=url, timeout=patience), "s3cret")
    return await told(wire.get("/api/v1/me", [("q", "s3cret")]), wire.aclose)


async def telegram(url: str) -> str:
    wire = Telegram("1:s3cret", url, per_minute=20)
    return await told(wire.call("get_me"), wire.aclose)


async def slack(url: str) -> str:
    wire = Slack("xoxb-s3cret", f"{url}/api/", 1.0)
    return await told(wire.call("auth.test"), wire.aclose)


async def model(url: str) -> str:
    wire = OpenAI(DrafterEntry.model_construct(model="small", base_url=f"{url}/v1", timeout=5.0), "s3cret")
    await wire.open()  # the package takes long to load
    return await told(wire.models(0.5), wire.aclose)


async def told(asked: Awaitable[Any], close: Callable[[], Awaitable[None]]) -> str:
    try:
        with pytest.raises((AdapterError, NoOffer)) as caught:
            await asked
    finally:
        await close()
    error = caught.value
    said = error.detail if isinstance(error, NoOffer) else str(error)
    assert "s3cret" not in said
    assert "Error" not in said
    assert reason("en", said) == said
    assert reason("es", said) != said
    return said


@pytest.mark.parametrize("asked", [mastodon, telegram, slack, model])
async def test_a_port_on_which_nobody_answers_is_named(asked: Asked, nobody: int) -> None:
    said = await asked(f"http://127.0.0.1:{nobody}")
    assert f"nothing answers at 127.0.0.1:{nobody}: connection refused; check the port" in said


@pytest.mark.parametrize("asked", [mastodon, telegram, slack, model])
async def test_a_page_of_another_program_is_not_taken_for_the_service(asked: Asked) -> None:
    async with server(page) as port:
        said = await asked(f"http://127.0.0.1:{port}")
    assert f"answers at 127.0.0.1:{port}" in said
    assert "check the address" in said


@pytest.mark.parametrize("asked", [mastodon, telegram, slack, model])
async def test_a_name_that_nobody_has(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "the name chat.example is not found; check how it is written" in await asked("http://chat.example")


async def test_no_answer_a_hung_up_line_and_no_tls_are_told_apart() -> None:
    async with server(say_nothing) as port:
        assert f"no answer from 127.0.0.1:{port} in time" in await mastodon(f"http://127.0.0.1:{port}", 0.1)
    async with server(hang_up) as port:
        assert f"127.0.0.1:{port} ended the connection" in await mastodon(f"http://127.0.0.1:{port}")
    wrong = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    assert because(wrong, "a.example:443").startswith("a.example:443 does not speak TLS")


def test_a_certificate_that_is_not_accepted_is_told_with_the_reason() -> None:
    bad = ssl.SSLCertVerificationError(1, "certificate verify failed")
    bad.verify_message = "self-signed certificate"
    outer = httpx.ConnectError("failed", request=httpx.Request("GET", "https://me:s3cret@a.example/x?token=s3cret"))
    outer.__cause__ = bad
    said = because(outer, "other.example:1")
    assert said.startswith("the certificate of a.example:443 is not accepted (self-signed certificate)")
    key = cast("Any", SimpleNamespace(host="b.example", port=443, ssl=True, is_ssl=True))
    assert "the certificate of b.example:443" in because(
        aiohttp.ClientConnectorCertificateError(key, bad), "b.example:443"
    )
    assert "certificado de a.example:443" in reason("es", said)


def test_of_several_tries_the_reason_below_is_found_and_an_unknown_one_is_named() -> None:
    tried = OSError("All connection attempts failed")
    tried.__cause__ = ExceptionGroup("several", [OSError("x"), ConnectionRefusedError(111, "refused")])
    assert because(tried, "h:1").startswith("nothing answers at h:1")
    assert because(KeyError("x"), "h:1") == "the call to h:1 failed (KeyError); the log says more"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@a.example/x?q=1#f", "a.example:443"),
        ("http://a.example:8080", "a.example:8080"),
        ("http://[::1]:9/x", "[::1]:9"),
        ("http://a:99999999/", "?"),
        ("nonsense", "?"),
    ],
)
def test_an_address_is_a_host_and_a_port(url: str, shown: str) -> None:
    assert address(url) == shown


async def test_a_token_that_is_missing_names_its_variable() -> None:
    wire = Telegram("", "http://127.0.0.1:9", per_minute=20, secret="PORTAVOZ_SECRET_CHANNEL")
    with pytest.raises(AuthExpired, match=r"^PORTAVOZ_SECRET_CHANNEL is not set$"):
        await wire.call("get_me")
