"""The desk with 10,000 tickets: how long the server makes its pages, and how soon a browser shows the first one."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import httpx2
import uvicorn
from playwright.async_api import Browser, async_playwright
from starlette.applications import Starlette

from handlers.chats.desk import DeskChat
from handlers.chats.desk.house import STATIC, static_file
from tests.bench.comments import comments
from tests.bench.house import House, arrivals, house
from tests.bench.show import spread, table, under
from tests.support.ports import free_port

TICKETS = 10_000
ROUNDS = 20
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SETTLED = 1.0
"""Seconds in which a new window has loaded the browser's own pages, which a person's window did long before."""
FIRST_VIEW = 300.0
"""Milliseconds in which the first view of a page should stand there."""
WEIGHT = 200.0
"""Kilobytes that a page may weigh, with all that it loads."""


async def measure(folder: Path) -> None:
    """Print the figures."""
    async with house(folder, "desk", chats=True) as home:
        events = arrivals(comments(4, TICKETS))
        intake = home.engine.intake_of("wall")
        for start in range(0, TICKETS, 500):
            await intake.emit(*events[start : start + 500])
        desk = home.parts.chats["desk"]
        assert isinstance(desk, DeskChat)
        await _measure(home, desk)


async def _measure(home: House, desk: DeskChat) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    desk._house.base_url = base
    listening = asyncio.create_task(desk.listen(home.engine.intake_of("desk"), home.reader))
    app = Starlette(routes=desk.routes())
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", ws="none"))
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.02)
    ticket = (await home.reader.inbox(limit=1))[0].id
    rows = await _served(base, await desk.sign_in_link("ana"), ticket)
    rows += await _shown(base, desk, ticket)
    table(f"The desk with {TICKETS:,} tickets", rows)
    await desk.aclose()
    server.should_exit = True
    await serving
    listening.cancel()


async def _served(base: str, link: str, ticket: str) -> list[tuple[str, str, str]]:
    """What the server takes for each page, one after the other."""
    rows = []
    async with httpx2.AsyncClient(base_url=base, headers={"origin": base}) as client:
        await client.post(link, data={"go": "in"})
        for name, path in (
            ("inbox", "/desk"),
            ("thread", f"/desk/t/{ticket}"),
            ("list alone", "/desk/part/list"),
            ("thread alone", f"/desk/part/t/{ticket}"),
            ("unread view", "/desk?view=unread"),
            ("search", "/desk/search?q=caf"),
        ):
            took, kilobytes, worked = [], 0.0, time.process_time()
            for _ in range(ROUNDS):
                began = time.perf_counter()
                answer = await client.get(path)
                took.append(time.perf_counter() - began)
                assert answer.status_code == 200, path
                kilobytes = len(answer.content) / 1000
            share = (time.process_time() - worked) / ROUNDS * 1000
            rows.append((f"server: {name}", spread(took), f"{share:.0f} ms of processor, {kilobytes:.0f} kB"))
        html = len((await client.get("/desk")).content)
    total = (html + sum(len(static_file(name)) for name in STATIC)) / 1000
    return [*rows, ("weight of the inbox with all files", f"{total:.0f} kB", under(total, WEIGHT, "kB"))]


async def _shown(base: str, desk: DeskChat, ticket: str) -> list[tuple[str, str, str]]:
    """What a browser takes until a page stands there: without anything kept, and with its files kept."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        cold = [await _load(browser, desk, base, "/desk") for _ in range(5)]
        warm = [await _load(browser, desk, base, "/desk", again=True) for _ in range(5)]
        thread = [await _load(browser, desk, base, f"/desk/t/{ticket}", again=True) for _ in range(5)]
        await browser.close()
    return [_row("inbox, first visit", cold), _row("inbox", warm), _row("thread", thread)]


def _row(name: str, took: list[float]) -> tuple[str, str, str]:
    middle = statistics.median(took)
    return f"browser: {name}", f"{middle:.0f} ms", f"first contentful paint; {under(middle, FIRST_VIEW, 'ms')}"


async def _load(browser: Browser, desk: DeskChat, base: str, path: str, *, again: bool = False) -> float:
    """Milliseconds from asking for a page to its first contentful paint."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(await desk.sign_in_link("ana"))
    await page.get_by_role("button").click()
    await page.wait_for_url(f"{base}/desk")
    if not again:
        session = await context.cookies()
        await context.close()
        context = await browser.new_context()
        await context.add_cookies([{k: cookie[k] for k in ("name", "value", "domain", "path")} for cookie in session])  # type: ignore[misc]
        page = await context.new_page()
        await asyncio.sleep(SETTLED)
    await page.goto(f"{base}{path}")
    entry = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    while (took := await page.evaluate(entry)) is None:  # noqa: ASYNC110  # the page's policy forbids waiting inside it
        await asyncio.sleep(0.01)
    await context.close()
    return float(took)
