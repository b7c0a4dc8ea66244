"""What is new in a mail: quoted text and signatures are folded away and counted.

Quotes are found by quotequail. It takes more than linear time on what looks like thousands of headers, hence the
limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import quotequail

LINES = 300
WIDTH = 200
"""Lines, and characters of each, that are looked at for where a quotation begins."""
SIGNATURE = 20
"""Lines that a signature has at most."""
_SIGNATURE = re.compile(
    r"--[ \xa0]?|(?:sent from my|sent from (?:outlook|mail|yahoo)|get outlook for|enviado desde mi|"
    r"enviado desde (?:outlook|correo|yahoo)|obtener outlook para|enviado con)\b.{0,60}",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[ \t]*>")


@dataclass(frozen=True, slots=True)
class Folded:
    """What somebody wrote, and how many lines of other text and of signature stood around it."""

    text: str
    quoted: int = 0
    signature: int = 0


def fold(text: str, *, answer: bool) -> Folded:
    """The new words. Only an `answer` has quotes to fold: elsewhere what looks like them is what somebody tells."""
    lines = text.strip().split("\n")
    own = _without_quotes(lines) if answer else lines
    shown = _without_signature(own)
    if not "".join(shown).strip():
        # Somebody who wrote nothing of their own wants the rest to be read.
        return Folded(text.strip())
    return Folded("\n".join(shown).strip(), _count(lines) - _count(own), _count(own) - _count(shown))


def _count(lines: list[str]) -> int:
    return sum(1 for line in lines if line.strip())


def _without_quotes(lines: list[str]) -> list[str]:
    # Words between and below quoted lines are somebody's own: answers to one question after the other.
    head = [line.rstrip()[:WIDTH] for line in lines[:LINES]]
    found = quotequail.unwrap("\n".join(head).rstrip())
    if found is None:
        return [line for line in lines if not _QUOTED.match(line)]
    own = lines[: found["text_top"].count("\n") + 1] if found.get("text_top") else []
    if below := found.get("text_bottom"):
        while head and not head[-1]:
            head.pop()
        own += lines[len(head) - below.count("\n") - 1 :]
    return [line for line in own if not _QUOTED.match(line)]


def _without_signature(lines: list[str]) -> list[str]:
    end = len(lines)
    first = max(1, end - SIGNATURE)
    return next((lines[:at] for at in range(first, end) if _SIGNATURE.fullmatch(lines[at].strip("\t \r*_"))), lines)


def flowed(text: str, *, delsp: bool = False) -> str:
    """Paragraphs whose lines were broken on the way, put together again (RFC 3676, section 4)."""
    made: list[str] = []
    soft = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        bare = line.removeprefix(" ")
        if soft and not quoted:
            made[-1] = (made[-1][:-1] if delsp else made[-1]) + bare
        else:
            made.append(line if quoted else bare)
        soft = not quoted and bare.endswith(" ") and bare != "-- "
    return "\n".join(made)
