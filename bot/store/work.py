"""The unit of work: collects what a transaction adds and changes, and writes it in few, large statements.

One `Work` lives inside one write transaction. Rows are collected and written by `flush()` in bulk; states are
updated under their version, so that a change made from an old snapshot fails as `Conflict` instead of overwriting.
"""

from __future__ import annotations

import functools
import secrets
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, Update, bindparam, select, update

from bot.core.attachments import has_any
from bot.core.ids import ticket_id
from bot.core.messages import Entry, Fact
from bot.store import cases, filing
from bot.store import tables as t
from bot.store.attached import covered, notes_of
from bot.store.bulk import add_rows, change_row
from bot.store.engine import Conflict
from bot.store.outbox import Order, write_orders
from bot.store.seals import content_hash

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.case import Case, Change, Revision, StoredItem
    from bot.core.messages import Effect
    from bot.core.reply import Reply
    from bot.core.ticket import Ticket

# Built once: to put a statement together takes longer than the database needs for it.
_COUNTERS = select(t.counters).with_for_update()
_COUNT = update(t.counters).where(t.counters.c.name == bindparam("of")).values(next=bindparam("to"))
_RESERVE = (
    update(t.counters)
    .where(t.counters.c.name == bindparam("of"))
    .values(next=t.counters.c.next + bindparam("count"))
    .returning(t.counters.c.next)
)
_ITEM_FACTS = frozenset({Fact.ITEM_ARRIVED, Fact.ITEM_EDITED, Fact.ITEM_REMOVED})
_WORDING_FACTS = frozenset({Fact.REPLY_PROPOSED, Fact.REPLY_REVISED})


@dataclass(frozen=True, slots=True)
class _Kept:
    id: int
    hash: str


def _values(state: Ticket | Reply) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__dataclass_fields__}


