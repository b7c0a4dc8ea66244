"""`check`: does everything work that the bot needs? One light for each part."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import settings_of
from bot.core.types import Light

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.types import Account, Item
    from bot.engine.parts import Parts
    from bot.settings import Problem, Settings
    from bot.store.engine import Database

PATIENCE = 25.0
"""Seconds that a network gets to answer: more than most adapters take, who say better what did not come."""
SKEW = 60
"""Seconds that a network's clock may differ from ours."""


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
    from bot.places import database_of
    from bot.store.disk import disk
    from bot.store.errors import DatabaseUnreachable, NotReady
    from bot.store.migrate import assert_ready, current

    yield disk(settings.data)
    told = texts(settings)
    yield from told
    if any(light.state == "red" for light in told):
        settings = settings.model_copy(update={"prompts": None})  # said; it keeps nobody from looking at the rest
    if settings.postgres is None and not settings.database.is_file():
        yield Light(code="database_missing", state="warn", params={"file": str(settings.database)})
        yield from _before_the_first_start(settings)
        return
    try:
        database = database_of(settings)
        empty = current(database) is None
        if not empty:
            assert_ready(database)
    except (DatabaseUnreachable, NotReady) as error:
        params = {"problem": error.problem, "remedy": error.remedy}
        yield Light(code="database_unusable", state="red", params=params)
        return
    if empty:
        yield Light(code="database_empty", state="warn", params={"file": database.where})
        database.close()
        yield from _before_the_first_start(settings)
        return
    try:
        yield _sound(database)
        yield _clock(database)
        yield from _few_approvers(settings, database)
        yield from _adapters(settings, database)
    finally:
        database.close()


def _before_the_first_start(settings: Settings) -> list[Light]:
    """The same over an empty folder that is thrown away: nothing appears where nothing was."""
    from bot.store.engine import Database
    from bot.store.migrate import migrate

    with tempfile.TemporaryDirectory(prefix="portavoz-check-") as name:
        database = Database.at(Path(name).resolve() / "portavoz.db")
        try:
            migrate(database, backup_dir=None)
            asked = _adapters(settings.model_copy(update={"data": Path(name)}), database)
            return [*_few_approvers(settings, None), *asked]
        finally:
            database.close()


def _adapters(settings: Settings, database: Database) -> list[Light]:
    """Everything is made as the bot would make it, so that no setting is wrong unnoticed; what is, hides nothing."""
    from bot.cli.calendar import calendar_lights
    from bot.settings import SettingsError
    from bot.wiring import build_parts, finish, routes_of

    settings, lights = _sane(settings)
    parts = build_parts(settings, database, chats=True)
    try:
        try:
            routes_of(parts)
        except SettingsError as error:
            lights += [_wrong(problem) for problem in error.problems]
        newest = _newest(database, list(parts.networks))
        planned = calendar_lights(parts.digests.calendar, parts.now(), parts.tz)
        return [*lights, *_chats(parts), *_networks(parts, newest), *planned, _model(settings, parts)]
    finally:
        finish(parts)


def _sane(settings: Settings) -> tuple[Settings, list[Light]]:
    """The settings without the adapters whose own cannot be used, and what is wrong with these."""
    from bot.adapters import wrong
    from bot.settings.entries import DrafterEntry
    from bot.settings.secrets import DRAFTER

    found = wrong(settings)
    sane: dict[str, object] = {
        "networks": tuple(entry for entry in settings.networks if ("networks", entry.id) not in found),
        "chats": tuple(entry for entry in settings.chats if ("chats", entry.id) not in found),
    }
    if ("models", DRAFTER) in found:
        sane["drafter"] = DrafterEntry()
    lights = [_wrong(problem) for problems in found.values() for problem in problems]
    return settings.model_copy(update=sane), lights


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
        return [_text_wrong(problem.name, problem.problem) for problem in error.problems]
    except OSError as error:
        return [_text_wrong(str(error.filename), f"cannot be read ({error.strerror})")]
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


def _text_wrong(file: str, problem: str) -> Light:
    return Light(code="texts_wrong", state="red", params={"file": file, "problem": problem})


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


