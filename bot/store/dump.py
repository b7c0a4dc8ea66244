"""A dump of a PostgreSQL database by the server's own program, whole or not at all.

https://www.postgresql.org/docs/current/app-pgdump.html
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from bot.store.files import new_file
from bot.store.manifest import BackupTrouble

if TYPE_CHECKING:
    from pathlib import Path

_INSTALL = (
    "Install PostgreSQL's client programs (`apt-get install postgresql-client`), at least as new as the server, "
    "or make a copy by the server's own means."
)


def dump(url: str, target: Path) -> int:
    """Write everything into a new file (mode 0600) for `pg_restore`; its size in bytes.

    Args:
        url: the database's address. Its password goes into the environment of the program, which others cannot read.
        target: the file to make.

    Raises:
        BackupTrouble: there is no `pg_dump`, it failed, or the file cannot be written. Nothing is left behind then.
    """
    program, reader = shutil.which("pg_dump"), shutil.which("pg_restore")
    if program is None or reader is None:
        raise BackupTrouble("There is no pg_dump here.", _INSTALL)
    address = make_url(url)
    password = address.password or ""
    bare = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environ = {**os.environ, **({"PGPASSWORD": password} if password else {}), "PGCONNECT_TIMEOUT": "10"}
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new_file(target) as part:
            _run([program, "--format=custom", "--no-password", f"--file={part}", f"--dbname={bare}"], environ, password)
            # What cannot be listed could not be restored, either.
            if "TABLE DATA public events" not in _run([reader, "--list", str(part)], environ, password):
                raise BackupTrouble(
                    "The dump does not hold the record.", "Check that the address is the bot's database."
                )
            return part.stat().st_size
    except FileExistsError as error:
        raise BackupTrouble(f"{target} is there already.", "Choose another name; nothing is overwritten.") from error
    except OSError as error:
        raise BackupTrouble(
            f"{target} cannot be written: {error.strerror}.", "Choose a folder that exists and has room."
        ) from error


def _run(command: list[str], environ: dict[str, str], password: str) -> str:
    done = subprocess.run(  # noqa: S603 -- the program was looked up, the words are ours
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or [f"it ended with {done.returncode}"]
        said = lines[0].replace(password, "***") if password else lines[0]
        raise BackupTrouble(f"pg_dump failed: {said.strip()}.", _INSTALL)
    return done.stdout
