"""Any course of events, over the real store: nothing goes out that was not approved, nothing twice, nothing is lost."""

import asyncio
import tempfile
import types
from collections import Counter, deque
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.core.approval import text_digest
from bot.core.messages import Approve, Edit, Pause, Resume, Retry, SetSeverity, Settle, Undo, Write
from bot.core.ports import Idempotency
from bot.core.types import ReplyState, Severity
from bot.engine import lanes, points, publisher
from bot.store import outbox
from bot.store import tables as t
from tests.engine.model_network import KINDS, Answer, ModelNetwork
from tests.engine.test_publishing_matrix import Crash
from tests.support.engine_world import WALL, Clock, World

NAMES = ("a", "b")
ANSWERED: tuple[Answer, ...] = ("posted", "posted_lost", "lost", "bug", "busy", "dead", "handed", "rejected")
POINTS = ("publish.before_intent", "publish.after_intent", "publish.after_call", "publish.after_commit", "")
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES)),
    st.tuples(st.just("edit"), st.sampled_from(NAMES)),
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
    st.tuples(st.just("by_hand"), st.sampled_from(NAMES)),
    st.tuples(st.just("approve"), st.sampled_from(NAMES)),
    st.tuples(st.just("approve"), st.sampled_from(NAMES)),
    st.tuples(st.just("approve"), st.sampled_from(NAMES)),
    st.tuples(st.just("reword"), st.sampled_from(NAMES)),
    st.tuples(st.just("follow_up"), st.sampled_from(NAMES)),
    st.tuples(st.just("undo"), st.sampled_from(NAMES)),
    st.tuples(st.just("raise"), st.sampled_from(NAMES)),
    st.tuples(st.just("settle"), st.sampled_from(NAMES)),
    st.tuples(st.just("retry"), st.sampled_from(NAMES)),
    st.tuples(st.just("answer"), st.tuples(st.sampled_from(NAMES), st.sampled_from(ANSWERED))),
    st.tuples(st.just("pause"), st.booleans()),
    st.tuples(st.just("work"), st.tuples(st.sampled_from((1, 11, 90)), st.sampled_from(POINTS))),
    st.tuples(st.just("work"), st.tuples(st.sampled_from((1, 11, 90)), st.sampled_from(POINTS))),
    st.tuples(st.just("report"), st.none()),
)


