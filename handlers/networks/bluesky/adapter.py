"""A Bluesky account as a network.

After the lexicons of the AT Protocol (docs.bsky.app, atproto.com/specs). Native ids are the addresses of posts
(`at://DID/app.bsky.feed.post/KEY`); `thread_key` is the post that began the conversation; `version` is the record's
hash. A reply stands under a key of our own, so that a second attempt finds its place taken.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx

from bot.core.errors import Permanent
from bot.core.ports import Capabilities, Intake, Keep
from bot.core.types import Account, Budget, Gone, Item, OutgoingReply, Posted, PublishResult, Rejected
from handlers.dating import ahead
from handlers.fitting import unfit
from handlers.networks.bluesky import naming
from handlers.networks.bluesky.config import Config
from handlers.networks.bluesky.house import Blocked, House
from handlers.networks.bluesky.listening import REASONS, Listener
from handlers.networks.bluesky.payload import Json, Unreadable, at, raw
from handlers.networks.bluesky.reading import below, concerns, languages, references, summons
from handlers.networks.bluesky.richtext import GRAPHEMES, facets_of, length
from handlers.networks.bluesky.session import FULL, Session
from handlers.networks.bluesky.wire import Declined, NotThere, Occupied, Wire
from handlers.watch import Watch

DEPTH = 10
"""How far below an item the conversation is read."""
GONE = "The comment is not there any more."
BLOCKED = "The author and the account have blocked one another."
UNASKED = "Bluesky asks programs to answer only whoever names, quotes or answers the account."
CLOSED = "The author does not let this account reply."


class BlueskyNetwork:
    """Implements `bot.core.ports.Network` for one account."""

    def __init__(self, config: Config, *, password: str | None, keep: Keep | None) -> None:
        self.id = config.id
        self._config = config
        self._wire = Wire(config, password, keep)
        self._house = House(config, self._wire)
        self._watch = Watch(keep, timedelta(days=config.watch_days))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def capabilities(self) -> Capabilities:
        """The same key is the same reply for ever, since it is the record's own key."""
        return Capabilities(
            ingest=frozenset({"poll"}),
            can_reply=True,
            reply_requires_summons=True,
            idempotency="client_id",
            tells_gone=True,
            max_length=GRAPHEMES,
            markup="facets",
            # 5,000 points an hour and 35,000 a day, of which a reply takes three at most.
            budget=Budget(rate=0.13, burst=20),
        )

    def measure(self, text: str) -> int:
        """Graphemes; more of them where the limit of bytes is nearer."""
        return length(text)

    async def check(self) -> Account:
        """Who the password belongs to, whether the network answers, and what a person should know."""
        answer = await self._wire.answer("com.atproto.server.getSession")
        told = at(answer.json())
        me = await self._house.me()
        await self._wire.get("app.bsky.notification.listNotifications", ("reasons", REASONS[0]), ("limit", "1"))
        handle = raw(told, "handle") or me.handle
        return Account(
            name=f"@{handle}",
            native_id=me.did,
            url=f"{self._config.web_url}/profile/{me.did}",
            warnings=tuple(_warnings(answer, me)),
            scopes=(me.scope,) if me.scope else (),
            ahead=ahead(answer.headers.get("Date"), datetime.now(UTC)),
        )

    # --- in ---------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report replies, mentions, quotes and what we wrote; see `Listener`."""
        await Listener(self._house, self._watch, intake).run(cursor)

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report what was written since then; see `bot.core.ports.Past`."""
        await Listener(self._house, self._watch, intake).read_back(since)

    async def conversation(self, item: Item) -> list[Item]:
        """What stands below the item and is about us; other people's talk there is none of our business."""
        me = await self._house.me()
        try:
            thread = await self._house.thread(item.native_id, depth=DEPTH)
        except NotThere:
            return []
        about = [one for one in below(thread) if concerns(one, me.did, item.author.id)]
        found = [await self._house.item(one) for one in about]
        return sorted((one for one in found if one is not None), key=lambda one: one.created_at)

    async def current(self, item: Item) -> Item | Gone:
        try:
            view = (await self._house.thread(item.native_id)).get("post")
        except Blocked:
            return Gone(reason="blocked")
        except NotThere:
            view = await self._house.own(item.native_id)
            if view is None:
                return Gone()
        now = await self._house.item(view)
        if now is None:
            raise Permanent("The server answered something that is no post.", item.url)
        return now

    # --- out --------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        text = reply.text.strip()
        if problem := unfit(text, self.measure, GRAPHEMES):
            return Rejected(reason=problem)
        if reply.attempt > 1 and (found := await self.find(reply)) is not None:
            # It may stand there although the comment does not any more.
            return found
        try:
            target = at(await self._house.thread(reply.target.native_id), "post")
        except Blocked:
            return Rejected(reason=BLOCKED)
        except NotThere:
            return Rejected(reason=GONE)
        me = await self._house.me()
        by_hand = naming.page(self._config.web_url, reply.target.native_id)
        if not summons(at(target, "record"), me.did):
            return Rejected(reason=UNASKED, manual_url=by_hand)
        if at(target, "viewer").get("replyDisabled") is True:
            return Rejected(reason=CLOSED, manual_url=by_hand)
        try:
            record = await self._record(reply, text, target)
        except Unreadable as error:
            raise Permanent("The server answered something that is no post.", by_hand) from error
        return await self._put(reply, record, by_hand)

    async def _record(self, reply: OutgoingReply, text: str, target: Json) -> Json:
        """The post as it will stand in our repository. Raises AdapterError or Unreadable."""
        author = at(target, "author")
        known = {raw(author, "handle").lower(): raw(author, "did")}

        async def resolve(handle: str) -> str | None:
            if handle not in known:
                try:
                    answer = await self._wire.get("com.atproto.identity.resolveHandle", ("handle", handle))
                except (NotThere, Declined):
                    answer = {}
                known[handle] = raw(at(answer), "did")
            return known[handle] or None

        facets = await facets_of(text, resolve)
        langs = languages(at(target, "record"))
        made = (reply.first_attempt_at or datetime.now(UTC)).astimezone(UTC)
        return {
            "$type": naming.POST,
            "text": text,
            "createdAt": made.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "reply": references(target),
            **({"facets": facets} if facets else {}),
            **({"langs": langs} if langs else {}),
        }

    async def _put(self, reply: OutgoingReply, record: Json, by_hand: str | None) -> PublishResult:
        me, rkey = await self._house.me(), naming.rkey_of(reply.key)
        # `swapRecord: None` says that nothing stands there yet; with something there, nothing is written.
        place = {"repo": me.did, "collection": naming.POST, "rkey": rkey, "swapRecord": None}
        try:
            await self._wire.post("com.atproto.repo.putRecord", {**place, "validate": True, "record": record})
        except Occupied as error:
            if (found := await self.find(reply)) is not None:
                return found
            raise Permanent("Another text stands where this reply belongs.", by_hand) from error
        except (Declined, NotThere) as refusal:
            return Rejected(reason=refusal.reason, manual_url=by_hand)
        return self._posted(me.did, rkey)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """The post under the reply's own key, if it says exactly this to exactly that comment."""
        me, rkey = await self._house.me(), naming.rkey_of(reply.key)
        record = at(await self._house.own(naming.post_uri(me.did, rkey)), "record")
        answered = at(record, "reply", "parent").get("uri")
        same = raw(record, "text") == reply.text.strip() and answered == reply.target.native_id
        return self._posted(me.did, rkey) if same else None

    def _posted(self, did: str, rkey: str) -> Posted:
        uri = naming.post_uri(did, rkey)
        return Posted(native_id=uri, url=naming.page(self._config.web_url, uri))


def _warnings(answer: httpx.Response, me: Session) -> list[str]:
    """What works, but should not stay so: the account's own password, a nearly used up allowance."""
    found = []
    if me.scope == FULL:
        found.append("This is the account's own password: make an app password, which can be taken back alone.")
    left, limit = (answer.headers.get(f"RateLimit-{name}", "") for name in ("Remaining", "Limit"))
    if left.isdecimal() and limit.isdecimal() and int(left[:9]) * 10 < int(limit[:9]):
        found.append(f"Only {left[:9]} of {limit[:9]} requests are left for now.")
    return found
