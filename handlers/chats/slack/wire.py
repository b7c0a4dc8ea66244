"""Calls Slack's Web API: what Slack answers becomes an answer or an error of `bot.core.errors`, inside the budgets.

Limits: about one new message a second and channel, 50 edits a minute and workspace
(docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import AdapterError, AuthExpired, CardGone, OutcomeUnknown, Permanent, PlaceGone, Transient
from handlers import reaching
from handlers.reaching import because, stranger

QUIET = logging.getLogger("portavoz.slack")
"""For the libraries, which would write texts and addresses into the log; what matters is logged here, by name."""
QUIET.setLevel(logging.CRITICAL + 1)
QUIET.propagate = False

DEAD = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope not_allowed_token_type "
    "no_permission org_login_required ekm_access_denied team_access_not_granted access_denied "
    "app_missing_action_url".split()
)
"""Errors that last until somebody does something in Slack: a dead token, a missing right."""
SHUT = frozenset(
    "channel_not_found not_in_channel is_archived restricted_action restricted_action_thread_locked "
    "restricted_action_non_threadable_channel restricted_action_read_only_channel".split()
)
"""So do these, for one room."""
GONE = frozenset({"message_not_found", "thread_not_found", "cant_update_message"})
"""A message is not there any more, or not ours."""
UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Slack says about these that part of what was asked may have been done."""
LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"})
_JSON = frozenset(
    {"chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.update", "views.publish"}
)
"""Methods that take JSON; the others want a form."""
_WRITES = frozenset({"chat.postMessage", "files.completeUploadExternal"})
"""Where an answer that was lost leaves something behind that a second call would double."""
_EDITS = 0.8
_BURST = 3
_EDIT_BURST = 20


