"""Speeds, days, languages, the ready line and ways of deciding: what the command line computes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import shapes, tables
from bot.cli.app import start
from bot.cli.context import tongue, via
from bot.cli.errors import USAGE, WRONG, Stop
from bot.cli.output import clean, iso
from bot.cli.replay import Pace
from bot.cli.rows import Row
from bot.cli.running import ready_line
from bot.core.briefs import Cited, Made
from bot.core.figures import DraftOutcome
from bot.settings import load
from tests.contract.chat_world import World

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def recorded(*seconds: int | None) -> list[Row]:
    times = [None if second is None else NOW + timedelta(seconds=second) for second in seconds]
    return [Row(line=n, author="a", text="b", created_at=at) for n, at in enumerate(times, 1)]


@pytest.mark.parametrize(
    ("speed", "due"),
    [
        (None, [0.0, 0.0, 0.0, 0.0]),
        ("4", [0.0, 0.25, 0.5, 0.75]),
        ("10x", [0.0, 6.0, 6.0, 12.0]),
        ("0.5X", [0.0, 120.0, 120.0, 240.0]),
    ],
)
def test_a_speed_says_when_each_comment_is_due(speed: str | None, due: list[float]) -> None:
    offsets = Pace.of(speed, "en").offsets(recorded(0, 60, None, 120))
    assert [offset for offset, _ in offsets] == due


def test_what_was_recorded_out_of_order_goes_at_once() -> None:
    assert [offset for offset, _ in Pace.of("1x", "en").offsets(recorded(0, 10, 5))] == [0.0, 10.0, 10.0]


@pytest.mark.parametrize("speed", ["", "x", "fast", "0", "-1", "nan", "inf", "1e9"])
def test_what_is_no_speed_is_a_usage_error(speed: str) -> None:
    with pytest.raises(Stop) as stopped:
        Pace.of(speed, "en")
    assert stopped.value.code == USAGE


@pytest.mark.parametrize(("locale", "word"), [("en", "desk: "), ("es", "mesa: ")])
def test_the_ready_line_begins_alike_in_every_language(tmp_path: Path, locale: str, word: str) -> None:
    settings = load(data=tmp_path, port=8611, environ={})
    line = ready_line(locale, settings, "http://127.0.0.1:8611/desk/in/x")
    assert line.startswith("ready http://127.0.0.1:8611 | ")
    assert f"{word}http://127.0.0.1:8611/desk | " in line
    assert "http://127.0.0.1:8611/wall | " in line
    assert line.endswith(" http://127.0.0.1:8611/desk/in/x")
    assert "\n" not in line


def test_a_data_folder_that_cannot_be_made_is_told_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        start(["--lang", "es", "--data", str(tmp_path / "file" / "deep"), "run", "--port", "0"])
    assert ended.value.code == WRONG
    assert "file: Not a directory). Indica una" in capsys.readouterr().err


def test_the_language_is_the_one_asked_for_or_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert tongue(None) == "es"
    assert tongue("en") == "en"
    monkeypatch.setenv("PORTAVOZ_LOCALE", "en")
    assert tongue(None) == "en"


def test_a_user_of_the_system_without_a_name_goes_by_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 1234)
    assert via() == "cli/1234"
    monkeypatch.setattr("getpass.getuser", lambda: "ro\x1bsa" + "x" * 100)
    assert via() == "cli/rosa" + "x" * 28


def test_what_cannot_be_seen_is_written_out_and_line_ends_stay() -> None:
    assert clean("a\r\nb\tc\x1b[1m\u202e") == "a\nb c\\x1b[1m\\u202e"


def test_times_are_utc_with_a_z() -> None:
    assert iso(datetime(2026, 11, 20, 10, 30, tzinfo=MADRID)) == "2026-11-20T09:30:00Z"
    assert iso(None) is None


def test_show_tells_what_a_draft_rests_on_and_which_model_wrote_it(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    world.cited = (Cited(id="opening-hours", source="website"),)
    world.made = Made(prompt="model/draft.md", hash="ab" * 32, model="m-1", tokens_in=9, tokens_out=3, seconds=1.5)
    card = world.card_now(world.comment())
    tables.card(card, "es", world.clock(), UTC)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Datos usados: opening-hours (website)" in shown
    assert "Modelo: m-1, 9 tokens de entrada, 3 de salida, 1.5 s, instrucción model/draft.md abababababab" in shown
    revision = shapes.whole(card, {}, "en", [])["replies"][0]["revisions"][0]
    assert revision["facts"] == [{"id": "opening-hours", "source": "website", "url": None}]
    assert (revision["made"]["model"], revision["made"]["tokens_in"]) == ("m-1", 9)


def test_show_tells_how_many_have_to_say_yes_and_no_variant_of_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    card = world.card_now(world.comment())
    [reply] = card.replies
    tables.card(replace(card, replies=(replace(reply, quorum=2),)), "es", world.clock(), UTC)
    shown = " ".join(capsys.readouterr().out.split())
    assert "revisión 1, de Portavoz" in shown
    assert "0 de 2 aprobaciones; una tiene que ser de quien no escribió el texto." in shown
    tables.card(card, "es", world.clock(), UTC)
    assert "aprobaciones" not in capsys.readouterr().out


def test_a_list_without_titles_has_no_head(capsys: pytest.CaptureFixture[str]) -> None:
    tables.help_([("next", "The first.")])
    assert capsys.readouterr().out.startswith("next")


def test_outcomes_fit_a_terminal_with_and_without_a_price(capsys: pytest.CaptureFixture[str]) -> None:
    free = DraftOutcome(source="offline:complaint.es#3", sent=2, edited=1, median_change=0.25)
    paid = DraftOutcome(source="model:m-1", model="m-1", prompt="model/draft.md", hash="ab" * 32, tokens=7, cost=0.5)
    tables.outcomes((), "en")
    tables.outcomes((free,), "en")
    tables.outcomes((free, paid), "en")
    out = capsys.readouterr().out
    assert out.startswith("No draft was decided about.")
    assert "25%" in out
    assert out.count("Cost") == 1
    assert "0.5000" in out
    assert all(len(line) <= 80 for line in out.splitlines())
