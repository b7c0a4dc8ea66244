"""`check`: does everything work that the bot needs? One light for each part."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import settings_of
from bot.core.types import Light

if TYPE_CHECKING:
    from bot.engine.parts import Parts
    from bot.settings import Settings
    from bot.store.engine import Database

LITTLE = 1 << 30
"""Bytes of free disk below which one should begin to look for room, and a tenth of it to worry."""
PATIENCE = 20.0
"""Seconds that a network gets to answer."""
SKEW = timedelta(minutes=2)


def check(ctx: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Look at everything; 0 when nothing is red."""
    from bot.cli.asking import show_lights

    settings = settings_of(ctx.obj)
    lights = [Light(name="settings", state="ok", detail=str(settings.config_file or "-")), *_parts(settings)]
    show_lights(lights, ctx.obj.lang or settings.locale, json=json)


def _parts(settings: Settings) -> Iterator[Light]:
    from bot.store.engine import DatabaseUnreachable
    from bot.store.migrate import NotReady, assert_ready
    from bot.wiring import database_of

    yield disk(settings.data)
    yield texts(settings)
    if settings.postgres is None and not settings.database.is_file():
        remedy = "Run `portavoz run` or `portavoz migrate`, or name the folder: `portavoz --data DIR check`."
        yield Light(name="database", state="red", detail=f"{settings.database} is not there.", remedy=remedy)
        return
    try:
        database = database_of(settings)
        assert_ready(database)
    except (DatabaseUnreachable, NotReady) as error:
        yield Light(name="database", state="red", detail=error.problem, remedy=error.remedy)
        return
    try:
        yield _sound(database)
        yield _clock(database)
        yield from _adapters(settings, database)
    finally:
        database.close()


def _adapters(settings: Settings, database: Database) -> list[Light]:
    """Everything is made as the bot would make it, so that no setting is wrong unnoticed."""
    from bot.settings import SettingsError
    from bot.wiring import build_parts, finish

    try:
        parts = build_parts(settings, database, chats=True)
    except SettingsError as error:
        return [Light(name=p.name, state="red", detail=p.problem, remedy=p.remedy) for p in error.problems]
    try:
        return [*(Light(name=f"chat {chat}", state="ok") for chat in parts.chats), *_networks(parts)]
    except SettingsError as error:
        return [Light(name=p.name, state="red", detail=p.problem, remedy=p.remedy) for p in error.problems]
    finally:
        finish(parts)


def disk(folder: Path) -> Light:
    """Whether there is room for what will come."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Light(name="disk", state="red", detail=f"{folder}: {error.strerror}", remedy="Check the data folder.")
    detail = f"{free / (1 << 30):.1f} GiB free"
    if free >= LITTLE:
        return Light(name="disk", state="ok", detail=detail)
    return Light(name="disk", state="warn" if free > LITTLE // 10 else "red", detail=detail, remedy="Make room.")


def texts(settings: Settings) -> Light:
    """Whether the prompts, those of the team's own folder included, can be read."""
    from prompts import PromptError, Prompts

    try:
        count = len(Prompts(settings.prompts).sha256)
    except (PromptError, OSError) as error:
        return Light(name="texts", state="red", detail=str(error), remedy="Correct that file, or take it away.")
    return Light(name="texts", state="ok", detail=f"{count} files")


def _sound(database: Database) -> Light:
    problems = database.integrity()
    if problems:
        remedy = "Stop the bot, keep the file, and put the newest backup in its place."
        return Light(name="database", state="red", detail="; ".join(problems[:3]), remedy=remedy)
    return Light(name="database", state="ok", detail=database.where)


def _clock(database: Database) -> Light:
    """A clock that was set back would make the record's order doubtful."""
    from sqlalchemy import func, select

    from bot.engine.parts import utc_now
    from bot.store.tables import events

    with database.read() as conn:
        newest = conn.execute(select(func.max(events.c.at))).scalar_one()
    now = utc_now()
    if newest is not None and newest > now + SKEW:
        detail = f"the newest row of the log is from {newest.isoformat()}, which is still to come"
        return Light(name="clock", state="red", detail=detail, remedy="Set the computer's clock.")
    return Light(name="clock", state="ok", detail=now.isoformat(timespec="seconds"))


def _networks(parts: Parts) -> list[Light]:
    async def all_() -> list[Light]:
        return list(await asyncio.gather(*(_network(parts, account) for account in parts.networks)))

    return asyncio.run(all_())


async def _network(parts: Parts, account: str) -> Light:
    """Whether the network lets us in."""
    from bot.core.errors import AdapterError, AuthExpired

    name = f"network {account}"
    try:
        async with asyncio.timeout(PATIENCE):
            found = await parts.networks[account].check()
    except AuthExpired as error:
        return Light(name=name, state="red", detail=error.reason, remedy="Renew the token or its rights.")
    except (AdapterError, OSError, TimeoutError) as error:
        detail = str(error) or "no answer"
        return Light(name=name, state="red", detail=detail, remedy="Check the address and the connection.")
    if found.warnings:
        return Light(name=name, state="warn", detail="; ".join(found.warnings), remedy="See the documentation.")
    return Light(name=name, state="ok", detail=found.name)
