"""The command line has every verb of the grammar, and understands words as the grammar does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.app import SPANISH, arranged, build, explained, start
from bot.cli.context import LANGUAGE_VARIABLES, Options
from bot.cli.errors import USAGE
from bot.cli.verbs import understand
from bot.core import messages as m
from bot.core.commands import MAX_TEXT, parse
from bot.core.queries import Misunderstood
from bot.core.words import BY_NAME, BY_WORD, VERBS, Verb
from bot.store.errors import DatabaseUnreachable

COMMANDS = typer.main.get_command(build("en")).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_a_command_with_its_summary(verb: Verb) -> None:
    assert COMMANDS[verb.name].help == verb.summary


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_answers_to_its_other_words(verb: Verb) -> None:
    for word in (*verb.also, *verb.spanish, verb.name.upper()):
        assert arranged([word, "K7Q2"])[0] == verb.name


def test_spanish_words_of_the_programs_own_verbs_name_commands_and_hide_no_verb() -> None:
    assert set(SPANISH.values()) <= set(COMMANDS)
    assert not set(SPANISH) & (set(BY_WORD) | set(COMMANDS))


def test_the_help_has_no_other_commands_than_documented() -> None:
    own = {
        "run",
        "check",
        "migrate",
        "link",
        "replay",
        "export",
        "backup",
        "backfill",
        "calls",
        "eval",
        "restore",
        "erase",
        "init",
        "audit",
        "slack",
        "discord",
        "telegram",
        "prompts",
    }
    assert set(COMMANDS) == own | set(BY_NAME)


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"help"}))
def test_every_verb_offers_json(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert "--json" in options


def test_without_words_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        start([])
    shown = capsys.readouterr()
    assert ended.value.code == USAGE
    assert "inbox" in shown.out + shown.err


@pytest.mark.parametrize(
    ("name", "usage"), [("next", "next [OPTIONS]"), ("inbox", "inbox [OPTIONS] [mine|all]"), ("ask", "@who question")]
)
def test_the_help_tells_the_words_as_the_grammar_does(
    capsys: pytest.CaptureFixture[str], name: str, usage: str
) -> None:
    with pytest.raises(SystemExit):
        start(["--lang", "en", name, "--help"])
    assert capsys.readouterr().out.splitlines()[0].endswith(usage)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (["--as", "ana"], "Di durante"),
        (["--as", "@Luis"], "Say for how long"),
        ([], "Di durante"),
        (["--as", "ana", "--lang", "en"], "Say for how long"),
    ],
)
def test_a_mistake_is_told_in_the_language_of_whoever_made_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: list[str], answer: str
) -> None:
    people = [f'[[people]]\nid = "{who}"\nname = "{who.title()}"\nlocale = "{locale}"\nrole = "lead"\n'
              for who, locale in (("ana", "es"), ("luis", "en"))]  # fmt: skip
    (tmp_path / "portavoz.toml").write_text('locale = "es"\n' + "".join(people), encoding="utf-8")
    for name in LANGUAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit) as ended:
        start(["--data", str(tmp_path), "snooze", "K7Q2", "2x", *said])
    assert ended.value.code == USAGE
    assert capsys.readouterr().err.startswith(answer)


@pytest.mark.parametrize("problem", ["It is away", "It is away."])
def test_what_is_wrong_with_a_database_is_two_sentences(problem: str) -> None:
    assert explained(DatabaseUnreachable(problem, "Look."), Options(lang="en")).message == "It is away. Look."


def test_options_of_the_program_may_stand_anywhere_before_the_two_dashes() -> None:
    typed = ["Aprobar", "K7Q2", "--data", "d", "--as", "ana", "--lang=es", "--config", "c"]
    assert arranged(typed) == ["--data", "d", "--lang=es", "--config", "c", "approve", "K7Q2", "--as", "ana"]
    assert arranged(["note", "K7Q2", "--", "--data", "x"]) == ["note", "K7Q2", "--", "--data", "x"]
    assert arranged(["inbox", "--data"]) == ["--data", "inbox"]
    assert arranged([]) == []


@pytest.mark.parametrize(
    ("name", "words", "command"),
    [
        ("approve", ["k7q2", "r3"], m.Approve(by="ana", via="cli", ticket="K7Q2", revision=3)),
        ("approve", ["#K7Q2:"], m.Approve(by="ana", via="cli", ticket="K7Q2")),
        ("edit", ["K7Q2", "two", "words"], m.Edit(by="ana", via="cli", ticket="K7Q2", text="two words")),
        ("edit", ["K7Q2", " a\n\n  b  "], m.Edit(by="ana", via="cli", ticket="K7Q2", text="a\n\n  b")),
        (
            "reply",
            ["K7Q2", "portavoz", "approve"],
            m.Write(by="ana", via="cli", ticket="K7Q2", text="portavoz approve"),
        ),
        ("ask", ["K7Q2", "@luis", "¿y?"], m.Ask(by="ana", via="cli", ticket="K7Q2", person="luis", question="¿y?")),
        ("snooze", ["K7Q2", "2", "horas"], m.Snooze(by="ana", via="cli", ticket="K7Q2", span=timedelta(hours=2))),
        ("approve", ["nope!"], m.Approve(by="ana", via="cli", ticket="NOPE!")),
    ],
)
def test_words_become_the_grammars_commands(name: str, words: list[str], command: m.Command) -> None:
    assert understand(BY_NAME[name], words, by="ana", via="cli") == command


@pytest.mark.parametrize(
    ("name", "words", "reason"),
    [
        ("approve", [], "ticket_missing"),
        ("approve", ["#"], "ticket_missing"),
        ("approve", ["K7Q2", "soon"], "too_much"),
        ("edit", ["K7Q2"], "text_missing"),
        ("edit", ["K7Q2", "x" * (MAX_TEXT + 1)], "text_too_long"),
        ("snooze", ["K7Q2", "never"], "bad_span"),
        ("inbox", ["yours"], "too_much"),
    ],
)
def test_what_is_no_command_is_said_to_be_none(name: str, words: list[str], reason: str) -> None:
    answer = understand(BY_NAME[name], words, by="ana", via="cli")
    assert isinstance(answer, Misunderstood)
    assert answer.reason == reason


@given(verb=st.sampled_from(VERBS), rest=st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=4))
def test_command_line_and_chats_understand_the_same(verb: Verb, rest: list[str]) -> None:
    words = ["K7Q2", *rest] if verb.on_ticket else rest
    line = " ".join([verb.name, *words])
    assert understand(verb, words, by="ana", via="cli") == parse(line, by="ana", via="cli")
