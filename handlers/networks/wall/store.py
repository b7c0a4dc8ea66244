"""The statements that the wall keeps its comments with: one function each, over an open connection."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from handlers.networks.wall.rows import (
    Change,
    Comment,
    KeyReused,
    NewComment,
    NotThere,
    NotYours,
    Reply,
    TakenBack,
    What,
)

Connection = sqlite3.Connection

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
_ID_LENGTH = 12  # 31^12: about 59 bits, not to be guessed
_ID = re.compile(f"[{_ALPHABET}]{{{_ID_LENGTH}}}")


# The number up to which everything is archived.
_ARCHIVED = "coalesce((SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'archived'), 0)"


def new_id() -> str:
    """A short random id; the order of comments comes from elsewhere."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


# --- reading ----------------------------------------------------------------------------------------------


def epoch(db: Connection) -> str:
    """The name of this very file: a cursor of another file means nothing here."""
    row = db.execute("SELECT value FROM facts WHERE name = 'epoch'").fetchone()
    if row is None:
        raise LookupError("The wall's database has no epoch.")
    return str(row["value"])


def fact(db: Connection, name: str) -> str | None:
    """Something that is known about this wall."""
    row = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row and row["value"] else None


def comment(db: Connection, id: str) -> Comment:
    """One comment with its live replies. Raises NotThere."""
    return _with_replies(db, [_row(db, "comments", id)])[0]


def reply(db: Connection, id: str) -> Reply:
    """One reply, whatever its state. Raises NotThere."""
    return _reply(_row(db, "replies", id))


def reply_by_key(db: Connection, key: str) -> Reply | None:
    """The reply that was published with this key."""
    row = db.execute("SELECT * FROM replies WHERE client_key = ?", (key,)).fetchone()
    return _reply(row) if row else None


def comments_after(db: Connection, after: str | None, limit: int) -> list[Comment]:
    """Up to `limit` comments, oldest first, after the one with the id `after`. Raises NotThere."""
    n = _row(db, "comments", after)["n"] if after is not None else 0
    rows = db.execute("SELECT * FROM comments WHERE n > ? ORDER BY n LIMIT ?", (n, limit)).fetchall()
    return _with_replies(db, rows)


def threads_before(db: Connection, before: str | None, limit: int) -> list[list[Comment]]:
    """Up to `limit` threads, the newest first, before the one with the id `before`; each oldest first.

    Archived ones are left out: they can be reached by their links only.
    """
    n = _row(db, "comments", before)["n"] if before is not None else 2**62
    query = f"SELECT id FROM comments WHERE parent IS NULL AND n < ? AND n > {_ARCHIVED} ORDER BY n DESC LIMIT ?"  # noqa: S608
    roots = db.execute(query, (n, limit)).fetchall()
    return [thread(db, row["id"]) for row in roots]


def thread(db: Connection, root: str) -> list[Comment]:
    """All comments of a thread, oldest first; empty where there is none."""
    rows = db.execute("SELECT * FROM comments WHERE root = ? ORDER BY n", (root,)).fetchall()
    return _with_replies(db, rows)


def thread_of(db: Connection, id: str) -> list[Comment]:
    """The whole thread in which a comment or a live reply stands, oldest first. Raises NotThere."""
    return thread(db, _answered(db, id).root)


def last_name(db: Connection, visitor: str) -> str | None:
    """The name that a visitor used last."""
    query = "SELECT author FROM comments WHERE visitor = ? ORDER BY n DESC LIMIT 1"
    row = db.execute(query, (visitor,)).fetchone()
    return row["author"] if row else None


def count(db: Connection) -> int:
    """How many comments stand and are not archived."""
    query = f"SELECT count(*) FROM comments WHERE withdrawn_at IS NULL AND n > {_ARCHIVED}"  # noqa: S608 - a constant
    row = db.execute(query).fetchone()
    return int(row[0])


