"""Whether a team has enough people for the approvals that its rules ask for, and who is told where not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.cli import checking, initial
from bot.cli.context import Options
from bot.core.manning import approvers_light
from bot.core.types import Person, Role
from bot.locale import light
from bot.settings import load

if TYPE_CHECKING:
    from pathlib import Path

ANA = Person(id="ana", name="Ana", role=Role.LEAD)
LUIS = Person(id="luis", name="Luis", role=Role.APPROVER)
EVA = Person(id="eva", name="Eva", role=Role.AGENT)
GONE = Person(id="pia", name="Pía", role=Role.APPROVER, active=False)
ALONE = '[[people]]\nid = "ana"\nname = "Ana"\nrole = "lead"\n'


@pytest.mark.parametrize(
    ("team", "critical", "crisis", "few"),
    [
        ((ANA, LUIS), 2, 2, False),
        ((ANA,), 1, 1, False),
        ((ANA,), 2, 1, True),
        ((ANA,), 1, 2, True),
        ((ANA, EVA, GONE), 2, 2, True),
        ((), 1, 1, True),
    ],
)
def test_whoever_may_not_approve_fills_no_quorum(
    team: tuple[Person, ...], critical: int, crisis: int, few: bool
) -> None:
    assert (approvers_light(team, critical=critical, crisis=crisis) is not None) == few


def test_the_light_says_what_to_do() -> None:
    shown = approvers_light((ANA,), critical=2, crisis=3)
    assert shown is not None
    assert shown.state == "warn"
    said = light("en", shown)
    assert said.detail.startswith("People who may approve: 1. A critical ticket takes 2, a crisis takes 3")
    assert said.remedy.endswith("set quorum.critical and quorum.crisis to 1.")
    assert light("es", shown).remedy.endswith("pon quorum.critical y quorum.crisis en 1.")


@pytest.mark.parametrize(("more", "warned"), [("", True), ("[quorum]\ncritical = 1\ncrisis = 1\n", False)])
def test_check_and_init_warn_a_team_of_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str, warned: bool
) -> None:
    (tmp_path / "portavoz.toml").write_text(more + ALONE, encoding="utf-8")
    settings = load(data=tmp_path, environ={})
    assert [one.state for one in checking._few_approvers(settings, None)] == ["warn"] * warned
    assert ("approvers_few" in [one.code for one in checking._parts(settings)]) == warned
    # What stands there is left, and read.
    initial.init(cast("Any", SimpleNamespace(obj=Options(data=tmp_path, lang="es"))), yes=True)
    assert ("Nombra a alguien más que apruebe" in capsys.readouterr().err) == warned


def test_the_demo_team_is_enough(tmp_path: Path) -> None:
    assert list(checking._few_approvers(load(data=tmp_path, environ={}), None)) == []
