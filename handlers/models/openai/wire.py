"""The call itself, by the package `openai`: bounded in time and in bytes, patient only as long as there is time.

The package's own retries are off: ours end with the deadline, and keep to `Retry-After` in later calls, too.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bot.core.drafting import Because, NoOffer
from handlers.models.openai.client import TooBig, new_client
from handlers.reaching import address, because, stranger

if TYPE_CHECKING:
    import httpx2
    import openai

    from bot.settings.entries import DrafterEntry

T = TypeVar("T")
MOST_TOKENS = 4_000
"""Of one answer, where the endpoint can be told."""
BACKOFF = 0.25
_AGAIN = frozenset({408, 409, 425, 429})
_UNKNOWN_FORM = frozenset({400, 415, 422})
_NO_ENTRY = frozenset({401, 403})
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "LocalProtocolError"})


@dataclass(frozen=True, slots=True)
class Said:
    """What came back: the model's text, and the tokens that the endpoint counted (None where it counts none).

    `lost` tries before it brought no answer, and may be paid for all the same.
    """

    text: str
    tokens_in: int | None
    tokens_out: int | None
    lost: int = 0


class Missed(NoOffer):
    """No answer that can be used; `lost` tries may be paid for all the same."""

    def __init__(self, none: NoOffer, lost: int) -> None:
        super().__init__(none.because, none.detail)
        self.lost = lost


@dataclass(slots=True)
class _Tries:
    """Those that went out and that the endpoint did not refuse, but for the one whose answer was read."""

    lost: int = 0


class _Retry(Exception):
    """Another try may help, not before so many seconds from now."""

    def __init__(self, because: Because, detail: str, after: float | None) -> None:
        super().__init__(detail)
        self.because, self.detail, self.after = because, detail, after


class Wire:
    """One endpoint. `say` may be called by several tasks at once."""

    def __init__(self, chosen: DrafterEntry, key: str) -> None:
        self._chosen = chosen
        self._key = key
        self._client: openai.AsyncOpenAI | None = None
        self._opening = asyncio.Lock()
        self._not_before = 0.0
        # Which of the forms of asking the endpoint understands; found out by asking.
        self._form = 0

    async def aclose(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def models(self, within: float) -> list[str]:
        """The names of the models that the endpoint has, the first thousand. Raises NoOffer."""
        return await self._patiently(self._list, within)

    async def say(self, messages: list[dict[str, str]], form: dict[str, Any] | None, within: float) -> Said:
        """One answer to these messages.

        Args:
            messages: as the API wants them.
            form: the `response_format` to begin with; weaker ones are tried where it is not understood.
            within: seconds for everything, tries and pauses included.

        Raises:
            Missed: whatever else happens.
        """
        tries = _Tries()

        async def once() -> Said:
            return await self._once(messages, form, tries)

        try:
            said = await self._patiently(once, within)
        except NoOffer as none:
            raise Missed(none, tries.lost) from none
        return replace(said, lost=tries.lost)

    @property
    def _where(self) -> str:
        return self._chosen.base_url or "https://api.openai.com/v1"

    # --- one try ----------------------------------------------------------------------------------------------------

    async def _once(self, messages: list[dict[str, str]], form: dict[str, Any] | None, tries: _Tries) -> Said:
        import httpx2  # noqa: PLC0415 -- see the module's first lines in __init__

        client = await self.open()
        forms = _forms(form)
        while True:
            body: dict[str, Any] = {"model": self._chosen.model, "messages": messages, **forms[self._form]}
            tries.lost += 1
            try:
                # The raw answer: what the package would make of it is made in `answers`, more leniently.
                answer = await client.post("/chat/completions", cast_to=httpx2.Response, body=body)
            except Exception as error:
                if _is_free(error):
                    tries.lost -= 1
                if getattr(error, "status_code", None) in _UNKNOWN_FORM and self._form + 1 < len(forms):
                    self._form += 1
                    continue
                raise
            said = _said(answer.content)
            tries.lost -= 1
            return said

    async def _list(self) -> list[str]:
        client = await self.open()
        raw = await client.models.with_raw_response.list()
        try:
            found = json.loads(raw.content).get("data")
            return [str(one["id"]) for one in found[:1000]]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NoOffer(Because.GARBAGE, stranger("OpenAI", self._where, raw.status_code)) from error

    async def open(self) -> openai.AsyncOpenAI:
        """The package's client, made when it is first needed."""
        async with self._opening:
            if self._client is None:
                # A second of work the first time, which must not hold up everything else.
                self._client = await asyncio.to_thread(new_client, self._chosen, self._key)
            return self._client

    # --- patience ---------------------------------------------------------------------------------------------------

    async def _patiently(self, call: Callable[[], Awaitable[T]], within: float) -> T:
        """Call until it works, or no time is left, or the other side wants more patience than we have."""
        end = time.monotonic() + within
        tries = 0
        try:
            async with asyncio.timeout(within):
                while True:
                    rest = self._not_before - time.monotonic()
                    if rest > end - time.monotonic():
                        raise NoOffer(Because.RATE_LIMITED, f"asked to wait {rest:.0f} s more")
                    await asyncio.sleep(max(rest, 0.0))
                    try:
                        return await self._judged(call)
                    except _Retry as again:
                        tries += 1
                        await self._pause(again, tries, end)
        except TimeoutError as error:
            raise NoOffer(Because.TIMEOUT, because(error, address(self._where))) from error

    async def _pause(self, again: _Retry, tries: int, end: float) -> None:
        """Wait before the next try; raises NoOffer where that would be too late."""
        now = time.monotonic()
        pause = BACKOFF * 2 ** (tries - 1) * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not a secret)
        if again.after is not None:
            pause = max(again.after, 0.05)
            self._not_before = max(self._not_before, now + pause)
        if now + pause >= end:
            raise NoOffer(again.because, again.detail) from again
        await asyncio.sleep(pause)

    async def _judged(self, call: Callable[[], Awaitable[T]]) -> T:
        """What a call brought, with every error of the package turned into what to do about it."""
        try:
            return await call()
        except (NoOffer, TimeoutError):
            raise
        except TooBig as error:
            raise NoOffer(Because.TOO_BIG, str(error)) from error
        except Exception as error:
            raise _meaning(error, self._where) from error


