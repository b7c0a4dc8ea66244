"""How often one peer may write on the wall, and what is refused at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.requests import Request

from handlers.networks.wall import Config
from handlers.throttle import REMEMBERED, Throttle, peer_of
from tests.unit.wall.wall_app import running


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def request_from(address: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (address, 1), "headers": raw})


def test_as_many_writes_as_allowed_and_then_a_wait_that_is_enough() -> None:
    clock = Clock()
    throttle = Throttle(20, clock)
    assert [throttle.wait("peer") for _ in range(20)] == [0] * 20
    wait = throttle.wait("peer")
    assert wait == 3
    assert throttle.wait("other") == 0
    clock.now += wait
    assert throttle.wait("peer") == 0
    assert throttle.wait("peer") > 0


def test_waiting_long_gives_no_more_than_a_full_minute_at_once() -> None:
    clock = Clock()
    throttle = Throttle(5, clock)
    throttle.wait("peer")
    clock.now += 86_400
    assert [throttle.wait("peer") for _ in range(6)] == [0, 0, 0, 0, 0, 12]


def test_a_crowd_of_peers_does_not_fill_the_memory() -> None:
    throttle = Throttle(1, Clock())
    for n in range(REMEMBERED + 500):
        throttle.wait(str(n))
    assert len(throttle._buckets) == REMEMBERED


@pytest.mark.parametrize(
    ("address", "forwarded", "peer"),
    [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("::ffff:127.0.0.1", None, None),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "unknown", "unknown"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("2001:db8::1", None, "2001:db8::/64"),
        ("2001:db8::ffff:2", None, "2001:db8::/64"),
        ("a.sock", None, "a.sock"),
    ],
)
def test_a_peer_is_an_address_and_this_machine_is_none(address: str, forwarded: str | None, peer: str | None) -> None:
    headers = {"x_forwarded_for": forwarded} if forwarded else {}
    assert peer_of(request_from(address, **headers)) == peer


async def test_a_stranger_who_writes_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path, rate_per_minute=3) as app, app.client_from("203.0.113.9") as stranger:
        body = {"author": "V", "text": "x"}
        statuses = [(await stranger.post("/wall/comments", json=body)).status_code for _ in range(3)]
        refused = await stranger.post("/wall/comments", json=body)
        assert statuses == [201, 201, 201]
        assert (refused.status_code, refused.json()["error"]) == (429, "too_many")
        assert int(refused.headers["retry-after"]) == 20
        page = await stranger.post("/wall", data={"author": "V", "text": "keep me"})
        assert (page.status_code, page.headers["retry-after"]) == (429, "20")
        assert "keep me" in page.text
        assert (await stranger.get("/wall")).status_code == 200
        assert len(await app.listed()) == 3


async def test_this_machine_is_not_limited(tmp_path: Path) -> None:
    async with running(tmp_path, rate_per_minute=1) as app:
        answers = [(await app.post({"author": "V", "text": "x"})).status_code for _ in range(30)]
    assert answers == [201] * 30


@pytest.mark.parametrize(
    "settings",
    [
        {"idempotency": "none"},
        {"base_url": "example.org"},
        {"base_url": "https://example.org/path"},
        {"base_url": "javascript:alert(1)"},
        {"id": "../wall"},
        {"id": ""},
        {"max_length": 5_001},
        {"brand": ""},
        {"unknown": 1},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Config(**settings)
