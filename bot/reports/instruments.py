"""The instruments that this process's own work is measured with; `Watch` is the engine's observer.

Each is made in a registry that is handed in: nothing is global. Their children are looked up in dictionaries of
ours first, which is three times as fast as `labels()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.core.briefs import Made
from bot.core.messages import Command, Done, Outcome, Refused, Wish
from bot.reports.labels import ANSWERS, ASKS, ORDERS, Configured, FirstFew, known

STAGES = ("receive", "commit", "card", "decision", "publication", "call")
"""A comment's way: adapter to commit, the commit itself, commit to card, a person's wish to its commit, end of the
undo window to the intent, the network's call."""
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
QUICK = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 20.0)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
VERBS = frozenset(kind.__name__.lower() for kind in get_args(Command))
"""Every wish there is, by its name in small letters: `setkind`."""
M = TypeVar("M", Counter, Histogram)


class Parcel(Protocol):
    """What one report of an adapter brought; see `bot.engine.observing.Taken`."""

    @property
    def facts(self) -> int: ...

    @property
    def waited(self) -> float: ...


class Children(Generic[M]):
    """The children of a labelled instrument by their labels' values."""

    def __init__(self, parent: M) -> None:
        self._parent: M = parent
        self._made: dict[tuple[str, ...], M] = {}

    def at(self, *values: str) -> M:
        """The child with these values, in the order of the labels."""
        child = self._made.get(values)
        if child is None:
            child = self._made[values] = self._parent.labels(*values)
        return child


class Watch:
    """Counts and measures what the engine does in this process."""

    tracing = False

    def __init__(self, registry: CollectorRegistry, names: Configured) -> None:
        self._names = names
        self._sources = FirstFew(given=("offline", "none", "failed"))

        def histogram(name: str, text: str, labels: Sequence[str], buckets: Sequence[float]) -> Children[Histogram]:
            made = Histogram(name, text, labels, namespace="portavoz", registry=registry, buckets=buckets)
            return Children(made)

        def counter(name: str, text: str, labels: Sequence[str]) -> Children[Counter]:
            return Children(Counter(name, text, labels, namespace="portavoz", registry=registry))

        self.stages = histogram("stage_seconds", "A stage of a comment's way; this process.", ["stage"], SECONDS)
        self.batches = Histogram(
            "intake_batch_facts",
            "Facts committed together; this process.",
            namespace="portavoz",
            registry=registry,
            buckets=SIZES,
        )
        self.drafts = histogram("draft_seconds", "Asking a drafter; this process.", ["source"], QUICK)
        self.calls = histogram(
            "publish_call_seconds", "A network's call that posts; this process.", ["account", "outcome"], SECONDS
        )
        self.wishes = counter("wishes", "What people asked for in chats; this process.", ["verb", "via", "outcome"])
        self.asks = counter("model_asks", "Times a model was asked, by what came of it; this process.", ["outcome"])
        self.tokens = counter("model_tokens", "Tokens that a model read and wrote; this process.", ["direction"])
        self.money = Counter(
            "model_cost",
            "What a model cost, in the money of the settings; this process.",
            namespace="portavoz",
            registry=registry,
        )
        self.retries = counter("orders_put_off", "Orders that wait for another try; this process.", ["type"])
        self.restarted = counter("listener_restarts", "Listeners started again; this process.", ["part"])
        self._begin()

    def _begin(self) -> None:
        """Series that should be there from the start, so that a first failure shows as an increase."""
        for stage in STAGES:
            self.stages.at(stage)
        for part in sorted(self._names.parts):
            if not part.startswith("room:"):
                self.restarted.at(part)
        for type_ in ORDERS:
            self.retries.at(type_)
        for outcome in ASKS:
            self.asks.at(outcome)
        for direction in ("in", "out"):
            self.tokens.at(direction)

    # --- what the engine says; see bot.engine.observing.Observer ---------------------------------------------------

    def took_in(self, parcels: Sequence[Parcel], seconds: float) -> None:
        """A batch was committed."""
        receive = self.stages.at("receive")
        facts = 0
        for parcel in parcels:
            receive.observe(parcel.waited)
            facts += parcel.facts
        self.stages.at("commit").observe(seconds)
        self.batches.observe(facts)

    def wished(self, command: Command, outcome: Outcome, seconds: float) -> None:
        """A wish was carried out or refused."""
        self.stages.at("decision").observe(seconds)
        self.wishes.at(known(_verb(command), VERBS), self._names.via(command.via), _answer(outcome)).inc()

    def showed(self, room: str, ticket: str, waited: float, seconds: float) -> None:
        """A card was brought up to date."""
        self.stages.at("card").observe(max(waited, 0.0))

    def publishes(self, account: str, ticket: str, waited: float) -> None:
        """A reply is about to be posted."""
        self.stages.at("publication").observe(max(waited, 0.0))

    def called(self, account: str, ticket: str, outcome: str, seconds: float) -> None:
        """A network answered, or did not."""
        self.stages.at("call").observe(seconds)
        self.calls.at(known(account, self._names.accounts), known(outcome, ANSWERS)).observe(seconds)

    def drafted(self, source: str, seconds: float) -> None:
        """A drafter was asked; `offline:complaint.es#3` is `offline`."""
        self.drafts.at(self._sources.known(source.partition(":")[0])).observe(seconds)

    def asked_model(self, outcome: str, made: Made) -> None:
        """A model was asked."""
        self.asks.at(known(outcome, ASKS)).inc()
        self.tokens.at("in").inc(made.tokens_in)
        self.tokens.at("out").inc(made.tokens_out)
        self.money.inc(made.cost)

    def put_off(self, type: str) -> None:
        """An order waits for another try."""
        self.retries.at(known(type, ORDERS)).inc()

    def restarts(self, part: str) -> None:
        """A listener is started again."""
        self.restarted.at(known(part, self._names.parts)).inc()


def _verb(command: Wish) -> str:
    return type(command).__name__.lower()


def _answer(outcome: Outcome) -> str:
    if isinstance(outcome, Done):
        return "done"
    return "refused" if isinstance(outcome, Refused) else "not_found"
