"""The catalogues are complete, and translate nothing that nobody says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.locale import __main__ as tool
from bot.locale import available, extract
from bot.locale.catalogue import places
from bot.locale.extract import Said, as_po, missing, read, said, unused

OTHERS = available()[1:]


@pytest.mark.parametrize("locale", OTHERS)
def test_everything_that_is_said_is_translated(locale: str) -> None:
    lacking = missing(read(locale), said())
    assert not lacking, f"to be translated in {extract.path(locale)}:\n\n{as_po(lacking)}"


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_translated_that_nobody_says(locale: str) -> None:
    assert unused(read(locale), said()) == []


@pytest.mark.parametrize("locale", OTHERS)
def test_a_translation_has_the_same_places_for_values(locale: str) -> None:
    for message in read(locale):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if ids[0]:
            assert {places(string or "") for string in strings} <= {places(one) for one in ids}, message.id


@pytest.mark.parametrize("locale", OTHERS)
def test_a_translation_ends_as_the_sentence_does(locale: str) -> None:
    for message in read(locale):
        if isinstance(message.id, str) and message.string and message.id[-1:] in (".", "?", ":"):
            assert str(message.string)[-1:] == message.id[-1], message.id


def test_sentences_are_found_where_they_are_written(tmp_path: Path) -> None:
    code = tmp_path / "bot" / "reports"
    chat = tmp_path / "handlers" / "chats" / "desk"
    code.mkdir(parents=True)
    chat.mkdir(parents=True)
    (code / "x.py").write_text(
        'NAMED = "Named {n}."\n'
        'text(locale, "Plain.")\nntext(locale, "One {n}.", "Many {n}.", n)\nvisit.say("Said.", n=1)\n'
        'text(locale, NAMED)\ntext("SELECT 1")\ntext(locale, other)\nraise Refusal(404, "Title.", "Body.")\n'
    )
    (chat / "words.py").write_text(
        'A = {"code": "Value.", "x": Word("🙂", "Label."), "y": "🙂"}\nB = (("60", "1 hour"),)\n'
    )
    (chat / "a.html").write_text("{{ t(\"Shown.\") }} {{ t('Quoted \\'it\\'.', n=1) }} {{ start(\"no\") }}")
    found = said(tmp_path)
    mine = {msgid: one for msgid, one in found.items() if one.where.startswith(("bot/reports", "handlers"))}
    assert set(mine) == {
        "Plain.", "One {n}.", "Said.", "Named {n}.", "Title.", "Body.",
        "Value.", "Label.", "1 hour", "Shown.", "Quoted 'it'.",
    }  # fmt: skip
    assert mine["One {n}."].plural == "Many {n}."
    assert mine["Shown."].where == "handlers/chats/desk/a.html"


def test_half_a_translation_is_missing_too() -> None:
    catalogue = Catalog(locale="es")
    catalogue.add("Done.", "")
    catalogue.add("Fuzzy.", "Borroso.", flags=["fuzzy"])
    catalogue.add(("One.", "Many."), ("Uno.", ""))
    catalogue.add("Whole.", "Entero.")
    wanted = {
        one.msgid: one
        for one in (
            Said("Done.", None, "a"),
            Said("Fuzzy.", None, "a"),
            Said("One.", "Many.", "a"),
            Said("Whole.", None, "a"),
            Said("New.", None, "a"),
        )
    }
    assert [one.msgid for one in missing(catalogue, wanted)] == ["Done.", "Fuzzy.", "One.", "New."]
    assert unused(catalogue, {}) == ["Done.", "Fuzzy.", "One.", "Whole."]


def test_the_tool_adds_what_is_missing_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "portavoz.po"
    file.write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\nmsgid "Old."\nmsgstr "Viejo."\n'
    )
    monkeypatch.setattr(tool, "available", lambda: ("en", "es"))
    monkeypatch.setattr(extract, "path", lambda locale: file)
    monkeypatch.setattr(tool, "path", lambda locale: file)
    wanted = {one.msgid: one for one in (Said('Say "a\\b".\n', None, "x.py"), Said("One {n}.", "Many {n}.", "x.py"))}
    monkeypatch.setattr(tool, "said", lambda: wanted)
    assert tool.main() == 1
    assert "2 added, 2 to translate" in capsys.readouterr().out
    once = file.read_text()
    assert tool.main() == 1
    out = capsys.readouterr().out
    assert "0 added, 2 to translate" in out
    assert "nobody says 'Old.' any more" in out
    assert file.read_text() == once
    file.write_text(re.sub(r'(msgstr(?:\[\d\])?) ""\n(?=\n|msgstr|$)', r'\1 "Dicho {n}."\n', once))
    assert tool.main() == 0
