"""A platform that speaks webhooks as a network: any of which no adapter is known.

`native_id` and `thread_key` are the platform's own words. A reply's key goes out as `webhook-id`, by which the platform
knows a repeat: the same key is the same reply, for ever.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import regex
from pydantic import ValidationError
from starlette.routing import BaseRoute, Route

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.plaintext import squeeze
from bot.core.ports import Capabilities, Intake, Keep
from bot.core.types import (
    Account,
    Budget,
    Gone,
    Item,
    OutgoingReply,
    Pending,
    Posted,
    PublishResult,
    Rejected,
    Visibility,
)
from handlers.dating import ahead
from handlers.fitting import unfit
from handlers.networks.webhook.config import Config
from handlers.networks.webhook.door import Door
from handlers.networks.webhook.pages import Pages
from handlers.networks.webhook.payloads import (
    ApprovedReply,
    ReplyAnswer,
    ReplyApproved,
    StandingItem,
    WebhookItem,
)
from handlers.networks.webhook.signing import Keys, NoSecret
from handlers.networks.webhook.translating import Translator
from handlers.networks.webhook.wire import Answer, Wire, trouble

BY_HAND = "This platform takes no replies from programs."
PROBE = "portavoz-check"
"""An id that no item has: whoever may ask is told that there is no such thing."""
NOT_THERE = frozenset({404, 410})
CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of the platform's."""
_GRAPHEME = regex.compile(r"\X")


class WebhookNetwork:
    """Implements `bot.core.ports.Network` for one platform."""

    def __init__(
        self,
        config: Config,
        *,
        keys: Keys | NoSecret,
        keep: Keep | None,
        base_url: str,
        brand: str | None,
        variable: str,
    ) -> None:
        self.id = config.id
        self._config = config
        self._address = base_url.rstrip("/") + config.path
        self._name = config.name or brand or config.id
        self._wire = Wire(config, keys)
        self._translator = Translator(config.id, self._name)
        self._door = Door(config.id, keys, self._translator, keep, per_minute=config.rate_per_minute)
        self._pages = Pages(config, self._address, self._name, variable)

    def routes(self) -> list[BaseRoute]:
        """Where the platform calls us, and how that is done."""
        return [Route(self._config.path, self._door.answer, methods=["POST"]), *self._pages.routes()]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def capabilities(self) -> Capabilities:
        answers, hours = self._config.reply_url is not None, self._config.reply_hours
        return Capabilities(
            ingest=frozenset({"webhook"}),
            can_reply=answers,
            reply_window=None if hours is None else timedelta(hours=hours),
            idempotency="client_id" if answers else "none",
            async_publication=answers,
            tells_gone=self._config.item_url is not None,
            max_length=self._config.max_length,
            budget=Budget(rate=10.0, burst=20),
        )

    def measure(self, text: str) -> int:
        """Characters or graphemes, as the settings say."""
        return len(text) if self._config.measure == "characters" else sum(1 for _ in _GRAPHEME.finditer(text))

    async def check(self) -> Account:
        """Whether the secret is one, and whether the platform lets us read, where it has an `item_url`."""
        self._wire.keys()
        difference = None
        if self._config.item_url is not None:
            answer = await self._wire.get(self._config.item_url, {"id": PROBE})
            if answer.status not in NOT_THERE and answer.status != 200:
                raise trouble(answer)
            difference = ahead(answer.headers.get("date"), datetime.now(UTC))
        return Account(name=f"{self._name}, {self._address}", url=self._config.url, ahead=difference)

    # --- in -------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Take what the platform sends; it sends again what was not answered with 202, so no cursor is needed."""
        self._wire.keys()
        with self._door.open_to(intake) as broken:
            await broken

    async def current(self, item: Item) -> Item | Gone:
        """The item as `item_url` has it; without one, what was reported last counts."""
        standing = await self._standing(item)
        if isinstance(standing, StandingItem):
            return self._translator.item(standing)
        return standing or item

    async def conversation(self, item: Item) -> list[Item]:
        """What `item_url` says stands below the item; without one that cannot be told."""
        return [self._translator.item(one) for one in await self._below(item)]

    async def _below(self, item: Item) -> tuple[WebhookItem, ...]:
        standing = await self._standing(item)
        return standing.below if isinstance(standing, StandingItem) else ()

    async def _standing(self, item: Item) -> StandingItem | Gone | None:
        """What `item_url` says of an item; None where there is no such address."""
        if self._config.item_url is None:
            return None
        answer = await self._wire.get(self._config.item_url, {"id": item.native_id})
        if answer.status in NOT_THERE:
            return Gone()
        if answer.status != 200:
            raise trouble(answer)
        try:
            found = StandingItem.model_validate_json(answer.body)
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            raise Permanent(f"What item_url answered is no item: {field or 'JSON'}.", item.url) from error
        if found.id != item.native_id:
            raise Permanent("What item_url answered is another item.", item.url)
        return found

    # --- out ------------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        """See `bot.core.ports.Network.publish`. Without a `reply_url`, to a person."""
        by_hand = reply.target.url or self._config.url
        if self._config.reply_url is None:
            return Rejected(reason=BY_HAND, manual_url=by_hand)
        if problem := unfit(reply.text, self.measure, self._config.max_length):
            return Rejected(reason=problem)
        body = ReplyApproved(timestamp=datetime.now(UTC), data=_approved(reply)).model_dump(mode="json")
        return _result(await self._wire.post(self._config.reply_url, body, reply.key), reply, by_hand)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """Our reply below the item: the one with its key or, where replies have none, with its words since then."""
        for one in await self._below(reply.target):
            if one.ours and _is(one, reply):
                return Posted(native_id=one.id, url=one.url)
        return None


