"""CSV that spreadsheets open and do not run."""

import csv as reader
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.foreign import visible
from bot.core.spreadsheet import csv


def read(contents: bytes) -> list[list[str]]:
    return list(reader.reader(io.StringIO(contents.decode("utf-8-sig"), newline=""), strict=True))


def test_it_begins_with_a_mark_and_its_lines_end_as_the_standard_says() -> None:
    assert csv([("Año", "n"), ("a,b", 1.5), ('say "no"', None)]) == (
        b'\xef\xbb\xbfA\xc3\xb1o,n\r\n"a,b",1.5\r\n"say ""no""",\r\n'
    )


def test_where_a_comma_stands_before_the_tenths_cells_are_parted_by_semicolons() -> None:
    assert csv([("a,b", "c;d"), (1.5, -2)], point=",") == b'\xef\xbb\xbf"a,b";"c;d"\r\n1,5;-2\r\n'


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\tx", "\r=1", " \n =1", "＝1", "\u00a0=1", '=HYPERLINK("http://x","y")'],
)
def test_what_a_spreadsheet_would_compute_stands_behind_an_apostrophe(cell: str) -> None:
    [[found]] = read(csv([(cell,)]))
    assert found.startswith("'")


def test_numbers_are_no_formulas() -> None:
    assert read(csv([(-1, -0.5, 0)])) == [["-1", "-0.5", "0"]]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=3), max_size=4))
def test_every_cell_comes_back_on_one_line_with_nothing_hidden_in_it(rows: list[list[str]]) -> None:
    found = read(csv(rows))
    assert [len(row) for row in found] == [len(row) for row in rows]
    for given_row, read_row in zip(rows, found, strict=True):
        for cell, shown in zip(given_row, read_row, strict=True):
            assert shown.removeprefix("'") == visible(" ".join(cell.split())).removeprefix("'")
            assert not shown.startswith(("=", "+", "-", "@"))
            assert "\n" not in shown
