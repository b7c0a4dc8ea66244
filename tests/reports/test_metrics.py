"""What `/metrics` says is what happened, on both databases."""

import asyncio
import contextlib
import os

import pytest
from sqlalchemy import update

from bot.core.errors import Transient
from bot.core.messages import Approve, Claim, Crisis, Pause
from bot.engine import listeners
from bot.engine.accounts import Accounts
from bot.engine.backoff import delay
from bot.engine.clock import Clock as Ticking
from bot.engine.listeners import listen_network
from bot.reports import metrics as module
from bot.reports.metrics import Metrics
from bot.store import tables as t
from tests.reports.conftest import NAMES, Watched, value
from tests.support.engine_world import WALL


async def test_a_comment_that_is_answered_shows_in_every_count_of_its_way(watched: Watched) -> None:
    await watched.answer()
    seen = await watched.scrape()
    assert value(seen, "comments_total", account=WALL) == 1
    assert value(seen, "decisions_total", verdict="approve", via="desk") == 1
    assert value(seen, "publications_total", account=WALL, outcome="posted") == 1
    assert value(seen, "wishes_total", verb="approve", via="desk", outcome="done") == 1
    assert value(seen, "facts_total", fact="ReplyPublished") == 1
    assert value(seen, "publish_call_seconds_count", account=WALL, outcome="posted") == 1
    assert value(seen, "draft_seconds_count", source="simple") == 1
    stages = [value(seen, "stage_seconds_count", stage=stage) for stage in ("decision", "publication", "call")]
    assert stages == [1, 1, 1]
    assert min(value(seen, "stage_seconds_count", stage=stage) for stage in ("receive", "commit", "card")) >= 1
    assert value(seen, "tickets", status="waiting", severity="normal") == 1


async def test_first_answers_are_timed_by_their_clock_and_judged_by_their_target(watched: Watched) -> None:
    await watched.answer("quick")
    await watched.world.arrive(watched.network.write("slow", who="other"))
    watched.world.clock.move(3601)
    await watched.world.approve(await watched.world.ticket_of("slow"))
    await watched.world.work_on(watched.worker)
    seen = await watched.scrape()
    assert value(seen, "first_answers_total", clock="complaint", in_time="true") == 1
    assert value(seen, "first_answers_total", clock="complaint", in_time="false") == 1
    assert value(seen, "first_answer_target_seconds", clock="complaint") == 3600
    quick = value(seen, "first_answer_seconds_bucket", clock="complaint", le="60.0")
    assert (quick, value(seen, "first_answer_seconds_count", clock="complaint")) == (1, 2)
    assert value(seen, "reply_seconds_count", account=WALL) == 2
    assert value(seen, "reply_seconds_sum", account=WALL) == pytest.approx(3601 + 20, abs=2)


async def test_the_undo_window_is_no_part_of_a_publications_delay(watched: Watched) -> None:
    await watched.answer()
    seen = await watched.scrape()
    assert value(seen, "stage_seconds_sum", stage="publication") < 0.1
    assert value(seen, "reply_seconds_sum", account=WALL) >= 10


async def test_a_second_answer_to_the_same_ticket_is_no_first_one(watched: Watched) -> None:
    await watched.answer("a")
    await watched.world.arrive(watched.network.write("b", "And the bread was old", who="who-a"))
    ticket = await watched.world.ticket_of("b")
    assert ticket == await watched.world.ticket_of("a")
    await watched.world.approve(ticket)
    await watched.world.work_on(watched.worker)
    seen = await watched.scrape()
    assert value(seen, "publications_total", account=WALL, outcome="posted") == 2
    assert value(seen, "first_answer_seconds_count", clock="complaint") == 1


