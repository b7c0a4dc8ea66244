"""The Dockerfile's steps, run literally in a root of their own, and what they make with a read-only root.

There is no container engine here: a mount namespace takes its place, and this machine's system that of the image.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.process import client, until
from tests.support.dockerfile import Step, steps
from tests.support.ports import free_port
from tests.support.scratch_root import ScratchRoot

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
USER = 10001
TMP = "/tmp"  # noqa: S108 -- that of the root below


@dataclass
class Image:
    """What the Dockerfile made: its last stage, and how that is to be run."""

    stage: list[Step]
    opt: Path
    environ: dict[str, str]

    def words(self, name: str) -> list[str]:
        (found,) = [step.words for step in self.stage if step.name == name]
        words: list[str] = json.loads(found.partition("CMD ")[2] if name == "HEALTHCHECK" else found)
        return words


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Every RUN of the first stage, and its ENV, COPY and WORKDIR, as they stand there."""
    scratch = tmp_path_factory.mktemp("build")
    root = ScratchRoot(scratch / "root")
    if root.run("true").returncode != 0:
        pytest.skip("no mount namespaces here")
    found = steps(ROOT / "Dockerfile")
    last = max(n for n, step in enumerate(found) if step.name == "FROM")
    where = "/"
    for step in found[1:last]:
        if step.name == "WORKDIR":
            where = step.words
            root.path(where).mkdir(parents=True, exist_ok=True)
        elif step.name == "ENV":
            root.environ |= dict(pair.split("=", 1) for pair in step.words.split())
        elif step.name == "COPY":
            _copy(step.words.split(), root.path(where))
        elif step.name == "RUN":
            done = root.run(step.words, cwd=where)
            assert done.returncode == 0, f"{step.words}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    environ: dict[str, str] = {}
    for step in found[last:]:
        if step.name == "ENV":
            environ |= dict(pair.split("=", 1) for pair in step.words.split())
    environ["PATH"] = environ["PATH"].replace("$PATH", "/image/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    return Image(stage=found[last:], opt=root.path("/opt/portavoz"), environ=environ)


def _copy(names: list[str], target: Path) -> None:
    """As the .dockerignore lets it in."""
    for name in names[:-1]:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / names[-1], ignore=shutil.ignore_patterns("__pycache__", "*.py[cod]"))
        else:
            shutil.copy(source, target)


@pytest.fixture
def started(image: Image, tmp_path: Path) -> Iterator[tuple[ScratchRoot, str, subprocess.Popen[str]]]:
    """The image's command with a read-only root, as its user (or, where we are nobody special, as ourselves)."""
    port = free_port()
    environ = {**image.environ, "PORTAVOZ_PORT": str(port)}
    root = ScratchRoot(tmp_path / "root", own=(TMP, "/data"), sealed=True, environ=environ)
    shutil.copytree(image.opt, root.path("/opt/portavoz"), symlinks=True)
    if os.geteuid() == 0:
        os.chown(root.path("/data"), USER, USER)
        root.path(TMP).chmod(0o1777)
    command = root.command([*image.words("ENTRYPOINT"), *image.words("CMD")], user=USER)
    with (tmp_path / "err").open("w") as err:
        process = subprocess.Popen(command, env=root.environment, stdout=subprocess.PIPE, stderr=err, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready"), (tmp_path / "err").read_text()[-3000:]
        yield root, f"http://127.0.0.1:{port}", process
        process.kill()
        process.communicate()


def test_the_image_holds_no_tools_that_build_or_install(image: Image) -> None:
    names = {path.name.partition("-")[0].lower() for path in image.opt.glob("lib/python3*/site-packages/*.dist-info")}
    assert "portavoz" in names
    assert not names & {"pip", "setuptools", "wheel", "hatchling", "editables", "pluggy", "pathspec"}
    # What is installed is what the lock file names, and the bot.
    locked = {
        line.partition("==")[0].strip().lower().replace("-", "_").partition("[")[0]
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }
    assert names - {"portavoz"} <= {name.replace(".", "_") for name in locked} | locked


def test_it_runs_with_a_read_only_root_and_its_health_check_tells_the_truth(
    image: Image, started: tuple[ScratchRoot, str, subprocess.Popen[str]]
) -> None:
    root, url, process = started
    if os.geteuid() == 0:
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert status.partition("Uid:")[2].split()[:3] == [str(USER)] * 3
    with client(url) as http:
        posted = http.post("/wall/comments", json={"author": "Eva", "text": "Is anybody there?"})
        assert posted.status_code == 201
    healthy = subprocess.run(root.command(image.words("HEALTHCHECK"), user=USER), env=root.environment, check=False)
    assert healthy.returncode == 0
    asked = root.run("portavoz inbox --json", user=USER)
    assert until(lambda: "Is anybody there?" in (asked.stdout or root.run("portavoz inbox --json", user=USER).stdout))
    outside = {path.name for path in root.folder.iterdir()} - {"proc", "dev", "run", "etc"}
    assert (root.path("/data") / "portavoz.db").is_file()
    assert not (root.path("/opt/portavoz") / "touched").exists()
    assert "data" in outside
    process.terminate()
    assert process.wait(60) == 0
    sick = subprocess.run(
        root.command(image.words("HEALTHCHECK"), user=USER), env=root.environment, capture_output=True, check=False
    )
    assert sick.returncode == 1


def test_nothing_but_the_volume_and_the_temporary_folder_can_be_written(
    started: tuple[ScratchRoot, str, subprocess.Popen[str]],
) -> None:
    root, _, _ = started
    assert root.run("touch /opt/portavoz/x", user=USER).returncode != 0
    assert root.run("touch /x", user=USER).returncode != 0
    assert root.run("touch /data/x && rm /data/x", user=USER).returncode == 0
