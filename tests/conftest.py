"""What holds for every test: a clean environment, no network beyond this machine, repeatable examples."""

import gc
import ipaddress
import os
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support import ports
from tests.support.postgres import postgres  # noqa: F401 -- a fixture

FOREIGN_VARIABLES = re.compile(
    r"(PORTAVOZ|OPENAI|SLACK|DISCORD|TELEGRAM|DATABASE|PG|LC)_.*"
    r"|PG[A-Z]+|PORT|HOST|LANG|LANGUAGE|COLUMNS|LINES|FORCE_COLOR|CLICOLOR_FORCE"
    r"|(HTTP|HTTPS|ALL|NO|FTP|WS|WSS)_PROXY",
    re.IGNORECASE,
)
LOCAL_FAMILIES = {socket.AF_UNIX}
LOCAL_NAMES = {"", "localhost", "ip6-localhost", socket.gethostname().lower()}


class OutsideNetworkBlocked(RuntimeError):
    """A test reached for an address beyond this machine.

    No OSError on purpose: code that copes with a broken network must not take it for one.
    """


blocked: list[str] = []


def pytest_configure() -> None:
    for name in list(os.environ):
        if FOREIGN_VARIABLES.fullmatch(name):
            del os.environ[name]
    os.environ.update(TZ="UTC", LC_ALL="C.UTF-8", NO_COLOR="1")
    time.tzset()
    _guard_sockets()
    gc.disable()  # until all tests are collected


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Half as many workers again as there are cores for the quick tests, which wait for one another now and then."""
    cores = os.cpu_count() or 1
    return cores + cores // 2 if "not slow" in config.option.markexpr else None


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: looking through them for garbage took a third of the run."""
    gc.freeze()
    gc.enable()


settings.register_profile("ci", max_examples=60, derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None:
        return True
    if not isinstance(host, str):
        return False
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower().rstrip(".") in LOCAL_NAMES or host.lower().endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _refuse(what: str) -> None:
    blocked.append(what)
    message = f"{what} was blocked: tests talk to this machine only. Use a fake on 127.0.0.1."
    raise OutsideNetworkBlocked(message)


def _guard_sockets() -> None:
    """Let sockets reach loopback addresses and Unix sockets, and look up no other name."""

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in LOCAL_FAMILIES or (isinstance(address, tuple) and _is_local(address[0])):
            return
        _refuse(f"A connection to {address!r}")

    def guard(name: str, position: int) -> None:
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, *args: Any) -> Any:
            if args:
                check(self, args[position])
            return original(self, *args)

        setattr(socket.socket, name, guarded)

    guard("connect", 0)
    guard("connect_ex", 0)
    guard("sendto", -1)

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host) and not _is_address(host):
            _refuse(f"Looking up {host!r}")
        return look_up(host, *args, **kwargs)

    socket.getaddrinfo = guarded_look_up


def _is_address(host: object) -> bool:
    """Whether it is an address already: nobody has to be asked for it, and connect() decides."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True)
def blocked_connections() -> Iterator[list[str]]:
    """What this test tried to reach outside. It fails at its end if that is anything, even if swallowed.

    A test that provokes it on purpose clears the list.
    """
    blocked.clear()
    yield blocked
    assert not blocked, f"This test reached for the outside: {'; '.join(blocked)}"


@pytest.fixture
def free_port() -> int:
    """Give a TCP port on 127.0.0.1 that nothing listens on and nobody else is given."""
    return ports.free_port()
