"""The schema: built by migrations alone, equal to the tables in code, checked before use."""
# ruff: noqa: S608 -- the statements are put together from our own names

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from bot.locale.troubles import trouble
from bot.store import migrate, tables, triggers
from bot.store.engine import SCHEMA_TABLE, Database
from bot.store.errors import NotReady
from tests.support.db import fresh_database, on_postgres, on_sqlite

SECOND = '''"""A second step."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    {more}
'''


def run_sql(db: Database, *statements: str) -> None:
    with db.begin() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)


def a_newer_program(monkeypatch: pytest.MonkeyPatch, folder: Path, more: str = "") -> None:
    """Let the program have one more migration than it has."""
    shutil.copytree(migrate._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_later.py").write_text(SECOND.format(more=more))
    monkeypatch.setattr(migrate, "_FOLDER", folder)
    monkeypatch.setattr(migrate, "HEAD", "0002")


def test_the_migrations_build_exactly_the_tables_in_code(db: Database) -> None:
    with db.read() as conn:
        # The full-text index is no table of ours; there is one kind on each database.
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "version_table": SCHEMA_TABLE,
            "include_name": lambda name, _type, _parents: not (name or "").startswith(tables.SEARCH_INDEX),
        }
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, tables.metadata) == []


@on_sqlite
def test_the_migrations_build_the_same_keys_and_references(db: Database, tmp_path: Path) -> None:
    other = Database.at(tmp_path / "other.db")
    with other.begin() as conn:
        tables.metadata.create_all(conn)
    with db.read() as migrated, other.read() as created:
        one, two = inspect(migrated), inspect(created)
        for name in tables.metadata.tables:
            assert one.get_pk_constraint(name) == two.get_pk_constraint(name)
            assert sorted(one.get_foreign_keys(name), key=str) == sorted(two.get_foreign_keys(name), key=str)
            assert one.get_unique_constraints(name) == two.get_unique_constraints(name)
            assert [(c["name"], c["nullable"]) for c in one.get_columns(name)] == [
                (c["name"], c["nullable"]) for c in two.get_columns(name)
            ]
    other.close()


def test_the_head_written_in_code_is_that_of_the_migrations() -> None:
    assert migrate.revisions()[-1] == migrate.head()


def test_an_empty_database_is_migrated_once(tmp_path: Path) -> None:
    db = Database.at(tmp_path / "portavoz.db")
    assert migrate.current(db) is None
    with pytest.raises(NotReady, match="empty"):
        migrate.assert_ready(db)
    assert migrate.migrate(db, backup_dir=tmp_path / "backups") == ["0001"]
    assert migrate.current(db) == "0001"
    migrate.assert_ready(db)
    assert migrate.migrate(db, backup_dir=tmp_path / "backups") == []
    db.close()
    assert not (tmp_path / "backups").exists()


def test_somebody_elses_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE invoices (id INTEGER)")
    theirs.execute("INSERT INTO invoices VALUES (1)")
    theirs.commit()
    theirs.close()
    before = path.read_bytes()
    db = Database.at(path)
    for ask in (migrate.assert_ready, migrate.current, lambda db: migrate.migrate(db, backup_dir=tmp_path)):
        with pytest.raises(NotReady, match="not ours: invoices") as caught:
            ask(db)
        assert "of its own" in caught.value.remedy
    with db.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM invoices")).scalar_one() == 1
    db.close()
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["theirs.db"]


def test_a_database_of_a_newer_release_is_refused(db: Database, tmp_path: Path) -> None:
    run_sql(db, f"UPDATE {SCHEMA_TABLE} SET version_num = '9999'")
    for ask in (migrate.assert_ready, lambda db: migrate.migrate(db, backup_dir=tmp_path / "backups")):
        with pytest.raises(NotReady, match="newer release") as caught:
            ask(db)
        assert "backup" in caught.value.remedy
    assert not (tmp_path / "backups").exists()


def test_tables_that_are_not_ours_beside_ours_are_refused(db: Database) -> None:
    run_sql(db, "CREATE TABLE guests (id INTEGER)")
    with pytest.raises(NotReady, match="not ours: guests"):
        migrate.assert_ready(db)


