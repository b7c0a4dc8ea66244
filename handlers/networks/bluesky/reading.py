"""Posts as the core's nouns. Whatever the other side sends, only `Unreadable` is raised.

Shapes after app.bsky.feed.defs#postView and app.bsky.feed.post.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.core.types import Author, Item
from handlers.networks.bluesky import embeds, naming
from handlers.networks.bluesky.payload import Json, Unreadable, at, moment, objects, raw, words
from handlers.networks.bluesky.richtext import mentioned, readable
from handlers.networks.bluesky.session import Session

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
_CID = re.compile(r"[A-Za-z0-9]{8,200}")


def address(view: Json) -> tuple[str, str]:
    """A post view's author (a DID) and address. Raises Unreadable when they contradict one another."""
    uri, did = raw(view, "uri"), raw(at(view, "author"), "did")
    parts = naming.parted(uri)
    if parts is None or parts[0] != did:
        raise Unreadable("no address of the author's")
    return did, uri


def written(view: Json) -> datetime:
    """When it was written: its author's word, but never later than the network saw it. Raises Unreadable."""
    told = [one for one in (moment(at(view, "record"), "createdAt"), moment(view, "indexedAt")) if one is not None]
    if not told:
        raise Unreadable("no time")
    return min(told)


def cid_of(view: Json) -> str:
    """The hash of the record, which changes with every letter of it. Raises Unreadable."""
    cid = raw(view, "cid")
    if not _CID.fullmatch(cid):
        raise Unreadable("no cid")
    return cid


def item_of(view: Json, *, account: str, me: Session, web: str) -> Item:
    """A post as an item. Raises Unreadable."""
    did, uri = address(view)
    record, by = at(view, "record"), at(view, "author")
    handle = words(by, "handle")
    ours = did == me.did
    attachments, more = embeds.attachments_of(view, web)
    return Item(
        account=account,
        native_id=uri,
        version=cid_of(view),
        author=Author(
            id=did,
            name=words(by, "displayName") or handle or did,
            handle=handle or None,
            url=f"{web}/profile/{did}",
        ),
        text=readable(record, addressed=None if ours else (me.did, me.handle)),
        created_at=written(view),
        thread_key=_reference(record, "root") or uri,
        parent=_reference(record, "parent"),
        url=naming.page(web, uri),
        ours=ours,
        attachments=attachments,
        more_attachments=more,
    )


def summons(record: Json, me: str) -> bool:
    """Whether a post calls upon us: it answers us or stands in our thread, names us, or quotes us."""
    answered = {_reference(record, "parent"), _reference(record, "root")}
    embed = at(record, "embed")
    quoted = {raw(at(embed, "record"), "uri"), raw(at(embed, "record", "record"), "uri")}
    owners = {parts[0] for uri in answered | quoted if (parts := naming.parted(uri)) is not None}
    return me in owners or me in mentioned(record)


def concerns(view: Json, me: str, author: str | None) -> bool:
    """Whether a post in a conversation is about us: by us, calling upon us, or by the author we talk with."""
    return raw(at(view, "author"), "did") in {me, author} or summons(at(view, "record"), me)


def references(view: Json) -> Json:
    """What a reply to this post points at. Raises Unreadable."""
    _, uri = address(view)
    parent = {"uri": uri, "cid": cid_of(view)}
    root = at(view, "record", "reply", "root")
    sound = naming.parted(root.get("uri")) is not None and _CID.fullmatch(raw(root, "cid"))
    return {"root": {"uri": root["uri"], "cid": root["cid"]} if sound else parent, "parent": parent}


def languages(record: Json) -> list[str]:
    """The languages that a post says it is in, at most three, as a reply to it may say again."""
    told = record.get("langs")
    found = told if isinstance(told, list) else []
    return [one for one in found if isinstance(one, str) and _LANGUAGE.fullmatch(one)][:3]


def below(thread: Json) -> list[Json]:
    """The posts under a thread's own, in no order; what was taken away or hidden has none."""
    found: list[Json] = []
    waiting = objects(thread, "replies")
    while waiting:
        one = waiting.pop()
        if post := at(one, "post"):
            found.append(post)
        waiting += objects(one, "replies")
    return found


def _reference(record: Json, which: str) -> str | None:
    uri = at(record, "reply", which).get("uri")
    return str(uri) if naming.parted(uri) is not None else None
