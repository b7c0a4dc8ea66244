"""Builds what the core needs to decide: people, rules, triage, drafts and checks, as facts of one transaction."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, bindparam, select

from bot import logs
from bot.core.briefs import Brief, Cited, Draft, Fact
from bot.core.case import Case, Context, Revision
from bot.core.guard import GuardFacts, review
from bot.core.types import Assessment, Finding, Kind, Person, ReplyState, Sentiment, Severity
from bot.store import tables as t
from bot.store.cases import load_revision
from bot.store.examples import similar
from bot.store.people import everybody
from bot.store.queries import active_switches
from prompts.knowledge import PERSON, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.ports import Capabilities, Network
    from bot.engine.parts import Parts
    from bot.store.work import Work
    from prompts.knowledge import Entry

log = logs.get(__name__)
_UNREAD = Assessment(
    language=None,
    certainty=0.0,
    kind=Kind.COMMENT,
    sentiment=Sentiment.NEUTRAL,
    severity=Severity.HIGH,
    reasons=("triage:failed",),
)
RECENT = 20
"""How many of an account's newest replies a new one must differ from."""
SILENT = frozenset({Kind.SPAM, Kind.NOISE})


def _published() -> Select[tuple[str]]:
    r, v, c = t.replies.c, t.revisions.c, t.contents.c
    joined = t.replies.join(t.revisions, and_(v.reply == r.id, v.number == r.revision)).join(
        t.contents, c.id == v.content
    )
    wanted = select(c.text).select_from(joined)
    wanted = wanted.where(r.account == bindparam("account"), r.state == ReplyState.PUBLISHED.value)
    return wanted.order_by(r.posted_at.desc()).limit(RECENT)


_RECENT = _published()


