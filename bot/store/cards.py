"""Tickets with everything: what was said, what we replied, who decided, what the team noted."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import BindParameter, Row, bindparam, select

from bot.core.approval import Binding, Decision, Verdict, needed, stamp, standing
from bot.core.controls import controls
from bot.core.folding import rolled
from bot.core.helping import assist, opinion
from bot.core.messages import Fact
from bot.core.reply import IN_FLIGHT, STOPPABLE
from bot.core.types import ReplyState, Visibility
from bot.core.views import Card, ConversationEntry, DecisionView, LogLine, NoteView, ReplyView, RevisionView
from bot.store.attached import attachments_of, more_of
from bot.store.cases import cited_from, findings_from, made_from
from bot.store.people import everybody
from bot.store.queries import line_from, lines
from bot.store.rolls import newest_in
from bot.store.tables import contents, decisions, events, items, replies, revisions, tickets

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bot.core.types import Person

T = TypeVar("T")
_NOTES = {Fact.NOTE_ADDED.value: "note", Fact.QUESTION_ASKED.value: "question", Fact.FAILURE_DONE.value: "note"}
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TICKET = itemgetter("ticket")
_LEFT = IN_FLIGHT | {ReplyState.PUBLISHED, ReplyState.REJECTED, ReplyState.HANDED_OFF}

# Built once: putting a statement together costs more than running it.
_LINES = lines().where(tickets.c.id.in_(_IDS))
_VERSIONS = (
    select(
        items, contents.c.text, contents.c.author.label("name"), contents.c.url, contents.c.extra, contents.c.erased_at
    )
    .select_from(items.join(contents, contents.c.id == items.c.content))
    .where(items.c.ticket.in_(_IDS))
    .order_by(items.c.id)
)
_REPLIES = select(replies).where(replies.c.ticket.in_(_IDS)).order_by(replies.c.number)
_WORDINGS = (
    select(revisions, contents.c.text, contents.c.extra, contents.c.erased_at)
    .select_from(
        revisions.join(replies, replies.c.id == revisions.c.reply).join(contents, contents.c.id == revisions.c.content)
    )
    .where(replies.c.ticket.in_(_IDS))
    .order_by(revisions.c.reply, revisions.c.number)
)
_DECIDED = (
    select(decisions)
    .select_from(decisions.join(replies, replies.c.id == decisions.c.reply))
    .where(replies.c.ticket.in_(_IDS))
    .order_by(decisions.c.id)
)
_LOG = (
    select(events, contents.c.text)
    .select_from(events.outerjoin(contents, contents.c.id == events.c.content))
    .where(events.c.ticket.in_(_IDS))
    .order_by(events.c.seq)
)


def card(conn: Connection, ticket: str, now: datetime, *, max_length: Callable[[str], int | None]) -> Card | None:
    """All there is to know about a ticket, by its id in either case; None when there is none. See `cards`."""
    wanted = ticket.strip().upper()
    return cards(conn, [wanted], now, max_length=max_length).get(wanted)


def cards(
    conn: Connection, ids: Sequence[str], now: datetime, *, max_length: Callable[[str], int | None]
) -> dict[str, Card]:
    """All there is to know about these tickets, by id. Eight queries at most, and one for each roll.

    Args:
        conn: a snapshot.
        ids: some hundreds at most, as they are stored; those that do not exist are missing in the answer.
        now: what runs out before does not count.
        max_length: the longest reply that an account takes, by the account's id.
    """
    rows = conn.execute(_LINES, {"ids": ids}).mappings().all()
    if not rows:
        return {}
    versions = _grouped(conn.execute(_VERSIONS, {"ids": ids}).mappings(), _TICKET)
    log = _grouped(conn.execute(_LOG, {"ids": ids}).mappings(), _TICKET)
    read = _read(conn, ids)
    made = {}
    for row in rows:
        ticket = row["id"]
        said = versions.get(ticket, [])
        views, stood = _replies(row, said, read, now)
        longest = max_length(row["account"])
        conversation = _conversation(said, stood, _released(log.get(ticket, [])))
        flags = _suspicious(said)
        made[ticket] = _card(row, conversation, views, log.get(ticket, []), flags, now=now, max_length=longest)
        if made[ticket].line.folded:
            made[ticket] = rolled(made[ticket], newest_in(conn, ticket))
    return made


def _card(
    row: RowMapping,
    conversation: Sequence[ConversationEntry],
    views: Sequence[ReplyView],
    log: Sequence[RowMapping],
    suspicious: Iterable[str],
    *,
    now: datetime,
    max_length: int | None,
) -> Card:
    line = line_from(row, now)
    reply = views[-1] if views else None
    told = tuple(_log_line(entry) for entry in log)
    return Card(
        line=line,
        conversation=tuple(conversation),
        replies=tuple(views),
        notes=tuple(_notes(log)),
        log=told,
        reasons=tuple(row["notes"].get("reasons", ())),
        suspicious=tuple(suspicious),
        snoozed_until=row["snoozed_until"],
        waiting_for=row["waiting_for"],
        close_reason=row["close_reason"],
        linked_to=row["linked_to"],
        folded_into=row["fold"] if row["fold"] != row["id"] else None,
        controls=controls(line.status, reply.state if reply else None, gone=row["gone"]),
        max_length=max_length,
        assist=assist(told),
        opinion=opinion(told),
    )


def _suspicious(versions: Sequence[RowMapping]) -> list[str]:
    """What looks like a trick in any of the messages: an order and what sets it off may stand in two of them."""
    return list(dict.fromkeys(flag for version in versions for flag in version["extra"].get("suspicious", ())))


def _grouped(rows: Iterable[T], by: Callable[[T], str]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return groups


# --- the conversation -------------------------------------------------------------------------------------------


def _released(log: Sequence[RowMapping]) -> set[object]:
    """The ids of what the network's moderators let through."""
    return {entry["data"].get("native_id") for entry in log if entry["type"] == Fact.ITEM_RELEASED}


