"""The desk for everybody: axe-core finds nothing on any page, in light and dark, wide and on a phone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.core import messages as m
from bot.core.letters import Letter, LetterState, Muting
from bot.core.report import Load
from bot.core.routing import Route
from bot.core.types import Severity
from tests.browser.office import PHONE, WIDE, Office, a_busy_morning

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def complaints(page: Page) -> list[str]:
    """What axe-core has against the page as it stands."""
    found = await Axe().run(page)
    return [
        json.dumps([rule["id"], rule["help"], [node["html"][:160] for node in rule["nodes"]][:4]])
        for rule in found.response["violations"]
    ]


def troubles(office: Office) -> None:
    """Something on every page that is mostly empty."""
    world, now = office.world, office.world.clock()
    world.waiting = [
        Letter(
            id="K7Q2.1",
            type="publish",
            state=LetterState.UNCERTAIN,
            part="network",
            place="wall",
            since=now - timedelta(hours=2),
            reason="timeout",
            ticket=next(iter(world.shelves)),
            attempts=3,
            text="Sorry, Marta.",
            target_url="https://wall.example/c/1",
            remedies=("settle", "retry", "escalate"),
        ),
        Letter(
            id="E17",
            type="card",
            state=LetterState.DEAD,
            part="room",
            place="care",
            since=now - timedelta(days=2),
            reason="channel_not_found",
            attempts=12,
            remedies=("retry", "done"),
        ),
    ]
    world.loads = [Load(person="ana", assigned=3, answered=2, decided=4)]
    world.muted = [Muting(pattern="@noisy", by="luis", at=now)]
    world.configured = type(world.configured)(
        about=world.configured.about,
        rooms=world.configured.rooms,
        routes=(Route(room="desk", min_severity=Severity.HIGH),),
    )


LOOKS: list[tuple[str, Literal["light", "dark"], tuple[int, int]]] = [
    ("light", "light", WIDE),
    ("dark", "dark", WIDE),
    ("phone-light", "light", PHONE),
    ("phone-dark", "dark", PHONE),
]


async def looked_at(office: Office, page: Page, name: str) -> list[str]:
    """What is wrong with this page in any of its looks."""
    found: list[str] = []
    for look, scheme, (width, height) in LOOKS:
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": width, "height": height})
        await office.picture(page, f"axe-{look}{name}")
        found += [f"{look}: {one}" for one in await complaints(page)]
        if not await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{look}: it is wider than the window")
    return found


async def test_axe_finds_nothing_on_any_page(office: Office) -> None:
    tickets = await a_busy_morning(office)
    troubles(office)
    await office.world.submit(m.Approve(by="luis", via="desk", ticket=tickets["praise"], revision=1))
    office.world.on |= {"paused": "printer", "crisis": "recall"}
    page = await office.enter("luis")
    await page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another one while it is looked at
    found: dict[str, list[str]] = {}
    paths = ["/desk", "/desk?view=mine&severity=high", "/desk?view=snoozed", "/desk/search", "/desk/search?q=shop"]
    paths += ["/desk/reports", "/desk/reports?from=2025-01-01&to=2025-01-02", "/desk/reports?from="]
    paths += ["/desk/search?q=zebra", "/desk/failures", "/desk/nowhere", "/desk/t/NOPE"]
    paths += [f"/desk/settings/{name}" for name in ("networks", "rooms", "people", "prompts", "rules")]
    paths += [f"/desk/t/{ticket}" for ticket in tickets.values()]
    for path in paths:
        await page.goto(f"{office.base}{path}")
        for fold in await page.locator("#thread details > summary").all():
            await fold.evaluate("summary => summary.parentElement.open = true")
        found[path] = await looked_at(office, page, path.replace("/", "-").replace("?", "-")[:40])
    await page.goto(f"{office.base}/desk")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    found["keys"] = await looked_at(office, page, "-keys")
    await page.goto(await office.desk.sign_in_link("eva"))
    found["signing in"] = await looked_at(office, page, "-in")
    assert {path: rules for path, rules in found.items() if rules} == {}


async def test_what_happens_is_told_to_who_does_not_see_it(office: Office) -> None:
    ticket = office.world.comment()
    page = await office.enter("luis")
    await page.goto(f"{office.base}/desk/t/{ticket}")
    for place in ("#live", "#company", "#link-state"):
        assert await page.locator(place).get_attribute("role") == "status"
    await page.locator("[data-key=a]").click()
    await expect(page.get_by_role("status").filter(has_text="Approved.")).to_be_visible()


async def test_nothing_moves_for_who_wants_nothing_to_move(office: Office) -> None:
    ticket = office.world.comment()
    page = await office.enter("luis")
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(f"{office.base}/desk/t/{ticket}")
    moving = (
        "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s').length"
    )
    assert await page.evaluate(moving) == 0


async def test_the_look_is_chosen_by_person_and_stays(office: Office) -> None:
    office.world.comment()
    page = await office.enter("luis", scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(paper)
    async with page.expect_response("**/desk/look"):
        await page.get_by_role("button", name="Dark").click()
    await expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    dark = await page.evaluate(paper)
    assert dark != light
    await page.goto(f"{office.base}/desk/settings")
    assert await page.evaluate(paper) == dark
    await page.get_by_role("button", name="Like the computer").click()
    await expect(page.get_by_role("button", name="Like the computer")).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate(paper) == light


async def test_the_look_can_be_chosen_without_scripts(office: Office) -> None:
    page = await office.enter("luis", scripts=False)
    await page.get_by_role("button", name="Dark").click()
    await expect(page.locator("html")).to_have_attribute("data-look", "dark")
