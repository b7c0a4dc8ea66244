"""Asks the remote drafter and settles what it says: in time whatever it does, once, and only for the case as it stood.

The call is made outside of any transaction. What it gives, or why it gave nothing, is stored together with the end of
the order; a process that dies in between leaves an order that another one takes up, and an ask that ran out of time
by then is answered by the embedded draft.
"""

from __future__ import annotations

import asyncio
import functools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import logs
from bot.core import assisting
from bot.core.briefs import Made
from bot.core.case import Change
from bot.core.drafting import Because, NoOffer, Offer
from bot.core.types import Finding
from bot.engine import spending
from bot.engine.context import Facts
from bot.engine.orders import asked_in
from bot.store import calls, cards, outbox
from bot.store.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from bot.core.briefs import Brief, Draft
    from bot.core.case import Case, Context
    from bot.core.drafting import Ask
    from bot.core.types import Person
    from bot.core.views import Card
    from bot.engine.accounts import Accounts
    from bot.engine.engine import Engine
    from bot.engine.reader import StoreReader
    from bot.store.outbox import Order
    from bot.store.work import Work

    Check = Callable[[str, Case, Person | None], tuple[str | None, tuple[Finding, ...]]]

log = logs.get(__name__)
GRACE = 0.5
"""Seconds beyond its time after which a drafter that does not end by itself is broken off."""
TELL = 4
"""After how many failures in a row people are told that the model does not work."""
REMEMBERED = 8
"""How many messages before the comment the model gets to know."""
TOLD_AT_ONCE = frozenset({Because.KEY_REFUSED})
UNWELL = frozenset({Because.TIMEOUT, Because.RATE_LIMITED, Because.DOWN, Because.REFUSED, Because.KEY_REFUSED})
"""What says something about the other side, not about one answer."""
FEWEST_WORDS = 6
"""From so many words on, a text in no certain language is in the wrong one."""


