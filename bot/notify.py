"""Tells the service manager how the process is doing, where there is one that wants to know.

The protocol of sd_notify(3): a datagram to the socket that stands in `NOTIFY_SOCKET`.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"


def notify(state: str) -> None:
    """Say it; nobody to say it to, or nobody who listens, is no error."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    # An @ stands for the zero byte at which the names of abstract sockets begin (unix(7)).
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(1)
        sender.connect(name)
        sender.sendall(state.encode("ascii"))
