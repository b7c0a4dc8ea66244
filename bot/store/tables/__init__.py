"""Every table. Tables of record only grow; tables of state change in place; plumbing comes and goes.

Texts and names of people outside stand in `contents` alone, so that the law's erasure touches one table
(and `authors`, the link between a network's user id and what we keep).
"""

from __future__ import annotations

from sqlmodel import SQLModel

from bot.store.columns import table_of
from bot.store.tables.plumbing import CounterRow, CursorRow, DigestRow, KeepRow, LeaseRow, OutboxRow, SearchRow
from bot.store.tables.record import (
    ContentRow,
    DecisionRow,
    EventRow,
    ItemRow,
    PublicationRow,
    RevisionRow,
    SealRow,
)
from bot.store.tables.state import (
    AccountRow,
    AuthorRow,
    CardRow,
    IdentityRow,
    PersonRow,
    ReplyRow,
    SwitchRow,
    TicketRow,
)

events = table_of(EventRow)
contents = table_of(ContentRow)
items = table_of(ItemRow)
revisions = table_of(RevisionRow)
decisions = table_of(DecisionRow)
publications = table_of(PublicationRow)
seals = table_of(SealRow)
authors = table_of(AuthorRow)
tickets = table_of(TicketRow)
replies = table_of(ReplyRow)
people = table_of(PersonRow)
identities = table_of(IdentityRow)
switches = table_of(SwitchRow)
accounts = table_of(AccountRow)
cards = table_of(CardRow)
outbox = table_of(OutboxRow)
search = table_of(SearchRow)
cursors = table_of(CursorRow)
leases = table_of(LeaseRow)
counters = table_of(CounterRow)
keep = table_of(KeepRow)
digests = table_of(DigestRow)

APPEND_ONLY = ("events", "items", "revisions", "decisions", "publications", "seals")
"""Tables of record that refuse UPDATE and DELETE."""
NO_DELETE = (*APPEND_ONLY, "contents", "authors", "tickets", "replies", "people", "identities", "switches", "cards")
"""Tables that lose no rows."""
SEARCH_INDEX = "search_words"
"""The full-text index; on SQLite a virtual table with others behind it, whose names begin with its own."""
metadata = SQLModel.metadata
