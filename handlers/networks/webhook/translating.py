"""From the payloads to the nouns of the core, with every text made fit to be shown."""

from __future__ import annotations

from bot.core import attachments, messages
from bot.core.fromhtml import clean, one_line
from bot.core.types import Author, Item, Visibility, version_of
from handlers.networks.webhook import payloads as p
from handlers.networks.webhook.wire import theirs

UPDATED = "@"
"""Stands between what a version says and the time of the edit."""


class Translator:
    """Knows the account, and what the brand is called there."""

    def __init__(self, account: str, name: str) -> None:
        self._account = account
        self._name = name

    def event(self, event: p.WebhookEvent) -> messages.Event:
        """What the platform reports, as a fact."""
        match event:
            case p.ItemCreated():
                return messages.ItemArrived(item=self.item(event.data))
            case p.ItemUpdated():
                item = event.data.model_copy(update={"edited_at": event.data.edited_at or event.timestamp})
                return messages.ItemArrived(item=self.item(item))
            case p.ItemRemoved():
                reason = one_line(event.data.reason)
                return messages.ItemRemoved(account=self._account, native_id=event.data.id, reason=reason)
            case p.ReplyConfirmed():
                return messages.ReplyConfirmed(account=self._account, native_id=event.data.id, url=event.data.url)
            case p.ReplyRefused():
                return messages.ReplyRefused(
                    account=self._account,
                    native_id=event.data.id,
                    reason=theirs(event.data.reason),
                    manual_url=event.data.manual_url,
                )

    def item(self, given: p.WebhookItem) -> Item:
        """An item. Without a version of its own, it changes with the text, what hangs on it, or the edit's time."""
        hanging, more = attachments.read([one.model_dump(exclude_none=True) for one in given.attachments])
        text = clean(given.text)
        version = given.version or version_of(text, hanging)
        if given.version is None and given.edited_at is not None:
            version = f"{version}{UPDATED}{given.edited_at.timestamp():.3f}"
        return Item(
            account=self._account,
            native_id=given.id,
            version=version,
            author=self._author(given.author),
            text=text,
            created_at=given.created_at,
            edited_at=given.edited_at,
            thread_key=given.thread or given.parent or given.id,
            parent=given.parent,
            url=given.url,
            visibility=Visibility(given.visibility),
            ours=given.ours,
            reply_by=given.reply_by,
            attachments=hanging,
            more_attachments=more,
        )

    def _author(self, given: p.WebhookAuthor | None) -> Author:
        if given is None:
            return Author(id="ours", name=self._name)
        return Author(
            id=given.id,
            name=one_line(given.name),
            handle=one_line(given.handle) if given.handle else None,
            url=given.url,
            reach=given.reach,
        )
