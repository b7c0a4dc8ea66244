"""The JSON interface of the wall: what it takes, what it refuses and how it says so."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.wall.wall_app import BASE, COOKIE, App, running


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


async def test_a_comment_is_answered_with_its_id_and_link(app: App) -> None:
    answer = await app.post({"author": "Vera", "text": "Hola"})
    assert answer.status_code == 201
    body = answer.json()
    assert re.fullmatch(r"[2-9a-z]{12}", body["id"])
    assert body["url"] == f"{BASE}/wall/c/{body['id']}"
    assert "Hola" in (await app.page(f"/wall/c/{body['id']}")).text


async def test_a_comment_is_listed_with_the_brands_replies(app: App) -> None:
    first = (await app.post({"author": "Vera", "text": "Hola"})).json()["id"]
    second = (await app.post({"author": "Luis", "text": "Yo también", "parent": first})).json()["id"]
    reply = await app.wall.reply_by_hand(first, "Hola, Vera")
    one, two = await app.listed()
    assert set(one) == {"id", "author", "text", "parent", "created_at", "replies"}
    assert (one["id"], one["author"], one["text"], one["parent"]) == (first, "Vera", "Hola", None)
    assert [(found["id"], found["author"], found["text"]) for found in one["replies"]] == [
        (reply.id, "Portavoz", "Hola, Vera")
    ]
    assert (two["id"], two["parent"], two["replies"]) == (second, first, [])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["created_at"])


async def test_pages_follow_each_other_without_gap_or_repeat(app: App) -> None:
    written = [(await app.post({"author": "V", "text": f"n {n}"})).json()["id"] for n in range(7)]
    seen: list[str] = []
    query: str | None = "?limit=3"
    while query is not None:
        answer = (await app.client.get(f"/wall/comments{query}")).json()
        assert len(answer["comments"]) <= 3
        seen += [comment["id"] for comment in answer["comments"]]
        query = f"?limit=3&after={answer['next']}" if answer["next"] else None
    assert seen == written


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1e2", "limit=²", "limit=99999999999"]
)
async def test_a_bad_limit_is_refused(app: App, query: str) -> None:
    answer = await app.client.get(f"/wall/comments?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_limit")


@pytest.mark.parametrize("after", ["nope", "", "%00", "%ff", "'--", "22222222222"])
async def test_an_unknown_cursor_is_refused(app: App, after: str) -> None:
    answer = await app.client.get(f"/wall/comments?after={after}")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_after")


REFUSED: list[tuple[Any, int, str]] = [
    ({"author": "V"}, 400, "missing_field"),
    ({"text": "x"}, 400, "missing_field"),
    ({"author": "", "text": "x"}, 400, "empty_author"),
    ({"author": " \n ", "text": "x"}, 400, "empty_author"),
    ({"author": "V", "text": ""}, 400, "empty_text"),
    ({"author": "V", "text": " \u200b\u202e\n"}, 400, "empty_text"),
    ({"author": "V", "text": 5}, 400, "wrong_type"),
    ({"author": ["V"], "text": "x"}, 400, "wrong_type"),
    ({"author": "V", "text": None}, 400, "wrong_type"),
    ({"author": "V", "text": "x", "parent": 3}, 400, "wrong_type"),
    ({"author": "V", "text": "x", "parent": "nope"}, 404, "not_found"),
    ({"author": "V", "text": "x", "parent": "222222222222"}, 404, "not_found"),
    ({"author": "V", "text": "x", "parent": ""}, 404, "not_found"),
    ({"author": "V" * 81, "text": "x"}, 400, "author_too_long"),
    ({"author": "V", "text": "x" * 5_001}, 400, "text_too_long"),
    (["V", "x"], 400, "bad_json"),
    ("text", 400, "bad_json"),
    (5, 400, "bad_json"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
async def test_bad_input_is_refused_with_a_reason_and_leaves_nothing(
    app: App, body: Any, status: int, code: str
) -> None:
    answer = await app.post(body)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["detail"].endswith((".", "characters"))
    assert await app.listed() == []


RAW = {
    "not json": (b"{", 400, "bad_json"),
    "empty": (b"", 400, "bad_json"),
    "invalid utf-8": (b'{"author": "V", "text": "\xff\xfe"}', 400, "bad_encoding"),
    "utf-16": ('{"author": "V", "text": "x"}'.encode("utf-16"), 400, "bad_encoding"),
    "deep": (b"[" * 60_000, 400, "bad_json"),
    "deep object": (b'{"text":' * 7_000, 400, "bad_json"),
    "a very long number": (b'{"author": ' + b"9" * 6_000 + b"}", 400, "bad_json"),
    "half a surrogate pair as parent": (b'{"author":"V","text":"x","parent":"\\ud800"}', 404, "not_found"),
    "one byte too many": (b'{"author": "V", "text": "x"}'.ljust(65_537), 413, "too_large"),
}


@pytest.mark.parametrize("name", RAW)
async def test_bad_bytes_are_refused_with_a_reason(app: App, name: str) -> None:
    body, status, code = RAW[name]
    answer = await app.client.post("/wall/comments", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert await app.listed() == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
async def test_only_json_is_taken_so_that_no_foreign_form_can_write(app: App, kind: str) -> None:
    answer = await app.client.post(
        "/wall/comments", content=b'{"author": "V", "text": "x"}', headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["error"]) == (415, "wrong_content_type")


async def test_the_largest_comment_fits_however_it_is_written(app: App) -> None:
    text, author = "👩" * 5_000, "🧑" * 80
    body = json.dumps({"author": author, "text": text}).encode()
    assert len(body) < 65_536
    answer = await app.client.post("/wall/comments", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert [(found["author"], found["text"]) for found in await app.listed()] == [(author, text)]


async def test_ten_megabytes_are_refused_without_being_held(app: App) -> None:
    import tracemalloc

    async def ten_megabytes() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"x" * 65_536

    tracemalloc.start()
    try:
        answer = await app.client.post(
            "/wall/comments", content=ten_megabytes(), headers={"Content-Type": "application/json"}
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert peak < 2_000_000


async def test_who_waits_for_leave_to_send_too_much_is_refused_before_sending(app: App) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {"Content-Type": "application/json", "Content-Length": "10000000", "Expect": "100-continue"}
    answer = await app.client.post("/wall/comments", content=never(), headers=headers)
    assert answer.status_code == 413


async def test_a_repeat_with_the_same_key_is_the_same_comment(app: App) -> None:
    body = {"author": "V", "text": "once"}
    first = await app.post(body, idempotency_key="abc")
    again = await app.post(body, idempotency_key="abc")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert "edit_token" not in again.json()
    assert len(await app.listed()) == 1


async def test_repeats_at_the_same_moment_are_the_same_comment(app: App) -> None:
    body = {"author": "V", "text": "once"}
    answers = await asyncio.gather(*(app.post(body, idempotency_key="abc") for _ in range(10)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await app.listed()) == 1


async def test_a_key_with_other_words_is_refused(app: App) -> None:
    await app.post({"author": "V", "text": "once"}, idempotency_key="abc")
    answer = await app.post({"author": "V", "text": "twice"}, idempotency_key="abc")
    assert (answer.status_code, answer.json()["error"]) == (409, "key_reused")


@pytest.mark.parametrize("key", ["", "x" * 201, "a b"])
async def test_an_unusable_key_is_refused(app: App, key: str) -> None:
    answer = await app.post({"author": "V", "text": "x"}, idempotency_key=key)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_key")


async def test_without_a_key_the_same_words_twice_are_two_comments(app: App) -> None:
    for _ in range(2):
        await app.post({"author": "V", "text": "me too"})
    assert len(await app.listed()) == 2


async def test_only_the_author_edits_and_takes_back(app: App) -> None:
    made = (await app.post({"author": "V", "text": "first"})).json()
    path = f"/wall/comments/{made['id']}"
    for headers in ({}, {"Edit-Token": "guess"}, {"Cookie": f"wall_visitor={COOKIE}"}):
        assert (await app.client.patch(path, json={"text": "x"}, headers=headers)).status_code == 403
        assert (await app.client.post(f"{path}/withdraw", headers=headers)).status_code == 403
    owner = {"Edit-Token": made["edit_token"]}
    edited = await app.client.patch(path, json={"text": "second"}, headers=owner)
    assert (edited.status_code, edited.json()["text"]) == (200, "second")
    assert edited.json()["edited_at"]
    gone = await app.client.post(f"{path}/withdraw", headers=owner)
    assert (gone.status_code, gone.json()["text"], gone.json()["removed"]) == (200, "", True)
    assert (await app.client.post(f"{path}/withdraw", headers=owner)).status_code == 200
    assert (await app.client.patch(path, json={"text": "third"}, headers=owner)).status_code == 410
    assert [(found["text"], found["removed"]) for found in await app.listed()] == [("", True)]


async def test_the_cookie_of_the_page_is_an_authors_proof_too(app: App) -> None:
    mine = {"Cookie": f"wall_visitor={COOKIE}"}
    made = (await app.post({"author": "V", "text": "first"}, **mine)).json()
    answer = await app.client.patch(f"/wall/comments/{made['id']}", json={"text": "second"}, headers=mine)
    assert answer.status_code == 200


async def test_a_cookie_that_anybody_could_guess_is_no_identity(app: App) -> None:
    made = (await app.post({"author": "V", "text": "first"}, Cookie="wall_visitor=vera")).json()
    assert (await app.wall.comment(made["id"])).visitor is None


async def test_the_same_words_again_are_no_edit(app: App) -> None:
    made = (await app.post({"author": "V", "text": "same"})).json()
    answer = await app.client.patch(
        f"/wall/comments/{made['id']}", json={"text": "same"}, headers={"Edit-Token": made["edit_token"]}
    )
    assert "edited_at" not in answer.json()
    assert (await app.wall.comment(made["id"])).version == 1


async def test_what_was_taken_back_cannot_be_answered_by_anybody(app: App) -> None:
    made = (await app.post({"author": "V", "text": "x"})).json()
    await app.client.post(f"/wall/comments/{made['id']}/withdraw", headers={"Edit-Token": made["edit_token"]})
    answer = await app.post({"author": "W", "text": "why?", "parent": made["id"]})
    assert (answer.status_code, answer.json()["error"]) == (410, "removed")


async def test_the_words_that_were_taken_back_are_not_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        made = (await app.post({"author": "V", "text": "an unmistakable secret " * 200})).json()
        await app.client.post(f"/wall/comments/{made['id']}/withdraw", headers={"Edit-Token": made["edit_token"]})
    assert b"an unmistakable secret" not in (tmp_path / "wall.db").read_bytes()


async def test_a_reply_of_the_brand_can_be_answered(app: App) -> None:
    made = (await app.post({"author": "V", "text": "hello?"})).json()
    reply = await app.wall.reply_by_hand(made["id"], "Hello!")
    answer = await app.post({"author": "V", "text": "thanks", "parent": reply.id})
    assert answer.status_code == 201
    assert (await app.wall.comment(answer.json()["id"])).root == made["id"]


@pytest.mark.parametrize("path", ["/wall/comments/nope", "/wall/comments/%00", "/wall/comments/%ff%fe"])
async def test_an_unknown_comment_is_not_found(app: App, path: str) -> None:
    assert (await app.client.get(path)).status_code == 404
    assert (await app.client.patch(path, json={"text": "x"})).status_code == 404
    assert (await app.client.post(f"{path}/withdraw")).status_code == 404


async def test_there_is_no_way_to_speak_as_the_brand_or_to_make_trouble_from_outside(app: App) -> None:
    for path in ("/wall/faults", "/wall/faults/moderation", "/wall/brand-replies", "/wall/replies"):
        assert (await app.client.post(path, json={})).status_code == 404
    assert (await app.client.request("DELETE", "/wall/comments/x")).status_code == 405


async def test_a_bad_fault_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path, faults=True) as app:
        answer = await app.client.post("/wall/faults", json={"operation": "publish", "trouble": "earthquake"})
        assert (answer.status_code, answer.json()["error"]) == (400, "bad_fault")
        fault = {"operation": "publish", "trouble": "late", "seconds": 1, "times": 3}
        armed = await app.client.post("/wall/faults", json=fault)
        assert armed.json() == {"waiting": [fault]}
        assert (await app.client.post("/wall/faults", json={"clear": True})).json() == {"waiting": []}
