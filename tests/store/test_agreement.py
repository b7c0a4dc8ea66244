"""What the core decides and the unit of work stores is what cards, audit, erasure and export read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.core import deciding, intake, publishing, sorting
from bot.core.briefs import Draft
from bot.core.case import Case, Change, ChangeResult, Context, StoredItem
from bot.core.messages import AddNote, Approve, Ask, Edit, Redraft, Refuse, Settle, Undo
from bot.core.rules import Rules
from bot.core.types import (
    Assessment,
    Author,
    Item,
    Kind,
    Person,
    Posted,
    ReplyState,
    Role,
    Sentiment,
    Severity,
    Unknown,
)
from bot.core.views import Card
from bot.store import filing, people, seals
from bot.store import tables as t
from bot.store.audit import verify
from bot.store.cards import card
from bot.store.engine import Database
from bot.store.erase import erase_author
from bot.store.export import export
from bot.store.work import Work
from tests.support.record import NOW

ANA = Person(id="ana", name="Ana", role=Role.LEAD)
LUIS = Person(id="luis", name="Luis", role=Role.APPROVER)
SAYS = Assessment(
    language="en",
    certainty=0.9,
    kind=Kind.COMPLAINT,
    sentiment=Sentiment.NEGATIVE,
    severity=Severity.NORMAL,
    reasons=("kind:complaint:stale",),
)
COMMENT = Item(
    account="wall",
    native_id="n1",
    version="1",
    author=Author(id="u1", name="Rosa", handle="rosa", url="http://127.0.0.1/rosa"),
    text="The bread was stale.",
    created_at=NOW,
    thread_key="t1",
    url="http://127.0.0.1/wall/n1",
)


@dataclass
class House:
    """Takes one step after the other through the core, each in a transaction of its own, a minute apart."""

    db: Database
    now: datetime = NOW
    ticket: str = ""
    drafts: list[str] = field(default_factory=lambda: ["First draft.", "Second draft.", "Third draft."])

    def context(self) -> Context:
        return Context(
            now=self.now,
            rules=Rules(),
            people={"ana": ANA, "luis": LUIS},
            crisis=False,
            check=lambda text, case, author: ("en", ()),
            draft=lambda case, hint: Draft(text=self.drafts.pop(0), source="offline"),
            assess=lambda text: SAYS,
        )

    def step(self, do: Callable[[Work], Change | None]) -> None:
        self.now += timedelta(minutes=1)
        with self.db.begin() as conn:
            work = Work(conn, self.now)
            change = do(work)
            if change is not None:
                work.save(change)
            work.flush()

    def case(self, work: Work) -> Case:
        found = work.case(self.ticket)
        assert found is not None
        return found

    def open(self) -> None:
        def do(work: Work) -> Change:
            self.ticket = work.new_ticket_id()
            author = work.add_author("wall", "u1")
            stored = StoredItem(id=work.number("id"), item=COMMENT)
            change = intake.open_ticket(self.ticket, stored, author, SAYS, self.context())
            work.add_item(stored, ticket=self.ticket, author=author, extra={"reasons": list(SAYS.reasons)})
            return change

        self.step(do)

    def hear(self, item: Item, number: int = 1) -> None:
        def do(work: Work) -> Change:
            case = self.case(work)
            stored = StoredItem(id=work.number("id"), item=item, number=number)
            work.add_item(stored, ticket=self.ticket, author=case.ticket.author)
            act = intake.hear if number == 1 else intake.notice_edit
            return act(case, stored, SAYS, self.context())

        self.step(do)

    def wish(self, act: Callable[..., deciding.Answer], kind: type, by: Person = ANA, **values: object) -> None:
        def do(work: Work) -> Change:
            answer = act(self.case(work), kind(by=by.id, via="desk", ticket=self.ticket, **values), by, self.context())
            assert isinstance(answer, ChangeResult), answer
            return answer.change

        self.step(do)

    def send(self, result: Posted | Unknown) -> None:
        def start(work: Work) -> None:
            work.save(publishing.start(self.case(work), self.context()))
            work.add_publication(self.case(work), "intent")

        def conclude(work: Work) -> Change:
            phase = "posted" if isinstance(result, Posted) else "unknown"
            work.add_publication(self.case(work), phase)
            return publishing.conclude(self.case(work), result, self.context())

        self.step(start)
        self.step(conclude)

    def approve(self, by: Person = ANA) -> None:
        self.wish(deciding.approve, Approve, by)

    def card(self) -> Card:
        with self.db.read() as conn:
            found = card(conn, self.ticket, self.now, max_length=lambda _: None)
        assert found is not None
        return found


@pytest.fixture
def house(db: Database) -> House:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS], NOW)
    made = House(db)
    made.open()
    return made


def straight(house: House) -> None:
    house.approve()
    house.send(Posted(native_id="p1", url="http://127.0.0.1/wall/p1"))


def with_detours(house: House) -> None:
    house.wish(sorting.add_note, AddNote, LUIS, text="Rosa called.")
    house.wish(sorting.ask, Ask, person="luis", question="Which bread?")
    house.wish(deciding.edit, Edit, LUIS, text="Edited.")
    house.approve()
    house.wish(deciding.undo, Undo)
    house.wish(deciding.redraft, Redraft)
    house.approve(LUIS)
    straight_after_doubt(house)


def straight_after_doubt(house: House) -> None:
    house.send(Unknown(detail="timeout"))
    house.wish(deciding.settle, Settle, posted=False)
    house.approve()
    house.send(Posted(native_id="p1"))


def overtaken(house: House) -> None:
    house.approve()
    house.hear(Item(**{name: getattr(COMMENT, name) for name in Item.__dataclass_fields__} | EDITED), number=2)
    house.approve()
    house.hear(Item(**{name: getattr(COMMENT, name) for name in Item.__dataclass_fields__} | SECOND))
    house.wish(deciding.refuse_reply, Refuse, reason="Too soon.")


EDITED = {"text": "The bread was very stale.", "version": "2", "edited_at": NOW}
SECOND = {"native_id": "n2", "text": "Hello?"}
WAYS = [straight, with_detours, overtaken]


@pytest.mark.parametrize("way", WAYS)
def test_the_audit_finds_nothing_wrong_on_any_way(house: House, way: Callable[[House], None]) -> None:
    way(house)
    with house.db.begin() as conn:
        assert seals.seal(conn, house.now) > 0
        report = verify(conn, expect=seals.head(conn))
    assert report.problems == []


def _searchable(db: Database) -> list[tuple[object, ...]]:
    """All that is filed; the index's own words of each text come back sorted on PostgreSQL."""
    with db.read() as conn:
        rows = conn.execute(select(t.search.c.id, t.search.c.ticket, t.search.c.place, t.search.c.at, t.search.c.words))
        return sorted((*row[:4], sorted(str(row.words).replace("'", "").split())) for row in rows)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_filed_on_the_way_is_what_the_record_says(house: House, way: Callable[[House], None]) -> None:
    way(house)
    filed = _searchable(house.db)
    assert filing.rebuild(house.db) == len(filed) > 0
    assert _searchable(house.db) == filed


