"""Where the platform calls us: signed events come in, and are answered once they are committed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot import logs
from bot.core.errors import Transient
from bot.core.ports import Intake, Keep
from handlers.bounded import Unread, read_body
from handlers.networks.webhook import payloads
from handlers.networks.webhook.signing import Keys, NoSecret, NotSigned, OtherClock
from handlers.networks.webhook.translating import Translator
from handlers.throttle import Throttle, peer_of

LARGEST = 1_000_000
"""Bytes of a request."""
DRAINED = 8 * LARGEST
"""Bytes that are read and dropped, so that the sender gets to see the refusal."""
PATIENCE = 20.0
"""Seconds that a body may take."""
AGAIN = 5
"""Seconds after which it is worth trying again, when nothing tells."""
REMEMBERED = timedelta(minutes=15)
"""How long a webhook-id is known: longer than any signature is good for. Later repeats change nothing either, since
what they report is known."""
log = logs.get(__name__)


class Refused(Exception):
    """The answer is no: `status` is HTTP's, `code` stable, `detail` a sentence, `wait` seconds to try again after."""

    def __init__(self, status: int, code: str, detail: str, *, wait: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.wait = wait

    def response(self) -> Response:
        """The refusal as an answer."""
        headers = {} if self.wait is None else {"Retry-After": str(self.wait)}
        return JSONResponse({"error": self.code, "detail": self.detail}, self.status, headers)


class Door:
    """Takes requests while somebody listens."""

    def __init__(
        self, account: str, keys: Keys | NoSecret, translator: Translator, keep: Keep | None, *, per_minute: int
    ) -> None:
        self._account = account
        self._keys = keys
        self._translator = translator
        self._keep = keep
        self._throttle = Throttle(per_minute)
        self._intake: Intake | None = None
        self._broken: asyncio.Future[None] | None = None

    @contextlib.contextmanager
    def open_to(self, intake: Intake) -> Iterator[asyncio.Future[None]]:
        """Let events in inside the block. The future fails when one could not be taken in as it should."""
        self._intake, self._broken = intake, asyncio.get_running_loop().create_future()
        try:
            yield self._broken
        finally:
            self._intake = self._broken = None

    async def answer(self, request: Request) -> Response:
        """202 `{"accepted"}` when everything is committed, else `{"error", "detail"}`."""
        try:
            accepted = await self._take(request)
        except Refused as refusal:
            return refusal.response()
        return JSONResponse({"accepted": accepted}, 202)

    async def _take(self, request: Request) -> int:
        if wait := self._throttle.wait(peer_of(request)):
            raise Refused(429, "too_many", f"Too many requests from this address. Try again in {wait} s.", wait=wait)
        body = await _body(request)
        name = self._signed(request, body)
        if self._intake is None:
            raise Refused(503, "not_listening", "Nobody listens just now. Send it again.", wait=AGAIN)
        mark = hashlib.sha256(body).hexdigest()
        if (before := await self._before(name)) is not None:
            if before[0] != mark:
                raise Refused(409, "id_reused", "This webhook-id came before with another body.")
            return before[1]
        try:
            events = payloads.read(body)
        except payloads.BadPayload as error:
            raise Refused(400, "bad_payload", str(error)) from error
        await self._commit(events)
        await self._remember(name, mark, len(events))
        return len(events)

    def _signed(self, request: Request, body: bytes) -> str:
        """The webhook-id of what is signed and in time."""
        if isinstance(self._keys, NoSecret):
            raise Refused(503, "no_secret", "This account has no usable secret yet.", wait=60) from self._keys
        try:
            return self._keys.verify(body, request.headers, datetime.now(UTC))
        except NotSigned as error:
            raise Refused(401, "bad_signature", str(error)) from error
        except OtherClock as error:
            raise Refused(400, "bad_timestamp", str(error)) from error

    async def _commit(self, events: tuple[payloads.WebhookEvent, ...]) -> None:
        facts = [self._translator.event(event) for event in events]
        intake, broken = self._intake, self._broken
        if intake is None:
            raise Refused(503, "not_listening", "Nobody listens just now. Send it again.", wait=AGAIN)
        try:
            await intake.emit(*facts)
        except Transient as error:
            wait = AGAIN if error.retry_after is None else max(1, round(error.retry_after))
            raise Refused(503, "not_stored", f"Nothing was stored: {error.reason}", wait=wait) from error
        except Exception as error:
            # Whoever watches over the listening has to hear of it; the platform sends it again.
            if broken is not None and not broken.done():
                broken.set_exception(error)
            raise Refused(503, "not_stored", "Nothing was stored. Send it again.", wait=AGAIN) from error

    # --- repeats ----------------------------------------------------------------------------------------------

    async def _before(self, name: str) -> tuple[str, int] | None:
        """The hash of the body that came under this webhook-id, and how many events of it were accepted."""
        if self._keep is None:
            return None
        try:
            known = await self._keep.get(f"id:{name}")
        except Exception as error:
            log.warning("webhook.not_remembered", account=self._account, problem=type(error).__name__)
            raise Refused(503, "not_stored", "Nothing can be stored now. Send it again.", wait=AGAIN) from error
        body, _, accepted = (known or "").partition(" ")
        return (body, int(accepted)) if known else None

    async def _remember(self, name: str, body: str, accepted: int) -> None:
        """Keep the answer. It is committed already, so a failure costs nothing but the work of a repeat."""
        if self._keep is None:
            return
        try:
            await self._keep.put(f"id:{name}", f"{body} {accepted}", lifetime=REMEMBERED)
        except Exception as error:  # noqa: BLE001 -- whatever the drawer's trouble is
            log.warning("webhook.not_remembered", account=self._account, problem=type(error).__name__)


async def _body(request: Request) -> bytes:
    """The whole body. Raises Refused."""
    told = f"A request may have {LARGEST} bytes and {payloads.MOST} events."
    try:
        return await read_body(request, largest=LARGEST, drained=DRAINED, seconds=PATIENCE, too_large=told)
    except Unread as error:
        raise Refused(error.status, error.code, error.detail) from error
