"""Column types that mean the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import JSON, BigInteger, ColumnElement, Integer, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlmodel import SQLModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Key = BigInteger().with_variant(Integer, "sqlite")
"""Big keys everywhere; SQLite numbers rows by itself only where the type is spelled INTEGER."""
Maybe = JSON(none_as_null=True)
"""An object, or nothing at all."""


def to_micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, without the rounding of floats."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The moment that many microseconds after 1970-01-01T00:00Z, in UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as microseconds since 1970: sorts, compares and buckets alike on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else from_micros(value)


class Words(TypeDecorator[str]):
    """Words with a space before and after each, in the order in which they stand side by side.

    PostgreSQL keeps them as a `tsvector` (https://www.postgresql.org/docs/current/datatype-textsearch.html), where
    what begins with `=` or `#` has no place among the others. What comes back is of no use but there.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """How each database keeps them."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """To the database. The words hold neither quotes nor backslashes."""
        if value is None or dialect.name != "postgresql":
            return value
        words = enumerate(value.split(), start=1)
        return " ".join(f"'{word}'" if word[0] in "=#" else f"'{word}':{place}" for place, word in words)


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """The same text, not looked up in an index: where a span of time finds the rows and this only sifts them.

    SQLite takes an equality for more telling than a span and would read everything that an account ever had
    (https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
    """
    return column.concat("")


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model: the hot paths speak Core, the models are the one description of the schema."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]
