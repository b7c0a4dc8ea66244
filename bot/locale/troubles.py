"""What the database's errors say, in English and for the catalogues.

The store speaks before anybody's language is known (its errors go to the log too); here its sentences are recognised
again, and said in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.locale.catalogue import fill, places, text

PROBLEMS = (
    "{where} is locked by another program",
    "{where} cannot be written: {reason}",
    "{where} cannot be written",
    "{where} is not a database, or is encrypted",
    "{where} cannot be opened: {reason}",
    "{where} cannot be opened",
    "{where} could not be read or written",
    "{where} is damaged",
    "{where} gave the transaction up",
    "No space left for {where}",
    "A database in memory would forget everything.",
    "The database's address cannot be understood.",
    "Nothing can be stored in {where}.",
    "The driver for PostgreSQL is not installed.",
    "{where}: no space left",
    "{where}: the connection was lost",
    "{where}: is a copy that only can be read",
    "{where}: does not let this user in",
    "{where}: has no such database",
    "{where}: does not allow that to this user",
    "{where}: has no connection left",
    "{where}: is kept busy by another writer",
    "{where}: took too long to answer",
    "{where}: is starting or stopping",
    "{where}: has trouble with its disk",
    "{where}: is damaged",
    "{where}: cannot be reached ({reason})",
    "The database is empty.",
    "The database's schema is {found}, this program needs {wanted}.",
    "The database's schema is {found}, which this program does not know: a newer release wrote it.",
    "Only half of the move into this database was done.",
    "The record is not protected; triggers are missing: {names}.",
    "The database holds tables that are not ours: {names}.",
    "The database lacks tables of ours: {names}.",
)
REMEDIES = (
    "Close the program that keeps it open, then try again.",
    "Give the user that runs the bot the right to write the file and its folder.",
    "Check the path; if the file was damaged, put the newest backup in its place.",
    "Check that the folder exists and that the user that runs the bot may enter it.",
    "Check the disk, then start again.",
    "Stop the bot, keep the file, and put the newest backup in its place.",
    "Nothing of it was kept. Check the disk, then try again.",
    "Free some space on that disk, then try again; nothing that was committed is lost.",
    "Free some space on the server's disk, then try again; nothing that was committed is lost.",
    (
        "Set the database to sqlite:////absolute/path/to/portavoz.db or to postgresql://user:password@host/name "
        "(special characters percent-encoded), or leave it out."
    ),
    "Install it: `pip install 'portavoz[postgres]'`.",
    "Run `portavoz audit verify` to see whether anything was changed meanwhile, then `portavoz migrate`.",
    "Whether the last change was kept shows when the database is back; nothing committed is lost. Check the server.",
    "Name the server that takes writes.",
    "Check user, password and pg_hba.conf.",
    "Create it: `createdb NAME`.",
    "Make the user the owner of the database: ALTER DATABASE ... OWNER.",
    "Raise max_connections, or end what holds connections.",
    "Look for a process that hangs; it is thrown out after a minute.",
    "Look what keeps the server busy.",
    "Try again in a moment; `run` needs it to be up.",
    "Look at the server's log.",
    "Stop the bot and restore the newest backup.",
    "Check the address, and that the server runs and lets this machine in.",
    "Run `portavoz migrate`, or simply `portavoz run`.",
    "Run `portavoz migrate`; it makes a backup first.",
    "Run the same `migrate` again.",
    "Give the bot a database of its own; this one was left as it is.",
    "Install that release again, or put the backup from before the upgrade in its place.",
    "Move them to another database, or restore a backup.",
    (
        "Another release made it, or it was damaged. Keep a copy; then go on with that release, "
        "or put a backup that this one made in its place. There is no upgrade from it."
    ),
)


Pattern = tuple[str, re.Pattern[str]]
"""A msgid, and what it looks like with anything filled in."""
MOST = 500
"""Characters of what is recognised; our own sentences are shorter."""


def trouble(locale: str, said: str) -> str:
    """One of the sentences above in the locale's language; anything else as it is."""
    return recognised(locale, said, _patterns())


def recognised(locale: str, said: str, known: Sequence[Pattern]) -> str:
    """One of the known sentences in the locale's language; anything else as it is.

    A `{reason}` in it is one of them likewise, and what a setting is `{about}` has a translation of its own.
    """
    for msgid, pattern in known if len(said) <= MOST else ():
        found = pattern.fullmatch(said)
        if found is not None:
            values = found.groupdict()
            if "reason" in values:
                values["reason"] = recognised(locale, values["reason"], known)
            if "about" in values:
                values["about"] = _unfilled(locale, values["about"])
            return fill(_unfilled(locale, msgid), values)
    return said


def _unfilled(locale: str, msgid: str) -> str:
    """A sentence with its places still in it."""
    return text(locale, msgid, **{name: f"{{{name}}}" for name in places(msgid)})


def patterns(msgids: Sequence[str]) -> tuple[Pattern, ...]:
    """The most particular first: those with the most words of their own."""
    made = sorted(msgids, key=lambda msgid: -len(fill(msgid, dict.fromkeys(places(msgid), ""))))
    return tuple((msgid, re.compile(_pattern(msgid), re.DOTALL)) for msgid in made)


@cache
def _patterns() -> tuple[Pattern, ...]:
    return patterns((*PROBLEMS, *REMEDIES))


def _pattern(msgid: str) -> str:
    parts = re.split(r"\{([a-z_]+)\}", msgid)
    return "".join(f"(?P<{part}>.*)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
