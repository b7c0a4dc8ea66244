"""The rarer queries of `chat_world`: counts, searches, failures, figures and what is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.digest import Digest, Said, Span
from bot.core.figures import DraftOutcome, Drafts, Figures, Tally
from bot.core.foreign import pieces
from bot.core.inbox import EVERYTHING, Counts, Narrow, Seen
from bot.core.letters import Letter, Muting
from bot.core.press import Headline
from bot.core.queries import Digest as Query
from bot.core.queries import Misunderstood
from bot.core.report import WAITS, Answers, Group, Load, Report, Step, Volume, WaitClass
from bot.core.search import Hit, SearchPage
from bot.core.setup import About, NetworkView, Option, PromptFile, Setup
from bot.core.spans import steps as cut
from bot.core.spans import unit_for
from bot.core.types import Message, Room, TicketStatus
from bot.core.views import TicketLine
from bot.reports.digest import compose
from tests.contract.chat_views import Shelf, line_of

OPEN = (TicketStatus.OPEN, TicketStatus.WAITING)


class Readings:
    """Answers from the shelves.

    `waiting` are failures, `muted` what is folded away, `loads` what people did, `configured` what settings say.
    """

    shelves: dict[str, Shelf]
    clock: Callable[[], datetime]

    def __init__(self) -> None:
        self.waiting: list[Letter] = []
        self.muted: list[Muting] = []
        self.loads: list[Load] = []
        self.headlines: list[Headline] = []
        self.network = NetworkView(
            id="wall", type="wall", state="ok", name="The Bakery", can_reply=True, max_length=500, ingest=("stream",)
        )
        self.configured = Setup(
            about=About(
                chats=(("desk", "desk"),),
                chat_types=("desk", "slack"),
                network_types=("masks", "wall"),
                prompts=(PromptFile(path="offline/es/praise.md", sha256="ab" * 32),),
                options=(Option(name="undo_seconds", value="10"), Option(name="quorum.critical", value="2")),
            ),
            rooms=(Room(id="desk", chat="desk"),),
        )

    def stands(self, *, statuses: Sequence[TicketStatus], narrow: Narrow = EVERYTHING) -> list[TicketLine]:
        """Tickets that stand so, narrowed, in no order."""
        now = self.clock()
        return [
            line
            for line in map(line_of, self.shelves.values())
            if line.status in statuses
            and narrow.account in (None, line.account)
            and narrow.severity in (None, line.severity)
            and (not narrow.overdue or (line.due_at is not None and line.due_at < now))
            and (not narrow.rolls or line.folded)
            and (narrow.seen is None or (line.id, line.version) not in narrow.seen)
        ]

    async def counts(self, *, person: str, seen: Seen = frozenset()) -> Counts:
        lines, everything = self.stands(statuses=OPEN), self.stands(statuses=tuple(TicketStatus))
        severities, accounts = [line.severity.value for line in lines], [line.account for line in lines]
        return Counts(
            open=len(lines),
            mine=sum(line.assignee == person for line in lines),
            waiting=sum(line.status is TicketStatus.WAITING for line in lines),
            overdue=len(self.stands(statuses=OPEN, narrow=Narrow(overdue=True))),
            unread=len(self.stands(statuses=OPEN, narrow=Narrow(seen=seen))),
            snoozed=sum(line.status is TicketStatus.SNOOZED for line in everything),
            closed=sum(line.status is TicketStatus.CLOSED for line in everything),
            by_severity={one: severities.count(one) for one in severities},
            by_account={one: accounts.count(one) for one in accounts},
        )

    async def search(self, text: str, *, after: str | None = None, limit: int = 20) -> SearchPage | Misunderstood:
        """The words as they stand; a filter of this world is `kind:` alone. `after` counts the hits before."""
        if text.startswith("kind:no"):
            return Misunderstood(reason="unknown", params={"word": text})
        lines = sorted(self.stands(statuses=tuple(TicketStatus)), key=lambda line: line.opened_at, reverse=True)
        found = [line for line in lines if text.casefold() in f"{line.text} {line.author}".casefold()]
        start = int(after or 0)
        hits = tuple(
            Hit(line=line, where="message", at=line.opened_at, snippet=tuple(pieces(line.text, (text,))))
            for line in found[start : start + limit]
        )
        return SearchPage(hits=hits, next=str(start + limit) if len(found) > start + limit else None)

    async def outcomes(self, *, since: datetime, until: datetime) -> tuple[DraftOutcome, ...]:
        del since, until
        return (DraftOutcome(source="offline:praise.es#2", sent=3, edited=1, median_change=0.125),)

    async def report(self, *, since: datetime, until: datetime, account: str | None = None) -> Report:
        """Everything is a complaint; a quarter of the comments was answered late, the last one not at all."""
        lines = [one for one in self.stands(statuses=tuple(TicketStatus)) if since <= one.opened_at < until]
        lines = [one for one in lines if account in (None, one.account)]
        unit = unit_for(since, until)
        steps = tuple(
            Step(since=a, until=b, negative=sum(a <= one.opened_at < b for one in lines))
            for a, b in cut(since, until, UTC, unit)
        )
        late = len(lines) // 4
        waits = tuple(WaitClass(at_most=wait) for wait in (*WAITS[1:], None))
        answers = Answers(
            total=len(lines),
            median_minutes=12.4 if lines else None,
            p90_minutes=95.0 if lines else None,
            in_time=len(lines) - late,
            late=late,
            waits=(WaitClass(at_most=WAITS[0], in_time=len(lines) - late, late=late), *waits),
        )
        whole = Group(key="complaint", arrived=len(lines), negative=len(lines), answers=answers)
        return Report(
            since=since,
            until=until,
            account=account,
            volume=Volume(unit=unit, steps=steps),
            answers=answers,
            kinds=(whole,) if lines else (),
            accounts=(replace(whole, key="wall"),) if lines else (),
            people=tuple(self.loads) if lines else (),
            drafts=(DraftOutcome(source="offline:praise.es#2", sent=3, edited=1, median_change=0.125),)
            if lines
            else (),
        )

    async def figures(self, *, since: datetime, until: datetime) -> Figures:
        lines = [line for line in self.stands(statuses=tuple(TicketStatus)) if since <= line.opened_at < until]
        arrived = Tally(total=len(lines), by_kind={"complaint": len(lines)}, by_account={"wall": len(lines)})
        nothing = Tally()
        return Figures(
            since=since,
            until=until,
            arrived=arrived,
            answered=nothing,
            closed=nothing,
            median_minutes=12.4,
            p90_minutes=None,
            drafts=Drafts(),
            waiting=len(lines),
            overdue=0,
        )

    async def digest(self, query: Query, *, locale: str) -> Message | None:
        """Of the shelves' days, with everything in it that could trip a chat up."""
        today = self.clock().date()
        day = query.day or today - timedelta(days=1 if query.days_ago is None else query.days_ago)
        if day > today:
            return None
        span = Span(first=day, days=query.days, tz=UTC)
        lines = [
            line for line in self.stands(statuses=tuple(TicketStatus)) if span.since <= line.opened_at < span.until
        ]
        said = tuple(Said(ticket=line.id, author=line.author, text=line.text, account="wall") for line in lines)
        whole = await self.report(since=span.since, until=span.until)
        told = Digest(
            span=span,
            now=self.clock(),
            sent=today,
            arrived={("wall", "complaint"): len(lines)} if lines else {},
            volume=whole.volume,
            answers=whole.answers,
            suggestions=said,
            longest=tuple(lines),
            waiting=len(lines),
            seal="5ea1" * 16,
        )
        return compose(told, locale, "http://127.0.0.1:8600/desk")

    async def setup(self) -> Setup:
        return Setup(
            about=self.configured.about,
            networks=(self.network,),
            rooms=self.configured.rooms,
            routes=self.configured.routes,
        )

    def measure(self, account: str, text: str) -> int | None:
        """This wall counts an emoji of several code points once, and everything it does not know not at all."""
        return len(text.replace("\u200d👩", "").replace("\u200d👧", "")) if account == "wall" else None

    async def letters(self, *, ticket: str | None = None, limit: int = 100) -> list[Letter]:
        return [one for one in self.waiting if ticket in (None, one.ticket)][:limit]

    async def letter(self, name: str) -> Letter | None:
        return next((one for one in self.waiting if name.upper() in (one.id, one.ticket)), None)

    async def mutes(self) -> list[Muting]:
        return list(self.muted)

    async def press(self, *, since: datetime, until: datetime, limit: int = 100) -> list[Headline]:
        return [one for one in self.headlines if since <= one.at < until][:limit]
