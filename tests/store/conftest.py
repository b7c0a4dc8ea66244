"""What the store's tests share: each runs on both databases unless it says otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.support.db import fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of this test's own."""
    on_server = request.param == "postgres"
    made: Database = (
        Database.open(request.getfixturevalue("postgres").fresh())
        if on_server
        else fresh_database(tmp_path / "portavoz.db")
    )
    yield made
    made.close()
