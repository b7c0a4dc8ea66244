"""A Bluesky server on 127.0.0.1 in the shapes of the lexicons: accounts, sessions, records, and what an AppView shows.

It refuses what a PDS refuses: worn tokens, records that no lexicon allows, a taken place (`InvalidSwap`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import regex

from tests.support.bluesky_door import Answer, Door, Params

POST, GATE, BLOCK = "app.bsky.feed.post", "app.bsky.feed.threadgate", "app.bsky.graph.block"
TID = re.compile(r"[234567a-j][234567a-z]{12}")
Json = dict[str, Any]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message or code


@dataclass
class Record:
    """A record where it stands; `indexed` is when the AppView saw it."""

    did: str
    cid: str
    value: Json
    indexed: datetime

    @property
    def sort_at(self) -> str:
        """By what lists are in order: the author's time, but never later than the network's."""
        return str(min(self.value.get("createdAt", ""), iso(self.indexed)))


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class BlueskyFake(Door):
    """One server with everything on it."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, tuple[str, str]] = {}  # handle -> (did, password)
        self.app_passwords: dict[str, str] = {}  # password -> did
        self.tokens: dict[str, tuple[str, str]] = {}  # token -> (did, kind)
        self.records: dict[str, Record] = {}
        self.unknown: set[str] = set()  # who has an account that the AppView has not heard of
        self._now = datetime.now(UTC) - timedelta(minutes=10)
        self._issued = 0

    async def call(self, nsid: str, token: str = "", *, params: Params | None = None, body: Any = None) -> Answer:
        given = {} if params is None else {key: [v for k, v in params if k == key] for key, _ in params}
        method = getattr(self, "_" + re.sub("[A-Z]", lambda one: f"_{one[0].lower()}", nsid.rpartition(".")[2]))
        try:
            return 200, method(token, given if body is None else body)
        except Refused as no:
            return no.status, {"error": no.code, "message": no.message}

    def moment(self) -> datetime:
        """Later than every moment before."""
        self._now = max(datetime.now(UTC), self._now + timedelta(milliseconds=1))
        return self._now

    # --- accounts and sessions --------------------------------------------------------------------------------

    def _create_account(self, token: str, given: Json) -> Json:
        handle = given["handle"]
        did = "did:plc:" + hashlib.sha256(handle.encode()).hexdigest()[:24]
        self.accounts[handle] = did, given["password"]
        return self._session(did, "com.atproto.access")

    def _create_app_password(self, token: str, given: Json) -> Json:
        password = f"abcd-efgh-{len(self.app_passwords):04}-mnop"
        self.app_passwords[password] = self._did(token)
        return {"name": given["name"], "password": password}

    def _create_session(self, token: str, given: Json) -> Json:
        did, password = self.accounts.get(given["identifier"], ("", ""))
        if did and given["password"] == password:
            return self._session(did, "com.atproto.access")
        if did and self.app_passwords.get(given["password"]) == did:
            return self._session(did, "com.atproto.appPass")
        raise Refused("AuthenticationRequired", "Invalid identifier or password", 401)

    def _refresh_session(self, token: str, given: Json) -> Json:
        did = self._did(token, "refresh")
        del self.tokens[token]
        return self._session(did, "com.atproto.appPass")

    def _session(self, did: str, scope: str) -> Json:
        self._issued += 1
        claims = base64.urlsafe_b64encode(json.dumps({"scope": scope, "n": self._issued}).encode()).decode().rstrip("=")
        made = {"accessJwt": f"a.{claims}.s", "refreshJwt": f"r.{claims}.s"}
        self.tokens |= {made["accessJwt"]: (did, "access"), made["refreshJwt"]: (did, "refresh")}
        place = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.base}
        return {**made, "did": did, "handle": self._handle(did), "active": True, "didDoc": {"service": [place]}}

    def _get_session(self, token: str, given: Json) -> Json:
        did = self._did(token)
        return {"did": did, "handle": self._handle(did), "active": True}

    def _did(self, token: str, kind: str = "access") -> str:
        did, found = self.tokens.get(token, ("", ""))
        if not token:
            raise Refused("AuthMissing", "Authentication Required", 401)
        if found != kind:
            raise Refused("ExpiredToken", "Token has expired")
        return did

    def _handle(self, did: str) -> str:
        return next((handle for handle, (one, _) in self.accounts.items() if one == did), "handle.invalid")

    def _resolve_handle(self, token: str, given: Json) -> Json:
        if given["handle"][0] not in self.accounts:
            raise Refused("HandleNotFound", "Unable to resolve handle")
        return {"did": self.accounts[given["handle"][0]][0]}

    # --- records ----------------------------------------------------------------------------------------------

    def _create_record(self, token: str, given: Json) -> Json:
        return self._write(token, given, given.get("rkey") or tid(self.moment()))

    def _put_record(self, token: str, given: Json) -> Json:
        standing = self.records.get(f"at://{given['repo']}/{given['collection']}/{given['rkey']}")
        if "swapRecord" in given and given["swapRecord"] != (standing.cid if standing else None):
            raise Refused("InvalidSwap", f"Record was at {standing.cid if standing else None}")
        return self._write(token, given, given["rkey"])

    def _write(self, token: str, given: Json, rkey: str) -> Json:
        did, value = self._did(token), given["record"]
        if did != given["repo"]:
            raise Refused("AuthMissing", "Authentication Required", 401)
        if given["collection"] == POST:
            _validate(value, rkey)
        uri = f"at://{did}/{given['collection']}/{rkey}"
        cid = "bafyrei" + hashlib.sha256(json.dumps([uri, value]).encode()).hexdigest()
        indexed = self.records[uri].indexed if uri in self.records else self.moment()
        self.records[uri] = Record(did, cid, value, indexed)
        return {"uri": uri, "cid": cid, "validationStatus": "valid"}

    def _delete_record(self, token: str, given: Json) -> Json:
        self.records.pop(f"at://{self._did(token)}/{given['collection']}/{given['rkey']}", None)
        return {}

    def _get_record(self, token: str, given: Json) -> Json:
        uri = "at://{}/{}/{}".format(*(given[key][0] for key in ("repo", "collection", "rkey")))
        if uri not in self.records:
            raise Refused("RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": uri, "cid": self.records[uri].cid, "value": self.records[uri].value}

    def _list_records(self, token: str, given: Json) -> Json:
        start = f"at://{given['repo'][0]}/{given['collection'][0]}/"
        found = {uri: one for uri, one in self.records.items() if uri.startswith(start)}
        return {"records": [{"uri": uri, "cid": one.cid, "value": one.value} for uri, one in found.items()]}

    # --- what the AppView shows -------------------------------------------------------------------------------

    def _posts(self) -> dict[str, Record]:
        """Newest first."""
        found = [(uri, one) for uri, one in self.records.items() if f"/{POST}/" in uri]
        return dict(sorted(found, key=lambda pair: pair[1].sort_at, reverse=True))

    def _page_of(self, found: list[tuple[str, Json]], given: Json, key: str) -> Json:
        """`found` are (time, entry), newest first; the cursor is a time."""
        limit, cursor = int(given.get("limit", ["50"])[0]), given.get("cursor", [""])[0]
        rest = [one for one in found if not cursor or one[0] < cursor]
        more = {"cursor": rest[limit - 1][0]} if len(rest) > limit else {}
        return {key: [entry for _, entry in rest[:limit]], **more}

    def _list_notifications(self, token: str, given: Json) -> Json:
        me, found = self._did(token), []
        for uri, one in self._posts().items():
            reason = _reason(one.value, me)
            if one.did != me and reason in given.get("reasons", [reason]) and not self._blocked(one.did, me):
                seen = {"isRead": False, "indexedAt": one.sort_at, "record": one.value}
                found.append((one.sort_at, {"uri": uri, "author": self._author(one.did), "reason": reason, **seen}))
        return self._page_of(found, given, "notifications")

    def _get_author_feed(self, token: str, given: Json) -> Json:
        me = self._did(token)
        if given["actor"][0] in self.unknown:
            raise Refused("InvalidRequest", "Profile not found")
        own = [(uri, one) for uri, one in self._posts().items() if one.did == given["actor"][0]]
        return self._page_of([(one.sort_at, {"post": self._view(uri, me)}) for uri, one in own], given, "feed")

    def _get_posts(self, token: str, given: Json) -> Json:
        me = self._did(token)
        if len(given["uris"]) > 25:
            raise Refused("InvalidRequest", "Error: uris must not have more than 25 elements")
        there = [uri for uri in given["uris"] if uri in self.records and not self._blocked(self.records[uri].did, me)]
        return {"posts": [self._view(uri, me) for uri in there]}

    def _get_post_thread(self, token: str, given: Json) -> Json:
        me, uri, depth = self._did(token), given["uri"][0], int(given.get("depth", ["6"])[0])
        if uri not in self.records:
            raise Refused("NotFound", f"Post not found: {uri}")
        return {"thread": self._thread(uri, me, depth)}

    def _thread(self, uri: str, me: str, depth: int) -> Json:
        if self._blocked(self.records[uri].did, me):
            return {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri, "blocked": True}
        under = [one for one, post in self._posts().items() if _parent(post.value) == uri] if depth else []
        replies = [self._thread(one, me, depth - 1) for one in under]
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(uri, me), "replies": replies}

    def _view(self, uri: str, me: str) -> Json:
        one = self.records[uri]
        root = (one.value.get("reply") or {}).get("root", {}).get("uri", uri)
        gated = root.replace(POST, GATE) in self.records and not root.startswith(f"at://{me}/")
        view = {"uri": uri, "cid": one.cid, "author": self._author(one.did), "record": one.value, "labels": []}
        embed = {"embed": self._embed_view(one.value["embed"])} if "embed" in one.value else {}
        return {**view, **embed, "indexedAt": iso(one.indexed), "viewer": {"replyDisabled": True} if gated else {}}

    def _embed_view(self, embed: Json) -> Json:
        """Pictures and quotes as the AppView serves them; the fake takes any address for a picture's."""
        name = {"$type": f"{embed['$type']}#view"}
        if "images" in embed:
            shown = [{"fullsize": one["image"]["ref"]["$link"], "alt": one["alt"]} for one in embed["images"]]
            return {**name, "images": shown}
        quoted = self.records[embed["record"]["uri"]]
        return {**name, "record": {**embed["record"], "author": self._author(quoted.did), "value": quoted.value}}

    def _author(self, did: str) -> Json:
        profile = self.records.get(f"at://{did}/app.bsky.actor.profile/self")
        name = {"displayName": profile.value["displayName"]} if profile else {}
        return {"did": did, "handle": self._handle(did), **name}

    def _blocked(self, one: str, other: str) -> bool:
        pairs = [(r.did, r.value.get("subject")) for uri, r in self.records.items() if f"/{BLOCK}/" in uri]
        return (one, other) in pairs or (other, one) in pairs


