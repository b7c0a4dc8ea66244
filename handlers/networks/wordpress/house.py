"""One account and what it knows of its site: who it is, who its colleagues are, which comment began a conversation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot import logs
from bot.core.errors import AuthExpired, Permanent
from bot.core.types import Item
from handlers.networks.wordpress.config import Config
from handlers.networks.wordpress.reading import Comment, Me, Unreadable, comment_of, item_of, me_of, number, objects
from handlers.networks.wordpress.watch import Watch
from handlers.networks.wordpress.wire import Declined, NotThere, Wire

COMMENTS = "comments"
PAGE = 100
"""The most that WordPress gives at once."""
FIELDS = "id,post,parent,author,author_name,author_url,date_gmt,content,link,status"
ROOTS = 20_000
"""How many comments' conversations are remembered; a forgotten one costs a request."""
DEEP = 30
"""How many answers to answers are followed upwards; WordPress's own settings allow ten."""
log = logs.get(__name__)


class House:
    """What the parts of the adapter share."""

    def __init__(self, config: Config, wire: Wire, watch: Watch) -> None:
        self.config = config
        self.wire = wire
        self.watch = watch
        self._me: Me | None = None
        self._team: frozenset[int] | None = None
        self._roots: OrderedDict[int, int] = OrderedDict()

    # --- who ----------------------------------------------------------------------------------------------------

    async def me(self, *, again: bool = False) -> Me:
        """The user that the password belongs to. Raises AdapterError."""
        if self._me is None or again:
            answer = await self.wire.get("users/me", {"context": "edit", "_fields": "id,name,link,capabilities"})
            try:
                self._me = me_of(answer)
            except Unreadable as error:
                raise NotThere("What answers at base_url is no WordPress site.") from error
        return self._me

    async def team(self) -> frozenset[int]:
        """The users whose comments are the brand's own: ours, the configured ones, and whoever moderates the site."""
        me = await self.me()
        if self._team is None:
            found: set[int] = set()
            if me.lists_users:
                asked = {"capabilities": "moderate_comments", "per_page": str(PAGE), "_fields": "id"}
                try:
                    found = {number(one, "id") for one in objects(await self.wire.get("users", asked))}
                except (AuthExpired, Declined, Unreadable):  # WordPress before 5.9 cannot be asked for that
                    log.info("wordpress.no_colleagues", account=self.config.id)
            self._team = self.config.colleagues | found | {me.id}
        return self._team

    async def view(self) -> dict[str, str]:
        """The parameters that show all that we may see: moderators see what is held, and what was really typed."""
        return {"context": "edit", "status": "all"} if (await self.me()).moderates else {"context": "view"}

    # --- comments -----------------------------------------------------------------------------------------------

    async def comments(self, **asked: str) -> list[Comment]:
        """A page of comments, in the order of their ids. Raises AdapterError."""
        return (await self._listed(asked))[0]

    async def newest(self, page: int) -> tuple[list[Comment], bool]:
        """A page of the newest comments, in the order of their ids, and whether there are older ones."""
        return await self._listed({"order": "desc", "page": str(page)})

    async def numbers(self, page: int) -> tuple[list[int], bool]:
        """The same, as ids alone."""
        params = {**await self.view(), "per_page": str(PAGE), "orderby": "id", "order": "desc", "page": str(page)}
        payload, pages = await self.wire.page(COMMENTS, {**params, "_fields": "id"})
        found = [one["id"] for one in objects(payload) if type(one.get("id")) is int]
        return found, _more(payload, pages, page)

    async def _listed(self, asked: dict[str, str]) -> tuple[list[Comment], bool]:
        params = {"per_page": str(PAGE), "orderby": "id", "_fields": FIELDS, **await self.view(), **asked}
        payload, pages = await self.wire.page(COMMENTS, params)
        found = [self._readable(one) for one in objects(payload)]
        whole = sorted((one for one in found if one is not None), key=lambda one: one.id)
        return whole, _more(payload, pages, int(asked.get("page", "1")))

    def _readable(self, payload: Any) -> Comment | None:
        """A comment; None where it is not what WordPress documents, which must not stop the others."""
        try:
            return comment_of(payload)
        except Unreadable as error:
            log.warning("wordpress.unreadable", account=self.config.id, problem=str(error))
            return None

    async def comment(self, key: str | int) -> Comment:
        """One comment, in whatever state it is. Raises NotThere and other AdapterErrors."""
        if not str(key).isdecimal():
            raise NotThere("There is no such comment.")
        params = {"_fields": FIELDS, "context": (await self.view())["context"]}
        try:
            return comment_of(await self.wire.get(f"{COMMENTS}/{key}", params))
        except Unreadable as error:
            raise Permanent("The site answered something that is no comment.") from error

    async def items(self, comments: Iterable[Comment]) -> list[Item]:
        """Comments as items, each with its conversation. Raises AdapterError."""
        found = list(comments)
        await self._find_roots(found)
        team, now = await self.team(), datetime.now(UTC)
        return [
            item_of(
                one,
                account=self.config.id,
                ours=one.author in team,
                thread=str(self._roots.get(one.id, one.id)),
                edited_at=self._edited(one, now),
            )
            for one in found
        ]

    def _edited(self, comment: Comment, now: datetime) -> datetime | None:
        """When it was edited, which is when we noticed; None where it stands as it did at first."""
        mark = self.watch.get(comment.id)
        if mark is None:
            return None
        if mark.version != comment.version:
            return now
        return None if mark.edited is None else datetime.fromtimestamp(mark.edited, UTC)

    async def _find_roots(self, comments: list[Comment]) -> None:
        """Learn which comment began the conversation of each, asking for parents that were never seen."""
        parents = {one.id: one.parent for one in comments}
        for _ in range(DEEP):
            unknown = {up for up in parents.values() if up and up not in parents and self._root(up) is None}
            if not unknown:
                break
            some = sorted(unknown)[:PAGE]
            above = await self.comments(include=",".join(map(str, some)))
            # A parent that is away, or not for us to see, is where we stop.
            parents |= dict.fromkeys(some, 0) | {one.id: one.parent for one in above}
        for key in sorted(parents):
            self._belongs(key, self._up(key, parents))

    def _up(self, key: int, parents: dict[int, int]) -> int:
        at = key
        for _ in range(DEEP):
            known, up = self._root(at), parents.get(at, 0)
            if known is not None or not up:
                return at if known is None else known
            at = up
        return at

    def _root(self, key: int) -> int | None:
        if key in self._roots:
            return self._roots[key]
        mark = self.watch.get(key)
        return int(mark.thread) if mark is not None and mark.thread.isdecimal() else None

    def _belongs(self, key: int, root: int) -> None:
        self._roots.setdefault(key, root)
        if len(self._roots) > ROOTS:
            self._roots.popitem(last=False)


def _more(payload: Any, pages: int | None, page: int) -> bool:
    """Whether a page is not the last one; one that is not full tells nothing, since what we may not see is left out."""
    if pages is not None:
        return page < pages
    return isinstance(payload, list) and len(payload) >= PAGE
