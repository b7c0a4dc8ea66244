"""The labelled cases: enough of them, well formed, and the guard does on them what the README says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.cli.app import start
from bot.cli.guard_cases import CLEAN, HALVES, folder, judged, load, score, total
from bot.triage import RuleClassifier

PLACE = folder(None)
assert PLACE is not None
CASES = load(PLACE, HALVES)
CLASSIFIER = RuleClassifier()
RULES = {
    *("threatens_deletion", "fault", "compensation", "asks_personal_data", "repeats_personal_data", "wrong_language"),
    *("blames", "irony", "foreign_link", "mass_mention", "identical_reply", "canned", "unsupported_promise"),
    *("apology_to_praise", "model_slip", "advice", "too_long"),
}


def test_every_rule_has_twenty_cases_a_language_in_two_halves_and_near_misses() -> None:
    whole = Counter((case["rule"], case["language"]) for case in CASES)
    halves = Counter((case["rule"], case["language"], case["hand"]) for case in CASES)
    near = Counter((case["rule"], case["language"], case["hand"]) for case in CASES if case["expect"] == "none")
    assert {rule for rule, _ in whole} == RULES | {CLEAN}
    assert min(whole.values()) >= 20
    assert len(whole) == 2 * len(RULES | {CLEAN})
    assert min(halves.values()) >= 10
    assert min(near.values()) >= 5


def test_no_case_stands_in_both_halves() -> None:
    texts = {half: {(case["rule"], case["text"]) for case in CASES if case["hand"] == half} for half in HALVES}
    assert {text for rule, text in texts["tune"] & texts["held"] if len(text) > 30} == set()


def test_the_guard_keeps_what_it_reached_on_the_cases() -> None:
    scores = score(CASES, CLASSIFIER.written_in, lambda: None)
    for half, precision, recall in (("tune", 0.99, 0.97), ("held", 0.98, 0.75)):
        whole = total(scores, half)
        assert (whole.precision or 0) >= precision
        assert (whole.recall or 0) >= recall
        assert whole.wrong_level == 0
    assert [one for one in scores if one.half == "tune" and (one.recall or 1) < 0.85] == []


def test_what_is_found_names_words_of_the_reply() -> None:
    for case in CASES:
        for finding in judged(case, CLASSIFIER.written_in):
            assert finding.words
            assert len(finding.words) <= 120


def test_the_command_prints_the_figures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.triage.RuleClassifier", lambda: CLASSIFIER)
    case = next(one for one in CASES if one["rule"] == "fault" and one["expect"] == "block")
    (tmp_path / "tune.jsonl").write_text(json.dumps(case) + "\n")
    with pytest.raises(SystemExit) as ended:
        start(["eval", "guard", "--cases", str(tmp_path), "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert not ended.value.code
    assert printed["cases"] == 1
    assert printed["scores"][0]["recall"] == 1.0
    with pytest.raises(SystemExit):
        start(["eval", "guard", "--cases", str(tmp_path), "--half", "tune", "--lang", "es"])
    assert "Precisión" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "words"),
    [(None, "There are no cases here"), ("{", "tune.jsonl:1"), ('{"kind": "joke"}', "tune.jsonl:1")],
)
def test_without_sound_cases_the_command_says_so(
    line: str | None, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if line is not None:
        (tmp_path / "tune.jsonl").write_text(line + "\n")
    with pytest.raises(SystemExit) as ended:
        start(["eval", "guard", "--cases", str(tmp_path)])
    assert ended.value.code == 1
    assert words in capsys.readouterr().err
