"""A reply as a mail: RFC 5322, with an id that is the same for every attempt of one approval (section 3.6.4)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO

from bot.core.fromhtml import one_line
from bot.core.types import OutgoingReply
from handlers.networks.mail.headers import Mail, ids, raw, words
from handlers.networks.mail.reading import OURS, lineage

REFERENCES = 800
"""Characters of ids in a header; a line has at most 998."""
SUBJECT = 200
_AGAIN = re.compile(r"(?:(?:re|aw|sv|rv|fwd?)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: a mail address and the name shown with it."""

    address: str
    name: str


def message_id(reply: OutgoingReply, voice: Voice) -> str:
    """The id of the mail that a reply goes out as, without brackets."""
    mark = hashlib.sha256(f"{reply.account}\0{reply.key}".encode("utf-8", "replace")).hexdigest()[:40]
    return f"{OURS}{mark}@{voice.address.partition('@')[2]}"


def compose(reply: OutgoingReply, answered: Mail | None, voice: Voice, to: str, now: datetime) -> bytes:
    """The mail, to the one address `to`. Of `answered`, the headers of what it answers, only ids and subject count."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    mail = MIMENonMultipart("text", "plain", charset="utf-8")
    mail.set_payload(f"{reply.text}\n", charset)
    mail["From"] = formataddr((voice.name, voice.address))
    mail["To"] = to
    mail["Subject"] = Header(f"Re: {_subject(reply, answered)}".strip(), header_name="Subject").encode()
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id(reply, voice)}>"
    if above := _above(reply, answered):
        mail["In-Reply-To"] = f"<{above[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in above)
    target = BytesIO()
    BytesGenerator(target, mangle_from_=False, policy=compat32.clone(linesep="\r\n")).flatten(mail)
    return target.getvalue()


def _subject(reply: OutgoingReply, answered: Mail | None) -> str:
    told = (
        words(raw(answered, "Subject")) if answered is not None else one_line(reply.target.text.partition("\n")[0])[:80]
    )
    # No character that is not seen: what is in a header should be what people see.
    return _AGAIN.sub("", "".join(char for char in told if char.isprintable()), count=1)[:SUBJECT].strip()


def _above(reply: OutgoingReply, answered: Mail | None) -> list[str]:
    """The ids of the conversation, the answered mail's last; the middle is left out where there are too many."""
    target = reply.target
    known = lineage(answered) if answered is not None else [target.thread_key, target.parent or ""]
    chain = list(dict.fromkeys(one for one in (*known, target.native_id) if ids(f"<{one}>") == [one]))
    while sum(map(len, chain)) > REFERENCES and len(chain) > 1:
        del chain[1 if len(chain) > 2 else 0]
    return chain
