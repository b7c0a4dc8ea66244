"""Failures and mutes on the command line: listed, looked at, tried again, called done; for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.store import tables as t
from bot.store.engine import Database
from tests.e2e.entrance import Answer, here
from tests.support.db import fresh_database
from tests.support.record import NOW, Record


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A stopped bot's folder: a dead card, a dead message, and replies of unknown fate and for a person's hand."""
    db = fresh_database(tmp_path / "portavoz.db")
    with db.begin() as conn:
        record = Record(conn)
        for name, state in (("BBBB", "uncertain"), ("CCCC", "handed_off")):
            record.ticket(name, "The bread was stale.", url=f"https://wall.example/{name}")
            record.set_reply(record.reply(name, "Sorry, \x1b[31mRosa."), state=state, problem="answer_lost", key="k")
        record.set_reply("CCCC.1", manual_url="https://wall.example/by-hand")
        say = {"room": "team", "code": "item_removed", "params": {}, "key": "k"}
        for number, kind, payload in ((17, "card", {}), (18, "say", say)):
            values = {"lane": "room:team", "once": f"o{number}", "due_at": NOW, "created_at": NOW, "ticket": "BBBB"}
            values |= {"type": kind, "payload": payload, "state": "dead", "problem": "no_such_room", "attempts": 10}
            conn.execute(t.outbox.insert().values(id=number, **values))
        # The next number is beyond those that stand here already.
        conn.execute(t.counters.insert().values(name="id", next=1000))
    db.close()
    here("--data", str(tmp_path), "health")  # the team comes in with the first command that needs it
    _team(tmp_path)
    return tmp_path


def _team(folder: Path) -> None:
    db = Database.at(folder / "portavoz.db")
    with db.begin() as conn:
        for name, role in (("ana", "lead"), ("luis", "approver"), ("ada", "agent")):
            conn.execute(t.people.insert().values(id=name, name=name.title(), role=role, locale="en"))
    db.close()


def cli(data: Path, *words: str, stdin: str = "") -> Answer:
    return here("--data", str(data), *words, stdin=stdin)


def ask(data: Path, *words: str) -> Any:
    answer = cli(data, *words, "--json")
    assert answer.returncode == 0, answer
    return json.loads(answer.stdout)


def test_they_are_listed_with_what_scripts_need(data: Path) -> None:
    found = ask(data, "failures")
    assert [(one["id"], one["code"], one["state"]) for one in found] == [
        ("BBBB.1", "uncertain", "uncertain"),
        ("CCCC.1", "handed_off", "handed_off"),
        ("E17", "dead_card", "dead"),
        ("E18", "dead_say", "dead"),
    ]
    assert found[0]["commands"][0] == {
        "verb": "settle",
        "line": "settle BBBB posted",
        "purpose": "It stands there. Its link may follow.",
    }
    assert found[2]["happened"].endswith("the settings name no such room")
    assert found[3]["text"] == "The comment is not on the network any more."
    assert found[1]["manual_url"] == "https://wall.example/by-hand"


def test_people_read_what_happened_what_it_means_and_what_to_type(data: Path) -> None:
    for lang, words in (
        ("en", ("Card that is not shown", "Nothing changes for the customer", "retry E17", "done E17")),
        ("es", ("Tarjeta que no se muestra", "Para el cliente no cambia nada", "reintentar E17", "hecho E17")),
    ):
        shown = cli(data, "failures", "e17", "--lang", lang).stdout
        assert all(word in shown for word in words), shown
    listed = cli(data, "fallos", "--lang", "es")
    assert "Respuesta de suerte desconocida" in listed.stdout
    assert "\x1b" not in cli(data, "failures", "BBBB").stdout
    assert "\\x1b[31mRosa." in cli(data, "failures", "BBBB").stdout


def test_health_says_what_to_do_about_every_one_of_them_in_both_languages(data: Path) -> None:
    answer = cli(data, "health", "--json")
    lights = {light["code"]: light for light in json.loads(answer.stdout)}
    assert answer.returncode == 1
    assert {"dead_letters", "replies_unknown", "replies_by_hand", "disk_ok", "bot_stopped"} <= set(lights)
    assert all(light["remedy"] for light in lights.values() if light["state"] != "ok")
    spanish = json.loads(cli(data, "health", "--json", "--lang", "es").stdout)
    for light in spanish:
        if light["state"] != "ok":
            assert light["remedy"] not in {"", lights[light["code"]]["remedy"]}


def test_one_is_tried_again_and_another_called_done_with_a_link(data: Path) -> None:
    done = ask(data, "retry", "E17", "--as", "ada")
    assert (done["code"], done["params"]) == ("retried", {"orders": 1, "replies": 0})
    refused = cli(data, "done", "E18", "--as", "ada", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["reason"]) == (3, "not_entitled")
    assert ask(data, "done", "E18", "https://chat.example/7", "--as", "luis")["code"] == "failure_done"
    assert [one["id"] for one in ask(data, "failures")] == ["BBBB.1", "CCCC.1"]
    assert cli(data, "failures", "E18").returncode == 4
    assert [note["text"] for note in ask(data, "show", "BBBB")["notes"]] == ["https://chat.example/7"]


def test_everything_is_tried_again_at_once(data: Path) -> None:
    done = ask(data, "reintentar", "todo", "--as", "luis")
    assert done["params"] == {"orders": 2, "replies": 1}
    again = cli(data, "retry", "--as", "luis", "--json")
    assert (again.returncode, json.loads(again.stdout)["reason"]) == (3, "nothing_to_retry")


def test_who_looked_settles_with_a_link_and_it_waits_no_more(data: Path) -> None:
    ask(data, "settle", "BBBB", "posted", "https://wall.example/9", "--as", "luis")
    assert "BBBB.1" not in [one["id"] for one in ask(data, "failures")]


def test_nothing_waiting_is_said_so(tmp_path: Path) -> None:
    fresh_database(tmp_path / "portavoz.db").close()
    assert ask(tmp_path, "failures") == []
    assert cli(tmp_path, "failures").stdout == "Nothing waits for a person.\n"
    assert cli(tmp_path, "silenciados", "--lang", "es").stdout == "No hay nada plegado.\n"


def test_mutes_are_listed_with_who_and_how_to_lift_them(data: Path) -> None:
    ask(data, "mute", "@troll", "--as", "luis")
    ask(data, "mute", "buy", "now", "--as", "ana")
    found = ask(data, "mutes")
    assert [(one["pattern"], one["by"], one["lift"]) for one in found] == [
        ("buy now", "ana", "unmute buy now"),
        ("@troll", "luis", "unmute @troll"),
    ]
    assert all(one["at"].endswith("Z") for one in found)
    assert "oir @troll" in cli(data, "mutes", "--lang", "es").stdout
    ask(data, "unmute", "@troll", "--as", "luis")
    assert [one["pattern"] for one in ask(data, "mutes")] == ["buy now"]


def test_an_erasure_says_what_is_left_to_do_about_backups_and_networks(data: Path) -> None:
    cli(data, "settle", "BBBB", "absent", "--as", "luis")
    said = cli(data, "erase", "Rosa", "--as", "ana", "--yes")
    assert said.returncode == 0, said
    assert str(data / "backups") in said.stdout
    assert "The networks were not touched" in said.stdout
    spanish = cli(data, "erase", "--team", "ada", "--as", "ana", "--yes", "--lang", "es").stdout
    assert "`[[people]]`" in spanish
    assert cli(data, "audit", "verify").returncode == 0
