"""Mistakes in the settings as people read them on the command line: in the language of whoever is at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.context import worded
from bot.core.types import Light
from bot.locale import available, light
from bot.locale.mistakes import mistake
from bot.settings import SettingsError, load
from tests.e2e.entrance import here
from tests.unit.test_locale_mistakes import left_over

WRONG = """
prot = 1
port = 70000
locale = "fr"
base_url = "https://ana:hush-hush@bot.example"

[[networks]]
id = "masto"
type = "mastodn"

[[routes]]
room = "dusk"
"""


def test_a_check_with_a_wrong_file_speaks_the_language_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "portavoz.toml").write_text(WRONG, encoding="utf-8")
    spanish = here("--data", str(tmp_path), "check", LC_ALL="", LANG="es_ES.UTF-8")
    assert spanish.returncode == 1
    head, *lines = spanish.stderr.strip().splitlines()
    assert head == "La configuración no sirve así:"
    assert "- prot: no es un ajuste que exista. ¿Querías decir 'port'?" in lines
    assert "- [[networks]] masto: type: no hay ningún adaptador llamado «mastodn». ¿Querías decir 'mastodon'?" in lines
    assert "- [[routes]] n.º 1: room: no hay ninguna sala 'dusk'. ¿Querías decir 'desk'?" in lines
    assert sum(line.startswith("- base_url: hay un secreto en el archivo de configuración.") for line in lines) == 1
    assert [line for line in lines if left_over(line)] == []
    english = here("--data", str(tmp_path), "check", LC_ALL="", LANG="en_GB.UTF-8").stderr.strip().splitlines()
    assert english[0] == "The settings cannot be used:"
    assert "- prot: is not a setting. Did you mean 'port'?" in english
    assert len(english) == len(lines) + 1
    assert "hush" not in f"{spanish}{english}"


def test_an_adapter_s_mistake_is_told_in_the_team_s_language_where_the_file_says_it(tmp_path: Path) -> None:
    entry = '[[networks]]\nid = "blog"\ntype = "wordpress"\nbase_url = "http://blog.example"\n'
    person = '[[people]]\nid = "eva"\nname = "Eva"\nrole = "lead"\n'
    (tmp_path / "portavoz.toml").write_text(f'locale = "es"\nport = 0\n{person}{entry}', encoding="utf-8")
    wanted = "tiene que empezar por https://; si no, la contraseña se podría leer por el camino"
    assert f"- [[networks]] blog: base_url: {wanted}. El capítulo" in here("--data", str(tmp_path), "run").stderr
    assert "must begin with https://" in here("--data", str(tmp_path), "--lang", "en", "run").stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"port = x\n", "no es TOML válido (en la línea 1, columna 8). Corrige esa línea."),
        (b"port =", "no es TOML válido (al final del documento)"),
        (b"a = " + b"[" * 5000, "no es TOML válido (demasiados niveles, unos dentro de otros)"),
        (b'a = "\xff"', "no es texto en UTF-8. Guárdalo en UTF-8."),
        (b"#" * 1_000_001, "ocupa más de un megabyte. ¿Es el archivo correcto?"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_spanish(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "portavoz.toml").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ={})
    assert says in str(worded(caught.value.problems[0], "es"))


def test_a_file_that_is_not_there_is_told_in_spanish(tmp_path: Path) -> None:
    for file, says in ((tmp_path / "none.toml", "no se puede leer (no existe)"), (tmp_path, "(es una carpeta)")):
        with pytest.raises(SettingsError) as caught:
            load(config=file, data=tmp_path, environ={})
        assert says in str(worded(caught.value.problems[0], "es"))


def test_a_text_that_cannot_be_used_is_told_in_spanish_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "offline" / "es").mkdir(parents=True)
    (tmp_path / "offline" / "es" / "praise.md").write_text("---\nlanguage: es\n", encoding="utf-8")
    toml = f'locale = "es"\nprompts = "{tmp_path}"\n'
    (tmp_path / "portavoz.toml").write_text(toml, encoding="utf-8")
    lights = json.loads(here("--data", str(tmp_path), "check", "--json").stdout)
    (told,) = [one for one in lights if one["code"] == "texts_wrong"]
    assert told["detail"] == f"{tmp_path}/offline/es/praise.md:2: la cabecera no se cierra con '---'"
    assert told["remedy"].startswith("Corrige ese archivo")
    told = here("--data", str(tmp_path), "run").stderr
    assert told.endswith(
        "praise.md:2: la cabecera no se cierra con '---'. Corrige el archivo o sácalo de la carpeta.\n"
    )


@pytest.mark.parametrize("locale", available())
def test_a_light_about_a_setting_speaks_the_reader_s_language(locale: str) -> None:
    remedy = "It is: Only in this language. The README's chapter on “wall” shows how it is written."
    params = {"name": "[[routes]] no. 1: language", "problem": "is missing", "remedy": remedy}
    said = light(locale, Light(code="setting_wrong", state="red", params=params))
    assert (said.detail, said.remedy) == (mistake(locale, "is missing"), mistake(locale, remedy))
    assert ("no. 1" in said.name) is (locale == "en")