class Pace:
    """So many turns a second for each key, after a few at once (the generic cell rate algorithm)."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1.0 / rate
        self._slack = (burst - 1) / rate
        self._clock = clock
        self._due: dict[str, float] = {}

    def wait(self, key: str) -> float:
        """Take the next turn; for how many seconds to wait until it comes."""
        now = self._clock()
        due = max(self._due.get(key, now), now)
        self._due[key] = due + self._gap
        return max(0.0, due - self._slack - now)

    def hold(self, key: str, seconds: float) -> None:
        """Nothing for so long: the other side said so."""
        self._due[key] = max(self._due.get(key, 0.0), self._clock() + seconds + self._slack)


class Wire:
    """One workspace's Web API, with one bot token."""

    def __init__(self, token: str, base_url: str, messages_per_second: float) -> None:
        # Without the library's own second attempts: a message whose answer was lost must never be sent blindly again.
        self.client = AsyncWebClient(token=token, base_url=base_url, retry_handlers=[], logger=QUIET)
        self._posts = Pace(messages_per_second, _BURST)
        self._edits = Pace(messages_per_second * _EDITS, _EDIT_BURST)

    async def call(self, method: str, *, token: str | None = None, **params: Any) -> dict[str, Any]:
        """Call a method; Slack's answer.

        Raises:
            AuthExpired: the token is dead, or a right is gone; PlaceGone: a room is.
            CardGone: the message that this is about is not there any more.
            Transient: surely not done; with Slack's own Retry-After.
            OutcomeUnknown: a message may stand there or not.
            Permanent: Slack will never take it like this.
        """
        self._open()
        given = {name: value for name, value in params.items() if value is not None}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            if method in _JSON:
                answer = await self.client.api_call(method, json=given, headers=headers)
            else:
                answer = await self.client.api_call(method, data=_form(given), headers=headers)
        except SlackApiError as error:
            raise self._judged(method, given, error) from None
        except aiohttp.ClientConnectorError as error:
            raise Transient(f"Slack cannot be reached: {because(error, self._where)}") from None
        except (aiohttp.ClientError, SlackRequestError, TimeoutError, OSError, json.JSONDecodeError) as error:
            raise self._lost(method, f"no answer: {because(error, self._where)}") from None
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def post(self, channel: str, announce: Callable[[], Awaitable[None]] | None = None, **params: Any) -> str:
        """A new message, when it is its turn; its `ts`. `announce` is awaited right before it is sent."""
        await asyncio.sleep(self._posts.wait(channel))
        if announce is not None:
            await announce()
        answer = await self.call("chat.postMessage", channel=channel, **_BARE, **params)
        return str(answer["ts"])

    async def edit(self, channel: str, ts: str, **params: Any) -> None:
        """Another content for a message of ours, when it is its turn."""
        await asyncio.sleep(self._edits.wait(""))
        await self.call("chat.update", channel=channel, ts=ts, parse="none", link_names=False, **params)

    async def whisper(self, channel: str, user: str, thread: str | None, **params: Any) -> None:
        """A message that one person alone can see."""
        await self.call(
            "chat.postEphemeral", channel=channel, user=user, thread_ts=thread, parse="none", link_names=False, **params
        )

    async def upload(self, address: str, contents: bytes) -> None:
        """The bytes of a file, to an address that files.getUploadURLExternal gave."""
        session = self._open()
        try:
            async with session.post(address, data=contents) as answer:
                if answer.status != 200:
                    raise Transient(f"Slack did not take the file: {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Transient(f"Slack did not take the file: {because(error, reaching.address(address))}") from None

    async def aclose(self) -> None:
        """Let the connections go."""
        if self.client.session is not None:
            await self.client.session.close()

    def _open(self) -> aiohttp.ClientSession:
        """Connections are kept, and made where they are used: inside the running loop."""
        if self.client.session is None or self.client.session.closed:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20, connect=10))
        return self.client.session

    def _judged(self, method: str, given: dict[str, Any], error: SlackApiError) -> AdapterError:
        response = error.response
        status = getattr(response, "status_code", None) or getattr(response, "status", 0)
        data = getattr(response, "data", None)
        code = str(data.get("error", "")) if isinstance(data, dict) else ""
        if status == 429 or code in LATER:
            seconds = _seconds(getattr(response, "headers", None))
            pace, key = (self._posts, str(given.get("channel", ""))) if "post" in method else (self._edits, "")
            pace.hold(key, 1.0 if seconds is None else seconds)
            return Transient(code or "ratelimited", seconds)
        for codes, kind in ((DEAD, AuthExpired), (SHUT, PlaceGone), (GONE, CardGone)):
            if code in codes:
                return kind(_detail(code, data if isinstance(data, dict) else {}))
        if code in UNSURE or not code:
            return self._lost(method, code or self._odd(status or 0))
        return Permanent(_detail(code, data if isinstance(data, dict) else {}))

    def _odd(self, status: int) -> str:
        """An answer without an error of Slack's: it has trouble, or is not Slack's."""
        return f"no answer: HTTP {status}" if status >= 500 else stranger("Slack", self.client.base_url, status)

    @property
    def _where(self) -> str:
        return reaching.address(self.client.base_url)

    def _lost(self, method: str, reason: str) -> AdapterError:
        return OutcomeUnknown(reason) if method in _WRITES else Transient(reason)


_BARE: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False, "parse": "none", "link_names": False}
"""Nobody is called, nothing is looked up, nothing becomes a link by itself."""


def _form(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in given.items()
    }


def _seconds(headers: Any) -> float | None:
    """Retry-After, in seconds."""
    found = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after")
    try:
        return max(0.0, float(str(found))) if found is not None else None
    except ValueError:
        return None


def _detail(code: str, data: dict[str, Any]) -> str:
    """The error with what Slack says about it: which scope is missing, which block is wrong."""
    needed = data.get("needed")
    metadata = data.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    more = str(needed) if needed else "; ".join(map(str, messages[:2])) if isinstance(messages, list) else ""
    return f"{code}: {more}"[:300] if more else code
