"""What the store's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.support.db import fresh_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A migrated database of this test's own."""
    made = fresh_database(tmp_path / "portavoz.db")
    yield made
    made.close()
