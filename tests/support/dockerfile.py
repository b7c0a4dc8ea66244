"""The instructions of a Dockerfile, as far as ours needs it: no heredocs, no escapes but the one at a line's end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: its name in capitals, and everything after it on one line."""

    name: str
    words: str


def steps(file: Path) -> list[Step]:
    """All of them, in order."""
    found, held = [], ""
    for line in file.read_text("utf-8").splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        held += line.strip().removesuffix("\\")
        if line.endswith("\\"):
            continue
        name, _, words = held.partition(" ")
        found.append(Step(name.upper(), words.strip()))
        held = ""
    assert not held, "the last line goes on into nothing"
    return found
