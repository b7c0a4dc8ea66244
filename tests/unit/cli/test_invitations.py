"""What a chat's service has to be told, in the language that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.app import build


@pytest.mark.parametrize(
    ("verb", "english", "spanish"),
    [
        ("discord invite", "Make an application", "Crea una aplicación"),
        ("telegram setup", "Then make a group", "crea un grupo"),
    ],
)
def test_the_steps_come_in_the_language_that_was_asked_for(
    verb: str, english: str, spanish: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, wanted in (("en", english), ("es", spanish)):
        build(lang)(["--lang", lang, "--data", str(tmp_path), *verb.split()], standalone_mode=False)
        assert wanted in capsys.readouterr().out
