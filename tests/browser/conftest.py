"""A Chromium for each file, a desk for each test that asks for one, and patience for crowded machines."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from playwright.async_api import expect as soon
from playwright.sync_api import expect as soon_too

from tests.browser.office import CHROMIUM, FLAGS, PATIENCE, Office

# What has not happened by then will not; a crowded machine is slow, and it costs nothing where all is well.
for one in (soon, soon_too):
    one.set_options(timeout=PATIENCE / 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a browser's own hiccup (a crash, a stalled start) not fail a run: one more try, shown as RERUN.

    Here alone. Where a store, a publication or a death is tested, what fails now and then is a fault of ours, and a
    second try would hide it. What is RERUN again and again is one, too.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A start takes a second; what must not be shared is in each person's own context."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def office(chromium: Browser, tmp_path: Path, free_port: int) -> AsyncIterator[Office]:
    office = Office(chromium, Path(os.environ.get("SCREENSHOTS") or tmp_path))
    await office.open(free_port)
    try:
        yield office
    finally:
        await office.close()
