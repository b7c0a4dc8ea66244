"""The rarer queries of `chat_world`: counts, searches, failures, figures and what is configured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.figures import DraftOutcome, Drafts, Figures, Tally
from bot.core.foreign import pieces
from bot.core.inbox import EVERYTHING, Counts, Narrow, Seen
from bot.core.letters import Letter, Muting
from bot.core.queries import Misunderstood
from bot.core.search import Hit, SearchPage
from bot.core.setup import About, NetworkView, Option, PromptFile, Setup
from bot.core.types import Room, TicketLine, TicketStatus
from tests.contract.chat_views import Shelf, line_of

OPEN = (TicketStatus.OPEN, TicketStatus.WAITING)


class Readings:
    """Answers from the shelves. `waiting` are failures, `muted` what is folded away, `configured` what settings say."""

    shelves: dict[str, Shelf]
    clock: Callable[[], datetime]

    def __init__(self) -> None:
        self.waiting: list[Letter] = []
        self.muted: list[Muting] = []
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
