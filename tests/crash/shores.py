"""kill -9 at every point of a comment's way, over any network that can be driven from outside.

To put a network under it, write a `Shore` (its server runs already) and call `die_everywhere`: see
`tests/servers/test_kill_networks.py`, whose table has a line for each but WordPress and Bluesky: their servers take
seconds to start, so they stand where these run already.
"""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from bot.engine.points import POINTS
from tests.crash.books import Books, Proposal
from tests.crash.process import KILL_AT
from tests.crash.team import AtTheCommandLine
from tests.e2e.process import Portavoz, until

ON_THE_WAY = tuple(point for point in POINTS if point.startswith(("intake.", "publish.")))
"""The points that have to do with a network; `test_kill.py` dies at the others, too."""
PUBLISHING = tuple(point for point in ON_THE_WAY if point.startswith("publish."))
"""For networks where coming in is cut short by the contract (`network_keeping.py`) on the server itself."""
TEAM = '[[people]]\nid = "luis"\nname = "Luis"\nrole = "lead"\n'


class Shore(Protocol):
    """A network's other side, for the deaths of a whole process. `account` is our account's id there."""

    account: str

    @property
    def settings(self) -> str:
        """The account as it stands in the configuration file: `[[networks]]` and its lines."""

    @property
    def environ(self) -> Mapping[str, str]:
        """The account's secrets, as environment variables."""

    def comment(self, text: str) -> str:
        """A customer comments, each one somebody else; the native id."""

    def replies(self, native_id: str) -> list[str]:
        """The texts of the brand's replies to a comment, as everybody reads them, without whom they address."""


def configuration(shore: Shore) -> str:
    """A portavoz.toml with the account, and Luis, whose approvals go out at once."""
    return f"undo_seconds = 0\n{shore.settings}\n{TEAM}"


def standing(books: Books, about: str, wanted: str) -> Proposal:
    """The reply to a comment, once it is in this state; a look costs a hundredth of a word on the command line."""

    def found() -> Proposal | None:
        proposal = books.proposal(about)
        return proposal if proposal is not None and proposal.state == wanted else None

    return until(found, what=f"a reply to {about} that is {wanted}")


class Deaths:
    """One data folder over a shore, and what people there were promised."""

    def __init__(self, shore: Shore, folder: Path) -> None:
        self.shore = shore
        self.folder = folder
        self.comments: list[str] = []
        self.approved: dict[str, str] = {}
        data = folder / "data"
        data.mkdir()
        (data / "portavoz.toml").write_text(configuration(shore))
        environ = {**shore.environ, KILL_AT: f"@{folder / 'armed'}"}
        self.bot = Portavoz(data, module="tests.crash.process", environ=environ)
        self.books = Books(data)

    def write(self) -> str:
        """A comment that differs from all others, as approved replies have to."""
        self.comments.append(self.shore.comment(f"La cafetera {len(self.comments)} llegó rota y nadie contesta."))
        return self.comments[-1]

    def die(self, point: str, luis: AtTheCommandLine) -> None:
        """A reply goes out, or a comment comes in; amid that the process dies, and is started again.

        Never both at once: a mail that was being sent when the process died for another reason is for people to
        settle, which takes minutes.
        """
        if point.startswith("publish."):
            self._answer(point, luis)
        else:
            self.arm(point)
            self.write()
        assert until(self.bot.ended, what=f"the death at {point}") == -signal.SIGKILL
        self.bot.wait_end()
        self.arm("")
        self.bot.start()

    def _answer(self, point: str, luis: AtTheCommandLine) -> None:
        about = self.write()
        draft = standing(self.books, about, "proposed")
        text = f"Lo sentimos mucho. Hoy mismo te mandamos otra cafetera. ({len(self.approved)})"
        luis.edit(draft.ticket, draft.revision, text)
        self.arm(point)
        assert luis.approve(draft.ticket, draft.revision + 1) == "done"
        self.approved[about] = text

    def arm(self, point: str) -> None:
        """Let the process end at this point; the file is read whole or not at all."""
        (self.folder / "new").write_text(point)
        (self.folder / "new").rename(self.folder / "armed")

    def count(self) -> None:
        """When nothing moves any more: every comment is one ticket, in order, every approved reply stands once."""
        for about in self.approved:
            standing(self.books, about, "published")
        last = self.write()
        standing(self.books, last, "proposed")
        came = [native for (native,) in self.books.ask("SELECT native_id FROM items WHERE NOT ours ORDER BY id")]
        assert came == self.comments
        assert self.books.ask("SELECT count(*) FROM tickets") == [(len(self.comments),)]
        replies = {about: self.shore.replies(about) for about in self.comments}
        assert replies == {about: [self.approved[about]] if about in self.approved else [] for about in self.comments}
        intents = Counter(reply for (reply,) in self.books.ask("SELECT reply FROM publications WHERE phase = 'posted'"))
        assert set(intents.values()) <= {1}


def die_everywhere(shore: Shore, folder: Path, points: Iterable[str] = ON_THE_WAY) -> None:
    """kill -9 at each of these points, one after the other, then count."""
    deaths = Deaths(shore, folder)
    try:
        deaths.bot.start()
        luis = AtTheCommandLine(deaths.bot.data, deaths.bot.environ)
        try:
            for point in points:
                deaths.die(point, luis)
        finally:
            luis.close()
        deaths.count()
    finally:
        deaths.bot.close()
