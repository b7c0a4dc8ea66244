"""A small tokenizer for PromQL: which metrics an expression names, with which labels.

It knows the grammar of https://prometheus.io/docs/prometheus/latest/querying/basics/ as far as names go; whether an
expression is sound is for promtool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<range>\[[^\]]*\])
      | (?P<number>\d[\w.]*)
      | (?P<name>[a-zA-Z_:$][\w:]*)
      | (?P<sign>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){},@])""",
    re.VERBOSE,
)
_GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"} | _GROUPING


@dataclass(frozen=True)
class Named:
    """A metric, its matchers as (label, operator, value), and the labels that the expression groups by."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]


def tokens(query: str) -> list[tuple[str, str]]:
    """(kind, text) of every token but spaces. Raises ValueError at what is none."""
    found, at = [], 0
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise ValueError(f"no token at {query[at : at + 20]!r}")
        at = match.end()
        if match.lastgroup != "space":
            found.append((match.lastgroup or "", match.group()))
    return found


def named(query: str) -> list[Named]:
    """The metrics of an expression, in their order."""
    parts = tokens(query)
    return [
        Named(text, tuple(_matchers(parts, n + 1)))
        for n, (kind, text) in enumerate(parts)
        if kind == "name" and text.lower() not in _WORDS and not _inside(parts, n) and not _called(parts, n)
    ]


def grouped(query: str) -> set[str]:
    """The labels that an expression groups or matches by."""
    parts = tokens(query)
    return {
        text
        for n, (kind, text) in enumerate(parts)
        if kind == "name" and (before := _inside(parts, n)) and before in _GROUPING
    }


def _called(parts: list[tuple[str, str]], n: int) -> bool:
    """A function or an aggregation: `rate(`, `sum by (`."""
    following = [text for _, text in parts[n + 1 : n + 2]]
    return following in (["("], ["by"], ["without"])


def _inside(parts: list[tuple[str, str]], n: int) -> str:
    """What stands before the bracket around a label: `{` for matchers, `by` and the like for lists; else nothing."""
    depth = 0
    for at in range(n - 1, -1, -1):
        text = parts[at][1]
        if text in (")", "}"):
            depth += 1
        elif text in ("(", "{") and depth:
            depth -= 1
        elif text == "{":
            return "{"
        elif text == "(":
            before = parts[at - 1][1] if at else ""
            return before if before in _GROUPING else ""
    return ""


def _matchers(parts: list[tuple[str, str]], n: int) -> Iterator[tuple[str, str, str]]:
    if n >= len(parts) or parts[n][1] != "{":
        return
    n += 1
    while parts[n][1] != "}":
        (_, label), (_, operator), (_, value) = parts[n : n + 3]
        yield label, operator, value[1:-1]
        n += 3
        if parts[n][1] == ",":
            n += 1
