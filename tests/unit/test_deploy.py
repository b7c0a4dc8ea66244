"""The files that deploy it: nothing runs as root, nothing is left open, and what they start is there.

Without a container engine; `tests/servers/test_deploy.py` runs the Dockerfile's steps.
"""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]

from bot import __version__
from bot.cli.app import build
from bot.settings.layers import ALIASES, variables
from tests.support.dockerfile import Step, steps

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy/docker-compose.yml"
SERVICE = ROOT / "deploy/portavoz.service"
EXAMPLE = ROOT / "deploy/env.example"
KNOWN = {*variables(), *ALIASES, "PORTAVOZ_DATA", "PORTAVOZ_CONFIG"}


def verbs() -> set[str]:
    command = typer.main.get_command(build("en"))
    return set(command.commands)  # type: ignore[attr-defined]


# --- Dockerfile -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stages() -> list[list[Step]]:
    found: list[list[Step]] = []
    for step in steps(ROOT / "Dockerfile"):
        if step.name == "FROM":
            found.append([])
        found[-1].append(step)
    return found


def of(stage: list[Step], name: str) -> list[str]:
    return [step.words for step in stage if step.name == name]


def test_the_image_is_built_in_two_stages_from_images_of_one_named_version(stages: list[list[Step]]) -> None:
    images = [of(stage, "FROM")[0].split()[0] for stage in stages]
    assert len(images) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-[a-z]+", image) for image in images)
    assert len(set(images)) == 1


def test_only_what_was_installed_from_hashes_gets_into_the_last_stage(stages: list[list[Step]]) -> None:
    first, last = stages
    installs = [line for line in of(first, "RUN") if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)
    assert of(last, "COPY") == ["--from=build /opt/portavoz /opt/portavoz"]
    assert not any("pip" in line or "apt" in line or "curl" in line for line in of(last, "RUN"))
    removed = " ".join(line for line in of(first, "RUN") if "pip uninstall" in line).split()
    assert {"pip", "setuptools", "hatchling", "editables"} <= set(removed)


def test_it_runs_as_a_user_of_its_own_and_writes_only_to_the_volume(stages: list[list[Step]]) -> None:
    last = stages[-1]
    assert of(last, "USER") == ["10001:10001"]
    assert of(last, "VOLUME") == ["/data"]
    assert "PORTAVOZ_DATA=/data" in of(last, "ENV")[0]
    names = [step.name for step in last]
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in {"RUN", "COPY"})


def test_what_the_image_starts_is_there(stages: list[list[Step]]) -> None:
    last = stages[-1]
    assert of(last, "ENTRYPOINT") == ['["portavoz"]']
    (command,) = yaml.safe_load(of(last, "CMD")[0])
    assert command in verbs()
    (health,) = of(last, "HEALTHCHECK")
    program = yaml.safe_load(health.partition("CMD ")[2])
    assert program[:2] == ["python", "-c"]
    compile(program[2], "healthcheck", "exec")
    assert "/healthz" in program[2]
    named = {pair.partition("=")[0] for pair in of(last, "ENV")[0].split()}
    assert {name for name in named if name.startswith("PORTAVOZ_")} <= KNOWN


def test_every_file_that_is_copied_is_there_and_is_let_in(stages: list[list[Step]]) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {word for line in of(stages[0], "COPY") for word in line.split()[:-1]}
    assert copied == allowed
    assert lines[1] == "*"
    assert all((ROOT / name).exists() for name in copied)


# --- docker-compose.yml ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found["services"]


def test_the_containers_may_do_little(services: dict[str, Any]) -> None:
    bot = services["portavoz"]
    assert (bot["read_only"], bot["cap_drop"], bot["user"]) == (True, ["ALL"], "10001:10001")
    assert all(service["security_opt"] == ["no-new-privileges:true"] for service in services.values())
    assert bot["ports"] == ["127.0.0.1:8600:8600"]
    assert "ports" not in services["database"]
    assert all("privileged" not in service and "network_mode" not in service for service in services.values())


def test_what_has_to_stay_is_on_volumes(services: dict[str, Any]) -> None:
    volumes = yaml.safe_load(COMPOSE.read_text())["volumes"]
    assert services["portavoz"]["volumes"] == ["data:/data"]
    used = {mount.partition(":")[0] for service in services.values() for mount in service["volumes"]}
    assert used == set(volumes)


def test_the_bot_waits_for_a_database_that_answers_and_has_time_to_drain(services: dict[str, Any]) -> None:
    assert services["portavoz"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["database"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert all(service["restart"] == "unless-stopped" for service in services.values())
    assert int(services["portavoz"]["stop_grace_period"].removesuffix("s")) >= 15


def test_secrets_come_from_a_file_that_is_not_in_the_repository(services: dict[str, Any]) -> None:
    text = COMPOSE.read_text()
    assert services["portavoz"]["env_file"] == ".env"
    assert text.count("${POSTGRES_PASSWORD:?") == text.count("${") == 2
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text().splitlines()
    filled = [line for line in EXAMPLE.read_text().splitlines() if "=" in line and not line.startswith("#")]
    named = {line.partition("=")[0] for line in filled}
    assert named - {"POSTGRES_PASSWORD"} <= KNOWN
    assert set(services["portavoz"]["environment"]) <= KNOWN
    assert "POSTGRES_PASSWORD=" in filled


def test_images_have_versions(services: dict[str, Any]) -> None:
    assert services["portavoz"]["image"] == f"portavoz:{__version__}"
    assert re.fullmatch(r"postgres:\d+-[a-z]+", services["database"]["image"])


# --- systemd --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SERVICE)
    return parser


def test_the_service_runs_as_itself_and_keeps_its_state_to_itself(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    assert (service["User"], service["StateDirectory"], service["StateDirectoryMode"]) == (
        "portavoz",
        "portavoz",
        "0700",
    )
    assert service["Environment"] == "PORTAVOZ_DATA=%S/portavoz"
    assert service["Restart"] == "on-failure"
    assert (service["ProtectSystem"], service["NoNewPrivileges"], service["CapabilityBoundingSet"]) == (
        "strict",
        "yes",
        "",
    )
    assert int(service["TimeoutStopSec"].removesuffix("s")) >= 15
    assert "portavoz" in (ROOT / "deploy/portavoz.sysusers").read_text().split()


def test_the_service_says_when_it_is_ready_and_what_it_starts_is_there(unit: configparser.ConfigParser) -> None:
    assert unit["Service"]["Type"] == "notify"
    program, verb = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, verb in verbs()) == ("portavoz", True)


@pytest.mark.servers
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_the_service_and_finds_it_closed(tmp_path: Path) -> None:
    unit = tmp_path / "portavoz.service"
    unit.write_text(SERVICE.read_text().replace("/opt/portavoz/bin/portavoz", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    security = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)]
    rated = subprocess.run(security, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout[-500:]


# --- platforms ------------------------------------------------------------------------------------------------------


def test_a_platform_installs_from_the_lock_and_starts_what_is_there() -> None:
    assert (ROOT / "requirements.txt").read_text().splitlines()[-1] == "-r requirements.lock"
    kind, _, command = (ROOT / "Procfile").read_text().strip().partition(": ")
    assert kind == "web"
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "bot"]
    assert words[3] in verbs()
    assert words[4:] == ["--host", "0.0.0.0"]  # the port is given by PORT
