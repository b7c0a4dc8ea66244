"""A card tells everything about a ticket."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot.core.messages import Fact
from bot.core.types import Person, ReplyState, Role
from bot.core.views import Card
from bot.store import people
from bot.store.cards import card, cards
from bot.store.engine import Database
from bot.store.erase import erase_author
from tests.support.record import NOW, Record, full_ticket

LATER = NOW + timedelta(hours=3)
TEAM = [
    Person(id="ana", name="Ana", role=Role.LEAD),
    Person(id="luis", name="Luis", role=Role.APPROVER),
    Person(id="eva", name="Eva", role=Role.AGENT),
]


@pytest.fixture
def record(db: Database) -> Database:
    with db.begin() as conn:
        people.sync(conn, TEAM, NOW)
    return db


def show(db: Database, ticket: str = "AAAA", at: datetime = LATER) -> Card:
    with db.read() as conn:
        found = card(conn, ticket, at, max_length={"wall": 500}.get)
    assert found is not None
    return found


def counting(db: Database, at: datetime = LATER) -> list[str]:
    reply = show(db, at=at).reply
    assert reply is not None
    return [decision.person for decision in reply.decisions if decision.counts]


def test_a_ticket_that_went_all_the_way_shows_all_of_it(record: Database) -> None:
    with record.begin() as conn:
        full_ticket(Record(conn), "AAAA", url="http://127.0.0.1/wall/n")
    shown = show(record, "aaaa")
    assert shown.line.id == "AAAA"
    assert [(entry.text, entry.ours) for entry in shown.conversation] == [
        ("The bread was stale.", False),
        ("Dear Rosa, sorry about the stale bread.", True),
    ]
    [reply] = shown.replies
    assert (reply.state, reply.url) == (ReplyState.PUBLISHED, "http://127.0.0.1/wall/1")
    assert [(r.number, r.author, r.erased) for r in reply.revisions] == [(1, None, False), (2, "ana", False)]
    assert [(d.person, d.verdict, d.revision, d.via, d.counts) for d in reply.decisions] == [
        ("ana", "approve", 2, "desk", True)
    ]
    assert [(n.person, n.text, n.kind) for n in shown.notes] == [("luis", "Rosa called twice.", "note")]
    assert [line.type for line in shown.log] == [
        Fact.ITEM_ARRIVED,
        Fact.TICKET_OPENED,
        Fact.REPLY_PROPOSED,
        Fact.REPLY_REVISED,
        Fact.NOTE_ADDED,
        Fact.REPLY_APPROVED,
        Fact.PUBLISHING_STARTED,
        Fact.REPLY_PUBLISHED,
    ]
    assert (shown.max_length, shown.controls[0]) == (500, "reply")


def test_there_is_no_card_for_a_ticket_that_is_not_there(record: Database) -> None:
    with record.read() as conn:
        assert card(conn, "ZZZZ", NOW, max_length=lambda _: None) is None


def test_the_conversation_shows_each_message_once_as_it_stands_now(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA", "First.", native_id="a")
        r.tick()
        r.item("AAAA", "Second, with a typo.", "b")
        r.tick()
        r.item("AAAA", "Second.", "b", number=2, edited_at=r.at)
        r.item("AAAA", "First.", "a", number=2, gone=True)
        r.item("AAAA", "A colleague answered.", "c", ours=True, name="The Bakery")
    talk = show(record).conversation
    assert [(e.native_id, e.text, e.edited, e.gone, e.ours) for e in talk] == [
        ("a", "First.", False, True, False),
        ("b", "Second.", True, False, False),
        ("c", "A colleague answered.", False, False, True),
    ]


def test_a_reply_of_ours_that_the_network_shows_again_stands_there_once(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        full_ticket(r, "AAAA")
        r.item("AAAA", "Dear Rosa, sorry about the stale bread.", "posted-AAAA", ours=True, name="The Bakery")
    assert [(e.native_id, e.ours) for e in show(record).conversation] == [("n-AAAA", False), ("posted-AAAA", True)]


def test_what_was_erased_is_marked_as_such(record: Database) -> None:
    with record.begin() as conn:
        full_ticket(Record(conn), "AAAA")
        erase_author(conn, account=None, who="u1", now=NOW, actor="ana")
    shown = show(record)
    assert [(e.text, e.author, e.erased) for e in shown.conversation] == [("", "", True), ("", "wall", True)]
    assert all(r.erased and r.text == "" for reply in shown.replies for r in reply.revisions)
    assert shown.line.text == shown.line.author == shown.line.draft == ""
    assert len(shown.replies[0].decisions) == 1


def test_reasons_clocks_and_links_of_the_ticket_are_there(record: Database) -> None:
    with record.begin() as conn:
        Record(conn).ticket(
            "AAAA",
            extra={"reasons": ["kind:complaint:stale"], "suspicious": ["injection"]},
            ticket={"status": "snoozed", "snoozed_until": LATER, "waiting_for": "luis", "linked_to": "BBBB"},
        )
    shown = show(record)
    assert (shown.reasons, shown.suspicious) == (("kind:complaint:stale",), ("injection",))
    assert (shown.snoozed_until, shown.waiting_for, shown.linked_to) == (LATER, "luis", "BBBB")
    assert (shown.reply, shown.close_reason) == (None, None)


def test_a_question_is_a_note_of_its_own_kind(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA")
        r.note("AAAA", "ana", "Do we bake on Sundays?", fact="QuestionAsked")
    [note] = show(record).notes
    assert (note.person, note.text, note.kind) == ("ana", "Do we bake on Sundays?", "question")


@pytest.fixture
def half(record: Database) -> Database:
    """A reply that needs two, with Ana's yes."""
    with record.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA")
        r.decide(r.reply("AAAA", "We are sorry.", quorum=2), "ana")
    return record


