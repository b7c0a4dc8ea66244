"""A Mastodon account as a network.

After the documented REST API (docs.joinmastodon.org/methods). Ids are the instance's; `thread_key` is the status that
began the conversation; `version` is the time of the last edit. A reply begins with the `@name` of whom it answers,
without which Mastodon tells them nothing; that address is not part of the approved text, neither out nor in.
"""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from bot.core.errors import AuthExpired, OutcomeUnknown, Permanent
from bot.core.plaintext import squeeze
from bot.core.ports import Capabilities, Intake, Keep
from bot.core.types import (
    Account,
    Budget,
    Gone,
    Item,
    OutgoingReply,
    Posted,
    PublishResult,
    Rejected,
    Visibility,
)
from handlers.fitting import unfit
from handlers.networks.mastodon import counting
from handlers.networks.mastodon.config import Config
from handlers.networks.mastodon.house import House, status_path
from handlers.networks.mastodon.listening import NOTIFICATIONS, OWN_PAGE, TYPES, Listener
from handlers.networks.mastodon.reading import (
    OPEN,
    Json,
    Target,
    Unreadable,
    concerns,
    link,
    moment,
    objects,
    optional_id,
    target_of,
)
from handlers.networks.mastodon.wire import Declined, NotThere, Wire
from handlers.watch import Watch

STATUSES = "/api/v1/statuses"
ADDRESS = 32
"""Characters that are kept free for `@name `: a name on Mastodon has at most 30."""
KEY_WINDOW = timedelta(hours=1)
"""How long an instance remembers an Idempotency-Key."""
CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of the instance's."""
KNOWN = OPEN | {"private", "direct"}