class Ghostwriter:
    """Carries out orders of the type `draft`."""

    def __init__(self, engine: Engine, reader: StoreReader, owner: str, accounts: Accounts) -> None:
        self._engine = engine
        self._reader = reader
        self._owner = owner
        self._accounts = accounts
        self._failures = 0
        self._known: bool | None = None

    async def perform(self, order: Order) -> None:
        """Ask, and store what came of it. Raises nothing but what the database does."""
        asked = asked_in(order.payload)
        began = time.perf_counter()
        answer = await self._answer(asked)
        seconds = time.perf_counter() - began
        because = await self._engine.work(functools.partial(self._settle, order, asked, answer))
        self._observe(asked, answer, because, seconds)
        await self._tell(answer)

    async def _answer(self, asked: Ask) -> Offer | NoOffer:
        """What the model says, or why it says nothing, before the ask's time is over."""
        model = self._engine.parts.model
        if model is None:
            return NoOffer(Because.NO_MODEL)
        left = model.timeout - (self._engine.parts.now() - asked.asked_at).total_seconds()
        if left <= 0:
            return NoOffer(Because.BUSY)
        try:
            async with asyncio.timeout(left + GRACE):
                brief = await self._reader.ask(functools.partial(self._brief, asked))
                if isinstance(brief, Because):
                    return NoOffer(brief)
                return await model.write(brief, alternatives=asked.alternatives, within=left)
        except NoOffer as none:
            return none
        except TimeoutError:
            return NoOffer(Because.TIMEOUT, made=Made(model=model.model, seconds=left))
        except Exception:
            # An adapter's bug must not keep the ticket waiting for a draft.
            log.exception("draft.failed", ticket=asked.ticket)
            return NoOffer(Because.FAILED)

    def _brief(self, asked: Ask, conn: Connection) -> Brief | Because:
        """What the model gets to know, as the record stands now; or why it need not be asked."""
        parts = self._engine.parts
        now = parts.now()
        work = Trial(conn, now)
        case = work.case(asked.ticket)
        if case is None or not assisting.waits(case, asked):
            return Because.OVERTAKEN
        if parts.model is None or parts.model.allowance.exhausted(spending.spent(conn, now, parts.tz)):
            return Because.BUDGET
        card = cards.card(conn, asked.ticket, now, max_length=lambda _: None)
        if asked.by is None and steered(card):
            return Because.SUSPICIOUS
        brief = Facts(work, parts).brief(case, asked.hint, remote=True)
        previous = case.revision.text if asked.by is not None and case.revision is not None else ""
        return replace(brief, conversation=_said_before(case, card), previous=previous)

    # --- the answer -----------------------------------------------------------------------------------------------

    def _settle(self, order: Order, asked: Ask, answer: Offer | NoOffer, work: Work) -> Because | None:
        """Store it, all of it or nothing; why the model's text is not on the card, or None when it is."""
        if not outbox.holds(work.conn, self._owner, order):
            return Because.OVERTAKEN
        parts = self._engine.parts
        if answer.made is not None:
            spending.spend(work.conn, answer.made, work.now, parts.tz)
        # Who asked again, or wrote again, waits for the answer to that.
        newer = outbox.touched(work.conn, order)
        because = Because.OVERTAKEN if newer else self._stored(asked, answer, work)
        if answer.exchange is not None:
            calls.keep(work, asked.ticket, answer.exchange, answer.made, because.value if because else "drafted")
        outbox.finish(work.conn, self._owner, [order])
        return because

    def _stored(self, asked: Ask, answer: Offer | NoOffer, work: Work) -> Because | None:
        case = work.case(asked.ticket)
        if case is None:
            return Because.OVERTAKEN
        facts = Facts(work, self._engine.parts)
        context = facts.context()
        model = self._engine.parts.model
        taken: Change | Because
        if isinstance(answer, Offer):
            if answer.opinion is not None and model is not None and model.opinions:
                work.save(assisting.weigh(Change(case=case), asked, answer.opinion, context))
                case = work.case(asked.ticket) or case
            drafts = tuple(draft for draft in answer.drafts if _in_language(facts, draft, case))
            wrong = bool(answer.drafts) and not drafts
            wary = self._wary(asked, context, work)
            taken = Because.LANGUAGE if wrong else assisting.take(case, asked, _noted(drafts, answer), wary)
        else:
            taken = answer.because
        if isinstance(taken, Change):
            work.save(taken)
            return None
        seconds = round(model.timeout) if model is not None else 0
        work.save(assisting.miss(case, asked, taken, context, answer.made, seconds=seconds))
        return taken

    def _wary(self, asked: Ask, context: Context, work: Work) -> Context:
        """The context for what a model wrote after reading a comment that tries to steer it."""
        card = cards.card(work.conn, asked.ticket, work.now, max_length=lambda _: None)
        return replace(context, check=_warned(context.check)) if steered(card) else context

    # --- who is told ----------------------------------------------------------------------------------------------

    def _observe(self, asked: Ask, answer: Offer | NoOffer, because: Because | None, seconds: float) -> None:
        observer = self._engine.parts.observer
        made = answer.made or Made()
        outcome = because.value if because is not None else "drafted"
        observer.asked_model(outcome, made)
        observer.drafted("model" if because is None else "none", seconds)
        detail = answer.detail if isinstance(answer, NoOffer) else ""
        log.info(
            "draft.asked",
            ticket=asked.ticket,
            outcome=outcome,
            model=made.model,
            prompt=made.prompt,
            tokens_in=made.tokens_in,
            tokens_out=made.tokens_out,
            cost=made.cost,
            seconds=round(seconds, 3),
            detail=detail[:200],
        )

    async def _tell(self, answer: Offer | NoOffer) -> None:
        """Its light, and the rooms when it stops or starts to work; a single failure says nothing about it."""
        model = self._engine.parts.model
        if model is None:
            return
        part = f"drafter:{model.id}"
        if isinstance(answer, Offer):
            self._failures = 0
            if self._known is not True:
                self._known = True
                await self._accounts.works(part, name=model.model)
        elif answer.because in UNWELL:
            self._failures += 1
            if answer.because in TOLD_AT_ONCE or self._failures == TELL:
                self._known = False
                dead = answer.because in TOLD_AT_ONCE
                await self._accounts.failed(part, answer.detail or answer.because.value, dead_token=dead)


def steered(card: Card | None) -> bool:
    """Whether somebody tries to give the model orders.

    What cannot be seen is taken out before it reads the comment, and copied text often has some of it; but nobody
    has tag characters (U+E00..) in a comment by accident.
    """
    flags = card.suspicious if card is not None else ()
    return any(not flag.startswith("hidden:") or "U+E00" in flag for flag in flags)


def _warned(check: Check) -> Check:
    """Checks that warn of every wording: the model read a comment that tries to steer it."""

    def warned(text: str, case: Case, author: Person | None) -> tuple[str | None, tuple[Finding, ...]]:
        language, findings = check(text, case, author)
        return language, (*findings, Finding(rule="steered", level="warn"))

    return warned


def _said_before(case: Case, card: Card | None) -> tuple[tuple[str, str], ...]:
    """What was said before the comment, oldest first; whoever is not of the brand is the customer."""
    if card is None:
        return ()
    newest = case.item.item.native_id
    before = [entry for entry in card.conversation if entry.native_id != newest and not entry.erased]
    return tuple(("brand" if entry.ours else "customer", entry.text) for entry in before[-REMEMBERED:])


def _in_language(facts: Facts, draft: Draft, case: Case) -> bool:
    """Whether a text is in the ticket's language; the model's own word for it is not taken."""
    wanted = case.ticket.language
    if wanted is None:
        return True
    found = facts.assess(draft.text).language
    return found == wanted or (found is None and len(draft.text.split()) < FEWEST_WORDS)


def _noted(drafts: tuple[Draft, ...], offer: Offer) -> tuple[Draft, ...]:
    """With what all of it cost and, where the model wants a person to look at the matter, with a note of that."""
    note = "needs_human" if offer.needs_human else ""
    return tuple(replace(draft, made=replace(offer.made, note=note)) for draft in drafts)
