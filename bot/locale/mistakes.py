"""What is wrong with the settings, in English and for the catalogues.

Settings and adapters speak before anybody's language is known: a file that cannot be read names none. Here their
sentences are recognised again, and said in the reader's language; names of settings, paths and values stay as they are.
"""

from __future__ import annotations

from functools import cache

from bot.locale.troubles import Pattern, patterns, recognised

NAMES = ("{table} no. {number}: {field}", "{table} no. {number}")
"""How places without a name of their own are called; every other name is one of a setting."""

TYPES = (
    "is missing",
    "is not a setting",
    "cannot be set in the file",
    "is not a whole number",
    "is not a number",
    "is neither true nor false",
    "is not a text",
    "is not a list",
    "is not a table",
    "is not a path",
    "is not a day",
    "is too large",
    "is not of the right form",
    "is not made of 1 to 32 small letters, digits, - and _",
    "has too few characters: at least {least}",
    "has too many characters: at most {most}",
    "has too few entries: at least {least}",
    "has too many entries: at most {most}",
    "should be greater than {least}",
    "should be greater than or equal to {least}",
    "should be less than {most}",
    "should be less than or equal to {most}",
    "should be {choices} or {last}",
    "should be {only}",
)
"""What the types say."""

FILES = (
    "is larger than a megabyte",
    "cannot be read ({reason})",
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "is not UTF-8 text",
    "is not valid TOML ({reason})",
    "at line {line}, column {column}",
    "at end of document",
    "too deeply nested",
    "cannot be read as UTF-8 text",
    "is not a folder that can be read",
    "a secret stands in the configuration file",
    "this platform (it sets {name}) throws its disk away at every restart, and all tickets with it",
    "this platform (it sets {name}) throws its disk away at every restart, and the wall's comments with it",
)

ENTRIES = (
    "the id is used {times} times",
    "two networks or chats would share this secret",
    "{times} people claim the same identity on {chat}",
    "there is no chat {name}",
    "there is no network {name}",
    "there is no person {name}",
    "there is no room {name}",
    "there is no type of network {name}",
    "has no room, so it would show nothing",
    "nobody is configured who could approve a reply",
    "there is no adapter called “{name}”",
    "there is no drafter called “{name}”",
    "{path} is the address of “{name}” already",
    "is too short to keep anybody out",
    "traces are sent as http/protobuf only",
    "asks for traces, and OpenTelemetry is not installed",
)

VALUES = (
    "contains characters that cannot be seen",
    "does not appear to be an IPv4 or IPv6 network",
    "is not a domain like example.com",
    "is not an address like {address}",
    "is not a time zone like Europe/Madrid that this computer knows",
    "is neither an SQLite file nor the address of a PostgreSQL database",
    '`at` goes with whole days: every = "1d"',
    "`model` has to be named",
    "is not written like 09:00-14:00 16:00-19:00",
    "has spans that end before they begin, overlap or touch",
    "has to begin with a day like 2026-12-24",
    "has to say what that day is: `2026-12-24 09:00-13:00` or `2026-12-26 off`",
    "no weekday has working hours",
    "`region` goes with `country`",
    "`start` has to say when the first turn began",
    "the holidays of {where} are not known; leave it out and list them in `days`",
    "nobody answers spam and noise",
    "Invalid IPv6 URL",
    "{name} does not appear to be an IPv4 or IPv6 address",
    "netloc {name} contains invalid characters under NFKC normalization",
)
"""What our own settings say of values, and Python of addresses."""

ADAPTERS = (
    "is no verb that an emoji can stand for; choose among {known}",
    "must be the address of a server alone, like {address}",
    "must be the address of an instance alone, like {address}",
    "must be the address of a feed, like {address}",
    "must be the address of a page, like {address}",
    "must be the address of a site, like {address}",
    "must be an address without query and password, like {address}",
    "must be a mail address, like {address}",
    "must be one line without control characters",
    "must begin with https://, else the password could be read on its way",
    "must begin with https://, else the token could be read on its way",
    "must begin with https://, else others could read what is written there",
    "plain is for this machine alone, else the password could be read on its way",
    "the folder `sent` cannot be one of `folders` too",
    "a folder stands twice in `folders`",
    "idempotency can only be changed together with faults = true",
    "the id portavoz would name the bot's own database file",
    "the path {path} is taken by another part of Portavoz",
    "set reply_url, or else url: the page where people post replies by hand",
)
"""What adapters say of theirs."""

