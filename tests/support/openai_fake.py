"""An endpoint of OpenAI's chat completions on 127.0.0.1, in the documented shapes, that misbehaves on demand.

https://platform.openai.com/docs/api-reference/chat : the list of models, completions with `response_format`, `usage`,
errors with their bodies, and `Retry-After`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

KEY = "sk-fake-key-of-the-tests"
MODEL = "fake-1"
Answering = Callable[[dict[str, Any]], Any]


def wording(reply: str, **more: Any) -> dict[str, Any]:
    """One entry of `drafts`."""
    values = {"language": "en", "point": "it", "facts_used": [], "needs_human": False, "why": "because"}
    return {"reply": reply, **values, **more}


def drafts(*replies: str, **more: Any) -> str:
    """What a model that does as it is told answers."""
    return json.dumps({"drafts": [wording(reply) for reply in replies], **more})


class FakeOpenAI:
    """The endpoint. `answer` makes the model's text from the request's body; `troubles` come first, one a call.

    A trouble is a status, or a function that answers the request in its own way.
    """

    def __init__(self) -> None:
        self.base = ""
        self.answer: Answering = lambda body: drafts("Thank you for telling us about the cold soup, we look into it.")
        self.troubles: list[int | Callable[[web.Request], Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.models = [MODEL]
        self.schemas = True
        self.json_mode = True
        self.usage: dict[str, int] | None = {"prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340}
        self.at_once = 0
        self.most_at_once = 0
        self.delay = 0.0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def told(self) -> str:
        """Everything that left the house, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)

    async def _models(self, request: web.Request) -> web.Response:
        if not _allowed(request):
            return error(401, "invalid_api_key")
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in self.models]
        return web.json_response({"object": "list", "data": listed})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if not _allowed(request):
            return error(401, "invalid_api_key")
        body = await request.json()
        self.requests.append(body)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._judged(request, body)
        finally:
            self.at_once -= 1

    async def _judged(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        form = body.get("response_format", {}).get("type")
        if (form == "json_schema" and not self.schemas) or (form == "json_object" and not self.json_mode):
            return error(400, "unsupported_parameter")
        if body["model"] not in self.models:
            return error(404, "model_not_found")
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.troubles:
            trouble = self.troubles.pop(0)
            answered: web.StreamResponse = (
                error(trouble, "trouble") if isinstance(trouble, int) else await trouble(request)
            )
            return answered
        return completion(self.answer(body), self.usage)


def _allowed(request: web.Request) -> bool:
    return request.headers.get("Authorization") == f"Bearer {KEY}"


def completion(text: Any, usage: dict[str, int] | None = None) -> web.Response:
    """A completion with one choice."""
    message = {"role": "assistant", "content": text, "refusal": None}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
    }
    return web.json_response(body | ({"usage": usage} if usage is not None else {}))


def error(status: int, code: str, **headers: str) -> web.Response:
    """An error in the documented shape."""
    body = {"error": {"message": f"{code}", "type": "error", "param": None, "code": code}}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=names)


def rate_limited(after: str) -> Callable[[web.Request], Any]:
    """429 with a `Retry-After`."""

    async def answer(_: web.Request) -> web.Response:
        return error(429, "rate_limit_exceeded", Retry_After=after)

    return answer


def raw(body: bytes, content_type: str = "application/json", **headers: str) -> Callable[[web.Request], Any]:
    """200 with whatever bytes."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type, headers=headers)

    return answer


def flood(megabytes: int) -> Callable[[web.Request], Any]:
    """An answer that does not end before so many megabytes, unless the other side hangs up."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"choices": [{"message": {"content": "')
        for _ in range(megabytes * 16):
            await response.write(b"x" * 65536)
        return response

    return answer


def drip(seconds: float, every: float = 0.02) -> Callable[[web.Request], Any]:
    """A byte from time to time, so that no single read ever times out."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(round(seconds / every)):
            await response.write(b" ")
            await asyncio.sleep(every)
        return response

    return answer


async def silence(_: web.Request) -> web.Response:
    """No answer at all."""
    await asyncio.sleep(30)
    return web.Response()


async def hangs_up(request: web.Request) -> web.Response:
    """The connection ends in the middle of the answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
