"""TCP ports of 127.0.0.1 for the tests: none is given to anybody else while whoever asked for it may still use it.

A port that was free a moment ago can be another process's a moment later, or the near end of some connection. So the
socket that found it stays bound to it and never listens: the kernel gives the number to nobody who takes any port, and
whoever asks for this very one with SO_REUSEADDR, as servers do, listens on it, again and again after each end.
"""

import os
import socket
from collections import deque

_HELD: deque[int] = deque()
_MOST = 200
"""Descriptors kept; the oldest are closed, whose tests have long ended."""


def free_port() -> int:
    """A port that nothing listens on, and that is ours until 200 more have been asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        _HELD.append(os.dup(probe.fileno()))
    while len(_HELD) > _MOST:
        os.close(_HELD.popleft())
    return port
