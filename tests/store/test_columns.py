"""Moments survive the database exactly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.store.columns import Instant, from_micros, to_micros

FIRST, LAST = datetime(2, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001 -- hypothesis adds the zone
ZONES = st.builds(timezone, st.timedeltas(min_value=timedelta(hours=-14), max_value=timedelta(hours=14)))
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST, timezones=ZONES)


@given(MOMENTS)
def test_a_moment_of_any_zone_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    dialect = sqlite.dialect()
    stored = Instant().process_bind_param(moment, dialect)
    back = Instant().process_result_value(stored, dialect)
    assert back == moment
    assert back.tzinfo is UTC
    assert from_micros(to_micros(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_stored_moments_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    assert (to_micros(one) < to_micros(other)) == (one < other)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        Instant().process_bind_param(FIRST, sqlite.dialect())


def test_no_moment_stays_none() -> None:
    assert Instant().process_bind_param(None, sqlite.dialect()) is None
    assert Instant().process_result_value(None, sqlite.dialect()) is None
