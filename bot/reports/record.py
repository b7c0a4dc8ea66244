"""What stands on record, as metrics: totals since this process began to look, and how things stand now.

Every process of one database shows the same values, so that over several of them one takes `max`, not `sum`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

from bot.core.approval import Verdict
from bot.core.messages import Fact
from bot.core.types import Kind, ReplyState, Severity
from bot.reports.instruments import Children
from bot.reports.labels import ORDERS, OUTCOMES, PARTS, Configured, known, values
from bot.reports.standing import ACTIVE, FINISHED, Standing

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

    from bot.core.rules import Rules
    from bot.reports.following import News

FACTS, VERDICTS, SEVERITIES = values(Fact), values(Verdict), values(Severity)
STATES = ("ready", "dead")
CLOCKS = ("critical", "complaint", "question", "other")
"""The first-answer times that can be set; see the settings `sla.*`."""
LONG = (60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 259200)
Rows = Iterable[tuple[Sequence[str], float]]


def clock(kind: str, severity: str) -> str:
    """Which of the first-answer times a ticket has."""
    if severity == Severity.CRITICAL:
        return "critical"
    return kind if kind in (Kind.COMPLAINT, Kind.QUESTION) else "other"


def targets(rules: Rules) -> dict[str, timedelta]:
    """The first-answer times in force, by clock."""
    others = {kind.value: rules.first_answer.get(kind, rules.first_answer_other) for kind in Kind}
    return {
        "critical": rules.first_answer_critical,
        "complaint": others["complaint"],
        "question": others["question"],
        "other": rules.first_answer_other,
    }


class Totals:
    """Counts what came to the record."""

    def __init__(self, registry: CollectorRegistry, names: Configured) -> None:
        self._names = names

        def counter(name: str, text: str, *labels: str) -> Children[Counter]:
            return Children(Counter(name, text, labels, namespace="portavoz", registry=registry))

        def histogram(name: str, text: str, *labels: str) -> Children[Histogram]:
            made = Histogram(name, text, labels, namespace="portavoz", registry=registry, buckets=LONG)
            return Children(made)

        self.facts = counter("facts", "Rows of the log; on record.", "fact")
        self.comments = counter("comments", "New comments; on record.", "account")
        self.decisions = counter("decisions", "Decisions about replies; on record.", "verdict", "via")
        self.publications = counter("publications", "What became of publications; on record.", "account", "outcome")
        self.answers = histogram("first_answer_seconds", "From a ticket's opening to its answer; on record.", "clock")
        self.kept = counter("first_answers", "First answers, in time or not; on record.", "clock", "in_time")
        self.replies = histogram("reply_seconds", "From a comment's arrival to its reply; on record.", "account")
        self._begin()

    def _begin(self) -> None:
        """Series that should be there from the start, so that a first failure shows as an increase."""
        for fact in sorted(FACTS):
            self.facts.at(fact)
        for account in sorted(self._names.accounts):
            self.comments.at(account)
            self.replies.at(account)
            for outcome in OUTCOMES:
                self.publications.at(account, outcome)
        for name in CLOCKS:
            self.answers.at(name)
            for in_time in ("true", "false"):
                self.kept.at(name, in_time)

    def add(self, news: News) -> None:
        """Count what is new."""
        accounts = self._names.accounts
        for fact, many in news.facts:
            self.facts.at(known(fact, FACTS)).inc(many)
        for account, many in news.comments:
            self.comments.at(known(account, accounts)).inc(many)
        for verdict, via, many in news.decisions:
            self.decisions.at(known(verdict, VERDICTS), self._names.via(via)).inc(many)
        for account, outcome, many in news.publications:
            self.publications.at(known(account, accounts), known(outcome, OUTCOMES)).inc(many)
        for kind, severity, seconds, in_time in news.answers:
            name = clock(kind, severity)
            self.answers.at(name).observe(seconds)
            self.kept.at(name, "true" if in_time else "false").inc()
        for account, seconds in news.replies:
            self.replies.at(known(account, accounts)).observe(seconds)


def gauges(now: Standing, names: Configured, rules: Rules) -> Iterator[Metric]:
    """How things stand, as metrics; what there is none of is 0."""
    queue = {(status, severity): 0 for status in ACTIVE for severity in SEVERITIES}
    states = [state.value for state in ReplyState if state.value not in FINISHED]
    orders = {(type_, state): 0 for type_ in ORDERS for state in STATES}
    severities = dict.fromkeys(SEVERITIES, 0.0)
    yield _gauge(
        "tickets", "Tickets that are not closed; on record.", "status severity", _rows(queue | dict(now.tickets))
    )
    yield _gauge(
        "tickets_overdue",
        "Tickets past their first-answer time; on record.",
        "severity",
        _rows(severities | dict(now.overdue)),
    )
    yield _gauge(
        "tickets_oldest_seconds",
        "Age of the oldest open ticket without an answer; on record.",
        "severity",
        _rows(severities | dict(now.oldest)),
    )
    yield _gauge(
        "replies",
        "Replies that are not finished; on record.",
        "state",
        _rows(dict.fromkeys(states, 0) | dict(now.replies)),
    )
    yield _gauge("orders", "Orders to the outside; on record.", "type state", _rows(orders | dict(now.orders)))
    yield _gauge(
        "orders_late_seconds",
        "By how much the oldest due order is late; on record.",
        "type",
        _rows(dict.fromkeys(ORDERS, 0.0) | dict(now.late)),
    )
    yield _gauge("adapter_up", "Whether an adapter works; on record.", "part account", _adapters(now, names))
    yield _gauge(
        "switch",
        "What people have switched on; on record.",
        "switch",
        [((name,), float(name in now.switches)) for name in ("paused", "crisis")],
    )
    yield _gauge("log_unsealed_rows", "Log rows that no seal covers yet; on record.", "", [((), now.unsealed)])
    sealed = now.sealed_at.timestamp() if now.sealed_at else 0.0
    yield _gauge("seal_timestamp_seconds", "When the log was last sealed, 0 for never; on record.", "", [((), sealed)])
    wanted = [((name,), span.total_seconds()) for name, span in targets(rules).items()]
    yield _gauge("first_answer_target_seconds", "The first-answer times in force.", "clock", wanted)


def _gauge(name: str, text: str, labels: str, rows: Rows) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"portavoz_{name}", text, labels=labels.split())
    for at, value in rows:
        made.add_metric(list(at), value)
    return made


def _rows(counts: Mapping[Any, float]) -> Rows:
    """Rows from counts whose keys are one label's value, or the values of several."""
    return [((key,) if isinstance(key, str) else key, value) for key, value in sorted(counts.items())]


def _adapters(now: Standing, names: Configured) -> Rows:
    """Only what is configured: the record remembers adapters that are not there any more."""
    return [
        ((part, name), float(up))
        for (part, name), up in sorted(now.adapters.items())
        if part in PARTS and f"{part}:{name}" in names.parts
    ]
