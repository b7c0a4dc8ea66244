"""A wall, bots that die, people who go on regardless, and a ledger of what they were promised."""

from __future__ import annotations

import itertools
import random
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg

from bot.core.messages import Settle
from bot.store.errors import DatabaseTrouble
from tests.bench.comments import comment
from tests.crash.books import Books, Proposal
from tests.crash.count import Count, count
from tests.crash.process import KILL_AT, SHARED
from tests.crash.team import AtTheCommandLine, AtTheDesk, Away
from tests.e2e.process import Portavoz, until

if TYPE_CHECKING:
    from tests.support.postgres import Server

UNDO = {"PORTAVOZ_UNDO_SECONDS": "0", "PORTAVOZ_LOG_LEVEL": "warning"}
UNANSWERED = (httpx.TransportError, httpx.HTTPStatusError, Away, DatabaseTrouble, psycopg.OperationalError)
"""What people get who ask a bot that dies, or one whose database does."""
LOOKING = """
[[networks]]
id = "wall"
type = "wall"
faults = true
idempotency = "lookup"
"""
"""A wall that knows no keys: a reply that is sent twice stands there twice."""


@dataclass
class Letter:
    """A comment on its way; `id` is None until the wall has said 201."""

    key: str
    author: str
    text: str
    id: str | None = None


