"""A mailbox as a network.

A mail is an item; its `native_id` is its Message-ID without brackets, `thread_key` the id that its conversation began
with. `author.handle` is where an answer goes: what the mail asks for in `Reply-To`, else its author's address.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.errors import AdapterError, OutcomeUnknown, Permanent, Transient
from bot.core.messages import ItemArrived
from bot.core.ports import Capabilities, Intake, Keep
from bot.core.types import Account, Budget, Gone, Item, OutgoingReply, Posted, PublishResult, Rejected
from handlers.fitting import unfit
from handlers.networks.mail.composing import Voice, compose, message_id
from handlers.networks.mail.headers import ADDRESS, Mail, ids
from handlers.networks.mail.listening import Listener
from handlers.networks.mail.reading import event, lineage, parsed
from handlers.networks.mail.sending import Post
from handlers.networks.mail.wire import Mailbox

if TYPE_CHECKING:
    from handlers.networks.mail.config import Config

BEGUN = timedelta(days=60)
"""How long is known that the sending of a mail was begun."""
BELOW = 200
"""Mails of a conversation that are read at most, the newest."""


class MailNetwork:
    """Implements `bot.core.ports.Network` for one mailbox."""

    def __init__(self, config: Config, *, password: str | None, keep: Keep | None, brand: str | None) -> None:
        self.id = config.id
        self._config = config
        self._password = password
        self._keep = keep
        self._begun: set[str] = set()
        name = "".join(char for char in brand or "" if char.isprintable())[:100]
        self._voice = Voice(config.address, config.name or name)
        self._post = Post(config, password)

    async def aclose(self) -> None:
        """Nothing stays open between calls."""

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"stream", "poll"}),
            can_reply=True,
            idempotency="lookup" if self._config.sent else "none",
            budget=Budget(rate=0.5, burst=10),
        )

    def measure(self, text: str) -> int:
        """Characters; a mail may have as many as it likes."""
        return len(text)

    async def check(self) -> Account:
        """Whether both servers let us in, and the folders are there. Nothing is sent."""
        config = self._config
        async with Mailbox(config, self._password) as box:
            for folder in config.every_folder:
                try:
                    await box.open(folder)
                except Transient as error:
                    raise Permanent(f"The folder “{folder}” cannot be opened. {error.reason}") from error
            pushes = await box.pushes()
        await self._post.check()
        warnings = []
        if not config.sent:
            warnings.append(
                "No folder `sent`: what colleagues answer is not seen, and no lost reply can be looked for."
            )
        if not pushes:
            warnings.append(f"The server does not tell of new mail: it is asked every {config.poll_seconds:g} seconds.")
        return Account(name=self._voice.name or config.address, native_id=config.address, warnings=tuple(warnings))

    # --- in -------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report new mail; the cursor says how far each folder was read."""
        await Listener(self._config, self._password, intake).run(cursor)

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report the mails that got there since; see `bot.core.ports.Past`."""
        await Listener(self._config, self._password, intake).read_back(since)

    async def conversation(self, item: Item) -> list[Item]:
        """The mails in the folders that answer the item, or an answer to it."""
        if not _can_be_named(item.native_id):
            return []
        config = self._config
        found: dict[str, Item] = {}
        async with Mailbox(config, self._password) as box:
            for folder in config.every_folder:
                await box.open(folder)
                entries = await box.entries(folder, (await box.below(item.native_id))[-BELOW:])
                for raw in (await box.mails(entries)).values():
                    told = event(raw, account=config.id, address_here=config.address, sent=folder == config.sent)
                    # Servers search for parts of ids too.
                    if isinstance(told, ItemArrived) and item.native_id in lineage(parsed(raw.body)):
                        found.setdefault(told.item.native_id, told.item)
        return sorted(found.values(), key=lambda one: one.created_at)

    async def current(self, item: Item) -> Item | Gone:
        """The item: nobody can change a mail that was sent, and one that was filed elsewhere is not taken back."""
        return item

    # --- out ------------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        """Send the reply to where the mail wants its answers, and put a copy among what was sent."""
        author = reply.target.author
        to = author.handle or author.id or ""
        if problem := _unfit(reply.text, to):
            return Rejected(reason=problem)
        native = message_id(reply, self._voice)
        if await self._is_begun(native):
            # The process ended amid an earlier attempt: it may have gone out, and nobody may get it twice.
            if (found := await self.find(reply)) is not None:
                return found
            raise OutcomeUnknown("The sending of this mail was begun before, and no copy of it was found.")
        now = datetime.now(UTC)
        mail = compose(reply, await self._headers(reply.target.native_id), self._voice, to, now)
        await self._begin(native)
        try:
            refused = await self._post.send(mail, to)
        except OutcomeUnknown:
            raise
        except AdapterError:
            await self._end(native)
            raise
        if refused is not None:
            await self._end(native)
            return refused
        await self._file(native, mail, now)
        return Posted(native_id=native)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """The copy among what was sent, by the id that this approval's mail has."""
        native = message_id(reply, self._voice)
        if not self._config.sent:
            return None
        async with Mailbox(self._config, self._password) as box:
            await box.open(self._config.sent)
            return Posted(native_id=native) if await box.naming(native) else None

    async def _headers(self, native: str) -> Mail | None:
        """The headers of a mail in the folders; None where it is not there any more, or has no id."""
        if not _can_be_named(native):
            return None
        async with Mailbox(self._config, self._password) as box:
            for folder in self._config.every_folder:
                await box.open(folder)
                for uid in (await box.naming(native))[:1]:
                    return parsed(await box.headers(uid))
        return None

    async def _file(self, native: str, mail: bytes, now: datetime) -> None:
        """Put a copy among what was sent, unless the server did; whether that works or not, the mail is out."""
        if not self._config.sent:
            return
        with contextlib.suppress(AdapterError):
            async with Mailbox(self._config, self._password) as box:
                await box.open(self._config.sent)
                if not await box.naming(native):
                    await box.add(self._config.sent, mail, now)

    # --- what was begun -------------------------------------------------------------------------------------------

    async def _is_begun(self, native: str) -> bool:
        return native in self._begun or (self._keep is not None and await self._keep.get(f"begun:{native}") is not None)

    async def _begin(self, native: str) -> None:
        self._begun.add(native)
        if self._keep is not None:
            await self._keep.put(f"begun:{native}", "1", lifetime=BEGUN)

    async def _end(self, native: str) -> None:
        self._begun.discard(native)
        if self._keep is not None:
            await self._keep.take(f"begun:{native}")


def _unfit(text: str, to: str) -> str | None:
    """Why a mail with exactly this text cannot be sent there; None where it can."""
    if not ADDRESS.fullmatch(to):
        return "The mail says no address that can be answered."
    return unfit(text)


def _can_be_named(native: str) -> bool:
    return ids(f"<{native}>") == [native]
