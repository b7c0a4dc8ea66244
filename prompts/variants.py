"""Reads the offline drafter's texts: a head, then numbered variants with placeholders; strict about every sign.

`README.md` in this folder describes the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Formality = Literal["tu", "usted", "vos"]
FORMS: tuple[Formality, ...] = ("tu", "usted", "vos")
PLACEHOLDERS = frozenset({"hello", "name", "point", "fact", "brand", "signature"})
# Languages with three forms of address.
_WITH_FORMS = frozenset({"es"})

_HEADING = re.compile(r"##\s+(?:(?P<topic>[a-z_]+)\s+)?(?P<number>\d{1,3})\s*")
_HEAD_LINE = re.compile(r"(?P<key>[a-z]+):\s*(?P<value>[a-z_-]+)\s*")
_PLACEHOLDER = re.compile(r"\{(?P<lead>[^{}\w]*)(?P<name>[^{}]*)\}")
_FORM = re.compile(r"\[([^\[\]<>]*)\]")
_PLACE = re.compile(r"<([^<>\[\]]*)>")
_LEFT_OVER = re.compile(r"[\[\]<>{}|]")
_NEEDY = "every variant needs {point}, {fact} or {brand}; one must do without"
_NEEDY_ABOUT = "every variant of the topic {name} needs {point}, {fact} or {brand}; one must do without"


class PromptError(ValueError):
    """A prompt file that cannot be used; says where and why."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Variant:
    """One text of a file: its number, its topic ("" for none), the text as written and the line it begins on."""

    number: int
    topic: str
    text: str
    line: int

    @cached_property
    def needs(self) -> frozenset[str]:
        """The values without which the variant makes no sense: of `point`, `fact`, `brand`, those that it names."""
        return frozenset(hit["name"] for hit in _PLACEHOLDER.finditer(self.text)) & {"point", "fact", "brand"}

    @cached_property
    def signs(self) -> bool:
        """Whether the variant says itself where the signature goes."""
        return any(hit["name"] == "signature" for hit in _PLACEHOLDER.finditer(self.text))

    @cached_property
    def offers_private(self) -> bool:
        """Whether the variant speaks of another place in public than in private."""
        return "<" in self.text

    def render(self, values: Mapping[str, str], *, formality: Formality = "tu", private: bool = False) -> str:
        """The text with its alternatives chosen and its placeholders filled; a missing value leaves nothing behind.

        Values are put in last, so that nothing inside them is read as a placeholder.
        """
        return _PLACEHOLDER.sub(lambda hit: _filled(hit, values), self._chosen[formality, private])

    @cached_property
    def _chosen(self) -> dict[tuple[Formality, bool], str]:
        return {
            (form, private): _choose(self.text, FORMS.index(form), private=private)
            for form in FORMS
            for private in (False, True)
        }


def parse(source: str, file: str, language: str, kind: str) -> tuple[Variant, ...]:
    """The variants of one file. Raises PromptError for whatever is not as it should be."""
    lines = source.splitlines()
    body = _check_head(lines, file, language, kind)
    variants = tuple(_variants(lines, body, file))
    if not variants:
        raise PromptError(file, len(lines), "there is no variant: each begins with a heading such as '## 1'")
    seen: set[int] = set()
    for variant in variants:
        if variant.number in seen:
            raise PromptError(file, variant.line, f"the number {variant.number} is used twice")
        seen.add(variant.number)
        _check(variant, file, language)
    for topic in {variant.topic for variant in variants}:
        if all(variant.needs for variant in variants if variant.topic == topic):
            raise PromptError(file, 1, _NEEDY_ABOUT.replace("{name}", topic) if topic else _NEEDY)
    return variants


def _check_head(lines: list[str], file: str, language: str, kind: str) -> int:
    """The index of the first line behind the head, which must name the language and kind of the file's place."""
    if not lines or lines[0].strip() != "---":
        raise PromptError(file, 1, "the head is missing: '---', language and kind, '---'")
    wanted = {"language": language, "kind": kind}
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            if wanted:
                raise PromptError(file, index + 1, f"the head does not name: {', '.join(wanted)}")
            return index + 1
        hit = _HEAD_LINE.fullmatch(line)
        if hit is None or hit["key"] not in wanted:
            raise PromptError(file, index + 1, f"not expected in the head: {line.strip()!r}")
        if wanted.pop(hit["key"]) != hit["value"]:
            raise PromptError(file, index + 1, f"{hit['key']} is {hit['value']!r}, but the file stands elsewhere")
    raise PromptError(file, len(lines), "the head is not closed by '---'")


def _variants(lines: list[str], start: int, file: str) -> Iterator[Variant]:
    """Cut the body at its headings. Numbers are unique in a file across topics, given in the order of the file."""
    heading: tuple[int, str, int] | None = None
    text: list[str] = []
    for index, line in enumerate([*lines[start:], "## 0"], start=start + 1):
        if not line.startswith("##"):
            if heading is None and line.strip():
                raise PromptError(file, index, "text before the first heading")
            text.append(line)
            continue
        hit = _HEADING.fullmatch(line)
        if hit is None:
            raise PromptError(file, index, f"not a heading of a variant: {line!r}")
        if heading is not None:
            yield _variant(heading, text, file)
        heading, text = (int(hit["number"]), hit["topic"] or "", index), []


def _variant(heading: tuple[int, str, int], text: list[str], file: str) -> Variant:
    number, topic, line = heading
    body = "\n".join(text).strip()
    if not body:
        raise PromptError(file, line, "the variant is empty")
    return Variant(number, topic, body, line)


def _check(variant: Variant, file: str, language: str) -> None:
    """Placeholders are known, alternatives complete, nothing left over."""
    for offset, line in enumerate(variant.text.split("\n")):
        number = variant.line + 1 + offset
        for hit in _PLACEHOLDER.finditer(line):
            if hit["name"] not in PLACEHOLDERS:
                raise PromptError(file, number, f"unknown placeholder {hit[0]}")
        for hit in _FORM.finditer(line):
            if language not in _WITH_FORMS:
                raise PromptError(file, number, f"forms of address are for Spanish only: {hit[0]}")
            if hit[1].count("|") != len(FORMS) - 1:
                raise PromptError(file, number, f"three forms are expected, tú|usted|vos: {hit[0]}")
        chosen = _FORM.sub("", line)
        for hit in _PLACE.finditer(chosen):
            if hit[1].count("|") != 1:
                raise PromptError(file, number, f"two places are expected, <public|private>: {hit[0]}")
        rest = _PLACEHOLDER.sub("", _PLACE.sub("", chosen))
        if left := _LEFT_OVER.search(rest):
            raise PromptError(file, number, f"{left[0]!r} stands alone")


def _choose(text: str, form: int, *, private: bool) -> str:
    chosen = _FORM.sub(lambda hit: hit[1].split("|")[form], text)
    return _PLACE.sub(lambda hit: hit[1].split("|")[private], chosen)


def _filled(hit: re.Match[str], values: Mapping[str, str]) -> str:
    value = values.get(hit["name"], "")
    return hit["lead"] + value if value else ""
