"""Long messages in parts: a heading, then for each section its title and its lines, with the links they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.foreign import safe_url, visible
from bot.core.types import Passage, Section
from handlers.chats.slack import blocks as b

MOST_BLOCKS = 40
MOST_LETTERS = 9_000
"""Characters of one message; Slack refuses longer ones as a whole."""
_LINE = 700


def parts(title: str, sections: Sequence[Section]) -> list[b.Block]:
    """One message: the title, and as many sections as fit."""
    made = [b.header(title)] if title else []
    return [*made, *next(chunks(sections), [])]


def chunks(sections: Sequence[Section]) -> Iterator[list[b.Block]]:
    """The sections in as many messages as they need."""
    made: list[b.Block] = []
    letters = 0
    for section in sections:
        for block, long in _section(section):
            if made and (letters + long > MOST_LETTERS or len(made) >= MOST_BLOCKS):
                yield made
                made, letters = [], 0
            made.append(block)
            letters += long
    if made:
        yield made


def _section(section: Section) -> Iterator[tuple[b.Block, int]]:
    """Blocks with their lengths: the title in bold, and a list below it; without a title, small print."""
    if not section.title:
        small = [visible(line.text) for line in section.lines]
        yield from ((block, sum(map(len, small))) for block in b.context(small))
        return
    title = b.short(visible(section.title), b.HEADER)
    heading: b.Block = {"type": "text", "text": title, "style": {"bold": True}}
    parts: list[b.Block] = [{"type": "rich_text_section", "elements": [heading]}]
    for lines in _groups(section.lines):
        bullets = [{"type": "rich_text_section", "elements": [line]} for line in lines]
        parts.append({"type": "rich_text_list", "style": "bullet", "elements": bullets})
        yield {"type": "rich_text", "elements": parts}, len(title) + sum(map(_long, lines))
        parts = []


def _groups(passages: Sequence[Passage]) -> Iterator[list[b.Block]]:
    """Lines, as many together as one block may hold."""
    made: list[b.Block] = []
    for line in map(_line, passages):
        if made and sum(map(_long, made)) + _long(line) > b.SECTION - b.HEADER:
            yield made
            made = []
        made.append(line)
    if made:
        yield made


def _long(element: b.Block) -> int:
    """How much of a message an element takes, its address included; in UTF-16 units, as Slack counts."""
    return len(f"{element['text']}{element.get('url', '')}".encode("utf-16-le")) // 2


def _line(line: Passage) -> b.Block:
    words = b.short(visible(line.text), _LINE) or "–"
    address = safe_url(line.url)
    if address is None or len(address) > b.URL:
        return {"type": "text", "text": words}
    return {"type": "link", "url": address, "text": words}
