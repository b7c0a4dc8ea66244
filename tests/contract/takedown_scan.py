"""Finds code that could take something down: calls, names, HTTP methods, paths and SQL that delete, hide, block or ban.

Prose is not looked at: comments, docstrings and sentences may say what they like. Nor is what is only read: an adapter
must be able to notice that a network says `"event": "delete"`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN = {"delete", "destroy", "expunge", "trash", "unpublish", "redact", "hide", "hidden", "block", "ban", "kick"}
SQL = re.compile(r"\b(DELETE\s+FROM|TRUNCATE|DROP\s+(TABLE|TRIGGER|INDEX))\b", re.IGNORECASE)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def takedowns(source: str) -> list[str]:
    """What in a module could take something down, as `line: word in what`."""
    tree = ast.parse(source)
    harmless = {id(node) for node in _docstrings(tree)} | {id(node) for node in _only_read(tree)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) in harmless:
            continue
        for text in _names(node):
            found += [f"{getattr(node, 'lineno', 0)}: {word} in {text!r}" for word in _bad_words(text)]
    return found


def takedowns_below(folder: Path) -> list[str]:
    """The same for every module below a folder."""
    return [
        f"{path.relative_to(folder)}:{what}"
        for path in sorted(folder.rglob("*.py"))
        for what in takedowns(path.read_text(encoding="utf-8"))
    ]


def _bad_words(text: str) -> list[str]:
    if match := SQL.search(text):
        return [match.group().lower()]
    if " " in text.strip():
        return []
    return [word for word in WORD.findall(text) if word.lower() in FORBIDDEN]


def _names(node: ast.AST) -> Iterator[str]:
    """The names and texts that a node brings in."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.alias(name=name):
            yield name
        case ast.Constant(value=str(text)):
            yield text
        case ast.Constant(value=bytes(raw)):
            yield raw.decode("latin-1")


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _only_read(tree: ast.Module) -> Iterator[ast.AST]:
    """Texts that something is compared with, or looked up by."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                for side in (left, *others):
                    # Only the texts themselves, one by one or listed: a call in a comparison is still a call.
                    yield from side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else (side,)
            case ast.MatchValue(value=value):
                yield value
            case ast.Subscript(slice=key, ctx=ast.Load()):
                yield key
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant() as key, *_], keywords=[]):
                yield key