def test_a_missing_table_is_refused(db: Database) -> None:
    run_sql(db, "DROP TABLE keep")
    with pytest.raises(NotReady, match="lacks tables of ours: keep"):
        migrate.assert_ready(db)


def test_another_state_of_the_same_schema_is_not_taken_for_a_strangers_tables(db: Database) -> None:
    run_sql(db, "DROP TABLE keep", "CREATE TABLE kept_before (id INTEGER)")
    with pytest.raises(NotReady, match=r"lacks tables of ours: keep\.$") as caught:
        migrate.assert_ready(db)
    assert "Keep a copy" in caught.value.remedy
    assert "another database" not in caught.value.remedy
    assert "Guarda una copia" in trouble("es", caught.value.remedy)


def test_a_dropped_trigger_is_noticed_and_put_back(db: Database) -> None:
    run_sql(db, f"DROP TRIGGER events_keep{' ON events' if db.shared else ''}")
    with pytest.raises(NotReady, match="events_keep") as caught:
        migrate.assert_ready(db)
    assert "audit verify" in caught.value.remedy
    assert migrate.migrate(db, backup_dir=None) == []
    migrate.assert_ready(db)


@on_sqlite
def test_a_trigger_that_was_made_toothless_is_noticed(db: Database) -> None:
    run_sql(
        db,
        "DROP TRIGGER events_keep",
        "CREATE TRIGGER events_keep BEFORE DELETE ON events BEGIN SELECT 1; END",
    )
    with db.read() as conn:
        assert triggers.missing(conn) == ["events_keep"]


@on_postgres
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
        "ALTER TABLE events DISABLE TRIGGER events_keep",
        "ALTER TABLE events ENABLE REPLICA TRIGGER events_keep",
        "DROP FUNCTION events_keep CASCADE",
    ],
)
def test_a_trigger_that_was_made_toothless_on_a_server_is_noticed_and_put_right(db: Database, statement: str) -> None:
    run_sql(db, statement)
    with pytest.raises(NotReady, match="events_keep"):
        migrate.assert_ready(db)
    migrate.migrate(db, backup_dir=None)
    migrate.assert_ready(db)


def test_a_rebuilt_table_loses_its_triggers_and_that_is_noticed(db: Database) -> None:
    run_sql(
        db,
        "CREATE TABLE copied AS SELECT * FROM seals",
        "DROP TABLE seals",
        "ALTER TABLE copied RENAME TO seals",
    )
    with pytest.raises(NotReady, match="seals_keep"):
        migrate.assert_ready(db)


@on_sqlite
def test_a_backup_is_made_before_anything_changes(
    tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sql(db, "INSERT INTO counters VALUES ('n', 41)")
    a_newer_program(monkeypatch, tmp_path / "migrations")
    with pytest.raises(NotReady, match="needs 0002") as caught:
        migrate.assert_ready(db)
    assert "migrate" in caught.value.remedy
    assert migrate.migrate(db, backup_dir=tmp_path / "backups") == ["0002"]
    assert migrate.current(db) == "0002"
    [copy] = list((tmp_path / "backups").iterdir())
    saved = Database.at(copy, read_only=True)
    with saved.read() as conn:
        assert conn.execute(select(tables.counters.c.next)).scalar_one() == 41
        assert not inspect(conn).has_table("later")
    saved.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    a_newer_program(monkeypatch, tmp_path / "migrations", more='raise RuntimeError("half way")')
    with pytest.raises(RuntimeError, match="half way"):
        migrate.migrate(db, backup_dir=None)
    assert migrate.current(db) == "0001"
    with db.read() as conn:
        assert not inspect(conn).has_table("later")


def test_a_folder_with_a_percent_sign_does_not_confuse_the_migrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_newer_program(monkeypatch, tmp_path / "100% ours")
    db = Database.at(tmp_path / "portavoz.db")
    assert migrate.migrate(db, backup_dir=None) == ["0001", "0002"]
    db.close()


def test_migrating_again_finds_the_work_of_another_process_done(tmp_path: Path) -> None:
    first = fresh_database(tmp_path / "portavoz.db")
    second = Database.at(tmp_path / "portavoz.db")
    assert migrate.migrate(second, backup_dir=None) == []
    first.close()
    second.close()
