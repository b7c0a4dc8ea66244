"""A full disk under the real process: everybody is told, nothing is half done, and it goes on once there is room.

The disk is a tmpfs of a few megabytes, which the process fills like any other.
"""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.process import Died, Portavoz, until
from tests.support.tiny_disk import NoNamespaces, TinyDisk

pytestmark = pytest.mark.slow
PERSON = ("--as", "ana")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[TinyDisk]:
    try:
        made = TinyDisk(tmp_path / "tiny", "12m")
    except NoNamespaces as error:
        pytest.skip(f"no mount namespaces here: {error}")
    yield made
    made.close()


@pytest.fixture
def bot(disk: TinyDisk) -> Iterator[Portavoz]:
    made = Portavoz(disk.folder / "d", prefix=disk.prefix)
    made.start()
    yield made
    made.close()


def lights(bot: Portavoz) -> dict[str, str]:
    """`health` ends with 1 while a light is red."""
    answer = bot.cli("health", "--json")
    return {light["code"]: light["state"] for light in json.loads(answer.stdout)}


def tickets(bot: Portavoz) -> dict[str, str]:
    """The ticket of each text."""
    return {line["text"]: line["id"] for line in bot.ask("inbox", "all")}


def write_until_refused(bot: Portavoz) -> tuple[list[str], Any]:
    """Comments of some kilobytes each, until the wall takes no more: those that it took, and its answer."""
    taken: list[str] = []
    while True:
        text = f"Comment {len(taken)}: the soup was cold. " + "Nobody came. " * 300
        answer = bot.post("Ana", text, key=f"k{len(taken)}")
        if answer.status_code != 201:
            return taken, answer
        taken.append(text.strip())
        assert len(taken) < 5000


def test_a_full_disk_is_told_loses_nothing_doubles_nothing_and_is_over_when_there_is_room(
    disk: TinyDisk, bot: Portavoz
) -> None:
    assert bot.post("Eva", "Where is my order?").status_code == 201
    until(lambda: tickets(bot).get("Where is my order?"), what="the ticket")
    disk.fill(leave=600_000)
    taken, refused = write_until_refused(bot)

    # The wall says so, to programs and to people, who keep what they typed.
    assert (refused.status_code, refused.headers["retry-after"]) == (507, "30")
    assert refused.json()["error"] == "no_room"
    form = bot.http.post("/wall", data={"author": "Eva", "text": "Is anybody there? " * 200})
    assert (form.status_code, form.headers["retry-after"]) == (507, "30")
    assert "Nothing can be stored just now" in form.text
    assert "Is anybody there?" in form.text

    # The bot's own database is full, too: people's wishes are refused, with the reason; reading goes on.
    disk.fill()
    ticket = tickets(bot)["Where is my order?"]
    wish = bot.cli("note", ticket, "x" * 4000, *PERSON)
    assert (wish.returncode, wish.stdout) == (5, "")
    assert "No space left" in wish.stderr
    assert "Free some space" in wish.stderr
    assert bot.cli("show", ticket).returncode == 0
    assert lights(bot)["disk_low"] == "red"
    backup = bot.cli("backup")
    assert backup.returncode == 1
    assert "no room" in backup.stderr.lower()
    assert bot.http.get("/healthz").status_code == 200

    assert bot.ended() is None

    disk.make_room()
    assert bot.post("Eva", "Room again", key="again").status_code == 201
    expected = {"Where is my order?", *taken, "Room again"}
    until(lambda: len(bot.ask("inbox", "all")) == len(expected), what="every comment to be a ticket")
    assert len(bot.comments()) == len(expected)
    noted = bot.cli("note", ticket, "now it fits", *PERSON)
    assert noted.returncode == 0, noted.stderr
    bot.ask("approve", ticket, *PERSON)
    original = next(one["id"] for one in bot.comments() if one["text"] == "Where is my order?")
    until(lambda: bot.replies(original), what="the reply")
    assert bot.ask("audit", "verify")["sound"]
    made = bot.ask("backup")
    assert made["rows"]["items"] >= len(expected)
    assert list((disk.outside / "d" / "backups").iterdir()) == [
        disk.outside / Path(made["path"]).relative_to(disk.folder)
    ]
    assert [line[:300] for line in bot.log.splitlines() if "Traceback" in line] == []