def _few_approvers(settings: Settings, database: Database | None) -> Iterator[Light]:
    """Whether the settings' people are enough for every quorum, with those whom a chat vouched for."""
    from bot.core.manning import approvers_light
    from bot.store.people import everybody, vouched

    people = settings.as_people()
    if database is not None:
        with database.read() as conn:
            people += tuple(vouched(everybody(conn), people, [chat.id for chat in settings.chats]).values())
    light = approvers_light(people, critical=settings.quorum.critical, crisis=settings.quorum.crisis)
    if light is not None:
        yield light


def _newest(database: Database, accounts: list[str]) -> dict[str, Item]:
    """Each account's newest comment, to be read again."""
    from bot.store.vanished import newest

    with database.read() as conn:
        found = {account: newest(conn, account) for account in accounts}
    return {account: item for account, item in found.items() if item is not None}


def _networks(parts: Parts, known: dict[str, Item]) -> list[Light]:
    async def all_() -> list[Light]:
        try:
            some = await asyncio.gather(*(_network(parts, account, known.get(account)) for account in parts.networks))
        finally:
            # Their connections belong to this loop.
            for network in parts.networks.values():
                if hasattr(network, "aclose"):
                    await network.aclose()
        return [light for lights in some for light in lights]

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


async def _network(parts: Parts, account: str, known: Item | None) -> list[Light]:
    """Whether the network lets us in; then its clock, its limits, the token's rights and its end, and a dry read."""
    from bot.core.errors import AdapterError, AuthExpired

    who: dict[str, object] = {"part": "network", "account": account}
    try:
        async with asyncio.timeout(PATIENCE):
            found = await parts.networks[account].check()
    except AuthExpired as error:
        return [Light(code="account_auth", state="red", params={**who, "reason": error.reason})]
    except (AdapterError, OSError, TimeoutError) as error:
        if not str(error):
            return [Light(code="account_silent", state="red", params=who)]
        return [Light(code="account_unreachable", state="red", params={**who, "reason": str(error)})]
    first = [Light(code="account_warned", state="warn", params={**who, "reason": one}) for one in found.warnings]
    first = first or [Light(code="account_ok", state="ok", params={**who, "name": found.name})]
    return [*first, *_told(parts, who, found), *await _read_again(parts, who, known)]


def _told(parts: Parts, who: dict[str, object], found: Account) -> Iterator[Light]:
    """What the network says of itself and of the token."""
    account = str(who["account"])
    if found.scopes:
        yield Light(code="account_scopes", state="ok", params={**who, "scopes": ", ".join(found.scopes)})
    ends = [one for one in (found.expires_at, parts.expires.get(f"network:{account}")) if one is not None]
    if ends:
        yield _lasts(who, min(ends), parts)
    if found.ahead is not None:
        seconds = int(found.ahead.total_seconds())
        params = {**who, "seconds": abs(seconds)}
        agrees = abs(seconds) <= SKEW
        yield (
            Light(code="account_clock_ok", state="ok", params=params)
            if agrees
            else Light(code="account_clock", state="warn", params=params)
        )
    can = parts.networks[account].capabilities()
    if can.can_reply:
        limits = {"length": can.max_length or "∞", "burst": can.budget.burst, "rate": f"{can.budget.rate * 60:g}"}
        yield Light(code="account_limits", state="ok", params={**who, **limits})


def _lasts(who: dict[str, object], ends: datetime, parts: Parts) -> Light:
    from bot.store.lights import expiry

    day = ends.astimezone(parts.tz).date().isoformat()
    lasting = Light(code="account_lasts", state="ok", params={**who, "day": day})
    return expiry(who, ends, parts.now(), parts.tz) or lasting


async def _read_again(parts: Parts, who: dict[str, object], known: Item | None) -> list[Light]:
    """A dry read: the newest comment as the network has it now. Nothing is changed by it, nor taken in."""
    from bot.core.errors import AdapterError
    from bot.core.types import Gone

    if known is None:
        return []
    try:
        async with asyncio.timeout(PATIENCE):
            found = await parts.networks[str(who["account"])].current(known)
    except (AdapterError, OSError, TimeoutError) as error:
        return [Light(code="account_unread", state="warn", params={**who, "reason": str(error) or "no_answer"})]
    if isinstance(found, Gone):
        return [Light(code="account_read_gone", state="ok", params=who)]
    return [Light(code="account_read", state="ok", params=who)]
