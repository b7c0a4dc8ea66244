"""The guard held against labelled cases: what each rule caught and missed, by language and by half.

The cases are JSON lines, `<half>.jsonl` in one folder: `rule` (or "none": nothing at all may be found), `language`,
`hand`, `expect` (`block`, `warn`, `none`), `author`, `visibility`, `kind`, `comment`, `text`; `recent`, `facts` and
`max_length` where a rule needs them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.guard import GuardFacts, review
from bot.core.types import Kind, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.core.types import Finding

HALVES = ("tune", "held")
CLEAN = "none"
OWN_DOMAINS = frozenset({"marca.example"})
_UNLIMITED = 500
_BESIDE = Path(__file__).resolve().parents[2] / "tests" / "data" / "guard"
_ASKED = ("rule", "language", "hand", "expect", "author", "visibility", "kind", "comment", "text")
_COUNTED = ("hits", "missed", "false", "passed", "wrong_level")


@dataclass(frozen=True, slots=True)
class Score:
    """One rule in one language on one half: how many cases came out how.

    `hits` were wanted and found, `missed` wanted and not found, `false` found and not wanted, `passed` neither;
    `wrong_level` of the hits were found with another verdict than wanted.
    """

    rule: str
    language: str
    half: str
    hits: int = 0
    missed: int = 0
    false: int = 0
    passed: int = 0
    wrong_level: int = 0

    @property
    def cases(self) -> int:
        """How many cases were tried."""
        return self.hits + self.missed + self.false + self.passed

    @property
    def precision(self) -> float | None:
        """The share of what was found that was wanted; None when nothing was found."""
        found = self.hits + self.false
        return self.hits / found if found else None

    @property
    def recall(self) -> float | None:
        """The share of what was wanted that was found; None when nothing was wanted."""
        wanted = self.hits + self.missed
        return self.hits / wanted if wanted else None


def folder(named: Path | None) -> Path | None:
    """Where the cases are: the folder that was named, else the one of the source tree; None when there is none."""
    place = named or _BESIDE
    return place if any((place / f"{half}.jsonl").is_file() for half in HALVES) else None


def load(place: Path, halves: Iterable[str]) -> list[dict[str, Any]]:
    """The cases of some halves. Raises ValueError, which names file and line, for what is no case."""
    cases = []
    for half in halves:
        file = place / f"{half}.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        for number, line in enumerate(lines, start=1):
            try:
                case = json.loads(line)
                missing = [name for name in _ASKED if name not in case]
                Kind(case["kind"]), Visibility(case["visibility"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file.name}:{number}: {error}") from error
            if missing:
                raise ValueError(f"{file.name}:{number}: {', '.join(missing)} missing")
            cases.append(case)
    return cases


def judged(case: dict[str, Any], written_in: Callable[[str], str | None]) -> tuple[Finding, ...]:
    """What the guard says about a case's text; the language is detected as for a real reply."""
    facts = GuardFacts(
        language_wanted=case["language"],
        language_found=written_in(case["text"]),
        length=len(case["text"]),
        max_length=case.get("max_length", _UNLIMITED),
        visibility=Visibility(case["visibility"]),
        by_person=case["author"] == "person",
        own_domains=OWN_DOMAINS,
        comment=case["comment"],
        kind=Kind(case["kind"]),
        recent=tuple(case.get("recent", ())),
        facts=tuple(case.get("facts", ())),
    )
    return review(case["text"], facts)


def found_level(case: dict[str, Any], findings: Iterable[Finding]) -> str:
    """The gravest verdict of the case's rule, of any rule for a clean case; `none` when it found nothing."""
    levels = {finding.level for finding in findings if case["rule"] in (finding.rule, CLEAN)}
    return "block" if "block" in levels else "warn" if levels else "none"


def score(
    cases: Iterable[dict[str, Any]], written_in: Callable[[str], str | None], step: Callable[[], None]
) -> list[Score]:
    """The scores by rule, language and half, in the order of the cases. `step` is told after each case."""
    counted: dict[tuple[str, str, str], dict[str, int]] = {}
    for case in cases:
        row = counted.setdefault((case["rule"], case["language"], case["hand"]), {})
        for what in _outcome(case["expect"], found_level(case, judged(case, written_in))):
            row[what] = row.get(what, 0) + 1
        step()
    return [_scored(key, row) for key, row in counted.items()]


def _scored(key: tuple[str, str, str], row: dict[str, int]) -> Score:
    hits, missed, false, passed, level = (row.get(what, 0) for what in _COUNTED)
    return Score(*key, hits=hits, missed=missed, false=false, passed=passed, wrong_level=level)


def _outcome(wanted: str, found: str) -> Iterator[str]:
    if wanted == "none":
        yield "passed" if found == "none" else "false"
    elif found == "none":
        yield "missed"
    else:
        yield "hits"
        if found != wanted:
            yield "wrong_level"


def total(scores: Iterable[Score], half: str) -> Score:
    """All rules of a half together, clean cases included."""
    mine = [one for one in scores if one.half == half]
    return _scored(("all", "", half), {what: sum(getattr(one, what) for one in mine) for what in _COUNTED})
