"""Carries an approved reply out: once, exactly as approved, or not at all.

approved: read the target again -> check the approval -> commit the intent -> call -> commit the answer.
publishing (the answer of an earlier call was lost): settle it by what the network's idempotency allows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar

from sqlalchemy import select

from bot import logs
from bot.core import publishing
from bot.core.case import Case
from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.reply import ANSWER_LOST, LOOK_FIRST
from bot.core.types import (
    Gone,
    OutgoingReply,
    Pending,
    Posted,
    PublishResult,
    Rejected,
    ReplyState,
    Unknown,
)
from bot.engine import points
from bot.engine.backoff import asked_for, delay
from bot.engine.cleaning import with_storable
from bot.engine.context import Facts
from bot.store import outbox
from bot.store import tables as t

if TYPE_CHECKING:
    from bot.core.ports import Network
    from bot.engine.engine import Engine
    from bot.store.outbox import Order
    from bot.store.work import Work

T = TypeVar("T")
CALL_LIMIT = 60.0
"""Seconds after which a call to a network counts as lost."""
ASK = 8
"""After how many lost answers in a row (some four minutes) a person is asked."""
log = logs.get(__name__)


class Trouble(Exception):
    """The account cannot speak now. `until` is when to try again; `dead_token` stops it until a person acts."""

    def __init__(self, reason: str, until: datetime, *, dead_token: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until
        self.dead_token = dead_token


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with the reply now, as found in the database."""

    do: Literal["nothing", "wait", "publish", "resend", "find", "person"]
    until: datetime | None = None
    outgoing: OutgoingReply | None = None


def outgoing(case: Case) -> OutgoingReply:
    """The reply as the adapter gets it."""
    reply, revision, target = case.reply, case.revision, case.target
    if reply is None or revision is None or target is None:
        raise ValueError("nothing to publish")
    return OutgoingReply(
        key=reply.key or "",
        account=reply.account,
        target=target.item,
        text=revision.text,
        visibility=target.item.visibility,
        attempt=reply.attempt,
        first_attempt_at=reply.first_attempt_at,
    )