class Facts:
    """Answers the core's questions inside one transaction; what is asked twice is read once."""

    def __init__(self, work: Work, parts: Parts) -> None:
        self._work = work
        self._parts = parts
        self._recent: dict[str, list[str]] = {}
        # What the embedded drafter wrote in this transaction.
        self._own: set[str] = set()
        self._fit: tuple[object, tuple[tuple[Fact, ...], tuple[Fact, ...]]] | None = None
        self._today = work.now.astimezone(parts.tz).date()
        # Those who have left too: what they wrote is still a person's text.
        self._people = everybody(work.conn)
        self.switches = active_switches(work.conn)

    def context(self) -> Context:
        """The context of this transaction."""
        return Context(
            now=self._work.now,
            rules=self._parts.rules,
            people=self._people,
            crisis="crisis" in self.switches,
            paused="paused" in self.switches,
            check=self.check,
            draft=self.draft,
            assess=self.assess,
            cite=self.cite,
            asks=self._parts.model is not None,
            wording=self.wording,
        )

    def capabilities(self, account: str) -> Capabilities | None:
        """What the account's network can do; None when the account is not configured any more."""
        network = self._parts.networks.get(account)
        return network.capabilities() if network else None

    def recent(self, account: str) -> list[str]:
        """The account's newest published replies, newest first."""
        if account not in self._recent:
            rows = self._work.conn.execute(_RECENT, {"account": account})
            self._recent[account] = [row.text for row in rows]
        return self._recent[account]

    def assess(self, text: str) -> Assessment:
        """What triage says. A comment that trips it up comes in all the same, as one that people must read."""
        try:
            return self._parts.classifier.assess(text)
        except Exception:
            log.exception("triage.failed", length=len(text))
            return _UNREAD

    def _written_in(self, text: str) -> str | None:
        try:
            return self._parts.classifier.written_in(text)
        except Exception:
            log.exception("triage.failed", length=len(text))
            return None

    def check(self, text: str, case: Case, author: Person | None) -> tuple[str | None, tuple[Finding, ...]]:
        """The language a reply is written in, and what the guard says about it."""
        rules = self._parts.rules
        network = self._parts.networks.get(case.ticket.account)
        target = case.target or case.item
        # The embedded drafter has no other language than the one that it was asked for.
        found = case.ticket.language if text in self._own else self._written_in(text)
        facts = GuardFacts(
            language_wanted=case.ticket.language,
            language_found=found,
            length=_measured(network, text),
            max_length=network.capabilities().max_length if network else None,
            visibility=target.item.visibility,
            by_person=author is not None,
            own_domains=rules.own_domains,
            comment=target.item.text,
            kind=case.ticket.kind,
            recent=tuple(self.recent(case.ticket.account)),
            facts=self._known(case, target.item.text, text),
            severity=case.ticket.severity,
        )
        return found, review(text, facts)

    def wording(self, case: Case, number: int) -> Revision | None:
        """An earlier revision of the case's reply."""
        return load_revision(self._work.conn, case.reply.id, number) if case.reply is not None else None

    def cite(self, ids: Sequence[str]) -> tuple[Cited, ...]:
        """The facts and saved replies of these ids, of those that hold today."""
        return self._parts.knowledge.cite(ids, self._today)

    def _place(self, case: Case) -> Place:
        """Where a reply will stand."""
        account = case.ticket.account
        names = (account, self._parts.network_types.get(account, account))
        return Place(language=case.ticket.language or "", networks=names, today=self._today)

    def _fitting(self, comment: str, place: Place) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        """The facts and the saved replies that fit a comment: asked for the draft and again for the guard."""
        if self._fit is None or self._fit[0] != (comment, place):
            knowledge = self._parts.knowledge
            self._fit = (comment, place), (knowledge.facts(comment, place), knowledge.saved(comment, place))
        return self._fit[1]

    def _known(self, case: Case, comment: str, text: str) -> tuple[str, ...]:
        """What the team has written down about a comment and about what is replied to it."""
        place = self._place(case)
        facts, saved = self._fitting(comment, place)
        known = (*facts, *saved, *self._parts.knowledge.facts(text, place))
        return tuple(dict.fromkeys(fact.text for fact in known))

    def _signature(self, case: Case, voice: Entry) -> str | None:
        """What the voice says, or how the person who is on it signs where voice or settings want that."""
        on_it = case.ticket.claimer(self._work.now) or case.ticket.assignee
        if voice.signature is not None and voice.signature != PERSON:
            return voice.signature or None
        if not (self._parts.rules.signatures or voice.signature) or on_it is None:
            return None
        person = self._people.get(on_it)
        return person.signature if person else None

    def brief(self, case: Case, hint: str, *, remote: bool = False) -> Brief:
        """What a drafter gets to know about the ticket's newest item; a remote one also how we answered before."""
        ticket, item, rules = case.ticket, case.item.item, self._parts.rules
        previous = (case.revision.text,) if case.revision else ()
        capabilities = self.capabilities(ticket.account)
        knowledge, place = self._parts.knowledge, self._place(case)
        voice = knowledge.voice(place)
        facts, saved = self._fitting(item.text, place)
        return Brief(
            comment=item.text,
            author_name=item.author.name,
            language=ticket.language,
            kind=ticket.kind,
            severity=ticket.severity,
            sentiment=ticket.sentiment,
            visibility=item.visibility,
            brand=rules.brand,
            signature=self._signature(case, voice),
            formality=voice.formality or rules.formality,
            avoid=(*previous, *self.recent(ticket.account)),
            hint=hint or None,
            seed=zlib.crc32(f"{ticket.id}{case.reply.revision if case.reply else 0}".encode()),
            max_length=capabilities.max_length if capabilities else None,
            facts=facts,
            saved=saved,
            voice=voice.text,
            hour=self._work.now.astimezone(self._parts.tz).hour,
            own_domains=rules.own_domains,
            examples=similar(self._work.conn, ticket, item.text) if remote else (),
        )

    def draft(self, case: Case, hint: str) -> Draft | None:
        """The embedded drafter's proposal for the ticket's newest item."""
        ticket = case.ticket
        if ticket.language is None or (ticket.kind in SILENT and not hint):
            return None
        began, source = time.perf_counter(), "failed"
        try:
            made = self._parts.drafter.draft(self.brief(case, hint))
            source = made.source if made else "none"
            if made is not None:
                self._own.add(made.text)
            return made
        except Exception:
            # A comment that trips the drafter up must not keep the others out.
            log.exception("draft.failed", ticket=ticket.id)
            return None
        finally:
            self._parts.observer.drafted(source, time.perf_counter() - began)


def _measured(network: Network | None, text: str) -> int:
    """The text's length as the network counts it."""
    if network is None:
        return len(text)
    try:
        return network.measure(text)
    except Exception:
        log.exception("measure.failed", length=len(text))
        return len(text)


def flags(assessed: Assessment) -> dict[str, list[str]]:
    """What triage noticed, as it is kept beside a text (its words are the commenter's, so they can be erased)."""
    notes: dict[str, list[str]] = {}
    if assessed.reasons:
        notes["reasons"] = list(assessed.reasons)
    if assessed.suspicious:
        notes["suspicious"] = list(assessed.suspicious)
    return notes
