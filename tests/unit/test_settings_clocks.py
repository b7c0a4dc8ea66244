"""Targets, working hours and turns, as they stand in the configuration."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.targets import TargetRule
from bot.core.types import AuthorFlag, Severity
from bot.core.worktime import ALWAYS
from bot.settings import Settings, SettingsError, load
from bot.wiring import rules_of

MADRID = ZoneInfo("Europe/Madrid")
FULL = """
timezone = "Europe/Madrid"
[[people]]
id = "eva"
name = "Eva"
role = "lead"
[[people]]
id = "rui"
name = "Rui"
[[networks]]
id = "shop"
type = "wall"
[sla]
complaint = 30
resolution = 2880
critical_hours = "working"
remind_percent = 75
[hours]
mon = "09:00-14:00 16:00-19:00"
tue = "09:00-14:00 16:00-19:00"
wed = "09:00-14:00 16:00-19:00"
thu = "09:00-14:00 16:00-19:00"
fri = "09:00-15:00"
sat = "off"
sun = "off"
country = "ES"
region = "CT"
days = ["2026-12-24 09:00-13:00", "2026-12-08 10:00-12:00", "2026-11-23 off"]
[oncall]
people = ["eva", "rui"]
start = 2026-11-02
at = "08:00"
[[targets]]
flag = "vip"
answer = 10
hours = "always"
[[targets]]
account = "shop"
min_severity = "high"
resolution = 60
"""


def read(tmp_path: Path, toml: str, **environ: str) -> Settings:
    (tmp_path / "portavoz.toml").write_text(toml, encoding="utf-8")
    return load(data=tmp_path, environ=environ)


def test_without_any_of_it_the_clocks_run_round_the_clock(tmp_path: Path) -> None:
    settings = read(tmp_path, "")
    rules = rules_of(settings)
    assert rules.calendar is ALWAYS
    assert (rules.targets, rules.resolution, rules.remind, rules.critical_always) == ((), None, 0.5, True)
    assert settings.oncall.rotation(settings.tz).on_call(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_targets_hours_holidays_and_turns_arrive(tmp_path: Path) -> None:
    settings = read(tmp_path, FULL)
    rules = rules_of(settings)
    assert rules.targets == (
        TargetRule(flag=AuthorFlag.VIP, answer=timedelta(minutes=10), hours="always"),
        TargetRule(account="shop", min_severity=Severity.HIGH, resolution=timedelta(hours=1)),
    )
    assert (rules.resolution, rules.remind, rules.critical_always) == (timedelta(days=2), 0.75, False)
    assert rules.network_types == {"shop": "wall"}
    worked = {
        (2026, 11, 20): 6,  # a Friday
        (2026, 11, 21): 0,
        (2026, 11, 23): 0,  # named
        (2026, 11, 24): 8,
        (2026, 12, 8): 2,  # a holiday that is worked
        (2026, 12, 24): 4,
        (2026, 12, 25): 0,
        (2027, 9, 10): 6,
        (2028, 9, 11): 0,  # Catalonia's own, a Monday
    }
    for day, hours in worked.items():
        begin = datetime(*day, tzinfo=MADRID)
        assert rules.calendar.between(begin, begin + timedelta(days=1)) == timedelta(hours=hours), day
    turns = settings.oncall.rotation(settings.tz)
    assert turns.on_call(datetime(2026, 11, 9, 7, 59, tzinfo=MADRID)) == "eva"
    assert turns.on_call(datetime(2026, 11, 9, 8, 0, tzinfo=MADRID)) == "rui"


def test_hours_come_from_the_environment_too(tmp_path: Path) -> None:
    given = {"PORTAVOZ_HOURS_SUN": "off", "PORTAVOZ_HOURS_DAYS": "2026-11-09 off, 2026-12-24 09:00-13:00"}
    hours = read(tmp_path, "", **given, PORTAVOZ_HOURS_TIMEZONE="Asia/Kolkata").hours
    assert (hours.sun, hours.days) == ("off", ("2026-11-09 off", "2026-12-24 09:00-13:00"))
    assert hours.calendar(UTC).tz == ZoneInfo("Asia/Kolkata")
    assert hours.calendar(UTC).days[date(2026, 11, 9)] == ()


@pytest.mark.parametrize(
    ("toml", "about"),
    [
        ('[hours]\nmon = "9 to 5"', "hours.mon"),
        ('[hours]\nmon = "09:00-08:00"', "hours.mon"),
        ('[hours]\ndays = ["2026-02-30 off"]', "hours.days"),
        ('[hours]\ndays = ["2026-02-20"]', "hours.days"),
        ('[hours]\ncountry = "QQ"', "hours"),
        ('[hours]\ncountry = "ES"\nregion = "ZZ"', "hours"),
        ('[hours]\nregion = "MD"', "hours"),
        (
            "[hours]\n" + "\n".join(f'{day} = "off"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
            "hours",
        ),
        ('[hours]\ntimezone = "Mars/Base"', "hours.timezone"),
        ('[oncall]\npeople = ["ana", "luis"]', "oncall"),
        ('[oncall]\npeople = ["nobody"]', "oncall.people"),
        ('[[targets]]\naccount = "nowhere"\nanswer = 5', "[[targets]] no. 1: account"),
        ('[[targets]]\nflag = "boss"', "flag"),
        ("[sla]\nremind_percent = 100", "sla.remind_percent"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, toml: str, about: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, toml)
    assert any(about in problem.name for problem in refused.value.problems), refused.value.problems
