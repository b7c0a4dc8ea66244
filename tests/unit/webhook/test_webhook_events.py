"""What a platform may send: signed, in time, once, in the documented shape; and nothing else."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.core.errors import Transient
from bot.core.messages import ItemArrived, ReplyRefused
from bot.core.types import AttachmentKind, Visibility
from handlers.networks.webhook import Config, WebhookNetwork, create
from handlers.networks.webhook.door import AGAIN, LARGEST
from tests.contract import network_side
from tests.contract.network_side import RecordingIntake
from tests.contract.webhook_side import SECRET, WebhookSide, signed

Open = Callable[..., Awaitable[WebhookSide]]
OTHER = "whsec_" + base64.b64encode(b"another secret, of 32 bytes long").decode()
WRITTEN = "2026-11-20T10:00:00Z"
COMMENT: dict[str, Any] = {"id": "c1", "text": "Hola", "created_at": WRITTEN, "author": {"name": "Vera"}}


@asynccontextmanager
async def listening(network: WebhookNetwork, intake: RecordingIntake | None = None) -> AsyncIterator[RecordingIntake]:
    """The door is open already when the block begins."""
    async with network_side.listening(network, intake) as heard:
        await asyncio.sleep(0)
        yield heard


def created(**more: Any) -> str:
    return json.dumps({"type": "item.created", "data": {**COMMENT, **more}})


async def test_only_what_is_signed_and_in_time_is_taken(platform: Open) -> None:
    side = await platform(answers=False)
    body, now = created(), datetime.now(UTC)
    good = signed(body)
    stamp, signature = good["webhook-timestamp"], good["webhook-signature"]
    cases: list[tuple[dict[str, str], str, int, str]] = [
        (good, body + " ", 401, "No signature fits"),
        (signed(body, secret=OTHER), body, 401, "No signature fits"),
        ({**good, "webhook-id": "another"}, body, 401, "No signature fits"),
        ({**good, "webhook-timestamp": str(int(stamp) + 1)}, body, 401, "No signature fits"),
        *(
            ({**good, "webhook-signature": wrong}, body, 401, "No signature fits")
            for wrong in ("v1", "v1,", "v1,!", "v2" + signature[2:], "v1," + "A" * 44, "v1,a,b", ", ,", "v1,\xff")
        ),
        ({**good, "webhook-id": "é"}, body, 401, "printable"),
        ({**good, "webhook-id": "x" * 201}, body, 401, "printable"),
        *(
            ({**good, "webhook-timestamp": wrong}, body, 401, "1970")
            for wrong in ("soon", "1e9", "-5", "9" * 30, "1.5")
        ),
        *(({name: good[name] for name in good if name != one}, body, 401, one) for one in list(good)[1:]),
        (signed(body, at=now - timedelta(minutes=6)), body, 400, "behind our clock"),
        (signed(body, at=now + timedelta(minutes=6)), body, 400, "ahead of our clock"),
    ]
    async with listening(side.network) as intake:
        for headers, sent, status, why in cases:
            raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
            answer = await side.client.post("/hooks/shop", content=sent, headers=raw)
            assert (answer.status_code, why in answer.json()["detail"]) == (status, True), (headers, answer.text)
        assert intake.events == []
        edge = signed(body, at=now - timedelta(minutes=4, seconds=50))
        assert (await side.client.post("/hooks/shop", content=body, headers=edge)).json() == {"accepted": 1}
        several = {**good, "webhook-signature": f"v1a,xyz v1,AAAA {signature}"}
        assert (await side.client.post("/hooks/shop", content=body, headers=several)).status_code == 202


async def test_while_the_secret_is_exchanged_both_hold_in_both_directions(platform: Open) -> None:
    side = await platform(secret=f"{OTHER} {SECRET}")
    async with listening(side.network) as intake:
        for n, secret in enumerate((OTHER, SECRET)):
            assert (await side.post(created(id=f"c{n}"), secret=secret)).status_code == 202
    assert len(intake.items) == 2
    await side.network.check()
    method, headers, query = side.asked[-1]
    assert (method, query) == ("GET", b"id=portavoz-check")
    side.secret = SECRET  # the platform that still has only the old one
    await side.network.check()
    assert len(headers["webhook-signature"].split()) == 2


async def test_a_repeat_changes_nothing_and_is_answered_as_before_also_after_a_restart(platform: Open) -> None:
    side = await platform(answers=False)
    two = json.dumps({"events": [json.loads(created(id="a")), json.loads(created(id="b"))]})
    async with listening(side.network) as intake:
        first = await side.post(two, id="msg_1")
        again = await side.post(two, id="msg_1")
        other = await side.post(created(id="c"), id="msg_1")
        await side.restart()
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json() == {"accepted": 2}
    assert (other.status_code, other.json()["error"]) == (409, "id_reused")
    async with listening(side.network, intake):
        assert (await side.post(two, id="msg_1")).json() == {"accepted": 2}
    assert len(intake.batches) == 1


async def test_nothing_is_accepted_that_is_not_committed(platform: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    side = await platform(answers=False)
    deaf = await side.post(created(), id="msg_1")
    assert (deaf.status_code, deaf.headers["Retry-After"]) == (503, str(AGAIN))

    async def full(*_: object, **__: object) -> None:
        raise Transient("The disk is full.", retry_after=7.2)

    async with listening(side.network) as intake:
        with monkeypatch.context() as patch:
            patch.setattr(intake, "emit", full)
            refused = await side.post(created(), id="msg_1")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "7")
        assert "disk is full" in refused.json()["detail"]
        assert (await side.post(created(), id="msg_1")).status_code == 202
    assert len(intake.items) == 1


async def test_without_a_drawer_to_remember_in_nothing_is_taken(
    platform: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = await platform(answers=False)

    async def away(*_: object, **__: object) -> None:
        raise ConnectionError

    async with listening(side.network) as intake:
        monkeypatch.setattr(side.keep, "put", away)
        assert (await side.post(created())).status_code == 202  # it is committed; only the memory of it is not
        monkeypatch.setattr(side.keep, "get", away)
        assert (await side.post(created(id="c2"))).status_code == 503
    assert len(intake.items) == 1


async def test_a_wrong_field_is_named(platform: Open) -> None:
    side = await platform(answers=False)
    comment = {"type": "item.created", "data": COMMENT}
    cases: list[tuple[Any, str]] = [
        ([], "object"),
        ({}, "type"),
        ({"events": []}, "events"),
        ({"events": [comment] * 501}, "events"),
        ({"events": [comment, {"type": "item.deleted", "data": {}}]}, "events.1"),
        ({"events": [comment], "more": 1}, "more"),
        ({**comment, "data": {**COMMENT, "author": {"name": "  "}}}, "data.author.name"),
        ({**comment, "data": {**COMMENT, "author": None}}, "an item has an author"),
        ({**comment, "data": {**COMMENT, "id": 7}}, "data.id"),
        ({**comment, "data": {**COMMENT, "id": "a\nb"}}, "data.id"),
        ({**comment, "data": {**COMMENT, "created_at": "2026-11-20T10:00:00"}}, "data.created_at"),
        ({**comment, "data": {**COMMENT, "created_at": "0001-01-01T00:00:00+14:00"}}, "data.created_at"),
        ({**comment, "data": {**COMMENT, "created_at": "9999-12-31T23:59:59-14:00"}}, "data.created_at"),
        ({**comment, "data": {**COMMENT, "url": "javascript:alert(1)"}}, "data.url"),
        ({**comment, "data": {**COMMENT, "url": "https://u:p@shop.example/"}}, "data.url"),
        ({**comment, "data": {**COMMENT, "visibility": "secret"}}, "data.visibility"),
        ({**comment, "data": {**COMMENT, "ours": "no"}}, "data.ours"),
        ({**comment, "data": {**COMMENT, "autor": {}}}, "data.autor"),
        ({**comment, "data": {**COMMENT, "author": {"name": "V", "reach": 2**31}}}, "data.author.reach"),
        ({**comment, "type": "item.updated"}, "edited_at"),
        ({"type": "reply.refused", "data": {"id": "r1"}}, "data.reason"),
    ]
    async with listening(side.network) as intake:
        for body, field in cases:
            answer = await side.post(json.dumps(body))
            said = answer.json()
            assert (answer.status_code, said["error"], field in said["detail"]) == (400, "bad_payload", True), said
            assert len(said["detail"]) < 1000
    assert intake.events == []


async def test_hostile_bodies_are_refused(platform: Open) -> None:
    side = await platform(answers=False)
    cases: list[tuple[str | bytes, int]] = [
        ("", 400),
        ("[" * 200_000, 400),
        ('{"events":' * 50_000, 400),
        ('{"events": [' + "[" * 500 + "]" * 500 + "]}", 400),
        ('{"type": "item.created", "data": {"id": "a", "text": "\\ud83d"}}', 400),
        ('{"events": ' + "9" * 100_000 + "}", 400),
        ("{} {}", 400),
        ("\ufeff{}", 400),
        ("x" * (LARGEST + 1), 413),
        (b"\xff\xfe", 401),
    ]
    async with listening(side.network) as intake:
        for body, status in cases:
            answer = await side.post(body)
            assert answer.status_code == status, (body[:40], answer.text)
            assert set(answer.json()) == {"error", "detail"}
    assert intake.events == []


async def test_who_asks_too_often_waits(platform: Open) -> None:
    side = await platform(answers=False, rate_per_minute=2)
    elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    answers = [await side.client.post("/hooks/shop", content="{}", headers=elsewhere) for _ in range(3)]
    assert [one.status_code for one in answers] == [401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await side.client.post("/hooks/shop", content="{}")).status_code == 401


async def test_every_field_means_what_it_says(platform: Open) -> None:
    side = await platform(answers=False, name="Café Alba")
    full = {
        "id": "c9", "text": "Hola\r\n\x07", "created_at": "2026-11-20T11:00:00+01:00", "parent": "c1", "thread": "t1",
        "url": "https://shop.example/c/9", "visibility": "private", "reply_by": "2026-11-21T10:00:00Z", "version": "7",
        "author": {"id": "u", "name": "Ve\nra", "handle": "vera", "url": "https://shop.example/u", "reach": 12},
        "attachments": [{"url": "https://shop.example/a.png", "alt": "una taza"}, {"url": "javascript:x"}],
    }  # fmt: skip
    bare = {"id": "c2", "text": "x", "created_at": WRITTEN, "parent": "c1", "ours": True}
    events = [
        {"type": "item.created", "data": full},
        {"type": "item.created", "data": bare},
        {"type": "item.updated", "timestamp": "2026-11-20T12:00:00Z", "data": {**COMMENT, "text": "Adiós"}},
        {"type": "reply.refused", "data": {"id": "r1", "reason": "not\nhere", "manual_url": "https://shop.example/r"}},
    ]
    async with listening(side.network) as intake:
        assert (await side.post(json.dumps({"events": events}))).json() == {"accepted": 4}
    (batch, cursor) = intake.batches[0]
    assert cursor is None
    one, own, edited = intake.items
    assert (one.text, one.author.name, one.author.reach) == ("Hola\n\ufffd", "Ve ra", 12)
    assert (one.created_at, one.reply_by) == (
        datetime(2026, 11, 20, 10, tzinfo=UTC),
        datetime(2026, 11, 21, 10, tzinfo=UTC),
    )
    assert (one.visibility, one.version, one.thread_key, one.parent) == (Visibility.PRIVATE, "7", "t1", "c1")
    assert [(hung.kind, hung.alt) for hung in one.attachments] == [(AttachmentKind.IMAGE, "una taza")]
    assert one.more_attachments == 1
    assert (own.ours, own.author.name, own.thread_key) == (True, "Café Alba", "c1")
    assert edited.edited_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert batch[3] == ReplyRefused(
        account="shop", native_id="r1", reason="not here", manual_url="https://shop.example/r"
    )
    assert not any(isinstance(event, ItemArrived) and event.fresh for event in batch)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
nearly = st.fixed_dictionaries(
    {"type": st.sampled_from(["item.created", "item.updated", "item.removed", "reply.confirmed"]) | anything},
    optional={"data": st.fixed_dictionaries({}, optional=dict.fromkeys(COMMENT, anything)) | anything},
)


@settings(max_examples=60)
@given(body=st.binary(max_size=60) | (nearly | st.fixed_dictionaries({"events": st.lists(nearly)})).map(json.dumps))
def test_whatever_is_sent_is_answered_with_its_reason(body: bytes | str) -> None:
    network = create(
        Config(id="shop", url="https://shop.example"), data=Path(), base_url="http://portavoz.test", secret=SECRET
    )
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")

    async def send() -> int:
        transport = httpx.ASGITransport(Starlette(routes=network.routes()))
        async with listening(network), httpx.AsyncClient(transport=transport) as client:
            answer = await client.post("http://portavoz.test/hooks/shop", content=body, headers=signed(text))
        assert answer.status_code == 202 or answer.json()["detail"]
        return answer.status_code

    assert asyncio.run(send()) in {202, 400, 401}
