"""Traces: one span for each stage of a comment's way, sent to an OpenTelemetry collector by OTLP over HTTP.

All that happens to a ticket, in whatever process and however many days apart, is one trace: its id is made of the
ticket's. OpenTelemetry is an extra and is imported only when its own variables (`OTEL_*`) ask for it.
"""

from __future__ import annotations

import hashlib
import importlib
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bot import __version__
from bot.core.messages import Done, OnTicket, Refused
from bot.core.types import Posted
from bot.reports.labels import Configured, known

if TYPE_CHECKING:
    from bot.core.briefs import Made
    from bot.core.messages import Command, Outcome

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_HTTP = "http/protobuf"
LAST_WORDS = 5.0
"""Seconds that the last spans get to be sent when the process ends."""


class TracesUnavailable(Exception):
    """Traces are asked for and cannot be sent. `setting` is the variable that asks, `remedy` what to do."""

    def __init__(self, setting: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.setting = setting
        self.problem = problem
        self.remedy = remedy


class Parcel(Protocol):
    """What one report of an adapter brought; see `bot.engine.observing.Taken`."""

    @property
    def account(self) -> str: ...

    @property
    def waited(self) -> float: ...

    @property
    def tickets(self) -> Sequence[tuple[str, bool]]: ...


def asked_for(environ: Mapping[str, str]) -> str | None:
    """The variable that asks for traces; None when nobody does, or somebody switched them off."""
    off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if off or exporter == "none":
        return None
    return next((name for name in _ENDPOINTS if environ.get(name, "").strip()), None)


def open_traces(environ: Mapping[str, str], names: Configured, house: str) -> Traces | None:
    """Traces as the standard variables say; None when they are not asked for.

    Args:
        environ: the environment; the library reads what else it needs from the process's own.
        names: what may stand in attributes.
        house: a mark of this installation, so that two of them have different traces for tickets of one name.

    Raises:
        TracesUnavailable: the extra is not installed, or they are to be sent in another way than OTLP over HTTP.
    """
    asks = asked_for(environ)
    if asks is None:
        return None
    for name in _PROTOCOLS:
        if environ.get(name, _HTTP).strip() not in ("", _HTTP):
            raise TracesUnavailable(name, "traces are sent as http/protobuf only", f"Set {name}={_HTTP}, or unset it.")
    try:
        sdk = importlib.import_module("opentelemetry.sdk.trace")
        sending = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ModuleNotFoundError as error:
        raise TracesUnavailable(
            asks, "asks for traces, and OpenTelemetry is not installed", "pip install 'portavoz[otel]', or unset it."
        ) from error
    about = {"service.version": __version__}
    if not environ.get("OTEL_SERVICE_NAME") and "service.name=" not in environ.get("OTEL_RESOURCE_ATTRIBUTES", ""):
        about["service.name"] = "portavoz"
    ids = _Ids()
    provider = sdk.TracerProvider(resource=resources.Resource.create(about), id_generator=ids, shutdown_on_exit=False)
    provider.add_span_processor(sending.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    return Traces(provider, ids, names, house)


class _Ids:
    """Gives the ids that were set last, and random ones otherwise. Spans are made by one thread."""

    def __init__(self) -> None:
        self._random = importlib.import_module("opentelemetry.sdk.trace.id_generator").RandomIdGenerator()
        self.trace = 0
        self.span = 0

    def generate_trace_id(self) -> int:
        return self.trace or int(self._random.generate_trace_id())

    def generate_span_id(self) -> int:
        return self.span or int(self._random.generate_span_id())

    def is_trace_id_random(self) -> bool:
        return False


class Traces:
    """Makes the spans; the engine's observer. Attributes are ids and closed lists, nothing that a person wrote."""

    tracing = True

    def __init__(self, provider: Any, ids: _Ids, names: Configured, house: str) -> None:
        self._api = importlib.import_module("opentelemetry.trace")
        self._provider = provider
        self._tracer = provider.get_tracer("portavoz", __version__)
        self._ids = ids
        self._names = names
        self._house = house

    def close(self) -> None:
        """Send what is left, for some seconds at most: a collector that is away must not hold up the end."""
        sending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        sending.start()
        sending.join(LAST_WORDS)

    # --- what the engine says; see bot.engine.observing.Observer ---------------------------------------------------

    def took_in(self, parcels: Sequence[Parcel], seconds: float) -> None:
        """A comment came in and was committed: `receive`, and inside it `commit`. The first one is the trace's root."""
        for parcel in parcels:
            about = {"portavoz.account": known(parcel.account, self._names.accounts)}
            for ticket, opened in parcel.tickets:
                self._span("receive", ticket, max(parcel.waited, seconds), about, root=opened)
                self._span("commit", ticket, seconds, about)

    def wished(self, command: Command, outcome: Outcome, seconds: float) -> None:
        """Somebody decided something about a ticket; who it was stands on record, not here."""
        if not isinstance(command, OnTicket) or not isinstance(outcome, Done | Refused):
            return
        about = {
            "portavoz.verb": type(command).__name__.lower(),
            "portavoz.via": self._names.via(command.via),
            "portavoz.outcome": "done" if isinstance(outcome, Done) else outcome.reason,
        }
        self._span("decision", command.ticket.strip().upper(), seconds, about)

    def showed(self, room: str, ticket: str, waited: float, seconds: float) -> None:
        """A card was brought up to date: from when that was ordered."""
        self._span("card", ticket, max(waited, seconds), {"portavoz.room": known(room, self._names.rooms)})

    def publishes(self, account: str, ticket: str, waited: float) -> None:
        """The call that follows is the span."""

    def called(self, account: str, ticket: str, outcome: str, seconds: float) -> None:
        """A network was asked to post."""
        about = {"portavoz.account": known(account, self._names.accounts), "portavoz.outcome": outcome}
        self._span(
            "publish", ticket, seconds, about, failed=outcome != Posted.__name__.lower() and outcome != "pending"
        )

    def drafted(self, source: str, seconds: float) -> None:
        """Drafts are made inside `commit`."""

    def asked_model(self, outcome: str, made: Made) -> None:
        """Asked long after the comment came in, and beside its way."""

    def put_off(self, type: str) -> None:
        """Nothing of a comment's way."""

    def restarts(self, part: str) -> None:
        """Nothing of a comment's way."""

    # --- spans ----------------------------------------------------------------------------------------------------

    def _span(
        self, name: str, ticket: str, seconds: float, about: dict[str, str], *, root: bool = False, failed: bool = False
    ) -> None:
        """A span that ends now."""
        if not ticket:
            return
        trace, first = trace_ids(self._house, ticket)
        end = time.time_ns()
        self._ids.trace, self._ids.span = trace, first if root else 0
        try:
            span = self._tracer.start_span(
                name,
                context=None if root else self._below(trace, first),
                start_time=end - int(max(seconds, 0.0) * 1e9),
                attributes={"portavoz.ticket": ticket, **about},
            )
        finally:
            self._ids.trace = self._ids.span = 0
        if failed:
            span.set_status(self._api.StatusCode.ERROR)
        span.end(end_time=end)

    def _below(self, trace: int, first: int) -> Any:
        """A context below the ticket's first span, which may have been made by another process, days ago.

        Whether that one was kept is asked of the sampler, which answers alike for alike trace ids.
        """
        kept = self._provider.sampler.should_sample(None, trace, "receive").decision.is_sampled()
        flags = self._api.TraceFlags(self._api.TraceFlags.SAMPLED if kept else self._api.TraceFlags.DEFAULT)
        parent = self._api.SpanContext(trace, first, is_remote=True, trace_flags=flags)
        return self._api.set_span_in_context(self._api.NonRecordingSpan(parent))


def trace_ids(house: str, ticket: str) -> tuple[int, int]:
    """A ticket's trace id (128 bits) and the id of its first span (64 bits); neither is ever 0."""
    digest = hashlib.sha256(f"portavoz:{house}:{ticket}".encode()).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1
