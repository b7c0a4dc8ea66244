"""`migrate --backup` on PostgreSQL: a dump that the server's own program puts back, record and seals included."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.store.dump import dump
from bot.store.manifest import BackupTrouble
from tests.e2e.process import Portavoz, until
from tests.support.postgres import Server, programs

pytestmark = pytest.mark.servers


@pytest.fixture
def bot(tmp_path: Path, postgres: Server) -> Iterator[Portavoz]:
    made = Portavoz(tmp_path / "data", environ={"DATABASE_URL": postgres.empty()})
    made.environ["PATH"] = f"{programs()}:{os.environ['PATH']}"
    yield made
    made.close()


def test_a_dump_that_is_restored_holds_the_record_with_its_seals_and_triggers(bot: Portavoz, postgres: Server) -> None:
    bot.start()
    bot.post("Eva", "Where is my order?")
    until(lambda: bot.ask("inbox"), what="the ticket")
    until(lambda: bot.ask("audit", "verify")["head"], within=100, what="a seal")
    bot.stop()
    made = bot.ask("migrate", "--backup")
    file = Path(made["dump"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    before = bot.ask("audit", "verify")
    empty = postgres.empty()
    restored = subprocess.run(
        [programs() / "pg_restore", "--no-owner", "--exit-on-error", f"--dbname={empty}", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr
    bot.environ["DATABASE_URL"] = empty
    assert {light["code"] for light in bot.ask("check")} >= {"database_ok"}
    assert bot.ask("audit", "verify", "--expect", before["head"])["sound"]
    refused = bot.cli("restore", str(file.parent))
    assert (refused.returncode, "PostgreSQL" in refused.stderr) == (1, True)


def test_a_dump_that_fails_leaves_nothing_and_tells_no_password(postgres: Server, tmp_path: Path) -> None:
    gone = make_url(postgres.url("not_there")).render_as_string(hide_password=False)
    with pytest.raises(BackupTrouble, match="failed") as caught:
        dump(gone, tmp_path / "out" / "x.dump")
    assert "secret-word" not in str(caught.value)
    assert not list((tmp_path / "out").iterdir())


def test_without_the_program_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(BackupTrouble, match="no pg_dump") as caught:
        dump("postgresql://u:p@127.0.0.1/x", tmp_path / "x.dump")
    assert "postgresql-client" in caught.value.remedy
