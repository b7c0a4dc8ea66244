"""What became of drafts, by where they came from."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.core.figures import DraftOutcome
from bot.store import erase
from bot.store.engine import Database
from bot.store.outcomes import outcomes
from tests.support.record import NOW, Record

DAY = timedelta(days=1)
MADE: dict[str, Any] = {
    "prompt": "model/draft.md",
    "hash": "ab" * 32,
    "model": "m-1",
    "tokens_in": 900,
    "tokens_out": 100,
    "cost": 0.25,
    "seconds": 1.5,
    "note": "",
}


def of(db: Database, since: timedelta = -DAY, until: timedelta = DAY) -> dict[str, DraftOutcome]:
    with db.read() as conn:
        found = outcomes(conn, NOW + since, NOW + until)
    assert [one.total for one in found] == sorted((one.total for one in found), reverse=True)
    return {f"{one.source} {one.hash[:2]}".strip(): one for one in found}


def test_sent_edited_replaced_and_discarded_are_told_apart(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for ticket in ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF"):
            r.ticket(ticket)
        r.publish(r.reply("AAAA", "As drafted."), "a")
        edited = r.reply("BBBB", "abcdefghij", source="model:m-1", made=MADE)
        r.revise(edited, "abcdefghiX", author="ana")
        r.publish(edited, "b")
        replaced = r.reply("CCCC", "First.")
        r.revise(replaced, "Second.", source="model:m-1", made=MADE | {"cost": 0.5})
        r.publish(replaced, "c")
        for ticket, author in (("DDDD", None), ("EEEE", "ana")):
            gone = r.reply(ticket, "Never sent.", author=author)
            r.set_reply(gone, state="withdrawn")
            r.log("ReplyWithdrawn", ticket=ticket, reply=gone)
        r.reply("FFFF", "Nobody decided yet.")
    found = of(db)
    assert found == {
        "offline:complaint.en#1": DraftOutcome(source="offline:complaint.en#1", sent=1, replaced=1, discarded=1),
        "model:m-1 ab": DraftOutcome(
            source="model:m-1",
            model="m-1",
            prompt="model/draft.md",
            hash="ab" * 32,
            sent=1,
            edited=1,
            median_change=0.1,
            tokens=2000,
            cost=0.75,
        ),
    }
    assert of(db, DAY, 2 * DAY) == {}


def test_drafts_of_two_versions_of_a_prompt_are_told_apart(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for number, mark in enumerate(("ab" * 32, "cd" * 32, "ab" * 32)):
            ticket = r.ticket(f"AAA{number}")
            r.publish(r.reply(ticket, "Thanks.", source="model:m-1", made=MADE | {"hash": mark}), f"n{number}")
    assert {key: one.sent for key, one in of(db).items()} == {"model:m-1 ab": 2, "model:m-1 cd": 1}


def test_on_a_report_the_variants_of_one_text_are_one_line(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        for number, source in enumerate(("complaint.es#1", "complaint.es#7", "complaint.es#7", "complaint.en#2")):
            reply = r.reply(r.ticket(f"AAA{number}"), "abcdefghij", source=f"offline:{source}")
            if number < 2:
                r.revise(reply, "abcdefghiX" if number else "abcdefgXXX", author="ana")
            r.publish(reply, f"n{number}")
    with db.read() as conn:
        whole = outcomes(conn, NOW - DAY, NOW + DAY, by_text=True)
    assert whole == (
        DraftOutcome(source="offline:complaint.es", sent=1, edited=2, median_change=0.2),
        DraftOutcome(source="offline:complaint.en#2", sent=1),
    )
    assert sorted(of(db)) == ["offline:complaint.en#2", "offline:complaint.es#1", "offline:complaint.es#7"]


def test_a_model_that_failed_costs_but_the_draft_is_the_embedded_one(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA")
        r.publish(r.reply("AAAA", "Thanks.", made=MADE | {"note": "timeout"}), "a")
    (one,) = of(db).values()
    assert (one.source, one.model, one.hash, one.tokens, one.cost) == ("offline:complaint.en#1", "", "", 1000, 0.25)


def test_what_was_erased_is_counted_and_not_compared(db: Database) -> None:
    with db.begin() as conn:
        r = Record(conn)
        r.ticket("AAAA", author="rosa")
        edited = r.reply("AAAA", "Drafted.")
        r.revise(edited, "Edited.", author="ana")
        r.publish(edited, "a")
        erase.erase_author(conn, account=None, who="rosa", now=NOW, actor="ana")
    (one,) = of(db).values()
    assert (one.edited, one.median_change) == (1, None)


SOURCES = ("offline:complaint.en#1", "offline:praise.en#2", "model:m-1")


def invent(r: Record, dice: random.Random, ticket: str) -> tuple[str, list[tuple[str, str | None]]]:
    """A reply with up to four revisions; how it ended, and each one's source and author."""
    r.ticket(ticket)
    worded: list[tuple[str, str | None]] = []
    reply = f"{ticket}.1"
    for place in range(dice.randrange(1, 5)):
        source, author = dice.choice(SOURCES), dice.choice((None, None, "ana"))
        values: dict[str, Any] = {"source": source, "author": author, "made": MADE if source == "model:m-1" else None}
        if place:
            r.revise(reply, f"Wording {place}.", **values)
        else:
            assert r.reply(ticket, "First wording.", **values) == reply
        worded.append((source, author))
    ends = dice.choice(("published", "withdrawn", "open"))
    if ends == "published":
        r.publish(reply, f"n{ticket}")
    elif ends == "withdrawn":
        r.set_reply(reply, state="withdrawn")
        r.log("ReplyWithdrawn", ticket=ticket, reply=reply)
    return ends, worded


@pytest.mark.parametrize("seed", range(4))
def test_every_draft_is_counted_as_a_slow_count_does(db: Database, seed: int) -> None:
    dice, expected, tokens = random.Random(seed), Counter[tuple[str, str]](), Counter[str]()
    with db.begin() as conn:
        r = Record(conn)
        replies = [invent(r, dice, f"A{number:03}") for number in range(30)]
    for ends, worded in replies:
        drafts = [place for place, (_, author) in enumerate(worded) if author is None]
        for place in drafts if ends != "open" else ():
            source, _ = worded[place]
            whole = "sent" if place == len(worded) - 1 else "replaced" if place != drafts[-1] else "edited"
            expected[source, "discarded" if ends == "withdrawn" else whole] += 1
            tokens[source] += 1000 if source == "model:m-1" else 0
    found = of(db).values()
    fates = ("sent", "edited", "replaced", "discarded")
    assert {(o.source, fate): getattr(o, fate) for o in found for fate in fates if getattr(o, fate)} == expected
    assert {o.source: o.tokens for o in found if o.tokens} == +tokens
