"""A unit of work on a snapshot: finds out whether a job wants to change anything before it takes the writers' turn."""

from __future__ import annotations

from bot.store.work import Work


class Touched(Exception):
    """The job wants to change something; nothing of it was done."""


class Trial(Work):
    """Lets a job read and decide. What it would write is refused at once or, at the latest, by `flush()`."""

    def number(self, name: str) -> int:
        """Numbers are only given to what is going to be written."""
        raise Touched(name)

    def flush(self) -> None:
        """Raises Touched when anything was collected."""
        if self.effects or self.orders or self._tickets or self._replies or any(self._rows.values()):
            raise Touched
