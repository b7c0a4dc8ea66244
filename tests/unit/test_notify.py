"""The service manager is told, by the datagrams that sd_notify(3) describes."""

import socket
from pathlib import Path

import pytest

from bot.notify import READY, STOPPING, notify


@pytest.mark.parametrize("abstract", [False, True])
def test_states_are_sent_to_the_socket_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    name = f"@portavoz-test-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(5)
        manager.bind(f"\0{name[1:]}" if abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify(READY)
        notify(STOPPING)
        assert [manager.recv(100), manager.recv(100)] == [b"READY=1", b"STOPPING=1"]


@pytest.mark.parametrize("name", ["", "/nowhere/at/all", "vsock:2:1234"])
def test_nobody_to_tell_is_no_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    notify(READY)
