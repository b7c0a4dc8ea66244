"""The sockets: what the engine expects of adapters, and what it gives them.

Adapters own the wire format only. Storage, cursors, retries, rate budgets, approval and the outbox are not theirs.
A module under `handlers/` that offers an adapter exposes `Config` (a pydantic model) and `create(...)`; an adapter
may have `routes() -> list[Route]`, which the web application serves, and `aclose()`.

Two attributes say how an adapter behaves where several processes share a database; both are False when absent.
`everywhere`: every process has to `listen`, since people come to this very one by its web routes (the desk). Otherwise
one process listens at a time, unless the network's capabilities name `webhook`. `at_home`: what it speaks for stands in
the data folder (the wall), so the account's processes need the same folder; `check()` has to answer a `native_id` that
belongs to that folder's file, and a process that finds another one at work is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from bot.core.briefs import Brief, Draft
from bot.core.inbox import EVERYTHING, Narrow
from bot.core.types import (
    Account,
    Assessment,
    Budget,
    CardRef,
    Gone,
    Item,
    Light,
    Message,
    OutgoingReply,
    Person,
    Posted,
    PublishResult,
    Room,
    TicketStatus,
)
from bot.core.views import Card, TicketLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.authors import AuthorView
    from bot.core.drafting import Allowance, Offer
    from bot.core.figures import DraftOutcome, Figures
    from bot.core.inbox import Counts, Seen
    from bot.core.letters import Letter, Muting
    from bot.core.messages import Command, Event, Outcome
    from bot.core.phrasing import Phrased
    from bot.core.press import Headline
    from bot.core.queries import Digest, Misunderstood
    from bot.core.report import Report
    from bot.core.search import SearchPage
    from bot.core.setup import Setup

Idempotency = Literal["upsert", "client_id", "key_window", "content_dedupe", "lookup", "none"]


class Can:
    """What a team chat is able to do."""

    EDIT_FORM = "edit_form"
    REACTIONS = "reactions"
    FILES = "files"
    HOME = "home"
    PRIVATE_ANSWER = "private_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a network lets us do, and how a lost answer is settled there.

    `idempotency`: `upsert` the item holds one reply, writing it again replaces it; `client_id` the same key again
    is the same reply, for ever; `key_window` the same, for `idempotency_window`; `content_dedupe` the same text
    again is refused; `lookup` only reading back tells; `none` nothing tells, a person must look.

    `reply_window` is how long after a comment was written an answer is taken; an item's own `reply_by` goes first.

    `tells_gone` says that `current` asks the network itself, so that it tells what is not there any more: of comments,
    and of our replies as items with `ours`. Only then the engine looks for what has vanished.
    """

    ingest: frozenset[Literal["poll", "stream", "webhook"]]
    can_reply: bool = False
    reply_requires_summons: bool = False
    reply_window: timedelta | None = None
    idempotency: Idempotency = "none"
    idempotency_window: timedelta | None = None
    async_publication: bool = False
    tells_gone: bool = False
    max_length: int | None = None
    markup: Literal["plain", "markdown", "html", "mrkdwn", "facets"] = "plain"
    budget: Budget = field(default_factory=lambda: Budget(rate=5.0, burst=10))


class Intake(Protocol):
    """What the engine gives to adapters. Both return only once everything is committed."""

    async def emit(self, *events: Event, cursor: str | None = None) -> None:
        """Report facts; with `cursor`, the account's cursor moves in the same transaction.

        Raises Transient when nothing can be stored now (a full disk, a database that is away): nothing of it was kept.
        Whoever can be asked again lets it end the listening; whoever cannot answers 503 with `Retry-After`.
        """
        ...

    async def submit(self, command: Command) -> Outcome:
        """Carry a person's wish to the core and bring back the answer."""
        ...

    async def introduce(self, person: Person) -> None:
        """Make somebody known whom the settings do not name and the chat vouches for, or tell their role anew.

        Their id begins with the chat's and a colon, which no id of the settings has. The settings win: an identity
        that belongs to somebody there stays theirs.
        """
        ...


