"""The database's own refusal: what stands in the tables of record cannot be changed or removed, by anybody's SQL.

One table of texts per dialect, derived from the lists in `bot.store.tables`. Each message says what was refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint, text

from bot.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Table

# Rows of these are written anew under the same key (upserts), which must not count as a second row.
_UPSERTED = frozenset({"people", "identities", "switches", "cards"})
_ERASURES = ("contents", "authors")
END_OF = "-- and\n"
# A colleague's user id may be blanked when that colleague is erased, the muting of a person outside likewise.
_LOOSE = {"identities": frozenset({"native_id"}), "switches": frozenset({"name"})}


@dataclass(frozen=True, slots=True)
class Triggers:
    """How one dialect spells them: the texts by name, how to list what is there, and how to drop one.

    A text may be several statements, which `END_OF` separates.
    """

    wanted: Callable[[], dict[str, str]]
    listing: str
    drop: Callable[[str], str]


def missing(conn: Connection) -> list[str]:
    """The names of triggers that are not there, or not as they should be."""
    spelled = _for(conn)
    there = {row[0]: _squeezed(row[1]) for row in conn.execute(text(spelled.listing))}
    return [name for name, ddl in spelled.wanted().items() if there.get(name) != _squeezed(ddl)]


def install(conn: Connection) -> list[str]:
    """Create what is missing, and put right what is there in another wording; returns the names."""
    spelled = _for(conn)
    wanted = spelled.wanted()
    names = missing(conn)
    for name in names:
        conn.exec_driver_sql(spelled.drop(name))
        for statement in wanted[name].split(END_OF):
            conn.exec_driver_sql(statement)
    return names


def _for(conn: Connection) -> Triggers:
    return DIALECTS[conn.dialect.name]


def _squeezed(ddl: str) -> str:
    return " ".join(ddl.split())


def _keys(table: Table) -> list[tuple[str, ...]]:
    """The primary key and every unique key, as column names."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return [
        tuple(column.name for column in table.primary_key.columns),
        *sorted(tuple(column.name for column in constraint.columns) for constraint in unique),
    ]


def _key_columns(table: Table) -> list[str]:
    """What never changes once a row is there."""
    return sorted({column for key in _keys(table) for column in key} - _LOOSE.get(table.name, frozenset()))


def _keyed() -> list[str]:
    """The tables that change in place and whose keys do not."""
    changing = (name for name in tables.NO_DELETE if name not in {*tables.APPEND_ONLY, *_ERASURES})
    return [name for name in changing if _key_columns(tables.metadata.tables[name])]


# --- SQLite ---------------------------------------------------------------------------------------------------


def _sqlite() -> dict[str, str]:
    wanted: dict[str, str] = {}
    for name in tables.NO_DELETE:
        wanted[f"{name}_keep"] = _refuse(f"{name}_keep", f"DELETE ON {name}", f"rows of {name} are never deleted")
        if name not in _UPSERTED:
            wanted[f"{name}_new"] = _sqlite_new(tables.metadata.tables[name])
    for name in tables.APPEND_ONLY:
        wanted[f"{name}_fixed"] = _refuse(f"{name}_fixed", f"UPDATE ON {name}", f"rows of {name} never change")
    for name in _keyed():
        wanted[f"{name}_key"] = _sqlite_key(tables.metadata.tables[name])
    wanted["contents_erasure"] = _refuse(
        "contents_erasure",
        "UPDATE ON contents",
        "contents never change, except that they are erased, once",
        when="NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.id = OLD.id"
        " AND NEW.kind = OLD.kind AND NEW.hash = OLD.hash AND NEW.text = '' AND NEW.author IS NULL"
        " AND NEW.url IS NULL AND NEW.extra = '{}' AND NEW.salt IS NULL)",
    )
    wanted["authors_erasure"] = _refuse(
        "authors_erasure",
        "UPDATE ON authors",
        f"authors {_AUTHORS_CHANGE}",
        when=f"NOT ({_AUTHOR_ERASED} OR {_AUTHOR_FLAGGED})",
    )
    return wanted | _SQLITE_SEARCH


