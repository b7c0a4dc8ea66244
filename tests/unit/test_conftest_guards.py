"""The guards of conftest.py work."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ELSEWHERE = "192.0.2.1"  # reserved for documentation, routed nowhere


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_connection_to_another_machine_is_refused(method: str, blocked_connections: list[str]) -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match=r"192\.0\.2\.1.*this machine only"):
        getattr(sock, method)((ELSEWHERE, 80))
    assert len(blocked_connections) == 1
    blocked_connections.clear()


def test_a_datagram_to_another_machine_is_refused(blocked_connections: list[str]) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(RuntimeError, match="was blocked"),
    ):
        sock.sendto(b"?", (ELSEWHERE, 53))
    blocked_connections.clear()


async def test_names_of_other_machines_are_not_looked_up(blocked_connections: list[str]) -> None:
    with pytest.raises(RuntimeError, match=r"Looking up 'example\.org'"):
        await asyncio.get_running_loop().getaddrinfo("example.org", 443)
    blocked_connections.clear()


async def test_an_http_client_cannot_get_out_either(blocked_connections: list[str]) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(ExceptionGroup) as caught:
            await client.get(f"http://{ELSEWHERE}/")
    assert caught.group_contains(RuntimeError, match="was blocked")
    blocked_connections.clear()


def test_a_swallowed_attempt_still_fails_the_test(tmp_path: Path) -> None:
    conftest = Path(__file__).parents[1] / "conftest.py"
    (tmp_path / "conftest.py").write_text(conftest.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        "import contextlib, socket\n"
        "def test_it():\n"
        "    with contextlib.suppress(Exception):\n"
        f"        socket.create_connection(({ELSEWHERE!r}, 80))\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "reached for the outside" in run.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_this_machine_can_be_reached(host: str, free_port: int) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", free_port):
        reader, writer = await asyncio.open_connection(host, free_port)
        assert await reader.read() == b"here"
        writer.close()


def test_unix_sockets_can_be_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_the_environment_of_whoever_starts_the_tests_does_not_matter() -> None:
    foreign = {"PORT", "DATABASE_URL", "HTTP_PROXY", "https_proxy", "LANG"}
    prefixes = ("PORTAVOZ_", "OPENAI_", "SLACK_", "DISCORD_", "TELEGRAM_")
    assert [name for name in os.environ if name in foreign or name.startswith(prefixes)] == []


def test_the_time_zone_is_utc() -> None:
    assert os.environ["TZ"] == "UTC"
    assert time.localtime().tm_gmtoff == 0
