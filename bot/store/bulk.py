"""Whole rows into tables: SQLAlchemy makes the statement and the converters once, the driver takes the values."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table, Update
    from sqlalchemy.engine import Dialect

_Convert = Callable[[Any], Any] | None


def add_rows(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, as `conn.execute(insert(table), rows)` does.

    That goes through a dozen calls for every row; where the database takes values by position, this does not.
    """
    if not rows:
        return
    prepared = _prepared(conn.dialect, table, tuple(rows[0]))
    values = None if prepared is None else _converted(rows, prepared[1])
    if prepared is None or values is None:
        conn.execute(insert(table), rows)
    else:
        conn.exec_driver_sql(prepared[0], values)


def change_row(conn: Connection, change: Update, values: dict[str, Any]) -> int:
    """Carry out an update whose values all have a name, made once and for all; how many rows it found."""
    compiled = _compiled(conn.dialect, change)
    given = None if compiled is None else _converted([values], compiled[1])
    if compiled is None or given is None:
        return conn.execute(change, values).rowcount
    return conn.exec_driver_sql(compiled[0], given[0]).rowcount


def _converted(rows: Sequence[dict[str, Any]], columns: Sequence[tuple[str, _Convert]]) -> list[tuple[Any, ...]] | None:
    """The values as the driver takes them; None where one does not fit: SQLAlchemy says what is wrong with it."""
    try:
        # Column by column: most need no conversion at all.
        values = [
            [row[name] for row in rows] if convert is None else [convert(row[name]) for row in rows]
            for name, convert in columns
        ]
    except Exception:  # noqa: BLE001 (converters raise whatever they like)
        return None
    return list(zip(*values, strict=True))


@functools.lru_cache(maxsize=64)
def _prepared(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, _Convert], ...]] | None:
    """The statement and, in its order, the columns with their converters; None where it is not so simple."""
    made: object = dialect.statement_compiler(dialect, insert(table), column_keys=list(names), for_executemany=True)
    positions = made.positiontup if isinstance(made, SQLCompiler) else None
    if positions is None or set(positions) != set(names):
        return None
    columns = tuple((name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in positions)
    return str(made), columns


@functools.lru_cache(maxsize=64)
def _compiled(dialect: Dialect, change: Update) -> tuple[str, tuple[tuple[str, _Convert], ...]] | None:
    """The same for an update."""
    made: object = change.compile(dialect=dialect)
    positions = made.positiontup if isinstance(made, SQLCompiler) else None
    if positions is None or not isinstance(made, SQLCompiler):
        return None
    columns = tuple((name, made.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in positions)
    return str(made), columns
