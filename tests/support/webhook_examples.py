"""The programs of the page for developers, run as they stand there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from typing import Any

from handlers.networks.webhook import docs

VARIABLE = "PORTAVOZ_SECRET_SHOP"


def program(name: str, base: str) -> str:
    """A program as the page of the account `shop` of a bot at this address shows it."""
    return docs.example(name, f"{base}/hooks/shop", VARIABLE).text


@dataclass
class Receiver:
    """`receive.py`, running: what it holds, and the bodies that were posted to it."""

    base: str
    comments: dict[str, dict[str, Any]]
    replies: dict[str, dict[str, Any]]
    posts: list[str]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run it in threads of this process, which has the secret in its environment."""
    scope: dict[str, Any] = {"__name__": "receive"}
    exec(program("receive.py", ""), scope)  # noqa: S102 -- the example itself is what is tried
    posts: list[str] = []

    platform: Any = scope["Platform"]

    class Watched(platform):  # type: ignore[misc]
        def do_POST(self) -> None:  # noqa: N802 -- the library calls it so
            posts.append(self.headers["webhook-id"])
            super().do_POST()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Watched)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_port}", scope["COMMENTS"], scope["REPLIES"], posts)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
