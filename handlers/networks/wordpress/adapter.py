"""An account on a WordPress site as a network: comments come in, approved replies go out below them.

After the WordPress REST API Handbook (developer.wordpress.org/rest-api). Ids are the site's; `thread_key` is the
comment that began the conversation. WordPress has no keys for what is posted: the same words by the same user below
the same comment are refused (409), and before anything is sent again, it is looked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.errors import OutcomeUnknown
from bot.core.ports import Capabilities, Intake, Keep
from bot.core.types import (
    Account,
    Budget,
    Gone,
    Item,
    OutgoingReply,
    Pending,
    Posted,
    PublishResult,
    Rejected,
)
from handlers.fitting import unfit
from handlers.networks.wordpress.config import Config
from handlers.networks.wordpress.house import COMMENTS, House
from handlers.networks.wordpress.listening import TURNED_DOWN, Listener
from handlers.networks.wordpress.reading import HELD, LIVE, Comment, Unreadable, comment_of, objects, says, stored
from handlers.networks.wordpress.watch import Watch
from handlers.networks.wordpress.wire import Declined, NotThere, Wire

LONGEST = 65_525
"""Bytes that WordPress lets a comment have: ten less than its column."""
CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of the site's."""
RIGHTS = ("edit_posts", "moderate_comments", "list_users")
"""What makes a difference of a user's capabilities."""
DEPTH, MANY = 10, 500
"""How deep and how much of a conversation is read."""
AWAY = "The comment is not there any more."
WAITS = "The comment waits for the site's moderators; let it through there before it is answered."


