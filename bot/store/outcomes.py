"""What became of drafts, by where they came from: drafter and variant, or model and prompt."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select, true

from bot.core.distance import changed
from bot.core.figures import DraftOutcome
from bot.core.types import ReplyState
from bot.store.columns import unindexed
from bot.store.partial import WITHDRAWN
from bot.store.tables import contents, events, replies, revisions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

MOST_EDITS = 1_000
"""Edited drafts whose change is measured, the newest: for these the texts are read."""


@dataclass(slots=True)
class _Sum:
    """What is known of the drafts of one origin so far."""

    fates: Counter[str] = field(default_factory=Counter)
    changes: list[float] = field(default_factory=list)
    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(
            fates=self.fates + other.fates,
            changes=self.changes + other.changes,
            tokens=self.tokens + other.tokens,
            cost=self.cost + other.cost,
        )


_Origin = tuple[str, str, str, str]


def outcomes(
    conn: Connection, since: datetime, until: datetime, *, account: str | None = None, by_text: bool = False
) -> tuple[DraftOutcome, ...]:
    """The drafts of replies that were published or withdrawn in `since <= t < until`, the most frequent origin first.

    With `account`, of that account's replies alone; with `by_text`, the variants of one text are one origin.

    A draft is `sent` where the published text is its own, `edited` where a person changed it, `replaced` where a
    further draft came after it, `discarded` where its reply was withdrawn.
    """
    sums: dict[_Origin, _Sum] = defaultdict(_Sum)
    for drafts in (_published(since, until, account), _withdrawn(since, until, account)):
        for *origin, fate, many, tokens, cost in conn.execute(_summed(drafts)):
            one = sums[_origin(*origin)]
            one.fates[fate] += many
            one.tokens += tokens
            one.cost += cost
    if any(one.fates["edited"] for one in sums.values()):
        for *origin, drafted, sent in conn.execute(_edits(since, until, account)):
            sums[_origin(*origin)].changes.append(changed(drafted, sent))
    made = [_outcome(origin, one) for origin, one in (_by_text(sums) if by_text else sums).items()]
    return tuple(sorted(made, key=lambda one: (-one.total, one.source, one.model, one.hash)))


def _by_text(sums: Mapping[_Origin, _Sum]) -> dict[_Origin, _Sum]:
    """`offline:complaint.es` for its variants (`offline:complaint.es#3`) where there are several; else as they are."""
    texts: dict[_Origin, list[_Origin]] = defaultdict(list)
    for origin in sums:
        source, model, prompt, mark = origin
        texts[source.partition("#")[0], model, prompt, mark].append(origin)
    return {
        text if len(variants) > 1 else variants[0]: sum((sums[one] for one in variants), start=_Sum())
        for text, variants in texts.items()
    }


def _outcome(origin: _Origin, one: _Sum) -> DraftOutcome:
    source, model, prompt, mark = origin
    return DraftOutcome(
        source=source,
        model=model,
        prompt=prompt,
        hash=mark,
        median_change=median(one.changes) if one.changes else None,
        tokens=one.tokens,
        cost=one.cost,
        **one.fates,
    )


def _origin(source: str, model: str | None, prompt: str | None, mark: str | None) -> _Origin:
    """A model's draft is known by model and prompt; where it failed, the embedded drafter's own text is what it is."""
    if source.startswith("offline:"):
        return source, "", "", ""
    return source, model or "", prompt or "", mark or ""


_newer = revisions.alias("newer")
_BY_DRAFTER = revisions.c.author.is_(None)
_REPLACED = exists().where(
    _newer.c.reply == revisions.c.reply, _newer.c.author.is_(None), _newer.c.number > revisions.c.number
)
_ORIGIN = (
    revisions.c.source,
    *(revisions.c.made[name].as_string().label(name) for name in ("model", "prompt", "hash")),
)
_TOKENS = revisions.c.made["tokens_in"].as_integer() + revisions.c.made["tokens_out"].as_integer()
_COST = revisions.c.made["cost"].as_float()


def _summed(drafts: Select[Any]) -> Select[Any]:
    """How many drafts of each origin and fate, and what they took."""
    one = drafts.subquery()
    whole = (one.c.source, one.c.model, one.c.prompt, one.c.hash, one.c.fate)
    taken = (func.coalesce(func.sum(one.c[name]), 0) for name in ("tokens", "cost"))
    return select(*whole, func.count(), *taken).group_by(*whole)


def _drafts(fate: ColumnElement[str]) -> Select[Any]:
    chosen = select(*_ORIGIN, fate.label("fate"), _TOKENS.label("tokens"), _COST.label("cost"))
    return chosen.select_from(_joined).where(_BY_DRAFTER)


_joined = replies.join(revisions, revisions.c.reply == replies.c.id)


def _of(account: str | None) -> ColumnElement[bool]:
    return true() if account is None else unindexed(replies.c.account) == account


def _sent(since: datetime, until: datetime, account: str | None) -> ColumnElement[bool]:
    published = unindexed(replies.c.state) == ReplyState.PUBLISHED.value
    return and_(published, replies.c.posted_at >= since, replies.c.posted_at < until, _of(account))


def _published(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """Every draft of a published reply; the reply's own number is that of the revision that was sent."""
    fate = case((revisions.c.number == replies.c.revision, "sent"), (_REPLACED, "replaced"), else_="edited")
    return _drafts(fate).where(_sent(since, until, account))


def _withdrawn(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """Every draft of a reply that was withdrawn."""
    gone = select(events.c.reply).where(WITHDRAWN, events.c.at >= since, events.c.at < until)
    return _drafts(literal("discarded")).where(replies.c.id.in_(gone), _of(account))


def _edits(since: datetime, until: datetime, account: str | None) -> Select[Any]:
    """The last draft of replies that a person changed, and what was sent; of what was erased nothing is left."""
    drafted, sent, last = contents.alias("drafted"), contents.alias("sent"), revisions.alias("last")
    joined = (
        _joined.join(last, and_(last.c.reply == replies.c.id, last.c.number == replies.c.revision))
        .join(drafted, drafted.c.id == revisions.c.content)
        .join(sent, sent.c.id == last.c.content)
    )
    chosen = select(*_ORIGIN, drafted.c.text, sent.c.text.label("sent")).select_from(joined)
    chosen = chosen.where(_sent(since, until, account), _BY_DRAFTER, last.c.author.is_not(None), ~_REPLACED)
    chosen = chosen.where(drafted.c.erased_at.is_(None), sent.c.erased_at.is_(None))
    return chosen.order_by(replies.c.posted_at.desc()).limit(MOST_EDITS)
