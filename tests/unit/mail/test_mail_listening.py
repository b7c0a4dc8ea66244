"""What is read from the folders: each mail once, whatever the server does with its numbers, and nothing is changed."""

import asyncio
from datetime import UTC, datetime, timedelta

from handlers.networks.mail.listening import BYTES, batches, marks_in
from handlers.networks.mail.wire import Entry
from tests.contract.mail_side import MailSide
from tests.contract.network_side import RecordingIntake, listening
from tests.unit.mail.conftest import Open

NOW = datetime.now(UTC).replace(microsecond=0)


def mail(name: str, more: str = "") -> bytes:
    return f"From: {name}@people.example\r\nMessage-ID: <{name}@people.example>\r\n{more}\r\n{name}\r\n".encode()


def texts(intake: RecordingIntake) -> list[str]:
    return [item.text for item in intake.items]


async def test_several_folders_come_in_by_time_and_each_mail_once(open_side: Open) -> None:
    side = await open_side(folders=("INBOX", "Tienda"))
    for at, (folder, name) in enumerate([("Tienda", "uno"), ("INBOX", "dos"), ("Tienda", "tres"), ("Sent", "cuatro")]):
        await side.server.put(folder, mail(name), NOW - timedelta(minutes=10 - at))
    async with listening(side.network) as intake:
        await intake.until(lambda had: len(had.items) == 4)
        await side.server.put("Tienda", mail("cinco"), NOW)
        await intake.until(lambda had: len(had.items) == 5)
    assert texts(intake) == ["uno", "dos", "tres", "cuatro", "cinco"]
    assert [item.ours for item in intake.items] == [False, False, False, True, False]
    async with listening(side.network, cursor=intake.cursor) as again:
        await side.server.put("INBOX", mail("seis"), NOW)
        await again.until(lambda had: had.items)
    assert texts(again) == ["seis"]


async def test_a_folder_that_is_numbered_anew_loses_nothing_and_brings_the_same_items(side: MailSide) -> None:
    for name in ("uno", "dos"):
        await side.server.put("INBOX", mail(name), NOW - timedelta(minutes=5))
    async with listening(side.network) as first:
        await first.until(lambda had: len(had.items) == 2)
    box = await side.server.boxes.get_mailbox("INBOX")
    box._uid_validity += 1
    await side.server.put("INBOX", mail("tres"), NOW)
    async with listening(side.network, cursor=first.cursor) as second:
        await second.until(lambda had: len(had.items) == 3)
    assert second.items[:2] == first.items
    assert texts(second) == ["uno", "dos", "tres"]


async def test_the_first_start_takes_in_only_what_is_young_enough_and_the_past_can_be_read_back(
    open_side: Open,
) -> None:
    side = await open_side(first_hours=2)
    for hours, name in ((50, "antes"), (3, "ayer"), (1, "hoy")):
        await side.server.put("INBOX", mail(name), NOW - timedelta(hours=hours))
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
        await side.server.put("INBOX", mail("ahora"), NOW)
        await intake.until(lambda had: len(had.items) == 2)
    assert texts(intake) == ["hoy", "ahora"]
    past = RecordingIntake()
    await side.network.backfill(past, NOW - timedelta(hours=4))
    assert texts(past) == ["ayer", "hoy", "ahora"]


async def test_nothing_on_the_server_is_changed_by_reading(side: MailSide) -> None:
    await side.server.put("INBOX", mail("uno"), NOW)
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    await side.network.conversation(intake.items[0])
    await side.network.check()
    assert await side.server.flags("INBOX") == [set()]


async def test_what_programs_wrote_is_passed_over_once(side: MailSide) -> None:
    await side.server.put("INBOX", mail("robot", "Auto-Submitted: auto-replied\r\n"), NOW)
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.cursor)
    assert intake.events == []
    async with listening(side.network, cursor=intake.cursor) as again:
        await side.server.put("INBOX", mail("persona"), NOW)
        await again.until(lambda had: had.items)
    assert texts(again) == ["persona"]


async def test_a_server_that_does_not_push_is_asked(open_side: Open) -> None:
    side = await open_side(idle=False, poll_seconds=0.05)
    assert "does not tell of new mail" in (await side.network.check()).warnings[0]
    async with listening(side.network) as intake:
        await asyncio.sleep(0.1)
        await side.server.put("INBOX", mail("uno"), NOW)
        await intake.until(lambda had: had.items)
    assert texts(intake) == ["uno"]


async def test_a_large_mail_is_read_in_part(side: MailSide) -> None:
    body = mail("grande") + b"palabra \r\n" * 150_000
    await side.server.put("INBOX", body, NOW)
    async with listening(side.network) as intake:
        await intake.until(lambda had: had.items)
    assert intake.items[0].text.endswith("[+ …]")


def test_mails_are_taken_in_pieces_that_fit_into_memory() -> None:
    entries = [Entry("INBOX", uid, 10**9, NOW) for uid in range(40)]
    assert [len(piece) for piece in batches([entries])] == [BYTES // 10**6] * 5
    small = [Entry(folder, uid, 10, NOW) for folder in "ab" for uid in range(60)]
    assert [len(piece) for piece in batches([small[:60], small[60:]])] == [50, 50, 20]


def test_a_cursor_that_means_nothing_is_none() -> None:
    for cursor in (
        None,
        "",
        "m1.",
        "m1.[]",
        'm1.{"INBOX":3}',
        'm1.{"INBOX":[1,2]}',
        'm1.{"INBOX":[1,"x",3]}',
        "m1." + "[" * 9999,
    ):
        assert marks_in(cursor) == {}
