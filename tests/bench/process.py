"""The process itself with nothing configured: how soon it is ready, and what it costs while nothing happens."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from pathlib import Path

from tests.bench.show import table, under
from tests.e2e.process import Portavoz

STARTS = 5
IDLE = 20.0
HEAVY = ("slack_bolt", "slack_sdk", "discord", "telegram", "openai", "aiohttp")
"""What must not be imported while it is not configured."""


async def measure(folder: Path) -> None:
    """Print the figures."""
    await asyncio.to_thread(_measure, folder)


def _measure(folder: Path) -> None:
    # As on a user's machine: what was compiled once is kept. The first start, which compiles, does not count.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    bot = Portavoz(folder / "process", environ=kept)
    try:
        _start(bot)
        took = [_start(bot) for _ in range(STARTS)]
        bot.start()
        time.sleep(3)  # the first moments belong to the start
        cpu, began = bot.cpu(), time.monotonic()
        time.sleep(IDLE)
        share = (bot.cpu() - cpu) / (time.monotonic() - began) * 100
        resting = bot.rss()
        bot.post("Marta", "Compré una cafetera el martes y llegó rota. ¿Qué puedo hacer ahora?")
        time.sleep(1)
        working = bot.rss()
        bot.stop()
        found = imported(folder / "imports")
    finally:
        bot.close()
    ready = statistics.median(took)
    table(
        "The process with nothing configured",
        [
            ("start to ready", f"{ready:.2f} s", f"median of {STARTS}; {under(ready, 2, 's')}"),
            ("idle processor", f"{share:.2f} %", f"over {IDLE:.0f} s; {under(share, 1, '%')}"),
            ("idle memory", f"{resting:.0f} MB", f"resident; {under(resting, 130, 'MB')}"),
            ("after one comment", f"{working:.0f} MB", under(working, 130, "MB")),
            ("not configured, yet imported", ", ".join(found) or "none", "OK" if not found else "short"),
        ],
    )


def _start(bot: Portavoz) -> float:
    bot.start()
    bot.stop()
    return bot.took


def imported(data: Path) -> list[str]:
    """Which of the heavy packages a running process has imported, by the interpreter's own account of imports."""
    bot = Portavoz(data, environ={"PYTHONPROFILEIMPORTTIME": "1"})
    try:
        bot.start()
        bot.post("Marta", "Compré una cafetera el martes y llegó rota. ¿Qué puedo hacer ahora?")
        time.sleep(1)
        bot.stop()
    finally:
        bot.close()
    names = set(re.findall(r"^import time:.*\| +(\w+)", bot.log, re.MULTILINE))
    assert "starlette" in names, "the interpreter did not tell its imports"
    return sorted(names & set(HEAVY))