TEXTS = (
    "larger than 256 KiB",
    "not UTF-8",
    "no such kind: {name}; there are {known}",
    "the head does not say: {name}",
    "{name} is no day like 2026-12-31: {value}",
    "{name} is {value}; it may be {known}",
    "the head is missing: '---', lines like 'language: es', '---'",
    "the head is missing: '---', language and kind, '---'",
    "not understood in the head: {value}",
    "there is no {name}; there are {known}",
    "{name} stands there twice",
    "the head does not end: a second '---' is missing",
    "longer than {most} characters",
    "more than {most} files",
    "a name may have small letters without accents, digits and . - _",
    "there is no text below the head",
    "the text has {count} characters, more than {most}",
    "language is no code like es: {value}",
    "there is no network {name}; there are {known}",
    "url is no address like https://example.com/hours: {value}",
    "a signature has {most} characters at most",
    "there is no value {name}; there are {known}",
    "the value {name} is needed and was not given",
    "two headings are expected, each once: '## system' and '## user'",
    "a template takes nothing in from other files",
    "not understood",
    "there is no variant: each begins with a heading such as '## 1'",
    "the number {number} is used twice",
    "every variant of the topic {name} needs {point}, {fact} or {brand}; one must do without",
    "every variant needs {point}, {fact} or {brand}; one must do without",
    "the head does not name: {known}",
    "not expected in the head: {value}",
    "{name} is {value}, but the file stands elsewhere",
    "the head is not closed by '---'",
    "text before the first heading",
    "not a heading of a variant: {value}",
    "the variant is empty",
    "unknown placeholder {name}",
    "forms of address are for Spanish only: {value}",
    "three forms are expected, tú|usted|vos: {value}",
    "two places are expected, <public|private>: {value}",
    "{value} stands alone",
)
"""What is wrong with a text that drafters are told."""

REMEDIES = (
    # Lists have no full stop here: a long one may have been cut.
    "Did you mean {name}?",
    "There is: {known}",
    "Take it out. Known here: {known}",
    "Use one of: {known}",
    "No chat is configured.",
    "No network is configured.",
    "No person is configured.",
    "No room is configured.",
    "No type of network is configured.",
    "Give it by --data or PORTAVOZ_DATA.",
    "Take it out.",
    "It is: {about}",
    "It is: {about} The README's chapter on “{name}” shows how it is written.",
    "It is: {about} Kubernetes sets it for a service called portavoz unless enableServiceLinks is false.",
    "The README's chapter on “{name}” shows how it is written.",
    "Write [[{table}]] tables.",
    "Write a [{table}] table.",
    "Is it the right file?",
    "Check the path and the rights.",
    "Save it as UTF-8.",
    "Correct that line.",
    "Check its rights and how it was saved.",
    "Correct the file, or take it out of the folder.",
    "Take it out and put a fresh one into the environment: {name}.",
    "Take it out and put a fresh one into the environment: {name} (or {part}).",
    "Give each its own.",
    "Give each a path of its own.",
    "Give them ids that differ more.",
    "One identity belongs to one person.",
    "Add [[rooms]] with chat = {name}.",
    "Add [[people]] with id, name and role, or set demo = true to let the demo team do it.",
    "Make it, or take the setting out.",
    "Use `openai`, or take the setting out.",
    (
        "Put the data folder on a volume that stays, or set PORTAVOZ_ALLOW_EPHEMERAL=1 to only try things out; "
        "or set DATABASE_URL to a PostgreSQL."
    ),
    (
        "Put the data folder on a volume that stays, or set PORTAVOZ_ALLOW_EPHEMERAL=1 to only try things out; "
        "or configure networks other than the wall."
    ),
    "Take one of at least {least} characters: `openssl rand -hex 32` makes one.",
    "Set {name}={value}, or unset it.",
    "pip install 'portavoz[otel]', or unset it.",
)


def place(locale: str, name: str) -> str:
    """Where a mistake stands, as one would look for it in the reader's language."""
    return recognised(locale, name, _patterns(names=True))


def mistake(locale: str, said: str) -> str:
    """One of the sentences above in the locale's language; anything else as it is."""
    return recognised(locale, said, _patterns())


@cache
def _patterns(*, names: bool = False) -> tuple[Pattern, ...]:
    return patterns(NAMES) if names else patterns((*TYPES, *FILES, *ENTRIES, *VALUES, *ADAPTERS, *TEXTS, *REMEDIES))
