"""Where the state is kept: a file or a server, and what is said about it."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load

URL = "postgresql://bot:secret-word@db.example:5432/portavoz"


def told(tmp_path: Path, **environ: str) -> Settings:
    return load(data=tmp_path, environ=environ)


@pytest.mark.parametrize("name", ["DATABASE_URL", "PORTAVOZ_DATABASE_URL"])
@pytest.mark.parametrize("url", [URL, URL.replace("postgresql", "postgres"), URL + "?sslmode=require"])
def test_a_server_is_taken_from_the_environment(tmp_path: Path, name: str, url: str) -> None:
    assert told(tmp_path, **{name: url}).postgres == url


def test_a_file_stays_a_file(tmp_path: Path) -> None:
    assert told(tmp_path).postgres is None
    settings = told(tmp_path, DATABASE_URL="sqlite:////srv/bot/x.db")
    assert (settings.postgres, settings.database) == (None, Path("/srv/bot/x.db"))


@pytest.mark.parametrize(
    "url", ["mysql://u:secret-word@h/x", "postgresql://h", "postgresql://u:secret-word@h/a b", "x"]
)
def test_anything_else_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        told(tmp_path, DATABASE_URL=url)
    said = str([str(problem) for problem in caught.value.problems])
    assert "DATABASE_URL" in said
    assert "PostgreSQL" in said
    assert "secret-word" not in said


def test_the_password_is_hidden_wherever_settings_are_shown(tmp_path: Path) -> None:
    settings = told(tmp_path, DATABASE_URL=URL.replace("secret-word", "caf%C3%A9-word"))
    assert "-word" not in repr(settings)
    assert {"café-word", "caf%C3%A9-word"} <= set(settings.secrets.values())


def test_a_password_in_the_file_is_refused_with_the_place_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "portavoz.toml").write_text(f'database_url = "{URL}"\n')
    with pytest.raises(SettingsError) as caught:
        told(tmp_path)
    [problem] = caught.value.problems
    assert "PORTAVOZ_DATABASE_URL" in problem.remedy
    (tmp_path / "portavoz.toml").write_text('database_url = "postgresql://db.example/portavoz"\n')
    assert told(tmp_path).postgres == "postgresql://db.example/portavoz"


def test_a_platform_without_a_disk_will_do_with_a_server_and_without_a_wall(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"tickets.*DATABASE_URL"):
        told(tmp_path, DYNO="web.1")
    with pytest.raises(SettingsError, match="wall's comments"):
        told(tmp_path, DYNO="web.1", DATABASE_URL=URL)
    (tmp_path / "portavoz.toml").write_text('[[networks]]\nid = "shop"\ntype = "shop"\n[[people]]\nid="a"\nname="A"\n')
    assert told(tmp_path, DYNO="web.1", DATABASE_URL=URL).postgres == URL
