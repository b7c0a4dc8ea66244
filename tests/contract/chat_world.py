"""A team and its tickets in memory: what a chat adapter needs to talk to, with the core's own decisions.

`World` is an `Intake` and a `Reader`, `Drawer` a `Keep`. Wishes are decided by `bot.core`, only the storing is
ours; networks do not exist, tests say what they answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core import deciding, folding, sorting
from bot.core import messages as m
from bot.core import reply as replies
from bot.core import ticket as tickets
from bot.core.approval import Decision
from bot.core.attachments import kept
from bot.core.authors import AuthorTicket, AuthorView
from bot.core.briefs import Cited, Draft, Made
from bot.core.case import Case, Change, ChangeResult, Context, NewContent, StoredItem
from bot.core.controls import controls
from bot.core.ids import ticket_id
from bot.core.inbox import EVERYTHING, Narrow
from bot.core.intake import hear, notice_edit, open_ticket
from bot.core.letters import Letter, Muting
from bot.core.proposing import add_wording, new_reply
from bot.core.rules import Rules
from bot.core.types import (
    Assessment,
    Attachment,
    Author,
    Finding,
    Item,
    Kind,
    Light,
    Person,
    Role,
    Sentiment,
    Severity,
    TicketStatus,
    version_of,
)
from bot.core.views import Card, ConversationEntry, Folded, LogLine, NoteView, TicketLine
from tests.contract.chat_reading import Readings
from tests.contract.chat_views import Shelf, entry_of, line_of, reply_of

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TEAM = (
    Person(id="ana", name="Ana", role=Role.LEAD, locale="es"),
    Person(id="luis", name="Luis", role=Role.APPROVER, locale="en"),
    Person(id="eva", name="Eva", role=Role.AGENT, locale="en"),
    Person(id="tom", name="Tom", role=Role.VIEWER, locale="en"),
)

_DECISIONS: dict[type[m.OnTicket], Callable[[Case, Any, Person, Context], ChangeResult | m.Refused]] = {
    m.Approve: deciding.approve,
    m.Refuse: deciding.refuse_reply,
    m.Edit: deciding.edit,
    m.Write: deciding.write,
    m.Redraft: deciding.redraft,
    m.Undo: deciding.undo,
    m.Settle: deciding.settle,
    m.Claim: sorting.claim,
    m.Assign: sorting.assign,
    m.Ask: sorting.ask,
    m.Wait: sorting.wait,
    m.Close: sorting.close,
    m.Reopen: sorting.reopen,
    m.Snooze: sorting.snooze,
    m.Escalate: sorting.escalate,
    m.SetKind: sorting.set_kind,
    m.SetSeverity: sorting.set_severity,
    m.AddNote: sorting.add_note,
    m.NoteAuthor: sorting.note_author,
}


class Clock:
    """A clock that tests set."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Drawer:
    """A `Keep` in memory that outlives the adapters that use it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.rows: dict[str, tuple[str, datetime | None]] = {}
        self._clock = clock

    async def get(self, key: str) -> str | None:
        value, until = self.rows.get(key, (None, None))
        return value if until is None or self._clock() < until else None

    async def put(self, key: str, value: str, *, lifetime: timedelta | None = None) -> None:
        self.rows[key] = (value, self._clock() + lifetime if lifetime is not None else None)

    async def take(self, key: str) -> str | None:
        value = await self.get(key)
        self.rows.pop(key, None)
        return value


class World(Readings):
    """The engine's side of a chat: `submitted` remembers every wish that was not one of before, as it came."""

    clock: Clock

    def __init__(self, clock: Clock | None = None, people: Sequence[Person] = TEAM) -> None:
        super().__init__()
        self.clock = clock or Clock()
        self.team = {person.id: person for person in people}
        self.shelves: dict[str, Shelf] = {}
        self.answers: dict[str, str] = {}
        self.submitted: list[m.Command] = []
        self.done: set[str] = set()
        self.on: dict[str, str] = {}
        self.waiting: list[Letter] = []
        self.muted: list[Muting] = []
        self.lights: list[Light] = [
            Light(code="account_ok", state="ok", params={"part": "network", "account": "wall", "name": "The Bakery"})
        ]
        self.findings: tuple[Finding, ...] = ()
        # What further drafts rest on, and how they were made.
        self.cited: tuple[Cited, ...] = ()
        self.made: Made | None = None
        self.rules = Rules()
        self._row = 0

    # --- what tests do ------------------------------------------------------------------------------------------

    def comment(
        self,
        text: str = "The parcel came broken.",
        *,
        author: str = "Marta",
        draft: str | None = "We are sorry that the parcel came broken, Marta.",
        kind: Kind = Kind.COMPLAINT,
        severity: Severity = Severity.NORMAL,
        language: str | None = "en",
        url: str | None = "https://wall.example/c/1",
        suspicious: tuple[str, ...] = (),
        max_length: int | None = 500,
        attachments: Sequence[Attachment] = (),
    ) -> str:
        """A comment arrives; with `draft` None no draft is proposed. Gives the ticket's id."""
        stored = self._item(text, author=author, url=url, attachments=attachments)
        assessed = Assessment(
            language=language, certainty=1.0, kind=kind, sentiment=Sentiment.NEGATIVE, severity=severity
        )
        change = open_ticket(ticket_id(len(self.shelves)), stored, None, assessed, self._context(draft))
        shelf = Shelf(case=change.case, items=[stored], suspicious=suspicious, max_length=max_length)
        self.shelves[change.case.ticket.id] = shelf
        self._store(shelf, change)
        return change.case.ticket.id

    def noise(self, text: str = "❤️", *, author: str = "Marta", at_once: int = 1) -> str:
        """Comments that are folded away, as many `at_once` as one card update tells. Gives the id of their roll."""
        rolls = [one for one in self.shelves.values() if one.case.ticket.is_roll]
        for _ in range(at_once):
            stored, context = self._item(text, author=author, url=None), self._context(None)
            if rolls:
                rolls[0].items.append(stored)
                change = folding.roll_up(rolls[0].case, stored, context)
            else:
                change = folding.open_roll(ticket_id(len(self.shelves)), stored, "2026-11-22", context)
                rolls.append(Shelf(case=change.case, items=[stored]))
                self.shelves[change.case.ticket.id] = rolls[0]
            self._store(rolls[0], change)
        return rolls[0].case.ticket.id

    def comment_again(self, ticket: str, text: str) -> None:
        """The same person writes again."""
        shelf = self.shelves[ticket]
        stored = self._item(text, author=shelf.items[0].item.author.name, url=None)
        shelf.items.append(stored)
        self._store(shelf, hear(shelf.case, stored, self._same(shelf.case), self._context("Once more: sorry.")))

    def edit_comment(self, ticket: str, text: str, attachments: Sequence[Attachment] = ()) -> None:
        """The author edits the newest comment."""
        shelf = self.shelves[ticket]
        old = shelf.items[-1]
        hanging, more = kept(attachments)
        item = replace(
            old.item,
            text=text,
            version=version_of(text, hanging),
            edited_at=self.clock(),
            attachments=hanging,
            more_attachments=more,
        )
        shelf.items[-1] = replace(old, item=item, number=old.number + 1)
        self._store(shelf, notice_edit(shelf.case, shelf.items[-1], self._same(shelf.case), self._context(None)))

    def propose(self, ticket: str, text: str) -> None:
        """A colleague puts a new revision in, from somewhere else."""
        shelf = self.shelves[ticket]
        context = self._context(None)
        change = Change(case=shelf.case) if shelf.case.reply else new_reply(Change(case=shelf.case), context)
        checked = ("en", self.findings)
        self._store(
            shelf, add_wording(change, context, text=text, author=self.team["luis"], source="person", checked=checked)
        )

    def publish(self, ticket: str, url: str = "https://wall.example/c/1#r1") -> None:
        """The undo window is over and the network took the reply."""
        shelf = self.shelves[ticket]
        assert shelf.case.reply is not None
        assert shelf.case.revision is not None
        self.clock.forward(seconds=11)
        started = replies.start(shelf.case.reply, self.clock())
        stands = replies.posted(started, native_id="r1", url=url, now=self.clock())
        change = Change(case=shelf.case).with_reply(stands)
        self._store(shelf, change.with_ticket(tickets.answered(shelf.case.ticket, self.clock())))
        shelf.ours.append(
            ConversationEntry(at=self.clock(), author="Brand", text=shelf.case.revision.text, ours=True, url=url)
        )

    def lose(self, ticket: str) -> None:
        """The network's answer was lost: a person must look."""
        shelf = self.shelves[ticket]
        assert shelf.case.reply is not None
        started = replies.start(shelf.case.reply, self.clock())
        self._store(shelf, Change(case=shelf.case).with_reply(replies.uncertain(started, replies.ANSWER_LOST)))

    def hold(self, ticket: str) -> None:
        """The network took the reply, and its moderators look at it first."""
        shelf = self.shelves[ticket]
        assert shelf.case.reply is not None
        held = replies.pending(replies.start(shelf.case.reply, self.clock()), native_id="r1", url=None)
        self._store(shelf, Change(case=shelf.case).with_reply(held))

    def hand_off(self, ticket: str, reason: str, manual_url: str) -> None:
        """The network will not take it from us."""
        shelf = self.shelves[ticket]
        assert shelf.case.reply is not None
        started = replies.start(shelf.case.reply, self.clock())
        refused = replies.refused(started, reason=reason, manual_url=manual_url)
        self._store(shelf, Change(case=shelf.case).with_reply(refused))

    def decided(self, ticket: str) -> list[Decision]:
        """The decisions on record."""
        return self.shelves[ticket].decisions

    # --- Intake -------------------------------------------------------------------------------------------------

    async def emit(self, *events: m.Event, cursor: str | None = None) -> None:
        raise AssertionError("a team chat reports no facts")

    async def introduce(self, person: Person) -> None:
        self.team[person.id] = person

    async def submit(self, command: m.Command) -> m.Outcome:
        if command.once and command.once in self.done:
            return m.Done(code="repeated", ticket=getattr(command, "ticket", None))
        self.submitted.append(command)
        outcome = self._carry_out(command)
        if isinstance(outcome, m.Done):
            self.done.add(command.once)
        return outcome

    def _carry_out(self, command: m.Command) -> m.Outcome:
        if isinstance(command, m.OnTicket):
            return self._on_ticket(command)
        if isinstance(command, m.Pause):
            self.on["paused"] = command.reason
            return m.Done(code="paused")
        if isinstance(command, m.Resume):
            self.on.pop("paused", None)
            return m.Done(code="resumed")
        if isinstance(command, m.Retry):
            return m.Done(code="retried", params={"orders": 1, "replies": 0})
        if isinstance(command, m.MarkDone):
            self.waiting = [one for one in self.waiting if one.id != command.about]
            return m.Done(code="failure_done", params={"failure": command.about})
        raise AssertionError(f"not part of this world: {command}")

    def _on_ticket(self, command: m.OnTicket) -> m.Outcome:
        shelf = self.shelves.get(command.ticket)
        person = self.team.get(command.by)
        if shelf is None:
            return m.NotFound(what="ticket", id=command.ticket)
        if person is None:
            return m.NotFound(what="person", id=command.by)
        if isinstance(command, m.FlagAuthor):
            shelf.case = replace(shelf.case, ticket=replace(shelf.case.ticket, flag=command.flag))
            params: dict[str, object] = {"name": shelf.case.item.item.author.name, "flag": command.flag or ""}
            return m.Done(code="author_flagged", ticket=command.ticket, params=params)
        answer = _DECISIONS[type(command)](shelf.case, command, person, self._context("Another wording for it."))
        if isinstance(answer, m.Refused):
            return answer
        self._store(shelf, answer.change)
        return m.Done(code=answer.code, ticket=command.ticket, params=answer.params, findings=answer.findings)

    # --- Reader -------------------------------------------------------------------------------------------------

    async def inbox(
        self,
        *,
        statuses: Sequence[TicketStatus] = (TicketStatus.OPEN, TicketStatus.WAITING),
        assignee: str | None = None,
        words: str = "",
        narrow: Narrow = EVERYTHING,
        limit: int = 100,
    ) -> list[TicketLine]:
        found = [
            line
            for line in self.stands(statuses=statuses, narrow=narrow)
            if assignee in (None, line.assignee) and words.casefold() in f"{line.text} {line.author}".casefold()
        ]
        return sorted(found, key=lambda line: (-line.severity.rank, line.opened_at))[:limit]

    async def card(self, ticket: str) -> Card | None:
        return self.card_now(ticket) if ticket in self.shelves else None

    async def author(self, *, number: int | None = None, ticket: str | None = None) -> AuthorView | None:
        lines = [line_of(shelf) for shelf in self.shelves.values()]
        wanted = number if ticket is None else next((one.author_number for one in lines if one.id == ticket), None)
        theirs = [line for line in lines if wanted is not None and line.author_number == wanted]
        if not theirs or wanted is None:
            return None
        shelf = self.shelves[theirs[0].id]
        return AuthorView(
            number=wanted,
            account=theirs[0].account,
            name=theirs[0].author,
            handle="@<b>m</b>\u202e",
            flag=theirs[0].flag,
            reach=1200,
            first_seen=theirs[0].opened_at,
            last_seen=theirs[0].opened_at,
            messages=len(theirs),
            tickets=len(theirs),
            kinds={theirs[0].kind.value: len(theirs)},
            notes=tuple(note for note in shelf.notes if note.kind == "about"),
            history=tuple(AuthorTicket(line=line, answer=self.answers.get(line.id)) for line in theirs),
        )

    async def people(self) -> list[Person]:
        return [person for person in self.team.values() if person.active]

    async def person_for(self, chat: str, native_id: str) -> Person | None:
        for person in self.team.values():
            if (chat, native_id) in person.identities:
                return person
        return None

    async def health(self) -> list[Light]:
        return self.lights

    async def switches(self) -> dict[str, str]:
        return dict(self.on)

    async def letters(self, *, ticket: str | None = None, limit: int = 100) -> list[Letter]:
        return [one for one in self.waiting if ticket in (None, one.ticket)][:limit]

    async def letter(self, name: str) -> Letter | None:
        return next((one for one in self.waiting if name in (one.id, one.ticket)), None)

    async def mutes(self) -> list[Muting]:
        return self.muted

    def card_now(self, ticket: str) -> Card:
        """The card as the engine would hand it to a chat."""
        shelf = self.shelves[ticket]
        line = line_of(shelf)
        card = Card(
            line=line,
            conversation=tuple(sorted([*map(entry_of, shelf.items), *shelf.ours], key=lambda entry: entry.at)),
            replies=tuple(reply_of(shelf, reply, self.team, self.clock()) for reply in shelf.replies.values()),
            notes=tuple(note for note in shelf.notes if note.kind != "about"),
            log=tuple(shelf.log),
            reasons=("kind:complaint:broken",),
            suspicious=shelf.suspicious,
            snoozed_until=shelf.case.ticket.snoozed_until,
            waiting_for=shelf.case.ticket.waiting_for,
            close_reason=shelf.case.ticket.close_reason,
            controls=controls(line.status, line.reply_state),
            max_length=shelf.max_length,
        )
        if not line.folded:
            return card
        listed = [
            Folded(
                ticket=ticket_id(1000 + one.id), at=one.item.created_at, author=one.item.author.name, text=one.item.text
            )
            for one in shelf.items[-12:]
        ]
        return folding.rolled(card, listed)

    # --- storing ------------------------------------------------------------------------------------------------

    def _store(self, shelf: Shelf, change: Change) -> None:
        ticket = replace(change.case.ticket, version=shelf.case.ticket.version + 1)
        shelf.case = replace(change.case, ticket=ticket)
        for reply in (*change.withdrawn, *([change.case.reply] if change.case.reply else [])):
            shelf.replies[reply.id] = reply
        shelf.revisions.extend(change.revisions)
        shelf.decisions.extend(change.decisions)
        shelf.notes.extend(map(self._note, change.contents))
        for entry in (*change.entries, *(content.entry for content in change.contents)):
            line = LogLine(seq=len(shelf.log) + 1, at=self.clock(), type=entry.fact.value, actor=entry.actor)
            shelf.log.append(line)

    def _note(self, content: NewContent) -> NoteView:
        return NoteView(person=content.entry.actor or "", at=self.clock(), text=content.text, kind=content.kind)

    def _item(self, text: str, *, author: str, url: str | None, attachments: Sequence[Attachment] = ()) -> StoredItem:
        self._row += 1
        hanging, more = kept(attachments)
        item = Item(
            account="wall",
            native_id=f"c{self._row}",
            version=version_of(text, hanging),
            author=Author(id=None, name=author),
            text=text,
            created_at=self.clock(),
            thread_key=f"c{self._row}",
            url=url,
            attachments=hanging,
            more_attachments=more,
        )
        return StoredItem(id=self._row, item=item)

    def _context(self, draft: str | None) -> Context:
        proposed = Draft(text=draft, source="offline:complaint.en#1", made=self.made) if draft is not None else None
        return Context(
            now=self.clock(),
            rules=self.rules,
            people=self.team,
            crisis="crisis" in self.on,
            paused="paused" in self.on,
            check=lambda text, case, author: ("en", self.findings),
            draft=lambda case, hint: proposed,
            cite=lambda ids: self.cited,
            assess=lambda text: self._assessed,
        )

    _assessed = Assessment(
        language="en",
        certainty=1.0,
        kind=Kind.COMPLAINT,
        sentiment=Sentiment.NEGATIVE,
        severity=Severity.NORMAL,
    )

    def _same(self, case: Case) -> Assessment:
        return replace(self._assessed, kind=case.ticket.kind, severity=case.ticket.severity)