class Reader(Protocol):
    """The queries that chats need. Read-only."""

    async def inbox(
        self,
        *,
        statuses: Sequence[TicketStatus] = (TicketStatus.OPEN, TicketStatus.WAITING),
        assignee: str | None = None,
        words: str = "",
        narrow: Narrow = EVERYTHING,
        limit: int = 100,
    ) -> list[TicketLine]:
        """The queue: overdue and severe first, then by clock."""
        ...

    async def counts(self, *, person: str, seen: Seen = frozenset()) -> Counts:
        """How many tickets stand in each part of the queue, for this person."""
        ...

    async def search(self, text: str, *, after: str | None = None, limit: int = 20) -> SearchPage | Misunderstood:
        """Tickets by words and filters (`bot.core.search`), the newest text first; `after` is a page's `next`."""
        ...

    async def card(self, ticket: str) -> Card | None:
        """All there is to know about a ticket."""
        ...

    async def author(self, *, number: int | None = None, ticket: str | None = None) -> AuthorView | None:
        """The page of an author, by our number or by a ticket of theirs; None for nobody, or a merely typed name."""
        ...

    async def people(self) -> list[Person]:
        """The active members of the team."""
        ...

    async def person_for(self, chat: str, native_id: str) -> Person | None:
        """Whose identity this is."""
        ...

    async def health(self) -> list[Light]:
        """One light for each part."""
        ...

    async def switches(self) -> dict[str, str]:
        """What is switched on now: `paused`, `crisis` with their reasons."""
        ...

    async def figures(self, *, since: datetime, until: datetime) -> Figures:
        """What came, what was answered and how fast, in `since <= t < until`."""
        ...

    async def digest(self, query: Digest, *, locale: str) -> Message | None:
        """What happened on a day, as the daily digest tells it; None where the record knows nothing of that day yet."""
        ...

    async def outcomes(self, *, since: datetime, until: datetime) -> tuple[DraftOutcome, ...]:
        """What became of the drafts of replies that were published or withdrawn in `since <= t < until`."""
        ...

    async def report(self, *, since: datetime, until: datetime, account: str | None = None) -> Report:
        """All that there is to report about `since <= t < until`, in steps of the team's time zone."""
        ...

    async def setup(self) -> Setup:
        """What is configured, and how the accounts do. No secrets."""
        ...

    def measure(self, account: str, text: str) -> int | None:
        """How long an account's network thinks a text is; None where the account is not configured any more."""
        ...

    async def letters(self, *, ticket: str | None = None, limit: int = 100) -> list[Letter]:
        """What waits for a person, of one ticket or all: the most pressing first, then the oldest."""
        ...

    async def letter(self, name: str) -> Letter | None:
        """One of them: by its id (`E17`, `K7Q2.1`), or the most pressing one of a ticket (`K7Q2`)."""
        ...

    async def mutes(self) -> list[Muting]:
        """What is folded away now, the newest first."""
        ...

    async def press(self, *, since: datetime, until: datetime, limit: int = 100) -> list[Headline]:
        """What press feeds brought in `since <= t < until`, newest first, each piece of news once."""
        ...


class Keep(Protocol):
    """A small durable drawer for an adapter: sessions, rotated tokens. Keys are the adapter's own.

    What is kept about a ticket is a JSON object with its id under `ticket`, in a list: so that erasure finds it.
    """

    async def get(self, key: str) -> str | None:
        """The value, unless it has expired."""
        ...

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        """Keep a value, replacing what was there."""
        ...

    async def take(self, key: str) -> str | None:
        """Read and remove in one step: of two takers one gets it."""
        ...


class Network(Protocol):
    """Where comments come from and replies go."""

    def capabilities(self) -> Capabilities:
        """What this network can do; constant for the life of the adapter."""
        ...

    async def check(self) -> Account:
        """Is the token alive, are the rights there? Raises AuthExpired, Transient or Permanent."""
        ...

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report what happens, from `cursor` on, until cancelled. Raises Transient or AuthExpired when it cannot."""
        ...

    async def conversation(self, item: Item) -> list[Item]:
        """What stands under the item now, oldest first, our own replies marked `ours`."""
        ...

    async def current(self, item: Item) -> Item | Gone:
        """The item as it stands on the network at this moment."""
        ...

    def measure(self, text: str) -> int:
        """How long the network thinks a text is (characters, graphemes, bytes)."""
        ...

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        """Post the reply.

        Raises Transient only when it surely was not posted, AuthExpired, OutcomeUnknown, and Permanent for what a
        person must look at (the same key with another text).
        """
        ...

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """Look for exactly this reply on the network. Raises Transient when that cannot be told now."""
        ...


class Past(Protocol):
    """What a network can do besides whose past can be read."""

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report what was written since, in batches, the oldest first; cursors that are emitted count for nothing.

        Raises AdapterError; what was reported before it stays.
        """
        ...