def _is_free(error: Exception) -> bool:
    """Whether a try surely costs nothing: it never went out, or the endpoint refused it."""
    if isinstance(getattr(error, "status_code", None), int):
        return True
    cause: BaseException | None = error
    while cause is not None:
        if type(cause).__name__ in _NEVER_SENT:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _meaning(error: Exception, url: str) -> NoOffer | _Retry:
    """An error of the package, of the wire below it, or of ours, as what it means; `url` is whom we called."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TooBig):
            return NoOffer(Because.TOO_BIG, str(cause))
        cause = cause.__cause__ or cause.__context__
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        names = {kind.__name__ for kind in type(error).__mro__}
        if names & {"APIConnectionError", "TransportError", "OSError"}:
            return _Retry(Because.DOWN, because(error, address(url)), None)
        return NoOffer(Because.GARBAGE, because(error, address(url)))
    if status < 300:  # it was no JSON
        return NoOffer(Because.GARBAGE, stranger("OpenAI", url, status))
    detail = f"HTTP {status}"
    if status in _NO_ENTRY:
        return NoOffer(Because.KEY_REFUSED, detail)
    if status == 429 and getattr(error, "code", None) == "insufficient_quota":
        return NoOffer(Because.RATE_LIMITED, f"{detail}: the account's quota is used up")
    if status in _AGAIN or status >= 500:
        kind = Because.RATE_LIMITED if status == 429 else Because.DOWN
        return _Retry(kind, detail, _retry_after(getattr(error, "response", None)))
    return NoOffer(Because.REFUSED, detail)


def _retry_after(response: httpx2.Response | None) -> float | None:
    """Seconds that the other side asks for: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()[:64] if response is not None else ""
    if not value:
        return None
    try:
        return max(0.0, min(float(value), 86_400.0))
    except ValueError:
        pass
    try:
        return max(0.0, min(parsedate_to_datetime(value).timestamp() - time.time(), 86_400.0))
    except (ValueError, TypeError, OverflowError):
        return None


def _forms(form: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Ways of asking, from the strictest to what everybody understands."""
    limit = {"max_completion_tokens": MOST_TOKENS}
    if form is None:
        return [limit, {}, {}, {}]
    json_only = {"response_format": {"type": "json_object"}}
    return [{"response_format": form, **limit}, {"response_format": form}, json_only, {}]


def _said(content: bytes) -> Said:
    """The text of the first choice and the tokens used. Raises NoOffer."""
    try:
        body = json.loads(content)
        message = body["choices"][0]["message"]
        text = message.get("content")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise NoOffer(Because.GARBAGE, "no chat completion") from error
    usage = body.get("usage") if isinstance(body.get("usage"), dict) else {}
    if isinstance(text, list):
        text = "".join(str(part.get("text", "")) for part in text if isinstance(part, dict))
    return Said(
        text if isinstance(text, str) else "", _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    )


def _count(usage: dict[str, Any], name: str) -> int | None:
    value = usage.get(name)
    return value if isinstance(value, int) and 0 <= value < 10_000_000 else None
