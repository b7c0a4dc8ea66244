"""The JSON that scripts read: which fields there are, and what stands in them. Documented; changing them breaks people.

Times are ISO 8601 in UTC. Foreign texts stand in them whole and unchanged.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.cli.output import iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.authors import AuthorView
    from bot.core.figures import Figures, Tally
    from bot.core.search import SearchPage
    from bot.core.types import Finding, Light
    from bot.core.views import Card, ConversationEntry, DecisionView, ReplyView, RevisionView, TicketLine

INBOX_FIELDS = (
    "id",
    "status",
    "reply_state",
    "network",
    "account",
    "author",
    "text",
    "kind",
    "severity",
    "language",
    "revision",
    "draft",
    "checks",
    "due_at",
    "url",
    "assignee",
    "flag",
)


def finding(locale: str, found: Finding) -> dict[str, Any]:
    """What a check found, with the sentence that people read."""
    from bot.locale import describe

    return {"rule": found.rule, "level": found.level, "words": found.words, "message": describe(locale, found)}


def found(page: SearchPage, types: Mapping[str, str], locale: str) -> dict[str, Any]:
    """A page of a search: tickets with the newest text in which all was found, and what `--after` takes for more."""
    hits = [
        inbox_line(hit.line, types, locale)
        | {
            "where": hit.where,
            "at": iso(hit.at),
            "snippet": [{"text": piece.text, "marked": piece.marked} for piece in hit.snippet],
        }
        for hit in page.hits
    ]
    return {"hits": hits, "next": page.next}


def inbox_line(line: TicketLine, types: Mapping[str, str], locale: str) -> dict[str, Any]:
    """One ticket of the inbox. `types`: the network's type by account; one that is gone keeps the account's id."""
    values: dict[str, Any] = {name: getattr(line, name, None) for name in INBOX_FIELDS}
    return values | {
        "network": types.get(line.account, line.account),
        "checks": [finding(locale, check) for check in line.checks],
        "due_at": iso(line.due_at),
    }


def whole(
    card: Card, types: Mapping[str, str], locale: str, publications: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """One ticket with everything."""
    return {
        **inbox_line(card.line, types, locale),
        "opened_at": iso(card.line.opened_at),
        "sentiment": card.line.sentiment,
        "claimed_by": card.line.claimed_by,
        "snoozed_until": iso(card.snoozed_until),
        "waiting_for": card.waiting_for,
        "close_reason": card.close_reason,
        "linked_to": card.linked_to,
        "reasons": list(card.reasons),
        "suspicious": list(card.suspicious),
        "model": None if card.assist is None else asdict(card.assist),
        "opinion": None if card.opinion is None else asdict(card.opinion),
        "controls": list(card.controls),
        "conversation": [_said(entry) for entry in card.conversation],
        "replies": [_reply(reply, locale) for reply in card.replies],
        "decisions": [{"reply": reply.id, **_decision(one)} for reply in card.replies for one in reply.decisions],
        "publications": [{**row, "at": iso(row["at"])} for row in publications],
        "notes": [
            {"person": note.person, "at": iso(note.at), "kind": note.kind, "text": note.text} for note in card.notes
        ],
        "events": [
            {"seq": row.seq, "at": iso(row.at), "type": row.type, "actor": row.actor, "data": _named(row.data)}
            for row in card.log
        ],
    }


def author(view: AuthorView, types: Mapping[str, str], locale: str) -> dict[str, Any]:
    """Who wrote a ticket: what their network says, what the team noted, their tickets with our answers."""
    return {
        "number": view.number,
        "account": view.account,
        "name": view.name,
        "handle": view.handle,
        "url": view.url,
        "flag": view.flag,
        "reach": view.reach,
        "first_seen": iso(view.first_seen),
        "last_seen": iso(view.last_seen),
        "messages": view.messages,
        "tickets": view.tickets,
        "open": view.open,
        "kinds": dict(view.kinds),
        "erased": view.erased,
        "notes": [{"person": note.person, "at": iso(note.at), "text": note.text} for note in view.notes],
        "history": [
            inbox_line(one.line, types, locale)
            | {"answer": one.answer, "answer_url": one.answer_url, "answered_at": iso(one.answered_at)}
            for one in view.history
        ],
    }


def light(one: Light, locale: str) -> dict[str, str]:
    """One line of `health` or `check`: `code` and `state` are for scripts, the rest is for people."""
    from bot.locale import light as worded

    said = worded(locale, one)
    return {"code": one.code, "state": one.state, "name": said.name, "detail": said.detail, "remedy": said.remedy}


def numbers(found: Figures) -> dict[str, Any]:
    """The figures of a span of time."""
    drafts = found.drafts
    return {
        "since": iso(found.since),
        "until": iso(found.until),
        "arrived": _tally(found.arrived),
        "answered": _tally(found.answered),
        "closed": _tally(found.closed),
        "median_minutes": found.median_minutes,
        "p90_minutes": found.p90_minutes,
        "drafts": {
            "as_drafted": drafts.as_drafted,
            "edited": drafts.edited,
            "discarded": drafts.discarded,
            "own": drafts.own,
        },
        "waiting": found.waiting,
        "overdue": found.overdue,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "total": tally.total,
        "by_kind": tally.by_kind,
        "by_account": tally.by_account,
        "by_sentiment": tally.by_sentiment,
    }


def _said(entry: ConversationEntry) -> dict[str, Any]:
    return {
        "id": entry.native_id,
        "at": iso(entry.at),
        "author": entry.author,
        "handle": entry.handle,
        "text": entry.text,
        "ours": entry.ours,
        "url": entry.url,
        "edited": entry.edited,
        "gone": entry.gone,
        "held": entry.held,
        "erased": entry.erased,
        "attachments": [asdict(one) for one in entry.attachments],
        "more_attachments": entry.more_attachments,
    }


def _reply(reply: ReplyView, locale: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "state": reply.state,
        "quorum": reply.quorum,
        "revisions": [_revision(revision, locale) for revision in reply.revisions],
        "decisions": [_decision(decision) for decision in reply.decisions],
        "undo_until": iso(reply.undo_until),
        "published_at": iso(reply.published_at),
        "vanished_at": iso(reply.vanished_at),
        "url": reply.url,
        "manual_url": reply.manual_url,
        "problem": reply.problem,
    }


def _revision(revision: RevisionView, locale: str) -> dict[str, Any]:
    return {
        "number": revision.number,
        "text": revision.text,
        "author": revision.author,
        "source": revision.source,
        "created_at": iso(revision.created_at),
        "language": revision.language,
        "checks": [finding(locale, check) for check in revision.checks],
        "facts": [asdict(fact) for fact in revision.facts],
        "made": asdict(revision.made) if revision.made else None,
        "erased": revision.erased,
    }


def _decision(decision: DecisionView) -> dict[str, Any]:
    return {
        "person": decision.person,
        "verdict": decision.verdict,
        "revision": decision.revision,
        **_way(decision.via),
        "at": iso(decision.at),
        "counts": decision.counts,
    }


def _way(via: str) -> dict[str, str | None]:
    """`cli/rosa` is the command line, used by the operating system's user rosa."""
    way, slash, user = via.partition("/")
    return {"via": way, "os_user": user} if slash and way == "cli" else {"via": via, "os_user": None}


def _named(data: Mapping[str, object]) -> dict[str, object]:
    given = data.get("via")
    return {**data, **_way(given)} if isinstance(given, str) and given.startswith("cli/") else dict(data)
