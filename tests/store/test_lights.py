"""One light for everything that may go wrong without a noise."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.types import Light
from bot.store import lights as module
from bot.store import tables as t
from bot.store.engine import Database
from bot.store.lights import lights
from tests.support.lights import worded
from tests.support.record import NOW, Record

MINUTE = timedelta(minutes=1)


def see(db: Database, at: datetime = NOW) -> dict[str, Light]:
    with db.read() as conn:
        found = {light.code: light for light in lights(conn, at)}
    for light in found.values():
        worded(light)
    return found


def order(db: Database, id: int = 1, **values: Any) -> None:
    row = {"id": id, "type": "card", "lane": "desk", "once": f"card:{id}", "due_at": NOW, "created_at": NOW}
    with db.begin() as conn:
        conn.execute(t.outbox.insert().values(**(row | {"payload": {}} | values)))


def account(db: Database, **values: Any) -> None:
    row = {"id": "network:wall", "part": "network", "type": "wall", "state": "ok", "since": NOW, "name": "The Bakery"}
    with db.begin() as conn:
        conn.execute(t.accounts.insert().values(**(row | values)))


def switch(db: Database, name: str) -> None:
    with db.begin() as conn:
        conn.execute(t.switches.insert().values(name=name, value="said Ana", on=True, by="ana", at=NOW))


def test_all_is_green_when_nothing_is_wrong(db: Database) -> None:
    account(db)
    shown = see(db)
    assert set(shown) == {"account_ok", "replies_known", "dead_letters_none", "orders_on_time", "seals_ok", "clock_ok"}
    assert {light.state for light in shown.values()} == {"ok"}
    assert shown["account_ok"].params == {"part": "network", "account": "wall", "name": "The Bakery"}


@pytest.mark.parametrize(
    ("state", "code", "colour"), [("failing", "account_failing", "warn"), ("auth", "account_auth", "red")]
)
def test_an_adapter_in_trouble_says_why(db: Database, state: str, code: str, colour: str) -> None:
    account(db, state=state, detail="HTTP 401")
    light = see(db)[code]
    assert (light.state, light.params["reason"]) == (colour, "HTTP 401")
    assert worded(light).name == "Network wall"


def test_a_room_that_is_closed_to_us_wants_no_new_token_first(db: Database) -> None:
    account(db, id="room:inbox", part="room", state="auth", detail="is_archived")
    light = see(db)["room_closed"]
    assert (light.state, worded(light).detail) == ("red", "It does not let us in: the channel is archived")
    assert worded(light).remedy.startswith("Invite the bot")


def test_a_token_about_to_run_out_is_told_a_week_before(db: Database) -> None:
    account(db, expires_at=NOW + timedelta(days=8))
    assert see(db)["account_ok"].state == "ok"
    light = see(db, NOW + timedelta(days=1))["account_expiring"]
    assert (light.state, light.params["day"]) == ("warn", "2026-11-28")


def test_the_day_on_which_a_token_runs_out_is_the_teams(db: Database) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    account(db, expires_at=datetime(2026, 11, 26, tzinfo=madrid).astimezone(UTC))
    with db.read() as conn:
        (light,) = (one for one in lights(conn, NOW, madrid) if one.code == "account_expiring")
    assert light.params["day"] == "2026-11-26"


def test_dead_letters_are_red_and_tell_the_newest_reason(db: Database) -> None:
    order(db, 1, state="dead", problem="HTTP 500")
    order(db, 2, state="dead", problem="room not found")
    light = see(db)["dead_letters"]
    assert (light.state, worded(light).detail) == ("red", "2 in all; the newest: room not found")
    assert "`failures`" in worded(light).remedy
    assert "`retry`" in worded(light).remedy


@pytest.mark.parametrize(("minutes", "colour"), [(1, "warn"), (61, "red")])
def test_a_reply_of_unknown_fate_waits_for_a_person_and_grows_red(db: Database, minutes: int, colour: str) -> None:
    with db.begin() as conn:
        record = Record(conn)
        record.ticket("AAAA")
        record.set_reply(record.reply("AAAA", "Sorry."), state="uncertain")
        since = record.at - MINUTE  # when it was proposed; its wording came a minute later
    light = see(db, since + minutes * MINUTE)["replies_unknown"]
    assert (light.state, light.params) == (colour, {"count": 1, "late": minutes * 60})


def test_replies_that_a_network_did_not_take_show_until_somebody_did_something(db: Database) -> None:
    with db.begin() as conn:
        record = Record(conn)
        for name, state in (("AAAA", "handed_off"), ("BBBB", "rejected")):
            record.ticket(name)
            record.set_reply(record.reply(name, "Sorry."), state=state)
    assert see(db)["replies_by_hand"] == Light(code="replies_by_hand", state="warn", params={"count": 2})
    with db.begin() as conn:
        for name in ("AAAA", "BBBB"):
            Record(conn).set_ticket(name, status="closed")
    assert "replies_by_hand" not in see(db)


def test_a_clock_that_was_set_back_is_an_alarm(db: Database) -> None:
    with db.begin() as conn:
        Record(conn, at=NOW).log("Paused")
    assert see(db, NOW - MINUTE)["clock_ok"].state == "ok"
    light = see(db, NOW - 3 * MINUTE)["clock_behind"]
    assert (light.state, light.params) == ("red", {"newest": "2026-11-20T09:00:00+00:00"})


@pytest.mark.parametrize(("late", "colour"), [(0, "ok"), (1, "ok"), (2, "warn"), (11, "red")])
def test_orders_that_nobody_carries_out_grow_red(db: Database, late: int, colour: str) -> None:
    order(db)
    code = "orders_on_time" if colour == "ok" else "orders_late"
    light = see(db, NOW + late * MINUTE)[code]
    assert (light.state, light.params) == (colour, {"late": late * 60})


def test_orders_for_later_are_not_late(db: Database) -> None:
    order(db, due_at=NOW + 99 * MINUTE)
    assert see(db)["orders_on_time"] == Light(code="orders_on_time", state="ok", params={"late": 0})


def test_a_pause_shows_and_what_it_holds_back_is_not_late(db: Database) -> None:
    order(db, type="publish")
    switch(db, "paused")
    shown = see(db, NOW + 60 * MINUTE)
    assert shown["paused"] == Light(code="paused", state="warn", params={"reason": "said Ana"})
    assert worded(shown["paused"]).detail == "Approved replies are held back: said Ana"
    assert shown["orders_on_time"].state == "ok"


def test_a_crisis_shows(db: Database) -> None:
    switch(db, "crisis")
    assert see(db)["crisis"] == Light(code="crisis", state="warn", params={"reason": "said Ana"})


def test_many_rows_without_a_seal_show(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY_UNSEALED", 2)
    with db.begin() as conn:
        record = Record(conn)
        record.log("Paused")
        record.log("Resumed")
    assert see(db)["seals_ok"] == Light(code="seals_ok", state="ok", params={"rows": 2})
    with db.begin() as conn:
        Record(conn).log("Paused")
    assert see(db)["seals_behind"].state == "warn"
