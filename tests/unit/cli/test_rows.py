"""Recorded comments are read whatever wrote the file; what is no comment is told by its line."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.rows import LONGEST_LINE, Bad, Row, read


def rows(data: bytes, form: Literal["jsonl", "csv"] | None = None) -> list[Row | Bad]:
    return list(read(io.BytesIO(data), form))


def test_json_lines_with_everything() -> None:
    line: dict[str, Any] = {
        "author": "Rosa",
        "text": "Hola\nadiós",
        "created_at": "2026-11-20T10:00:00+01:00",
        "network": "wall",
    }
    line |= {"id": 7, "parent": "6", "url": "https://a.example/7", "reach": 1200, "other": [1]}
    assert rows(json.dumps(line).encode()) == [
        Row(
            line=1,
            author="Rosa",
            text="Hola\nadiós",
            created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            network="wall",
            id="7",
            parent="6",
            url="https://a.example/7",
            reach=1200,
        )
    ]


def test_attachments_are_addresses_or_objects_and_a_picture_needs_no_words() -> None:
    cup = {"url": "https://a.example/1", "kind": "image", "alt": "una taza"}
    line = {"author": "Rosa", "attachments": [cup, "https://a.example/2.mp4", "javascript:alert(1)"]}
    [row] = rows(json.dumps(line).encode())
    assert isinstance(row, Row)
    assert [(one.kind.value, one.url, one.alt) for one in row.attachments] == [
        ("image", "https://a.example/1", "una taza"),
        ("video", "https://a.example/2.mp4", ""),
    ]
    assert (row.text, row.more_attachments) == ("", 1)
    [row] = rows(b"author,text,attachments\nRosa,Mirad,https://a.example/1.png https://a.example/2.png\n")
    assert isinstance(row, Row)
    assert (row.text, len(row.attachments)) == ("Mirad", 2)
    wrong = [json.dumps({"author": "Rosa", "text": "x", "attachments": value}) for value in ({"a": 1}, 5, True)]
    nothing: tuple[object, ...] = ([], None, "")
    empty = [json.dumps({"author": "Rosa", "text": " ", "attachments": value}) for value in nothing]
    found = rows("\n".join([*wrong, *empty]).encode())
    assert [one.reason for one in found if isinstance(one, Bad)] == ["wrong_list"] * 3 + ["missing"] * 3


def test_csv_with_quotes_line_ends_and_a_byte_order_mark() -> None:
    data = '\ufeffText,AUTHOR,created_at\r\n"Uno,\r\n""dos""",Luz,2026-11-20\r\n\r\nTres,Eva,\r\n'.encode()
    assert rows(data) == [
        Row(line=2, author="Luz", text='Uno,\r\n"dos"', created_at=datetime(2026, 11, 20, tzinfo=UTC)),
        Row(line=5, author="Eva", text="Tres"),
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_blank_lines_count_and_are_no_mistake(mark: bytes, end: bytes) -> None:
    data = mark + end + b'{"author":"a","text":"b"}' + end + end + b'{"author":"c","text":"d"}'
    assert rows(data) == [Row(line=2, author="a", text="b"), Row(line=4, author="c", text="d")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'["author"]', "not_an_object"),
        (b'{"author":"a"}', "missing"),
        (b'{"author":" ","text":"b"}', "missing"),
        (b'{"author":1,"text":"b"}', "wrong_type"),
        (b'{"author":"a","text":"b","id":true}', "wrong_type"),
        (b'{"author":"a","text":"b","created_at":"soon"}', "bad_time"),
        (b'{"author":"a","text":"b","created_at":1e300}', "bad_time"),
        (b'{"author":"a","text":"b","reach":"many"}', "bad_number"),
        (b'{"author":"a","text":"\xff"}', "not_utf8"),
        (b'{"author":"a","text":"\\ud800"}', "not_utf8"),
        (b"x" * (3 * LONGEST_LINE), "too_long"),
    ],
)
def test_a_bad_line_is_told_and_the_next_one_read(line: bytes, reason: str) -> None:
    found = rows(b'{"author":"a","text":"b"}\n' + line + b'\n{"author":"c","text":"d"}\n')
    assert [row.line for row in found] == [1, 2, 3]
    assert isinstance(found[0], Row)
    assert isinstance(found[2], Row)
    assert isinstance(found[1], Bad)
    assert found[1].reason == reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b",text", "missing"),
        (b"a,b,c,d", "columns"),
        (b"a,\xff", "not_utf8"),
        (b'a,"' + b"x" * 600_000 + b"\n" + b"x" * 600_000 + b'"', "not_csv"),
    ],
)
def test_a_bad_row_of_csv_is_told_and_the_next_one_read(line: bytes, reason: str) -> None:
    found = rows(b"author,text,reach\n" + line + b"\nc,d,\n")
    assert next(row.reason for row in found if isinstance(row, Bad)) == reason
    assert found[0].line == 2
    assert [row.text for row in found if isinstance(row, Row)][-1:] == ["d"]


def test_a_header_that_lacks_a_column_is_the_only_complaint() -> None:
    assert rows(b"name,text\na,b\nc,d\n") == [Bad(1, "header", "author")]


def test_an_empty_file_has_no_rows() -> None:
    assert rows(b"") == rows(b"\xef\xbb\xbf\r\n\n") == []


@given(st.binary(max_size=300), st.sampled_from(["jsonl", "csv", None]))
def test_whatever_the_bytes_nothing_is_raised(data: bytes, form: Literal["jsonl", "csv"] | None) -> None:
    for row in rows(data, form):
        assert row.line >= 1
        if isinstance(row, Row):
            (row.author + row.text).encode("utf-8")


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
    )
)
def test_what_was_written_as_json_lines_is_read_back(pairs: list[tuple[str, str]]) -> None:
    data = "".join(json.dumps({"author": a, "text": t}) + "\n" for a, t in pairs).encode()
    wanted = [(a, t) if a.strip() and t.strip() else None for a, t in pairs]
    assert [(row.author, row.text) if isinstance(row, Row) else None for row in rows(data)] == wanted
