"""A team's own files: in ours' place, with what they were made from, and a word when that changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts import PromptError, Prompts, load
from prompts.texts import Texts

OURS = Prompts()
DRAFT = OURS.prompt("model/draft")


def put(folder: Path, path: str, text: str) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return folder


def test_every_file_is_known_by_name_and_hash() -> None:
    names = [prompt.name for prompt in OURS.all]
    assert names == sorted(names)
    assert {"model/draft", "policy/es", "offline/en/praise", "voice/default"} <= set(names)
    assert all(OURS.sha256[prompt.path] == prompt.hash and not prompt.overlaid for prompt in OURS.all)
    with pytest.raises(KeyError):
        OURS.prompt("model/nothing")


@pytest.mark.parametrize(
    ("first", "base", "moved"),
    [
        (f"# base: {DRAFT.hash}\n", DRAFT.hash, False),
        (f"# base: {DRAFT.hash[:12]}\n", DRAFT.hash[:12], False),
        (f"# base: {'0' * 64}\n", "0" * 64, True),
        ("", "", False),
    ],
)
def test_a_file_says_what_it_was_made_from(tmp_path: Path, first: str, base: str, moved: bool) -> None:
    mine = Prompts(put(tmp_path, "model/draft.md", first + DRAFT.text)).prompt("model/draft.md")
    assert (mine.overlaid, mine.base, mine.moved, mine.ours) == (True, base, moved, DRAFT.hash)
    assert mine.text == DRAFT.text


def test_a_mistake_below_that_line_has_its_own_line(tmp_path: Path) -> None:
    text = f"# base: {'0' * 64}\n---\nlanguage: es\nkind: praise\n---\n## 1\n¡Gracias {{nombre}}!\n"
    with pytest.raises(PromptError, match=r"offline/es/praise\.md:7: .*nombre"):
        Prompts(put(tmp_path, "offline/es/praise.md", text))


def test_a_template_that_cannot_be_used_is_refused_at_start(tmp_path: Path) -> None:
    put(tmp_path, "model/draft.md", "## system\n{{ brnd }}\n## user\n")
    with pytest.raises(PromptError, match=r"model/draft\.md:2: there is no value 'brnd'"):
        Texts(tmp_path)


def test_a_template_of_the_team_is_told_in_ours_place(tmp_path: Path) -> None:
    put(tmp_path, "model/extra.md", "## system\nHi\n## user\nThere\n")
    templates = Texts(tmp_path).templates
    assert templates.render("extra").user == "There\n"
    assert {"draft", "extra"} <= set(templates.names)


def test_a_file_from_anywhere_is_named_by_the_folder_that_it_would_stand_in(tmp_path: Path) -> None:
    put(tmp_path, "new/model/draft.md", DRAFT.text)
    put(tmp_path, "loose.md", "text")
    assert load(tmp_path / "new" / "model" / "draft.md").name == "model/draft"
    assert load(tmp_path / "loose.md").name == "loose"