def changes(db: Connection, after: int, limit: int) -> list[Change]:
    """Up to `limit` changes after a number, in the order in which they happened."""
    rows = db.execute("SELECT * FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)).fetchall()
    replies = {found.id: found for found in _replies(db, "id", [row["id"] for row in rows])}
    ids = {replies[row["id"]].comment if row["id"] in replies else row["id"] for row in rows}
    comments = {found.id: found for found in _comments(db, ids)}
    return [_change(row, comments, replies) for row in rows]


# --- writing ----------------------------------------------------------------------------------------------


def add_comment(db: Connection, new: NewComment, at: datetime) -> tuple[Comment, bool]:
    """Write a comment down; True when it is new, False when the key had brought it before.

    Raises NotThere or TakenBack (the parent), KeyReused.
    """
    if new.key is not None and (known := _comment_by_key(db, new.key)) is not None:
        if known["client_digest"] != new.digest:
            raise KeyReused(new.key)
        return comment(db, known["id"]), False
    fresh = new_id()
    root = _root_of(db, new.parent) if new.parent is not None else fresh
    place = _note(db, "comment", fresh)
    whose = (new.author, new.visitor, new.edit_token)
    db.execute(
        "INSERT INTO comments (n, id, root, parent, author, visitor, edit_token, text, created_at, client_key,"
        " client_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (place, fresh, root, new.parent, *whose, new.text, at.isoformat(), new.key, new.digest),
    )
    return comment(db, fresh), True


def edit_comment(db: Connection, id: str, text: str, owner: frozenset[str], at: datetime) -> Comment:
    """Put new words in place of the old ones; the same words change nothing. Raises as `_owned` does."""
    standing = _owned(db, id, owner)
    if standing.text != text:
        db.execute(
            "UPDATE comments SET text = ?, edited_at = ?, version = version + 1 WHERE id = ?",
            (text, at.isoformat(), id),
        )
        _note(db, "edit", id)
    return comment(db, id)


def withdraw_comment(db: Connection, id: str, owner: frozenset[str], at: datetime) -> Comment:
    """Its author takes a comment back: the words go, the place stays. Twice is once. Raises as `_owned` does."""
    try:
        _owned(db, id, owner)
    except TakenBack:
        return comment(db, id)
    # The digest goes too: a short text could be guessed from it.
    db.execute("UPDATE comments SET text = '', client_digest = '', withdrawn_at = ? WHERE id = ?", (at.isoformat(), id))
    _note(db, "withdrawal", id)
    return comment(db, id)


def set_fact(db: Connection, name: str, value: str) -> None:
    """Know something about this wall from now on."""
    db.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))


def end_fact(db: Connection, name: str, value: str | None = None) -> None:
    """No longer know it; with `value` only if that is what is known."""
    db.execute("UPDATE facts SET value = '' WHERE name = ? AND (? IS NULL OR value = ?)", (name, value, value))


def archive(db: Connection) -> None:
    """Everything that stands now leaves the page. It stays in the file, and so do the links to it."""
    row = db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
    set_fact(db, "archived", str(row[0]))


def add_reply(
    db: Connection, target: str, text: str, *, key: str | None, state: Literal["live", "pending"], at: datetime
) -> Reply:
    """Write the brand's reply down; the same key again is the same reply.

    Raises NotThere or TakenBack (the comment), KeyReused.
    """
    if key is not None and (known := reply_by_key(db, key)) is not None:
        if (known.comment, known.text) != (target, text):
            raise KeyReused(key)
        return known
    if comment(db, target).withdrawn_at is not None:
        raise TakenBack(target)
    fresh = new_id()
    place = _note(db, "reply" if state == "live" else "pending", fresh)
    db.execute(
        "INSERT INTO replies (n, id, comment, client_key, text, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (place, fresh, target, key, text, state, at.isoformat()),
    )
    return reply(db, fresh)


def moderate_reply(db: Connection, id: str, refused_because: str | None) -> Reply:
    """Decide about a pending reply: live, or refused with a reason. Raises NotThere when none is pending."""
    state = "live" if refused_because is None else "refused"
    done = db.execute(
        "UPDATE replies SET state = ?, reason = ? WHERE id = ? AND state = 'pending'", (state, refused_because, id)
    )
    if done.rowcount != 1:
        raise NotThere(id)
    if refused_because is not None:
        _note(db, "refused", id)
    else:
        _note(db, "confirmed", id)
        _note(db, "reply", id)
    return reply(db, id)


# --- helpers ----------------------------------------------------------------------------------------------


