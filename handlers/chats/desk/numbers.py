"""The team's figures as lines to read, for the command box."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo

from bot.core.figures import DraftOutcome, Figures, Tally
from bot.core.queries import Digest
from bot.core.types import Kind
from bot.locale import clock, label, ntext, text
from bot.locale.outcomes import outcome_lines
from handlers.chats.desk.board import Answer, Line


def stats_answer(locale: str, found: Figures, days: int) -> Answer:
    """What `stats` says."""
    head = ntext(locale, "The last day", "The last {n} days", days)
    return Answer(kind="info", text=head, lines=tuple(Line(text=line) for line in _lines(locale, found)))


def drafts_answer(locale: str, found: Sequence[DraftOutcome]) -> Answer:
    """What `stats drafts` says."""
    head = text(locale, "What became of the drafts:") if found else text(locale, "No draft was decided about.")
    return Answer(kind="info", text=head, lines=tuple(Line(text=line) for line in outcome_lines(locale, found)))


def digest_answer(locale: str, found: Figures, tz: tzinfo) -> Answer:
    """What `digest` says."""
    since, until = clock(locale, found.since, tz), clock(locale, found.until, tz)
    head = text(locale, "From {since} to {until}", since=since, until=until)
    return Answer(kind="info", text=head, lines=tuple(Line(text=line) for line in _lines(locale, found)))


def span_of(query: Digest, now: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    """A day in the team's time zone, never beyond now; without a day, the 24 hours until now."""
    if query.day is None and query.days_ago is None:
        return now - timedelta(days=1), now
    day = query.day or (now.astimezone(tz) - timedelta(days=query.days_ago or 0)).date()
    since = datetime.combine(day, time(), tz)
    return since, max(since, min(datetime.combine(day + timedelta(days=1), time(), tz), now))


def _lines(locale: str, found: Figures) -> Iterator[str]:
    def kind(value: str) -> str:
        return label(locale, Kind(value)) if value in set(Kind) else value

    drafts = found.drafts
    yield _tally(text(locale, "Arrived"), found.arrived, kind)
    yield _tally(text(locale, "Answered"), found.answered, kind)
    yield _tally(text(locale, "Closed"), found.closed, kind)
    for name, value in (
        (text(locale, "Minutes to the first answer, half of them within"), found.median_minutes),
        (text(locale, "Minutes to the first answer, nine of ten within"), found.p90_minutes),
        (text(locale, "Sent as drafted"), drafts.as_drafted),
        (text(locale, "Sent after an edit"), drafts.edited),
        (text(locale, "Written without a draft"), drafts.own),
        (text(locale, "Drafts not sent"), drafts.discarded),
        (text(locale, "Still without an answer"), found.waiting),
        (text(locale, "Of these overdue"), found.overdue),
    ):
        yield f"{name}: {'-' if value is None else format(value, '.0f')}"


def _tally(name: str, tally: Tally, kind: Callable[[str], str]) -> str:
    """`Arrived: 12 (Complaint 8, Praise 4; wall 12)`."""
    parts = [_ranked({kind(value): many for value, many in tally.by_kind.items()}), _ranked(tally.by_account)]
    inside = "; ".join(part for part in parts if part)
    return f"{name}: {tally.total}" + (f" ({inside})" if inside else "")


def _ranked(many: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(many.items(), key=lambda pair: (-pair[1], pair[0])) if n)
