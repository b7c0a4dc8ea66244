"""The texts that instruct a model, and the rules, voice and facts that they draw on: read once, checked, overlaid."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from prompts.variants import FORMS, Formality, PromptError, Variant, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "OFFLINE_KINDS", "Formality", "PromptError", "Prompts", "Variant"]

OFFLINE_KINDS = ("complaint", "question", "suggestion", "praise", "comment", "high", "critical")
_OWN = Path(__file__).parent
_BIGGEST = 256 * 1024


class Prompts:
    """All prompt texts, those of the overlay folder in place of our own. Immutable after construction.

    Args:
        overlay: a folder whose files replace ours of the same path (`offline/es/praise.md`); other languages may be
            added there.

    Raises:
        PromptError: a file is not as `README.md` says, is not UTF-8, or is larger than 256 KiB.

    """

    def __init__(self, overlay: Path | None = None) -> None:
        self._texts: dict[str, str] = {}
        self._sums: dict[str, str] = {}
        for path in _paths(_OWN) | (_paths(overlay) if overlay else set()):
            self._read(path, overlay)
        self._offline = {
            (language, kind): parse(self._texts[path], path, language, kind)
            for path in sorted(self._texts)
            for language, kind in _place(path)
        }

    def _read(self, path: str, overlay: Path | None) -> None:
        replaced = overlay is not None and (overlay / path).is_file()
        data = ((overlay if replaced and overlay else _OWN) / path).read_bytes()
        if len(data) > _BIGGEST:
            raise PromptError(path, 1, "larger than 256 KiB")
        try:
            self._texts[path] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise PromptError(path, data[: error.start].count(b"\n") + 1, "not UTF-8") from error
        self._sums[path] = hashlib.sha256(data).hexdigest()

    @property
    def sha256(self) -> Mapping[str, str]:
        """For each file in use, by its path in this folder, the SHA-256 of its bytes in hexadecimal."""
        return MappingProxyType(self._sums)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that have all kinds of offline texts."""
        every = {language for language, _ in self._offline}
        return frozenset(lang for lang in every if all((lang, kind) in self._offline for kind in OFFLINE_KINDS))

    def text(self, path: str) -> str:
        """A file's text, for instance `policy/es.md`. Raises KeyError when there is none."""
        return self._texts[path]

    def offline(self, language: str, kind: str) -> tuple[Variant, ...]:
        """The variants for a kind or severity (one of OFFLINE_KINDS); empty when the language has none."""
        return self._offline.get((language, kind), ())


def _paths(folder: Path) -> set[str]:
    """The prompt files below a folder, as paths with slashes."""
    return {
        found.relative_to(folder).as_posix()
        for part in ("offline/*/*.md", "policy/*.md")
        for found in folder.glob(part)
        if found.is_file()
    }


def _place(path: str) -> list[tuple[str, str]]:
    """The language and kind that an offline file stands for; refused when nobody would ever read it."""
    parts = path.removesuffix(".md").split("/")
    if parts[0] != "offline":
        return []
    if parts[2] not in OFFLINE_KINDS:
        raise PromptError(path, 1, f"no such kind: {parts[2]}; there are {', '.join(OFFLINE_KINDS)}")
    return [(parts[1], parts[2])]
