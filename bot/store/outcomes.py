"""What became of drafts, by where they came from: drafter and variant, or model and prompt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, select, true

from bot.core.distance import changed
from bot.core.figures import DraftOutcome
from bot.core.types import ReplyState
from bot.store.cases import made_from
from bot.store.columns import unindexed
from bot.store.tables import WITHDRAWN, contents, events, replies, revisions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.core.briefs import Made

MOST_DRAFTS = 20_000
"""Drafts that are counted, the newest; a year of a busy team."""
MOST_EDITS = 1_000
"""Edited drafts whose change is measured, the newest: for these the texts are read."""


@dataclass(slots=True)
class _Sum:
    """What is known of the drafts of one origin so far."""

    sent: int = 0
    edited: int = 0
    replaced: int = 0
    discarded: int = 0
    changes: list[float] = field(default_factory=list)
    tokens: int = 0
    cost: float = 0.0

    def pay(self, made: Made | None) -> None:
        """Count what a draft took."""
        if made is not None:
            self.tokens += made.tokens_in + made.tokens_out
            self.cost += made.cost


_Origin = tuple[str, str, str, str]


def outcomes(
    conn: Connection, since: datetime, until: datetime, *, account: str | None = None
) -> tuple[DraftOutcome, ...]:
    """The drafts of replies that were published or withdrawn in `since <= t < until`, the most frequent origin first.

    With `account`, of that account's replies alone.

    A draft is `sent` where the published text is its own, `edited` where a person changed it, `replaced` where a
    further draft came after it, `discarded` where its reply was withdrawn.
    """
    sums: dict[_Origin, _Sum] = defaultdict(_Sum)
    for row in conn.execute(_published(since, until, account)):
        one = sums[_origin(row)]
        one.pay(made_from(row.made))
        if row.number < row.last_draft:
            one.replaced += 1
        elif row.author is None:
            one.sent += 1
        else:
            one.edited += 1
    for row in conn.execute(_withdrawn(since, until, account)):
        one = sums[_origin(row)]
        one.pay(made_from(row.made))
        one.discarded += 1
    for row in conn.execute(_edits(since, until, account)):
        sums[_origin(row)].changes.append(changed(row.drafted, row.sent))
    made = [_outcome(origin, one) for origin, one in sums.items()]
    return tuple(sorted(made, key=lambda one: (-one.total, one.source, one.model, one.hash)))


def _outcome(origin: _Origin, one: _Sum) -> DraftOutcome:
    source, model, prompt, mark = origin
    return DraftOutcome(
        source=source,
        model=model,
        prompt=prompt,
        hash=mark,
        sent=one.sent,
        edited=one.edited,
        replaced=one.replaced,
        discarded=one.discarded,
        median_change=median(one.changes) if one.changes else None,
        tokens=one.tokens,
        cost=one.cost,
    )


def _origin(row: Any) -> _Origin:
    """A model's draft is known by model and prompt; where it failed, the embedded drafter's own text is what it is."""
    made = made_from(row.made)
    if made is None or row.source.startswith("offline:"):
        return row.source, "", "", ""
    return row.source, made.model, made.prompt, made.hash


_last = revisions.alias("last")
_newer = revisions.alias("newer")
_LAST_DRAFT = (
    select(func.max(_newer.c.number))
    .where(_newer.c.reply == revisions.c.reply, _newer.c.author.is_(None))
    .correlate(revisions)
    .scalar_subquery()
)
_BY_DRAFTER = revisions.c.author.is_(None)


def _of(account: str | None) -> ColumnElement[bool]:
    return true() if account is None else unindexed(replies.c.account) == account


def _sent(since: datetime, until: datetime, account: str | None) -> ColumnElement[bool]:
    published = unindexed(replies.c.state) == ReplyState.PUBLISHED.value
    return and_(published, replies.c.posted_at >= since, replies.c.posted_at < until, _of(account))


def _published(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """Every draft of a published reply, the number of the reply's last draft, and who worded what was sent."""
    joined = replies.join(revisions, revisions.c.reply == replies.c.id).join(
        _last, and_(_last.c.reply == replies.c.id, _last.c.number == replies.c.revision)
    )
    columns = (revisions.c.source, revisions.c.made, revisions.c.number, _LAST_DRAFT.label("last_draft"))
    chosen = select(*columns, _last.c.author).select_from(joined).where(_sent(since, until, account), _BY_DRAFTER)
    return chosen.order_by(replies.c.posted_at.desc()).limit(MOST_DRAFTS)


def _withdrawn(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """Every draft of a reply that was withdrawn."""
    gone = (
        select(events.c.reply, func.max(events.c.at).label("at"))
        .where(WITHDRAWN, events.c.at >= since, events.c.at < until)
        .group_by(events.c.reply)
        .subquery()
    )
    joined = gone.join(replies, replies.c.id == gone.c.reply).join(revisions, revisions.c.reply == gone.c.reply)
    chosen = select(revisions.c.source, revisions.c.made).select_from(joined).where(_BY_DRAFTER, _of(account))
    return chosen.order_by(gone.c.at.desc()).limit(MOST_DRAFTS)


def _edits(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """The last draft of replies that a person changed, and what was sent; of what was erased nothing is left."""
    drafted, sent = contents.alias("drafted"), contents.alias("sent")
    joined = (
        replies.join(revisions, revisions.c.reply == replies.c.id)
        .join(_last, and_(_last.c.reply == replies.c.id, _last.c.number == replies.c.revision))
        .join(drafted, drafted.c.id == revisions.c.content)
        .join(sent, sent.c.id == _last.c.content)
    )
    columns = (revisions.c.source, revisions.c.made, drafted.c.text.label("drafted"), sent.c.text.label("sent"))
    chosen = (
        select(*columns)
        .select_from(joined)
        .where(_sent(since, until, account), _BY_DRAFTER, _last.c.author.is_not(None))
    )
    chosen = chosen.where(revisions.c.number == _LAST_DRAFT, drafted.c.erased_at.is_(None), sent.c.erased_at.is_(None))
    return chosen.order_by(replies.c.posted_at.desc()).limit(MOST_EDITS)
