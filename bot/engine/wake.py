"""Wakes the running bot from another process on the same machine: an empty datagram on a private socket.

The socket is a convenience: whoever cannot reach it is noticed by the worker's look once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import socket
import tempfile
from pathlib import Path

_LONGEST = 100
"""Bytes that a socket's path may have (sun_path holds 108 on Linux, 104 on BSD and macOS)."""


def socket_path(data: Path) -> Path:
    """Where the socket of this data folder is: in it, or in the temporary folder where the path would be too long."""
    path = data.resolve() / "wake.sock"
    if len(os.fsencode(path)) <= _LONGEST:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"portavoz-{os.getuid()}-{digest}.sock"


def wake(data: Path) -> bool:
    """Wake the bot; whether there was one to wake."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        try:
            sender.sendto(b"", str(socket_path(data)))
        except BlockingIOError:
            return True
        except OSError:
            return False
    return True


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, woken: asyncio.Event) -> None:
        self._woken = woken

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._woken.set()


async def listen(data: Path, woken: asyncio.Event) -> asyncio.DatagramTransport:
    """Set `woken` whenever somebody wakes us, until the transport is closed."""
    path = socket_path(data)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.settimeout(0)
    old = os.umask(0o177)
    try:
        receiver.bind(str(path))
    finally:
        os.umask(old)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(woken), sock=receiver)
    return transport