class Course:
    """One course of events: a world, a network, and what people did."""

    def __init__(self, folder: str, kind: Idempotency) -> None:
        self.clock = Clock()
        self.network = ModelNetwork(self.clock, kind=kind, lag=2.0)
        self.world = World(Path(folder) / "portavoz.db", {WALL: self.network}, clock=self.clock, rooms=())
        self.count = 0

    async def play(self, steps: list[tuple[str, Any]]) -> None:
        await self.world.open()
        try:
            for name, value in steps:
                await getattr(self, f"do_{name}")(value)
                self.clock.move(0.5)
                self.assert_once()
            await self.world.wish(Resume(by="ana", via="desk"))
            await self.do_work((40 * 3600, ""))
            self.assert_once()
            await self.assert_told()
        finally:
            await self.world.close()

    def text(self) -> str:
        self.count += 1
        return f"Carla, we are looking into it, this is wording {self.count}."

    async def ticket(self, name: str) -> str | None:
        rows = await self.world.rows(select(t.items.c.ticket).where(t.items.c.native_id == name))
        return rows[0].ticket if rows else None

    async def wish(self, kind: type, name: str, **more: Any) -> None:
        ticket = await self.ticket(name)
        if ticket is not None:
            await self.world.wish(kind(**({"by": "luis"} | more), via="desk", ticket=ticket))

    # --- steps --------------------------------------------------------------------------------------------------------

    async def do_write(self, name: str) -> None:
        if name not in self.network.comments:
            await self.world.arrive(self.network.write(name, f"{name} is cold", thread_key=name))
        else:
            await self.world.arrive(self.network.write(f"{name}{self.count}", "More of it", thread_key=name))

    async def do_edit(self, name: str) -> None:
        if name in self.network.comments:
            self.count += 1
            self.network.edit(name, f"{name} was cold, version {self.count}")

    async def do_remove(self, name: str) -> None:
        self.network.comments.pop(name, None)

    async def do_by_hand(self, name: str) -> None:
        self.network.by_hand(name, f"We called you ({self.count}).")

    async def do_approve(self, name: str) -> None:
        for who in ("luis", "pia"):
            await self.wish(Approve, name, by=who)

    async def do_reword(self, name: str) -> None:
        await self.wish(Edit, name, by="ada", text=self.text())

    async def do_follow_up(self, name: str) -> None:
        await self.wish(Write, name, by="ada", text=self.text())

    async def do_undo(self, name: str) -> None:
        await self.wish(Undo, name)

    async def do_raise(self, name: str) -> None:
        await self.wish(SetSeverity, name, severity=Severity.CRITICAL)

    async def do_settle(self, name: str) -> None:
        """Somebody looks at the network itself, and tells the truth."""
        ticket = await self.ticket(name)
        if ticket is None or await self.world.state(ticket) is not ReplyState.UNCERTAIN:
            return
        keys = {call.key for call in self.network.calls}
        row = (await self.world.rows(select(t.replies).where(t.replies.c.ticket == ticket)))[-1]
        stands = any(post.key == row.key and post.key in keys for post in self.network.posts)
        await self.wish(Settle, name, posted=stands)

    async def do_retry(self, name: str) -> None:
        ticket = await self.ticket(name)
        if ticket is not None:
            await self.world.wish(Retry(by="luis", via="desk", about=ticket))

    async def do_answer(self, value: tuple[str, Answer]) -> None:
        self.network.scripts.setdefault(value[0], deque()).append(value[1])

    async def do_pause(self, on: bool) -> None:
        await self.world.wish(Pause(by="ana", via="desk") if on else Resume(by="ana", via="desk"))

    async def do_report(self, _: None) -> None:
        """The listener sees all that stands there now."""
        shown = [self.network.seen(post) for post in self.network.posts]
        await self.world.arrive(*self.network.comments.values(), *shown)

    async def do_work(self, value: tuple[float, str]) -> None:
        seconds, point = value
        crashed: list[str] = []

        def visit(name: str) -> None:
            if name == point and not crashed:
                crashed.append(name)
                raise Crash

        points.visit_with(visit)
        try:
            await self.world.work_on(self.world.worker(), seconds)
        except Crash:
            await self.world.engine.writer.run(outbox.release_all)
        finally:
            points.visit_with(None)

    # --- what must hold -----------------------------------------------------------------------------------------------

    def assert_once(self) -> None:
        """No approval stands on the network twice, and only words that the engine was to send stand there."""
        mine = [post for post in self.network.posts if post.by == "bot"]
        assert max(Counter(post.key for post in mine).values(), default=0) <= 1
        sent = {(call.key, call.target.native_id, call.text) for call in self.network.calls}
        assert {(post.key, post.target, post.text) for post in mine} <= sent

    async def assert_told(self) -> None:
        """What stands there was approved in these words, and is on record as published, or as uncertain."""
        revisions = {(row.reply, row.text_hash) for row in await self.world.rows(select(t.revisions))}
        intents = {row.key: row for row in await self.world.rows(select(t.publications)) if row.phase == "intent"}
        replies = {row.id: row for row in await self.world.rows(select(t.replies))}
        yes = {
            (row.reply, row.binding) for row in await self.world.rows(select(t.decisions)) if row.verdict == "approve"
        }
        for post in (post for post in self.network.posts if post.by == "bot"):
            intent = intents[post.key or ""]
            assert (intent.reply, text_digest(post.text)) in revisions
            assert (intent.reply, intent.binding) in yes
            state = ReplyState(replies[intent.reply].state)
            assert state in (ReplyState.PUBLISHED, ReplyState.UNCERTAIN), (post, state)
        for reply in replies.values():
            assert reply.state not in ("publishing", "approved"), reply
            if reply.state == "published" and reply.posted_id:
                assert any(post.id == reply.posted_id for post in self.network.posts)
        assert await self.world.orders() == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=8, max_size=30))
def test_whatever_happens_in_whatever_order(kind: Idempotency, steps: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        course = Course(folder, kind)
        patch.setattr(lanes, "time", types.SimpleNamespace(monotonic=course.clock.monotonic))
        patch.setattr(publisher, "CALL_LIMIT", 0.02)
        asyncio.run(course.play([("write", "a"), ("write", "b"), *steps]))
