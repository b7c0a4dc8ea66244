"""Front matter: a head of `key: value` lines between two `---`, then a text. Strict, so that no mistake goes unread.

A small part of YAML (https://jekyllrb.com/docs/front-matter/) that people cannot get wrong unnoticed: values are single
lines, lists are separated by commas, with or without brackets; a line that begins with `#` is a remark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.plaintext import invisible, squeeze
from prompts.variants import PromptError

_LINE = re.compile(r"(?P<key>[a-z_]{1,40})\s*:(?P<value>.*)")
_LONGEST = 500
_QUOTES = ('"', "'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands in a head, each value with its line; `body` is the text below, `at` its first line."""

    file: str
    values: Mapping[str, tuple[str, int]]
    body: str
    at: int

    def wrong(self, key: str, problem: str) -> PromptError:
        """The error to raise about a value."""
        return PromptError(self.file, self.values[key][1] if key in self.values else 1, problem)

    def text(self, key: str, *, needed: bool = False) -> str:
        """A value, "" where there is none. Raises PromptError where it is needed."""
        value = self.values.get(key, ("", 1))[0]
        if needed and not value:
            raise self.wrong(key, f"the head does not say: {key}")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list, in its order, each once."""
        found = (squeeze(part) for part in _bare(self.text(key)).split(","))
        return tuple(dict.fromkeys(_unquoted(part) for part in found if part))

    def day(self, key: str) -> date | None:
        """A day as 2026-12-31. Raises PromptError for anything else."""
        value = self.text(key)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.wrong(key, f"{key} is no day like 2026-12-31: {value[:40]!r}") from None

    def one_of(self, key: str, known: Collection[str]) -> str:
        """A value among these, "" where there is none. Raises PromptError for another one."""
        value = self.text(key)
        if value and value not in known:
            raise self.wrong(key, f"{key} is {value[:40]!r}; it may be {', '.join(known)}")
        return value


def parse_front(source: str, file: str, keys: Collection[str]) -> Head:
    """A file taken apart.

    Args:
        source: its text.
        file: its name, for what goes wrong.
        keys: what may stand in the head.

    Raises:
        PromptError: with the line, for whatever is not as it should be.
    """
    lines = source.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---":
        raise PromptError(file, 1, "the head is missing: '---', lines like 'language: es', '---'")
    values: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == "---":
            return Head(file=file, values=values, body=_body(lines, number, file), at=number + 1)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        hit = _LINE.fullmatch(line.rstrip())
        if hit is None:
            raise PromptError(file, number, f"not understood in the head: {_shown(line)}")
        key = hit["key"]
        if key not in keys:
            raise PromptError(file, number, f"there is no {key!r}; there are {', '.join(keys)}")
        if key in values:
            raise PromptError(file, number, f"{key} stands there twice")
        values[key] = (_value(hit["value"], file, number), number)
    raise PromptError(file, len(lines), "the head does not end: a second '---' is missing")


def _value(raw: str, file: str, number: int) -> str:
    value = _unquoted(squeeze(raw))
    if len(value) > _LONGEST:
        raise PromptError(file, number, f"longer than {_LONGEST} characters")
    if invisible(value):
        raise PromptError(file, number, "contains characters that cannot be seen")
    return value


def _body(lines: list[str], end: int, file: str) -> str:
    for number, line in enumerate(lines[end:], start=end + 1):
        if invisible(line):
            raise PromptError(file, number, "contains characters that cannot be seen")
    return "\n".join(line.rstrip() for line in lines[end:]).strip("\n")


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES
    return squeeze(value[1:-1]) if quoted else value


def _bare(value: str) -> str:
    return value[1:-1] if value.startswith("[") and value.endswith("]") else value


def _shown(line: str) -> str:
    return repr(line.strip()[:60])
