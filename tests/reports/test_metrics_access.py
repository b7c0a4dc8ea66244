"""Metrics are for the machine that the bot runs on, or for whoever knows the word."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.settings import SettingsError, load
from bot.store.engine import Database
from bot.watching import watch
from bot.web import Scraped, application
from bot.wiring import rules_of
from tests.support.db import fresh_database

HERE = {"Host": "127.0.0.1:8600"}


async def _text(accept: str) -> tuple[bytes, str]:
    return f"accepts {accept}".encode(), "text/plain; version=0.0.4"


async def _ready() -> str | None:
    return None


def ask(
    headers: Mapping[str, str] = HERE, *, peer: str = "127.0.0.1", token: str | None = None, proxied: bool = False
) -> int:
    scraped = Scraped(text=_text, token=token, proxied=proxied)
    client = TestClient(application([], _ready, home="/healthz", scraped=scraped), client=(peer, 5000))
    return client.get("/metrics", headers=dict(headers)).status_code


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8600", "localhost", "[::1]:8600"])
def test_this_machine_reads_them_without_a_word(peer: str, host: str) -> None:
    assert ask({"Host": host}, peer=peer) == 200


@pytest.mark.parametrize(
    "peer", ["10.0.0.7", "192.168.1.5", "203.0.113.9", "2001:db8::1", "::ffff:10.0.0.7", "testclient"]
)
def test_other_machines_do_not(peer: str) -> None:
    assert ask(peer=peer) == 403


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_nor_does_whoever_comes_through_a_proxy_on_this_machine(header: str) -> None:
    assert ask({**HERE, header: "127.0.0.1"}) == 403


def test_nor_does_a_page_that_makes_a_browser_call_this_machine_by_a_name_of_its_own() -> None:
    assert ask({"Host": "rebound.example:8600"}) == 403


def test_where_a_proxy_may_stand_before_us_being_here_proves_nothing() -> None:
    assert ask(proxied=True) == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer right-word-of-16-characters", 200),
        ("bearer right-word-of-16-characters", 200),
        ("Bearer right-word-of-16-character", 401),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        ("Basic right-word-of-16-characters", 401),
        ("Bearer ñandú", 401),
        ("", 401),
    ],
)
def test_with_a_word_set_it_opens_them_from_anywhere_and_nothing_else_does(given: str, status: int) -> None:
    headers = {**HERE, "Authorization": given.encode("latin-1")} if given else HERE
    for peer, proxied in (("127.0.0.1", False), ("203.0.113.9", False), ("127.0.0.1", True)):
        assert ask(headers, peer=peer, token="right-word-of-16-characters", proxied=proxied) == status  # type: ignore[arg-type]


def test_the_answer_has_the_type_of_what_was_asked_for_and_is_not_kept() -> None:
    client = TestClient(application([], _ready, home="/", scraped=Scraped(text=_text)), client=("127.0.0.1", 1))
    answer = client.get("/metrics", headers={**HERE, "Accept": "x/y"})
    assert (answer.text, answer.headers["content-type"]) == ("accepts x/y", "text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    assert client.post("/metrics", headers=HERE).status_code == 405


def test_without_metrics_there_is_no_such_page() -> None:
    client = TestClient(application([], _ready, home="/"), client=("127.0.0.1", 1))
    assert client.get("/metrics", headers=HERE).status_code == 404


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return fresh_database(tmp_path / "portavoz.db")


def test_switched_off_nothing_is_measured(tmp_path: Path, database: Database) -> None:
    settings = load(data=tmp_path, environ={"PORTAVOZ_METRICS": "false"})
    watching = watch(settings, database, rules_of(settings), backups=tmp_path, environ={})
    assert (watching.metrics, watching.traces, watching.observer.tracing) == (None, None, False)
    database.close()


def test_a_word_that_can_be_guessed_is_refused_without_being_repeated(tmp_path: Path, database: Database) -> None:
    settings = load(data=tmp_path, environ={"PORTAVOZ_SECRET_METRICS": "hunter2"})
    with pytest.raises(SettingsError) as told:
        watch(settings, database, rules_of(settings), backups=tmp_path, environ={})
    assert "PORTAVOZ_SECRET_METRICS" in str(told.value)
    assert "hunter2" not in str(told.value)
    database.close()