class Work:
    """What one transaction reads, adds and changes. `now` is the moment that everything in it happens at."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now
        self.effects: list[tuple[Effect, Case]] = []
        self.orders: list[Order] = []
        self._rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._tickets: dict[str, Ticket] = {}
        self._replies: dict[str, Reply] = {}
        self._loaded: dict[str, int] = {}
        self._standing: dict[str, Reply] = {}
        self._cases: dict[str, Case] = {}
        self._item_contents: dict[int, _Kept] = {}
        self._numbers: dict[str, int] = {}
        self._written: dict[str, int] = {}

    # --- numbers ------------------------------------------------------------------------------------------------

    def number(self, name: str) -> int:
        """The next number of this name; the counters are read once and written back by `flush()`."""
        if not self._numbers:
            rows = self.conn.execute(_COUNTERS)
            self._numbers = {row.name: row.next for row in rows}
            self._written = dict(self._numbers)
        value = self._numbers.get(name, 1)
        self._numbers[name] = value + 1
        return value

    def new_ticket_id(self) -> str:
        """A ticket id never used before."""
        return ticket_id(self.number("ticket"))

    # --- reading ------------------------------------------------------------------------------------------------

    def case(self, ticket: str) -> Case | None:
        """The case as this transaction sees it: with its own changes."""
        if ticket not in self._cases:
            found = cases.load_ticket(self.conn, ticket)
            if found is None:
                return None
            self._remember(cases.load_case(self.conn, found))
        return self._cases[ticket]

    def case_of_reply(self, reply: str) -> Case | None:
        """The case whose newest reply this is; None when it is not the newest any more."""
        case = self.case(reply.partition(".")[0])
        return case if case and case.reply and case.reply.id == reply else None

    def case_needing_hand(self, ticket: str) -> Case | None:
        """The case with its newest reply that a person has to settle, where there is one."""
        case = self.case(ticket)
        found = cases.load_needing_hand(self.conn, case.ticket) if case else None
        if found is not None:
            self._remember(found)
        return found

    def reply(self, reply: str) -> Reply | None:
        """A reply, be it not the newest of its ticket, as this transaction sees it."""
        seen = self._replies.get(reply) or self._standing.get(reply)
        if seen is not None:
            return seen
        found = cases.load_reply(self.conn, reply)
        if found is not None:
            self._loaded[found.id] = found.version
            self._standing[found.id] = found
        return found

    def _remember(self, case: Case) -> None:
        self._cases[case.ticket.id] = case
        self._loaded[case.ticket.id] = case.ticket.version
        if case.reply:
            self._loaded[case.reply.id] = case.reply.version
            self._standing[case.reply.id] = case.reply

    # --- adding -------------------------------------------------------------------------------------------------

    def keep_text(
        self, kind: str, text: str, *, author: str | None = None, url: str | None = None, extra: dict[str, Any]
    ) -> _Kept:
        """Keep a text under a salted hash, so that the log can prove it without telling it."""
        salt = secrets.token_hex(16)
        digest = content_hash(salt, text, author, url, covered(extra))
        number = self.number("id")
        self._rows[t.contents].append(
            {
                "id": number,
                "kind": kind,
                "text": text,
                "author": author,
                "url": url,
                "extra": extra,
                "salt": salt,
                "hash": digest,
                "erased_at": None,
            }
        )
        return _Kept(number, digest)

    def add_author(self, account: str, native_id: str) -> int:
        """A number for somebody outside whom we did not know."""
        number = self.number("id")
        self._rows[t.authors].append({"id": number, "account": account, "native_id": native_id, "erased_at": None})
        return number

    def add_item(
        self, stored: StoredItem, *, ticket: str | None, author: int | None, extra: dict[str, Any] | None = None
    ) -> None:
        """A version of an item, with its text."""
        item = stored.item
        notes = dict(extra or {})
        if item.author.handle:
            notes["handle"] = item.author.handle
        if item.author.url:
            notes["author_url"] = item.author.url
        if item.held:
            notes["held"] = True
        if has_any(item):
            notes |= notes_of(item)
        kept = self.keep_text("item", item.text, author=item.author.name, url=item.url, extra=notes)
        self._item_contents[stored.id] = kept
        self._add_item_row(stored, ticket=ticket, author=author, content=kept.id)

    def add_gone(self, stored: StoredItem, *, ticket: str | None, author: int | None, content: int) -> None:
        """The version that says that an item is not there any more; its text is the one before."""
        self._add_item_row(stored, ticket=ticket, author=author, content=content)

    def _add_item_row(self, stored: StoredItem, *, ticket: str | None, author: int | None, content: int) -> None:
        item = stored.item
        self._rows[t.items].append(
            {
                "id": stored.id,
                "account": item.account,
                "native_id": item.native_id,
                "number": stored.number,
                "version": item.version,
                "ticket": ticket,
                "author": author,
                "thread_key": item.thread_key,
                "parent": item.parent,
                "content": content,
                "visibility": item.visibility,
                "ours": item.ours,
                "gone": stored.gone,
                "reach": item.author.reach,
                "created_at": item.created_at,
                "edited_at": item.edited_at,
                "received_at": self.now,
                "reply_by": item.reply_by,
            }
        )

    def add_publication(
        self,
        case: Case,
        phase: str,
        *,
        native_id: str | None = None,
        url: str | None = None,
        detail: str | None = None,
        by_hand: str | None = None,
    ) -> None:
        """A step of an attempt to publish the case's reply.

        `detail` are the network's own words, `by_hand` a link for a person: both may tell of people outside.
        """
        reply, revision = case.reply, case.revision
        if reply is None or revision is None:
            raise ValueError("nothing that could be published")
        said = detail or by_hand
        self._rows[t.publications].append(
            {
                "id": self.number("id"),
                "reply": reply.id,
                "attempt": reply.attempt,
                "phase": phase,
                "at": self.now,
                "key": reply.key or "",
                "binding": case.binding(),
                "text_hash": revision.text_hash,
                "native_id": native_id,
                "url": url,
                "content": self.keep_text("answer", detail or "", url=by_hand, extra={}).id if said else None,
            }
        )

    def log(self, entry: Entry, kept: _Kept | None = None) -> None:
        """A row for the log."""
        self._rows[t.events].append(
            {
                "at": self.now,
                "type": entry.fact.value,
                "actor": entry.actor,
                "ticket": entry.ticket,
                "reply": entry.reply,
                "item": entry.item,
                "content": kept.id if kept else None,
                "content_hash": kept.hash if kept else None,
                "data": entry.data,
            }
        )

    # --- a change of a case ---------------------------------------------------------------------------------------

    def save(self, change: Change) -> None:
        """All that the core wants stored, and its orders to the outside."""
        case = change.case
        worded = [self._save_revision(revision) for revision in change.revisions]
        for decision in change.decisions:
            row = asdict(decision) | {"id": self.number("id")}
            self._rows[t.decisions].append(row)
        wordings = iter(worded)
        for entry in change.entries:
            kept = None
            if entry.fact in _ITEM_FACTS and entry.item is not None:
                kept = self._item_contents.get(entry.item)
            elif entry.fact in _WORDING_FACTS:
                kept = next(wordings, None)
            self.log(entry, kept)
        for content in change.contents:
            self.log(content.entry, self.keep_text(content.kind, content.text, extra={}))
        for reply in change.withdrawn:
            self._replies[reply.id] = self._standing[reply.id] = reply
        if case.reply is not None and self._standing.get(case.reply.id) is not case.reply:
            # Most of what is wished of a ticket leaves its reply as it was: claims, notes, snoozes.
            self._replies[case.reply.id] = self._standing[case.reply.id] = case.reply
        self._tickets[case.ticket.id] = case.ticket
        self._cases[case.ticket.id] = case
        self.effects.extend((effect, case) for effect in change.effects)

    def _save_revision(self, revision: Revision) -> _Kept:
        checks = [asdict(finding) for finding in revision.checks]
        kept = self.keep_text("revision", revision.text, extra={"checks": checks} if checks else {})
        self._rows[t.revisions].append(
            {
                "reply": revision.reply,
                "number": revision.number,
                "content": kept.id,
                "text_hash": revision.text_hash,
                "author": revision.author,
                "source": revision.source,
                "language": revision.language,
                "facts": [asdict(fact) for fact in revision.facts],
                "made": asdict(revision.made) if revision.made else None,
                "created_at": revision.created_at,
            }
        )
        return kept

    # --- writing ------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write everything collected. Raises Conflict when a state changed under us."""
        self._number_orders()
        if self._numbers:
            self._write_counters()
        # Asked before the rows are gone: which case they belong to, as it stands at the end.
        filed = filing.filed(self._rows, self.case)
        self._insert(t.authors, t.contents)
        self._write_states(t.tickets, self._tickets)
        self._insert(t.items)
        self._write_states(t.replies, self._replies)
        self._insert(t.revisions, t.decisions, t.publications, t.events)
        add_rows(self.conn, t.search, filed)
        write_orders(self.conn, self.orders, self.now)
        self.orders.clear()

    def _number_orders(self) -> None:
        """Most changes need no other number than their orders': those are had in one step."""
        if self.orders and not self._numbers:
            following = self.conn.execute(_RESERVE, {"of": "id", "count": len(self.orders)}).scalar_one_or_none()
            if following is not None:
                for number, order in enumerate(self.orders, start=following - len(self.orders)):
                    order.id = number
                return
        for order in self.orders:
            order.id = self.number("id")

    def _insert(self, *tables: Table) -> None:
        for table in tables:
            add_rows(self.conn, table, self._rows.pop(table, ()))

    def _write_counters(self) -> None:
        moved = {name: value for name, value in self._numbers.items() if self._written.get(name) != value}
        known = [{"of": name, "to": value} for name, value in moved.items() if name in self._written]
        if known:
            self.conn.execute(_COUNT, known)
        add_rows(self.conn, t.counters, [{"name": x, "next": moved[x]} for x in moved if x not in self._written])
        self._written |= moved

    def _write_states(self, table: Table, states: dict[str, Any]) -> None:
        fresh = [state for state in states.values() if state.id not in self._loaded]
        add_rows(self.conn, table, [_values(state) for state in fresh])
        for state in states.values():
            if state.id in self._loaded:
                self._update(table, state)
        for state in fresh:
            self._loaded[state.id] = state.version
        states.clear()

    def _update(self, table: Table, state: Any) -> None:
        version = self._loaded[state.id]
        values = {f"to_{name}": value for name, value in _values(replace(state, version=version + 1)).items()}
        if change_row(self.conn, _change(table), {"of_id": state.id, "of_version": version, **values}) != 1:
            raise Conflict(f"{table.name} {state.id} changed since it was read")
        self._loaded[state.id] = version + 1


@functools.cache
def _change(table: Table) -> Update:
    """The update of a whole row under its version; to put it together takes longer than the database needs for it."""
    this = (table.c.id == bindparam("of_id")) & (table.c.version == bindparam("of_version"))
    return update(table).where(this).values({column: bindparam(f"to_{column.name}") for column in table.columns})
