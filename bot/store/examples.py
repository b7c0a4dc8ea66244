"""How the team answered similar comments before: pairs of comment and published reply, read from the record.

The search index finds comments that share words, the stems of all their words say how similar they are.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from bot.core.briefs import Example
from bot.core.search import words_of
from bot.core.types import ReplyState, Visibility
from bot.store.finding import Phrase, Wanted, index_of
from bot.store.tables import contents, items, replies, revisions, tickets
from bot.triage.stems import stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sqlalchemy import Connection, Row

    from bot.core.ticket import Ticket

MOST = 3
LOOKED_AT = 200
"""Newest texts that share a word with the comment and are looked at; not all of them are answered comments."""
LONGEST = 1_500
"""Characters of a comment or a reply; longer ones teach nothing that a shorter one does not."""
_ASKED = 12
_SHORTEST_WORD = 4
_COMMON = 2
_SIMILAR = 0.3


def similar(conn: Connection, ticket: Ticket, comment: str) -> tuple[Example, ...]:
    """Public comments on the same account, in the same language, that resemble this one, with what was replied.

    The most similar first, `MOST` at most. Nothing that was erased, nothing from this ticket, no reply twice.
    """
    asked = stems(words_of(comment[:LONGEST]))
    # Long words are seldom common ones.
    words = sorted({word for word in words_of(comment[:LONGEST]) if len(word) >= _SHORTEST_WORD}, key=_longest)[:_ASKED]
    if len(asked) < _COMMON or not words:
        return ()
    names = _answered(conn, ticket, words)
    if not names:
        return ()
    pairs = conn.execute(_PAIRS, {"names": names, "language": ticket.language})
    ranked = sorted(_scored(pairs, asked), key=lambda pair: -pair[0])
    first = {example.reply: example for _, example in reversed(ranked)}
    return tuple(example for _, example in ranked if first[example.reply] is example)[:MOST]


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _answered(conn: Connection, ticket: Ticket, words: list[str]) -> list[str]:
    """Tickets of the account in which a message has one of the words, newest first."""
    clauses = (tuple(Phrase((word,)) for word in words), (Phrase((f"=account:{ticket.account}",)),))
    found = index_of(conn).newest(conn, Wanted(clauses=clauses), LOOKED_AT)
    return list(dict.fromkeys(text.ticket for text in found if text.place == "message" and text.ticket != ticket.id))


def _scored(pairs: Iterable[Row[Any]], asked: frozenset[str]) -> Iterator[tuple[float, Example]]:
    """Those similar enough, by the cosine of their sets of stems."""
    for row in pairs:
        theirs = stems(words_of(row.comment))
        common = len(asked & theirs)
        score = common / sqrt(len(asked) * max(1, len(theirs)))
        if common < _COMMON or score < _SIMILAR:
            continue
        changed = row.drafted is not None and row.drafted != row.reply
        yield score, Example(comment=row.comment, reply=row.reply, draft=row.drafted if changed else None)


def _pairs() -> Select[Any]:
    """Comments with the newest published reply below each, and the drafter's first wording of it."""
    said, sent, first = contents.alias("said"), contents.alias("sent"), contents.alias("first")
    last, drafted = revisions.alias("last"), revisions.alias("drafted")
    began = (
        select(func.min(revisions.c.number))
        .where(revisions.c.reply == replies.c.id, revisions.c.author.is_(None))
        .scalar_subquery()
    )
    joined = (
        tickets.join(replies, replies.c.ticket == tickets.c.id)
        .join(items, items.c.id == replies.c.item)
        .join(said, said.c.id == items.c.content)
        .join(last, and_(last.c.reply == replies.c.id, last.c.number == replies.c.revision))
        .join(sent, sent.c.id == last.c.content)
        .outerjoin(drafted, and_(drafted.c.reply == replies.c.id, drafted.c.number == began))
        .outerjoin(first, first.c.id == drafted.c.content)
    )
    kept: list[ColumnElement[bool]] = [text.c.erased_at.is_(None) for text in (said, sent)]
    short = [func.length(text.c.text) <= LONGEST for text in (said, sent)]
    return (
        select(said.c.text.label("comment"), sent.c.text.label("reply"), first.c.text.label("drafted"))
        .select_from(joined)
        .where(
            tickets.c.id.in_(bindparam("names", expanding=True)),
            tickets.c.language == bindparam("language"),
            tickets.c.visibility == Visibility.PUBLIC.value,
            items.c.visibility == Visibility.PUBLIC.value,
            replies.c.state == ReplyState.PUBLISHED.value,
            *kept,
            *short,
        )
        .order_by(replies.c.posted_at.desc(), replies.c.id)
    )


_PAIRS = _pairs()
