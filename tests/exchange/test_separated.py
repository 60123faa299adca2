"""CSV opens well in Excel and comes back unchanged."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants_app.errors import Cancelled
from grants_app.exchange import separated
from grants_app.exchange.shapes import Column
from grants_app.records.fields import Kind


def test_values_are_written_so_that_any_program_reads_them(tmp_path):
    columns = (
        Column("Title"),
        Column("Awarded", Kind.MONEY),
        Column("Starts", Kind.DATE),
        Column("At"),
        Column("Places"),
        Column("Ok"),
    )
    row = (
        "A “quoted”, title\nof two lines",
        Decimal("-1000.50"),
        date(2026, 4, 1),
        datetime(2026, 7, 1, 9, tzinfo=UTC),
        ("a", "b"),
        True,
    )

    assert separated.write(tmp_path / "out.csv", columns, [row, (None,) * 6]) == 2

    assert (tmp_path / "out.csv").read_bytes().decode("utf-8") == (
        "\ufeffTitle,Awarded,Starts,At,Places,Ok\r\n"
        '"A “quoted”, title\nof two lines",-1000.50,2026-04-01,2026-07-01 10:00,a; b,Yes\r\n'
        ",,,,,\r\n"
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20", "-x", "@a", "\ttab", "\rcr", "'=x", "''+x", "'tis", "plain", "", "'"]
)
def test_text_that_looks_like_a_formula_is_guarded_and_comes_back(tmp_path, text):
    separated.write(tmp_path / "out.csv", (Column("Word"),), [(text,), ("end",)])

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cell = [row[0] if row else "" for row in csv.reader(file)][1]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert separated.unguarded(cell) == text


@pytest.mark.parametrize("text", ["-1.3299", "-5", "'-5", "-5+1", "-1e5", "-5\n", "-٣"])
def test_a_plain_number_below_nought_needs_no_apostrophe_and_comes_back(tmp_path, text):
    separated.write(tmp_path / "out.csv", (Column("Longitude"),), [(text,), ("end",)])

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cell = [row[0] if row else "" for row in csv.reader(file)][1]
    assert (cell, separated.unguarded(cell)) == (text if text in {"-1.3299", "-5"} else f"'{text}", text)


def test_cancelling_leaves_nothing(tmp_path):
    def progress(_done: int, _of: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        separated.write(tmp_path / "out.csv", (Column("Word"),), [("x",)] * 1500, progress)

    assert list(tmp_path.iterdir()) == []


@given(st.text())
def test_any_text_is_guarded_and_comes_back(text):
    assert separated.unguarded(separated.guarded(text)) == text
