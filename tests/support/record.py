"""A small record for tests: tickets with everything, as the engine stores them."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from bot.core.approval import Binding, text_digest
from bot.core.types import Visibility
from bot.store import tables as t
from bot.store.attached import covered
from bot.store.seals import content_hash

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class Record:
    """Adds rows to a database, one thing at a time; `at` moves on by a minute with each."""

    conn: Connection
    at: datetime = NOW
    latest: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tick(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def id(self, table: Any) -> int:
        newest: int = self.conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return newest + 1

    def log(self, type: str, **values: Any) -> None:
        content = values.get("content")
        if content is not None:
            values["content_hash"] = self.conn.execute(
                select(t.contents.c.hash).where(t.contents.c.id == content)
            ).scalar_one()
        self.conn.execute(t.events.insert().values(at=self.at, type=type, **({"data": {}} | values)))

    def text(self, kind: str, text: str, **values: Any) -> int:
        salt = secrets.token_hex(16)
        number = self.id(t.contents)
        row = {
            "id": number,
            "kind": kind,
            "text": text,
            "salt": salt,
            "hash": content_hash(salt, text, values.get("author"), values.get("url"), covered(values.get("extra", {}))),
        }
        self.conn.execute(t.contents.insert().values(**({"extra": {}} | row | values)))
        return number

    def author(self, native_id: str, account: str = "wall") -> int:
        known = (t.authors.c.account == account) & (t.authors.c.native_id == native_id)
        found: int | None = self.conn.execute(select(t.authors.c.id).where(known)).scalar_one_or_none()
        if found is None:
            found = self.id(t.authors)
            self.conn.execute(t.authors.insert().values(id=found, account=account, native_id=native_id))
        return found

    def item(self, ticket: str, text: str, native_id: str, **values: Any) -> int:
        """A version of an item; `name`, `author` (a native id), `extra`, `url`, `content` among the values."""
        name, author, extra = values.pop("name", "Rosa"), values.pop("author", None), values.pop("extra", {})
        url, account = values.pop("url", None), values.pop("account", "wall")
        content = values.pop("content", None) or self.text("item", text, author=name, extra=extra, url=url)
        number = self.id(t.items)
        row = {
            "id": number,
            "account": account,
            "native_id": native_id,
            "number": 1,
            "version": text_digest(text)[:16],
            "ticket": ticket,
            "author": None if author is None else self.author(author, account),
            "thread_key": f"thread-{ticket}",
            "content": content,
            "visibility": "public",
            "created_at": self.at,
            "received_at": self.at,
        }
        self.conn.execute(t.items.insert().values(**(row | values)))
        self.log("ItemArrived", ticket=ticket, item=number, content=content)
        return number

    def ticket(self, id: str, text: str = "The bread was stale.", **values: Any) -> str:
        """A ticket with its first item; values of the item as for `item()`, those of the ticket in `ticket`."""
        self.tick()
        of_ticket = values.pop("ticket", {})
        account = values.get("account", "wall")
        item = self.item(id, text, values.pop("native_id", f"n-{id}"), **values)
        author = None if values.get("author") is None else self.author(values["author"], account)
        row = {
            "id": id,
            "account": account,
            "thread_key": f"thread-{id}",
            "author": author,
            "item": item,
            "status": "open",
            "kind": "complaint",
            "severity": "normal",
            "sentiment": "negative",
            "language": "en",
            "visibility": "public",
            "opened_at": self.at,
            "updated_at": self.at,
            "due_at": self.at + timedelta(hours=1),
        }
        self.conn.execute(t.tickets.insert().values(**(row | of_ticket)))
        self.log("TicketOpened", ticket=id, item=item)
        return id

    def reply(
        self, ticket: str, text: str, *, author: str | None = None, quorum: int = 1, checks: Any = (), **values: Any
    ) -> str:
        """The ticket's next reply, with its first wording."""
        of = select(t.tickets.c.replies, t.tickets.c.item, t.tickets.c.account).where(t.tickets.c.id == ticket)
        count, item, account = self.conn.execute(of).one()
        reply = f"{ticket}.{count + 1}"
        self.conn.execute(t.tickets.update().where(t.tickets.c.id == ticket).values(replies=count + 1))
        self.conn.execute(
            t.replies.insert().values(
                id=reply,
                ticket=ticket,
                number=count + 1,
                account=account,
                item=item,
                state="proposed",
                quorum=quorum,
                created_at=self.tick(),
            )
        )
        self.revise(reply, text, author=author, checks=checks, **values)
        return reply

    def revise(self, reply: str, text: str, *, author: str | None = None, checks: Any = (), **values: Any) -> int:
        number: int = self.conn.execute(select(t.replies.c.revision).where(t.replies.c.id == reply)).scalar_one() + 1
        content = self.text("revision", text, extra={"checks": list(checks)} if checks else {})
        self.tick()
        row = {"reply": reply, "number": number, "content": content, "text_hash": text_digest(text)}
        source = values.pop("source", "person" if author else "offline:complaint.en#1")
        row |= {"author": author, "source": source, "created_at": self.at}
        self.conn.execute(t.revisions.insert().values(**row, **values))
        self.set_reply(reply, revision=number)
        fact = "ReplyProposed" if number == 1 else "ReplyRevised"
        data = {"revision": number, "source": source}
        self.log(fact, actor=author, ticket=reply.partition(".")[0], reply=reply, content=content, data=data)
        return number

    def set_reply(self, reply: str, **values: Any) -> None:
        self.conn.execute(t.replies.update().where(t.replies.c.id == reply).values(**values))

    def set_ticket(self, ticket: str, **values: Any) -> None:
        self.conn.execute(t.tickets.update().where(t.tickets.c.id == ticket).values(**values))

    def binding(self, reply: str) -> str:
        """What an approval of the newest wording binds to."""
        r, v, i, k = t.replies, t.revisions, t.items, t.tickets
        row = self.conn.execute(
            select(r, v.c.text_hash, i.c.native_id, i.c.version.label("seen"), i.c.visibility, k.c.messages)
            .join(v, (v.c.reply == r.c.id) & (v.c.number == r.c.revision))
            .join(i, i.c.id == r.c.item)
            .join(k, k.c.id == r.c.ticket)
            .where(r.c.id == reply)
        ).one()
        return Binding(
            reply=reply,
            revision=row.revision,
            text_hash=row.text_hash,
            account=row.account,
            item=row.native_id,
            item_version=row.seen,
            conversation=row.messages,
            visibility=Visibility(row.visibility),
            quorum=row.quorum,
        ).digest()

    def decide(self, reply: str, person: str, verdict: str = "approve", fact: str = "ReplyApproved") -> int:
        self.tick()
        number = self.id(t.decisions)
        revision: int = self.conn.execute(select(t.replies.c.revision).where(t.replies.c.id == reply)).scalar_one()
        row = {"id": number, "reply": reply, "revision": revision, "person": person, "verdict": verdict}
        expires = self.at + timedelta(hours=24) if verdict == "approve" else None
        self.conn.execute(
            t.decisions.insert().values(**row, via="desk", at=self.at, binding=self.binding(reply), expires_at=expires)
        )
        actor = None if person == "portavoz" else person
        self.log(fact, actor=actor, ticket=reply.partition(".")[0], reply=reply, data={"revision": revision})
        return number

    def publish(self, reply: str, native_id: str, url: str = "http://127.0.0.1/wall/1") -> None:
        ticket = reply.partition(".")[0]
        self.tick()
        self.log("PublishingStarted", ticket=ticket, reply=reply, data={"attempt": 1})
        binding = self.binding(reply)
        for phase in ("intent", "posted"):
            row = {"id": self.id(t.publications), "reply": reply, "attempt": 1, "phase": phase, "at": self.at}
            self.conn.execute(t.publications.insert().values(**row, key="k", binding=binding, text_hash="h"))
        self.log("ReplyPublished", ticket=ticket, reply=reply, data={"native_id": native_id})
        self.set_reply(reply, state="published", posted_id=native_id, posted_url=url, posted_at=self.at)
        self.set_ticket(ticket, status="waiting", answered_at=self.at, due_at=None)

    def note(self, ticket: str, person: str, text: str, fact: str = "NoteAdded") -> int:
        self.tick()
        content = self.text("note" if fact == "NoteAdded" else "question", text)
        self.log(fact, actor=person, ticket=ticket, content=content)
        return content


def full_ticket(record: Record, id: str = "ABCD", **values: Any) -> str:
    """A ticket that went all the way: two wordings, an approval, a publication, a note."""
    record.ticket(id, **({"author": "u1", "extra": {"handle": "rosa"}} | values))
    reply = record.reply(id, "Dear Rosa, we are sorry about the bread.")
    record.revise(reply, "Dear Rosa, sorry about the stale bread.", author="ana")
    record.note(id, "luis", "Rosa called twice.")
    record.decide(reply, "ana")
    record.publish(reply, f"posted-{id}")
    return reply
