"""The operations chapter of the README, followed literally wherever a command stands in it.

The commands run in a folder of their own, in one shell for each section. What is put in for them: the server's port and
owner, and that the bot is started in the background and stopped where the text says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.__main__ import README
from tests.e2e.process import environment
from tests.support.ports import free_port
from tests.support.postgres import Server, programs

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
NOT_RUN = "<!-- not run by the tests: "
CHAPTER = README.read_text(encoding="utf-8").partition("\n## Operations\n")[2].partition("\n## ")[0]
PRELUDE = r"""
set -euo pipefail
bot=
end() { [ -z "$bot" ] || { kill "$bot" 2>/dev/null; wait "$bot" || true; bot=; }; }
trap end EXIT
portavoz() {
    case "$1" in
        restore | migrate) end ;;  # "with the bot stopped"
        run)
            end
            command portavoz run --port "$PORT" >run.out 2>run.err &
            bot=$!
            for _ in $(seq 600); do
                grep -q '^ready ' run.out && return
                kill -0 "$bot" || { cat run.err >&2; exit 1; }
                sleep 0.1
            done
            echo "the bot is not ready" >&2
            exit 1 ;;
    esac
    command portavoz "$@"
}
pip() { [ "$*" = "install --upgrade ." ]; }  # it is installed already
set -x
"""


def sections() -> dict[str, list[tuple[str, str]]]:
    """For each section its blocks of commands, with the line before each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part in re.split(r"^### ", "(start)\n" + CHAPTER, flags=re.MULTILINE):
        name, _, body = part.partition("\n")
        blocks = re.findall(r"([^\n]*)\n+```sh\n(.*?)```", body, flags=re.DOTALL)
        if blocks:
            found[name] = blocks
    return found


def run_of(section: str) -> str:
    """The commands of a section that are run."""
    return "\n".join(block for before, block in sections()[section] if not before.startswith(NOT_RUN))


def follow(script: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{programs()}:{os.environ['PATH']}"
    clean = environment({"PATH": path, "HOME": str(folder), "PORT": str(free_port()), **environ})
    done = subprocess.run(
        ["bash", "-c", PRELUDE + script],
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done


def test_every_block_is_run_or_says_why_not() -> None:
    run = {name for name in sections() if run_of(name).strip()}
    assert run == {"Backup and restore", "Upgrade and downgrade", "PostgreSQL", "Monitoring"}
    named = [before for blocks in sections().values() for before, _ in blocks if "not run" in before]
    assert len(named) == 2
    assert all(line.startswith(NOT_RUN) and line.endswith(" -->") for line in named)


def test_backup_restore_upgrade_and_monitoring_work_as_they_are_told(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    script = (
        f"portavoz run\n{run_of('Backup and restore')}\nportavoz resume --as ana\n"
        f"portavoz run\n{run_of('Upgrade and downgrade')}"
    )
    done = follow(script, tmp_path, PORTAVOZ_LOCALE="en")
    assert "Restored from the backup" in done.stdout
    assert done.stdout.count("The record is sound.") == 1
    assert (tmp_path / "copy-of-today" / "manifest.json").is_file()
    assert list((tmp_path / "data").glob("replaced-*/portavoz.db"))


def test_the_metrics_are_read_as_it_is_told(tmp_path: Path) -> None:
    lines = run_of("Monitoring").splitlines()
    words = [line for line in lines if line.startswith("export")]
    port = free_port()
    asked = [line.replace("127.0.0.1:8600", f"127.0.0.1:{port}") for line in lines if line not in words]
    done = follow("\n".join([*words, "portavoz run", *asked]), tmp_path, PORT=str(port))
    assert "portavoz_tickets" in done.stdout


def test_postgresql_is_set_up_moved_to_dumped_and_restored_as_it_is_told(postgres: Server, tmp_path: Path) -> None:
    postgres.sql("CREATE ROLE portavoz LOGIN PASSWORD 'PASSWORD'")
    set_up, move, dump = (block for _, block in sections()["PostgreSQL"])
    begin = "portavoz run\nend\n"  # an embedded database, to be moved
    # The move goes into an empty database: after the first look at `run` it is made anew.
    again = "end\ndropdb portavoz\ncreatedb --owner=portavoz portavoz\n"
    script = (begin + set_up + again + move + dump).replace("127.0.0.1:5432", f"127.0.0.1:{postgres.port}")
    where = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGUSER": "tester", "PGDATABASE": "postgres"}
    done = follow(script, tmp_path, PORTAVOZ_LOCALE="en", **where)
    assert "Moved to postgresql://127.0.0.1" in done.stdout
    assert "The record is sound." in done.stdout
    assert (tmp_path / "portavoz.dump").stat().st_size > 0
