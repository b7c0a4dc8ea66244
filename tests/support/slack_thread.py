"""The fake Slack beside a test that does not run in an event loop of its own: for tests with the real process."""

from __future__ import annotations

from tests.support.loop_thread import LoopThread
from tests.support.slack_fake import APP_TOKEN, BOT_TOKEN, SIGNING, FakeSlack


class SlackThread(LoopThread):
    """A fake in a thread. `do` runs something in its loop; `slack` may be read from outside."""

    def __init__(self) -> None:
        super().__init__("slack")
        self.slack = FakeSlack()
        self.do(self.slack.start())

    def close(self) -> None:
        self.do(self.slack.stop())
        super().close()

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
