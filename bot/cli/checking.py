"""`check`: does everything work that the bot needs? One light for each part."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import settings_of
from bot.core.types import Light

if TYPE_CHECKING:
    from bot.engine.parts import Parts
    from bot.settings import Problem, Settings
    from bot.store.engine import Database

PATIENCE = 20.0
"""Seconds that a network gets to answer."""


def check(ctx: typer.Context, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Look at everything; 0 when nothing is red."""
    from bot.cli.asking import show_lights

    settings = settings_of(ctx.obj)
    show_lights([_file(settings), *_parts(settings)], ctx.obj.lang or settings.locale, json=json)


def _file(settings: Settings) -> Light:
    if settings.config_file is None:
        return Light(code="settings_defaults", state="ok")
    return Light(code="settings_ok", state="ok", params={"file": str(settings.config_file)})


def _parts(settings: Settings) -> Iterator[Light]:
    from bot.store.disk import disk
    from bot.store.errors import DatabaseUnreachable, NotReady
    from bot.store.migrate import assert_ready
    from bot.wiring import database_of

    yield disk(settings.data)
    told = texts(settings)
    yield from told
    if settings.postgres is None and not settings.database.is_file():
        yield Light(code="database_missing", state="red", params={"file": str(settings.database)})
        return
    try:
        database = database_of(settings)
        assert_ready(database)
    except (DatabaseUnreachable, NotReady) as error:
        params = {"problem": error.problem, "remedy": error.remedy}
        yield Light(code="database_unusable", state="red", params=params)
        return
    try:
        yield _sound(database)
        yield _clock(database)
        if all(light.state != "red" for light in told):
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
        return [_wrong(problem) for problem in error.problems]
    try:
        return [*_chats(parts), *_networks(parts), _model(settings, parts)]
    except SettingsError as error:
        return [_wrong(problem) for problem in error.problems]
    finally:
        finish(parts)


def _wrong(problem: Problem) -> Light:
    params = {"name": problem.name, "problem": problem.problem, "remedy": problem.remedy}
    return Light(code="setting_wrong", state="red", params=params)


def _chats(parts: Parts) -> list[Light]:
    """Each chat looks for itself, where it has somebody to ask."""

    async def all_() -> list[Light]:
        return [light for chat in parts.chats for light in await _chat(parts, chat)]

    return asyncio.run(all_())


async def _chat(parts: Parts, chat: str) -> list[Light]:
    who: dict[str, object] = {"part": "chat", "account": chat}
    look = getattr(parts.chats[chat], "check", None)
    if look is None:
        return [Light(code="account_ok", state="ok", params={**who, "name": ""})]
    try:
        async with asyncio.timeout(PATIENCE):
            found: list[Light] = await look(parts.rooms)
    except TimeoutError:
        return [Light(code="account_silent", state="red", params=who)]
    return found


def texts(settings: Settings) -> list[Light]:
    """Whether what drafters are told can be read, the team's own folder included, and whether it still holds."""
    from bot.engine.parts import utc_now
    from bot.settings import SettingsError
    from bot.wiring import texts_of

    try:
        found = texts_of(settings)
    except SettingsError as error:
        reason = "; ".join(f"{problem.name}: {problem.problem}" for problem in error.problems)
        return [Light(code="texts_wrong", state="red", params={"reason": reason})]
    except OSError as error:
        return [Light(code="texts_wrong", state="red", params={"reason": str(error)})]
    lights = [Light(code="texts_ok", state="ok", params={"count": len(found.prompts.all)})]
    moved = [prompt.name for prompt in found.prompts.all if prompt.moved]
    if moved:
        lights.append(Light(code="texts_moved", state="warn", params={"names": ", ".join(moved)}))
    if settings.prompts is None:
        return lights
    sorts = Counter(entry.sort for entry in found.knowledge.entries)
    counts = {"facts": sorts["fact"], "saved": sorts["reply"], "voices": sorts["voice"]}
    lights.append(Light(code="knowledge_ok", state="ok", params=counts))
    expired = found.knowledge.expired(utc_now().astimezone(settings.tz).date())
    if expired:
        names = ", ".join(entry.path for entry in expired[:10])
        lights.append(Light(code="knowledge_expired", state="warn", params={"names": names, "count": len(expired)}))
    return lights


def _sound(database: Database) -> Light:
    problems = database.integrity()
    if problems:
        return Light(code="database_damaged", state="red", params={"problem": "; ".join(problems[:3])})
    return Light(code="database_ok", state="ok", params={"file": database.where})


def _clock(database: Database) -> Light:
    from bot.engine.parts import utc_now
    from bot.store.lights import clock

    with database.read() as conn:
        return clock(conn, utc_now())


def _networks(parts: Parts) -> list[Light]:
    async def all_() -> list[Light]:
        return list(await asyncio.gather(*(_network(parts, account) for account in parts.networks)))

    return asyncio.run(all_())


def _model(settings: Settings, parts: Parts) -> Light:
    """Whether the model's endpoint lets us in and has the model; nothing is written, nothing is paid for."""
    from bot.settings.secrets import DRAFTER, variable
    from bot.wiring import close_model

    if settings.drafter.type is None:
        return Light(code="model_none", state="ok")
    if parts.model is None:
        params = {"model": settings.drafter.model, "variable": variable(DRAFTER)}
        return Light(code="model_no_key", state="warn", params=params)
    model = parts.model

    async def look() -> Light:
        try:
            return await model.check()
        finally:
            # Its connections belong to this loop.
            await close_model(parts)

    return asyncio.run(look())


async def _network(parts: Parts, account: str) -> Light:
    """Whether the network lets us in."""
    from bot.core.errors import AdapterError, AuthExpired

    who = {"part": "network", "account": account}
    try:
        async with asyncio.timeout(PATIENCE):
            found = await parts.networks[account].check()
    except AuthExpired as error:
        return Light(code="account_auth", state="red", params={**who, "reason": error.reason})
    except (AdapterError, OSError, TimeoutError) as error:
        if not str(error):
            return Light(code="account_silent", state="red", params=who)
        return Light(code="account_unreachable", state="red", params={**who, "reason": str(error)})
    if found.warnings:
        return Light(code="account_warned", state="warn", params={**who, "reason": "; ".join(found.warnings)})
    return Light(code="account_ok", state="ok", params={**who, "name": found.name})
