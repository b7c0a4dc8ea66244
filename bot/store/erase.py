"""Erasure: what the law lets a person ask for. Texts and names go; that there was something, and when, stays.

Everything kept as text under a matched person's tickets goes: their messages, our drafts and replies (they name
the person's point), what the team noted, what the network said about our replies, what was still to be said in the
rooms. Log rows, decisions and publications hold ids only and stay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import null, select

from bot.core.messages import Entry, Fact
from bot.core.reply import IN_FLIGHT, STOPPABLE
from bot.store import filing
from bot.store.authors import Match, find_authors
from bot.store.log import append, chunks
from bot.store.plumbing import forget_elsewhere, forget_name, handles_of
from bot.store.tables import (
    authors,
    contents,
    events,
    identities,
    items,
    people,
    publications,
    replies,
    revisions,
    tickets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Select

ERASED_NAME = "[erased]"
"""What stands where a colleague's name stood."""
_TEAM_TEXTS = (Fact.NOTE_ADDED.value, Fact.AUTHOR_NOTED.value, Fact.QUESTION_ASKED.value, Fact.FAILURE_DONE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReport:
    """What was erased, or with `dry_run` would be.

    `contents` counts by kind. `open_replies` are ids of replies in `tickets` that have not left the house for good:
    their wording is gone, so the caller must withdraw them in the same transaction.
    """

    matches: tuple[Match, ...] = ()
    contents: dict[str, int] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()
    open_replies: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def total(self) -> int:
        """How many contents that is."""
        return sum(self.contents.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    content: int
    kind: str
    ticket: str | None = None
    reply: str | None = None
    item: int | None = None


def erase_author(
    conn: Connection, *, account: str | None, who: str, now: datetime, actor: str, dry_run: bool = False
) -> ErasureReport:
    """Erase what is kept of somebody outside. Doing it again finds nothing and changes nothing.

    Args:
        conn: a write transaction (for a dry run, any).
        account: look in this account only.
        who: the network's own id of the person, or exactly their handle or displayed name.
        now: the moment to record.
        actor: who ordered it.
        dry_run: only count.

    Raises:
        AmbiguousAuthor: several people are called that; nothing was changed.
    """
    found = find_authors(conn, account=account, who=who)
    names = _tickets_of(conn, found.items)
    targets = _targets(conn, found.items, names)
    report = ErasureReport(
        matches=found.matches,
        contents=dict(Counter(target.kind for target in targets)),
        tickets=tuple(names),
        open_replies=tuple(_open_replies(conn, names)),
        dry_run=dry_run,
    )
    if not dry_run:
        handles = handles_of(conn, found, who)
        _erase(conn, targets, now, actor)
        _forget_links(conn, names)
        forget_elsewhere(conn, tickets=names, handles=handles, now=now)
        for part in chunks(found.authors):
            unerased = authors.c.id.in_(part) & authors.c.erased_at.is_(None)
            conn.execute(authors.update().where(unerased).values(native_id=None, flag=None, erased_at=now))
    return report


def erase_person(conn: Connection, person: str, *, now: datetime, actor: str, dry_run: bool = False) -> ErasureReport:
    """Erase a member of the team: name, signature, chat ids, and what they wrote in notes and questions.

    Their id stays beside their decisions. The brand's replies that they worded stay too. While the settings name
    them, the next start brings name and chat ids back.

    Raises:
        LookupError: nobody has that id.
    """
    if conn.execute(select(people.c.id).where(people.c.id == person)).one_or_none() is None:
        raise LookupError(person)
    texts = (
        select(contents.c.id, contents.c.kind, events.c.ticket, events.c.reply, events.c.item)
        .join(events, events.c.content == contents.c.id)
        .where(events.c.actor == person, events.c.type.in_(_TEAM_TEXTS), contents.c.erased_at.is_(None))
        .order_by(contents.c.id)
    )
    targets = _distinct(conn, [texts])
    report = ErasureReport(
        contents=dict(Counter(target.kind for target in targets)),
        tickets=tuple(sorted({target.ticket for target in targets if target.ticket})),
        dry_run=dry_run,
    )
    if not dry_run:
        _erase(conn, targets, now, actor)
        _forget_person(conn, person, now, actor)
    return report


# --- what belongs to it -----------------------------------------------------------------------------------------


def _tickets_of(conn: Connection, item_ids: list[int]) -> list[str]:
    found: set[str] = set()
    for part in chunks(item_ids):
        query = select(items.c.ticket).where(items.c.id.in_(part), items.c.ticket.is_not(None)).distinct()
        found.update(conn.execute(query).scalars())
    return sorted(found)


def _targets(conn: Connection, item_ids: list[int], names: list[str]) -> list[_Target]:
    """The contents not erased yet: of these items, and of everything under these tickets."""
    fresh = contents.c.erased_at.is_(None)
    of_items = (
        select(contents.c.id, contents.c.kind, items.c.ticket, null().label("reply"), items.c.id.label("item"))
        .join(items, items.c.content == contents.c.id)
        .where(fresh)
        .order_by(contents.c.id)
    )
    of_replies = (
        select(contents.c.id, contents.c.kind, replies.c.ticket, replies.c.id.label("reply"), replies.c.item)
        .join(revisions, revisions.c.content == contents.c.id)
        .join(replies, replies.c.id == revisions.c.reply)
        .where(fresh)
        .order_by(contents.c.id)
    )
    of_log = (
        select(contents.c.id, contents.c.kind, events.c.ticket, events.c.reply, events.c.item)
        .join(events, events.c.content == contents.c.id)
        .where(fresh)
        .order_by(contents.c.id)
    )
    of_answers = (
        select(contents.c.id, contents.c.kind, replies.c.ticket, replies.c.id.label("reply"), replies.c.item)
        .join(publications, publications.c.content == contents.c.id)
        .join(replies, replies.c.id == publications.c.reply)
        .where(fresh)
        .order_by(contents.c.id)
    )
    queries = [of_items.where(items.c.id.in_(part)) for part in chunks(item_ids)]
    for part in chunks(names):
        queries += [
            of_items.where(items.c.ticket.in_(part)),
            of_replies.where(replies.c.ticket.in_(part)),
            of_answers.where(replies.c.ticket.in_(part)),
            of_log.where(events.c.ticket.in_(part)),
        ]
    return _distinct(conn, queries)


def _distinct(conn: Connection, queries: Iterable[Select[Any]]) -> list[_Target]:
    """One target per content: several item versions, or several log rows, may share it."""
    found: dict[int, _Target] = {}
    for query in queries:
        for row in conn.execute(query):
            target = _Target(content=row.id, kind=row.kind, ticket=row.ticket, reply=row.reply, item=row.item)
            found.setdefault(row.id, target)
    return list(found.values())


def _open_replies(conn: Connection, names: list[str]) -> list[str]:
    unfinished = [state.value for state in STOPPABLE | IN_FLIGHT]
    found: list[str] = []
    for part in chunks(names):
        query = select(replies.c.id).where(replies.c.ticket.in_(part), replies.c.state.in_(unfinished))
        found.extend(conn.execute(query.order_by(replies.c.id)).scalars())
    return found


# --- the act ----------------------------------------------------------------------------------------------------


def _erase(conn: Connection, targets: list[_Target], now: datetime, actor: str) -> None:
    by_content = {target.content: target.ticket or "" for target in targets}
    for part in chunks([target.content for target in targets]):
        conn.execute(
            contents.update()
            .where(contents.c.id.in_(part), contents.c.erased_at.is_(None))
            .values(text="", author=None, url=None, extra={}, salt=None, erased_at=now)
        )
        filing.forget(conn, part, sorted({by_content[content] for content in part}))
    entries = [
        Entry(
            fact=Fact.CONTENT_ERASED,
            actor=actor,
            ticket=target.ticket,
            reply=target.reply,
            item=target.item,
            content=target.content,
        )
        for target in targets
    ]
    append(conn, entries, now)


def _forget_links(conn: Connection, names: list[str]) -> None:
    """A flag is about the person; a hand-over link often carries their handle; remarks may carry anything."""
    for part in chunks(names):
        conn.execute(
            tickets.update()
            .where(tickets.c.id.in_(part))
            .values(close_reason=None, flag=None, version=tickets.c.version + 1)
        )
        told = replies.c.manual_url.is_not(None) | replies.c.problem.is_not(None)
        blank = {"manual_url": None, "problem": None, "version": replies.c.version + 1}
        conn.execute(replies.update().where(replies.c.ticket.in_(part) & told).values(blank))


def _forget_person(conn: Connection, person: str, now: datetime, actor: str) -> None:
    forget_name(conn, conn.execute(select(people.c.name).where(people.c.id == person)).scalar_one())
    conn.execute(people.update().where(people.c.id == person).values(name=ERASED_NAME, signature=None, active=False))
    known = conn.execute(select(identities).where(identities.c.person == person)).all()
    for number, row in enumerate(known, start=1):
        same = (identities.c.chat == row.chat) & (identities.c.native_id == row.native_id)
        blank = f"erased:{person}:{number}"
        conn.execute(identities.update().where(same).values(native_id=blank, active=False))
    entry = Entry(fact=Fact.PERSON_CHANGED, actor=actor, data={"person": person, "erased": True})
    append(conn, [entry], now)
