"""What stands in the folders: followed from mark to mark, or read back."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from bot.core.messages import Event
from bot.core.ports import Intake
from handlers.networks.mail.config import Config
from handlers.networks.mail.reading import LIMIT, Raw, event
from handlers.networks.mail.wire import Entry, Mailbox, Opened

BATCH = 50
BYTES = 8_000_000
"""Mails, and bytes of them, that are in memory at once."""
PREFIX = "m1."
MARGIN = timedelta(days=1)
"""How much further back is read where time is all there is to go by: a server's days begin where it stands."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a folder was read: up to which uid, while its validity holds, and when (seconds since 1970)."""

    validity: int
    uid: int
    at: int


Marks = dict[str, Mark]


class Listener:
    """Reads the folders of one account."""

    def __init__(self, config: Config, password: str | None, intake: Intake) -> None:
        self._config = config
        self._password = password
        self._intake = intake

    async def run(self, cursor: str | None) -> None:
        """Report new mail until cancelled. Raises Transient or AuthExpired."""
        marks = marks_in(cursor)
        async with Mailbox(self._config, self._password) as box:
            while True:
                before, marks = marks, await self._look(box, marks)
                if marks == before:
                    # Not after news: what came while they were read, the server does not tell any more.
                    await box.wait(self._config.poll_seconds)

    async def read_back(self, since: datetime) -> None:
        """Report what got there since, the oldest first."""
        async with Mailbox(self._config, self._password) as box:
            found: list[list[Entry]] = []
            for folder in self._order():
                await box.open(folder)
                entries = await box.entries(folder, await box.since((since - MARGIN).date()))
                found.append([one for one in entries if one.received >= since])
            for batch in batches(found):
                await self._intake.emit(*await self._events(box, batch))

    def _order(self) -> Sequence[str]:
        """What we sent comes first, so that no answer is seen before its question; the one that is waited on last."""
        return self._config.every_folder[::-1]

    async def _look(self, box: Mailbox, marks: Marks) -> Marks:
        """What is new since; the marks of what stands there now. Without news, the first folder stays looked into."""
        found: list[list[Entry]] = []
        after: Marks = {}
        for folder in self._order():
            entries, after[folder] = await self._new_in(box, folder, marks.get(folder))
            found.append(entries)
        if after == marks:
            return marks
        pieces = list(batches(found))
        for number, batch in enumerate(pieces, 1):
            events = await self._events(box, batch)
            through = {one.folder: self._moved(after[one.folder], marks.get(one.folder), one) for one in batch}
            marks = after if number == len(pieces) else {**marks, **through}
            await self._intake.emit(*events, cursor=_cursor(marks))
        if not pieces:
            # Nothing to tell; but what was passed over need not be looked at again.
            await self._intake.emit(cursor=_cursor(after))
        return after

    def _moved(self, stands: Mark, known: Mark | None, entry: Entry) -> Mark:
        """The mark of a folder of which all up to this mail was read, and the rest was not."""
        at = known.at if known else int((self._oldest() + MARGIN).timestamp())
        return replace(stands, uid=entry.uid, at=at)

    def _oldest(self) -> datetime:
        return datetime.now(UTC) - timedelta(hours=self._config.first_hours)

    async def _new_in(self, box: Mailbox, folder: str, known: Mark | None) -> tuple[list[Entry], Mark]:
        stands = await box.open(folder)
        if known is not None and known.validity == stands.validity:
            if stands.next_uid == known.uid + 1:
                return [], known
            entries = await box.entries(folder, await box.after(known.uid))
        else:
            # The first time, or the server numbered everything anew: what came in before is recognised by its id.
            oldest = self._oldest() if known is None else datetime.fromtimestamp(known.at, UTC) - MARGIN
            uids = await box.since((oldest - MARGIN).date())
            entries = [one for one in await box.entries(folder, uids) if one.received >= oldest]
        return entries, _mark(stands, entries, known)

    async def _events(self, box: Mailbox, batch: Sequence[Entry]) -> list[Event]:
        bodies: dict[tuple[str, int], Raw] = {}
        for folder, some in groupby(sorted(batch, key=lambda one: one.folder), key=lambda one: one.folder):
            await box.open(folder)
            bodies |= {(folder, uid): found for uid, found in (await box.mails(some)).items()}
        # Taking mails apart takes a moment, and others want to get on.
        return await asyncio.to_thread(self._told, [(one, bodies.get((one.folder, one.uid))) for one in batch])

    def _told(self, found: Sequence[tuple[Entry, Raw | None]]) -> list[Event]:
        config = self._config
        made = (
            event(raw, account=config.id, address_here=config.address, sent=one.folder == config.sent)
            for one, raw in found
            if raw is not None
        )
        return [one for one in made if one is not None]


def _mark(stands: Opened, entries: Sequence[Entry], known: Mark | None) -> Mark:
    """How far the folder was read. Whatever stands below the next uid that it told was there to be found."""
    same = known is not None and known.validity == stands.validity
    highest = max([0, stands.next_uid - 1, known.uid if same and known else 0, *(one.uid for one in entries)])
    if known is not None and same and highest == known.uid:
        return known
    return Mark(stands.validity, highest, int(datetime.now(UTC).timestamp()))


def batches(found: Sequence[Sequence[Entry]]) -> Iterator[list[Entry]]:
    """The mails of all folders by the time they got there, each folder's in its own order, in pieces that fit."""
    batch: list[Entry] = []
    size = 0
    for one in heapq.merge(*found[::-1], key=lambda one: one.received):
        if batch and (len(batch) == BATCH or size + min(one.size, LIMIT) > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += min(one.size, LIMIT)
    if batch:
        yield batch


def _cursor(marks: Mapping[str, Mark]) -> str:
    told = {folder: [mark.validity, mark.uid, mark.at] for folder, mark in marks.items()}
    return PREFIX + json.dumps(told, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def marks_in(cursor: str | None) -> Marks:
    """The marks in a cursor; none where it means nothing."""
    if not cursor or not cursor.startswith(PREFIX):
        return {}
    try:
        told = json.loads(cursor.removeprefix(PREFIX))
        return {str(folder): Mark(*(int(number) for number in mark)) for folder, mark in told.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