def _approved(reply: OutgoingReply) -> ApprovedReply:
    return ApprovedReply(
        key=reply.key,
        item=reply.target.native_id,
        thread=reply.target.thread_key,
        text=reply.text,
        visibility=_no_more_public(reply).value,
        attempt=reply.attempt,
    )


def _no_more_public(reply: OutgoingReply) -> Visibility:
    """Private where the item or the reply is."""
    asked = {reply.visibility, reply.target.visibility}
    return Visibility.PRIVATE if Visibility.PRIVATE in asked else Visibility.PUBLIC


def _result(answer: Answer, reply: OutgoingReply, by_hand: str | None) -> PublishResult:
    """What the platform did. Raises AuthExpired, Transient or OutcomeUnknown."""
    status = answer.status
    if status in {200, 201, 202, 409}:
        told = _told(answer)
        if status == 202:
            # Without an id of its own it is confirmed by the key.
            return Pending(native_id=told.id if told else reply.key, url=told.url if told else None)
        if told is not None:
            return Posted(native_id=told.id, url=told.url)
        if status == 409:
            return Rejected(reason=answer.said, manual_url=by_hand, duplicate=True)
    if status < 300 or status >= 500 or status == 408:
        lacks = " without the reply's id" if status < 300 else ""
        raise OutcomeUnknown(f"The platform answered {status}{lacks}.")
    if status in {401, 403}:
        raise AuthExpired(answer.said)
    if status in {425, 429}:
        raise Transient(answer.said, retry_after=answer.retry_after)
    return Rejected(reason=answer.said, manual_url=None if status == 410 else by_hand)


def _told(answer: Answer) -> ReplyAnswer | None:
    """The reply's id; None where the answer has none."""
    try:
        return ReplyAnswer.model_validate_json(answer.body)
    except ValidationError:
        return None


def _is(found: WebhookItem, reply: OutgoingReply) -> bool:
    if found.key is not None:
        return found.key == reply.key and found.text == reply.text
    recent = reply.first_attempt_at is None or found.created_at >= reply.first_attempt_at - CLOCK_SKEW
    return recent and squeeze(found.text) == squeeze(reply.text)
