"""Measures the embedded triage on labelled CSV files: `python tests/bench/triage.py FILE.csv …`.

What a file measures follows from its columns:
- `text, lang`: accuracy of the language identifier over the file's languages, forced and with its threshold, and
  how well a team with Spanish and English configured is served (found, mistaken, foreign kept out);
- `text, spam`: F1 of spam;
- `text, sentiment` (negative/neutral/positive or N/NEU/P), optionally `confidence` (rows from 0.6 on) or `split`
  (rows of `dev`): macro-F1 of sentiment.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from bot.core.types import Kind
from bot.triage import RuleClassifier
from bot.triage.language import LanguageGuess

if TYPE_CHECKING:
    from collections.abc import Sequence

Rows = list[dict[str, str]]
_SENTIMENTS = {"N": "negative", "NEU": "neutral", "P": "positive"}
_LEAST_CONFIDENCE = 0.6


def f1(pairs: Sequence[tuple[str, str]], label: str) -> float:
    """F1 of one label over (wanted, found) pairs."""
    hits = sum(wanted == found == label for wanted, found in pairs)
    total = sum((wanted == label) + (found == label) for wanted, found in pairs)
    return 2 * hits / total if total else 0.0


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 of the labels that are wanted somewhere."""
    labels = sorted({wanted for wanted, _ in pairs})
    return sum(f1(pairs, label) for label in labels) / len(labels)


def measure_language(rows: Rows) -> list[str]:
    """The identifier over the file's own languages, then as a Spanish and English team would meet it."""
    guess = LanguageGuess(sorted({row["lang"] for row in rows}))
    forced = sum(guess.ranked(row["text"])[0][0] == row["lang"] for row in rows) / len(rows)
    certain = [(row["lang"], guess.guess(row["text"])[0]) for row in rows]
    right = sum(wanted == found for wanted, found in certain) / len(rows)
    wrong = sum(found is not None and wanted != found for wanted, found in certain) / len(rows)
    team = LanguageGuess(("es", "en"))
    met = Counter((row["lang"] in team.languages, _outcome(row["lang"], team.guess(row["text"])[0])) for row in rows)
    ours = sum(count for (own, _), count in met.items() if own) or 1
    foreign = sum(count for (own, _), count in met.items() if not own) or 1
    return [
        f"accuracy, forced: {forced:.3f}",
        f"accuracy, with threshold: {right:.3f} (wrong {wrong:.3f}, the rest unknown)",
        f"es+en team, own: found {met[True, 'right'] / ours:.3f}, mistaken {met[True, 'wrong'] / ours:.3f}",
        f"es+en team, foreign: kept out {met[False, 'unknown'] / foreign:.3f}",
    ]


def _outcome(wanted: str, found: str | None) -> str:
    return "unknown" if found is None else "right" if wanted == found else "wrong"


def measure_spam(rows: Rows, classifier: RuleClassifier) -> list[str]:
    """F1, precision and recall of the kind `spam`."""
    pairs = [(row["spam"], "1" if classifier.assess(row["text"]).kind is Kind.SPAM else "0") for row in rows]
    found = Counter(pairs)
    precision = found["1", "1"] / max(1, found["1", "1"] + found["0", "1"])
    recall = found["1", "1"] / max(1, found["1", "1"] + found["1", "0"])
    return [f"spam F1: {f1(pairs, '1'):.3f} (precision {precision:.3f}, recall {recall:.3f})"]


def measure_sentiment(rows: Rows, classifier: RuleClassifier) -> list[str]:
    """Macro-F1 of sentiment, and F1 of each."""
    chosen = [
        row
        for row in rows
        if float(row.get("confidence") or 1) >= _LEAST_CONFIDENCE and row.get("split", "dev") == "dev"
    ]
    pairs = [
        (_SENTIMENTS.get(row["sentiment"], row["sentiment"]), str(classifier.assess(row["text"]).sentiment))
        for row in chosen
    ]
    parts = ", ".join(f"{label} {f1(pairs, label):.3f}" for label in sorted({wanted for wanted, _ in pairs}))
    return [f"sentiment macro-F1 over {len(pairs)} rows: {macro_f1(pairs):.3f} ({parts})"]


def measure_file(path: str, classifier: RuleClassifier) -> list[str]:
    """The figures of one file. Raises ValueError when its columns are none of the known ones."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        rows = list(csv.DictReader(file))
    columns = set(rows[0]) if rows else set()
    if {"text", "lang"} <= columns:
        lines = measure_language(rows)
    elif {"text", "spam"} <= columns:
        lines = measure_spam(rows, classifier)
    elif {"text", "sentiment"} <= columns:
        lines = measure_sentiment(rows, classifier)
    else:
        raise ValueError(f"{path}: expected the columns text and one of lang, spam, sentiment")
    return [*lines, measure_speed(rows, classifier)]


def measure_speed(rows: Rows, classifier: RuleClassifier) -> str:
    """The mean processor time of a whole assessment, language included, once everything is warm."""
    began = time.process_time()
    for row in rows:
        classifier.assess(row["text"])
    spent = 1000 * (time.process_time() - began) / len(rows)
    return f"{len(rows)} rows, {spent:.3f} ms an assessment"


def main(paths: Sequence[str]) -> int:
    """Print the figures of each file; 2 when none was named."""
    if not paths:
        print(__doc__)
        return 2
    classifier = RuleClassifier()
    classifier.warm()
    for path in paths:
        print(path)
        for line in measure_file(path, classifier):
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
