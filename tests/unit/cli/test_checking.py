"""`check` and `health`: what is looked at becomes a light with a code for scripts and words for people."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.cli import asking, checking
from bot.cli.errors import WRONG, Silent
from bot.core.errors import AuthExpired, Transient
from bot.core.types import Account, Light
from bot.engine.parts import Parts
from bot.settings import Settings, load
from bot.store.disk import disk
from bot.store.engine import Database
from tests.support.db import fresh_database
from tests.support.lights import worded

Say = Callable[[], Account]


class Network:
    """A network that answers `check` as it is told."""

    def __init__(self, say: Say) -> None:
        self.say = say

    async def check(self) -> Account:
        return self.say()


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
    house = cast("Parts", SimpleNamespace(networks={"wall": Network(say)}))
    light = await checking._network(house, "wall")
    said = worded(light)
    assert (light.state, said.name, said.detail) == (state, "Network wall", detail)
    assert bool(said.remedy) is (state != "ok")


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
    assert parts(settings)["database_missing"].params == {"file": str(settings.database)}
    Database.at(settings.database).close()
    unusable = worded(parts(settings)["database_unusable"])
    assert (unusable.detail, "portavoz migrate" in unusable.remedy) == ("The database is empty.", True)
    settings.database.unlink()
    fresh_database(settings.database).close()
    found = parts(settings)
    assert {light.state for light in found.values()} == {"ok"}
    assert {"database_ok", "clock_ok", "account_ok"} <= set(found)


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
