"""A real WordPress on 127.0.0.1 with a database of its own, as Debian ships it; visitors use its own ways in."""

from __future__ import annotations

import contextlib
import html
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.process import client, until
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
SITE = ROOT / ".venv/servers/wordpress/site"
OURS = ROOT / "tests/servers/wordpress"
SHOP = "tienda"
DATABASE = [
    "--no-defaults", "--skip-grant-tables", "--skip-networking", "--skip-log-bin",
    "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0",
]  # fmt: skip
PHP = ["-d", "opcache.enable_cli=1", "-d", "opcache.revalidate_freq=60", "-d", "display_errors=0"]


class WordPress:
    """One site with one post; `tienda` is ours, `chief` runs it, everybody else is made when they first speak."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._socket = folder / "db.sock"
        self._passwords: dict[str, tuple[str, str, str]] = {}
        self.http = client(self.base)
        try:
            self._start_database()
            self.secret = f"{SHOP}:{self._install()}"
            self._start_site()
            self.chief = self.person("chief", "Chief", "administrator")
        except BaseException:
            self.close()
            raise

    # --- the processes ----------------------------------------------------------------------------------------

    @property
    def _environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "WORDPRESS_URL": self.base,
            "WORDPRESS_SITE": str(SITE),
            "WORDPRESS_SOCKET": str(self._socket),
            "WORDPRESS_CONTENT": str(OURS / "content"),
            "PHP_CLI_SERVER_WORKERS": "4",
        }

    def _run(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("wb") as log:
            made = subprocess.Popen(
                words, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=self._environ,
                cwd=self._folder, start_new_session=True,
            )  # fmt: skip
        self._processes.append(made)
        return made

    def _start_database(self) -> None:
        data = self._folder / "db"
        data.mkdir()
        user = ["--user=root"] if os.geteuid() == 0 else []
        where = [f"--datadir={data}", f"--socket={self._socket}", f"--pid-file={self._folder / 'db.pid'}"]
        made = self._run("mariadbd", "/usr/sbin/mariadbd", *DATABASE, *user, *where)
        log = self._folder / "mariadbd.log"
        until(lambda: "ready for connections" in log.read_text() or made.poll() is not None, what="the database")
        assert made.poll() is None, log.read_text()

    def _install(self) -> str:
        """The shop's application password."""
        done = subprocess.run(
            ["php", *PHP, str(OURS / "setup.php")],
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert re.fullmatch(r"\w{24}", done.stdout), done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def _start_site(self) -> None:
        made = self._run("php", "php", *PHP, "-S", f"127.0.0.1:{self.port}", "-t", str(SITE))

        def answers() -> bool:
            try:
                return self.http.get("/wp-json/").status_code == 200
            except httpx.TransportError:
                assert made.poll() is None, "php ended"
                return False

        until(answers, what="WordPress")

    def close(self) -> None:
        self.http.close()
        for process in reversed(self._processes):
            # The web server and its workers are one group; whoever has ended by itself is none any more.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)
        # Tens of megabytes, and nobody reads them after.
        shutil.rmtree(self._folder / "db", ignore_errors=True)

    # --- what people do ---------------------------------------------------------------------------------------

    def _do(self, what: str, **fields: Any) -> Any:
        answer = self.http.post(f"/wp-json/testing/v1/{what}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset(self) -> None:
        """No comments, no trouble; that takes no time, a start takes seconds."""
        self._do("reset")

    def call(self, method: str, path: str, *, by: tuple[str, str] | None = None, **more: Any) -> Any:
        """The site's own REST interface, by default as who runs it."""
        answer = self.http.request(method, f"/wp-json/wp/v2/{path}", auth=by or self.chief, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def person(self, login: str, name: str, role: str = "subscriber") -> tuple[str, str]:
        """Somebody with a user on the site, by that name now; login and password."""
        known = self._passwords.get(login)
        if known is None or known[:2] != (name, role):
            made = self._do("person", login=login, name=name, role=role)
            known = self._passwords[login] = (name, role, made["password"])
        return login, known[2]

    def write(self, text: str, name: str, login: str | None, parent: str | None = None) -> str:
        """Somebody comments, with a user on the site or as a visitor by the form; the comment's id."""
        if login is not None:
            body = {"post": 1, "content": text, "parent": int(parent or 0)}
            return str(self.call("POST", "comments", by=self.person(login, name), json=body)["id"])
        form = {"comment_post_ID": "1", "author": name, "comment": text, "comment_parent": parent or "0"}
        answer = self.http.post("/wp-comments-post.php", data=form)
        assert answer.status_code == 302, answer.text
        return re.findall(r"(?:#comment-|unapproved=)(\d+)", answer.headers["location"])[-1]

    def edit(self, native: str, text: str) -> None:
        self.call("POST", f"comments/{native}", json={"content": text})

    def set_status(self, native: str, status: str) -> None:
        """A moderator decides."""
        self.call("POST", f"comments/{native}", json={"status": status})

    def raw(self, native: str) -> str:
        """A comment as it is stored."""
        return str(self.call("GET", f"comments/{native}?context=edit")["content"]["raw"])

    def replies(self, native: str) -> list[str]:
        """The shop's comments below one that everybody can read, as they are stored, oldest first."""
        shop = self.call("GET", f"users?search={SHOP}")[0]["id"]
        asked = f"comments?context=edit&parent={native}&author={shop}&orderby=id&order=asc&per_page=100"
        return [str(one["content"]["raw"]) for one in self.call("GET", asked)]

    def shown(self) -> str:
        """The comments of the post as everybody gets them from the site's own interface, without its typography."""
        listed = self.http.get("/wp-json/wp/v2/comments?per_page=100&_fields=content").json()
        text = html.unescape(" ".join(re.sub(r"<[^>]+>", "", one["content"]["rendered"]) for one in listed))
        return text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))

    def answer_by_hand(self, native: str, text: str) -> str:
        """A colleague answers in the site's own pages, as the shop."""
        body = {"post": 1, "content": text, "parent": int(native)}
        by = tuple(self.secret.split(":", 1))
        return str(self.call("POST", "comments", by=(by[0], by[1]), json=body)["id"])

    def option(self, name: str, value: Any) -> None:
        self._do("option", name=name, value=value)

    def close_comments(self) -> None:
        self._do("close")

    def spoil(self, method: str, route: str, trouble: str, seconds: float) -> None:
        """Let the next request of this kind fail; `route` is a pattern."""
        self._do("trouble", method=method, route=route, trouble=trouble, seconds=seconds)
