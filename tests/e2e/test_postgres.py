"""The command line and a server: moved there, run there, backed up from there, and told when something is wrong."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.store import seals
from bot.store import tables as t
from bot.store.engine import Database
from tests.e2e.process import ROOT, Portavoz, environment, until
from tests.support.db import migrated_database
from tests.support.postgres import Server, running_server
from tests.support.record import NOW, Record, full_ticket

pytestmark = pytest.mark.servers
KEPT = 60_000


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
    with closing(sqlite3.connect(Path(copy["path"]) / "portavoz.db")) as raw:
        assert raw.execute("SELECT state FROM replies").fetchall() == [("published",)]
    assert "secret-word" not in bot.log


def test_a_move_that_is_killed_goes_on_where_it_was(bot: Portavoz, postgres: Server) -> None:
    url, file = postgres.empty(), bot.data / "portavoz.db"
    bot.data.mkdir()
    with closing(migrated_database(file)) as source, source.begin() as conn:
        record = Record(conn)
        for number in range(5):
            full_ticket(record, f"T{number:04}", author=f"u{number}")
        conn.execute(t.keep.insert(), [{"owner": "x", "key": f"{n:05}", "value": "y" * 200} for n in range(KEPT)])
        seals.seal(conn, NOW)
    words = ["--data", str(bot.data), "migrate", "--from", f"sqlite:{file}", "--to", url]
    moving = subprocess.Popen([sys.executable, "-m", "bot", *words], cwd=ROOT, env=environment())
    with closing(Database.open(url)) as target:
        until(lambda: rows_of(target) > 0, what="some of the rows to be there")
        moving.kill()
        moving.wait()
        there = rows_of(target)
    assert 0 < there < KEPT
    bot.environ["DATABASE_URL"] = url
    refused = bot.cli("inbox")
    assert (refused.returncode, "half of the move" in refused.stderr) == (5, True)
    moved = bot.ask(*words[2:])
    assert moved["rows"]["keep"] == KEPT
    assert 0 < moved["fresh"] <= sum(moved["rows"].values()) - there
    assert bot.ask("audit", "verify")["head"] == moved["seal"]


def rows_of(target: Database) -> int:
    """How many kept values have come there; none while there is no table for them."""
    with target.read() as conn:
        if conn.execute(text("SELECT to_regclass('keep')")).scalar() is None:
            return 0
        return int(conn.execute(select(func.count()).select_from(t.keep)).scalar_one())


def test_a_server_that_is_not_there_is_told_in_one_sentence(bot: Portavoz, free_port: int) -> None:
    bot.environ["DATABASE_URL"] = f"postgresql://u:secret-word@127.0.0.1:{free_port}/x"
    bot.spawn()
    assert bot.wait_end() == 5
    asked = bot.cli("inbox")
    assert asked.returncode == 5
    for said in (bot.log, asked.stderr):
        assert "cannot be reached" in said
        assert "Traceback" not in said
        assert "secret-word" not in said


def test_a_server_that_was_away_is_found_again_and_what_came_meanwhile_is_taken_in(
    bot: Portavoz, tmp_path: Path
) -> None:
    with running_server() as server:
        bot.environ["DATABASE_URL"] = server.empty()
        bot.start()
        for n in range(3):
            bot.post("Rosa", f"The bread of order {n} was stale again, what a shame!").raise_for_status()
            until(lambda n=n: len(bot.ask("inbox")) == n + 1)  # type: ignore[misc]
            server.stop()
            until(lambda: bot.http.get("/readyz").status_code == 503, what="readiness to turn red")
            assert bot.http.get("/healthz").status_code == 200
            bot.post("Olga", f"And the rolls of order {n} were hard.").raise_for_status()
            server.start()
            until(lambda: bot.http.get("/readyz").status_code == 200, what="readiness to turn green")
            until(lambda n=n: len(bot.ask("inbox")) == n + 2, what="what came meanwhile")  # type: ignore[misc]
            bot.ask("close", bot.ask("inbox")[0]["id"], "--as", "ana")
        assert bot.ask("audit", "verify")["sound"] is True
        assert bot.stop() == 0
    assert "secret-word" not in bot.log


def test_a_server_that_stands_still_turns_readiness_red_and_goes_on(bot: Portavoz) -> None:
    with running_server() as server:
        bot.environ["DATABASE_URL"] = server.empty()
        bot.start()
        with server.standing_still():
            until(lambda: bot.http.get("/readyz").status_code == 503, what="readiness to turn red")
            bot.post("Rosa", "The bread was stale again, what a shame!").raise_for_status()
        until(lambda: bot.http.get("/readyz").status_code == 200, what="readiness to turn green")
        until(lambda: len(bot.ask("inbox")) == 1, what="what came meanwhile")
        assert bot.stop() == 0


def test_a_second_folder_with_a_wall_is_refused(bot: Portavoz, postgres: Server, tmp_path: Path) -> None:
    bot.environ["DATABASE_URL"] = postgres.empty()
    bot.start()
    with closing(Portavoz(tmp_path / "other", environ=dict(bot.environ))) as other:
        other.spawn()
        assert other.wait_end() == 1
        assert "in the data folder of another process" in other.log
