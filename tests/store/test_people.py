"""The team in the database follows the settings."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.types import Person, Role
from bot.store import people
from bot.store import tables as t
from bot.store.engine import Database
from tests.support.record import NOW

ANA = Person(id="ana", name="Ana", role=Role.LEAD, locale="es", identities=frozenset({("slack", "U1"), ("desk", "a")}))
LUIS = Person(id="luis", name="luis", role=Role.APPROVER, signature="^L", identities=frozenset({("slack", "U2")}))
EVA = Person(id="eva", name="Eva", role=Role.AGENT)


def changes(conn: Connection) -> list[Any]:
    logged = select(t.events.c.data).where(t.events.c.type == "PersonChanged").order_by(t.events.c.seq)
    return list(conn.execute(logged).scalars())


def test_a_new_team_comes_in_as_it_is(db: Database) -> None:
    with db.begin() as conn:
        assert people.sync(conn, [LUIS, ANA, EVA], NOW) == []
        assert people.team(conn) == [ANA, EVA, LUIS]
        assert [change["changed"] for change in changes(conn)] == [["new"]] * 3


def test_the_same_team_again_leaves_no_trace(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS], NOW)
        before = len(changes(conn))
        assert people.sync(conn, [LUIS, ANA], NOW) == []
        assert len(changes(conn)) == before


def test_who_is_missing_turns_inactive_and_loses_approvals(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS, EVA], NOW)
        assert people.sync(conn, [ANA], NOW) == ["luis"]
        assert people.team(conn) == [ANA]
        everybody = people.everybody(conn)
        assert (everybody["luis"].active, everybody["eva"].active) == (False, False)
        assert people.person_for(conn, "slack", "U2") is None
        assert people.sync(conn, [ANA], NOW) == []


@pytest.mark.parametrize(
    ("changed", "lost"),
    [
        (replace(LUIS, role=Role.AGENT), ["luis"]),
        (replace(LUIS, role=Role.VIEWER), ["luis"]),
        (replace(LUIS, active=False), ["luis"]),
        (replace(LUIS, role=Role.LEAD), []),
        (replace(LUIS, name="Luis"), []),
        (replace(LUIS, locale="es", signature=None), []),
    ],
)
def test_only_those_who_cannot_approve_any_more_are_named(db: Database, changed: Person, lost: list[str]) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS], NOW)
        assert people.sync(conn, [ANA, changed], NOW) == lost
        stored = people.everybody(conn)["luis"]
        assert replace(stored, identities=frozenset()) == replace(changed, identities=frozenset())
        assert len(changes(conn)) == 3


def test_the_log_tells_what_changed_but_no_name_and_no_chat_id(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [LUIS], NOW)
        people.sync(conn, [replace(LUIS, name="Luis Vega", identities=frozenset({("slack", "U9")}))], NOW)
        last = changes(conn)[-1]
    assert last == {"person": "luis", "changed": ["name", "identities"], "role": "approver", "active": True}


def test_who_comes_back_is_the_same_person(db: Database) -> None:
    with db.begin() as conn:
        for team in ([ANA, LUIS], [ANA], [ANA, LUIS]):
            people.sync(conn, team, NOW)
        assert people.person_for(conn, "slack", "U2") == LUIS


def test_two_chat_ids_are_one_person_and_a_strange_one_is_nobody(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS], NOW)
        assert people.person_for(conn, "slack", "U1") == people.person_for(conn, "desk", "a") == ANA
        assert people.person_for(conn, "desk", "U1") is None


def test_a_chat_id_can_go_and_can_move_to_somebody_else(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA, LUIS], NOW)
        people.sync(
            conn,
            [replace(ANA, identities=frozenset()), replace(LUIS, identities=frozenset({("slack", "U1")}))],
            NOW,
        )
        luis = people.person_for(conn, "slack", "U1")
        assert luis is not None
        assert luis.id == "luis"
        assert people.person_for(conn, "slack", "U2") is None
        assert people.person_for(conn, "desk", "a") is None


PAU = Person(id="slack:u9", name="Pau", role=Role.APPROVER, identities=frozenset({("slack", "U9")}))


def test_whom_a_chat_vouches_for_stays_as_long_as_the_chat_does(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [ANA], NOW)
        assert people.introduce(conn, PAU, NOW)
        assert people.sync(conn, [ANA], NOW, chats=["slack"]) == []
        assert people.person_for(conn, "slack", "U9") == PAU
        assert people.introduce(conn, replace(PAU, role=Role.VIEWER), NOW)
        assert people.person_for(conn, "slack", "U9") == replace(PAU, role=Role.VIEWER)
        people.introduce(conn, PAU, NOW)
        assert people.sync(conn, [ANA], NOW) == [PAU.id]
        assert people.person_for(conn, "slack", "U9") is None


def test_the_settings_win_over_what_a_chat_says(db: Database) -> None:
    with db.begin() as conn:
        people.sync(conn, [LUIS], NOW)
        usurper = replace(PAU, identities=frozenset({("slack", "U2")}))
        assert not people.introduce(conn, usurper, NOW)
        found = people.person_for(conn, "slack", "U2")
        assert found is not None
        assert found.id == "luis"
        people.introduce(conn, PAU, NOW)
        named = replace(EVA, identities=frozenset({("slack", "U9")}))
        assert people.sync(conn, [LUIS, named], NOW, chats=["slack"]) == [PAU.id]
        assert people.person_for(conn, "slack", "U9") == named
