"""`run`, `migrate` and `link`: the bot itself, its database, and a way to its desk."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Options, opened, settings_of
from bot.cli.errors import NOT_FOUND, WRONG, Stop
from bot.cli.output import as_json, say

if TYPE_CHECKING:
    from bot.settings import Settings

ADDRESS = "address"
"""The file in the data folder that says where the running bot is reached, for the other verbs."""


def run(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option("--host", metavar="H")] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="N")] = None,
) -> None:
    """The bot, until SIGTERM or Ctrl-C."""
    options: Options = ctx.obj
    settings = settings_of(options, host=host, port=port)  # what is wrong there is said before the long imports

    from bot import logs
    from bot.engine.sharing import OtherFolder
    from bot.serve import AlreadyRunning, PortTaken, serve

    logs.configure(level=settings.log_level, format=settings.log_format, secrets=settings.secrets.values())
    locale = options.lang or settings.locale
    address = settings.data / ADDRESS
    _usable(locale, settings.data)

    def announce(bound: Settings, link: str | None) -> None:
        # The bot works without either; a full disk may take neither.
        with suppress(OSError):
            _remember(address, bound.public_url)
        with suppress(OSError):
            say(ready_line(locale, bound, link))

    try:
        serve(settings, announce)
    except AlreadyRunning as error:
        raise Stop(_already(locale, settings.data), WRONG) from error
    except OtherFolder as error:
        raise Stop(_elsewhere(locale, error.account), WRONG) from error
    except PortTaken as error:
        raise Stop(_taken(locale, settings, str(error)), WRONG) from error


def _usable(locale: str, data: Path) -> None:
    """Raises Stop where the data folder could neither be used nor made; nothing is made yet."""
    from bot.locale import text

    there = next(place for place in (data.resolve(), *data.resolve().parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return
    why = errno.EACCES if there.is_dir() else errno.ENOTDIR
    said = text(
        locale,
        "The folder {data} cannot be used ({reason}). Name one that can be written to: `--data DIR` or PORTAVOZ_DATA.",
        data=data,
        reason=f"{there}: {os.strerror(why)}",
    )
    raise Stop(said, WRONG)


def ready_line(locale: str, settings: Settings, link: str | None) -> str:
    """`ready http://HOST:PORT ...`: one line; the word at its beginning is the same in every language."""
    from bot.locale import text

    url = settings.public_url
    parts = [f"ready {url}"]
    walls = [entry.fields for entry in settings.networks if entry.type == "wall" and not entry.fields.get("sample")]
    if walls:
        parts.append(text(locale, "wall: {url}", url=f"{url}{walls[0].get('path', '/wall')}"))
    if any(entry.type == "desk" for entry in settings.chats):
        parts.append(text(locale, "desk: {url}", url=f"{url}/desk"))
    if link:
        parts.append(text(locale, "sign in (once, within 15 minutes): {url}", url=link))
    return " | ".join(parts)


def _remember(file: Path, url: str) -> None:
    """The port may have come from the command line, or been a free one: other verbs could not know."""
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(url + "\n")
    fresh.replace(file)


def _already(locale: str, data: Path) -> str:
    from bot.locale import text

    return text(
        locale,
        "A bot is running already with the folder {data}. Stop it first, or give this one a folder of its own "
        "with `--data DIR`.",
        data=data,
    )


def _elsewhere(locale: str, account: str) -> str:
    from bot.locale import text

    return text(
        locale,
        "What stands on “{account}” is in the data folder of another process that works with this database. Start this "
        "one with the same folder (`--data DIR`), or take “{account}” out of the settings.",
        account=account,
    )


def _taken(locale: str, settings: Settings, detail: str) -> str:
    from bot.locale import text

    return text(
        locale,
        "It is not possible to listen there ({detail}). Choose another port with `--port N` or PORTAVOZ_PORT "
        "(0 takes a free one), or another address with `--host H`; now they are {port} and {host}.",
        detail=detail,
        port=settings.port,
        host=settings.host,
    )


def migrate(
    ctx: typer.Context,
    source: Annotated[str | None, typer.Option("--from", metavar="ADDRESS")] = None,
    target: Annotated[str | None, typer.Option("--to", metavar="ADDRESS")] = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="Dump a PostgreSQL database with pg_dump first; an SQLite file always is.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The database at this release's schema, and the team as the settings say; or everything into another one."""
    from bot.cli.backing import dump_first
    from bot.cli.moving import move
    from bot.engine.parts import utc_now
    from bot.engine.team import sync_team
    from bot.locale import text
    from bot.places import backup_folder, database_of
    from bot.store.migrate import assert_ready
    from bot.store.migrate import migrate as bring_up
    from bot.store.work import Work
    from bot.wiring import build_parts, finish

    options: Options = ctx.obj
    if source is not None or target is not None:
        move(options, source, target, json=as_json_)
        return
    settings = settings_of(options)
    database = database_of(settings)
    try:
        dumped = dump_first(settings, database, options.lang or settings.locale, wanted=backup)
        applied = bring_up(database, backup_dir=backup_folder(settings))
        assert_ready(database)
        parts = build_parts(settings, database, chats=False)
        with database.begin() as conn:
            work = Work(conn, utc_now())
            sync_team(work, parts)
            work.flush()
        finish(parts)
    finally:
        database.close()
    locale = options.lang or settings.locale
    if as_json_:
        dump = {"dump": str(dumped)} if dumped else {}
        as_json({"outcome": "done", "applied": applied, "database": database.where, **dump})
    elif applied:
        say(text(locale, "The database is up to date; applied: {revisions}.", revisions=", ".join(applied)))
    else:
        say(text(locale, "The database was up to date already."))


def link(
    ctx: typer.Context,
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]", show_default=False)] = None,
    as_json_: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """A new one-time link to the desk."""
    from bot.core.commands import person_named
    from bot.core.types import Role
    from bot.locale import text
    from bot.wiring import sign_in_link

    with opened(ctx.obj) as desk:
        team = desk.settings.as_people()
        leads = [one.id for one in team if one.role is Role.LEAD] or [one.id for one in team]
        wanted = person or os.environ.get("PORTAVOZ_AS")
        whose = person_named(wanted, team) if wanted else next(iter(leads), None)
        if whose is None:
            known = ", ".join(one.id for one in team)
            words = text(
                desk.locale(), "Nobody on the team is called {who}. There are: {known}.", who=wanted, known=known
            )
            raise Stop(words, NOT_FOUND, outcome="not_found")
        address = desk.settings.data / ADDRESS
        base = address.read_text(encoding="utf-8").strip() if address.is_file() else desk.settings.public_url
        url = sign_in_link(desk.settings, desk.database, whose, base_url=base)
        if url is None:
            raise Stop(text(desk.locale(), "No desk is configured, so nobody can sign in."), WRONG)
        if as_json_:
            as_json({"outcome": "done", "person": whose, "url": url})
        else:
            say(url)
