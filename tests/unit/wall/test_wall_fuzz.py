"""Whatever is sent to the wall, it answers: never with a server error, and what it takes it gives back."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.networks.wall.rules import clean
from tests.unit.wall.wall_app import App

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

anything = st.text(alphabet=st.characters(), max_size=60)  # halves of surrogate pairs and NUL included
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4),
    max_leaves=8,
)
nearly_a_comment = st.fixed_dictionaries(
    {}, optional={"author": json_value, "text": json_value, "parent": json_value, "": json_value}
)
visible = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Zs", "Zl", "Zp"))


class Sync:
    """A wall reached from ordinary functions, because that is what hypothesis calls."""

    def __init__(self, data: Path) -> None:
        self.runner = asyncio.Runner()
        self.app = self.runner.run(self._start(data))

    async def _start(self, data: Path) -> App:
        return App(data)

    def request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        answer = self.runner.run(self.app.client.request(method, path, content=body, headers=headers))
        return answer.status_code, answer.content

    def stop(self) -> None:
        self.runner.run(self.app.client.aclose())
        self.runner.run(self.app.network.aclose())
        self.runner.close()


@contextmanager
def a_wall() -> Iterator[Sync]:
    with tempfile.TemporaryDirectory() as folder:
        wall = Sync(Path(folder))
        try:
            yield wall
        finally:
            wall.stop()


@pytest.fixture(scope="module")
def wall() -> Iterator[Sync]:
    with a_wall() as wall:
        yield wall


def is_refusal(content: bytes) -> bool:
    answer = json.loads(content)
    return set(answer) == {"error", "detail"} and bool(answer["error"] and answer["detail"])


@settings(max_examples=150)
@given(body=st.binary(max_size=300) | json_value.map(json.dumps).map(str.encode))
def test_any_bytes_are_answered_and_never_with_a_server_error(wall: Sync, body: bytes) -> None:
    status, content = wall.request("POST", "/wall/comments", body, JSON)
    assert 400 <= status < 500
    assert is_refusal(content)


@settings(max_examples=150)
@given(fields=nearly_a_comment)
def test_anything_that_looks_like_a_comment_is_taken_or_refused(wall: Sync, fields: dict[str, object]) -> None:
    status, content = wall.request("POST", "/wall/comments", json.dumps(fields).encode(), JSON)
    assert status in {201, 400, 404}
    assert status == 201 or is_refusal(content)


@settings(max_examples=100)
@given(author=anything, text=anything, mark=visible)
def test_what_is_taken_comes_back_as_it_was_sent(wall: Sync, author: str, text: str, mark: str) -> None:
    sent = {"author": f"{mark}{author}"[:80], "text": f"{text}{mark}"}
    status, content = wall.request("POST", "/wall/comments", json.dumps(sent).encode(), JSON)
    assert status == 201
    made = json.loads(content)
    _, page = wall.request("GET", f"/wall/comments/{made['id']}", None, {})
    got = json.loads(page)
    assert got["text"] == clean(sent["text"])
    assert got["author"] == re.sub(r"[\t\n ]+", " ", clean(sent["author"])).strip()
    status, html = wall.request("GET", f"/wall/c/{made['id']}", None, {})
    assert status == 200
    html.decode("utf-8")


@given(text=anything)
def test_only_what_cannot_be_shown_is_replaced(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    kept = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", "", text)
    assert re.sub("[\n\t\ufffd]", "", cleaned) == kept.replace("\ufffd", "")


PATHS = [
    "/wall", "/wall/comments", "/wall/comments/{}", "/wall/comments/{}/withdraw",
    "/wall/c/{}", "/wall/c/{}/edit", "/wall/c/{}/withdraw", "/wall/static/{}",
]  # fmt: skip
line = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
valid = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=100)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH"]),
    path=st.tuples(st.sampled_from(PATHS), valid),
    query=st.tuples(st.sampled_from(["after", "before", "limit", "lang"]), valid),
    sent=st.tuples(st.binary(max_size=60), line),
)
def test_no_request_at_all_is_a_server_error(
    wall: Sync, *, method: str, path: tuple[str, str], query: tuple[str, str], sent: tuple[bytes, str]
) -> None:
    body, header = sent
    headers = {"Accept-Language": header, "Cookie": header, "Idempotency-Key": header, "Edit-Token": header}
    headers |= {"X-Forwarded-For": header, "Origin": header, "Content-Length": str(len(body))}
    url = path[0].format(quote(path[1], safe="")) + f"?{query[0]}={quote(query[1])}"
    for kind in (JSON, FORM):
        status, _ = wall.request(method, url, body, headers | kind)
        assert status < 500