_UNFILE = "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);"
_FILE = "INSERT INTO search_words (rowid, words) VALUES (NEW.id, NEW.words);"
# How a ticket stands is filed with each of its texts (`filing.py`); the words end with a space.
_SQLITE_SEARCH = {
    "search_file": f"CREATE TRIGGER search_file AFTER INSERT ON search BEGIN {_FILE} END",
    "search_refile": f"CREATE TRIGGER search_refile AFTER UPDATE ON search BEGIN {_UNFILE} {_FILE} END",
    "search_unfile": f"CREATE TRIGGER search_unfile AFTER DELETE ON search BEGIN {_UNFILE} END",
    "tickets_refile": "CREATE TRIGGER tickets_refile AFTER UPDATE OF status, kind, severity ON tickets"
    " WHEN NEW.status <> OLD.status OR NEW.kind <> OLD.kind OR NEW.severity <> OLD.severity"
    " BEGIN UPDATE search SET words = replace(replace(replace(words,"
    " '=state:' || OLD.status || ' ', '=state:' || NEW.status || ' '),"
    " '=kind:' || OLD.kind || ' ', '=kind:' || NEW.kind || ' '),"
    " '=severity:' || OLD.severity || ' ', '=severity:' || NEW.severity || ' ')"
    " WHERE ticket = NEW.id; END",
}


def _refuse(name: str, act: str, message: str, *, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {act}{condition} BEGIN SELECT RAISE(ABORT, 'portavoz: {message}'); END"


def _sqlite_new(table: Table) -> str:
    """REPLACE removes the row in the way before it inserts; other programs' connections may not ask the triggers."""
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table.name} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in key)})"  # noqa: S608 -- our own names
        for key in _keys(table)
    )
    return _refuse(
        f"{table.name}_new", f"INSERT ON {table.name}", f"this row of {table.name} exists already", when=taken
    )


def _sqlite_key(table: Table) -> str:
    columns = _key_columns(table)
    changed = " OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in columns)
    return _refuse(
        f"{table.name}_key",
        f"UPDATE OF {', '.join(columns)} ON {table.name}",
        f"the keys of {table.name} never change",
        when=changed,
    )


# --- PostgreSQL -----------------------------------------------------------------------------------------------


def _postgres() -> dict[str, str]:
    wanted: dict[str, str] = {}
    for name in tables.NO_DELETE:
        kept = f"rows of {name} are never deleted"
        wanted[f"{name}_keep"] = _function(f"{name}_keep", f"BEFORE DELETE ON {name}", _raise(kept))
        # TRUNCATE asks no trigger of rows.
        emptied = _raise(kept)
        wanted[f"{name}_whole"] = _function(f"{name}_whole", f"BEFORE TRUNCATE ON {name}", emptied, each="STATEMENT")
    for name in tables.APPEND_ONLY:
        fixed = _raise(f"rows of {name} never change")
        wanted[f"{name}_fixed"] = _function(f"{name}_fixed", f"BEFORE UPDATE ON {name}", fixed)
    for name in _keyed():
        columns = _key_columns(tables.metadata.tables[name])
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        body = f"IF {changed} THEN {_raise(f'the keys of {name} never change')} END IF; RETURN NEW;"
        wanted[f"{name}_key"] = _function(f"{name}_key", f"BEFORE UPDATE ON {name}", body)
    for name, erased, how in (
        ("contents", _CONTENT_ERASED, "never change, except that they are erased, once"),
        ("authors", f"{_AUTHOR_ERASED} OR {_AUTHOR_FLAGGED}", _AUTHORS_CHANGE),
    ):
        refused = _raise(f"{name} {how}")
        body = f"IF ({erased}) IS NOT TRUE THEN {refused} END IF; RETURN NEW;"
        wanted[f"{name}_erasure"] = _function(f"{name}_erasure", f"BEFORE UPDATE ON {name}", body)
    # A sequence would leave a gap wherever a transaction is rolled back, and a gap in the log means that a row is
    # missing. Writers take turns, so the next number is the one after the last; without a turn the key refuses it.
    number = "IF NEW.seq IS NULL THEN SELECT coalesce(max(seq), 0) + 1 INTO NEW.seq FROM events; END IF; RETURN NEW;"
    wanted["events_number"] = _function("events_number", "BEFORE INSERT ON events", number)
    wanted["tickets_refile"] = _function("tickets_refile", "AFTER UPDATE ON tickets", _POSTGRES_REFILE)
    return wanted