class MastodonNetwork:
    """Implements `bot.core.ports.Network` for one account on one instance."""

    def __init__(self, config: Config, *, token: str | None, keep: Keep | None) -> None:
        self.id = config.id
        self._config = config
        self._wire = Wire(config, token)
        self._house = House(config, self._wire)
        self._watch = Watch(keep, timedelta(days=config.watch_days))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def capabilities(self) -> Capabilities:
        """The length is the one that the instance announced at the last `check`, without room for the address."""
        return Capabilities(
            ingest=frozenset({"stream", "poll"}),
            can_reply=True,
            idempotency="key_window",
            idempotency_window=KEY_WINDOW,
            tells_gone=True,
            max_length=self._house.limits.characters - ADDRESS,
            # 300 requests in five minutes, of which a reply takes about four.
            budget=Budget(rate=0.2, burst=10),
        )

    def measure(self, text: str) -> int:
        """Graphemes; a URL counts as the instance says, a mention without its domain."""
        return counting.length(text, self._house.limits.per_url)

    async def check(self) -> Account:
        """Who the token belongs to, whether it may read and write, and what the instance allows."""
        me = await self._house.me(again=True)
        await self._house.read_limits()
        await self._wire.get(NOTIFICATIONS, [*TYPES, ("limit", "1")])
        await self._wire.get(f"/api/v1/accounts/{me.id}/statuses", [("limit", "1")])
        scopes = await self._scopes()
        if scopes and not {"write", "write:statuses"} & set(scopes):
            raise AuthExpired("The application lacks the scope write:statuses.")
        return Account(name=me.name, native_id=me.id, url=me.url, scopes=scopes, ahead=self._wire.ahead)

    async def _scopes(self) -> tuple[str, ...]:
        """What the token's application may do. Instances before Mastodon 4.3 do not tell: then we believe it."""
        told = None
        with contextlib.suppress(Permanent):
            told = await self._wire.get("/api/v1/apps/verify_credentials")
        scopes = told.get("scopes") if isinstance(told, dict) else None
        return tuple(str(one) for one in scopes) if isinstance(scopes, list) else ()

    # --- in ---------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report mentions, replies, direct messages, quotes and what we wrote; see `Listener`."""
        await Listener(self._house, self._watch, intake).run(cursor)

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report what was written since then; see `bot.core.ports.Past`."""
        await Listener(self._house, self._watch, intake).read_back(since)

    async def conversation(self, item: Item) -> list[Item]:
        """What stands below the item and is about us; other people's talk there is none of our business."""
        me = await self._house.me()
        try:
            _, below = await self._house.context(item.native_id)
        except NotThere:
            return []
        about = [one for one in below if concerns(one, me, item.author.id)]
        found = [await self._house.item(one, item.thread_key) for one in about]
        return sorted((one for one in found if one is not None), key=lambda one: one.created_at)

    async def current(self, item: Item) -> Item | Gone:
        try:
            status = await self._wire.get(status_path(item.native_id))
        except NotThere:
            return Gone()
        now = await self._house.item(status, item.thread_key)
        if now is None:
            raise Permanent("The instance answered something that is no status.", item.url)
        return now

    # --- out --------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        text = reply.text.strip()
        if problem := unfit(text, self.measure, self._house.limits.characters - ADDRESS, taken="\u2028"):
            return Rejected(reason=problem)
        if reply.attempt > 1 and (found := await self.find(reply)) is not None:
            # An instance may answer a repeated key with an error (mastodon/mastodon#40399).
            return found
        try:
            target = target_of(await self._wire.get(status_path(reply.target.native_id)))
        except NotThere:
            return Rejected(reason="The comment is not there any more.")
        except Unreadable as error:
            raise Permanent("The instance answered something that is no status.", reply.target.url) from error
        addressed = await self._addressed(text, target)
        if self.measure(addressed) > self._house.limits.characters:
            return Rejected(reason="The text and the name of whom it answers are too long together.")
        return await self._post(reply, addressed, target)

    async def _addressed(self, text: str, target: Target) -> str:
        """The text with the name of whom it answers, unless it names them itself or it is we."""
        if target.author == (await self._house.me()).id or counting.mentions(text, target.handle):
            return text
        return f"@{target.handle} {text}"

    async def _post(self, reply: OutgoingReply, text: str, target: Target) -> PublishResult:
        body = {
            "status": text,
            "in_reply_to_id": reply.target.native_id,
            "visibility": _no_more_public(target.visibility, reply),
            **({"language": target.language} if target.language else {}),
        }
        try:
            answer = await self._wire.post(STATUSES, body, reply.key)
        except NotThere:
            return Rejected(reason="The comment is not there any more.")
        except Declined as refusal:
            return Rejected(reason=refusal.reason, manual_url=target.url or reply.target.url)
        posted = _posted(answer)
        if posted is None:
            raise OutcomeUnknown("The instance took the reply, and its answer could not be read.")
        return posted

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """Our reply below the target with exactly these words, not from before the first attempt.

        The words are compared with the status's source, since the HTML shortens and folds them.
        """
        me = await self._house.me()
        try:
            _, below = await self._house.context(reply.target.native_id)
        except NotThere:
            below = []
        path = f"/api/v1/accounts/{me.id}/statuses"
        own = objects(await self._wire.get(path, [("limit", str(OWN_PAGE)), ("exclude_reblogs", "true")]))
        since = reply.first_attempt_at
        for status in {optional_id(one, "id"): one for one in [*below, *own]}.values():
            by, made = status.get("account"), moment(status, "created_at")
            ours = isinstance(by, dict) and optional_id(by, "id") == me.id
            answers = optional_id(status, "in_reply_to_id") == reply.target.native_id
            recent = since is None or (made is not None and made >= since - CLOCK_SKEW)
            if ours and answers and recent and await self._says(status, reply):
                return _posted(status)
        return None

    async def _says(self, status: Json, reply: OutgoingReply) -> bool:
        native = optional_id(status, "id")
        if native is None:
            return False
        try:
            source = await self._wire.get(status_path(native, "source"))
        except NotThere:
            return False
        words = source.get("text") if isinstance(source, dict) else None
        said = squeeze(words) if isinstance(words, str) else ""
        handle = reply.target.author.handle
        wanted = squeeze(reply.text)
        return said in {wanted, f"@{handle} {wanted}"}


def _posted(status: object) -> Posted | None:
    """A status of ours as a result; None where it cannot be read."""
    native = optional_id(status, "id") if isinstance(status, dict) else None
    return Posted(native_id=native, url=link(status, "url", "uri")) if native and isinstance(status, dict) else None


def _no_more_public(visibility: str, reply: OutgoingReply) -> str:
    """The comment's own visibility; for one that we do not know, or that was private before, only whom we answer."""
    if visibility not in KNOWN or (reply.visibility is Visibility.PRIVATE and visibility in OPEN):
        return "direct"
    return visibility