def _owned(db: Connection, id: str, owner: frozenset[str]) -> Comment:
    """The comment, if one of the hashes is its author's. Raises NotThere, NotYours, TakenBack."""
    row = _row(db, "comments", id)
    if not owner & {row["visitor"], row["edit_token"]}:
        raise NotYours(id)
    found = comment(db, id)
    if found.withdrawn_at is not None:
        raise TakenBack(id)
    return found


def _root_of(db: Connection, parent: str) -> str:
    """The thread of a comment or reply that somebody answers. Raises NotThere, TakenBack."""
    answered = _answered(db, parent)
    if answered.id == parent and answered.withdrawn_at is not None:
        raise TakenBack(parent)
    return answered.root


def _answered(db: Connection, id: str) -> Comment:
    """The comment with this id, or the one below which the live reply with this id stands. Raises NotThere."""
    try:
        found = reply(db, id)
    except NotThere:
        return comment(db, id)
    if found.state != "live":
        raise NotThere(id)
    return comment(db, found.comment)


def _note(db: Connection, what: What, id: str) -> int:
    """Write down that something happens to a comment or reply; the number orders all that ever did."""
    return db.execute("INSERT INTO changes (what, id) VALUES (?, ?)", (what, id)).lastrowid or 0


def _row(db: Connection, table: Literal["comments", "replies"], id: str) -> sqlite3.Row:
    # What does not look like an id is none; some of it could not even be asked for (half a surrogate pair).
    query = f"SELECT * FROM {table} WHERE id = ?"  # noqa: S608 - one of two literals
    row: sqlite3.Row | None = db.execute(query, (id,)).fetchone() if _ID.fullmatch(id) else None
    if row is None:
        raise NotThere(id)
    return row


def _comment_by_key(db: Connection, key: str) -> sqlite3.Row | None:
    query = "SELECT id, client_digest FROM comments WHERE client_key = ?"
    found: sqlite3.Row | None = db.execute(query, (key,)).fetchone()
    return found


def _comments(db: Connection, ids: Iterable[str]) -> list[Comment]:
    wanted = list(ids)
    rows = db.execute(f"SELECT * FROM comments WHERE id IN ({_marks(wanted)})", wanted).fetchall()  # noqa: S608
    return [_comment(row, ()) for row in rows]


def _replies(db: Connection, column: Literal["id", "comment"], values: Iterable[str]) -> list[Reply]:
    wanted = list(values)
    query = f"SELECT * FROM replies WHERE {column} IN ({_marks(wanted)}) ORDER BY n"  # noqa: S608 - a literal
    return [_reply(row) for row in db.execute(query, wanted)]


def _marks(values: list[str]) -> str:
    return ",".join("?" * len(values))


def _with_replies(db: Connection, rows: list[sqlite3.Row]) -> list[Comment]:
    below: dict[str, list[Reply]] = {}
    for found in _replies(db, "comment", [row["id"] for row in rows]):
        if found.state == "live":
            below.setdefault(found.comment, []).append(found)
    return [_comment(row, tuple(below.get(row["id"], ()))) for row in rows]


def _change(row: sqlite3.Row, comments: dict[str, Comment], replies: dict[str, Reply]) -> Change:
    about = replies.get(row["id"])
    return Change(
        seq=row["seq"], what=row["what"], comment=comments[about.comment if about else row["id"]], reply=about
    )


def _comment(row: sqlite3.Row, replies: tuple[Reply, ...]) -> Comment:
    return Comment(
        id=row["id"],
        n=row["n"],
        root=row["root"],
        parent=row["parent"],
        author=row["author"],
        visitor=row["visitor"],
        text=row["text"],
        version=row["version"],
        created_at=datetime.fromisoformat(row["created_at"]),
        edited_at=_moment(row["edited_at"]),
        withdrawn_at=_moment(row["withdrawn_at"]),
        replies=replies,
    )


def _reply(row: sqlite3.Row) -> Reply:
    return Reply(
        id=row["id"],
        n=row["n"],
        comment=row["comment"],
        text=row["text"],
        created_at=datetime.fromisoformat(row["created_at"]),
        state=row["state"],
        reason=row["reason"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
