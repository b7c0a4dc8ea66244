"""How the world of `chat_world` looks on cards: what the real Reader would make of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.approval import Decision, Verdict, standing
from bot.core.case import Case, Revision, StoredItem
from bot.core.clocks import Step
from bot.core.reply import Reply
from bot.core.ticket import Ticket
from bot.core.types import Person
from bot.core.views import ConversationEntry, DecisionView, LogLine, NoteView, ReplyView, RevisionView, TicketLine


@dataclass
class Shelf:
    """All that is stored about one ticket."""

    case: Case
    items: list[StoredItem]
    replies: dict[str, Reply] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    notes: list[NoteView] = field(default_factory=list)
    log: list[LogLine] = field(default_factory=list)
    ours: list[ConversationEntry] = field(default_factory=list)
    suspicious: tuple[str, ...] = ()
    max_length: int | None = 500


def line_of(shelf: Shelf) -> TicketLine:
    """The ticket in the list."""
    ticket, reply, revision = shelf.case.ticket, shelf.case.reply, shelf.case.revision
    item = shelf.case.item.item
    return TicketLine(
        id=ticket.id,
        status=ticket.status,
        account=ticket.account,
        author=item.author.name,
        text=item.text,
        kind=ticket.kind,
        severity=ticket.severity,
        sentiment=ticket.sentiment,
        language=ticket.language,
        opened_at=ticket.opened_at,
        updated_at=ticket.updated_at,
        due_at=ticket.due_at,
        url=item.url,
        assignee=ticket.assignee,
        claimed_by=ticket.claimed_by,
        claimed_until=ticket.claimed_until,
        visibility=ticket.visibility,
        reply_state=reply.state if reply else None,
        revision=revision.number if revision else None,
        draft=revision.text if revision else None,
        checks=revision.checks if revision else (),
        version=ticket.version,
        attachments=item.attachments,
        more_attachments=item.more_attachments,
        folded=ticket.messages if ticket.is_roll else 0,
        flag=ticket.flag,
        author_number=ticket.author,
        left=_left(ticket),
        called=bool(ticket.rung & Step.OVERDUE) and ticket.due_at is not None,
    )


def _left(ticket: Ticket) -> timedelta | None:
    stands = ticket.answer_target is not None and ticket.clock_since is None
    return timedelta(seconds=(ticket.answer_target or 0) - ticket.answer_spent) if stands else None


def reply_of(shelf: Shelf, reply: Reply, team: Mapping[str, Person], now: datetime) -> ReplyView:
    """A reply with its wordings and decisions."""
    current = shelf.case.reply is not None and shelf.case.reply.id == reply.id
    counted: tuple[str, ...] = ()
    if current and shelf.case.revision is not None:
        counted = standing(shelf.case.decisions, shelf.case.binding(), team, now)
    return ReplyView(
        id=reply.id,
        state=reply.state,
        quorum=reply.quorum,
        revisions=tuple(_revision(shown) for shown in shelf.revisions if shown.reply == reply.id),
        decisions=tuple(_decision(decision, counted) for decision in shelf.decisions if decision.reply == reply.id),
        stamp=shelf.case.stamp if current else "",
        undo_until=reply.undo_until,
        published_at=reply.posted_at,
        url=reply.posted_url,
        manual_url=reply.manual_url,
        problem=reply.problem,
    )


def _decision(decision: Decision, counted: tuple[str, ...]) -> DecisionView:
    return DecisionView(
        person=decision.person,
        verdict=decision.verdict.value,
        revision=decision.revision,
        via=decision.via,
        at=decision.at,
        counts=decision.verdict is Verdict.APPROVE and decision.person in counted,
    )


def _revision(revision: Revision) -> RevisionView:
    return RevisionView(
        number=revision.number,
        text=revision.text,
        author=revision.author,
        source=revision.source,
        created_at=revision.created_at,
        language=revision.language,
        checks=revision.checks,
        facts=revision.facts,
        made=revision.made,
    )


def entry_of(stored: StoredItem) -> ConversationEntry:
    """A line of the conversation."""
    item = stored.item
    return ConversationEntry(
        at=item.created_at,
        author=item.author.name,
        text=item.text,
        url=item.url,
        edited=item.edited_at is not None,
        gone=stored.gone,
        held=item.held,
        native_id=item.native_id,
        attachments=item.attachments,
        more_attachments=item.more_attachments,
    )