def test_replies_whose_publication_meets_a_full_disk_go_out_once(disk: TinyDisk) -> None:
    """Approved while there is room, due when there is none."""
    with contextlib.closing(
        Portavoz(disk.folder / "d", prefix=disk.prefix, environ={"PORTAVOZ_UNDO_SECONDS": "20"})
    ) as bot:
        bot.start()
        texts = ["When do you open on Sunday?", "The soup was cold."]
        ids = [bot.post("Eva", text).json()["id"] for text in texts]
        until(lambda: len(tickets(bot)) == len(texts), what="tickets")
        found = tickets(bot)
        for text in texts:
            bot.ask("approve", found[text], *PERSON)
        disk.fill()
        before = [bot.replies(one) for one in ids]
        assert [] in before, "the machine is too slow: all of them have gone out already"
        time.sleep(22)
        assert bot.ended() is None
        assert [bot.replies(one) for one in ids] == before
        disk.make_room()
        for one in ids:
            until(functools.partial(bot.replies, one), within=100, what="the reply")
        until(
            lambda: {line["reply_state"] for line in bot.ask("inbox", "all")} == {"published"},
            within=100,
            what="every reply to be on record",
        )
        assert [len(bot.replies(one)) for one in ids] == [1] * len(ids)
        assert bot.ask("audit", "verify")["sound"]


def test_killed_on_a_full_disk_it_starts_or_says_why_not_and_goes_on_when_there_is_room(
    disk: TinyDisk, bot: Portavoz
) -> None:
    """Whether the few rows that a start writes find room depends on what the write-ahead log has left."""
    bot.post("Eva", "Where is my order?")
    until(lambda: tickets(bot), what="the ticket")
    disk.fill(leave=200_000)
    taken, _ = write_until_refused(bot)
    disk.fill()
    bot.kill()
    bot.spawn()
    try:
        bot.wait_ready()
    except Died:
        assert "No space left" in bot.log
        disk.make_room()
        bot.start()
    else:
        disk.make_room()
    assert "Traceback" not in bot.log
    until(lambda: len(bot.ask("inbox", "all")) == len(taken) + 1, what="every comment to be a ticket")
    assert bot.ask("audit", "verify")["sound"]


def test_a_restore_that_meets_a_full_disk_changes_nothing(disk: TinyDisk, bot: Portavoz) -> None:
    bot.post("Eva", "Where is my order?")
    until(lambda: tickets(bot), what="the ticket")
    made = bot.ask("backup")["path"]
    bot.stop()
    disk.fill(leave=100_000)
    answer = bot.cli("restore", made, "--replace")
    assert answer.returncode == 1
    assert "not enough room" in answer.stderr
    assert not list((disk.outside / "d").glob(".*restoring*"))
    disk.make_room()
    assert bot.cli("restore", made, "--replace").returncode == 0


def test_a_log_on_a_full_disk_does_not_end_the_process(disk: TinyDisk) -> None:
    """Standard output and error go to the disk that fills up."""
    made = Portavoz(disk.folder / "d", prefix=[*disk.prefix, "sh", "-c", _LOGGING, "sh", str(disk.folder)])
    with contextlib.closing(made):
        made.spawn()
        made.prefix = disk.prefix
        until(lambda: _ready(disk), what="the line that says ready")
        disk.fill()
        for n in range(50):
            made.post("Eva", f"Comment {n} " + "x" * 4000)
        assert made.ended() is None
        assert made.http.get("/healthz").status_code == 200
        disk.make_room()
        assert made.post("Eva", "Room again").status_code == 201
        until(lambda: "Room again" in tickets(made), what="the ticket")
        assert made.stop() == 0


_LOGGING = 'folder=$1; shift; exec "$@" >"$folder/out" 2>"$folder/err"'


def _ready(disk: TinyDisk) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return (disk.outside / "out").read_text().startswith("ready")
    return False
