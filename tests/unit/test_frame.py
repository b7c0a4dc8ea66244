"""What stands around the code agrees with it: package data, lock files, Procfile, licence."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-test.lock"]


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads(_read("pyproject.toml"))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _locked(name: str) -> dict[str, list[str]]:
    """Name and marker of each locked requirement, with its hashes."""
    joined = _read(name).replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found: dict[str, list[str]] = {}
    for line in lines:
        requirement, *hashes = line.split("--hash=")
        assert Requirement(requirement).specifier, line
        found[" ".join(requirement.split())] = [value.strip() for value in hashes]
    return found


def _names(lock: dict[str, list[str]]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in lock}


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_address_to_download_from(name: str) -> None:
    assert not re.search(r"https?://|index-url|find-links", _read(name))


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_exact_and_has_hashes(name: str) -> None:
    locked = _locked(name)
    assert locked
    for requirement, hashes in locked.items():
        assert "==" in requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_what_the_tests_run_with_contains_what_the_bot_runs_with() -> None:
    runtime, everything = _locked("requirements.lock"), _locked("requirements-test.lock")
    versions = {requirement.partition(";")[0].strip() for requirement in everything}
    assert {requirement.partition(";")[0].strip() for requirement in runtime} <= versions


def test_locks_satisfy_what_the_project_declares(pyproject: dict[str, Any]) -> None:
    build = pyproject["dependency-groups"]["build"] + pyproject["build-system"]["requires"]
    runtime = pyproject["project"]["dependencies"] + build
    everything = runtime + pyproject["project"]["optional-dependencies"]["test"]
    for name, declared in zip(LOCKS, [runtime, everything], strict=True):
        pins = [Requirement(requirement) for requirement in _locked(name)]
        for wanted in map(Requirement, declared):
            matching = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
            assert matching, f"{wanted} is missing in {name}: run make lock"
            for pin in matching:
                version = next(iter(pin.specifier)).version
                assert wanted.specifier.contains(version), f"{wanted} against {pin} in {name}: run make lock"


def test_the_bot_runs_without_the_tools_of_its_tests() -> None:
    assert not _names(_locked("requirements.lock")) & {"pytest", "mypy", "ruff", "playwright", "hypothesis"}


def test_the_console_script_is_declared(pyproject: dict[str, Any]) -> None:
    assert pyproject["project"]["scripts"] == {"portavoz": "bot.cli:main"}


def test_the_version_is_the_same_everywhere(pyproject: dict[str, Any]) -> None:
    assert pyproject["project"]["version"] == bot.__version__


def test_the_licence_is_complete() -> None:
    text = _read("LICENSE")
    assert text.lstrip().startswith("Apache License")
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License to your work." in text


def test_the_example_of_the_environment_sets_nothing() -> None:
    lines = [line for line in _read(".env.example").splitlines() if line.strip()]
    assert all(line.startswith("#") for line in lines)


@pytest.mark.browser
def test_chromium_opens_a_page() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.set_content("<h1>Portavoz</h1>")
        assert page.inner_text("h1") == "Portavoz"
        browser.close()
