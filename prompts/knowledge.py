"""What the team has written down for its drafts: how the brand speaks, what is true, and replies worth keeping.

Markdown files with a head, in `voice/`, `facts/` and `replies/` of the team's folder; `README.md` says what may stand
there. Read and checked once, when this is made; what has expired is never used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from bot.core.briefs import Cited, Fact
from bot.core.links import find_hosts
from prompts import read_text
from prompts.front import Head, parse_front
from prompts.retrieval import Index, Searchable
from prompts.variants import FORMS, Formality, PromptError

if TYPE_CHECKING:
    from collections.abc import Callable

Sort = Literal["voice", "fact", "reply"]
SORTS: tuple[Sort, ...] = get_args(Sort)
FOLDERS: dict[Sort, str] = {"voice": "voice", "fact": "facts", "reply": "replies"}
MOST_FACTS = 3
MOST_SAVED = 2
MOST_FILES = 2_000
LONGEST_TEXT = 2_000
"""Characters of a fact or a saved reply; more is no fact but a page."""
LONGEST_VOICE = 8_000
LONGEST_SIGNATURE = 40
PERSON = "person"
"""As a voice's signature: that of the person who is on it."""
_OWN_VOICE = Path(__file__).parent
_LANGUAGE = re.compile(r"[a-z]{2}")
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*(?:/[a-z0-9][a-z0-9_.-]*)*")
_COMMON = ("title", "language", "network", "valid_until")
_KEYS: dict[Sort, tuple[str, ...]] = {
    "voice": (*_COMMON, "formality", "signature"),
    "fact": (*_COMMON, "tags", "source", "url"),
    "reply": (*_COMMON, "tags", "source", "url"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file. `language` is "" for any, `networks` (ids of accounts, or types) is empty for all.

    `signature` is None where the voice says nothing about it, "" for no signature at all.
    """

    sort: Sort
    id: str
    path: str
    text: str
    title: str = ""
    language: str = ""
    networks: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    valid_until: date | None = None
    source: str = ""
    url: str = ""
    formality: Formality | None = None
    signature: str | None = None

    def holds(self, today: date) -> bool:
        """Whether it may still be used: the last day counts."""
        return self.valid_until is None or today <= self.valid_until

    def serves(self, language: str, networks: Collection[str]) -> bool:
        """Whether it is for this language and one of these names of an account."""
        return self.language in ("", language) and (not self.networks or not self.networks.isdisjoint(networks))

    @property
    def fact(self) -> Fact:
        """As drafters want it."""
        return Fact(id=self.id, text=self.text, language=self.language, source=self.source, url=self.url or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reply will stand: its language, what its account is called (id and type), and the day there."""

    language: str
    networks: tuple[str, ...]
    today: date


class Knowledge:
    """All of it. Immutable after construction.

    Args:
        folder: the team's; None for none, which leaves our own voice.
        networks: ids and types of networks that a head may name.

    Raises:
        PromptError: a file is not as `README.md` says; with file and line.
    """

    def __init__(self, folder: Path | None = None, networks: Iterable[str] = ()) -> None:
        known = frozenset(networks)
        found = [entry for sort in SORTS for entry in _entries(folder, sort, known)] if folder else []
        self.entries: tuple[Entry, ...] = tuple(found)
        self._own_voice = _entry(_OWN_VOICE, "voice/default.md", "voice", known)
        self._voices = tuple(entry for entry in found if entry.sort == "voice")
        self._by_id = {entry.id: entry for entry in found if entry.sort != "voice"}
        self._facts = _Shelf([entry for entry in found if entry.sort == "fact"])
        self._saved = _Shelf([entry for entry in found if entry.sort == "reply"])

    def facts(self, comment: str, place: Place) -> tuple[Fact, ...]:
        """The facts that fit a text and may be used there, the best first."""
        return self._facts.fitting(comment, place, MOST_FACTS)

    def saved(self, comment: str, place: Place) -> tuple[Fact, ...]:
        """The saved replies that fit a comment and may be used there, the best first."""
        return self._saved.fitting(comment, place, MOST_SAVED)

    def voice(self, place: Place) -> Entry:
        """The voice for this place: that for the language before that for the network before the general one.

        Of several alike the first by name; where none fits, ours.
        """
        fitting = [one for one in self._voices if one.holds(place.today) and one.serves(place.language, place.networks)]
        return min(fitting, key=lambda one: (not one.language, not one.networks, one.id), default=self._own_voice)

    def cite(self, ids: Sequence[str], today: date) -> tuple[Cited, ...]:
        """The facts and saved replies of these ids that there are and that hold, each once, in their order."""
        found = (self._by_id.get(name) for name in dict.fromkeys(ids))
        return tuple(
            Cited(id=entry.id, source=entry.source, url=entry.url or None)
            for entry in found
            if entry is not None and entry.holds(today)
        )

    def texts(self, ids: Iterable[str], today: date) -> tuple[str, ...]:
        """What these facts and saved replies say, of those that hold."""
        found = (self._by_id.get(name) for name in ids)
        return tuple(entry.text for entry in found if entry is not None and entry.holds(today))

    def expired(self, today: date) -> tuple[Entry, ...]:
        """What is not used any more."""
        return tuple(entry for entry in self.entries if not entry.holds(today))


class _Shelf:
    """Entries of one sort with their index."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._facts = [entry.fact for entry in entries]
        self._index = Index([Searchable(title=e.title, tags=e.tags, body=e.text) for e in entries])

    def fitting(self, comment: str, place: Place, most: int) -> tuple[Fact, ...]:
        if not self._entries:
            return ()
        found = self._index.fitting(comment, self._allowed(place), most)
        return tuple(self._facts[number] for number in found)

    def _allowed(self, place: Place) -> Callable[[int], bool]:
        def allowed(number: int) -> bool:
            entry = self._entries[number]
            return entry.holds(place.today) and entry.serves(place.language, place.networks)

        return allowed


def _entries(folder: Path, sort: Sort, networks: frozenset[str]) -> list[Entry]:
    paths = sorted(path for path in (folder / FOLDERS[sort]).glob("**/*.md") if path.is_file())
    paths = [path for path in paths if path.name.casefold() != "readme.md"]
    if len(paths) > MOST_FILES:
        raise PromptError(FOLDERS[sort], 1, f"more than {MOST_FILES} files")
    return [_entry(folder, path.relative_to(folder).as_posix(), sort, networks) for path in paths]


def _entry(folder: Path, path: str, sort: Sort, networks: frozenset[str]) -> Entry:
    name = path.removesuffix(".md")
    if _ID.fullmatch(name) is None:
        raise PromptError(path, 1, "a name may have small letters without accents, digits and . - _")
    head = parse_front(read_text(folder, path)[0], path, _KEYS[sort])
    return Entry(
        sort=sort,
        # Facts are called by what they are about; the others keep their folder, so that no two have one name.
        id=name.removeprefix("facts/") if sort == "fact" else name,
        path=path,
        text=_text(head, LONGEST_VOICE if sort == "voice" else LONGEST_TEXT),
        title=head.text("title"),
        language=_language(head, needed=sort != "voice"),
        networks=_networks(head, networks),
        tags=head.words("tags"),
        valid_until=head.day("valid_until"),
        source=head.text("source", needed=sort == "fact"),
        url=_url(head),
        formality=_formality(head),
        signature=_signature(head),
    )


def _text(head: Head, most: int) -> str:
    if not head.body.strip():
        raise PromptError(head.file, head.at, "there is no text below the head")
    if len(head.body) > most:
        raise PromptError(head.file, head.at, f"the text has {len(head.body)} characters, more than {most}")
    return head.body


def _language(head: Head, *, needed: bool) -> str:
    value = head.text("language", needed=needed)
    if value and _LANGUAGE.fullmatch(value) is None:
        raise head.wrong("language", f"language is no code like es: {value[:40]!r}")
    return value


def _networks(head: Head, known: frozenset[str]) -> frozenset[str]:
    named = head.words("network")
    for name in named:
        if known and name not in known:
            raise head.wrong("network", f"there is no network {name[:40]!r}; there are {', '.join(sorted(known))}")
    return frozenset(named)


def _url(head: Head) -> str:
    value = head.text("url")
    if value and not (value.startswith(("https://", "http://")) and " " not in value and find_hosts(value)):
        raise head.wrong("url", f"url is no address like https://example.com/hours: {value[:60]!r}")
    return value


def _formality(head: Head) -> Formality | None:
    value = head.one_of("formality", FORMS)
    return next((form for form in FORMS if form == value), None)


def _signature(head: Head) -> str | None:
    if "signature" not in head.values:
        return None
    value = head.text("signature")
    if len(value) > LONGEST_SIGNATURE:
        raise head.wrong("signature", f"a signature has {LONGEST_SIGNATURE} characters at most")
    return "" if value in ("no", "none") else value
