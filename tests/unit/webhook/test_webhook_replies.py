"""What a platform may answer to a reply, and how it is asked."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.core.errors import AdapterError, AuthExpired, OutcomeUnknown, Permanent, Transient
from bot.core.types import Author, Gone, Item, Pending, Posted, Rejected, Visibility
from handlers.networks.webhook import Config, WebhookNetwork, create
from handlers.networks.webhook.wire import LIMIT
from tests.contract.network_side import answer
from tests.contract.webhook_side import SECRET, WebhookSide

Open = Callable[..., Awaitable[WebhookSide]]
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ITEM = Item(
    account="shop",
    native_id="c1",
    version="1",
    author=Author(id="u", name="Vera"),
    text="Hola",
    created_at=AT,
    thread_key="t",
    url="https://shop.example/c/1",
)
AS_JSON = {"id": "c1", "text": "Hola", "created_at": AT.isoformat(), "author": {"name": "Vera"}}


async def test_the_reply_goes_out_word_for_word_and_signed(platform: Open) -> None:
    side = await platform()
    side.canned = (201, b'{"id": "r1", "url": "https://shop.example/r/1", "more": true}', {})
    private = replace(ITEM, visibility=Visibility.PRIVATE)
    reply = replace(answer(private, "«Sí» 👋\n^Ana", key="K7Q2.1"), attempt=2, visibility=Visibility.PRIVATE)
    assert await side.network.publish(reply) == Posted(native_id="r1", url="https://shop.example/r/1")
    [(_, headers, body)] = side.asked
    told = json.loads(body)
    assert (headers["webhook-id"], told["type"], set(told)) == (
        "K7Q2.1",
        "reply.approved",
        {"type", "timestamp", "data"},
    )
    assert told["data"] == {
        "key": "K7Q2.1",
        "item": "c1",
        "thread": "t",
        "text": "«Sí» 👋\n^Ana",
        "visibility": "private",
        "attempt": 2,
    }


async def test_each_answer_has_its_meaning(platform: Open) -> None:
    side = await platform()
    by_hand = ITEM.url
    said = b'{"error": "Not\\nhere."}'
    cases: list[tuple[int, bytes, object]] = [
        (200, b'{"id": "r1"}', Posted(native_id="r1")),
        (200, b'{"id": ""}', OutcomeUnknown),
        (200, b'{"id": 7}', OutcomeUnknown),
        (200, b"thanks", OutcomeUnknown),
        (204, b"", OutcomeUnknown),
        (200, b'{"id": "r1", "x": "' + b"x" * LIMIT + b'"}', OutcomeUnknown),
        (202, b'{"id": "r1"}', Pending(native_id="r1")),
        (202, b"", Pending(native_id="key-1")),
        (409, b'{"id": "r1"}', Posted(native_id="r1")),
        (409, said, Rejected(reason="Not here.", manual_url=by_hand, duplicate=True)),
        (307, b"", Rejected(reason="The platform answered 307.", manual_url=by_hand)),
        (400, b"[" * 100_000, Rejected(reason="The platform answered 400.", manual_url=by_hand)),
        (404, said, Rejected(reason="Not here.", manual_url=by_hand)),
        (410, said, Rejected(reason="Not here.")),
        (422, b'{"error": "closed"}', Rejected(reason="“closed”", manual_url=by_hand)),
        (422, b'{"error": ["x"]}', Rejected(reason="The platform answered 422.", manual_url=by_hand)),
        (401, said, AuthExpired),
        (403, b"", AuthExpired),
        (408, b"", OutcomeUnknown),
        (425, b"", Transient),
        (429, b"", Transient),
        (500, said, OutcomeUnknown),
        (503, said, OutcomeUnknown),
    ]
    for status, body, meaning in cases:
        side.canned = (status, body, {})
        try:
            result: object = await side.network.publish(answer(ITEM, "We are sorry."))
        except AdapterError as error:
            result = type(error)
        assert result == meaning, (status, body[:40])
    side.canned = (429, b"", {"Retry-After": "17"})
    with pytest.raises(Transient) as caught:
        await side.network.publish(answer(ITEM, "We are sorry."))
    assert caught.value.retry_after == 17


async def test_a_platform_that_cannot_be_reached_was_surely_not_told(platform: Open) -> None:
    side = await platform()
    await side._runner.cleanup()
    with pytest.raises(Transient, match="cannot be reached"):
        await side.network.publish(answer(ITEM, "We are sorry."))
    with pytest.raises(Transient):
        await side.network.current(ITEM)


async def test_without_an_address_a_person_posts_it(platform: Open) -> None:
    side = await platform(answers=False, url="https://shop.example/reviews")
    can = side.network.capabilities()
    assert (can.can_reply, can.reply_window) == (False, None)
    for item, link in ((ITEM, ITEM.url), (replace(ITEM, url=None), "https://shop.example/reviews")):
        result = await side.network.publish(answer(item, "We are sorry."))
        assert isinstance(result, Rejected)
        assert result.manual_url == link
    assert (await side.network.current(ITEM), await side.network.conversation(ITEM)) == (ITEM, [])
    assert await side.network.find(answer(ITEM, "We are sorry.")) is None


async def test_the_platforms_window_is_told(platform: Open) -> None:
    side = await platform(reply_hours=36.5)
    assert side.network.capabilities().reply_window == timedelta(hours=36.5)


async def test_what_the_platform_says_of_an_item_is_believed_only_where_it_is_one(platform: Open) -> None:
    side = await platform()
    cases: list[tuple[int, bytes, object]] = [
        (200, json.dumps(AS_JSON).encode(), Item),
        (200, b"{}", Permanent),
        (200, b"[" * 100_000, Permanent),
        (200, b"x" * (LIMIT + 1), Permanent),
        (200, json.dumps({**AS_JSON, "id": "c2"}).encode(), Permanent),
        (404, b"", Gone),
        (410, b"", Gone),
        (302, b"", Permanent),
        (401, b"", AuthExpired),
        (503, b"", Transient),
    ]
    for status, body, meaning in cases:
        side.canned = (status, body, {})
        try:
            result: object = type(await side.network.current(ITEM))
        except AdapterError as error:
            result = type(error)
        assert result is meaning, (status, body[:40])


async def test_a_reply_without_a_key_is_found_by_its_words_since_the_first_attempt(platform: Open) -> None:
    side = await platform()
    stands = {"id": "r1", "text": "We  are sorry.", "created_at": AT.isoformat(), "ours": True}
    cases: list[tuple[dict[str, Any], timedelta, bool]] = [
        ({}, timedelta(), True),
        ({}, timedelta(minutes=3), False),
        ({"text": "We are not."}, timedelta(), False),
        ({"ours": False, "author": {"name": "Eve"}}, timedelta(), False),
        ({"key": "key-1", "text": "We are sorry."}, timedelta(hours=1), True),
        ({"key": "key-2", "text": "We are sorry."}, timedelta(), False),
    ]
    for changed, later, found in cases:
        below = {**stands, **changed}
        side.canned = (200, json.dumps({**AS_JSON, "below": [below]}).encode(), {})
        reply = replace(answer(ITEM, "We are sorry."), first_attempt_at=AT + later)
        assert (await side.network.find(reply) == Posted(native_id="r1")) is found, changed


def made(secret: str | None, **settings: Any) -> WebhookNetwork:
    config = Config(id="my-shop", url="https://shop.example", **settings)
    return create(config, data=Path(), base_url="https://bot.example/", secret=secret)


async def test_check_says_what_is_wrong_with_the_secret_and_how_to_make_one() -> None:
    def coded(length: int) -> str:
        return base64.b64encode(b"s" * length).decode()

    wrong = {
        None: "is not set",
        " ": "is not set",
        coded(32): "does not begin with whsec_",
        f"whsec_{coded(32)}!": "is not base64",
        f"whsec_{coded(16)}": "24 to 64",
        f"whsec_{coded(65)}": "24 to 64",
        f"{SECRET} {SECRET} {SECRET}": "more than 2",
        f"{SECRET} whsec_": "24 to 64",
    }
    for secret, why in wrong.items():
        network = made(secret)
        for asked in (network.check(), network.listen(None, None)):  # type: ignore[arg-type]
            with pytest.raises(AuthExpired) as caught:
                await asked
            assert "PORTAVOZ_SECRET_MY_SHOP" in caught.value.reason
            assert why in caught.value.reason
            assert "more than" in why or "openssl rand -base64 32" in caught.value.reason
            assert not secret or not secret.strip() or secret not in caught.value.reason
    account = await made(f"{SECRET.rstrip('=')} {SECRET}").check()
    assert account.name == "my-shop, https://bot.example/hooks/my-shop"


def test_wrong_settings_are_refused() -> None:
    for wrong in (
        {},
        {"url": None, "item_url": "https://shop.example/items"},
        {"reply_url": "http://shop.example/replies"},
        {"reply_url": "https://u:p@shop.example/replies"},
        {"item_url": "https://shop.example/items?x=1"},
        {"item_url": "/items"},
        {"item_url": "https://["},
        {"url": "javascript:alert(1)"},
        {"max_length": 0},
        {"measure": "words"},
        {"id": "../x"},
        {"replyurl": "https://shop.example"},
    ):
        with pytest.raises(ValidationError):
            Config.model_validate({"url": "https://shop.example", **wrong} if wrong else wrong)
    assert Config(reply_url="http://127.0.0.1:9/x", item_url="https://shop.example/items").path == "/hooks/webhook"


def test_a_text_is_measured_as_the_settings_say() -> None:
    family = "👩‍👩‍👧‍👦é"
    assert made(SECRET).measure(family) == 8
    assert made(SECRET, measure="graphemes").measure(family) == 2