class Sample(Protocol):
    """What a network with `sample = True` can do besides: play invented comments, and take them out of view."""

    async def play(self, over: timedelta) -> None:
        """Begin; zero is all at once. A second play begins anew."""
        ...

    async def archive(self) -> None:
        """End a play and take what was written out of view; nothing is lost."""
        ...


class TeamChat(Protocol):
    """Where the team talks."""

    can: ClassVar[frozenset[str]]
    budget: ClassVar[Budget]

    async def listen(self, intake: Intake, read: Reader) -> None:
        """Carry people's decisions in, until cancelled."""
        ...

    async def post(self, room: Room, card: Card) -> CardRef:
        """Show a new card. Raises OutcomeUnknown when the answer was lost."""
        ...

    async def find_card(self, room: Room, card: Card) -> CardRef | None:
        """Look for the card of this ticket in the room, before posting it again."""
        ...

    async def update(self, ref: CardRef, card: Card) -> None:
        """Bring a card up to date; showing the same state twice changes nothing.

        Raises CardGone or PlaceGone where it does not stand there any more, and forgets it: `find_card` looks anew.
        """
        ...

    async def say(self, where: Room | CardRef, message: Message) -> None:
        """Say something in the room or in the card's thread; raises CardGone or PlaceGone where that is gone.

        A chat whose class has `says_once = True` says a message of the same key once, whatever answers were lost;
        where it cannot look what became of a part, it says that this may be missing instead of sending it again. Of
        others a digest is not asked for again when its answer was lost: it might come twice.
        """
        ...

    async def tell(self, person: Person, where: CardRef, text: str) -> None:
        """Say something to one person alone."""
        ...


class EmbeddedDrafter(Protocol):
    """Writes a draft at once: pure and fast enough to run inside the intake transaction."""

    def draft(self, brief: Brief) -> Draft | None:
        """A draft, or None when there is nothing to propose (unknown language, spam, noise)."""
        ...


class Drafter(Protocol):
    """Writes drafts elsewhere: a model at the other end of a wire. What it writes is checked, never trusted.

    `id` names it (its secret, its light), `model` what answers, `timeout` is in seconds from the ask to the answer,
    `lanes` how many calls may be under way at once, `opinions` whether its opinion of kind and severity counts.
    """

    id: str
    model: str
    timeout: float
    lanes: int
    allowance: Allowance
    opinions: bool

    async def open(self) -> None:
        """Load what takes time to load, so that the first call need not wait for it. Asks nobody."""
        ...

    async def write(self, brief: Brief, *, alternatives: int = 1, within: float) -> Offer:
        """Wordings for the brief, within so many seconds. Raises NoOffer, whatever the other side does."""
        ...

    async def summarise(
        self, themes: Sequence[tuple[int, str, str]], *, language: str, brand: str, within: float
    ) -> Phrased:
        """What a day's comments were about, in a few sentences; to be checked by `bot.core.phrasing.fit`.

        Args:
            themes: how many comments, the words that name them, and an example (foreign text).
            language: of the sentences, as a code.
            brand: whom the comments are about.
            within: seconds for all of it.

        Raises:
            NoOffer: whatever the other side does.
        """
        ...

    async def check(self) -> Light:
        """Whether the endpoint lets us in and knows the model; costs no tokens."""
        ...


class Classifier(Protocol):
    """Says what a comment is: pure and fast enough to run inside the intake transaction."""

    def assess(self, text: str) -> Assessment:
        """Language, kind, sentiment and severity of a text."""
        ...

    def written_in(self, text: str) -> str | None:
        """The language of a reply, also one that no comment is answered in; None when that is not certain."""
        ...
