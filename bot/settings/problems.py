"""What is wrong with a configuration, said so that whoever reads it knows what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.settings.secrets import redact


@dataclass(frozen=True, slots=True)
class Problem:
    """`name` is the setting or variable, as the person wrote it; a secret's value stands in none of the three."""

    name: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}. {self.remedy}"


class SettingsError(Exception):
    """The configuration cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def cleaned(problem: Problem, secrets: Iterable[str]) -> Problem:
    """The same without anything secret, and without what could play tricks on a terminal."""
    hidden = tuple(secrets)

    def clean(text: str) -> str:
        shown = "".join(c if c.isprintable() else "?" for c in text[:500])
        return redact(shown, hidden)

    return Problem(clean(problem.name), clean(problem.problem), clean(problem.remedy))


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str, cutoff: float = 0.6) -> str:
    """A remedy for a name that does not exist."""
    close = difflib.get_close_matches(word[:64], list(known), n=1, cutoff=cutoff)
    return f"Did you mean {close[0]!r}?" if close else otherwise
