"""A real PostgreSQL server of this test run's own: in a temporary folder, on a socket and a free port of 127.0.0.1.

`initdb` and `postgres` refuse to run as root; then they run as the user `postgres` or `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.store.engine_postgres import PostgresDatabase
from bot.store.migrate import migrate
from tests.support.ports import free_port

PLACES = "/usr/lib/postgresql/*/bin/postgres", "/usr/local/pgsql/bin/postgres"
SETTINGS = {
    "unix_socket_permissions": "0777",
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    # A commit outlives the server's processes, if not the machine.
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
    "lc_messages": "C",
}


def programs() -> Path:
    """The folder of the newest PostgreSQL on this machine."""
    found = [Path(path) for place in PLACES for path in sorted(Path("/").glob(place.lstrip("/")))]
    ordered = sorted((path.parent for path in found), key=lambda path: [int(n) for n in path.parent.name.split(".")])
    if not ordered and (other := shutil.which("postgres")):
        return Path(other).resolve().parent
    assert ordered, "there is no PostgreSQL here; `make test-servers` installs it, or apt-get install postgresql"
    return ordered[-1]


def _somebody() -> list[str]:
    """The words before a command that must not run as root."""
    if os.geteuid() != 0:
        return []
    user = next(name for name in ("postgres", "nobody") if any(entry.pw_name == name for entry in pwd.getpwall()))
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--"]


class Server:
    """The server, and databases on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._numbers = count(1)
        self._template: str | None = None
        self._log = (folder / "log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again after `stop`."""
        bin_ = programs()
        data = self.folder / "data"
        if not data.exists():
            made = [f"--pgdata={data}", "--username=tester", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            subprocess.run(
                [*_somebody(), str(bin_ / "initdb"), "--no-sync", *made],
                stdout=self._log,
                stderr=self._log,
                cwd="/",
                check=True,
            )
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        again = self.port
        for _ in range(3):
            # Somebody may take a free port before we do; after a stop it must be the same one.
            self.port = again or free_port()
            place = ["-D", str(data), "-k", str(self.folder), "-p", str(self.port)]
            self._process = subprocess.Popen(
                [*_somebody(), str(bin_ / "postgres"), *place, *options], stdout=self._log, stderr=self._log, cwd="/"
            )
            if self._answers():
                return
        raise AssertionError("the server does not start:\n" + (self.folder / "log").read_text()[-3000:])

    def _answers(self) -> bool:
        """Wait until it does; False when it has ended."""
        assert self._process is not None
        ready = [str(programs() / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.port)]
        end = time.monotonic() + 60
        while subprocess.run(ready, check=False).returncode != 0:
            if self._process.poll() is not None:
                return False
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)
        return True

    def stop(self) -> None:
        """End it at once, as when the machine goes down; what was committed is there at the next start."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)  # immediate shutdown
            self._process.wait(60)
            self._process = None

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Nobody gets an answer, and no connection ends, as while a machine is moved."""
        pids = [int(child) for child in self._children()]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def _children(self) -> list[str]:
        assert self._process is not None
        pid = self._process.pid
        return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def reload(self, *rules: str) -> None:
        """Put rules before those of `pg_hba.conf`, and let them count."""
        file = self.folder / "data" / "pg_hba.conf"
        file.write_text("\n".join([*rules, file.read_text()]))
        self.sql("SELECT pg_reload_conf()")

    def close(self) -> None:
        self.stop()
        self._log.close()

    def url(self, name: str) -> str:
        return f"postgresql://tester:secret-word@127.0.0.1:{self.port}/{name}"

    def sql(self, *statements: str, name: str = "postgres") -> None:
        """Run statements as the owner of the server, outside of any transaction."""
        engine = create_engine(self.url(name).replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)
        engine.dispose()

    def empty(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def fresh(self) -> str:
        """The address of a new database at the newest schema."""
        if self._template is None:
            self._template = self.empty()
            db = PostgresDatabase(self._template)
            migrate(db, backup_dir=None)
            db.close()
        return self.copy(self._template.rpartition("/")[2])

    def copy(self, template: str) -> str:
        """The address of a new database like the one of this name, which nobody may be connected to."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)


@contextmanager
def running_server() -> Iterator[Server]:
    """A server in a folder of its own, ended with everything in it."""
    with tempfile.TemporaryDirectory(prefix="portavoz-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwuid(int(_somebody()[1].partition("=")[2]))
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server = Server(folder)
        try:
            server.start()
            yield server
        finally:
            server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for the whole run."""
    with running_server() as server:
        yield server
