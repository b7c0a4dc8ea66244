"""What every verb needs: the settings, the database, the reader's language, and who is speaking."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.errors import NO_DATABASE, USAGE, Stop

if TYPE_CHECKING:
    from datetime import tzinfo

    from bot.core.types import Person
    from bot.settings import AdapterEntry, Problem, Settings
    from bot.store.engine import Database

LANGUAGE_VARIABLES = ("PORTAVOZ_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(slots=True)
class Options:
    """What was said before the verb."""

    data: Path | None = None
    config: Path | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An opened database and the settings in force. `lang` is None unless `--lang` was given."""

    settings: Settings
    database: Database
    lang: str | None

    @property
    def tz(self) -> tzinfo:
        """The team's time zone."""
        return self.settings.tz

    def locale(self, person: Person | None = None) -> str:
        """The language to answer in: the one asked for, the person's, the team's."""
        return self.lang or (person.locale if person else self.settings.locale)


def tongue(lang: str | None) -> str:
    """The language to speak before the settings are known."""
    names = (os.environ.get(name, "") for name in LANGUAGE_VARIABLES)
    return "es" if (lang or next(filter(None, names), "")).lower().startswith("es") else "en"


def worded(problem: Problem, locale: str) -> Problem:
    """What is wrong with a setting, in a language."""
    from bot.locale.mistakes import mistake, place
    from bot.settings import Problem

    return Problem(place(locale, problem.name), mistake(locale, problem.problem), mistake(locale, problem.remedy))


def voice(options: Options, named: str | None = None) -> str:
    """The language that an answer would come in, for what is said before anything is opened.

    The one asked for, else that of whoever speaks (`named`: what `--as` said), else the team's.
    """
    from bot.core.commands import person_named
    from bot.settings import SettingsError

    try:
        settings = settings_of(options)
    except SettingsError:
        return tongue(options.lang)
    team = settings.as_people()
    speaks = person_named(named or os.environ.get("PORTAVOZ_AS") or "", team)
    locales = (person.locale for person in team if person.id == speaks)
    return options.lang or next(locales, settings.locale)


def settings_of(options: Options, *, host: str | None = None, port: int | None = None) -> Settings:
    """The settings in force, and a log that speaks up only when something is wrong. Raises SettingsError."""
    from bot import logs
    from bot.settings import load

    settings = load(config=options.config, data=options.data, host=host, port=port, environ=os.environ, look=_look)
    logs.configure(level="error", format=settings.log_format, secrets=settings.secrets.values())
    return settings


def _look(kind: str, entry: AdapterEntry) -> list[Problem]:
    """Only where the settings are wrong already: to import adapters takes a while."""
    from bot.adapters import problems_of

    return problems_of(kind, entry)


@contextmanager
def opened(options: Options) -> Iterator[Desk]:
    """The database as the bot left it.

    Raises:
        Stop: there is none yet; nothing is made.
        DatabaseUnreachable, NotReady, SettingsError: as they are.
    """
    from bot.locale import text
    from bot.places import open_database

    settings = settings_of(options)
    if settings.postgres is None and not settings.database.is_file():
        locale = options.lang or settings.locale
        raise Stop(
            text(
                locale,
                "There is no database at {path} yet. Start the bot with `portavoz run`, "
                "or name its folder: `portavoz --data DIR`.",
                path=settings.database,
            ),
            NO_DATABASE,
            outcome="unreachable",
        )
    database = open_database(settings, upgrade=False)
    try:
        yield Desk(settings=settings, database=database, lang=options.lang)
    finally:
        database.close()


def speaker(desk: Desk, named: str | None) -> Person:
    """Who speaks: `--as`, else `PORTAVOZ_AS`, else the only member of the team.

    A name that nobody has comes back as a stranger, whom the core refuses in its own words. Raises Stop when nobody
    was named.
    """
    from bot.core.commands import person_named
    from bot.core.types import Person
    from bot.locale import text

    team = desk.settings.as_people()
    word = named or os.environ.get("PORTAVOZ_AS") or (team[0].id if len(team) == 1 else "")
    if not word:
        known = ", ".join(person.id for person in team) or "-"
        raise Stop(
            text(desk.locale(), "Who are you? Add `--as PERSON` or set PORTAVOZ_AS. There are: {known}.", known=known),
            USAGE,
            outcome="usage",
        )
    found = person_named(word, team)
    return next((person for person in team if person.id == found), None) or Person(
        id=word.removeprefix("@")[:64], name=word[:64], locale=desk.settings.locale
    )


def via() -> str:
    """How a decision came: `cli/` and the user of the operating system."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user often has no name
        user = str(os.getuid())
    return "cli/" + "".join(c for c in user if c.isprintable())[:32]
