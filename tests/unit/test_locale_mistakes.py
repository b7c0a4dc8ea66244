"""Every mistake of the settings is recognised, whatever is filled in, and said in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.adapters import adapter_module, adapter_types
from bot.cli.context import worded
from bot.locale import mistakes
from bot.locale.catalogue import fill, places, text
from bot.locale.extract import ROOT, _descriptions
from bot.locale.mistakes import mistake, place
from bot.settings import AdapterEntry, Problem, checks
from bot.settings import explain as explaining
from bot.settings.entries import ChatEntry, NetworkEntry
from bot.settings.explain import explain, explain_adapter
from bot.settings.layers import GROUPS, TABLES
from bot.settings.model import Settings

TABLES_OF_SENTENCES = ("TYPES", "FILES", "ENTRIES", "VALUES", "ADAPTERS", "TEXTS", "REMEDIES")
MSGIDS = [msgid for table in TABLES_OF_SENTENCES for msgid in getattr(mistakes, table)]
FILES = [
    *sorted((ROOT / "bot" / "settings").glob("*.py")),
    *sorted((ROOT / "handlers").glob("*/*/config.py")),
    *(ROOT / "bot" / name for name in ("adapters.py", "wiring.py", "watching.py", "core/worktime.py")),
    ROOT / "bot" / "reports" / "traces.py",
    *sorted((ROOT / "prompts").glob("*.py")),
]
SAYING = {"Problem": (1, 2), "TracesUnavailable": (1, 2), "ValueError": (0,), "PromptError": (2,), "wrong": (1,)}
"""Whose arguments are sentences for people, and which."""
ENGLISH = re.compile(
    r"\b(?:an|and|are|at least|be|but|by|cannot|else|every|for|from|give|has to|in|is|it|its|must|no such|of|or|only"
    r"|out|should|that|the|their|there|this|to|when|which|who|whole|with|would|write)\b"
)

QUOTED = re.compile(
    r"Aquí se conocen: .*|ni true ni false|`[^`]*`|'[^']*'|«[^»]*»|\[[^\]]*\]|\(#[^)]*\)"
    r"|\S+://\S*|\{[a-z_]+\}|\w+ = \S+"
)
"""What stays as it is in every language."""


def left_over(said: str) -> list[str]:
    """English words in a Spanish sentence, besides what is quoted."""
    return ENGLISH.findall(QUOTED.sub(" ", said))


# --- the sentences in the source ---------------------------------------------------------------------------------


def _named(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What the names of a file may stand for."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.NamedExpr | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (one.id for one in targets if isinstance(one, ast.Name)):
                found.setdefault(name, []).extend([node.value] if node.value is not None else [])
    return found


def _templates(node: ast.expr, known: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The sentences that an argument can be; `7` stands for what is filled in."""
    match node:
        case ast.Constant(value=str(said)):
            yield re.sub(r"\{[a-z_]+\}", "7", said)
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_templates(body, known), *_templates(orelse, known))
        case ast.Name(id=name):
            for value in known.pop(name, []):  # each once, so that none leads back to itself
                yield from _templates(value, known)
        case ast.Call(func=ast.Name(id="did_you_mean"), keywords=keywords):
            for one in keywords:
                if one.arg == "otherwise":
                    yield from _templates(one.value, known)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "replace")):
            yield from _templates(value, known)


def _said() -> Iterator[str]:
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                for number in SAYING.get(name, ()):
                    for given in node.args[number : number + 1]:
                        yield from _templates(given, _named(tree))
    for said, none in checks._NO_SUCH.values():
        yield from (said.format(name="'x'"), none)
    yield from (re.sub(r"\{[a-z_]+\}", "7", said) for said in explaining._WORDS.values() if said != "{error}")
    yield from (checks._LOSES_ALL, checks._LOSES_WALLS, checks._OR_A_SERVER, checks._OR_NO_WALL)


EVERY = sorted({f"It is: 7{said}" if said.startswith(" ") else said for said in _said() if " " in said})


def test_there_are_sentences_to_be_found() -> None:
    assert len(EVERY) > 90
    assert {"is not UTF-8 text", "nobody answers spam and noise", "No room is configured."} <= set(EVERY)


def test_every_sentence_of_the_settings_is_said_in_spanish() -> None:
    assert [said for said in EVERY if mistake("en", said) != said] == []
    assert [said for said in EVERY if mistake("es", said) == said] == []
    assert [said for said in EVERY if left_over(mistake("es", said))] == []


def test_every_sentence_is_recognised_as_itself_with_what_was_filled_in() -> None:
    for msgid in MSGIDS:
        values = {name: f"/{name}: (x) {{where}}" for name in places(msgid)}
        said = fill(msgid, values)
        assert mistake("en", said) == said
        spanish = mistake("es", said)
        assert spanish != said
        assert all(value in spanish for value in values.values()), spanish
        assert left_over(text("es", msgid, **dict.fromkeys(places(msgid), "7"))) == []


