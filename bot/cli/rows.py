"""Recorded comments from JSON lines or CSV: each line becomes a row, or the reason why it is none.

CSV as in RFC 4180, with a header; JSON lines as at https://jsonlines.org. UTF-8, with a byte order mark or without,
and every kind of line end.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import IO, Any, Literal

from bot.core.attachments import read as read_attachments
from bot.core.types import Attachment

LONGEST_LINE = 1_000_000  # bytes
REQUIRED = ("author", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A recorded comment; `line` is where it begins in the file."""

    line: int
    author: str
    text: str
    created_at: datetime | None = None
    network: str | None = None
    id: str | None = None
    parent: str | None = None
    url: str | None = None
    reach: int | None = None
    attachments: tuple[Attachment, ...] = ()
    more_attachments: int = 0


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is no comment, and why; `detail` completes the reason."""

    line: int
    reason: str
    detail: str = ""


class _No(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def read(stream: IO[bytes], form: Literal["jsonl", "csv"] | None = None) -> Iterator[Row | Bad]:
    """The rows of a file, one after the other, however large it is.

    Args:
        stream: the bytes.
        form: what it is; None looks at the first byte that is no space.
    """
    lines = _lines(stream)
    for number, line in lines:
        if line.strip():
            form = form or ("jsonl" if line.lstrip()[:1] in (b"{", b"[") else "csv")
            rest = chain([(number, line)], lines)
            yield from _json_rows(rest) if form == "jsonl" else _csv_rows(rest)
            return


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; of one that is too long only the beginning, which is enough to see that it is."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def _decoded(line: bytes) -> str:
    if len(line) > LONGEST_LINE:
        raise _No("too_long")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _No("not_utf8") from error


def _json_rows(lines: Iterator[tuple[int, bytes]]) -> Iterator[Row | Bad]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield _row(number, _object(_decoded(line)))
        except _No as no:
            yield Bad(number, no.reason, no.detail)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _No("not_json") from error
    if not isinstance(value, dict):
        raise _No("not_an_object")
    return value


def _csv_rows(lines: Iterator[tuple[int, bytes]]) -> Iterator[Row | Bad]:
    source = _Source(lines)
    csv.field_size_limit(LONGEST_LINE)
    reader = csv.reader(source)
    header = [name.strip().casefold() for name in next(reader, [])]
    lacking = [name for name in REQUIRED if name not in header]
    if lacking:
        yield Bad(max(source.begin, 1), "header", ", ".join(lacking))
        return
    while True:
        source.begin = 0
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error:
            yield Bad(source.begin, "not_csv")
            continue
        yield from source.complaints()
        if values:
            yield _csv_row(source.begin, header, values)
    yield from source.complaints()


def _csv_row(line: int, header: list[str], values: list[str]) -> Row | Bad:
    if len(values) > len(header):
        return Bad(line, "columns", f"{len(values)} > {len(header)}")
    try:
        return _row(line, {name: value for name, value in zip(header, values, strict=False) if value})
    except _No as no:
        return Bad(line, no.reason, no.detail)


class _Source:
    """Lines for the CSV reader: `begin` is the first one since it was set to 0; those that are no text are left out.

    What stands between quotes keeps its line ends; the reader sees the others.
    """

    def __init__(self, lines: Iterator[tuple[int, bytes]]) -> None:
        self.begin = 0
        self._lines = lines
        self._broken: list[Bad] = []

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            try:
                text = _decoded(line)
            except _No as no:
                self._broken.append(Bad(number, no.reason))
                continue
            self.begin = self.begin or number
            yield text

    def complaints(self) -> list[Bad]:
        """The lines left out since the last time."""
        found, self._broken = self._broken, []
        return found


def _row(line: int, fields: dict[str, Any]) -> Row:
    attachments, more = _attachments(fields)
    # A picture says enough without words.
    wordy = not (attachments or more) or bool(str(fields.get("text") or "").strip())
    return Row(
        line=line,
        author=_text(fields, "author"),
        text=_text(fields, "text") if wordy else "",
        created_at=_moment(fields.get("created_at")),
        network=_name(fields, "network"),
        id=_name(fields, "id"),
        parent=_name(fields, "parent"),
        url=_name(fields, "url"),
        reach=_number(fields.get("reach")),
        attachments=attachments,
        more_attachments=more,
    )


def _attachments(fields: dict[str, Any]) -> tuple[tuple[Attachment, ...], int]:
    """A list of addresses or objects; in CSV, addresses with spaces between them."""
    value = fields.get("attachments")
    if value is None or value == "":
        return (), 0
    try:
        return read_attachments(value.split() if isinstance(value, str) else value)
    except TypeError as error:
        raise _No("wrong_list", "attachments") from error


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None or value == "":
        raise _No("missing", name)
    if not isinstance(value, str):
        raise _No("wrong_type", name)
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise _No("not_utf8", name)
    if not value.strip():
        raise _No("missing", name)
    return value


def _name(fields: dict[str, Any], name: str) -> str | None:
    """An id may be written as a number."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 2_000:
        raise _No("wrong_type", name)
    return _text({name: str(value)}, name).strip()


def _moment(value: object) -> datetime | None:
    """ISO 8601; without a zone it is UTC. Or seconds since 1970."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _No("bad_time", "created_at") from error
    raise _No("bad_time", "created_at")


def _number(value: object) -> int | None:
    if value is None or value == "":
        return None
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 16):
        raise _No("bad_number", "reach")
    return int(text)
