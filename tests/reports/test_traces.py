"""A comment's way as a trace, as a collector gets it: which spans, how they hang together, and what is not in them."""

import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.core.messages import Edit
from bot.engine.observing import Observer
from bot.reports import traces as module
from bot.reports.traces import Traces, TracesUnavailable, open_traces, trace_ids
from bot.settings import SettingsError, load
from bot.store.engine import Database
from bot.watching import watch
from bot.wiring import rules_of
from tests.e2e.process import ROOT, Portavoz, environment, until
from tests.engine.model_network import ModelNetwork
from tests.reports.conftest import NAMES
from tests.support.collector import Collector, Span, collector
from tests.support.db import fresh_database
from tests.support.engine_world import WALL, Clock, World

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PRIVATE = "evilword", "evilperson", "Carla", "secretly", "luis", "ada"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that the environment names."""
    with collector() as running:
        monkeypatch.setenv(ENDPOINT, running.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=cafe")
        yield running


@pytest.fixture
async def world(there: Collector, tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    def observe(database: Database, clock: Clock) -> Observer:
        found = open_traces({ENDPOINT: there.url}, NAMES, "house")
        assert found is not None
        return found

    network = ModelNetwork(clock)
    made = await World(tmp_path / "portavoz.db", {WALL: network}, clock=clock, observe=observe).open()
    yield made
    await made.close()


async def answered(world: World, there: Collector) -> str:
    """A comment comes in, is edited by the team, approved and answered; its ticket, once the spans have arrived."""
    network = world.parts.networks[WALL]
    assert isinstance(network, ModelNetwork)
    await world.arrive(network.write("evilword-1", "evilword: the soup was cold", who="evilperson"))
    ticket = await world.ticket_of("evilword-1")
    await world.wish(Edit(by="ada", via="desk", ticket=ticket.lower(), text="We are sorry, secretly."))
    await world.approve(ticket)
    await world.work_on(world.worker())
    sent(world)
    return ticket


def sent(world: World) -> None:
    observer = world.parts.observer
    assert isinstance(observer, Traces)
    observer.close()


def named(there: Collector, name: str) -> list[Span]:
    return [span for span in there.spans if span.name == name]


async def test_every_stage_of_a_comments_way_is_a_span_of_the_tickets_trace(world: World, there: Collector) -> None:
    ticket = await answered(world, there)
    assert {span.name for span in there.spans} == {"receive", "commit", "card", "decision", "publish"}
    trace, first = trace_ids("house", ticket)
    assert {span.trace for span in there.spans} == {f"{trace:032x}"}
    roots = [span for span in there.spans if not span.parent]
    assert [(span.name, span.id) for span in roots] == [("receive", f"{first:016x}")]
    assert {span.parent for span in there.spans if span.parent} == {f"{first:016x}"}
    assert len({span.id for span in there.spans}) == len(there.spans)


async def test_spans_say_what_by_ids_and_closed_lists_and_how_long(world: World, there: Collector) -> None:
    ticket = await answered(world, there)
    assert [span.about for span in named(there, "decision")] == [
        {"portavoz.ticket": ticket, "portavoz.verb": verb, "portavoz.via": "desk", "portavoz.outcome": "done"}
        for verb in ("edit", "approve")
    ]
    (publish,) = named(there, "publish")
    assert publish.about == {"portavoz.ticket": ticket, "portavoz.account": WALL, "portavoz.outcome": "posted"}
    assert not publish.failed
    root, commit = named(there, "receive")[0], named(there, "commit")[0]
    assert root.start <= commit.start <= commit.end <= root.end + 0.001
    assert all(0 <= span.end - span.start < 60 and abs(time.time() - span.end) < 60 for span in there.spans)
    assert root.resource["service.name"] == "portavoz"
    assert there.headers["x-tenant"] == "cafe"


async def test_no_word_and_no_name_of_a_person_leaves_the_house(world: World, there: Collector) -> None:
    await answered(world, there)
    wire = b"".join(there.requests)
    assert [word for word in PRIVATE if word.encode() in wire] == []


async def test_a_second_message_is_another_span_below_the_first_one(world: World, there: Collector) -> None:
    network = world.parts.networks[WALL]
    assert isinstance(network, ModelNetwork)
    await world.arrive(network.write("a", who="x"), network.write("b", who="x"))
    await world.arrive(network.write("c", who="x"))
    sent(world)
    assert [bool(span.parent) for span in named(there, "receive")] == [False, True]


async def test_a_lost_answer_is_a_span_that_failed(world: World, there: Collector) -> None:
    network = world.parts.networks[WALL]
    assert isinstance(network, ModelNetwork)
    await world.arrive(network.write("a"))
    network.scripts["a"] = deque(["lost"])
    await world.approve(await world.ticket_of("a"))
    await world.work_on(world.worker())
    sent(world)
    calls = named(there, "publish")
    assert [(span.failed, span.about["portavoz.outcome"]) for span in calls][:2] == [
        (True, "unknown"),
        (False, "posted"),
    ]


async def test_a_sampler_keeps_or_drops_whole_tickets(
    there: Collector, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    found = open_traces({ENDPOINT: there.url}, NAMES, "house")
    assert found is not None
    for n in range(60):
        found.called(WALL, f"T{n}", "posted", 0.1)
        found.showed("team", f"T{n}", 0.1, 0.1)
    found.close()
    kept = {name: {span.trace for span in named(there, name)} for name in ("publish", "card")}
    assert kept["publish"] == kept["card"]
    assert 10 < len(kept["card"]) < 50


def test_two_installations_have_different_traces_for_tickets_of_one_name() -> None:
    assert trace_ids("a", "K7Q2") == trace_ids("a", "K7Q2")
    assert trace_ids("a", "K7Q2") != trace_ids("b", "K7Q2")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {ENDPOINT: ""},
        {ENDPOINT: "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
        {ENDPOINT: "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_there_are_none_unless_they_are_asked_for(environ: dict[str, str]) -> None:
    assert open_traces(environ, NAMES, "house") is None


def test_asked_for_in_another_way_they_are_refused_with_a_remedy(tmp_path: Path) -> None:
    environ = {ENDPOINT: "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with pytest.raises(TracesUnavailable, match="http/protobuf"):
        open_traces(environ, NAMES, "house")


def test_asked_for_without_the_extra_the_start_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    settings = load(data=tmp_path, environ={})
    database = fresh_database(tmp_path / "portavoz.db")
    with pytest.raises(SettingsError) as told:
        watch(settings, database, rules_of(settings), backups=tmp_path, environ={ENDPOINT: "http://127.0.0.1:1"})
    assert str(told.value).startswith(f"{ENDPOINT}: ")
    assert "portavoz[otel]" in str(told.value)
    database.close()


def test_all_processes_of_one_database_make_the_same_traces(tmp_path: Path, there: Collector) -> None:
    settings = load(data=tmp_path, environ={})
    database = fresh_database(tmp_path / "portavoz.db")
    rules = rules_of(settings)
    found = [watch(settings, database, rules, backups=tmp_path, environ={ENDPOINT: there.url}).traces for _ in "ab"]
    houses = {one._house for one in found if one is not None}
    assert len(houses) == 1
    assert len(houses.pop()) == 16
    for one in found:
        assert one is not None
        one.close()
    database.close()


def test_a_collector_that_is_away_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_WORDS", 0.2)
    away = {ENDPOINT: "http://127.0.0.1:9"}
    monkeypatch.setenv(ENDPOINT, away[ENDPOINT])
    found = open_traces(away, NAMES, "house")
    assert found is not None
    found.called(WALL, "K7Q2", "posted", 0.1)
    began = time.monotonic()
    found.close()
    assert time.monotonic() - began < 3


def test_opentelemetry_is_not_imported_unless_it_is_asked_for(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from bot.settings import load
from bot.watching import watch
from bot.places import open_database
from bot.wiring import rules_of
import bot.serve, bot.engine.run, bot.web
folder = Path({str(tmp_path)!r})
settings = load(data=folder, environ={{}})
found = watch(settings, open_database(settings, upgrade=True), rules_of(settings), backups=folder, environ={{}})
assert found.metrics is not None and found.traces is None
print([name for name in sys.modules if name.startswith(("opentelemetry", "google.protobuf", "requests", "urllib3"))])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_real_bot_sends_a_comments_way_to_a_collector(tmp_path: Path) -> None:
    with collector() as there:
        environ = {ENDPOINT: there.url, "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_SERVICE_NAME": "cafe"}
        bot = Portavoz(tmp_path / "data", environ=environ)
        try:
            bot.start()
            bot.post("Marta", "Compré una cafetera el martes y llegó rota, evilword.")
            until(lambda: named(there, "card"), what="the span of the card")
            ticket = bot.ask("inbox")[0]["id"]
            assert bot.cli("approve", ticket, "--as", "ana").returncode == 0
            until(lambda: named(there, "publish"), what="the span of the publication")
            assert bot.stop() == 0
        finally:
            bot.close()
    mine = [span for span in there.spans if span.about["portavoz.ticket"] == ticket]
    assert {"receive", "commit", "card", "publish"} <= {span.name for span in mine}
    assert len({span.trace for span in mine}) == 1
    assert {span.resource["service.name"] for span in mine} == {"cafe"}
    assert b"evilword" not in b"".join(there.requests)
    assert b"Marta" not in b"".join(there.requests)