async def test_the_queue_shows_how_many_wait_how_urgently_and_for_how_long(watched: Watched) -> None:
    await watched.world.arrive(watched.network.write("a", who="a"), watched.network.write("b", "danger", who="b"))
    watched.world.clock.move(1200)
    seen = await watched.scrape()
    assert value(seen, "tickets", status="open", severity="normal") == 1
    assert value(seen, "tickets", status="open", severity="critical") == 1
    assert value(seen, "tickets_oldest_seconds", severity="normal") == 1200
    assert value(seen, "tickets_overdue", severity="critical") == 1
    assert value(seen, "tickets_overdue", severity="normal") == 0
    assert value(seen, "replies", state="proposed") == 2


async def test_orders_that_wait_and_dead_ones_show_with_their_lateness(watched: Watched) -> None:
    await watched.world.arrive(watched.network.write("a"))
    watched.world.clock.move(90)
    seen = await watched.scrape()
    assert value(seen, "orders", type="card", state="ready") == 1
    assert value(seen, "orders_late_seconds", type="card") == 90
    await watched.world.engine.writer.run(lambda conn: conn.execute(update(t.outbox).values(state="dead")))
    seen = await watched.scrape()
    assert (value(seen, "orders", type="card", state="ready"), value(seen, "orders", type="card", state="dead")) == (
        0,
        1,
    )
    assert value(seen, "orders_late_seconds", type="card") == 0


async def test_an_order_that_waits_for_another_try_is_counted(watched: Watched) -> None:
    watched.world.chat.trouble.append(Transient("busy", retry_after=1))
    await watched.world.arrive(watched.network.write("a"))
    await watched.world.round(watched.worker)
    assert value(await watched.scrape(), "orders_put_off_total", type="card") == 1


async def test_what_people_ask_for_is_counted_by_verb_and_answer(watched: Watched) -> None:
    await watched.world.arrive(watched.network.write("a"))
    ticket = await watched.world.ticket_of("a")
    await watched.world.wish(Claim(by="ada", via="desk", ticket=ticket))
    await watched.world.wish(Approve(by="vera", via="desk", ticket=ticket))
    await watched.world.wish(Approve(by="luis", via="desk", ticket="NONE"))
    seen = await watched.scrape()
    assert value(seen, "wishes_total", verb="claim", via="desk", outcome="done") == 1
    assert value(seen, "wishes_total", verb="approve", via="desk", outcome="refused") == 1
    assert value(seen, "wishes_total", verb="approve", via="desk", outcome="not_found") == 1


async def test_a_decision_from_a_command_line_is_counted_without_the_name_of_who_sat_there(watched: Watched) -> None:
    await watched.world.arrive(watched.network.write("a"))
    ticket = await watched.world.ticket_of("a")
    await watched.world.wish(Approve(by="luis", via="cli:root", ticket=ticket))
    assert value(await watched.scrape(), "decisions_total", verdict="approve", via="cli") == 1


async def test_adapters_and_switches_are_one_or_nought(watched: Watched) -> None:
    accounts = Accounts(watched.world.engine)
    await accounts.works("network:wall")
    await accounts.failed("room:team", "gone")
    await accounts.works("network:not-configured-any-more")
    seen = await watched.scrape()
    assert value(seen, "adapter_up", part="network", account="wall") == 1
    assert seen["portavoz_adapter_up", frozenset({("part", "room"), ("account", "team")})] == 0
    assert not any(("account", "not-configured-any-more") in labels for _, labels in seen)
    assert value(seen, "switch", switch="paused") == 0
    await watched.world.wish(Pause(by="ana", via="desk"))
    await watched.world.wish(Crisis(by="ana", via="desk", on=True))
    seen = await watched.scrape()
    assert (value(seen, "switch", switch="paused"), value(seen, "switch", switch="crisis")) == (1, 1)


