"""`run`: takes the data folder for itself, opens everything, serves, and ends in order.

What is long to import is imported while the language model loads.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import fcntl
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from bot import logs
from bot.engine import memory
from bot.notify import READY, STOPPING, notify
from bot.store.errors import DatabaseTrouble
from bot.triage import RuleClassifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import uvicorn

    from bot.engine.parts import Parts
    from bot.engine.run import Bot
    from bot.settings import Settings
    from bot.watching import Watching
    from prompts.texts import Texts

log = logs.get(__name__)


ANSWER = 5.0
"""Seconds in which the database has to answer for us to count as ready."""


class AlreadyRunning(Exception):
    """Another process works with this data folder."""


class PortTaken(Exception):
    """Somebody else listens there."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise PortTaken(f"{host}:{port}: {error.strerror}") from error
    listener.listen(1024)
    return listener


@contextlib.contextmanager
def data_folder(settings: Settings) -> Iterator[None]:
    """The data folder, ours alone unless the state is elsewhere. Raises AlreadyRunning."""
    if settings.postgres is None:
        from bot.store.restore import complete

        with sole_owner(settings.data):
            if complete(settings.data.resolve()):
                log.warning("restore.completed", data=str(settings.data))
            yield
        return
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    yield


@contextlib.contextmanager
def sole_owner(data: Path) -> Iterator[IO[str]]:
    """Hold the data folder: two processes on one embedded database would do everything twice."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "portavoz.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(str(data)) from error
        yield lock


def serve(settings: Settings, announce: Callable[[Settings, str | None], None]) -> None:
    """Run until SIGTERM or SIGINT. `announce` is told the settings in force and a sign-in link when ready.

    Raises AlreadyRunning, OtherFolder, PortTaken, SettingsError, DatabaseUnreachable, NotReady.
    """
    memory.few_arenas()
    warming = _warming(settings)
    from bot.wiring import sound

    # Nothing is touched, and nothing else told, while a setting is wrong.
    texts = sound(settings)
    with data_folder(settings):
        listener = bind(settings.host, settings.port)
        try:
            bound = settings.model_copy(update={"port": listener.getsockname()[1]})
            asyncio.run(_serve(bound, listener, announce, warming, texts))
        finally:
            listener.close()


def _warming(settings: Settings) -> tuple[RuleClassifier, threading.Thread]:
    """A classifier whose language model is loading: the first comment should not wait for it.

    Most of that is unpacking, which goes on beside the imports on another core.
    """
    classifier = RuleClassifier(languages=settings.languages)
    thread = threading.Thread(target=classifier.assess, args=("Hola, hello",), name="warm", daemon=True)
    thread.start()
    return classifier, thread


async def _serve(
    settings: Settings,
    listener: socket.socket,
    announce: Callable[[Settings, str | None], None],
    warming: tuple[RuleClassifier, threading.Thread],
    texts: Texts,
) -> None:
    from bot.engine.run import Bot
    from bot.places import backup_folder, backup_plan, open_database
    from bot.watching import watch
    from bot.wiring import build_parts, close_all, watch_plan

    classifier, warm = warming
    database = open_database(settings, upgrade=True)
    parts = build_parts(settings, database, chats=True, classifier=classifier, texts=texts)
    watching = watch(settings, database, parts.rules, backups=backup_folder(settings), environ=os.environ)
    parts = dataclasses.replace(parts, observer=watching.observer)
    bot = Bot(database, parts, settings.data, backups=backup_plan(settings), watch=watch_plan(settings))
    await bot.recover()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, stop)

    server = _server(settings, parts, bot, watching)
    web = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    try:
        await _started(server, web)
        link = await _sign_in_link(settings, parts)
        await asyncio.to_thread(warm.join)
        memory.settle()
        memory.give_back()
        announce(settings, link)
        notify(READY)
        await bot.run(stop)
    finally:
        server.should_exit = True
        await web
        await close_all(parts)
        if watching.traces is not None:
            await asyncio.to_thread(watching.traces.close)
        database.close()


def _end(stop: asyncio.Event) -> None:
    notify(STOPPING)
    stop.set()


def _server(settings: Settings, parts: Parts, bot: Bot, watching: Watching) -> uvicorn.Server:
    """The web side: the adapters' routes and whether we are well."""
    import uvicorn

    from bot.watching import METRICS
    from bot.web import Scraped, application
    from bot.wiring import routes_of

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Signals are handled by `serve`: the worker drains before the web side ends."""
            yield

    async def ready() -> str | None:
        try:
            # A server that stands still answers nothing at all.
            async with asyncio.timeout(ANSWER):
                await bot.reader.switches()
        except (DatabaseTrouble, TimeoutError) as error:
            log.warning("ready.failed", problem=str(error) or "no answer")
            return type(error).__name__
        except Exception as error:
            log.exception("ready.failed")
            return type(error).__name__
        return None

    scraped = None
    if watching.metrics is not None:
        # What comes through a proxy on this machine seems to come from this machine.
        proxied = bool(settings.base_url or settings.trusted_proxies)
        scraped = Scraped(text=watching.metrics.scrape, token=settings.secret(METRICS), proxied=proxied)
    home = "/desk" if "desk" in parts.chats else "/healthz"
    app = application(routes_of(parts), ready, home=home, scraped=scraped)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=3,
        server_header=False,
        # Whoever asks is judged by the adapters, which know the trusted proxies.
        proxy_headers=False,
    )
    return Server(config)


async def _started(server: uvicorn.Server, web: asyncio.Task[None]) -> None:
    """Wait until the web side answers; uvicorn tells it only by a flag."""
    while not server.started and not web.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def _sign_in_link(settings: Settings, parts: object) -> str | None:
    """A one-time link for the first lead, where the desk is among the chats."""
    chats = getattr(parts, "chats", {})
    leads = [person for person in settings.as_people() if person.role.value == "lead"] or list(settings.as_people())
    for chat in chats.values():
        if hasattr(chat, "sign_in_link") and leads:
            link: str = await chat.sign_in_link(leads[0].id)
            return link
    return None
