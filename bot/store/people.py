"""The team as the settings say it: brought into the database, and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.core.messages import Entry, Fact
from bot.core.types import Person, Role
from bot.store.log import append
from bot.store.tables import identities, people

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

_FIELDS = ("name", "role", "locale", "signature", "active")
# Built once: every transaction that decides something asks for them.
_EVERYBODY = (
    select(people, identities.c.chat, identities.c.native_id)
    .select_from(people.outerjoin(identities, (identities.c.person == people.c.id) & identities.c.active))
    .order_by(people.c.id)
)
_WHOSE = select(identities.c.person).where(
    identities.c.chat == bindparam("chat"), identities.c.native_id == bindparam("native_id"), identities.c.active
)


def everybody(conn: Connection) -> dict[str, Person]:
    """Every member of the team by id, those who have left included (`active` is False)."""
    rows = conn.execute(_EVERYBODY).all()
    known: dict[str, set[tuple[str, str]]] = {row.id: set() for row in rows}
    for row in rows:
        if row.chat is not None:
            known[row.id].add((row.chat, row.native_id))
    return {
        row.id: Person(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            locale=row.locale,
            signature=row.signature,
            active=row.active,
            identities=frozenset(known[row.id]),
        )
        for row in rows
    }


def team(conn: Connection) -> list[Person]:
    """The active members of the team, by name."""
    active = (person for person in everybody(conn).values() if person.active)
    return sorted(active, key=lambda person: (person.name.casefold(), person.id))


def person_for(conn: Connection, chat: str, native_id: str) -> Person | None:
    """The active member of the team who is this user of that chat."""
    found = conn.execute(_WHOSE, {"chat": chat, "native_id": native_id}).scalar_one_or_none()
    if found is None:
        return None
    person = everybody(conn).get(found)
    return person if person is not None and person.active else None


def introduce(conn: Connection, person: Person, now: datetime) -> bool:
    """Write down somebody whom a chat vouches for; False, and nothing done, where an identity is a colleague's.

    See `bot.core.ports.Intake.introduce`.
    """
    known = {(row.chat, row.native_id): row for row in conn.execute(select(identities))}
    for pair in person.identities:
        row = known.get(pair)
        if row is not None and row.active and row.person != person.id:
            return False
    entry = _store(conn, everybody(conn), person)
    for chat, native_id in sorted(person.identities):
        same = (identities.c.chat == chat) & (identities.c.native_id == native_id)
        if (chat, native_id) in known:
            conn.execute(identities.update().where(same).values(person=person.id, active=True))
        else:
            conn.execute(identities.insert().values(chat=chat, native_id=native_id, person=person.id, active=True))
    append(conn, [entry] if entry else [], now)
    return True


def vouched(before: Mapping[str, Person], team: Sequence[Person], chats: Collection[str]) -> dict[str, Person]:
    """Those whom a chat vouches for that is still there, and who are nobody of the settings by now."""
    taken = {pair for person in team for pair in person.identities}
    return {
        name: person
        for name, person in before.items()
        if person.active and ":" in name and name.partition(":")[0] in chats and not person.identities & taken
    }


def sync(conn: Connection, team: Sequence[Person], now: datetime, *, chats: Collection[str] = ()) -> list[str]:
    """Make the database's team the one given: new people come in, missing ones turn inactive, nobody is removed.

    Whom one of `chats` vouches for stays, too.

    Each person who changes gets one `PersonChanged` row in the log; names and chat ids do not go there.

    Returns:
        The ids of those who could approve before and cannot any more; their pending approvals no longer count.
    """
    before = everybody(conn)
    wanted = {**vouched(before, team, chats), **{person.id: person for person in team}}
    left = [_gone(person) for person in before.values() if person.id not in wanted and person.active]
    entries = [entry for person in [*wanted.values(), *left] if (entry := _store(conn, before, person))]
    _link(conn, wanted)
    append(conn, entries, now)
    return [person.id for person in before.values() if _approves(person) and not _approves(wanted.get(person.id))]


def _gone(person: Person) -> Person:
    return Person(
        id=person.id,
        name=person.name,
        role=person.role,
        locale=person.locale,
        signature=person.signature,
        active=False,
    )


def _approves(person: Person | None) -> bool:
    return person is not None and person.active and person.role.covers(Role.APPROVER)


def _row(person: Person) -> dict[str, Any]:
    return {field: getattr(person, field) for field in _FIELDS} | {"role": person.role.value}


def _store(conn: Connection, before: Mapping[str, Person], person: Person) -> Entry | None:
    """Write one person; the log row that tells what changed, or None when nothing did."""
    old = before.get(person.id)
    row = _row(person)
    if old is None:
        conn.execute(people.insert().values(id=person.id, **row))
        changed = ["new"]
    else:
        there = _row(old)
        changed = [field for field in _FIELDS if there[field] != row[field]]
        if changed:
            conn.execute(people.update().where(people.c.id == person.id).values(row))
        if old.identities != person.identities:
            changed.append("identities")
    if not changed:
        return None
    data: dict[str, object] = {
        "person": person.id,
        "changed": changed,
        "role": person.role.value,
        "active": person.active,
    }
    return Entry(fact=Fact.PERSON_CHANGED, data=data)


def _link(conn: Connection, wanted: Mapping[str, Person]) -> None:
    """Bring the chat ids in line: one may be new, come back, move to somebody else, or go."""
    now_whose = {pair: person.id for person in wanted.values() if person.active for pair in person.identities}
    there = {(row.chat, row.native_id): row for row in conn.execute(select(identities))}
    for (chat, native_id), row in there.items():
        whose = now_whose.get((chat, native_id))
        if (row.person, row.active) == (whose or row.person, whose is not None):
            continue
        same = (identities.c.chat == chat) & (identities.c.native_id == native_id)
        conn.execute(identities.update().where(same).values(person=whose or row.person, active=whose is not None))
    fresh = [
        {"chat": chat, "native_id": native_id, "person": person, "active": True}
        for (chat, native_id), person in sorted(now_whose.items())
        if (chat, native_id) not in there
    ]
    if fresh:
        conn.execute(identities.insert(), fresh)
