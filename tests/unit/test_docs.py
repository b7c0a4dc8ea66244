"""The README says what the code does."""

from __future__ import annotations

import re

from bot.core.words import VERBS
from tests.docs.__main__ import README, written

TEXT = README.read_text(encoding="utf-8")


def test_the_table_of_settings_is_the_one_of_the_code() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.docs"


def test_every_verb_stands_in_the_readme() -> None:
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    quoted = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    missing = [verb.name for verb in VERBS if verb.name not in quoted]
    assert not missing, missing


def test_the_two_commands_stand_in_the_makefile() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    for command in [*re.findall(r"`make ([a-z-]+)`", TEXT), "run", "test"]:
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_every_file_that_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT):
        assert (README.parent / target).exists(), target
