"""The examples of the page for developers, run against the adapter by real HTTP."""

import asyncio
import html
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.core.errors import AuthExpired
from bot.core.types import Author, Gone, Item, Posted
from handlers.networks.webhook import Config, WebhookNetwork, create
from handlers.networks.webhook.docs import PROGRAMS
from tests.contract.network_side import answer, listening
from tests.contract.webhook_side import SECRET, WebhookSide, now
from tests.support.ports import free_port
from tests.support.webhook_examples import VARIABLE, program, receiving


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)


@asynccontextmanager
async def served(network: WebhookNetwork, port: int) -> AsyncIterator[str]:
    config = uvicorn.Config(
        Starlette(routes=network.routes()), host="127.0.0.1", port=port, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells it only by a flag
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def test_both_programs_that_send_are_understood() -> None:
    port = free_port()
    network = create(
        Config(id="shop", url="https://shop.example"), data=Path(), base_url=f"http://127.0.0.1:{port}", secret=SECRET
    )
    async with served(network, port) as base, listening(network) as intake:
        if shutil.which("curl") and shutil.which("openssl"):
            shell = await asyncio.create_subprocess_exec(
                "bash", "-eu", "-c", program("send.sh", base), stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
            )
            assert (await shell.communicate())[0] == b'{"accepted":1}'
        scope: dict[str, Any] = {"__name__": "__main__"}
        await asyncio.to_thread(exec, program("send.py", base), scope)
    *first, comment, edited = intake.items
    assert [item.text for item in first] in ([], ["¿Abrís el domingo?"])
    assert (comment.text, edited.text) == ("The soup was cold.", "The soup was cold, and late.")
    assert comment.native_id == edited.native_id
    assert edited.edited_at is not None


async def test_the_program_that_receives_posts_each_key_once_and_believes_nobody_else() -> None:
    with receiving() as platform:
        settings = {"reply_url": f"{platform.base}/replies", "item_url": f"{platform.base}/items"}
        mine, stranger = (
            create(Config.model_validate({"id": "shop", **settings}), data=Path(), base_url="", secret=one)
            for one in (f"{SECRET} {SECRET}", "whsec_" + "A" * 44)
        )
        platform.comments["c1"] = {"id": "c1", "text": "Hola", "created_at": now(), "author": {"name": "Vera"}}
        item = await mine.current(_known("c1"))
        assert isinstance(item, Item)
        assert isinstance(await mine.current(_known("c2")), Gone)
        results = [await mine.publish(answer(item, "¡Hola!")) for _ in range(2)]
        assert results == [Posted(native_id="r1", url="https://shop.example/r/r1")] * 2
        assert platform.replies == {"key-1": {"id": "r1", "text": "¡Hola!", "below": "c1"}}
        for asked in (stranger.check(), stranger.publish(answer(item, "Boo"))):
            with pytest.raises(AuthExpired):
                await asked
        await mine.aclose()
        await stranger.aclose()


def _known(id: str) -> Item:
    author = Author(id=None, name="Vera")
    return Item(
        account="shop", native_id=id, version="1", author=author, text="", created_at=datetime.now(UTC), thread_key=id
    )


async def test_the_page_shows_them_as_they_are() -> None:
    side = WebhookSide()
    await side.start()
    try:
        page = (await side.client.get("/hooks/shop/docs")).text
    finally:
        await side.stop()
    shown = [html.unescape(text) for text in re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code>", page, re.DOTALL)]
    assert json.loads(shown.pop())["title"] == "Portavoz webhooks"
    assert shown == [program(file, "http://portavoz.test") for files in PROGRAMS.values() for file in files]