_POSTGRES_REFILE = (
    "IF NEW.status <> OLD.status OR NEW.kind <> OLD.kind OR NEW.severity <> OLD.severity THEN"
    " UPDATE search SET words = ts_delete(words,"
    " ARRAY['=state:' || OLD.status, '=kind:' || OLD.kind, '=severity:' || OLD.severity])"
    " || array_to_tsvector(ARRAY['=state:' || NEW.status, '=kind:' || NEW.kind, '=severity:' || NEW.severity])"
    " WHERE ticket = NEW.id; END IF; RETURN NULL;"
)


_CONTENT_ERASED = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.id = OLD.id AND NEW.kind = OLD.kind"
    " AND NEW.hash = OLD.hash AND NEW.text = '' AND NEW.author IS NULL AND NEW.url IS NULL"
    " AND NEW.extra::text = '{}' AND NEW.salt IS NULL"
)
_AUTHOR_ERASED = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.id = OLD.id AND NEW.account = OLD.account"
    " AND NEW.native_id IS NULL AND NEW.flag IS NULL"
)
_AUTHOR_FLAGGED = (
    "OLD.erased_at IS NULL AND NEW.erased_at IS NULL AND NEW.id = OLD.id AND NEW.account = OLD.account"
    " AND NEW.native_id IS NOT NULL AND NEW.native_id = OLD.native_id"
)
_AUTHORS_CHANGE = "never change, except for their flag, until they are erased, once"


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = 'portavoz: {message}', ERRCODE = 'integrity_constraint_violation';"


def _function(name: str, act: str, body: str, *, each: str = "ROW") -> str:
    """A function and its trigger, spelled as the listing gives them back."""
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$ {END_OF}"
        f"CREATE TRIGGER {name} {act} FOR EACH {each} EXECUTE FUNCTION {name}()"
    )


# A trigger that was switched off counts as missing, and so does one whose function was given another body.
_POSTGRES_LISTING = f"""
    SELECT trigger.tgname, 'CREATE OR REPLACE FUNCTION ' || function.proname || '() RETURNS trigger LANGUAGE plpgsql'
        || ' AS $$' || function.prosrc || '$$ {END_OF}' || pg_get_triggerdef(trigger.oid, true)
    FROM pg_trigger AS trigger
    JOIN pg_class AS relation ON relation.oid = trigger.tgrelid
    JOIN pg_proc AS function ON function.oid = trigger.tgfoid
    WHERE NOT trigger.tgisinternal AND trigger.tgenabled IN ('O', 'A')
        AND relation.relnamespace = current_schema()::regnamespace
"""  # noqa: S608 -- a constant of ours

DIALECTS = {
    "sqlite": Triggers(
        wanted=_sqlite,
        listing="SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        drop=lambda name: f"DROP TRIGGER IF EXISTS {name}",
    ),
    "postgresql": Triggers(
        wanted=_postgres,
        listing=_POSTGRES_LISTING,
        drop=lambda name: f"DROP TRIGGER IF EXISTS {name} ON {name.rpartition('_')[0]}",
    ),
}
