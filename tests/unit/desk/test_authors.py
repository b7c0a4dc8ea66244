"""The page of somebody who writes to us."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core import messages as m
from bot.core.types import AuthorFlag
from tests.contract.desk_side import DeskSide

LUIS = "luis"


NUMBER = 7


def comment(desk: DeskSide, text: str = "My cup is broken") -> str:
    """A comment by somebody whom their network knows."""
    ticket = desk.world.comment(text, author="Marta")
    shelf = desk.world.shelves[ticket]
    shelf.case = replace(shelf.case, ticket=replace(shelf.case.ticket, author=NUMBER))
    return ticket


async def test_the_thread_leads_to_the_page_with_history_notes_and_answers(desk: DeskSide) -> None:
    ticket = comment(desk)
    desk.world.answers[ticket] = "We send <i>another</i> one."
    thread = (await (await desk.browser(LUIS)).get(f"/desk/t/{ticket}")).text
    assert f'href="/desk/a/{NUMBER}"' in thread
    page = await desk.page(LUIS, f"/desk/a/{NUMBER}")
    for wanted in (
        "Marta",
        "Their tickets",
        ticket,
        "My cup is broken",
        "We send <i>another</i> one.",
        "1200 followers",
    ):
        assert wanted in page.text, wanted
    raw = (await (await desk.browser(LUIS)).get(f"/desk/a/{NUMBER}")).text
    assert "<b>m</b>" not in raw
    assert "\u202e" not in raw
    assert "They may ask to see it, and to have it erased." in page.text


async def test_a_flag_and_a_note_are_given_on_the_page_and_the_flag_is_seen_everywhere(desk: DeskSide) -> None:
    ticket = comment(desk)
    at = f"/desk/a/{NUMBER}"
    page = await desk.page(LUIS, at)
    flagged = await desk.send(LUIS, f"{at}/flag", {**page.forms[f"{at}/flag"].fields, "flag": "vip"})
    assert "is flagged now: vip" in flagged.text
    await desk.send(LUIS, f"{at}/about", {**page.forms[f"{at}/about"].fields, "text": " Prefers <b>mail</b> "})
    wishes = desk.world.submitted[-2:]
    assert wishes == [
        m.FlagAuthor(by=LUIS, via="desk", ticket=ticket, flag=AuthorFlag.VIP),
        m.NoteAuthor(by=LUIS, via="desk", ticket=ticket, text="Prefers <b>mail</b>"),
    ]
    assert "Prefers <b>mail</b>" in (await desk.page(LUIS, at)).text
    for place in (at, f"/desk/t/{ticket}", "/desk"):
        assert "VIP" in (await desk.page(LUIS, place)).text, place
    assert "Prefers" not in (await desk.page(LUIS, f"/desk/t/{ticket}")).text, "it is about the person, not the matter"


async def test_what_is_no_flag_no_note_or_nobody_changes_nothing(desk: DeskSide) -> None:
    comment(desk)
    at = f"/desk/a/{NUMBER}"
    fields = (await desk.page(LUIS, at)).forms[f"{at}/flag"].fields
    said = await desk.send(LUIS, f"{at}/about", {**fields, "text": "  "})
    assert "There is no text yet." in said.text
    browser = await desk.browser(LUIS)
    for wrong in ("/desk/a/0", "/desk/a/x", "/desk/a/²", "/desk/a/99999999999999999999999"):
        assert (await browser.get(wrong)).status_code == 404, wrong
    assert not [one for one in desk.world.submitted if isinstance(one, m.FlagAuthor | m.NoteAuthor)]


async def test_a_viewer_reads_the_page_and_finds_nothing_to_fill_in(desk: DeskSide) -> None:
    comment(desk)
    at = f"/desk/a/{NUMBER}"
    assert not [form for form in (await desk.page("tom", at)).forms if form.startswith(at)]


async def test_the_command_leads_to_the_page(desk: DeskSide) -> None:
    ticket = comment(desk)
    page = await desk.page(LUIS, f"/desk/t/{ticket}")
    found = await desk.send(LUIS, "/desk/command", {**page.forms["/desk/command"].fields, "line": "author"})
    assert "Their tickets" in found.text
    shelf = desk.world.shelves[ticket]
    shelf.case = replace(shelf.case, ticket=replace(shelf.case.ticket, author=None))
    typed = await desk.send(LUIS, "/desk/command", {**page.forms["/desk/command"].fields, "line": "autor"})
    assert "merely typed" in typed.text


async def test_a_clock_that_stands_still_is_said_in_words(desk: DeskSide) -> None:
    ticket = desk.world.comment(author="Marta")
    shelf = desk.world.shelves[ticket]
    still = replace(shelf.case.ticket, due_at=None, clock_since=None, answer_target=3600, answer_spent=1200)
    shelf.case = replace(shelf.case, ticket=still)
    assert "The clock stands still; 40 minutes left" in (await desk.page(LUIS, f"/desk/t/{ticket}")).text
    shelf.case = replace(shelf.case, ticket=replace(still, answer_spent=int(timedelta(hours=3).total_seconds())))
    assert "The clock stands still; overdue by 2 hours" in (await desk.page(LUIS, "/desk")).text
