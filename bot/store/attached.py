"""What hangs on a comment, as it is kept beside its text: there it goes with the text when that is erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.core.types import Attachment, AttachmentKind

if TYPE_CHECKING:
    from bot.core.types import Item

KEPT, MORE = "attachments", "more_attachments"
_MORE_FIELDS = ("name", "alt", "media_type", "size", "sensitive")


def notes_of(item: Item) -> dict[str, Any]:
    """The entries of `contents.extra` for an item on which something hangs; none where nothing does."""
    notes: dict[str, Any] = {}
    if item.attachments:
        notes[KEPT] = [_note(one) for one in item.attachments]
    if item.more_attachments:
        notes[MORE] = item.more_attachments
    return notes


def covered(extra: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of these entries what a content's hash covers: a picture exchanged is as good a forgery as a word."""
    if KEPT not in extra and MORE not in extra:
        return None
    return {name: extra[name] for name in (KEPT, MORE) if name in extra}


def attachments_of(extra: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The attachments that were kept."""
    if KEPT not in extra:
        return ()
    return tuple(Attachment(**{**note, "kind": AttachmentKind(note["kind"])}) for note in extra[KEPT])


def more_of(extra: Mapping[str, Any]) -> int:
    """How many there were beyond those."""
    return int(extra.get(MORE, 0))


def words_of(extra: Mapping[str, Any]) -> str:
    """Their names and descriptions, for the search."""
    if KEPT not in extra:
        return ""
    return "".join(f"\n{note[name]}" for note in extra[KEPT] for name in ("name", "alt") if name in note)


def _note(one: Attachment) -> dict[str, Any]:
    told = {name: value for name in _MORE_FIELDS if (value := getattr(one, name))}
    return {"url": one.url, "kind": one.kind.value, **told}
