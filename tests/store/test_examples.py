"""How the team answered similar comments before."""

from typing import Any

import pytest

from bot.core.briefs import Example
from bot.store import cases, erase, filing
from bot.store.engine import Database
from bot.store.examples import MOST, similar
from tests.support.record import NOW, Record

ASKED = "My parcel has been lost for three weeks, where is my parcel?"


@pytest.fixture
def filled(db: Database) -> Database:
    """AAAA is asked about; BBBB and CCCC are like it; the others are not, or may not be told."""
    said: list[tuple[str, str, dict[str, Any]]] = [
        ("AAAA", ASKED, {}),
        ("BBBB", "Where is my parcel? It was lost a week ago.", {}),
        ("CCCC", "The parcel seems lost, three weeks now!", {}),
        ("DDDD", "The parcel tape was nice.", {}),
        ("EEEE", "Where is my lost parcel? Three weeks!", {"account": "masto"}),
        ("FFFF", "Where is my lost parcel? Three weeks!", {"ticket": {"language": "es"}}),
        (
            "GGGG",
            "Where is my lost parcel? Three weeks!",
            {"visibility": "private", "ticket": {"visibility": "private"}},
        ),
        ("HHHH", "Where is my lost parcel? Three weeks!", {"author": "rosa"}),
        ("JJJJ", "Where is my lost parcel? Three weeks!", {}),
    ]
    with db.begin() as conn:
        r = Record(conn)
        for ticket, text, values in said:
            r.ticket(ticket, text, **values)
            reply = r.reply(ticket, f"Draft for {ticket}.")
            if ticket == "CCCC":
                r.revise(reply, "We have found it.", author="ana")
            if ticket != "JJJJ":
                r.publish(reply, ticket.lower())
        erase.erase_author(conn, account=None, who="rosa", now=NOW, actor="ana")
    filing.rebuild(db)
    return db


def of(db: Database, text: str) -> tuple[Example, ...]:
    with db.read() as conn:
        ticket = cases.load_ticket(conn, "AAAA")
        assert ticket is not None
        return similar(conn, ticket, text)


def test_similar_comments_of_this_account_and_language_come_with_what_was_published(filled: Database) -> None:
    assert set(of(filled, ASKED)) == {
        Example(comment="Where is my parcel? It was lost a week ago.", reply="Draft for BBBB."),
        Example(comment="The parcel seems lost, three weeks now!", reply="We have found it.", draft="Draft for CCCC."),
    }


def test_what_resembles_nothing_brings_nothing(filled: Database) -> None:
    for text in ("", "¡!", "a an the", "Bread", "' OR \" * =account:wall", "x" * 100_000):
        assert of(filled, text) == ()


def test_few_are_brought_the_most_similar_first_and_no_reply_twice(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA", ASKED)
        for number in range(8):
            ticket = r.ticket(f"BBB{number}", f"The lost parcel {'and other matters ' * number}came")
            r.publish(r.reply(ticket, f"Answer {number // 2}"), f"n{number}")
    filing.rebuild(db)
    found = of(db, ASKED)
    assert len(found) == MOST
    assert found[0].comment == "The lost parcel came"
    assert len({one.reply for one in found}) == MOST
