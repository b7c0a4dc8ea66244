"""Finds every sentence that the program says, and what the catalogues lack.

A sentence is found where it is written as a literal, or as the name of one in the same module:

- Python: `text(locale, "...")`, `ntext(locale, "...", "...", n)`, `count("...", "...", n)`, `say("...")`, `t("...")`,
  `Word("emoji", "...")`, `Refusal(status, "...", "...")`, and the tables of `showing.py` and of the chats' modules
  called `words.py`;
- templates: `t("...")`;
- the verbs of the grammar and the tables of `bot.locale.sentences`, `bot.locale.failures`, `bot.locale.lights`,
  `bot.locale.troubles`, `bot.locale.remarks` and `bot.locale.warning`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.core.words import VERBS
from bot.locale import failures, lights, mistakes, remarks, sentences, troubles, usage, warning
from bot.locale.catalogue import DOMAIN, fill, places

ROOT = Path(__file__).resolve().parents[2]
# Which arguments of which function are msgids.
_CALLS = {"text": (1,), "say": (0,), "t": (0,), "Word": (1,), "Refusal": (1, 2)}
# Which arguments are a sentence for one and that for many.
_PLURALS = {"ntext": (1, 2), "count": (0, 1)}
_LETTER = re.compile(r"[A-Za-z]")
_IN_TEMPLATE = re.compile(r"""\bt\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


@dataclass(frozen=True, slots=True)
class Said:
    """A msgid, its plural if it has one, and the file it was found in."""

    msgid: str
    plural: str | None
    where: str


def said(root: Path = ROOT) -> dict[str, Said]:
    """Every msgid of the program, by itself."""
    found: dict[str, Said] = {}
    for one in (*_of_tables(), *_of_code(root), *_of_templates(root)):
        known = found.get(one.msgid)
        if known is None or (known.plural is None and one.plural is not None):
            found[one.msgid] = one
    return found


def missing(catalogue: Catalog, wanted: dict[str, Said]) -> list[Said]:
    """What the catalogue does not translate, or only in part."""
    return [one for one in wanted.values() if not _translated(catalogue, one)]


def unused(catalogue: Catalog, wanted: dict[str, Said]) -> list[str]:
    """What the catalogue translates although nobody says it."""
    ids = (message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id)
    return [msgid for msgid in ids if msgid not in wanted]


def read(locale: str) -> Catalog:
    """A catalogue as it stands in the source tree."""
    with path(locale).open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN, abort_invalid=True)


def path(locale: str) -> Path:
    """Where a catalogue stands in the source tree."""
    return Path(__file__).parent / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def as_po(entries: list[Said]) -> str:
    """Entries without a translation, ready to be put at the end of a catalogue."""
    return "\n".join(_entry(one) for one in entries)


def _entry(one: Said) -> str:
    head = f"#: {one.where}\nmsgid {_quoted(one.msgid)}\n"
    if one.plural is None:
        return head + 'msgstr ""\n'
    return head + f'msgid_plural {_quoted(one.plural)}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _translated(catalogue: Catalog, one: Said) -> bool:
    message = catalogue.get(one.msgid)
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and (one.plural is None or len(strings) == catalogue.num_plurals)


def _of_tables() -> Iterator[Said]:
    modules = (sentences, lights, failures, troubles, remarks, mistakes, usage, warning)
    tables = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    for verb in VERBS:
        yield from (Said(part, None, "bot/core/words.py") for part in (verb.summary, verb.shape) if part)
    for table in tables:
        for msgid in _leaves(table):
            if _LETTER.search(fill(msgid, dict.fromkeys(places(msgid), ""))):  # values alone need no translation
                yield Said(msgid, None, "bot/locale/sentences.py")


def _leaves(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, dict):
        for value in table.values():
            yield from _leaves(value)
    elif isinstance(table, tuple):
        for value in table:
            yield from _leaves(value)


def _of_code(root: Path) -> Iterator[Said]:
    for file in _files(root, ".py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        where = file.relative_to(root).as_posix()
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _of_call(node, where, constants)
                if file.name == "config.py" or file.parent.name == "settings":
                    yield from (Said(msgid, None, where) for msgid in _descriptions(node))
        if (file.name == "words.py" and "chats" in file.parts) or file.name == "showing.py":
            yield from (Said(msgid, None, where) for msgid in _of_words(tree))


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Names of the module that stand for a literal."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def _of_call(node: ast.Call, where: str, constants: dict[str, object]) -> Iterator[Said]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    literals = [
        arg.value if isinstance(arg, ast.Constant) else constants.get(arg.id) if isinstance(arg, ast.Name) else None
        for arg in node.args
    ]
    if name in _PLURALS:
        one, many = (literals[place] if place < len(literals) else None for place in _PLURALS[name])
        if isinstance(one, str) and isinstance(many, str):
            yield Said(one, many, where)
    for place in _CALLS.get(name, ()):
        literal = literals[place] if place < len(literals) else None
        if isinstance(literal, str) and literal:
            yield Said(literal, None, where)


def _descriptions(node: ast.Call) -> Iterator[str]:
    """What a setting is for."""
    if getattr(node.func, "id", "") == "Field":
        told = (one.value for one in node.keywords if one.arg == "description")
        yield from (one.value for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _of_words(tree: ast.AST) -> Iterator[str]:
    """The values of tables, and the second of pairs: what stands in the others are codes."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            parts = node.values
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
            parts = node.elts[1:] if isinstance(node.elts[0], ast.Constant) else []
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and _LETTER.search(part.value):
                yield part.value


def _of_templates(root: Path) -> Iterator[Said]:
    for file in _files(root, ".html"):
        for literal in _IN_TEMPLATE.findall(file.read_text(encoding="utf-8")):
            yield Said(ast.literal_eval(literal), None, file.relative_to(root).as_posix())


def _files(root: Path, suffix: str) -> list[Path]:
    return sorted(file for folder in ("bot", "handlers") for file in (root / folder).rglob(f"*{suffix}"))
