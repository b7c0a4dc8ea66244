"""What is said: sentences, tables in letters, pictures as files, long messages in their sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import discord

from bot.core.types import Message, Section
from handlers.chats.discord import marks as d

_PICTURES = 10


def embeds(message: Message) -> Iterator[d.Part]:
    """The sentence or, of a long message, its parts; then the table."""
    if message.sections:
        heading = [f"**{d.line(message.title, 200)}**"] if message.title else []
        yield from parts(message.sections, heading)
    else:
        yield from (d.embed(piece) for piece in d.words(message.text))
    if rows := d.table(message.table):
        yield d.embed(rows)


def parts(sections: Sequence[Section], heading: Sequence[str] = ()) -> Iterator[d.Part]:
    """Sections as embeds, as many as they need."""
    lines = [*heading, *(line for section in sections for line in _section(section))]
    yield from (d.embed(piece) for piece in d.packed(lines))


def _section(section: Section) -> Iterator[str]:
    """The title in bold, its lines below; without a title, small print."""
    if not section.title:
        yield from d.small(d.line(line.text, 700) for line in section.lines)
        return
    yield f"**{d.line(section.title, 150)}**"
    for line in section.lines:
        whole = d.line(line.text, 700) or "–"
        yield f"- {d.link(line.url, line.text) if len(line.text) <= d.LISTED and d.link(line.url, '-') else whole}"


def files(message: Message) -> list[discord.File]:
    """The pictures, with what they show for those who do not see them."""
    return [
        discord.File(BytesIO(one.contents), filename=one.name, description=d.plain(one.alt, 1000))
        for one in message.pictures[:_PICTURES]
    ]
