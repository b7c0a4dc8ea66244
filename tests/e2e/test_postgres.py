"""The command line and a server: moved there, run there, backed up from there, and told when something is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.process import Portavoz, until
from tests.support.postgres import Server

pytestmark = pytest.mark.servers


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Portavoz]:
    made = Portavoz(tmp_path / "data", environ={"PORTAVOZ_UNDO_SECONDS": "0"})
    try:
        yield made
    finally:
        made.close()


def test_a_team_moves_from_the_file_to_a_server_and_goes_on(bot: Portavoz, postgres: Server) -> None:
    url = postgres.empty()
    bot.start()
    first = bot.post("Rosa", "The bread was stale again, what a shame!").json()
    ticket = until(lambda: bot.ask("inbox"))[0]["id"]
    running = bot.cli("migrate", "--from", f"sqlite:{bot.data}/portavoz.db", "--to", url)
    assert (running.returncode, "Stop it first" in running.stderr) == (1, True)
    assert bot.stop() == 0

    moved = bot.ask("migrate", "--from", f"sqlite:{bot.data}/portavoz.db", "--to", url)
    assert moved["rows"]["tickets"] == 1
    assert "secret-word" not in str(moved)
    again = bot.cli("migrate", "--from", f"sqlite:{bot.data}/portavoz.db", "--to", url)
    assert (again.returncode, "in use" in again.stderr) == (1, True)

    bot.environ["DATABASE_URL"] = url
    assert bot.ask("audit", "verify")["head"] == moved["seal"]
    bot.start()
    assert bot.ask("approve", ticket, "--as", "ana")["outcome"] == "done"
    until(lambda: bot.replies(first["id"]))
    assert {"database_ok"} <= {light["code"] for light in bot.ask("check")}
    copy = bot.ask("backup")
    assert copy["rows"]["tickets"] == 1
    with closing(sqlite3.connect(copy["path"])) as raw:
        assert raw.execute("SELECT state FROM replies").fetchall() == [("published",)]
    assert "secret-word" not in bot.log


def test_a_server_that_is_not_there_is_told_in_one_sentence(bot: Portavoz, free_port: int) -> None:
    bot.environ["DATABASE_URL"] = f"postgresql://u:secret-word@127.0.0.1:{free_port}/x"
    bot.spawn()
    assert bot.wait_end() == 1
    asked = bot.cli("inbox")
    assert asked.returncode == 5
    for said in (bot.log, asked.stderr):
        assert "cannot be reached" in said
        assert "Traceback" not in said
        assert "secret-word" not in said


def test_a_second_folder_with_a_wall_is_refused(bot: Portavoz, postgres: Server, tmp_path: Path) -> None:
    bot.environ["DATABASE_URL"] = postgres.empty()
    bot.start()
    with closing(Portavoz(tmp_path / "other", environ=dict(bot.environ))) as other:
        other.spawn()
        assert other.wait_end() == 1
        assert "in the data folder of another process" in other.log
