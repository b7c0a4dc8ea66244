"""Every sentence of the database's errors is recognised, whatever is filled in, and said in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.types import Light
from bot.locale import light
from bot.locale.catalogue import fill, places
from bot.locale.troubles import PROBLEMS, REMEDIES, trouble
from bot.store import engine, engine_postgres, engine_sqlite, migrate
from tests.support.calls import calls

SQLITE, SERVER = "/srv/portavoz.db", "db.example/portavoz"


def _tables() -> Iterator[str]:
    """What is kept in tables of the engines."""
    for problem, remedy in (*engine_sqlite._PROBLEMS.values(), engine_sqlite._LOCKED, engine_sqlite._LOST):
        yield from (f"{SQLITE} {problem}", remedy)
    for problem, remedy in (*engine_postgres._PROBLEMS.values(), engine_postgres._LOST):
        yield from (f"{SERVER}: {problem}", remedy)
    problem, remedy = engine_postgres._UNREACHABLE
    yield from (f"{SERVER}: {problem} (Connection refused)", remedy)
    yield from (engine_sqlite._FULL, engine.REMEDY, migrate._REINSTALL)


def _raised() -> Iterator[str]:
    """What is written where it is raised; `X` stands for what is filled in."""
    for _, called, node in calls("store"):
        if called in ("DatabaseUnreachable", "NotReady", "DiskFull"):
            yield from (said for said in map(_said, node.args) if said is not None)


def _said(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "X" for part in node.values]
        return None if all(part in ("X", " ", ": ", "X") for part in parts) else "".join(map(str, parts))
    return None


EVERY = sorted({*_tables(), *_raised()} - {"X X: X", "The database X: X."})


def test_there_are_sentences_to_be_found() -> None:
    assert len(EVERY) > 40


@pytest.mark.parametrize("said", EVERY)
def test_every_problem_and_every_remedy_is_said_in_spanish(said: str) -> None:
    assert trouble("en", said) == said
    assert trouble("es", said) != said


@pytest.mark.parametrize("msgid", [*PROBLEMS, *REMEDIES])
def test_every_sentence_is_recognised_as_itself_with_what_was_filled_in(msgid: str) -> None:
    values = {name: f"/{name}: (x) {{where}}" for name in places(msgid)}
    said = fill(msgid, values)
    assert trouble("en", said) == said
    spanish = trouble("es", said)
    assert spanish != said
    assert all(value in spanish for value in values.values())


def test_nothing_is_kept_that_nobody_says() -> None:
    source = "".join(
        " ".join(file.read_text(encoding="utf-8").split()) for file in sorted(Path(engine.__file__).parent.glob("*.py"))
    )
    for msgid in (*PROBLEMS, *REMEDIES):
        words = [part.strip(" :().") for part in fill(msgid, dict.fromkeys(places(msgid), "\x00")).split("\x00")]
        longest = max(words, key=len)[-15:]
        assert longest in source, msgid


def test_other_words_are_left_alone() -> None:
    assert trouble("es", "disk on fire") == "disk on fire"
    assert trouble("es", "") == ""


def test_a_light_about_the_database_speaks_the_reader_s_language() -> None:
    params = {"problem": f"{SQLITE} is locked by another program", "remedy": engine_sqlite._LOCKED[1]}
    said = light("es", Light(code="database_unusable", state="red", params=params))
    assert said.detail == f"{SQLITE} está en uso exclusivo por otro programa"
    assert said.remedy == "Cierra el programa que la mantiene abierta y vuelve a intentarlo."