def _conversation(
    versions: Sequence[RowMapping], stood: Iterable[tuple[str, ConversationEntry]], released: Container[object] = ()
) -> list[Any]:
    """Each message once, in its newest version, and what we published among them, oldest first."""
    by_id: dict[str, list[RowMapping]] = {}
    for version in versions:
        by_id.setdefault(version["native_id"], []).append(version)
    said = [_entry(group, released) for group in by_id.values()]
    # A reply of ours that the network showed us again stands there already.
    ours = [entry for native_id, entry in stood if native_id not in by_id]
    return sorted([*said, *ours], key=lambda entry: entry.at)


def _entry(group: Sequence[RowMapping], released: Container[object]) -> ConversationEntry:
    newest = group[-1]
    return ConversationEntry(
        at=group[0]["created_at"],
        author=newest["name"] or "",
        text=newest["text"],
        ours=newest["ours"],
        url=newest["url"],
        edited=newest["edited_at"] is not None or len({version["version"] for version in group}) > 1,
        gone=newest["gone"],
        erased=newest["erased_at"] is not None,
        native_id=newest["native_id"],
        attachments=attachments_of(newest["extra"]),
        more_attachments=more_of(newest["extra"]),
        handle=None if newest["ours"] else newest["extra"].get("handle"),
        held=bool(newest["extra"].get("held")) and newest["native_id"] not in released,
    )


# --- replies ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """The replies of some tickets, their wordings and decisions by reply, and who could have decided."""

    replies: dict[str, list[Row[Any]]]
    wordings: dict[str, list[Row[Any]]]
    decided: dict[str, list[Row[Any]]]
    team: Mapping[str, Person]


def _read(conn: Connection, ids: Sequence[str]) -> _Read:
    found = _grouped(conn.execute(_REPLIES, {"ids": ids}), lambda row: str(row.ticket))
    if not found:
        return _Read({}, {}, {}, {})
    wordings = _grouped(conn.execute(_WORDINGS, {"ids": ids}), lambda row: str(row.reply))
    decided = _grouped(conn.execute(_DECIDED, {"ids": ids}), lambda row: str(row.reply))
    return _Read(found, wordings, decided, everybody(conn) if decided else {})


def _replies(
    ticket: RowMapping, versions: Sequence[RowMapping], read: _Read, now: datetime
) -> tuple[list[ReplyView], list[tuple[str, ConversationEntry]]]:
    """The replies as people see them, and those that stand on the network with their ids there."""
    rows = read.replies.get(ticket["id"], [])
    views = []
    for row in rows:
        worded, about = read.wordings.get(row.id, []), read.decided.get(row.id, [])
        binding = _binding(row, worded, ticket, versions)
        counting = _counting(row, about, binding, read.team, now)
        views.append(_reply_view(row, worded, about, counting, ticket["messages"]))
    stood = [_stands(row, view) for row, view in zip(rows, views, strict=True) if row.posted_at is not None]
    return views, stood


