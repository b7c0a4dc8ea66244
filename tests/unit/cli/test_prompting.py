"""`prompts`: what people see of the texts in force, of their own, and of what these become."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import triage, wiring
from bot.cli.app import start
from bot.core.drafting import Because, NoOffer
from prompts import Prompts
from tests.support.engine_world import SimpleClassifier
from tests.support.lights import worded

DRAFT = Prompts().prompt("model/draft")
FACT = "---\nlanguage: en\ntags: open\nsource: website\nvalid_until: {until}\n---\nWe open at nine.\n"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code of `portavoz prompts WORDS...`, and what was said on both streams."""
    with pytest.raises(SystemExit) as ended:
        start(["prompts", *words])
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A team's folder with a template of its own, a fact that holds and one that does not."""
    folder = tmp_path / "team"
    files = {
        "model/draft.md": f"# base: {DRAFT.hash}\n" + DRAFT.text.replace("Plain text, no markup.", "Plain text."),
        "facts/hours.md": FACT.format(until="2999-12-31"),
        "facts/old.md": FACT.format(until="2020-12-31"),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (tmp_path / "portavoz.toml").write_text(f'prompts = "{folder}"\n')
    monkeypatch.setenv("PORTAVOZ_DATA", str(tmp_path))
    monkeypatch.setenv("LANG", "en")
    # The real one takes seconds to learn its languages.
    monkeypatch.setattr(triage, "RuleClassifier", lambda languages: SimpleClassifier())
    return folder


def test_the_list_tells_ours_from_theirs_and_what_has_expired(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert code == 0
    assert " yours " in lines["model/draft"]
    assert " ours " in lines["model/redraft"]
    assert "expired" in lines["old"]
    assert "expired" not in lines["hours"]
    listed = json.loads(run(capsys, "list", "--json")[1])
    mine = next(one for one in listed["prompts"] if one["name"] == "model/draft")
    assert (mine["yours"], mine["base"], mine["base_changed"]) == (True, DRAFT.hash, False)
    assert {one["id"]: one["expired"] for one in listed["knowledge"]} == {"hours": False, "old": True}


def test_what_is_shown_of_ours_can_be_kept_as_ones_own(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "show", "model/redraft")[1]
    assert shown.startswith(f"# base: {Prompts().prompt('model/redraft').hash}\n")
    (team / "model" / "redraft.md").write_text(shown, encoding="utf-8")
    code, out, err = run(capsys, "diff", "model/redraft")
    assert (code, out, err) == (0, "", "")
    assert run(capsys, "show", "old")[1] == "We open at nine.\n"
    assert run(capsys, "show", "offline/es/nothing")[0] == 4


def test_a_difference_is_shown_and_a_change_of_ours_is_warned_of(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "diff")
    changed = [line for line in out.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert (code, len(changed), err) == (0, 2, "")
    file = team / "model" / "draft.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(DRAFT.hash, "0" * 64), encoding="utf-8")
    assert "model/draft: ours changed since yours was made from it" in run(capsys, "diff")[2]
    file.write_text(text.partition("\n")[2], encoding="utf-8")
    assert f"`# base: {DRAFT.hash}`" in run(capsys, "diff", "draft")[2]
    file.unlink()
    assert "Everything is as we wrote it." in run(capsys, "diff")[2]


def test_a_text_is_tried_with_a_comment_and_without_a_model_nobody_is_asked(
    team: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "try", "draft", "--comment", "Are you open? \x1b[31m\u202e", "--language", "es")
    assert code == 0
    assert "tú (tutear)" in out
    assert "\x1b" not in out
    assert "No model is configured" in err
    assert "fact id=hours" in run(capsys, "try", "draft", "--comment", "Are you open?")[1]
    loose = team.parent / "mine.md"
    loose.write_text("## system\n{{ brand }}\n## user\n{{ coment }}\n", encoding="utf-8")
    code, _, err = run(capsys, "try", str(loose))
    assert (code, "mine.md:4: there is no value 'coment'" in err) == (1, True)
    variants = run(capsys, "try", "offline/en/question", "--comment", "Are you open?")[1]
    assert variants.count("\n#") >= 5
    assert run(capsys, "try", "policy/es")[0] == 2
    assert run(capsys, "try", "nothing/at/all")[0] == 4


def test_a_configured_model_answers(
    team: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def complete(system: str, user: str) -> str:
        asked.append((system, user))
        if len(asked) > 1:
            raise NoOffer(Because.DOWN, "refused")
        return '{"drafts": []}\x1b'

    model = SimpleNamespace(model="m-1", complete=complete)
    monkeypatch.setattr(wiring, "model_of", lambda *_: model)
    code, out, _ = run(capsys, "try", "draft", "--comment", "Are you open?")
    assert code == 0
    assert out.rstrip().endswith('## m-1\n\n{"drafts": []}\\x1b')
    assert "Are you open?" in asked[0][1]
    code, _, err = run(capsys, "try", "draft")
    assert (code, "model_down" in err) == (1, True)


def test_a_broken_fact_stops_every_command_with_file_and_line(team: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (team / "facts" / "old.md").write_text("---\nlanguage: en\nsauce: web\n---\nx\n")
    code, _, err = run(capsys, "list")
    assert code == 1
    assert f"{team / 'facts' / 'old.md'}:3: there is no 'sauce'" in err


def test_check_tells_what_is_known_what_has_expired_and_what_changed(team: Path) -> None:
    from bot.cli.checking import texts
    from bot.settings import load

    file = team / "model" / "draft.md"
    file.write_text(file.read_text(encoding="utf-8").replace(DRAFT.hash, "0" * 64), encoding="utf-8")
    found = {light.code: light for light in texts(load(data=team.parent, environ={}))}
    assert {code: light.state for code, light in found.items()} == {
        "texts_ok": "ok",
        "texts_moved": "warn",
        "knowledge_ok": "ok",
        "knowledge_expired": "warn",
    }
    assert "facts/old.md" in worded(found["knowledge_expired"]).detail
    assert "model/draft" in worded(found["texts_moved"]).detail
    assert "Facts: 2" in worded(found["knowledge_ok"]).detail
