"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers rows by itself only where the type is spelled INTEGER.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _accounts()
    _authors()
    _contents()
    _counters()
    _cursors()
    _events()
    _keep()
    _digests()
    _leases()
    _outbox()
    _people()
    _search()
    _seals()
    _switches()
    _identities()
    _items()
    _tickets()
    _cards()
    _replies()
    _decisions()
    _publications()
    _revisions()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _authors() -> None:
    op.create_table(
        "authors",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=True),
        sa.Column("flag", sa.String(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "native_id"),
    )


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account"),
    )


def _events() -> None:
    op.create_table(
        "events",
        # Numbered by a trigger on PostgreSQL, whose sequences leave gaps where a transaction is rolled back.
        sa.Column("seq", KEY, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=True),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("item", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_events_ticket", "events", ["ticket"])
    withdrawn = sa.text("type = 'ReplyWithdrawn'")
    op.create_index("ix_events_withdrawn", "events", ["at"], sqlite_where=withdrawn, postgresql_where=withdrawn)
    press = sa.text("type = 'PressArrived'")
    op.create_index("ix_events_press", "events", ["at"], sqlite_where=press, postgresql_where=press)


def _keep() -> None:
    op.create_table(
        "keep",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("owner", "key"),
    )


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("room", "day"),
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index("ix_outbox_next", "outbox", ["state", "due_at"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _search() -> None:
    op.create_table(
        "search",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_search_ticket", "search", ["ticket"])
    if op.get_bind().dialect.name == "sqlite":
        # The words are folded already; whatever stands between two spaces is one.
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search', content_rowid='id', columnsize=0,"
            " tokenize=\"ascii tokenchars '=#@_-:'\")"
        )
    else:
        # A list of what is not filed yet is read at every search: a short one.
        with_ = {"gin_pending_list_limit": 1024}
        op.create_index("search_words", "search", ["words"], postgresql_using="gin", postgresql_with=with_)


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("rows", KEY, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _switches() -> None:
    op.create_table(
        "switches",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "native_id"),
        sa.ForeignKeyConstraint(["person"], ["people.id"]),
    )


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("thread_key", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("content", sa.BigInteger(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("reach", KEY, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("reply_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["author"], ["authors.id"]),
        sa.ForeignKeyConstraint(["content"], ["contents.id"]),
        sa.UniqueConstraint("account", "native_id", "number"),
    )
    op.create_index("ix_items_author", "items", ["author"])
    op.create_index("ix_items_conversation", "items", ["ticket", "id"])
    op.create_index("ix_items_thread", "items", ["account", "thread_key"])
    gone = sa.text("gone")
    op.create_index("ix_items_gone", "items", ["received_at"], sqlite_where=gone, postgresql_where=gone)


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("thread_key", sa.String(), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=True),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("sentiment", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=True),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("linked_to", sa.String(), nullable=True),
        sa.Column("fold", sa.String(), nullable=True),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(), nullable=True),
        sa.Column("reply_by", sa.BigInteger(), nullable=True),
        sa.Column("clock_since", sa.BigInteger(), nullable=True),
        sa.Column("clock_always", sa.Boolean(), nullable=False),
        sa.Column("answer_target", KEY, nullable=True),
        sa.Column("answer_spent", KEY, nullable=False),
        sa.Column("first_target", KEY, nullable=True),
        sa.Column("first_spent", KEY, nullable=True),
        sa.Column("resolve_target", KEY, nullable=True),
        sa.Column("resolve_spent", KEY, nullable=False),
        sa.Column("resolve_at", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("ring_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["author"], ["authors.id"]),
    )
    op.create_index("ix_tickets_matter", "tickets", ["account", "thread_key", "author"])
    op.create_index("ix_tickets_queue", "tickets", ["status", "severity", "due_at", "opened_at", "id"])
    unfinished = sa.text("status IN ('open', 'waiting')")
    counted = ["status", "severity", "account", "assignee", "due_at"]
    op.create_index("ix_tickets_unfinished", "tickets", counted, sqlite_where=unfinished, postgresql_where=unfinished)
    folded = sa.text("fold IS NOT NULL")
    op.create_index("ix_tickets_fold", "tickets", ["fold", "opened_at"], sqlite_where=folded, postgresql_where=folded)
    rolls = sa.text("fold = id")
    op.create_index("ix_tickets_rolls", "tickets", ["opened_at"], sqlite_where=rolls, postgresql_where=rolls)
    op.create_index("ix_tickets_opened", "tickets", ["opened_at"])
    op.create_index("ix_tickets_answered", "tickets", ["answered_at"])
    op.create_index("ix_tickets_closed", "tickets", ["closed_at"])
    rings = sa.text("ring_at IS NOT NULL")
    op.create_index("ix_tickets_ring", "tickets", ["ring_at"], sqlite_where=rings, postgresql_where=rings)


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "room"),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"]),
    )


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("item", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("posted_id", sa.String(), nullable=True),
        sa.Column("posted_url", sa.Text(), nullable=True),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.Column("vanished_at", sa.BigInteger(), nullable=True),
        sa.Column("manual_url", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["item"], ["items.id"]),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"]),
        sa.UniqueConstraint("ticket", "number"),
    )
    op.create_index("ix_replies_posted", "replies", ["account", "posted_id"])
    op.create_index("ix_replies_state", "replies", ["state"])
    op.create_index("ix_replies_sent", "replies", ["posted_at"])
    lost = sa.text("vanished_at IS NOT NULL")
    op.create_index("ix_replies_vanished", "replies", ["vanished_at"], sqlite_where=lost, postgresql_where=lost)


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("binding", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["reply"], ["replies.id"]),
    )
    op.create_index("ix_decisions_reply", "decisions", ["reply"])
    op.create_index("ix_decisions_at", "decisions", ["at"])


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("binding", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("native_id", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["content"], ["contents.id"]),
        sa.ForeignKeyConstraint(["reply"], ["replies.id"]),
        sa.UniqueConstraint("reply", "attempt", "phase"),
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reply", "number"),
        sa.ForeignKeyConstraint(["content"], ["contents.id"]),
        sa.ForeignKeyConstraint(["reply"], ["replies.id"]),
    )
