"""`backfill` reads a network's past into the database, once, and leaves the listener's cursor alone."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli.app import start
from bot.places import open_database
from bot.settings import load
from bot.store import tables as t

FEED = (
    '<rss version="2.0"><channel><title>Diario</title>'
    "<item><title>Hoy</title><guid>2</guid></item>"
    "<item><title>La sopa estaba muy fría</title><guid>1</guid><pubDate>Mon, 02 Mar 2026 09:30:00 GMT</pubDate></item>"
    "</channel></rss>"
)


@pytest.fixture
def feed() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/feed.xml"
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(FEED.encode() if found else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing of it belongs on the standard error stream."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        start(["--data", str(data), *words])
    said = capsys.readouterr()
    return int(caught.value.code or 0), said.out, said.err


@pytest.fixture
def data(tmp_path: Path, feed: str) -> Path:
    entries = [("diario", f"{feed}/feed.xml"), ("gone", f"{feed}/nothing.xml")]
    lines = [f'[[networks]]\nid = "{name}"\ntype = "feed"\nurl = "{url}"\n' for name, url in entries]
    wall = '[[networks]]\nid = "wall"\ntype = "wall"\n'
    (tmp_path / "portavoz.toml").write_text("demo = true\n" + "\n".join([*lines, wall]))
    return tmp_path


def test_the_past_comes_in_once(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, out, _ = run(capsys, data, "backfill", "diario", "--json")
    assert (code, json.loads(out)["tickets"]) == (0, 1)
    code, out, _ = run(capsys, data, "recuperar", "diario", "--since", "365d")
    assert (code, "2 comments read back, 1 new tickets." in out) == (0, True)
    code, out, _ = run(capsys, data, "backfill", "diario", "--since", "365d", "--json")
    assert (code, json.loads(out)) == (0, {"outcome": "done", "seen": 2, "tickets": 0})
    database = open_database(load(data=data, environ={}), upgrade=False)
    with database.read() as conn:
        assert conn.execute(select(t.cursors)).all() == []
    database.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nobody"], 4, "there is no network nobody"),
        (["diario", "--since", "soon"], 2, "How far back?"),
        (["diario", "--since", "2099-01-01"], 2, "How far back?"),
        (["gone"], 1, "There is no feed at this address"),
        (["wall"], 1, "nothing to be read back"),
    ],
)
def test_what_cannot_be_read_back_is_told(
    capsys: pytest.CaptureFixture[str], data: Path, words: list[str], code: int, said: str
) -> None:
    found, _, err = run(capsys, data, "backfill", *words)
    assert (found, said in " ".join(err.split())) == (code, True), err
