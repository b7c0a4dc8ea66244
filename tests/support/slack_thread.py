"""The fake Slack beside a test that does not run in an event loop of its own: for tests with the real process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.support.slack_fake import APP_TOKEN, BOT_TOKEN, SIGNING, FakeSlack

T = TypeVar("T")


class SlackThread:
    """A fake in a thread. `do` runs something in its loop; `slack` may be read from outside."""

    def __init__(self) -> None:
        self.slack = FakeSlack()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack", daemon=True)
        self._thread.start()
        self.do(self.slack.start())

    def do(self, work: Coroutine[Any, Any, T], within: float = 30.0) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within)

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something and do not wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        self.do(self.slack.stop())
        self.do(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end_all(self) -> None:
        """Requests that were left without an answer on purpose."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    @property
    def environ(self) -> dict[str, str]:
        """The secrets, as the bot wants them."""
        names = {"": BOT_TOKEN, "_APP": APP_TOKEN, "_SIGNING": SIGNING}
        return {f"PORTAVOZ_SECRET_SLACK{part}": value for part, value in names.items()}


def settings(
    base_url: str, *, mode: str = "socket", channel: str = "C0INBOX", users: dict[str, str] | None = None
) -> str:
    """A portavoz.toml with Ana (lead) and Luis (approver) and a room in Slack beside the desk."""
    known = users or {"ana": "U0ANA", "luis": "U0LUIS"}
    people = "".join(
        f'[[people]]\nid = "{who}"\nname = "{who.title()}"\nrole = "{role}"\nlocale = "{locale}"\n'
        f'identities = {{ slack = "{known[who]}" }}\n'
        for who, role, locale in (("ana", "lead", "es"), ("luis", "approver", "en"))
    )
    return (
        'undo_seconds = 1\n[[networks]]\nid = "wall"\ntype = "wall"\n[[chats]]\nid = "desk"\ntype = "desk"\n'
        f'[[chats]]\nid = "slack"\ntype = "slack"\nmode = "{mode}"\nbase_url = "{base_url}"\n'
        'messages_per_second = 20\n[[rooms]]\nid = "desk"\nchat = "desk"\n'
        f'[[rooms]]\nid = "inbox"\nchat = "slack"\nnative_id = "{channel}"\n{people}'
    )
