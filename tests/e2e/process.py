"""The real process, for tests: started, stopped, killed by its own id; driven by HTTP and the command line alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.support.ports import free_port

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds for everything that has to happen sooner or later; a crowded machine is slow."""
_FOREIGN = re.compile(
    r"(PORTAVOZ|OPENAI|SLACK|DISCORD|TELEGRAM|DATABASE)_.*|PORT|HOST|(HTTP|HTTPS|ALL)_PROXY", re.IGNORECASE
)
_LINK = re.compile(r"http://\S+/desk/in/\S+")


class Died(AssertionError):
    """The process ended while it was needed; the message holds the end of its log."""


def client(url: str, headers: Mapping[str, str] | None = None) -> httpx.Client:
    """A browser without scripts. There is no TLS here, and loading certificates takes longer than most tests."""
    return httpx.Client(base_url=url, headers=headers, timeout=PATIENCE, verify=False, trust_env=False)  # noqa: S501


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without anything that would configure the bot."""
    clean = {name: value for name, value in os.environ.items() if _FOREIGN.fullmatch(name) is None}
    return {**clean, "TZ": "UTC", "LC_ALL": "C.UTF-8", **(more or {})}


def until(check: Callable[[], T | None], *, within: float = PATIENCE, what: str = "it to happen") -> T:
    """Ask again and again until the answer is true; that answer. Raises AssertionError when it takes too long."""
    end = time.monotonic() + within
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {within} s for {what}")
        time.sleep(0.01)


@dataclass
class Portavoz:
    """One data folder and the process that works with it. It keeps its port over restarts, as cookies expect.

    `module` is what `python -m` runs; `environ` is added to a clean environment; `prefix` stands before every command.
    """

    data: Path
    module: str = "bot"
    environ: dict[str, str] = field(default_factory=dict)
    prefix: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    logs_name: str = ""
    link: str | None = None
    took: float = 0.0
    http: httpx.Client = field(init=False)
    _process: subprocess.Popen[bytes] | None = None
    _starts: int = 0

    def __post_init__(self) -> None:
        self.http = client(self.url)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What all runs so far wrote to stderr."""
        files = sorted(self._logs.glob("*.err"))
        return "".join(file.read_text("utf-8", "replace") for file in files)

    @property
    def _logs(self) -> Path:
        return self.data.with_name(self.logs_name or self.data.name + "-logs")

    def spawn(self) -> None:
        """Start it and do not wait."""
        assert self._process is None, "it runs already"
        self._logs.mkdir(exist_ok=True)
        self._starts += 1
        name = self._logs / f"{self._starts:04}"
        words = ["run", "--data", str(self.data), "--port", str(self.port)]
        command = [*self.prefix, sys.executable, "-m", self.module, *words]
        with name.with_suffix(".out").open("wb") as out, name.with_suffix(".err").open("wb") as err:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=ROOT, env=environment(self.environ)
            )

    def start(self) -> None:
        """Start it and wait for its line that says `ready`. Raises Died when it ends before."""
        began = time.monotonic()
        self.spawn()
        self.wait_ready()
        self.took = time.monotonic() - began

    def wait_ready(self) -> None:
        """Wait for the line; the sign-in link in it becomes `link`."""
        line = until(self._ready_line, what="the line that says ready")
        found = _LINK.search(line)
        self.link = found.group() if found else None

    def _ready_line(self) -> str | None:
        for line in self._said().splitlines(keepends=True):
            if line.startswith("ready ") and line.endswith("\n"):
                return line.rstrip()
        if self.ended() is not None:
            raise Died(f"ended with {self.wait_end()} before it was ready:\n{self.log[-3000:]}")
        return None

    def _said(self) -> str:
        return (self._logs / f"{self._starts:04}.out").read_text("utf-8", "replace")

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def ended(self) -> int | None:
        """Its exit code, when it has ended; negative for a signal."""
        return None if self._process is None else self._process.poll()

    def wait_end(self, within: float = PATIENCE) -> int:
        """Wait until it has ended by itself; its exit code."""
        assert self._process is not None
        code = self._process.wait(within)
        self._process = None
        return code

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        assert self._process is not None
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
        self.wait_end()

    def stop(self) -> int:
        """Ask it to end (SIGTERM); its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self.wait_end()

    def close(self) -> None:
        """Whatever state it is in: no process stays behind."""
        self.http.close()
        if self._process is not None:
            self.kill()

    def rss(self) -> float:
        """Resident memory, in MB of 1024 * 1024 bytes (proc(5), VmRSS)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu(self) -> float:
        """Seconds of processor time used so far, user and system (proc(5), stat fields 14 and 15)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # --- the wall ---------------------------------------------------------------------------------------------

    def post(self, author: str, text: str, **more: Any) -> httpx.Response:
        """A comment on the wall; `key` is sent as Idempotency-Key."""
        headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
        body = {"author": author, "text": text, **more}
        return self.http.post("/wall/comments", json=body, headers=headers)

    def comments(self) -> list[dict[str, Any]]:
        """Every comment on the wall with its replies, oldest first."""
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            params = {"limit": "200", **({"after": after} if after else {})}
            page = self.http.get("/wall/comments", params=params).raise_for_status().json()
            found += page["comments"]
            after = page["next"]
            if after is None:
                return found

    def replies(self, comment: str) -> list[str]:
        """The texts that stand under a comment."""
        shown = self.http.get(f"/wall/comments/{comment}").raise_for_status().json()
        return [reply["text"] for reply in shown["replies"]]

    # --- the command line -------------------------------------------------------------------------------------

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`portavoz --data DIR WORDS...` in a process of its own."""
        command = [*self.prefix, sys.executable, "-m", "bot", "--data", str(self.data), *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment(self.environ), capture_output=True, text=True, check=False, timeout=120
        )

    def ask(self, *words: str) -> Any:
        """The same with `--json`, which has to succeed; what it printed."""
        answer = self.cli(*words, "--json")
        assert answer.returncode == 0, f"{words}: {answer.returncode}\n{answer.stdout}\n{answer.stderr}"
        return json.loads(answer.stdout)
