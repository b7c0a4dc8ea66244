"""The command line answers in the reader's language all through, and refuses what there is not, with what there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.app import start
from bot.cli.errors import NOT_FOUND, USAGE, WRONG
from tests.support.db import fresh_database

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """What becomes of a line: its exit code, and all that was printed."""
    for name in ("PORTAVOZ_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def line(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            start(words)
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    return line


@pytest.mark.parametrize("words", [("-h",), ("inbox", "-h"), ("audit", "-h"), ("audit", "verify", "-h"), ()])
def test_a_spanish_help_has_no_english_frame(typed: Typed, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("PORTAVOZ_LOCALE", "es")
    code, told = typed(*words)
    assert code == (0 if words else USAGE)
    assert told.startswith("Uso: portavoz")
    assert "Opciones:" in told
    assert "Muestra esta ayuda y termina." in told
    assert not any(
        word in told for word in ("Usage", "OPTIONS", "Options:", "Commands:", "Show this", "for the current")
    )


@pytest.mark.parametrize(
    ("lang", "line", "said"),
    [
        ("es", "bandej", "No existe la orden `bandej`. ¿Querías decir `bandeja`?"),
        ("en", "inbxo", "There is no command `inbxo`. Did you mean `inbox`?"),
        ("en", "audit verfy", "There is no command `verfy`. Did you mean `verify`?"),
        ("en", "zzz", "There is no command `zzz`.\n"),
        ("es", "check --frob", "No existe la opción --frob"),
        ("es", "calls", "Falta el argumento «ID»."),
        ("es", "calls a b", "Sobran argumentos (b)"),
        ("es", "inbox --limit x", "Valor no válido para '--limit': hace falta un número entero"),
        ("es", "inbox --limit 0", "Valor no válido para '--limit': tiene que ser 1 o más"),
    ],
)
def test_what_was_typed_wrongly_is_told_in_the_language(typed: Typed, lang: str, line: str, said: str) -> None:
    code, told = typed("--lang", lang, *line.split())
    assert code == USAGE
    assert said in told
    assert ("-h` dice más." if lang == "es" else "-h` tells more.") in told


@pytest.mark.parametrize("lang", ["de", "xx", "french"])
def test_a_language_that_there_is_not_is_refused(typed: Typed, lang: str) -> None:
    assert typed("health", "--lang", lang) == (USAGE, f"There is no language `{lang}` here. There are: en, es.\n")


@pytest.mark.parametrize("lang", ["es_ES.UTF-8", "ES", "en-GB"])
def test_a_language_may_be_told_with_its_country(typed: Typed, lang: str) -> None:
    assert typed("--lang", lang, "--version")[0] == 0


def test_an_account_that_there_is_not_is_told_with_those_that_are(typed: Typed, tmp_path: Path) -> None:
    fresh_database(tmp_path / "portavoz.db").close()
    code, told = typed("--data", str(tmp_path), "--lang", "en", "noise", "wal")
    assert (code, told) == (NOT_FOUND, "There is no account `wal`. There are: sample, wall. Did you mean `wall`?\n")
    code, told = typed("--data", str(tmp_path), "--lang", "es", "noise", "frob")
    assert (code, told) == (NOT_FOUND, "No hay ninguna cuenta `frob`. Las que hay: sample, wall.\n")
    assert typed("--data", str(tmp_path), "noise", "wall")[0] == 0


def test_what_is_no_seal_is_not_taken_for_a_log_that_was_cut_off(typed: Typed, tmp_path: Path) -> None:
    fresh_database(tmp_path / "portavoz.db").close()
    for noted in ("abc", "", "g" * 64):
        code, told = typed("--data", str(tmp_path), "--lang", "en", "audit", "verify", "--expect", noted)
        assert (code, told) == (USAGE, "That is no seal: one has 64 characters, 0 to 9 and a to f.\n")
    code, told = typed("--data", str(tmp_path), "audit", "verify", "--expect", "A" * 64)
    assert code == WRONG
    assert "cut off" in told