def test_nothing_is_kept_that_nobody_says() -> None:
    code = [ast.unparse(ast.parse(file.read_text(encoding="utf-8"))) for file in FILES]
    source = re.sub(r"\{[^{}]*\}", "{}", "\n".join(code)).replace("\\'", "'")
    libraries = {"No such file or directory", "Permission denied", "Is a directory", "should be {only}"}
    libraries |= {"should be {choices} or {last}", "at line {line}, column {column}", "at end of document"}
    libraries |= {one for one in mistakes.VALUES if one.startswith(("Invalid IPv6", "{name} does not", "netloc"))}
    for msgid in set(MSGIDS) - libraries:
        words = re.split(r"\{[a-z_]+\}", msgid)
        assert max(words, key=len).strip(" :().,“”") in source, msgid


def test_what_a_setting_is_for_is_told_in_spanish() -> None:
    nodes = (node for file in FILES for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    about = {said for node in nodes if isinstance(node, ast.Call) for said in _descriptions(node)}
    assert len(about) > 100
    for said in about:
        spanish = mistake("es", f"It is: {said}")
        assert spanish.startswith("Qué es: ")
        assert left_over(spanish) == [], spanish
        assert mistake("en", f"It is: {said}") == f"It is: {said}"


def test_other_words_are_left_alone() -> None:
    for foreign in ("disk on fire", "", "{reason}", "x" * 5000):
        assert mistake("es", foreign) == foreign
    assert place("es", "sla.question") == "sla.question"
    assert place("es", "[[people]] ana: role") == "[[people]] ana: role"
    assert place("es", "[[routes]] no. 2: room") == "[[routes]] n.º 2: room"
    assert place("es", "[[people]] no. 1") == "[[people]] n.º 1"


# --- what the types say -------------------------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 5, 10**9, -(10**30), 10**5000, 0.5, -0.5, float("nan"), float("inf"), "", "x", "maybe", "0", "²",
    "x" * 1001, "9" * 5000, "\ud800", "a\nb", "http://[", "http://[x]/", "ftp://x", "http://x.example?y=1",
    "2026-13-01 off", "12:00", "https://a\u2100b.example", [], [1], ["x"], ["x" * 300], ["x", "x"], ["10:00 off", "x"],
    list("abc") * 50, {}, {"x": 1}, {"": "x"}, {"x": "x"}, b"x", object,
    datetime(2026, 1, 2, 3, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC).date(),
)  # fmt: skip
"""What may stand in a file by mistake, and more."""


def _complaints(model: type[BaseModel], base: dict[str, Any]) -> Iterator[ValidationError]:
    for name in [*model.model_fields, "prot"]:
        for value in ODD:
            try:
                model.model_validate({**base, name: value})
            except ValidationError as error:
                yield error


def _in_spanish(problem: Problem) -> None:
    """A mistake in Spanish; refused when anything of it is English."""
    spanish = worded(problem, "es")
    assert spanish.problem != problem.problem, problem
    assert spanish.remedy != problem.remedy, problem
    assert left_over(f"{spanish.problem} {spanish.remedy}") == [], spanish
    assert worded(problem, "en") == problem


def test_every_type_of_error_that_a_setting_can_have_is_a_sentence_of_ours() -> None:
    seen, told = set(), set()
    tables: dict[str, tuple[type[BaseModel], bool]] = {"": (Settings, False)}
    tables |= {name: (model, False) for name, model in GROUPS.items()}
    tables |= {name: (model, True) for name, model in TABLES.items()}
    for table, (model, several) in tables.items():
        for error in _complaints(model, {}):
            for detail in error.errors(include_url=False):
                head: tuple[int | str, ...] = (table, 0) if several else (table,) if table else ()
                loc = (*head, *detail["loc"])
                if loc and loc[0] not in ("data", "config_file", "secrets"):
                    seen.add(detail["type"])
                    told.add(explain({**detail, "loc": loc}, {}, {}))
    assert seen <= {*explaining._WORDS, "extra_forbidden"}
    assert {"greater_than", "literal_error", "enum", "string_too_long", "path_type", "int_parsing_size"} <= seen
    for problem in told:
        _in_spanish(problem)


@pytest.mark.parametrize("kind", ["networks", "chats"])
def test_every_mistake_in_an_adapter_s_own_settings_is_told_in_spanish(kind: str) -> None:
    entries: dict[str, type[AdapterEntry]] = {"networks": NetworkEntry, "chats": ChatEntry}
    seen, told = set(), set()
    for type_ in adapter_types(kind):
        entry = entries[kind](id="x", type=type_)
        module: ModuleType = adapter_module(kind, entry)
        for error in _complaints(module.Config, {"id": "x", "type": type_}):
            seen |= {detail["type"] for detail in error.errors()}
            told |= set(explain_adapter(error, kind, entry, module.Config))
    assert seen <= {*explaining._WORDS, "extra_forbidden"}
    assert ({"frozen_set_type", "bool_parsing"} if kind == "networks" else {"dict_type", "enum"}) <= seen
    for problem in told:
        _in_spanish(problem)
