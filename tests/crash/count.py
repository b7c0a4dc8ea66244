"""Counts what became of everything that was promised: lost, twice, or as it should be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.crash.books import Books


@dataclass
class Count:
    """`lost` and `twice` name comments; `wrong` says what else is not as it should be.

    `asked` is for how many replies people had to look on the network, since nothing else could tell their fate.
    """

    accepted: int = 0
    approved: int = 0
    published: int = 0
    asked: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.wrong)


def count(
    books: Books, wall: Sequence[Mapping[str, Any]], accepted: Mapping[str, str], approved: Mapping[str, str]
) -> Count:
    """Compare the wall and the database with the ledger.

    Args:
        books: the databases, when nothing moves any more.
        wall: every comment on the wall with its replies.
        accepted: the text of every comment that the wall answered with 201, by its id.
        approved: the exact text of every reply that was approved, by the comment's id.
    """
    result = Count(accepted=len(accepted), approved=len(approved))
    _comments(result, wall, accepted)
    _replies(result, wall, approved)
    _tickets(result, books, accepted)
    _cards(result, books)
    result.wrong += books.damage()
    return result


def _comments(result: Count, wall: Sequence[Mapping[str, Any]], accepted: Mapping[str, str]) -> None:
    standing = Counter(shown["id"] for shown in wall)
    result.lost += [f"comment {native}" for native in accepted if not standing[native]]
    result.twice += [f"comment {native}" for native, times in standing.items() if times > 1]
    result.wrong += [f"comment {native} was never answered with 201" for native in standing if native not in accepted]
    result.wrong += [f"comment {x['id']} has another text" for x in wall if accepted.get(x["id"]) != x["text"]]


def _replies(result: Count, wall: Sequence[Mapping[str, Any]], approved: Mapping[str, str]) -> None:
    for shown in wall:
        wanted = approved.get(shown["id"])
        texts = [reply["text"] for reply in shown["replies"]]
        result.published += len(texts)
        if wanted is None:
            result.wrong += [f"reply to {shown['id']} that nobody approved: {text}" for text in texts]
            continue
        if not texts:
            result.lost.append(f"reply to {shown['id']}")
        if len(texts) > 1:
            result.twice.append(f"reply to {shown['id']}")
        result.wrong += [f"reply to {shown['id']}: {text!r} for {wanted!r}" for text in texts if text != wanted]


def _tickets(result: Count, books: Books, accepted: Mapping[str, str]) -> None:
    """Every comment is one item, one ticket of its own, one reply with one draft at its beginning."""
    rows = books.ask("SELECT native_id, ticket, number FROM items WHERE NOT ours")
    items = Counter(str(native) for native, _, _ in rows)
    result.lost += [f"ticket of comment {native}" for native in accepted if not items[native]]
    result.twice += [f"item {native}" for native, times in items.items() if times > 1]
    shared = Counter(ticket for _, ticket, _ in rows)
    result.twice += [f"ticket {ticket} for {times} comments" for ticket, times in shared.items() if times > 1]
    result.wrong += [f"comment {native} has no ticket" for native, ticket, _ in rows if ticket is None]
    drafts: Counter[str] = Counter()
    query = "SELECT replies.ticket, count(*) FROM revisions JOIN replies ON replies.id = revisions.reply WHERE"
    for ticket, times in books.ask(f"{query} revisions.author IS NULL GROUP BY replies.ticket"):
        drafts[ticket] += times
    result.lost += [f"draft of {ticket}" for ticket in shared if not drafts[ticket]]
    result.twice += [f"draft of {ticket}" for ticket, times in drafts.items() if times > 1]


def _cards(result: Count, books: Books) -> None:
    cards = books.ask(
        "SELECT tickets.id, count(cards.ticket), count(cards.ref) FROM tickets"
        " LEFT JOIN cards ON cards.ticket = tickets.id GROUP BY tickets.id"
    )
    result.lost += [f"card of {ticket}" for ticket, _, shown in cards if shown == 0]
    result.twice += [f"card of {ticket}" for ticket, known, _ in cards if known > 1]