class Publisher:
    """Publishes for one worker (`owner`)."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self._engine = engine
        self._owner = owner

    async def perform(self, order: Order) -> None:
        """Carry one order out, settle it in the outbox. Raises Trouble when the account cannot speak."""
        reply = str(order.payload["reply"])
        step = await self._engine.seldom(lambda work: self._look(work, reply))
        if step.do == "wait" and step.until is not None:
            await self._put_off(order, step.until)
            return
        if step.outgoing is None:
            await self._settle(order)
            return
        network = self._engine.parts.networks.get(step.outgoing.account)
        if network is None:
            raise Trouble("no_such_account", self._now() + timedelta(minutes=1))
        if step.do == "publish":
            await self._publish(order, reply, step, step.outgoing, network)
        else:
            await self._reconcile(order, reply, step, network)

    # --- the first attempt --------------------------------------------------------------------------------------

    def _look(self, work: Work, reply: str) -> Step:
        """Decide from the state on record; an approval that does not hold falls here."""
        case = work.case_of_reply(reply)
        if case is None or case.reply is None:
            return Step("nothing")
        facts = Facts(work, self._engine.parts)
        context = facts.context()
        state = case.reply.state
        if state is ReplyState.APPROVED:
            undo_until = case.reply.undo_until
            if undo_until is not None and work.now < undo_until:
                return Step("wait", until=undo_until)
            problem = publishing.approval_problem(case, context)
            if problem is not None:
                work.save(publishing.fall_back(case, context, problem))
                return Step("nothing")
            return Step("publish", until=undo_until, outgoing=outgoing(case))
        if state is ReplyState.PUBLISHING:
            can = facts.capabilities(case.reply.account)
            if can is None:
                return Step("find", outgoing=outgoing(case))
            if case.reply.problem == LOOK_FIRST:
                return Step("find", outgoing=outgoing(case))
            step = publishing.next_step(case.reply, can, work.now)
            holds = publishing.approval_problem(case, context) is None
            if step.do == "resend" and not holds:
                # What was approved is not what stands there now: look, but do not send.
                return Step("find" if case.reply.looked < publishing.LOOKS else "person", outgoing=outgoing(case))
            return Step(step.do, outgoing=outgoing(case))
        return Step("nothing")

    async def _publish(self, order: Order, reply: str, step: Step, planned: OutgoingReply, network: Network) -> None:
        await self._read_again(planned, network)
        points.passed("publish.before_intent")
        sent = await self._engine.work(
            lambda work: self._start(work, reply, planned) if self._ours(work, order) else None
        )
        if sent is None:
            # Something changed since we looked: look again, from the start.
            await self._put_off(order, self._now())
            return
        waited = self._now() - (step.until or self._now())
        self._engine.parts.observer.publishes(sent.account, order.ticket or "", waited.total_seconds())
        points.passed("publish.after_intent")
        result = await self._call(order, network, sent)
        points.passed("publish.after_call")
        await self._take_result(order, reply, sent, result, network, first=True)

    async def _read_again(self, planned: OutgoingReply, network: Network) -> None:
        """Read the target and what stands under it again; whatever is new goes through the front door."""
        intake = self._engine.intake_of(planned.account)
        now = await self._read(network.current(planned.target))
        if isinstance(now, Gone):
            target = planned.target
            await intake.emit(ItemRemoved(account=target.account, native_id=target.native_id, reason=now.reason))
            return
        around = await self._read(network.conversation(planned.target))
        arrived = [ItemArrived(item=item) for item in around if item.native_id != now.native_id]
        news = (ItemArrived(item=now, fresh=True), *arrived)
        # Mostly nothing has changed, and then nobody needs to wait for a turn to write that down.
        if not await self._engine.knows(news):
            await intake.emit(*news)

    def _start(self, work: Work, reply: str, planned: OutgoingReply) -> OutgoingReply | None:
        """Commit the intent, if the approval still holds for exactly what was planned."""
        case = work.case_of_reply(reply)
        if case is None or case.reply is None or case.reply.state is not ReplyState.APPROVED:
            return None
        facts = Facts(work, self._engine.parts)
        if "paused" in facts.switches:
            return None
        same = outgoing(case)
        if same.key != planned.key or same.text != planned.text or same.target.version != planned.target.version:
            return None
        if publishing.approval_problem(case, facts.context()) is not None:
            return None
        work.save(publishing.start(case, facts.context()))
        started = work.case_of_reply(reply)
        if started is None:
            return None
        work.add_publication(started, "intent")
        return outgoing(started)

    # --- a lost answer ------------------------------------------------------------------------------------------

    async def _reconcile(self, order: Order, reply: str, step: Step, network: Network) -> None:
        if step.outgoing is None:
            return
        if step.do == "resend":
            await self._read_again(step.outgoing, network)
            sent = await self._engine.work(lambda work: self._resend(work, reply) if self._ours(work, order) else None)
            if sent is None:
                await self._put_off(order, self._now())
                return
            points.passed("publish.after_intent")
            result = await self._call(order, network, sent)
            points.passed("publish.after_call")
            await self._take_result(order, reply, sent, result, network, first=False)
            return
        found = await self._find(network, step.outgoing)
        if found is not None:
            await self._conclude(order, reply, found)
        elif step.do == "person":
            await self._conclude(order, reply, Unknown(detail=ANSWER_LOST))
        else:
            await self._engine.work(lambda work: self._looked(work, reply))
            await self._put_off(order, self._now() + publishing.LOOK_AGAIN)

    def _resend(self, work: Work, reply: str) -> OutgoingReply | None:
        case = work.case_of_reply(reply)
        if case is None or case.reply is None or case.reply.state is not ReplyState.PUBLISHING:
            return None
        facts = Facts(work, self._engine.parts)
        if "paused" in facts.switches or publishing.approval_problem(case, facts.context()) is not None:
            return None
        work.save(publishing.resend(case))
        again = work.case_of_reply(reply)
        if again is None:
            return None
        work.add_publication(again, "intent")
        return outgoing(again)

    def _looked(self, work: Work, reply: str) -> None:
        case = work.case_of_reply(reply)
        if case is not None and case.reply is not None and case.reply.state is ReplyState.PUBLISHING:
            work.save(publishing.looked_in_vain(case))

    async def _find(self, network: Network, sent: OutgoingReply) -> Posted | None:
        found = await self._read(network.find(sent))
        return None if found is None else with_storable(found)

    async def _read(self, asked: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                return await asked
        except AuthExpired as error:
            raise Trouble(error.reason, self._now() + timedelta(minutes=1), dead_token=True) from error
        except Transient as error:
            raise Trouble(error.reason, self._later(error.retry_after)) from error
        except (Permanent, OutcomeUnknown, TimeoutError) as error:
            raise Trouble(str(error) or "no_answer", self._later(None)) from error

    # --- answers ------------------------------------------------------------------------------------------------

    async def _call(
        self, order: Order, network: Network, sent: OutgoingReply
    ) -> PublishResult | Transient | AuthExpired:
        began = time.perf_counter()
        result = await self._ask(network, sent)
        took, kind = time.perf_counter() - began, type(result).__name__.lower()
        self._engine.parts.observer.called(sent.account, order.ticket or "", kind, took)
        return result

    async def _ask(self, network: Network, sent: OutgoingReply) -> PublishResult | Transient | AuthExpired:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                return with_storable(await network.publish(sent))
        except (Transient, AuthExpired) as error:
            return error
        except Permanent as error:
            return Rejected(reason=error.reason, manual_url=error.manual_url)
        except (OutcomeUnknown, TimeoutError) as error:
            return Unknown(detail=str(error) or "no_answer")
        except Exception as error:
            # An adapter's bug counts as "maybe posted", never as "not posted".
            log.exception("publish.crashed", account=sent.account)
            return Unknown(detail=type(error).__name__)

    async def _take_result(
        self,
        order: Order,
        reply: str,
        sent: OutgoingReply,
        result: PublishResult | Transient | AuthExpired,
        network: Network,
        *,
        first: bool,
    ) -> None:
        if isinstance(result, (Transient, AuthExpired)):
            dead = isinstance(result, AuthExpired)
            reason = result.reason
            if first:
                # Surely not posted: the approval goes on waiting. After a lost answer nothing is sure any more.
                await self._engine.work(lambda work: self._not_sent(work, reply, reason))
            retry_after = result.retry_after if isinstance(result, Transient) else None
            raise Trouble(reason, self._later(retry_after, order.attempts), dead_token=dead)
        if isinstance(result, (Posted, Pending)):
            await self._conclude(order, reply, result)
            return
        lost = await self._engine.work(lambda work: _unanswered(work, reply))
        if isinstance(result, Rejected) and (result.duplicate or not first):
            # The refusal may be about our own earlier attempt: look before believing it.
            found = await self._find(network, sent)
            again = not first and found is None and lost <= publishing.LOOKS + 1
            if found is None and result.duplicate and not first and not again:
                await self._conclude(order, reply, Unknown(detail=result.reason))
                return
            # What was just posted is not always to be read at once.
            result = found or (Unknown(detail=result.reason) if again else result)
        if isinstance(result, Unknown) and lost < ASK:
            await self._put_off(order, self._later(None, order.attempts), problem=result.detail)
            return
        await self._conclude(order, reply, result)

    def _not_sent(self, work: Work, reply: str, reason: str) -> None:
        case = work.case_of_reply(reply)
        if case is not None and case.reply is not None and case.reply.state is ReplyState.PUBLISHING:
            work.add_publication(case, "not_sent", detail=reason)
            work.save(publishing.not_sent(case, reason))

    async def _conclude(self, order: Order, reply: str, result: PublishResult) -> None:
        def job(work: Work) -> None:
            case = work.case_of_reply(reply)
            if case is not None and case.reply is not None and case.reply.state is ReplyState.PUBLISHING:
                _record(work, case, result)
                work.save(publishing.conclude(case, result, Facts(work, self._engine.parts).context()))
            outbox.finish(work.conn, self._owner, [order])

        await self._engine.work(job)
        points.passed("publish.after_commit")

    def _ours(self, work: Work, order: Order) -> bool:
        """A process that stood still for too long has lost the order: then it must not call any more."""
        return outbox.holds(work.conn, self._owner, order)

    # --- the outbox ---------------------------------------------------------------------------------------------

    async def _settle(self, order: Order) -> None:
        await self._engine.work(lambda work: outbox.finish(work.conn, self._owner, [order]))

    async def _put_off(self, order: Order, until: datetime, *, problem: str | None = None) -> None:
        def job(work: Work) -> None:
            failed = problem is not None
            outbox.put_off(work.conn, self._owner, order, until=until, problem=problem, failed=failed)

        await self._engine.work(job)

    def _now(self) -> datetime:
        return self._engine.parts.now()

    def _later(self, retry_after: float | None, attempts: int = 0) -> datetime:
        return self._now() + (delay(attempts) if retry_after is None else asked_for(retry_after))


def _unanswered(work: Work, reply: str) -> int:
    """How many calls of this approval, with the one just made, may have posted it (no word that they did not)."""
    case = work.case_of_reply(reply)
    p = t.publications.c
    same = select(p.phase).where(p.reply == reply, p.key == (case.reply.key if case and case.reply else None))
    phases = list(work.conn.execute(same).scalars())
    return phases.count("intent") - phases.count("not_sent")


def _record(work: Work, case: Case, result: PublishResult) -> None:
    if isinstance(result, Posted):
        work.add_publication(case, "posted", native_id=result.native_id, url=result.url)
    elif isinstance(result, Pending):
        work.add_publication(case, "pending", native_id=result.native_id, url=result.url)
    elif isinstance(result, Rejected):
        work.add_publication(case, "rejected", by_hand=result.manual_url, detail=result.reason)
    elif not _is_doubtful(work, case):
        work.add_publication(case, "unknown", detail=result.detail)


def _is_doubtful(work: Work, case: Case) -> bool:
    """Whether it stands on record already that this call's fate is unknown: people may have it looked for again."""
    p, reply = t.publications.c, case.reply
    if reply is None:
        return False
    same = select(p.id).where(p.reply == reply.id, p.attempt == reply.attempt, p.phase == "unknown")
    return work.conn.execute(same).first() is not None
