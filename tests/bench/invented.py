"""A database as a busy team has it after a year: invented with a seed, and written as fast as the database takes rows.

Texts, tickets, replies and the log are like those that the engine stores, hashes and search index included. There are
no seals, no proofs of approvals and no orders to the outside: nothing that is measured on it reads them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from bot.core.approval import text_digest
from bot.core.ids import ticket_id
from bot.store import filing
from bot.store import tables as t
from bot.store.bulk import add_rows
from bot.store.engine import Database
from bot.store.seals import content_hash
from tests.bench.comments import comment

BATCH = 5_000
YEAR = timedelta(days=365)
WORDS = {"pedido": 0.4, "pedidos": 0.1, "reembolso": 0.01, "zarzaparrilla": 0.00002}
"""Words that stand in so large a part of the comments: very common, its plural, medium, rare."""
LONG_AGO = "huelga"
"""In every third comment of the first half of the year, and in none since."""
KINDS = {"complaint": 48, "question": 30, "praise": 14, "suggestion": 5, "comment": 2.5, "spam": 0.5}
SEVERITIES = {"normal": 70, "low": 22, "high": 7.7, "critical": 0.3}
ACCOUNTS = {"wall": 60, "shop": 35, "press": 4.9, "fair": 0.1}
UNFINISHED = 20_000
"""Among so many of the newest tickets half are open or wait for an answer; of the older ones, one in a hundred."""

Rows = dict[Table, list[dict[str, Any]]]
_SAID = "Hola, {name}. Sentimos mucho lo que nos cuentas y ya lo estamos mirando; te escribimos con una respuesta hoy."


class Inventor:
    """Batches of rows, each by table."""

    def __init__(self, count: int, *, until: datetime, seed: int = 11) -> None:
        self.count = count
        self.until = until
        self.dice = random.Random(seed)
        self.id = 0
        self.seq = 0
        self.rows: Rows = {}

    def batches(self) -> Iterator[Rows]:
        """All of it, from the oldest to the newest."""
        for number in range(self.count):
            self._item(number)
            if (number + 1) % BATCH == 0 or number + 1 == self.count:
                yield self.rows
                self.rows = {}

    def counters(self) -> list[dict[str, Any]]:
        """Where the numbers have come to."""
        return [{"name": "id", "next": self.id + 1}, {"name": "ticket", "next": self.count + 1}]

    def _number(self) -> int:
        self.id += 1
        return self.id

    def _add(self, table: Table, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def _pick(self, weights: dict[str, float]) -> str:
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def _text(self, kind: str, words: str, author: str | None = None) -> tuple[int, str]:
        salt = f"{self.dice.getrandbits(128):032x}"
        number, digest = self._number(), content_hash(salt, words, author, None)
        row = {"id": number, "kind": kind, "text": words, "author": author, "salt": salt, "hash": digest}
        self._add(t.contents, **row, url=None, extra={}, erased_at=None)
        return number, digest

    def _log(self, at: datetime, type: str, **row: Any) -> None:
        self.seq += 1
        whole = {"actor": None, "ticket": None, "reply": None, "item": None, "content": None, "content_hash": None}
        self._add(t.events, seq=self.seq, at=at, type=type, **(whole | {"data": {}} | row))

    def _item(self, number: int) -> None:
        dice, ticket = self.dice, ticket_id(number)
        at = self.until - YEAR + YEAR * (number / self.count)
        said = comment(dice)
        words = [word for word, share in WORDS.items() if dice.random() < share]
        if number < self.count / 2 and dice.random() < 1 / 3:
            words.append(LONG_AGO)
        text = f"{said.text} {' '.join(words)}"
        author, item = self._number(), self._number()
        content, digest = self._text("item", text, said.author)
        stands = {
            "account": self._pick(ACCOUNTS),
            "kind": self._pick(KINDS),
            "severity": self._pick(SEVERITIES),
            "status": self._status(number),
        }
        native = f"n{number}"
        self._add(t.authors, id=author, account=stands["account"], native_id=f"u{number}", erased_at=None)
        self._add(
            t.items,
            id=item,
            account=stands["account"],
            native_id=native,
            number=1,
            version=text_digest(text)[:16],
            ticket=ticket,
            author=author,
            thread_key=native,
            parent=None,
            content=content,
            visibility="public",
            ours=False,
            gone=False,
            reach=None,
            created_at=at,
            edited_at=None,
            received_at=at,
            reply_by=None,
        )
        self._log(at, "ItemArrived", ticket=ticket, item=item, content=content, content_hash=digest)
        self._log(at, "TicketOpened", ticket=ticket, item=item)
        entry = filing.Standing(ticket, filing.facets(**stands), filing.names(said.author, {}))
        self._add(t.search, **entry.entry(content, "message", at, text))
        replied = dice.random() < 0.7
        self._ticket(ticket, stands, author=author, item=item, at=at, replied=replied)
        if replied:
            self._reply(ticket, entry, stands, item=item, at=at, name=said.author)

    def _status(self, number: int) -> str:
        if number >= self.count - UNFINISHED:
            return self._pick({"open": 20, "waiting": 30, "snoozed": 1, "closed": 49})
        return self._pick({"closed": 99, "waiting": 0.8, "open": 0.2})

    def _ticket(
        self, ticket: str, stands: dict[str, str], *, author: int, item: int, at: datetime, replied: bool
    ) -> None:
        answered = at + timedelta(minutes=self.dice.expovariate(1 / 45)) if replied else None
        shut = stands["status"] == "closed"
        self._add(
            t.tickets,
            id=ticket,
            thread_key=f"n{ticket}",
            author=author,
            item=item,
            **stands,
            sentiment=self.dice.choice(("negative", "neutral", "positive")),
            language="es",
            visibility="public",
            assignee=self.dice.choice(("ana", "luis", None)),
            claimed_by=None,
            claimed_until=None,
            waiting_for="customer" if stands["status"] == "waiting" else None,
            snoozed_until=self.until + YEAR if stands["status"] == "snoozed" else None,
            opened_at=at,
            updated_at=at,
            due_at=None if answered or shut else self.until + timedelta(minutes=self.dice.randrange(60, 10_000)),
            answered_at=None if answered is None else min(answered, self.until),
            closed_at=min(at + timedelta(hours=self.dice.randrange(1, 90)), self.until) if shut else None,
            close_reason=None,
            linked_to=None,
            incident=None,
            messages=1,
            replies=int(replied),
            quorum=1,
            clock_always=False,
            answer_spent=0,
            first_target=7200 if answered else None,
            first_spent=None if answered is None else int((answered - at).total_seconds()),
            resolve_spent=0,
            rung=0,
            version=1,
        )

    def _reply(
        self, ticket: str, entry: filing.Standing, stands: dict[str, str], *, item: int, at: datetime, name: str
    ) -> None:
        reply, words = f"{ticket}.1", _SAID.format(name=name)
        posted = min(at + timedelta(minutes=50), self.until)
        content, digest = self._text("revision", words)
        self._add(
            t.replies,
            id=reply,
            ticket=ticket,
            number=1,
            account=stands["account"],
            item=item,
            state="published",
            quorum=1,
            revision=1,
            undo_until=None,
            key=None,
            attempt=1,
            looked=0,
            first_attempt_at=posted,
            posted_id=f"p{reply}",
            posted_url=None,
            posted_at=posted,
            manual_url=None,
            problem=None,
            created_at=at,
            version=1,
        )
        self._add(
            t.revisions,
            reply=reply,
            number=1,
            content=content,
            text_hash=text_digest(words),
            author=None,
            source="offline:complaint.es#1",
            facts=[],
            language="es",
            created_at=at,
        )
        self._log(at, "ReplyProposed", ticket=ticket, reply=reply, content=content, content_hash=digest)
        self._log(posted, "ReplyPublished", ticket=ticket, reply=reply)
        self._add(t.search, **entry.entry(content, "reply", at, words))


def fill(db: Database, count: int, *, until: datetime | None = None) -> None:
    """Write so many items into an empty database of this release."""
    inventor = Inventor(count, until=until or datetime.now(UTC))
    for batch in inventor.batches():
        with db.begin() as conn:
            for table in t.metadata.sorted_tables:
                _write(conn, table, batch.get(table, []))
    with db.begin() as conn:
        conn.execute(insert(t.counters), inventor.counters())
        if db.shared:
            # What a server does by itself, some minutes later.
            conn.execute(text("ANALYZE"))


def _write(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if table is t.search:
        rows = sorted(rows, key=lambda row: row["id"])
    if rows and conn.dialect.name == "postgresql":
        _copy(conn, table, rows)
    else:
        add_rows(conn, table, rows)


def _copy(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    convert = [table.c[name].type.dialect_impl(conn.dialect).bind_processor(conn.dialect) for name in columns]
    names = ", ".join(conn.dialect.identifier_preparer.quote(name) for name in columns)
    raw: Any = conn.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [value if made is None else made(value) for value, made in zip(row.values(), convert, strict=True)]
            )
