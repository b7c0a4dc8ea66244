"""Discord's markdown as its clients show it, as far as it matters: what can be read, where links lead, who is called.

Rules: support.discord.com/hc/articles/210298617 (marks), discord.com/developers/docs/reference#message-formatting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

_TOKEN = re.compile(
    r"(?P<escaped>\\(?P<sign>[^0-9A-Za-z\s]))"
    r"|(?P<block>```(?:\w+\n|\n)?(?P<lines>.*?)```)"
    r"|(?P<code>`(?P<inside>[^`]+)`)"
    r"|(?P<masked>\[(?P<label>(?:\\.|[^\[\]\\])*)\]\(<?(?P<to>[^\s<>()]+)>?\))"
    r"|(?P<time><t:(?P<at>-?\d+)(?::[a-zA-Z])?>)"
    r"|(?P<called><@[!&]?\d+>|<#\d+>|<a?:\w+:\d+>|</[^>]+:\d+>|@everyone|@here)"
    r"|(?P<bare>(?:https?|discord|steam)://[^\s<]+)"
    r"|(?P<spoiler>\|\|)|(?P<bold>\*\*|__|~~)|(?P<small>(?m:^)-#\s)|(?P<quote>(?m:^)>\s)",
    re.DOTALL,
)


@dataclass
class Read:
    """What a text is to its readers."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)


def read(markdown: str, into: Read | None = None) -> Read:
    """Read a text where markdown means something."""
    seen = into or Read()
    at = 0
    for found in _TOKEN.finditer(markdown):
        seen.text += markdown[at : found.start()]
        at = found.end()
        given = {name: value for name, value in found.groupdict().items() if value is not None}
        if "escaped" in given:
            seen.text += given["sign"]
        elif "block" in given or "code" in given:
            seen.text += given.get("lines", given.get("inside", ""))
        elif "masked" in given:
            read(given["label"], seen)
            seen.links.append(given["to"])
            seen.text += f" ({given['to'].split('/')[2]})" if "//" in given["to"] else ""
        elif "time" in given:
            seen.text += f"{datetime.fromtimestamp(int(given['at']), UTC):%Y-%m-%d %H:%M}"
        elif "called" in given:
            seen.active.append(given["called"])
        elif "bare" in given:
            seen.links.append(given["bare"])
            seen.text += given["bare"]
        elif "spoiler" in given:
            seen.active.append("spoiler")
    seen.text += markdown[at:]
    return seen
