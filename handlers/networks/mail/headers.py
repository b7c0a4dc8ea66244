"""A mail's headers as text, however they are written: RFC 5322, RFC 2047, and what is neither."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses

from bot.core.fromhtml import one_line

LONGEST = 4_000
"""Characters of a header that are looked at."""
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ID = re.compile(r"<([!#-;=?-\[\]-~]{1,400})>")
"""A message's id without the quotes and backslashes that hardly anybody writes, and that would need care later."""
NO_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "undefined", "idna", "punycode"})
"""What Python would decode and no mail means."""
Mail = Message


class Short(Compat32):
    """Reads mails with headers cut to what is looked at: the library takes much more than linear time on some."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST]


def raw(mail: Mail, name: str) -> str:
    """A header as it stands, unfolded; empty where there is none."""
    lowered = name.lower()
    value = next((str(value) for key, value in mail.raw_items() if key.lower() == lowered), "")
    return " ".join(decoded(value[:LONGEST].encode("ascii", "surrogateescape"), "utf-8").split())


def words(text: str) -> str:
    """The text of a header in one line, encoded words decoded."""
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return one_line(text)
    return one_line("".join(one if isinstance(one, str) else decoded(one, charset) for one, charset in pieces))


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes as text: by the charset that is named, else as UTF-8, else as what Western Windows writes."""
    for name in (charset or "", "utf-8"):
        try:
            if codecs.lookup(name).name.replace("-", "_") not in NO_CHARSETS:
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8" if charset else "cp1252", "replace")


def address(text: str) -> tuple[str, str]:
    """Name and address of the first mailbox of a header, the address in lower case; empty where it has none."""
    try:
        found = getaddresses([text[:LONGEST]])
    except (ValueError, IndexError, RecursionError):
        found = []
    for name, spec in found:
        if ADDRESS.fullmatch(spec):
            return words(name), spec.lower()
    return words(text), ""


def ids(text: str) -> list[str]:
    """The message ids in a header, without their brackets."""
    return _ID.findall(text)