def _binding(
    reply: Row[Any], worded: Sequence[Row[Any]], ticket: RowMapping, versions: Sequence[RowMapping]
) -> str | None:
    """What an approval would bind to now; see `bot.core.case.Case.binding`."""
    native_id = next((v["native_id"] for v in versions if v["id"] == reply.item), None)
    target = next((v for v in reversed(versions) if v["native_id"] == native_id), None)
    newest = next((w for w in worded if w.number == reply.revision), None)
    if target is None or newest is None:
        return None
    return Binding(
        reply=reply.id,
        revision=newest.number,
        text_hash=newest.text_hash,
        account=reply.account,
        item=target["native_id"],
        item_version=target["version"],
        conversation=ticket["messages"],
        visibility=Visibility(target["visibility"]),
        quorum=reply.quorum,
    ).digest()


def _counting(
    reply: Row[Any],
    decided: Sequence[Row[Any]],
    binding: str | None,
    team: Mapping[str, Person],
    now: datetime,
) -> set[int]:
    """Which decisions count: those that would carry the reply now, or, once it has left, those that did."""
    state = ReplyState(reply.state)
    kept: list[Row[Any]] = []
    for row in decided:
        if row.verdict != Verdict.APPROVE.value:
            kept.clear()
        elif row.revision == reply.revision:
            kept.append(row)
    if state in _LEFT:
        return {row.id for row in kept}
    if state not in STOPPABLE or binding is None:
        return set()
    names = standing([_decision(row) for row in decided], binding, team, now)
    return {row.id for row in kept if row.person in names and row.binding == binding}


def _decision(row: Row[Any]) -> Decision:
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's documented name for it
    values.pop("id")
    return Decision(**values | {"verdict": Verdict(row.verdict)})


def _reply_view(
    reply: Row[Any], worded: Sequence[Row[Any]], decided: Sequence[Row[Any]], counting: set[int], messages: int
) -> ReplyView:
    newest = findings_from(worded[-1].extra) if worded else ()
    return ReplyView(
        id=reply.id,
        state=ReplyState(reply.state),
        quorum=needed(reply.quorum, newest),
        revisions=tuple(
            RevisionView(
                number=row.number,
                text=row.text,
                author=row.author,
                source=row.source,
                created_at=row.created_at,
                language=row.language,
                checks=findings_from(row.extra),
                facts=cited_from(row.facts),
                made=made_from(row.made),
                erased=row.erased_at is not None,
            )
            for row in worded
        ),
        decisions=tuple(
            DecisionView(
                person=row.person,
                verdict=row.verdict,
                revision=row.revision,
                via=row.via,
                at=row.at,
                counts=row.id in counting,
            )
            for row in decided
        ),
        stamp=stamp(reply.revision, (row.verdict for row in decided), messages),
        undo_until=reply.undo_until,
        published_at=reply.posted_at,
        vanished_at=reply.vanished_at,
        url=reply.posted_url,
        manual_url=reply.manual_url,
        problem=reply.problem,
    )


def _stands(reply: Row[Any], view: ReplyView) -> tuple[str, ConversationEntry]:
    words = view.latest
    entry = ConversationEntry(
        at=reply.posted_at,
        author=reply.account,
        text=words.text if words else "",
        ours=True,
        url=reply.posted_url,
        gone=reply.vanished_at is not None,
        erased=words.erased if words else False,
        native_id=reply.posted_id or "",
    )
    return reply.posted_id or reply.id, entry


# --- notes and log ----------------------------------------------------------------------------------------------


def _notes(log: Iterable[RowMapping]) -> list[NoteView]:
    return [
        NoteView(person=row["actor"] or "", at=row["at"], text=row["text"] or "", kind=_NOTES[row["type"]])
        for row in log
        if row["type"] in _NOTES
    ]


def _log_line(row: RowMapping) -> LogLine:
    return LogLine(seq=row["seq"], at=row["at"], type=row["type"], actor=row["actor"], data=dict(row["data"]))
