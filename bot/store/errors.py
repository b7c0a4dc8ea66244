"""What can be wrong with a database, for whoever has to say it; importing this costs nothing."""

from __future__ import annotations

from bot.core.errors import Away


class DatabaseTrouble(Exception):
    """Something is wrong with the database. `remedy` says what to do about it."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


class DatabaseUnreachable(DatabaseTrouble, Away):
    """The database cannot be used now."""


class DiskFull(DatabaseUnreachable):
    """There is no room left for what was to be written; nothing of it was kept."""


class NotReady(DatabaseTrouble):
    """The database cannot be used as it is: another version, another program's, or without its triggers."""
