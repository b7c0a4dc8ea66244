"""mastodon-mock, an emulator that nobody here wrote, as a process of its own with the shop and some people on it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.process import client, until
from tests.support.ports import free_port

HOME = Path(__file__).parents[2] / ".venv/servers/mastodon"
TOKEN = "tienda_token"
SEED = """
[server]
port = {port}
[streaming]
heartbeat_seconds = 0.2
[[seed.accounts]]
username = "tienda"
display_name = "La Tienda"
access_token = "tienda_token"
"""


class MastodonMock:
    """One instance; `tienda` is ours, everybody else is made when they first speak."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        config = folder / "mastodon_mock.toml"
        config.write_text(SEED.format(port=self.port))
        words = ["serve", "--in-memory", "--port", str(self.port), "--config", str(config), "--log-level", "warning"]
        environ = {name: os.environ[name] for name in ("PATH", "HOME", "LC_ALL") if name in os.environ}
        with (folder / "mastodon_mock.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(HOME / "bin/python"), "-m", "mastodon_mock", *words],
                stdout=log, stderr=subprocess.STDOUT, cwd=folder, env=environ,
            )  # fmt: skip
        self.http = client(self.base)
        self._tokens = {"tienda": TOKEN}
        until(self._answers, what="mastodon-mock")

    def _answers(self) -> bool:
        try:
            return self.http.get("/api/v2/instance").status_code == 200
        except httpx.TransportError:
            assert self._process.poll() is None, "mastodon-mock ended"
            return False

    def close(self) -> None:
        self.http.close()
        self._process.kill()
        self._process.wait(60)

    def reset(self) -> None:
        """As it was at the start; that takes no time, a start takes seconds."""
        assert self.http.post("/api/v1/_mock/reset").status_code == 200
        self._tokens = {"tienda": TOKEN}

    # --- what people do ---------------------------------------------------------------------------------------

    def call(self, method: str, path: str, who: str = "tienda", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        answer = self.http.request(method, f"/api/v1{path}", headers=headers, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def person(self, username: str, name: str) -> str:
        """Somebody with an account here; their username."""
        if username not in self._tokens:
            answer = self.http.post("/api/v1/_mock/dev_user", json={"username": username, "display_name": name})
            assert answer.status_code == 200, answer.text
            self._tokens[username] = answer.json()["access_token"]
        return username

    def write(self, who: str, text: str, *, parent: str | None = None, visibility: str = "public") -> str:
        """Somebody posts; the status's id."""
        body = {"status": text, "visibility": visibility, **({"in_reply_to_id": parent} if parent else {})}
        return str(self.call("POST", "/statuses", who, json=body)["id"])

    def source(self, native: str) -> str:
        """A status as it was typed."""
        return str(self.call("GET", f"/statuses/{native}/source")["text"])

    def replies(self, native: str) -> list[dict[str, Any]]:
        """Our statuses right below one, as everybody sees them."""
        shown = self.http.get(f"/api/v1/statuses/{native}/context")
        below = shown.json()["descendants"] if shown.status_code == 200 else []
        ours = [one for one in below if one["account"]["username"] == "tienda"]
        return [one for one in ours if one["in_reply_to_id"] == native]

    def spoil(self, method: str, pattern: str, effect: dict[str, Any]) -> None:
        """Let the next request of this kind fail."""
        rule = {"match": {"methods": [method], "path_regex": f"^{pattern}$"}, "effect": effect, "count": 1}
        assert self.http.post("/api/v1/_mock/faults", json=rule).status_code == 200
