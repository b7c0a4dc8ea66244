"""`check` and `health`: what is looked at becomes a light with a code for scripts and words for people."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cli import asking, checking
from bot.cli.errors import WRONG, Silent
from bot.core.errors import AuthExpired, Transient
from bot.core.ports import Capabilities
from bot.core.types import Account, Budget, Gone, Item, Light
from bot.engine.parts import Parts
from bot.settings import Settings, load
from bot.store.disk import disk
from bot.store.engine import Database
from bot.store.migrate import current
from tests.support.db import fresh_database
from tests.support.engine_world import T0, comment
from tests.support.lights import worded
from tests.support.postgres import Server

Say = Callable[[], Account]


class Network:
    """A network that answers `check` and `current` as it is told."""

    def __init__(self, say: Say, standing: Item | Gone | Exception | None = None) -> None:
        self.say = say
        self.standing = standing

    def capabilities(self) -> Capabilities:
        return Capabilities(ingest=frozenset(), can_reply=True, max_length=500, budget=Budget(rate=0.2, burst=10))

    async def check(self) -> Account:
        return self.say()

    async def current(self, item: Item) -> Item | Gone:
        if isinstance(self.standing, Exception):
            raise self.standing
        return self.standing or item


def house(network: Network, **expires: datetime) -> Parts:
    stated = {f"network:{account}": at for account, at in expires.items()}
    return cast("Parts", SimpleNamespace(networks={"wall": network}, expires=stated, now=lambda: T0, tz=UTC))


def fail(error: Exception) -> Say:
    def say() -> Account:
        raise error

    return say


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(data=tmp_path, environ={})


def parts(settings: Settings) -> dict[str, Light]:
    found = {light.code: light for light in checking._parts(settings)}
    for light in found.values():
        worded(light)
    return found


@pytest.mark.parametrize(
    ("say", "state", "detail"),
    [
        (lambda: Account(name="The Bakery"), "ok", "The Bakery"),
        (lambda: Account(name="x", warnings=("old version", "few rights")), "warn", "old version; few rights"),
        (fail(AuthExpired("HTTP 401")), "red", "It does not let us in: HTTP 401"),
        (fail(Transient("HTTP 503")), "red", "HTTP 503"),
        (fail(TimeoutError()), "red", "It does not answer."),
    ],
)
async def test_a_network_s_answer_is_a_light(say: Say, state: str, detail: str) -> None:
    lights = await checking._network(house(Network(say)), "wall", None)
    asked = [light for light in lights if light.code != "account_limits"]
    said = [worded(light) for light in asked]
    assert {(light.state, one.name) for light, one in zip(asked, said, strict=True)} == {(state, "Network wall")}
    assert "; ".join(one.detail for one in said) == detail
    assert all(bool(one.remedy) is (state != "ok") for one in said)
    assert len(lights) - len(asked) == (0 if state == "red" else 1)


async def test_a_check_tells_rights_end_clock_limits_and_reads_a_comment_again() -> None:
    found = Account(
        name="The Bakery", scopes=("read", "write"), ahead=timedelta(seconds=-61), expires_at=T0 + timedelta(days=30)
    )

    async def told(network: Network, **expires: datetime) -> dict[str, tuple[str, str]]:
        lights = await checking._network(house(network, **expires), "wall", comment())
        return {one.code: (one.state, worded(one).detail) for one in lights}

    assert await told(Network(lambda: found)) == {
        "account_ok": ("ok", "The Bakery"),
        "account_scopes": ("ok", "read, write"),
        "account_lasts": ("ok", "Good until Dec 21, 2026."),
        "account_clock": ("warn", "Its clock and this computer's differ by 61 s."),
        "account_limits": ("ok", "Length of a reply: 500; calls: 10 at once, then 12 a minute"),
        "account_read": ("ok", "The newest comment was read again."),
    }
    well = replace(found, ahead=timedelta(seconds=60), expires_at=None)
    soon = await told(Network(lambda: well, Gone()), wall=T0 + timedelta(days=2))
    assert soon["account_clock_ok"] == ("ok", "Difference from ours: 60 s")
    assert soon["account_expiring"] == ("warn", "The token runs out on Nov 23, 2026.")
    assert soon["account_read_gone"][0] == "ok"
    late = await told(Network(lambda: found, Transient("HTTP 503")), wall=T0 - timedelta(days=2))
    assert late["account_expired"] == ("warn", "Its token was to run out on Nov 19, 2026, and still works.")
    assert late["account_unread"] == ("warn", "The newest comment could not be read again: HTTP 503")


@pytest.mark.parametrize(
    ("free", "code", "state"),
    [(5 << 30, "disk_ok", "ok"), (1 << 29, "disk_low", "warn"), (1 << 20, "disk_low", "red")],
)
def test_a_disk_that_fills_up_grows_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, code: str, state: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    light = disk(tmp_path / "not" / "made" / "yet")
    assert (light.code, light.state, light.params["free"]) == (code, state, round(free / 2**30, 1))
    worded(light)


def test_a_folder_that_cannot_be_looked_at_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(_folder: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert worded(disk(tmp_path)).detail == f"{tmp_path}: Permission denied"


def test_a_broken_text_is_red(tmp_path: Path) -> None:
    (tmp_path / "offline" / "es").mkdir(parents=True)
    (tmp_path / "offline" / "es" / "praise.md").write_bytes(b"\xff")
    settings = load(data=tmp_path, environ={}).model_copy(update={"prompts": tmp_path})
    (light,) = checking.texts(settings)
    assert (light.code, light.state) == ("texts_wrong", "red")
    assert "praise.md" in worded(light).detail


def test_a_database_is_missed_or_unusable_or_sound(settings: Settings) -> None:
    missed = parts(settings)
    assert missed["database_missing"].params == {"file": str(settings.database)}
    # Accounts are asked before the first start, too, and nothing is made where nothing was.
    assert "account_ok" in missed
    assert {light.state for light in missed.values()} == {"ok", "warn"}
    assert list(settings.data.glob("*.db*")) == []
    Database.at(settings.database).close()
    # An empty one (a server's, before the first start) is no more wrong than none, and stays empty.
    empty = parts(settings)
    assert empty["database_empty"].params == {"file": str(settings.database)}
    assert worded(empty["database_empty"]).detail == f"{settings.database} is empty."
    assert "account_ok" in empty
    assert {light.state for light in empty.values()} == {"ok", "warn"}
    theirs = sqlite3.connect(settings.database)
    theirs.execute("CREATE TABLE invoices (id INTEGER)")
    theirs.close()
    unusable = worded(parts(settings)["database_unusable"])
    assert unusable.detail == "The database holds tables that are not ours: invoices."
    settings.database.unlink()
    fresh_database(settings.database).close()
    found = parts(settings)
    assert {light.state for light in found.values()} == {"ok"}
    assert {"database_ok", "clock_ok", "account_ok"} <= set(found)


@pytest.mark.servers
def test_a_server_s_database_that_is_empty_is_no_more_wrong_than_a_missing_file(
    settings: Settings, postgres: Server
) -> None:
    url = postgres.empty()
    found = parts(load(data=settings.data, environ={"PORTAVOZ_DATABASE_URL": url}))
    assert found["database_empty"].state == "warn"
    assert "secret-word" not in str(found["database_empty"].params)
    assert "account_ok" in found
    database = Database.open(url)
    assert current(database) is None  # nothing is made there
    database.close()


def test_scripts_get_codes_and_people_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    paused = Light(code="paused", state="warn", params={"reason": "una avería"})
    asking.show_lights([paused], "es", json=True)
    assert json.loads(capsys.readouterr().out) == [
        {
            "code": "paused",
            "state": "warn",
            "name": "Pausa",
            "detail": "Las respuestas aprobadas no salen: una avería",
            "remedy": "Un responsable las deja salir de nuevo con `reanudar`.",
        }
    ]


def test_a_red_light_ends_with_1_and_what_a_part_says_plays_no_tricks(capsys: pytest.CaptureFixture[str]) -> None:
    params = {"part": "network", "account": "wall", "reason": "no\x1b[31m \u202eway"}
    with pytest.raises(Silent) as ended:
        asking.show_lights([Light(code="account_auth", state="red", params=params)], "en", json=False)
    assert ended.value.code == WRONG
    shown = capsys.readouterr().out
    assert "Network wall" in shown
    assert r"\x1b[31m \u202eway" in shown
    assert "\x1b" not in shown
