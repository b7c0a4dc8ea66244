"""A desk for each test that asks for one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.office import CHROMIUM, FLAGS, Office


@pytest.fixture
async def office(tmp_path: Path, free_port: int) -> AsyncIterator[Office]:
    pictures = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        office = Office(browser, pictures)
        await office.open(free_port)
        yield office
        await browser.close()
        await office.close()
