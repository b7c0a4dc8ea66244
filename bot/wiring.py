"""From settings to a running bot: where adapters (see `bot.adapters`) are made and everything is put together."""

from __future__ import annotations

import asyncio
import functools
import importlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import chain
from types import MappingProxyType
from typing import Any

from bot.adapters import (
    adapter_module,
    adapter_types,
    assert_configured,
    configured,
    drafter_problems,
)
from bot.core.digest import Digests
from bot.core.ports import Network, TeamChat
from bot.core.rules import Rules
from bot.core.setup import About, KnownFile, PromptFile
from bot.core.types import Kind
from bot.engine.parts import Parts, utc_now
from bot.engine.reader import StoreKeep
from bot.engine.vanishing import Plan as Watch
from bot.settings import Problem, Settings, SettingsError
from bot.settings.inforce import options
from bot.settings.secrets import CALENDAR, DRAFTER
from bot.store.engine import Database
from bot.triage import RuleClassifier
from handlers.models.offline import OfflineDrafter
from prompts import PromptError, Prompts
from prompts.texts import Texts


class Networks(Mapping[str, Network]):
    """The configured networks; each adapter is made when it is first asked for."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._entries = {entry.id: entry for entry in settings.networks}
        self._made: dict[str, Network] = {}
        self._settings = settings
        self._database = database

    def __getitem__(self, account: str) -> Network:
        if account not in self._made:
            entry = self._entries[account]
            module, config = configured(self._settings, "networks", entry)
            self._made[account] = module.create(
                config,
                data=self._settings.data,
                base_url=self._settings.public_url,
                secret=self._settings.secret(account),
                keep=StoreKeep(self._database, f"network:{account}", utc_now),
                brand=self._settings.brand.name,
            )
        return self._made[account]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def made(self) -> list[Network]:
        """Those that were asked for so far."""
        return list(self._made.values())


def _stated(settings: Settings) -> dict[str, datetime]:
    """When tokens run out as the settings say, by the adapter's part: at the beginning of that day, to be safe."""
    entries = [*(("network", entry) for entry in settings.networks), *(("chat", entry) for entry in settings.chats)]
    return {
        f"{part}:{entry.id}": datetime.combine(entry.expires, time.min, settings.tz)
        for part, entry in entries
        if entry.expires is not None
    }


def watch_plan(settings: Settings) -> Watch:
    """How it is watched whether something vanishes."""
    return Watch(lifetime=timedelta(days=settings.watch.days), per_hour=settings.watch.per_hour)


def rules_of(settings: Settings) -> Rules:
    """The settings as the core's rules."""
    sla = settings.sla
    return Rules(
        undo=timedelta(seconds=settings.undo_seconds),
        approval_life=timedelta(hours=settings.approval_hours),
        claim_life=timedelta(minutes=settings.claim_minutes),
        reopen_within=timedelta(days=settings.reopen_days),
        quorum_critical=settings.quorum.critical,
        quorum_crisis=settings.quorum.crisis,
        first_answer=MappingProxyType(
            {Kind.COMPLAINT: timedelta(minutes=sla.complaint), Kind.QUESTION: timedelta(minutes=sla.question)}
        ),
        first_answer_other=timedelta(minutes=sla.other),
        first_answer_critical=timedelta(minutes=sla.critical),
        resolution=None if sla.resolution is None else timedelta(minutes=sla.resolution),
        critical_always=sla.critical_hours == "always",
        remind=sla.remind_percent / 100,
        targets=tuple(entry.as_rule() for entry in settings.targets),
        calendar=settings.hours.calendar(settings.tz),
        network_types={entry.id: entry.type for entry in settings.networks},
        brand=settings.brand.name,
        own_domains=frozenset(settings.brand.own_domains),
        formality=settings.brand.formality,
        signatures=settings.brand.signature,
        languages=settings.languages,
        noise={entry.id: frozenset(entry.noise) for entry in settings.networks},
    )