def test_an_approval_counts_while_nothing_has_changed(half: Database) -> None:
    assert counting(half) == ["ana"]


def test_an_approval_stops_counting_when_it_expires(half: Database) -> None:
    assert counting(half, at=NOW + timedelta(hours=25)) == []


def test_an_approval_does_not_count_for_another_wording(half: Database) -> None:
    with half.begin() as conn:
        Record(conn).revise("AAAA.1", "We are very sorry.", author="eva")
    assert counting(half) == []


def test_an_approval_does_not_count_after_the_customer_wrote_again(half: Database) -> None:
    with half.begin() as conn:
        Record(conn).set_ticket("AAAA", messages=2)
    assert counting(half) == []


def test_an_approval_does_not_count_for_an_edited_comment(half: Database) -> None:
    with half.begin() as conn:
        Record(conn).item("AAAA", "The bread was poisonous.", "n-AAAA", number=2)
    assert counting(half) == []


def test_an_approval_does_not_count_when_more_people_must_agree(half: Database) -> None:
    with half.begin() as conn:
        Record(conn).set_reply("AAAA.1", quorum=3)
    assert counting(half) == []


def test_an_approval_does_not_count_after_an_undo_and_does_again_after_a_new_one(half: Database) -> None:
    with half.begin() as conn:
        r = Record(conn, at=NOW + timedelta(hours=1))
        r.decide("AAAA.1", "ana", "undo", "ReplyUndone")
    assert counting(half) == []
    with half.begin() as conn:
        Record(conn, at=NOW + timedelta(hours=2)).decide("AAAA.1", "ana")
    assert counting(half) == ["ana"]


@pytest.mark.parametrize("team", [TEAM[1:], [Person(id="ana", name="Ana", role=Role.AGENT), *TEAM[1:]]])
def test_an_approval_does_not_count_once_its_author_may_not_approve(half: Database, team: list[Person]) -> None:
    with half.begin() as conn:
        assert people.sync(conn, team, NOW) == ["ana"]
    assert counting(half) == []


def test_what_carried_a_published_reply_counts_for_ever(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        full_ticket(r, "AAAA")
        r.set_ticket("AAAA", messages=9)
        people.sync(conn, TEAM[1:], NOW)
    assert counting(record, at=NOW + timedelta(days=99)) == ["ana"]


def test_a_withdrawn_reply_is_carried_by_nobody(half: Database) -> None:
    with half.begin() as conn:
        Record(conn).set_reply("AAAA.1", state="withdrawn")
    assert counting(half) == []


def test_controls_offer_nothing_to_send_to_a_comment_that_is_gone(half: Database) -> None:
    assert "approve" in show(half).controls
    with half.begin() as conn:
        r = Record(conn)
        r.set_ticket("AAAA", item=r.item("AAAA", "x", "n-AAAA", number=2, gone=True))
    assert not {"approve", "edit", "reply"} & set(show(half).controls)


def test_a_card_takes_the_same_few_queries_however_long_the_ticket_is(record: Database) -> None:
    asked: list[str] = []
    event.listen(record._reader, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with record.begin() as conn:
        full_ticket(Record(conn), "AAAA")
    show(record)
    short = len(asked)
    with record.begin() as conn:
        r = Record(conn)
        for number in range(20):
            r.item("AAAA", f"Message {number}.", f"m{number}")
            reply = r.reply("AAAA", f"Draft {number}.")
            r.decide(reply, "ana")
            r.note("AAAA", "luis", f"Note {number}.")
    show(record)
    assert len(asked) - short == short
    assert short == (7 if record.shared else 8)  # seven queries, and SQLite's BEGIN


def test_two_tickets_do_not_mix(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        full_ticket(r, "AAAA")
        full_ticket(r, "BBBB", author="u2", text="Another matter.")
    shown = show(record, "BBBB")
    assert shown.conversation[0].text == "Another matter."
    assert {line.data.get("native_id") for line in shown.log} <= {None, "posted-BBBB"}


def test_many_cards_are_read_in_as_few_queries_as_one_and_are_the_same(record: Database) -> None:
    with record.begin() as conn:
        for name in ("AAAA", "BBBB", "CCCC"):
            full_ticket(Record(conn), name)
    alone = {name: show(record, name) for name in ("AAAA", "CCCC")}
    seen: list[str] = []
    with record.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *given: seen.append(given[2]))
        together = cards(conn, ["AAAA", "CCCC", "ZZZZ"], LATER, max_length={"wall": 500}.get)
    assert together == alone
    assert len(seen) <= 8


def test_people_of_one_name_are_told_apart_by_their_handles(record: Database) -> None:
    with record.begin() as conn:
        r = Record(conn)
        full_ticket(r, "AAAA")
        r.item("AAAA", "And who pays for this?", "second", name="Rosa", extra={"handle": "rosa@correo.example"})
        r.item("AAAA", "Somebody should.", "third", name="", extra={"handle": "@anybody"})
    said = {entry.native_id: entry.who for entry in show(record).conversation}
    assert said["second"] == "Rosa (rosa@correo.example)"
    assert said["third"] == "@anybody"
