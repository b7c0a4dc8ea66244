"""Whatever is wrong with several networks, chats and the model is told at once, each with what to do, and no secret."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.adapters import assert_configured, problems_of
from bot.cli import checking
from bot.cli.context import Options, settings_of
from bot.core.types import Light
from bot.places import own_files
from bot.serve import serve
from bot.settings import Problem, Settings, SettingsError, load
from bot.wiring import Networks, _chats, sound
from tests.support.lights import worded

PERSON = '[[people]]\nid = "eva"\nname = "Eva"\nrole = "lead"\n'
ROOMS = '[[rooms]]\nid = "a"\nchat = "team"\n[[rooms]]\nid = "b"\nchat = "crew"\n[[rooms]]\nid = "c"\nchat = "tg"\n'
WRONG = f"""
[drafter]
type = "opennai"
model = "m"

{PERSON}
{ROOMS}
[[networks]]
id = "masto"
type = "mastodn"

[[networks]]
id = "blog"
type = "wordpress"
base_url = "http://blog.example"

[[networks]]
id = "bsky"
type = "bluesky"
handel = "cafealba.bsky.social"

[[networks]]
id = "fine"
type = "wall"

[[chats]]
id = "team"
type = "slack"
snooze_hour = 3

[[chats]]
id = "crew"
type = "diskord"

[[chats]]
id = "tg"
type = "telegram"
mode = "pull"
snooze_hours = 0
"""
NAMES = {
    "drafter.type",
    "[[networks]] masto: type",
    "[[networks]] blog: base_url",
    "[[networks]] bsky: handle",
    "[[networks]] bsky: handel",
    "[[chats]] team: snooze_hour",
    "[[chats]] crew: type",
    "[[chats]] tg: mode",
    "[[chats]] tg: snooze_hours",
}


def settings_in(folder: Path, toml: str = WRONG, **environ: str) -> Settings:
    (folder / "portavoz.toml").write_text(toml, encoding="utf-8")
    return load(data=folder, environ=environ)


def told(call: Any, *given: Any, **named: Any) -> list[Problem]:
    with pytest.raises(SettingsError) as caught:
        call(*given, **named)
    problems = list(caught.value.problems)
    assert all(one.problem and one.remedy for one in problems)
    assert len(set(problems)) == len(problems)
    return problems


def test_all_adapters_are_told_of_at_once(tmp_path: Path) -> None:
    assert {one.name for one in told(assert_configured, settings_in(tmp_path))} == NAMES


def test_a_start_tells_all_of_it_and_begins_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, f"port = 0\n{WRONG}")
    assert {one.name for one in told(serve, settings, lambda *_: None)} == NAMES
    assert [path.name for path in tmp_path.iterdir()] == ["portavoz.toml"]


def test_broken_texts_are_told_along_with_the_rest(tmp_path: Path) -> None:
    (tmp_path / "texts" / "offline" / "es").mkdir(parents=True)
    (tmp_path / "texts" / "offline" / "es" / "praise.md").write_bytes(b"\xff")
    settings = settings_in(tmp_path, f'prompts = "{tmp_path / "texts"}"\n{WRONG}')
    names = {one.name for one in told(sound, settings)}
    assert len(names) == len(NAMES) + 1
    assert any("praise.md" in name for name in names - NAMES)


def test_whoever_asks_for_one_network_is_told_of_all(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, WRONG.replace("opennai", "openai"))
    names = NAMES - {"drafter.type"}
    assert {one.name for one in told(own_files, settings)} == names
    networks = Networks(settings, cast("Any", None))
    assert networks["fine"] is not None
    assert {one.name for one in told(lambda: networks["masto"])} == names


def test_other_mistakes_of_the_file_hide_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "portavoz.toml").write_text(f'locale = "fr"\nprot = 1\n{WRONG}', encoding="utf-8")
    for name in ("PORTAVOZ_CONFIG", "PORTAVOZ_DATA"):
        monkeypatch.delenv(name, raising=False)
    names = {one.name for one in told(settings_of, Options(data=tmp_path))}
    assert names == {"locale", "prot"} | NAMES


def test_what_was_said_of_an_entry_is_not_said_twice(tmp_path: Path) -> None:
    entry = '[[networks]]\nid = "blog"\ntype = "wordpress"\nbase_url = "https://u:hush-hush@blog.example"\n'
    (tmp_path / "portavoz.toml").write_text(f"{PERSON}{entry}bot_token = 'hush-hush'\nexpires = 'soon'\nx = 1\n")
    found = told(load, data=tmp_path, environ={}, look=problems_of)
    assert [one.name for one in found] == [
        "networks[1].base_url",
        "networks[1].bot_token",
        "[[networks]] blog: expires",
        "[[networks]] blog: x",
    ]
    assert "hush" not in "".join(map(str, found))


def test_no_secret_is_told_whatever_stands_where(tmp_path: Path) -> None:
    toml = f'{PERSON}[[networks]]\nid = "blog"\ntype = "wordpress"\nhush-hush = 1\nbase_url = "hush-hush"\n'
    found = told(sound, settings_in(tmp_path, toml, PORTAVOZ_SECRET_BLOG="hush-hush"))
    assert {one.name for one in found} == {"[[networks]] blog: ***", "[[networks]] blog: base_url"}
    assert "hush" not in "".join(map(str, found))


def lights(settings: Settings) -> list[Light]:
    found = list(checking._parts(settings))
    for light in found:
        worded(light)
    return found


def test_a_check_tells_all_of_it_and_looks_at_the_rest(tmp_path: Path) -> None:
    (tmp_path / "texts" / "offline" / "es").mkdir(parents=True)
    (tmp_path / "texts" / "offline" / "es" / "praise.md").write_bytes(b"\xff")
    settings = settings_in(tmp_path, f'prompts = "{tmp_path / "texts"}"\n{WRONG}')
    found = lights(settings)
    assert {str(light.params["name"]) for light in found if light.code == "setting_wrong"} == NAMES
    assert all(light.params["remedy"] for light in found if light.code == "setting_wrong")
    assert "texts_wrong" in {light.code for light in found}
    assert [light.params["account"] for light in found if light.code == "account_ok"] == ["fine"]


@pytest.mark.parametrize(
    ("chat", "given", "missing"),
    [
        ('type = "slack"', {}, "PORTAVOZ_SECRET_TEAM, PORTAVOZ_SECRET_TEAM_APP are not set"),
        ('type = "slack"\nmode = "http"', {"PORTAVOZ_SECRET_TEAM": "x"}, "PORTAVOZ_SECRET_TEAM_SIGNING is not set"),
        ('type = "telegram"', {}, "PORTAVOZ_SECRET_TEAM is not set"),
        (
            'type = "telegram"\nmode = "webhook"',
            {},
            "PORTAVOZ_SECRET_TEAM, PORTAVOZ_SECRET_TEAM_WEBHOOK are not set",
        ),
        ('type = "discord"', {}, "PORTAVOZ_SECRET_TEAM is not set"),
    ],
)
def test_all_missing_secrets_of_a_chat_are_told_at_once(
    tmp_path: Path, chat: str, given: dict[str, str], missing: str
) -> None:
    room = '[[rooms]]\nid = "a"\nchat = "team"\n'
    toml = f'base_url = "https://bot.example"\n{PERSON}{room}[[chats]]\nid = "team"\n{chat}'
    settings = settings_in(tmp_path, toml, **given)
    parts = SimpleNamespace(chats=_chats(settings, cast("Any", None)), rooms=settings.as_rooms())
    [light] = checking._chats(cast("Any", parts))
    assert (light.code, light.params["reason"]) == ("account_auth", missing)
