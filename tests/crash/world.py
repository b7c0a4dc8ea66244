"""A wall, a bot that dies, people who go on regardless, and a ledger of what they were promised."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.bench.comments import comment
from tests.crash.books import Books, Proposal
from tests.crash.count import Count, count
from tests.crash.process import KILL_AT
from tests.crash.team import AtTheCommandLine, AtTheDesk
from tests.e2e.process import Portavoz, until

UNDO = {"PORTAVOZ_UNDO_SECONDS": "0", "PORTAVOZ_LOG_LEVEL": "warning"}


@dataclass
class Letter:
    """A comment on its way; `id` is None until the wall has said 201."""

    key: str
    author: str
    text: str
    id: str | None = None


@dataclass
class World:
    """One data folder. `wishes` are the texts that somebody set out to approve, by comment: never taken back."""

    folder: Path
    seed: int
    letters: list[Letter] = field(default_factory=list)
    wishes: dict[str, str] = field(default_factory=dict)
    _signed_in: bool = False

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._trigger = self.folder / "kill-at"
        self._keys = itertools.count()
        self.bot = Portavoz(
            self.folder / "data", module="tests.crash.process", environ={KILL_AT: f"@{self._trigger}", **UNDO}
        )
        self.books = Books(self.bot.data)
        self.desk = AtTheDesk(self.bot.url)

    # --- the process ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start it, and sign in if that has not been possible so far: the session must outlive everything."""
        self.bot.start()
        if not self._signed_in and self.bot.link is not None:
            until(self._enters, what="the sign-in")
        assert '<nav id="list"' in self.desk.page()

    def _enters(self) -> bool:
        try:
            self.desk.sign_in(self.bot.link or "")
        except AssertionError:  # 503 in its first moments: the link is still good
            return False
        self._signed_in = True
        return True

    def arm(self, point: str, nth: int = 1) -> None:
        """Let the process end at the nth passing of this point from now on."""
        self._write(f"{point}:{nth}")

    def disarm(self) -> None:
        self._write("")

    def _write(self, armed: str) -> None:
        fresh = self._trigger.with_suffix(".new")
        fresh.write_text(armed)
        fresh.rename(self._trigger)

    def close(self) -> None:
        self.desk.close()
        self.bot.close()

    # --- what people do ---------------------------------------------------------------------------------------

    def write(self) -> None:
        """A comment for the wall. The writer repeats it, with its key, until the wall has said 201."""
        said = comment(self.dice)
        letter = Letter(f"k{next(self._keys)}", said.author, said.text)
        self.letters.append(letter)
        self.post(letter)

    def post(self, letter: Letter) -> None:
        """One attempt. Raises httpx.TransportError when nobody answers."""
        answer = self.bot.post(letter.author, letter.text, key=letter.key)
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
        colleague = None if at_desk else AtTheCommandLine(self.bot.data, UNDO)
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
            self.desk.send(standing.ticket, "edit", revision=str(revision), text=text)

    def _approve(self, colleague: AtTheCommandLine | None, standing: Proposal) -> None:
        revision = standing.revision
        if colleague is not None:
            colleague.approve(standing.ticket, revision)
        else:
            self.desk.send(standing.ticket, "approve", revision=str(revision))

    # --- afterwards -------------------------------------------------------------------------------------------

    def settle(self) -> Count:
        """Everybody finishes what they began; when nothing moves any more, count."""
        for letter in self.letters:
            if letter.id is None:
                self.post(letter)
        for about in list(self.wishes):
            until(lambda about=about: self._fulfilled(about), what=f"the approval of the reply to {about}")  # type: ignore[misc]
        until(self._everything_in, what="every comment to be a ticket")
        until(lambda: self.books.unfinished() == 0, what="the outbox to be empty")
        return count(self.books, self.bot.comments(), {x.id or "": x.text for x in self.letters}, self.wishes)

    def _fulfilled(self, about: str) -> bool:
        return self.books.proposal(about) is not None and self.fulfil(about, at_desk=True)

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
            except (httpx.TransportError, httpx.HTTPStatusError):
                stop.wait(0.01)
