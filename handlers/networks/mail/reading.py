"""A mail as the core's nouns.

Formats: RFC 5322, RFC 2045 to 2047, RFC 3464 (bounces), RFC 3834 (automatic answers), RFC 2919 (lists). A mail never
changes, so all its copies are one version. Whoever stands in `From` only says so: that is no proof of who wrote it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError

from bot.core.fromhtml import clean, one_line, plain
from bot.core.messages import ItemArrived, ItemRemoved
from bot.core.types import Author, Item, Visibility
from handlers.networks.mail.folding import Folded, flowed, fold
from handlers.networks.mail.headers import Mail, Short, address, decoded, ids, raw, words

LIMIT = 1_000_000
"""Bytes of a mail that are read."""
LONGEST = 30_000
"""Characters of a mail's text that are shown."""
SHORT = Short()
LOOKED = 4 * LONGEST
"""Characters of text, and of HTML, that are looked at, so that no mail takes long."""
DEEP, PARTS, LISTED = 12, 200, 20
VERSION = "1"
OURS = "portavoz."
"""How the ids of the mails begin that go out through here."""
_ANSWER = re.compile(r"(?:re|aw|sv|antw|rv?)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_FORWARD = re.compile(r"(?:fwd?|rv|reenv|wg|tr|i)\s*:", re.IGNORECASE)
_BY_A_PROGRAM = frozenset({"bulk", "junk", "list", "auto_reply"})
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError)


@dataclass(frozen=True, slots=True)
class Raw:
    """A mail as it lies on the server: its first bytes, its size in all, and when it got there."""

    body: bytes
    size: int
    received: datetime


@dataclass(slots=True)
class _Body:
    """What a mail consists of, as far as it was read."""

    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    parts: int = 0
    looked: int = 0