@dataclass
class World:
    """One data folder, and one bot; two on a `server`. Walls of odd seeds know no keys.

    `wishes` are the texts that somebody set out to approve, by comment: never taken back.
    """

    folder: Path
    seed: int
    server: Server | None = None
    letters: list[Letter] = field(default_factory=list)
    wishes: dict[str, str] = field(default_factory=dict)
    fallen: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        if self.seed % 2:
            (data / "portavoz.toml").write_text(LOOKING)
        self._keys = itertools.count()
        self._url = self.server.empty() if self.server else None
        self.environ = UNDO if self._url is None else {**UNDO, "PORTAVOZ_DATABASE_URL": self._url, SHARED: "1"}
        self.bots = [self._bot(data, n) for n in range(2 if self.server else 1)]
        self.desks = [AtTheDesk(bot.url) for bot in self.bots]
        self._signed_in: set[int] = set()
        self.books = Books(data, self._url)

    def _bot(self, data: Path, number: int) -> Portavoz:
        environ = {KILL_AT: f"@{self._trigger(number)}", **self.environ}
        return Portavoz(data, module="tests.crash.process", environ=environ, logs_name=f"logs-{number}")

    @property
    def bot(self) -> Portavoz:
        """The only one, or the first."""
        return self.bots[0]

    # --- the processes ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start whichever does not run, and sign in where that has not been possible so far: sessions outlive all."""
        started = [n for n, bot in enumerate(self.bots) if not bot.running]
        for n in started:
            self._bury(n)
            self.bots[n].spawn()
        for n in started:
            self.bots[n].wait_ready()
            if n not in self._signed_in and self.bots[n].link is not None:
                until(lambda n=n: self._enters(n), what="the sign-in")  # type: ignore[misc]
            assert 'id="list"' in until(lambda n=n: self._page(n), what="a page of the desk")  # type: ignore[misc]

    def _bury(self, number: int) -> None:
        """Nobody ends here unless he is killed."""
        if self.bots[number].ended() is None:
            return
        code = self.bots[number].wait_end()
        if code != -signal.SIGKILL:
            self.fallen.append(f"process {number} ended by itself with {code}: {self.bots[number].log[-2000:]}")

    def _page(self, number: int) -> str | None:
        try:
            return self.desks[number].page()
        except Away:
            return None

    def _enters(self, number: int) -> bool:
        try:
            self.desks[number].sign_in(self.bots[number].link or "")
        except AssertionError:  # 503 in its first moments: the link is still good
            return False
        self._signed_in.add(number)
        return True

    def kill(self, number: int) -> None:
        """kill -9, if it runs."""
        if self.bots[number].running:
            self.bots[number].kill()
        else:
            self._bury(number)

    def arm(self, point: str, nth: int = 1, *, victim: int = 0) -> None:
        """Let a process end at the nth passing of this point from now on."""
        self._write(victim, f"{point}:{nth}")

    def disarm(self) -> None:
        for n in range(len(self.bots)):
            self._write(n, "")

    def _trigger(self, number: int) -> Path:
        return self.folder / f"kill-at-{number}"

    def _write(self, number: int, armed: str) -> None:
        fresh = self._trigger(number).with_suffix(".new")
        fresh.write_text(armed)
        fresh.rename(self._trigger(number))

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
        for bot in self.bots:
            bot.close()

    # --- what people do ---------------------------------------------------------------------------------------

    def write(self) -> None:
        """A comment for the wall. The writer repeats it, with its key, until the wall has said 201."""
        said = comment(self.dice)
        letter = Letter(f"k{next(self._keys)}", said.author, said.text)
        self.letters.append(letter)
        self.post(letter)

    def post(self, letter: Letter) -> None:
        """One attempt. Raises httpx.TransportError when nobody answers."""
        answer = self.dice.choice(self.bots).post(letter.author, letter.text, key=letter.key)
        assert answer.status_code == 201, answer.text
        letter.id = answer.json()["id"]

    def decide(self, proposal: Proposal, *, at_desk: bool) -> None:
        """Settle on a text, the draft's or one's own, and see to it that exactly this is approved."""
        own = f"{proposal.text} ({self.dice.randrange(10**6):06})"
        # Two equal replies are refused by the guard, and rightly so.
        taken = proposal.text in self.wishes.values()
        draft_will_do = not taken and self.dice.random() < 0.5
        self.wishes.setdefault(proposal.comment, proposal.text if draft_will_do else own)
        self.fulfil(proposal.comment, at_desk=at_desk)

    def fulfil(self, about: str, *, at_desk: bool) -> bool:
        """Edit and approve as far as that has not been done; whether nothing was left to do."""
        wanted = self.wishes[about]
        standing = self.books.proposal(about)
        if standing is None or standing.state != "proposed":
            return standing is not None
        colleague = None if at_desk else AtTheCommandLine(self.bot.data, self.environ)
        try:
            if standing.text != wanted:
                self._edit(colleague, standing, wanted)
                standing = self.books.proposal(about)
                assert standing is not None
                assert standing.text == wanted or standing.state != "proposed"
            self._approve(colleague, standing)
        finally:
            if colleague is not None:
                colleague.close()
        return False

    def _edit(self, colleague: AtTheCommandLine | None, standing: Proposal, text: str) -> None:
        revision = standing.revision
        if colleague is not None:
            colleague.edit(standing.ticket, revision, text)
        else:
            self.dice.choice(self.desks).send(standing.ticket, "edit", revision=str(revision), text=text)

    def _approve(self, colleague: AtTheCommandLine | None, standing: Proposal) -> None:
        revision = standing.revision
        if colleague is not None:
            colleague.approve(standing.ticket, revision)
        else:
            self.dice.choice(self.desks).send(standing.ticket, "approve", revision=str(revision))

    # --- afterwards -------------------------------------------------------------------------------------------

    def settle(self) -> Count:
        """Everybody finishes what they began; when nothing moves any more, count."""
        for letter in self.letters:
            if letter.id is None:
                self.post(letter)
        self._finish()
        while self._settle_unknown():
            self._finish()
        counted = count(self.books, self.bot.comments(), {x.id or "": x.text for x in self.letters}, self.wishes)
        counted.asked = len(self.asked)
        counted.wrong += self.fallen
        return counted

    def _finish(self) -> None:
        for about in list(self.wishes):
            until(lambda about=about: self._fulfilled(about), what=f"the approval of the reply to {about}")  # type: ignore[misc]
        until(self._everything_in, what="every comment to be a ticket")
        until(lambda: self.books.unfinished() == 0, what="the outbox to be empty")

    def _settle_unknown(self) -> bool:
        """Replies whose fate the bot asks people about: they look at the wall and say it. Whether there were any."""
        unknown = [
            found for about in self.wishes if (found := self.books.proposal(about)) and found.state == "uncertain"
        ]
        colleague = AtTheCommandLine(self.bot.data, self.environ)
        try:
            for one in unknown:
                stands = self.wishes[one.comment] in self.bot.replies(one.comment)
                answer = colleague.do(Settle(by="ana", via="cli", ticket=one.ticket, posted=stands))
                assert answer == "done", (one, stands)
                self.asked.add(one.comment)
        finally:
            colleague.close()
        return bool(unknown)

    def _fulfilled(self, about: str) -> bool:
        try:
            return self.books.proposal(about) is not None and self.fulfil(about, at_desk=True)
        except Away:
            return False

    def _everything_in(self) -> bool:
        ((known,),) = self.books.ask("SELECT count(DISTINCT native_id) FROM items WHERE NOT ours")
        return int(known) >= len(self.letters)

    def bustle(self, stop: threading.Event) -> None:
        """Comments and approvals, one after the other, until told to stop; whoever gets no answer just goes on."""
        while not stop.is_set():
            try:
                self.write()
                waiting = [x for x in self.books.proposals() if x.comment not in self.wishes]
                if waiting and len(waiting) > self.dice.randrange(4):
                    self.decide(self.dice.choice(waiting[-8:]), at_desk=self.dice.random() < 0.7)
            except UNANSWERED:
                stop.wait(0.01)
