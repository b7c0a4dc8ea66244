"""The texts that instruct a model, and the rules, voice and facts that they draw on: read once, checked, overlaid."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from prompts.variants import FORMS, Formality, PromptError, Variant, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "OFFLINE_KINDS", "Formality", "Prompt", "PromptError", "Prompts", "Variant", "load", "read_text"]

OFFLINE_KINDS = ("complaint", "question", "suggestion", "praise", "comment", "high", "critical")
PATTERNS = ("model/*.md", "offline/*/*.md", "policy/*.md", "voice/default.md")
_OWN = Path(__file__).parent
_BIGGEST = 256 * 1024
_BASE = re.compile(r"#\s*base:\s*(?P<hash>[0-9a-f]{12,64})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One file in force.

    `name` is its path without the ending (`model/draft`), `text` what stands in it, `hash` the SHA-256 of its bytes in
    hexadecimal. Of a file that a team put in ours' place, `base` is the (beginning of the) hash of ours from which it
    was made, "" when it does not say; `ours` is the hash of ours now, "" when there is none of that name.
    """

    name: str
    text: str
    hash: str
    overlaid: bool = False
    base: str = ""
    ours: str = ""

    @property
    def path(self) -> str:
        """The file, below the folder that it is in."""
        return f"{self.name}.md"

    @property
    def moved(self) -> bool:
        """Whether ours changed since the team's was made from it."""
        return bool(self.base and self.ours) and not self.ours.startswith(self.base)


class Prompts:
    """All prompt texts, those of the overlay folder in place of our own. Immutable after construction.

    Args:
        overlay: a folder whose files replace ours of the same path (`offline/es/praise.md`); other languages may be
            added there.

    Raises:
        PromptError: a file is not as `README.md` says, is not UTF-8, or is larger than 256 KiB.

    """

    def __init__(self, overlay: Path | None = None) -> None:
        own = {path: _read(_OWN, path) for path in _paths(_OWN)}
        theirs = {path: _read(overlay, path) for path in _paths(overlay)} if overlay else {}
        hashes = {path: prompt.hash for path, prompt in own.items()}
        self._own = own
        self._all = own | {
            path: replace(prompt, overlaid=True, ours=hashes.get(path, "")) for path, prompt in theirs.items()
        }
        self._offline = {
            (language, kind): _variants(self._all[path], language, kind)
            for path in sorted(self._all)
            for language, kind in _place(path)
        }

    @property
    def sha256(self) -> Mapping[str, str]:
        """For each file in use, by its path in this folder, the SHA-256 of its bytes in hexadecimal."""
        return MappingProxyType({path: prompt.hash for path, prompt in self._all.items()})

    @property
    def all(self) -> tuple[Prompt, ...]:
        """Every file in force, by name."""
        return tuple(self._all[path] for path in sorted(self._all))

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have all kinds of offline texts."""
        every = {language for language, _ in self._offline}
        return frozenset(lang for lang in every if all((lang, kind) in self._offline for kind in OFFLINE_KINDS))

    def prompt(self, name: str) -> Prompt:
        """The file in force of this name or path. Raises KeyError when there is none."""
        return self._all[f"{name.removesuffix('.md')}.md"]

    def own(self, name: str) -> Prompt | None:
        """Our file of this name, whatever a team put in its place."""
        return self._own.get(f"{name.removesuffix('.md')}.md")

    def text(self, path: str) -> str:
        """A file's text, for instance `policy/es.md`. Raises KeyError when there is none."""
        return self._all[path].text

    def offline(self, language: str, kind: str) -> tuple[Variant, ...]:
        """The variants for a kind or severity (one of OFFLINE_KINDS); empty when the language has none."""
        return self._offline.get((language, kind), ())


def load(path: Path) -> Prompt:
    """A file anywhere, as if it stood in a team's folder: its name are its last parts from the first known folder on.

    Raises PromptError when it is too large or not UTF-8, OSError when it cannot be read.
    """
    parts = path.absolute().parts
    known = {pattern.partition("/")[0] for pattern in PATTERNS}
    start = max((at for at, part in enumerate(parts[:-1]) if part in known), default=len(parts) - 1)
    made = _read(Path(*parts[:start]), "/".join(parts[start:]))
    return replace(made, overlaid=True)


def read_text(folder: Path, path: str) -> tuple[str, str]:
    """A file's text and the SHA-256 of its bytes. Raises PromptError when it is too large or not UTF-8."""
    with (folder / path).open("rb") as file:
        data = file.read(_BIGGEST + 1)
    if len(data) > _BIGGEST:
        raise PromptError(path, 1, "larger than 256 KiB")
    try:
        return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()
    except UnicodeDecodeError as error:
        raise PromptError(path, data[: error.start].count(b"\n") + 1, "not UTF-8") from error


def _read(folder: Path, path: str) -> Prompt:
    """A file; its first line may say which of ours it was made from, and is no part of the text."""
    text, mark = read_text(folder, path)
    first, _, rest = text.partition("\n")
    hit = _BASE.fullmatch(first)
    name = path.removesuffix(".md")
    return Prompt(name=name, text=rest if hit else text, hash=mark, base=hit["hash"] if hit else "")


def _paths(folder: Path) -> set[str]:
    """The prompt files below a folder, as paths with slashes."""
    return {
        found.relative_to(folder).as_posix()
        for pattern in PATTERNS
        for found in folder.glob(pattern)
        if found.is_file()
    }


def _variants(prompt: Prompt, language: str, kind: str) -> tuple[Variant, ...]:
    try:
        return parse(prompt.text, prompt.path, language, kind)
    except PromptError as error:
        raise PromptError(error.file, error.line + bool(prompt.base), error.problem) from None


def _place(path: str) -> list[tuple[str, str]]:
    """The language and kind that an offline file stands for; refused when nobody would ever read it."""
    parts = path.removesuffix(".md").split("/")
    if parts[0] != "offline":
        return []
    if parts[2] not in OFFLINE_KINDS:
        raise PromptError(path, 1, f"no such kind: {parts[2]}; there are {', '.join(OFFLINE_KINDS)}")
    return [(parts[1], parts[2])]
