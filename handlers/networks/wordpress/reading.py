"""WordPress's comments as the core's nouns. Whatever the other side sends, only `Unreadable` is raised.

Shapes after the REST API Handbook's reference of Comments and Users. Moderators get a comment as it is stored (`raw`),
others as the site's theme shows it (`rendered`), where quotes and smileys may look different.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.fromhtml import clean, one_line, plain
from bot.core.plaintext import squeeze
from bot.core.types import Author, Item

Json = dict[str, Any]
# What WordPress shows as a sign or a picture: after its `smilies_init` and `wptexturize`.
_SIGN = re.compile(r"(?<!\S)(?::\w+:|[:;8]-?[)(|DPpOox?]|:-?[?]{3})(?!\S)|(?<=\d)x(?=\d)|\(tm\)")
LIVE, HELD = "approved", "hold"
"""The states of a comment in which it stands on the site; in all others it was taken away."""


class Unreadable(ValueError):
    """Not what WordPress documents."""


@dataclass(frozen=True, slots=True)
class Me:
    """The user that we speak for, and what they may do on the site."""

    id: int
    name: str
    url: str | None
    rights: frozenset[str]

    @property
    def moderates(self) -> bool:
        return "moderate_comments" in self.rights

    @property
    def writes(self) -> bool:
        return "edit_posts" in self.rights

    @property
    def lists_users(self) -> bool:
        return "list_users" in self.rights


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as WordPress tells it. `parent` is 0 for one that answers nobody, `author` for an unknown visitor."""

    id: int
    post: int
    parent: int
    author: int
    name: str
    author_url: str | None
    text: str
    html: str
    raw: bool
    created_at: datetime
    url: str | None
    status: str

    @property
    def version(self) -> str:
        """A digest of the words, since WordPress tells nobody when they were changed."""
        return hashlib.blake2b(self.text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def objects(value: Any) -> list[Json]:
    """The objects of a JSON list; an answer that is no list has none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def number(payload: Json, key: str) -> int:
    """A whole number that is not negative. Raises Unreadable."""
    value = payload.get(key)
    if type(value) is not int or not 0 <= value < 2**63:
        raise Unreadable(f"no {key}")
    return value


def me_of(payload: Any) -> Me:
    """The answer of `users/me` in the context `edit`. Raises Unreadable."""
    if not isinstance(payload, dict):
        raise Unreadable("no user")
    rights = payload.get("capabilities")
    able = (name for name, given in rights.items() if given is True) if isinstance(rights, dict) else ()
    user = number(payload, "id")
    return Me(user, _words(payload, "name") or str(user), _link(payload, "link"), frozenset(able))


def comment_of(payload: Any) -> Comment:
    """A comment. Raises Unreadable."""
    if not isinstance(payload, dict):
        raise Unreadable("no comment")
    content = payload.get("content")
    written = content if isinstance(content, dict) else {}
    raw, rendered = written.get("raw"), written.get("rendered")
    html_text = raw if isinstance(raw, str) else rendered
    if not isinstance(html_text, str):
        raise Unreadable("no content")
    return Comment(
        id=number(payload, "id"),
        post=number(payload, "post"),
        parent=number(payload, "parent"),
        author=number(payload, "author"),
        name=one_line(html.unescape(str(payload.get("author_name") or "")[:2000])),
        author_url=_link(payload, "author_url"),
        text=in_words(html_text) if isinstance(raw, str) else plain(html_text),
        html=html_text,
        raw=isinstance(raw, str),
        created_at=_moment(payload, "date_gmt"),
        url=_link(payload, "link"),
        status=_words(payload, "status"),
    )


def in_words(raw: str) -> str:
    """A stored comment as people read it: its line ends count, as WordPress shows them."""
    return plain(clean(raw).replace("\n", "<br>"))


def stored(text: str) -> str:
    """Our words as HTML that shows exactly them; this is what WordPress stores and counts."""
    return html.escape(text, quote=False)


def says(comment: Comment, text: str) -> bool:
    """Whether a comment of ours has these words: exactly, or as far as a theme leaves them recognisable."""
    if comment.raw:
        return squeeze(html.unescape(comment.html)) == squeeze(text)
    return _bare(comment.text) == _bare(text)


def _bare(text: str) -> str:
    """The letters and digits of a text without what is shown as a sign; the text itself where there are none."""
    letters = "".join(re.findall(r"[^\W_]+", _SIGN.sub(" ", text).casefold()))
    return letters or squeeze(text)


def item_of(comment: Comment, *, account: str, ours: bool, thread: str, edited_at: datetime | None) -> Item:
    """A comment as an item. Who has no user on the site has merely typed a name."""
    return Item(
        account=account,
        native_id=str(comment.id),
        version=comment.version,
        author=Author(
            id=str(comment.author) if comment.author else None,
            name=comment.name or (str(comment.author) if comment.author else "?"),
            url=comment.author_url,
        ),
        text=comment.text,
        created_at=comment.created_at,
        edited_at=edited_at,
        thread_key=thread,
        parent=str(comment.parent) if comment.parent else None,
        url=comment.url,
        ours=ours,
        held=comment.status == HELD,
    )


def _words(payload: Json, key: str) -> str:
    value = payload.get(key)
    return one_line(value[:2000]) if isinstance(value, str) else ""


def _link(payload: Json, key: str) -> str | None:
    found = _words(payload, key)
    return found if found.startswith(("https://", "http://")) else None


def _moment(payload: Json, key: str) -> datetime:
    """A time that WordPress tells without saying that it is UTC. Raises Unreadable."""
    try:
        at = datetime.fromisoformat(_words(payload, key))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"no {key}") from error