def build_parts(
    settings: Settings,
    database: Database,
    *,
    chats: bool,
    classifier: RuleClassifier | None = None,
    now: Callable[[], datetime] = utc_now,
    texts: Texts | None = None,
) -> Parts:
    """Everything the engine runs with. Without `chats` no chat adapter is made (a command line needs none).

    A `classifier` that is loading already may be given, and `texts` that were read.
    """
    texts = texts or (sound(settings) if chats else texts_of(settings))
    return Parts(
        digests=digests_of(settings),
        classifier=classifier or RuleClassifier(languages=settings.languages),
        drafter=OfflineDrafter(texts.prompts),
        knowledge=texts.knowledge,
        rules=rules_of(settings),
        networks=Networks(settings, database),
        network_types={entry.id: entry.type for entry in settings.networks},
        chats=_chats(settings, database) if chats else {},
        rooms=settings.as_rooms(),
        routes=settings.as_routes(),
        people=settings.as_people(),
        about=about_of(settings, texts),
        tz=settings.tz,
        rotation=settings.oncall.rotation(settings.tz),
        expires=_stated(settings),
        now=now,
        model=model_of(settings, texts.prompts),
    )


def sound(settings: Settings) -> Texts:
    """What drafters are told, when nothing is wrong with the settings of any adapter.

    Raises SettingsError with all that is wrong with either.
    """
    problems: list[Problem] = []
    texts = None
    try:
        assert_configured(settings)
    except SettingsError as error:
        problems += error.problems
    try:
        texts = texts_of(settings)
    except SettingsError as error:
        problems += error.problems
    if problems or texts is None:
        raise SettingsError(problems)
    return texts


def texts_of(settings: Settings) -> Texts:
    """What drafters are told. Raises SettingsError with the file and line that cannot be used."""
    networks = {*adapter_types("networks"), *(entry.id for entry in settings.networks)}
    try:
        return Texts(settings.prompts, networks)
    except PromptError as error:
        theirs = settings.prompts is not None and (settings.prompts / error.file).exists()
        where = str(settings.prompts / error.file) if settings.prompts and theirs else error.file
        raise SettingsError(
            [Problem(f"{where}:{error.line}", error.problem, "Correct the file, or take it out of the folder.")]
        ) from error


def about_of(settings: Settings, texts: Texts) -> About:
    """What people may read of the configuration: no secret is in it."""
    return About(
        config_file=str(settings.config_file or ""),
        chats=tuple((entry.id, entry.type) for entry in settings.chats),
        chat_types=tuple(adapter_types("chats")),
        network_types=tuple(adapter_types("networks")),
        prompts_folder=str(settings.prompts or ""),
        prompts=tuple(
            PromptFile(path=one.path, sha256=one.hash, replaced=one.overlaid, moved=one.moved)
            for one in texts.prompts.all
        ),
        knowledge=tuple(
            KnownFile(path=one.path, language=one.language, source=one.source, valid_until=one.valid_until)
            for one in texts.knowledge.entries
        ),
        options=options(settings),
    )


def model_of(settings: Settings, prompts: Prompts | None = None) -> Any:
    """The remote drafter, see `bot.core.ports.Drafter`; None without one, or without its key: then nothing calls out.

    Raises SettingsError when there is none of that type.
    """
    chosen = settings.drafter
    if chosen.type is None:
        return None
    if problems := drafter_problems(chosen.type):
        raise SettingsError(problems)
    key = settings.secret(DRAFTER)
    if key is None:
        return None
    module = importlib.import_module(f"handlers.models.{chosen.type}")
    return module.create(chosen, key=key, prompts=prompts or Prompts(settings.prompts))


def digests_of(settings: Settings) -> Digests:
    """When digests come, what stands in them, and who finds the words."""
    from bot.reports.digest import compose, pictured

    desk = any(entry.type == "desk" for entry in settings.chats)
    return Digests(
        compose=compose,
        pictured=pictured,
        schedules=settings.as_schedules(),
        objectives=tuple(entry.as_objective() for entry in settings.objectives),
        calendar=calendar_of(settings),
        desk=f"{settings.public_url}/desk" if desk else "",
    )


def calendar_of(settings: Settings) -> Any:
    """The team's calendar, see `bot.core.digest.Calendar`; None where none is configured."""
    place = settings.secret(CALENDAR) or settings.digest.calendar
    if not place:
        return None
    module = importlib.import_module("handlers.calendars.ical")
    return module.create(place, password=settings.secret(CALENDAR, "PASSWORD"))