def parsed(body: bytes) -> Mail:
    """A mail, however broken it is."""
    try:
        return message_from_bytes(body, policy=SHORT)
    except _BROKEN:
        # Parts within parts without end: the headers tell enough.
        return message_from_bytes(body.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n", policy=SHORT)


def event(found: Raw, *, account: str, address_here: str, sent: bool) -> ItemArrived | ItemRemoved | None:
    """What a mail tells; None where it is nothing that somebody wrote to us. `sent`: it lies among what we sent."""
    mail = parsed(found.body)
    if sent:
        return ItemArrived(item=_item(mail, found, account, address_here, ours=True))
    if returned := _returned(mail):
        return ItemRemoved(account=account, native_id=returned, reason="the mail came back as undeliverable")
    if is_automatic(mail):
        return None
    _, writer = address(raw(mail, "From"))
    if writer == address_here and address(raw(mail, "Reply-To"))[1] in {"", address_here}:
        # A copy to ourselves, or somebody who pretends: only what lies among the sent mail counts as ours.
        return None
    return ItemArrived(item=_item(mail, found, account, address_here, ours=False))


def is_automatic(mail: Mail) -> bool:
    """Whether a program wrote it: an absence note, a bounce, a mailing list. None of these wants an answer."""
    submitted = raw(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"} or raw(mail, "Precedence").lower() in _BY_A_PROGRAM:
        return True
    if any(mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id")):
        return True
    sender = address(raw(mail, "From"))[1].partition("@")[0]
    bounced = raw(mail, "Return-Path").replace(" ", "") == "<>" or mail.get_content_type() == "multipart/report"
    return bounced or sender in {"mailer-daemon", "postmaster"}


def _returned(mail: Mail) -> str | None:
    """The id of a reply of ours that could not be delivered at all; None where the mail says no such thing."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    failed, found = False, None
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = failed or any(raw(one, "Action").lower() == "failed" for one in _parts(part))
        elif kind in {"message/rfc822", "message/global"}:
            found = next((one for inner in _parts(part) for one in ids(raw(inner, "Message-ID"))), found)
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            found = next(iter(ids(raw(parsed(_bytes(part)), "Message-ID"))), found)
    return found if failed and found and found.startswith(OURS) else None


def native_id(mail: Mail, body: bytes) -> str:
    """The Message-ID; where there is none, or none that can be searched for, a mark of the mail's bytes."""
    found = ids(raw(mail, "Message-ID"))
    if found:
        return found[0]
    told = "\0".join(raw(mail, name) for name in ("From", "To", "Date", "Subject"))
    return f"sha256:{hashlib.sha256(told.encode('utf-8', 'replace') + body).hexdigest()[:40]}"


def lineage(mail: Mail) -> list[str]:
    """The ids of what a mail answers, what began it all first and its parent last."""
    references, answered = ids(raw(mail, "References")), ids(raw(mail, "In-Reply-To"))[:1]
    return [one for one in references if one not in answered] + answered


def _item(mail: Mail, found: Raw, account: str, address_here: str, *, ours: bool) -> Item:
    native, above = native_id(mail, found.body), lineage(mail)
    name, writer = address(raw(mail, "From"))
    _, answer_to = address(raw(mail, "Reply-To"))
    if not ours and writer == address_here:
        # A form on our own site: it writes in our name and tells whom to answer.
        name, writer = address(raw(mail, "Reply-To"))
    elsewhere = answer_to if not ours and answer_to != writer else ""
    text, files = _text(mail, found, elsewhere)
    return Item(
        account=account,
        native_id=native,
        version=VERSION,
        author=Author(
            id=writer or None, name=(name or writer or "?")[:200], handle=None if ours else answer_to or writer or None
        ),
        text=text,
        created_at=min(found.received, datetime.now(UTC)),
        thread_key=above[0] if above else native,
        parent=above[-1] if above else None,
        visibility=Visibility.PRIVATE,
        ours=ours,
        more_attachments=files,
    )


def _text(mail: Mail, found: Raw, elsewhere: str) -> tuple[str, int]:
    """The new words with the subject that a conversation begins with; and how many files there are."""
    body = _Body()
    try:
        _collect(mail, body, 0)
    except _BROKEN:
        body.texts = body.texts or [decoded(found.body.partition(b"\n\n")[2], "utf-8")]
    subject = words(raw(mail, "Subject"))[:300]
    forwarded = _FORWARD.match(subject) is not None and not (subject.lower().startswith("rv:") and lineage(mail))
    answer = not forwarded and (bool(lineage(mail)) or _ANSWER.match(subject) is not None)
    whole = clean("\n\n".join(one.strip() for one in body.texts if one.strip()))
    folded = fold(whole, answer=answer)
    text = folded.text
    if subject and not answer and not text.startswith(subject.rstrip("….! ")):
        text = f"{subject}\n\n{text}".strip()
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    marks = _marks(folded, body.files, elsewhere, cut=found.size > len(found.body))
    return f"{text}\n\n{marks}".strip() if marks else text, len(body.files)


def _marks(folded: Folded, files: list[str], elsewhere: str, *, cut: bool) -> str:
    """Lines that say what is not shown, in the signs that mails themselves have for it: no language fits all."""
    quoted = f"> {folded.quoted}" if folded.quoted else ""
    signature = f"-- {folded.signature}" if folded.signature else ""
    aside = ", ".join(part for part in (quoted, signature) if part)
    shown = [*([f"[{aside}]"] if aside else []), *(f"[+ {name}]" for name in files[:LISTED])]
    if cut or len(files) > LISTED:
        shown.append("[+ …]")
    if elsewhere:
        # Whoever approves should see that the answer goes to somebody else.
        shown.append(f"[→ {elsewhere}]")
    return "\n".join(shown)


def _collect(part: Mail, body: _Body, depth: int) -> None:
    """Add what a part says to the body; files are named and left closed."""
    body.parts += 1
    if body.parts > PARTS or depth > DEEP:
        return
    kind = part.get_content_type()
    if kind == "multipart/alternative" and part.is_multipart():
        _choose(part, body, depth)
    elif kind.startswith("multipart/") and part.is_multipart():
        for one in _parts(part):
            _collect(one, body, depth + 1)
    elif kind in {"text/plain", "text/html"} and not _is_file(part):
        text = _source(part)[: max(0, LOOKED - body.looked)]
        body.looked += len(text)
        body.texts.append(_words(part, kind, text))
    else:
        body.files.append(_name(part, kind))


def _choose(part: Mail, body: _Body, depth: int) -> None:
    """The same said in several ways: the plainest that says anything."""
    ways: list[_Body] = []
    for one in _parts(part):
        way = _Body(parts=body.parts, looked=body.looked)
        _collect(one, way, depth + 1)
        body.parts, body.looked = way.parts, way.looked
        ways.append(way)
    told = [way for way in ways if "".join(way.texts).strip()]
    body.texts += told[0].texts if told else []
    body.files += [name for way in ways for name in way.files]


def _parts(part: Mail) -> Iterator[Mail]:
    inside = part.get_payload()
    if isinstance(inside, list):
        yield from (one for one in inside if isinstance(one, Mail))


def _bytes(part: Mail) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _source(part: Mail) -> str:
    charset = part.get_content_charset()
    return clean(decoded(_bytes(part), charset if isinstance(charset, str) else None))


def _words(part: Mail, kind: str, text: str) -> str:
    if kind == "text/html":
        return plain(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return flowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _is_file(part: Mail) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _name(part: Mail, kind: str) -> str:
    """A file's name and size, without looking into it."""
    name = one_line(words(part.get_filename() or ""))[:100].strip() or kind
    held = part.get_payload()
    size = len(held) * (3 if raw(part, "Content-Transfer-Encoding").lower() == "base64" else 4) // 4
    return f"{name}, {max(1, size // 1000)} kB" if isinstance(held, str) else name