def tid(moment: datetime) -> str:
    """A key as programs make them by the clock."""
    number = int(moment.timestamp() * 1_000_000) << 10
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[(number >> (5 * place)) & 31] for place in range(12, -1, -1))


def _validate(value: Json, rkey: str) -> None:
    """What the lexicon of a post demands."""
    text = value.get("text")
    if not TID.fullmatch(rkey):
        raise Refused("InvalidRequest", "Invalid TID")
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value.get("createdAt", "")):
        raise Refused("InvalidRequest", "Invalid app.bsky.feed.post record")
    if len(text.encode()) > 3000 or len(regex.findall(r"\X", text)) > 300:
        raise Refused("InvalidRequest", "Invalid app.bsky.feed.post record: text must not be longer")
    for facet in value.get("facets", []):
        index = facet["index"]
        if not 0 <= index["byteStart"] < index["byteEnd"] <= len(text.encode()):
            raise Refused("InvalidRequest", "Invalid facet")


def _parent(value: Json) -> str:
    return str((value.get("reply") or {}).get("parent", {}).get("uri", ""))


def _reason(value: Json, me: str) -> str | None:
    """Why somebody is told of a post."""
    reply = value.get("reply") or {}
    if any(one.get("uri", "").startswith(f"at://{me}/") for one in reply.values()):
        return "reply"
    named = [feature.get("did") for facet in value.get("facets", []) for feature in facet["features"]]
    if me in named:
        return "mention"
    quoted = ((value.get("embed") or {}).get("record") or {}).get("uri", "")
    return "quote" if quoted.startswith(f"at://{me}/") else None
