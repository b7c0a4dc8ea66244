"""What a day's comments are about: near duplicates and telling words, named and with an example each.

A word tells the more, the more comments have it and the rarer it was in the month before (tf-idf), and the more its
share has grown: the log-odds with a prior of Monroe, Colaresi and Quinn, "Fightin' Words" (2008), in standard errors.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log, sqrt
from typing import TYPE_CHECKING

from bot.triage.minhash import gathered, looked_at, shingles
from bot.triage.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.triage.text import Tokens

MOST = 5
FEWEST = 3
"""Comments that make a theme."""
_NAMED = 3
_SHORTEST_WORD, _LONGEST_WORD = 3, 24
_SHORTEST, _LONGEST = 15, 180
"""Characters of an example that says something and can be read at a glance."""
_SHARED = 0.4
"""The share of a theme's comments that have a word which names it."""
_PRIOR = 0.5
_FAR, _FAR_FEWEST = 4.0, 5
"""Standard errors, and comments, from which a word came up far more often than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """So many comments about one matter. `words` name it, the most telling first; they are foreign text, in lower case.

    `example` is the number of the comment that stands for them, `members` are all of them; `unusual` says that it came
    up far more often than in the month before, `copies` how many are near duplicates of one text.
    """

    words: tuple[str, ...]
    size: int
    example: int
    members: tuple[int, ...]
    unusual: bool = False
    copies: int = 0


@dataclass(slots=True)
class Background:
    """How many comments of the month before had each stem, of `total`."""

    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str]) -> Background:
        """Take more comments in."""
        for text in texts:
            self.total += 1
            self.counts.update(_words(looked_at(text)).keys())
        return self


def themes(texts: Sequence[str], background: Background | None = None, *, most: int = MOST) -> tuple[Theme, ...]:
    """What the texts are about, the largest theme first; each text counts in one at most."""
    cut = [looked_at(text) for text in texts]
    said = [_words(one) for one in cut]
    groups = gathered([shingles(one.folded) for one in cut])
    mates = {number: group for group in groups for number in group}
    scores = _scores(Counter(word for words in said for word in words), len(texts), background or Background())
    left = set(range(len(texts)))
    found: list[Theme] = []
    while len(found) < most:
        chosen = _next(said, left, scores, mates) or _copied(groups, left)
        if not chosen:
            break
        found.append(_theme(texts, said, sorted(chosen), scores, mates))
        left -= chosen
    return tuple(sorted(found, key=lambda theme: (-theme.size, theme.members)))


def _words(cut: Tokens) -> dict[str, str]:
    """The stems of a comment that say something, each with the word as it was written first."""
    found: dict[str, str] = {}
    for folded, shown in zip(cut.folded, cut.shown, strict=True):
        if _SHORTEST_WORD <= len(folded) <= _LONGEST_WORD and (root := stem(folded)):
            found.setdefault(root, shown.lower())
    return found


def _scores(counts: Counter[str], total: int, before: Background) -> dict[str, tuple[float, float]]:
    """For each stem, how much it tells about one comment, and by how many standard errors its share has grown."""
    known = before.total + total
    made = {}
    for word, many in counts.items():
        if many >= FEWEST:
            # Without a month before, what is rare among the day's own comments tells more.
            earlier = before.counts[word] if before.total else many
            grown = _grown(many, total, earlier, before.total) if before.total else 0.0
            made[word] = log((known + 1) / (earlier + _PRIOR)) * (1 + max(0.0, grown)), grown
    return made


def _grown(now: int, of_now: int, then: int, of_then: int) -> float:
    """The log-odds of a share against an earlier one, in standard errors."""
    odds_now = log((now + _PRIOR) / (of_now - now + _PRIOR))
    odds_then = log((then + _PRIOR) / (of_then - then + _PRIOR))
    return (odds_now - odds_then) / sqrt(1 / (now + _PRIOR) + 1 / (then + _PRIOR))


def _next(
    said: Sequence[Mapping[str, str]],
    left: set[int],
    scores: Mapping[str, tuple[float, float]],
    mates: Mapping[int, Sequence[int]],
) -> set[int]:
    """The comments with the word that tells most about those that are left, and their near duplicates."""
    counts = Counter(word for number in left for word in said[number] if word in scores)
    ranked = [(many * scores[word][0], word) for word, many in counts.items() if many >= FEWEST]
    if not ranked:
        return set()
    word = max(ranked)[1]
    chosen = {number for number in left if word in said[number]}
    return {mate for number in chosen for mate in mates.get(number, (number,))} & left


def _copied(groups: Sequence[Sequence[int]], left: set[int]) -> set[int]:
    """Near duplicates that have no word in common with others, or none that says anything."""
    return next((some for group in groups if len(some := left.intersection(group)) >= FEWEST), set())


def _theme(
    texts: Sequence[str],
    said: Sequence[Mapping[str, str]],
    members: Sequence[int],
    scores: Mapping[str, tuple[float, float]],
    mates: Mapping[int, Sequence[int]],
) -> Theme:
    counts = Counter(word for number in members for word in said[number])
    shared = [word for word, many in counts.items() if many >= max(2, _SHARED * len(members))]
    telling = sorted(shared, key=lambda word: (-counts[word] * scores.get(word, (1.0, 0.0))[0], word))[:_NAMED]
    inside = set(members)
    groups = {tuple(mates[number]) for number in members if number in mates}
    return Theme(
        words=tuple(_as_written(word, said, members) for word in telling),
        size=len(members),
        example=_example(texts, said, members, telling),
        members=tuple(members),
        unusual=len(members) >= _FAR_FEWEST and any(scores.get(word, (0.0, 0.0))[1] >= _FAR for word in telling[:1]),
        copies=max((len(inside.intersection(group)) for group in groups), default=0),
    )


def _as_written(word: str, said: Sequence[Mapping[str, str]], members: Sequence[int]) -> str:
    """The form of a word that most of them use."""
    forms = Counter(said[number][word] for number in members if word in said[number])
    return min(forms, key=lambda form: (-forms[form], form))


def _example(
    texts: Sequence[str], said: Sequence[Mapping[str, str]], members: Sequence[int], telling: Sequence[str]
) -> int:
    """The shortest of those that have most of the words which name the theme."""

    def place(number: int) -> tuple[bool, int, int, int]:
        length = len(texts[number])
        has = sum(word in said[number] for word in telling)
        return not _SHORTEST <= length <= _LONGEST, -has, length, number

    return min(members, key=place)
