"""What goes over the wire, as strict models. The JSON schema that developers see is generated from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import models_json_schema
from pydantic_core import from_json

from bot.core import attachments

MOST = 500
"""Events in one request."""
SHOWN = 3
"""Problems of a request that are told at once."""
YEARS = range(1970, 2200)


class BadPayload(Exception):
    """It cannot be understood; the message names the field."""


def _moment(value: datetime) -> datetime:
    if value.year not in YEARS:
        raise ValueError(f"must be in the years {YEARS.start} to {YEARS.stop - 1}")
    return value.astimezone(UTC)


def _link(value: str) -> str:
    if not attachments.is_safe(value):
        raise ValueError("must be an http or https address without a password")
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
Link = Annotated[str, Field(max_length=attachments.LONGEST_URL), AfterValidator(_link)]
Id = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Line = Annotated[str, Field(max_length=200, pattern=r"\S")]


class Strict(BaseModel):
    """Fields that nobody knows are mistakes: somebody believes that they mean something."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WebhookAuthor(Strict):
    """Who wrote it. Without `id` the name was merely typed: that is no identity. `reach` counts followers."""

    id: Id | None = None
    name: Line
    handle: Line | None = None
    url: Link | None = None
    reach: int | None = Field(default=None, ge=0, le=2**31 - 1)


class WebhookAttachment(Strict):
    """What hangs on a comment, by its address; nothing of it is fetched. `size` is in bytes."""

    url: str = Field(max_length=attachments.LONGEST_URL)
    kind: Literal["image", "video", "audio", "file", "link"] | None = None
    name: str | None = None
    alt: str | None = None
    media_type: str | None = None
    size: int | None = None


class WebhookItem(Strict):
    """A comment, message, review or mention.

    `thread` groups what belongs to one conversation; without it that is the parent, or else the item itself.
    `version` changes whenever the author edits; without it, the text and what hangs on it tell. `ours` marks what the
    brand's own account wrote, `key` that of the approved reply that it is. `reply_by` is when an answer is due.
    """

    id: Id
    text: str
    author: WebhookAuthor | None = None
    created_at: Moment
    edited_at: Moment | None = None
    parent: Id | None = None
    thread: Id | None = None
    url: Link | None = None
    visibility: Literal["public", "private"] = "public"
    reply_by: Moment | None = None
    attachments: tuple[WebhookAttachment, ...] = Field(default=(), max_length=200)
    version: Id | None = None
    ours: bool = False
    key: Id | None = None

    @model_validator(mode="after")
    def _somebody_wrote_it(self) -> Self:
        if self.author is None and not self.ours:
            raise ValueError("an item has an author, unless it is `ours`")
        return self


class RemovedItem(Strict):
    """Which item its author or the platform took away."""

    id: Id
    reason: Line = "removed"


class ConfirmedReply(Strict):
    """Which reply, answered with 202 before, is live now; `id` is the one given then."""

    id: Id
    url: Link | None = None


class RefusedReply(Strict):
    """Which reply, answered with 202 before, was turned down. With `manual_url` a person can still post it by hand."""

    id: Id
    reason: str = Field(min_length=1, max_length=1000)
    manual_url: Link | None = None


class _Envelope(Strict):
    timestamp: Moment | None = Field(default=None, description="When it happened.")


class ItemCreated(_Envelope):
    """Somebody wrote something."""

    type: Literal["item.created"]
    data: WebhookItem


class ItemUpdated(_Envelope):
    """Its author edited it. When, stands in `data.edited_at` or in `timestamp`."""

    type: Literal["item.updated"]
    data: WebhookItem

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.data.edited_at is None and self.timestamp is None:
            raise ValueError("an update says when it was made: `data.edited_at` or `timestamp`")
        return self


class ItemRemoved(_Envelope):
    """Its author, or the platform, took it away."""

    type: Literal["item.removed"]
    data: RemovedItem


class ReplyConfirmed(_Envelope):
    """A reply that was moderated first is live."""

    type: Literal["reply.confirmed"]
    data: ConfirmedReply


class ReplyRefused(_Envelope):
    """A reply that was moderated first was turned down."""

    type: Literal["reply.refused"]
    data: RefusedReply


WebhookEvent = Annotated[
    ItemCreated | ItemUpdated | ItemRemoved | ReplyConfirmed | ReplyRefused, Field(discriminator="type")
]
_TYPES = frozenset({"item.created", "item.updated", "item.removed", "reply.confirmed", "reply.refused"})


class Events(Strict):
    """Several events in one request, in the order in which they happened."""

    events: tuple[WebhookEvent, ...] = Field(min_length=1, max_length=MOST)


class _One(Strict):
    event: WebhookEvent


class StandingItem(WebhookItem):
    """What `item_url` answers: the item now, and what stands below it, oldest first, the brand's replies included."""

    below: tuple[WebhookItem, ...] = Field(default=(), max_length=MOST)


class ApprovedReply(Strict):
    """The reply to post, exactly as it was approved. The same `key` again is the same reply; `attempt` counts."""

    key: str
    item: str
    thread: str
    text: str
    visibility: Literal["public", "private"]
    attempt: int


class ReplyApproved(Strict):
    """What is sent to `reply_url`; `webhook-id` is the key."""

    type: Literal["reply.approved"] = "reply.approved"
    timestamp: datetime
    data: ApprovedReply


class ReplyAnswer(BaseModel):
    """What `reply_url` answers with 200, 201, 202 or 409: the reply's id on the platform, and where it stands."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: Id
    url: Link | None = None


_IN: tuple[type[BaseModel], ...] = (ItemCreated, ItemUpdated, ItemRemoved, ReplyConfirmed, ReplyRefused, Events)
_OUT: tuple[type[BaseModel], ...] = (ReplyApproved, ReplyAnswer, StandingItem)


def read(body: bytes) -> tuple[WebhookEvent, ...]:
    """The events in a request. Raises BadPayload."""
    try:
        whole = from_json(body)
    except ValueError as error:
        raise BadPayload(f"The body is not JSON: {error}"[:300]) from error
    if not isinstance(whole, dict):
        raise BadPayload("The body must be a JSON object.")
    try:
        if "events" in whole:
            return Events.model_validate_json(body).events
        return (_One.model_validate_json(b'{"event":' + body + b"}").event,)
    except ValidationError as error:
        raise BadPayload(_told(error)) from error


def _told(error: ValidationError) -> str:
    """Which fields are wrong, and how; nothing of what was sent but the names of fields."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{_field(one['loc'])}: {one['msg'].removeprefix('Value error, ')}"[:300] for one in problems[:SHOWN]]
    more = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
    return "; ".join([*lines, *more])


def _field(place: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in place if part not in _TYPES]
    return ".".join(parts[1:] if parts[:1] == ["event"] else parts) or "the event"


def schema(id: str) -> dict[str, Any]:
    """The JSON schema of everything that goes over the wire; a request to us is what stands at its top."""
    models: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in (*_IN, *_OUT)]
    references, made = models_json_schema(models, ref_template="#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": "Portavoz webhooks",
        "anyOf": [references[model, "validation"] for model in _IN],
        **made,
    }
