"""The team in crash tests: one at the desk, over HTTP, and one at a command line, straight in the database."""

from __future__ import annotations

import asyncio
import functools
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bot.core.messages import Approve, Command, Done, Edit
from bot.engine import wake
from bot.engine.commands import carry_out
from bot.engine.parts import utc_now
from bot.places import open_database
from bot.settings import load
from bot.store.work import Work
from bot.triage import RuleClassifier
from bot.wiring import build_parts, close_all
from tests.e2e.process import client

Answer = Literal["done", "refused"]


@functools.cache
def _classifier() -> RuleClassifier:
    """One for all: loading its model takes longer than everything else here."""
    return RuleClassifier()


class Away(Exception):
    """The bot answers, but has no database at this moment."""


class AtTheDesk:
    """Ana, signed in by the one-time link. Her session has to outlive the process."""

    def __init__(self, url: str) -> None:
        self._browser = client(url, {"Origin": url, "Sec-Fetch-Site": "same-origin"})

    def sign_in(self, link: str) -> None:
        """Press the button of a one-time link."""
        answer = self._browser.post(link, data={"go": "in"})
        assert answer.status_code == 303, answer.text

    def page(self, path: str = "/desk") -> str:
        """A page of the desk. Whoever is not signed in any more gets an AssertionError. Raises Away."""
        answer = self._browser.get(path)
        if answer.status_code in {500, 503}:
            raise Away(path)
        assert answer.status_code == 200, (answer.status_code, answer.text[:500])
        return answer.text

    def send(self, ticket: str, verb: str, **fields: str) -> Answer:
        """Press a button of a ticket's page, with what stands in its form; what the desk answered."""
        action = f"/desk/t/{ticket}/{verb}"
        form = re.search(rf'<form method="post" action="{action}".*?</form>', self.page(f"/desk/t/{ticket}"), re.DOTALL)
        if form is None:
            return "refused"  # there is no such button now
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
        answer = self._browser.post(action, data={**hidden, **fields}, headers={"Accept": "application/json"})
        if answer.status_code in {500, 503}:
            raise Away(action)
        kind: Answer = answer.json()["kind"]
        return kind

    def close(self) -> None:
        self._browser.close()


class AtTheCommandLine:
    """Luis, in a process that is not the bot's: he writes to the database and wakes whoever works with it."""

    def __init__(self, data: Path, environ: dict[str, str]) -> None:
        self._data = data
        settings = load(data=data, environ=environ)
        self._database = open_database(settings, upgrade=False)
        parts = build_parts(settings, self._database, chats=False)
        self._parts = replace(parts, classifier=_classifier())

    def do(self, command: Command) -> Answer:
        """Carry a wish out, committed on return."""
        with self._database.begin() as conn:
            work = Work(conn, utc_now())
            outcome = carry_out(work, self._parts, command)
            work.flush()
        wake.wake(self._data)
        return "done" if isinstance(outcome, Done) else "refused"

    def approve(self, ticket: str, revision: int) -> Answer:
        return self.do(Approve(by="luis", via="cli", ticket=ticket, revision=revision))

    def edit(self, ticket: str, revision: int, text: str) -> Answer:
        return self.do(Edit(by="luis", via="cli", ticket=ticket, revision=revision, text=text))

    def close(self) -> None:
        asyncio.run(close_all(self._parts))
        self._database.close()