async def test_a_listener_that_is_started_again_is_counted(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stops(_intake: object, _cursor: str | None) -> None:
        raise Transient("away", retry_after=0)

    monkeypatch.setattr(listeners, "asked_for", lambda _seconds: delay(0) * 0)
    watched.network.listening = stops
    engine, reader = watched.world.engine, watched.world.reader
    task = asyncio.create_task(listen_network(WALL, watched.network, engine, reader, Accounts(engine)))
    await asyncio.wait_for(_checked(watched, 4), 10)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert value(await watched.scrape(), "listener_restarts_total", part="network:wall") >= 3


async def _checked(watched: Watched, times: int) -> None:
    while watched.network.checks < times:  # noqa: ASYNC110 -- nobody tells
        await asyncio.sleep(0.01)


async def test_the_log_shows_when_it_was_sealed_and_what_is_not(watched: Watched) -> None:
    await watched.world.arrive(watched.network.write("a"))
    seen = await watched.scrape()
    assert value(seen, "seal_timestamp_seconds") == 0
    assert value(seen, "log_unsealed_rows") > 0
    await Ticking(watched.world.engine, watched.world.reader).tick()
    seen = await watched.scrape()
    assert value(seen, "seal_timestamp_seconds") == watched.world.clock.now.timestamp()
    assert value(seen, "log_unsealed_rows") == 0


async def test_the_newest_backup_is_a_database_or_a_folder_with_a_manifest(watched: Watched) -> None:
    assert value(await watched.scrape(), "backup_timestamp_seconds") == 0
    folder = watched.backups / "20261121"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (watched.backups / "half-done").mkdir()
    (watched.backups / "portavoz-old.db").write_text("")
    os.utime(folder / "manifest.json", (5000, 5000))
    os.utime(watched.backups / "portavoz-old.db", (4000, 4000))
    seen = await watched.scrape()
    assert (value(seen, "backups"), value(seen, "backup_timestamp_seconds")) == (2, 5000)


async def test_every_process_counts_the_same_from_the_record_also_what_it_did_not_do(watched: Watched) -> None:
    other = Metrics(
        watched.world.database,
        names=NAMES,
        rules=watched.world.parts.rules,
        backups=watched.backups,
        now=watched.world.clock,
    )
    await watched.answer()
    text, _ = await other.scrape("")
    assert b'portavoz_comments_total{account="wall"} 1.0' in text
    assert b'portavoz_publications_total{account="wall",outcome="posted"} 1.0' in text
    assert b'portavoz_stage_seconds_count{stage="call"} 0.0' in text


async def test_what_was_there_before_the_process_is_not_counted_again(watched: Watched) -> None:
    await watched.answer()
    later = Metrics(
        watched.world.database,
        names=NAMES,
        rules=watched.world.parts.rules,
        backups=watched.backups,
        now=watched.world.clock,
    )
    text, _ = await later.scrape("")
    assert b'portavoz_comments_total{account="wall"} 0.0' in text


async def test_the_record_is_read_once_in_five_seconds_however_often_it_is_asked_for(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Metrics] = []

    def read(self: Metrics) -> None:
        reads.append(self)

    monkeypatch.setattr(Metrics, "_read", read)
    await asyncio.gather(*(watched.metrics.scrape("") for _ in range(20)))
    assert len(reads) == 1
    monkeypatch.setattr(module, "FRESH", 0.0)
    await watched.metrics.scrape("")
    assert len(reads) == 2


async def test_a_database_that_does_not_answer_is_told_and_nothing_is_lost_of_the_rest(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched.scrape()
    await watched.answer()
    with monkeypatch.context() as broken:
        broken.setattr(watched.world.database, "read", lambda: (_ for _ in ()).throw(OSError("gone")))
        seen = await watched.scrape()
        assert value(seen, "store_up") == 0
        assert value(seen, "stage_seconds_count", stage="call") == 1
        assert not any(name == "portavoz_tickets" for name, _ in seen)
    seen = await watched.scrape()
    assert (value(seen, "store_up"), value(seen, "comments_total", account=WALL)) == (1, 1)


async def test_two_bots_in_one_interpreter_share_nothing(watched: Watched) -> None:
    other = Metrics(
        watched.world.database,
        names=NAMES,
        rules=watched.world.parts.rules,
        backups=watched.backups,
        now=watched.world.clock,
    )
    other.watch.restarts("network:wall")
    assert value(await watched.scrape(), "listener_restarts_total", part="network:wall") == 0