class WordPressNetwork:
    """Implements `bot.core.ports.Network` for one user of one site."""

    def __init__(self, config: Config, *, secret: str | None, keep: Keep | None) -> None:
        self.id = config.id
        self._config = config
        self._wire = Wire(config, secret)
        self._watch = Watch(keep, timedelta(days=config.watch_days))
        self._house = House(config, self._wire, self._watch)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def capabilities(self) -> Capabilities:
        return Capabilities(
            ingest=frozenset({"poll"}),
            can_reply=True,
            idempotency="content_dedupe",
            async_publication=True,
            max_length=LONGEST,
            tells_gone=True,
            budget=Budget(rate=1.0, burst=5),
        )

    def measure(self, text: str) -> int:
        """Bytes of the text as WordPress stores it: in UTF-8, with `&`, `<` and `>` as HTML writes them."""
        return len(stored(text).encode("utf-8", "replace"))

    async def check(self) -> Account:
        """Who the password belongs to, what they may do, whether people can comment, and what the site's clock says."""
        me = await self._house.me(again=True)
        warnings = []
        if not me.moderates:
            warnings.append(
                f"{me.name} is no moderator: comments that wait for approval are not seen, and replies may have to wait"
                " for approval themselves; the role Editor has that right"
            )
        await self._house.comments(per_page="1")
        newest = objects(await self._wire.get("posts", {"per_page": "1", "_fields": "comment_status"}))
        if newest and newest[0].get("comment_status") == "closed":
            warnings.append("the newest post is closed for comments")
        return Account(
            name=me.name,
            native_id=str(me.id),
            url=me.url,
            warnings=tuple(warnings),
            scopes=tuple(right for right in RIGHTS if right in me.rights),
            ahead=self._wire.ahead,
        )

    # --- in -----------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake, cursor: str | None) -> None:
        """Report comments, edits, removals, what moderators decide, and what we wrote; see `Listener`."""
        await Listener(self._house, intake).run(cursor)

    async def backfill(self, intake: Intake, since: datetime) -> None:
        """Report what was written since then; see `bot.core.ports.Past`."""
        await Listener(self._house, intake).read_back(since)

    async def conversation(self, item: Item) -> list[Item]:
        """What stands below the item, answers to answers included."""
        await self._watch.load()
        found: dict[int, Comment] = {}
        above = [item.native_id] if item.native_id.isdecimal() else []
        for _ in range(DEPTH):
            if not above or len(found) >= MANY:
                break
            below = await self._house.comments(parent=",".join(above), order="asc")
            new = [one for one in below if one.id not in found and one.status == LIVE]
            found |= {one.id: one for one in new}
            above = [str(one.id) for one in new]
        return await self._house.items(found[key] for key in sorted(found))

    async def current(self, item: Item) -> Item | Gone:
        await self._watch.load()
        try:
            comment = await self._house.comment(item.native_id)
        except NotThere:
            return Gone()
        if comment.status not in {LIVE, HELD}:
            return Gone()
        return (await self._house.items([comment]))[0]

    # --- out ----------------------------------------------------------------------------------------------------

    async def publish(self, reply: OutgoingReply) -> PublishResult:
        text = reply.text.strip()
        if problem := unfit(text, self.measure, LONGEST):
            return Rejected(reason=problem)
        if reply.attempt > 1 and (done := await self._already(reply)) is not None:
            return done
        # WordPress takes a reply to a comment that does not exist.
        try:
            target = await self._house.comment(reply.target.native_id)
        except NotThere:
            return Rejected(reason=AWAY)
        if target.status == HELD:
            return Rejected(reason=WAITS, manual_url=self._moderation(target))
        if target.status != LIVE:
            return Rejected(reason=AWAY)
        return await self._post(reply, text, target)

    async def _already(self, reply: OutgoingReply) -> Posted | Pending | None:
        """What an earlier attempt left. Raises OutcomeUnknown while one may still be under way."""
        found = await self._own(reply)
        if found is not None:
            return await self._result(found)
        since = reply.first_attempt_at
        if since is not None and datetime.now(UTC) - since < timedelta(seconds=self._config.settle_seconds):
            # A database that is busy lets two of the same pass, since WordPress looks before it writes.
            raise OutcomeUnknown("An earlier attempt may still be under way.")
        return None

    async def _post(self, reply: OutgoingReply, text: str, target: Comment) -> PublishResult:
        body = {"post": target.post, "parent": target.id, "content": stored(text)}
        by_hand = target.url or reply.target.url
        try:
            answer = await self._wire.post(COMMENTS, body)
        except NotThere:
            return Rejected(reason=AWAY)
        except Declined as refusal:
            duplicate = refusal.code == "comment_duplicate"
            waits = await self._own(reply) if duplicate else None
            if waits is not None and waits.status == HELD:
                return await self._result(waits)
            return Rejected(reason=refusal.reason, manual_url=by_hand, duplicate=duplicate)
        try:
            made = comment_of(answer)
        except Unreadable as error:
            raise OutcomeUnknown("The site took the reply, and its answer could not be read.") from error
        return (
            await self._result(made)
            if made.status in {LIVE, HELD}
            else Rejected(reason=TURNED_DOWN, manual_url=by_hand)
        )

    async def _result(self, made: Comment) -> Posted | Pending:
        if made.status == LIVE:
            return Posted(native_id=str(made.id), url=made.url)
        await self._watch.wait_for(made.id, made.url)
        return Pending(native_id=str(made.id), url=None)

    async def find(self, reply: OutgoingReply) -> Posted | None:
        """Our reply below the target with exactly these words, not from before the first attempt."""
        found = await self._own(reply)
        return Posted(native_id=str(found.id), url=found.url) if found is not None and found.status == LIVE else None

    async def _own(self, reply: OutgoingReply) -> Comment | None:
        """The same, also one that waits for moderators."""
        me = await self._house.me()
        parent, since = reply.target.native_id, reply.first_attempt_at
        if not parent.isdecimal():
            return None
        # Only who writes posts may ask for one author's comments.
        asked = {"parent": parent, "order": "desc", **({"author": str(me.id)} if me.writes else {})}
        below = await self._house.comments(**asked)
        if me.writes and not me.moderates:
            below += await self._house.comments(**asked, status=HELD)
        for one in below:
            recent = since is None or one.created_at >= since - CLOCK_SKEW
            if one.author == me.id and recent and one.status in {LIVE, HELD} and says(one, reply.text.strip()):
                return one
        return None

    def _moderation(self, comment: Comment) -> str:
        """Where a person can let a comment through."""
        return f"{self._config.base_url}/wp-admin/comment.php?action=editcomment&c={comment.id}"