@pytest.mark.parametrize("way", WAYS)
def test_erasure_leaves_no_text_and_the_audit_content(house: House, way: Callable[[House], None]) -> None:
    way(house)
    with house.db.begin() as conn:
        report = erase_author(conn, account="wall", who="@rosa", now=house.now, actor="ana")
        assert report.tickets == (house.ticket,)
        assert verify(conn).problems == []
        told = "".join(export(conn, house.now))
    for word in ("stale", "draft.", "Rosa", "Edited.", "Which bread", "Too soon"):
        assert word not in told
    shown = house.card()
    assert all(entry.text == "" and entry.erased for entry in shown.conversation)


def test_a_card_counts_an_approval_as_the_core_does(house: House) -> None:
    def counts() -> list[str]:
        reply = house.card().reply
        assert reply is not None
        return [decision.person for decision in reply.decisions if decision.counts]

    house.approve()
    assert counts() == ["ana"]
    house.wish(deciding.undo, Undo)
    assert counts() == []
    house.approve(LUIS)
    assert counts() == ["luis"]
    house.send(Posted(native_id="p1"))
    assert counts() == ["luis"]
    assert house.card().replies[-1].state is ReplyState.PUBLISHED


def test_a_card_shows_everything_that_happened_on_the_way(house: House) -> None:
    with_detours(house)
    shown = house.card()
    assert [entry.text for entry in shown.conversation] == ["The bread was stale.", "Second draft."]
    assert shown.conversation[0].url == "http://127.0.0.1/wall/n1"
    assert [(note.kind, note.person) for note in shown.notes] == [("note", "luis"), ("question", "ana")]
    [reply] = shown.replies
    assert [revision.text for revision in reply.revisions] == ["First draft.", "Edited.", "Second draft."]
    assert [(d.person, d.verdict, d.counts) for d in reply.decisions] == [
        ("ana", "approve", False),
        ("ana", "undo", False),
        ("luis", "approve", False),
        ("ana", "undo", False),
        ("ana", "approve", True),
    ]
    assert shown.reasons == ("kind:complaint:stale",)
