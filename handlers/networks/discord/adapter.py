"""Discord as a network. Implements `bot.core.ports.Network` for the channels of one bot.

A reply refers to the message it answers and carries a nonce that Discord enforces for some minutes; after a lost answer
the channel is read for it. Lengths are characters, 2,000 at most (discord.com/developers/docs/resources/message).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from datetime import datetime, timedelta

import discord

from bot.core.errors import AdapterError, AuthExpired, Permanent
from bot.core.ports import Capabilities, Intake
from bot.core.types import Account, Budget, Gone, Item, OutgoingReply, Posted, PublishResult, Rejected, Visibility
from bot.settings.secrets import variable
from handlers.discord_calls import asked, judged
from handlers.fitting import unfit
from handlers.networks.discord.bell import Bell
from handlers.networks.discord.config import Config
from handlers.networks.discord.listening import Listener
from handlers.networks.discord.reading import Readings, native, place_of

LIMIT = 2000
BELOW = 500
"""Messages after another among which its replies are looked for."""
CLOCK_SKEW = timedelta(minutes=2)
NO_CONTENT = (
    "The application lacks the Message Content intent: switch it on under “Bot” in the developer portal, "
    "or messages come in empty."
)


class DiscordNetwork:
    """The chosen channels, as far as the bot can read them."""

    def __init__(self, config: Config, *, token: str) -> None:
        self.id = config.id
        self._config = config
        self._token = token
        self._client: Bell | None = None
        self._reading: Readings | None = None
        self._knowing = asyncio.Lock()

    @property
    def client(self) -> Bell:
        """The client; made inside the event loop that it works in."""
        if self._client is None:
            self._client = Bell(self._config)
            self._reading = None
        return self._client

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                await client.close()

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"stream"}),
            can_reply=True,
            idempotency="lookup",
            tells_gone=True,
            max_length=LIMIT,
            markup="markdown",
            budget=Budget(rate=1.0, burst=5),
        )

    def measure(self, text: str) -> int:
        """Characters."""
        return len(text)

    async def check(self) -> Account:
        """Who the token belongs to, whether the channels are open to it, and whether it may read what stands there."""
        client = await self._ready()
        about = await asked(client.application_info())
        for number in self._config.channels:
            await asked(client.fetch_channel(int(number)))
        flags = about.flags
        allowed = flags.gateway_message_content or flags.gateway_message_content_limited
        me = client.user
        name = me.name if me is not None else about.name
        return Account(
            name=name, native_id=str(me.id) if me is not None else None, warnings=() if allowed else (NO_CONTENT,)
        )

    # --- in ---------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report what members write and the team answers, edits and removals; see `Listener`."""
        client = await self._ready()
        try:
            await Listener(client, self._readings, self._config, intake).run(cursor)
        finally:
            if client.ws is not None:
                with contextlib.suppress(Exception):
                    await client.ws.close(code=1000)

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report what was written since then; see `bot.core.ports.Past`."""
        client = await self._ready()
        await Listener(client, self._readings, self._config, intake).read_back(since)

    async def conversation(self, item: Item) -> list[Item]:
        """What stands below the item: replies to it, replies to these, and the rest of a thread that it began."""
        found, about = [], {item.native_id}
        for message in await self._after(item):
            one = await self._readings.item(message)
            if one is not None and one.parent in about:
                about.add(one.native_id)
                found.append(one)
        return found

    async def current(self, item: Item) -> Item | Gone:
        client, place = await self._ready(), place_of(item.native_id)
        if place is None:
            return Gone()
        channel = await self._channel(client, place[0])
        async with judged():
            try:
                message = await channel.fetch_message(place[1])
            except discord.NotFound:
                return Gone()
        now = await self._readings.item(message)
        if now is None:
            raise Permanent("What stands there now is no message that could be answered.", item.url)
        return now

    # --- out --------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        text = reply.text.strip()
        if problem := self._unfit(reply, text):
            return Rejected(reason=problem)
        client, place = await self._ready(), place_of(reply.target.native_id)
        if reply.attempt > 1 and (found := await self.find(reply)) is not None:
            return found
        if place is None or isinstance(await self.current(reply.target), Gone):
            return Rejected(reason="The comment is not there any more.")
        channel = await self._channel(client, place[0])
        reference = discord.MessageReference(message_id=place[1], channel_id=place[0], fail_if_not_exists=True)
        nobody = discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=True)
        nonce = hashlib.sha256(reply.key.encode()).hexdigest()[:24]
        try:
            sent = channel.send(text, reference=reference, allowed_mentions=nobody, nonce=nonce)
            return _posted(await asked(sent, writes=True))
        except AuthExpired:
            raise
        except Permanent as refusal:
            return Rejected(reason=refusal.reason, manual_url=reply.target.url)

    def _unfit(self, reply: OutgoingReply, text: str) -> str | None:
        """Why a text must not go out exactly as it is; None where it may."""
        if problem := unfit(text, self.measure, LIMIT, taken="\u2028"):
            return problem
        if reply.visibility is Visibility.PRIVATE and reply.target.visibility is not Visibility.PRIVATE:
            return "A private answer to a public message cannot be given here."
        return None

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """Our reply to the target with exactly these words, not from before the first attempt."""
        client, since = await self._ready(), reply.first_attempt_at
        place, me = place_of(reply.target.native_id), client.user
        for message in await self._after(reply.target):
            ours = me is not None and message.author.id == me.id
            there = message.reference
            answers = place is not None and there is not None and there.message_id == place[1]
            recent = since is None or message.created_at >= since - CLOCK_SKEW
            if ours and answers and recent and message.content == reply.text.strip():
                return _posted(message)
        return None

    # --- the rest ---------------------------------------------------------------------------------------------

    async def _after(self, item: Item) -> list[discord.Message]:
        """What was written after the item, in its channel and in the thread that hangs on it."""
        client, place = await self._ready(), place_of(item.native_id)
        if place is None:
            return []
        found: list[discord.Message] = []
        for number in dict.fromkeys(place):
            if number != place[0] and client.get_channel(number) is None:
                continue
            channel = await self._channel(client, number)
            after = discord.Object(place[1])
            async with judged():
                found += [one async for one in channel.history(limit=BELOW, after=after, oldest_first=True)]
        return sorted(found, key=lambda one: one.id)

    async def _channel(self, client: Bell, number: int) -> discord.abc.Messageable:
        """A channel of ours. Raises AuthExpired where it is not open to us (any more)."""
        channel = client.get_channel(number) or await asked(client.fetch_channel(number))
        if not isinstance(channel, discord.abc.Messageable):
            raise Permanent("This channel has no messages.")
        return channel

    @property
    def _readings(self) -> Readings:
        if self._reading is None:
            self._reading = Readings(self.client, self._config)
        return self._reading

    async def _ready(self) -> Bell:
        """The client, logged in. Raises AuthExpired when the token is missing or dead."""
        async with self._knowing:
            if self._client is not None and self._client.is_closed():
                self._client = None
            client = self.client
            if client.user is None:
                if not self._token:
                    raise AuthExpired(f"{variable(self.id)} is not set")
                try:
                    await asked(client.login(self._token))
                except AdapterError:
                    await self.aclose()  # a client that knows half of itself would pass for one that is logged in
                    raise
            return client


def _posted(message: discord.Message) -> Posted:
    return Posted(native_id=native(message.channel.id, message.id), url=message.jump_url)
