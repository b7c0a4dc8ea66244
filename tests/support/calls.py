"""Calls in the program's own source, so that tests can compare the codes it says with the sentences there are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import bot

PACKAGE = Path(bot.__file__).parent


def calls(*folders: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in these folders of the package: the file's name, what is called, the call."""
    for folder in folders:
        for file in sorted((PACKAGE / folder).glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    yield file.name, name, node


def literals(node: ast.expr | None) -> list[str]:
    """The strings that an argument can be: a literal, or either side of a condition."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def argument(node: ast.Call, name: str, place: int) -> ast.expr | None:
    """What a call gives for a parameter, by its name or its place."""
    named = next((keyword.value for keyword in node.keywords if keyword.arg == name), None)
    return named or (node.args[place] if place < len(node.args) else None)