def _chats(settings: Settings, database: Database) -> dict[str, TeamChat]:
    made: dict[str, TeamChat] = {}
    for entry in settings.chats:
        module, config = configured(settings, "chats", entry)
        made[entry.id] = module.create(
            config,
            data=settings.data,
            base_url=settings.public_url,
            secret=settings.secret(entry.id),
            keep=StoreKeep(database, f"chat:{entry.id}", utc_now),
            people=settings.as_people(),
            demo=settings.demo,
            brand=settings.brand.name,
            trusted_proxies=settings.trusted_proxies,
            tz=settings.tz,
            secrets=functools.partial(settings.secret, entry.id),
            locale=settings.locale,
        )
    return made


def routes_of(parts: Parts) -> list[Any]:
    """The web routes that the adapters bring. Raises SettingsError where two networks want the same path."""
    networks = {account: _routes(network) for account, network in parts.networks.items()}
    _assert_apart(networks)
    return [
        *chain.from_iterable(networks.values()),
        *(route for chat in parts.chats.values() for route in _routes(chat)),
    ]


def _routes(adapter: object) -> list[Any]:
    return list(adapter.routes()) if hasattr(adapter, "routes") else []


def _assert_apart(networks: Mapping[str, list[Any]]) -> None:
    owners: dict[str, str] = {}
    problems = []
    for account, routes in networks.items():
        # Several walls share the short address of their documentation.
        for path in sorted({route.path for route in routes} - {"/docs"}):
            if owners.setdefault(path, account) != account:
                problem = f"{path} is the address of “{owners[path]}” already"
                problems.append(Problem(f"[[networks]] {account}: path", problem, "Give each a path of its own."))
    if problems:
        raise SettingsError(problems)


async def close_all(parts: Parts) -> None:
    """Let every adapter that holds something let go of it."""
    made = parts.networks.made() if isinstance(parts.networks, Networks) else list(parts.networks.values())
    adapters: list[object] = [*made, *parts.chats.values(), parts.digests.calendar]
    for adapter in adapters:
        if hasattr(adapter, "aclose"):
            await adapter.aclose()
    await close_model(parts)


async def close_model(parts: Parts) -> None:
    """Let the remote drafter let go of its connections; it makes new ones when it is asked again."""
    if parts.model is not None and hasattr(parts.model, "aclose"):
        await parts.model.aclose()


def finish(parts: Parts) -> None:
    """`close_all` for a command line, which has no event loop of its own."""
    asyncio.run(close_all(parts))


def sign_in_link(settings: Settings, database: Database, person: str, *, base_url: str) -> str | None:
    """A one-time link to the first chat that people sign in to with one; None where there is no such chat.

    `base_url` is where browsers reach the running bot.
    """
    for entry in settings.chats:
        issue = getattr(adapter_module("chats", entry), "issue_link", None)
        if issue is not None:
            link: str = asyncio.run(issue(StoreKeep(database, f"chat:{entry.id}", utc_now), base_url, person))
            return link
    return None


class NotTaken(Exception):
    """The wall does not take a comment; the reason is a sentence."""


def takes_comments(network: Network) -> bool:
    """Whether visitors' comments can be written there by us: a wall."""
    return hasattr(network, "wall")


async def write_comment(
    network: Network, *, author: str, text: str, parent: str | None = None, key: str | None = None
) -> tuple[str, bool]:
    """Write a visitor's comment onto a wall, whether its bot is running or not.

    Returns:
        Its id there, and whether it is new: the same `key` again is the same comment.

    Raises:
        NotTaken: empty, too long, below a comment that is not there, or another text under a key that was used.
    """
    from handlers.networks.wall.rows import KeyReused, NotThere, TakenBack
    from handlers.networks.wall.rules import Unacceptable

    wall: Any = network.wall  # type: ignore[attr-defined]  # see takes_comments
    try:
        comment, token = await wall.add(author=author, text=text, parent=parent, key=key)
    except Unacceptable as error:
        raise NotTaken(error.detail) from error
    except KeyReused as error:
        raise NotTaken("Another comment came under this id before.") from error
    except (NotThere, TakenBack) as error:
        raise NotTaken("The comment that this one answers is not there.") from error
    return comment.id, token is not None
