"""A table of a Word document, its rows written as XML: python-docx takes a millisecond for each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from grants_app.reports.cells import RATING_SIGNS, column_texts, spanned
from grants_app.reports.charts import PRINT_COLOURS
from grants_app.reports.document import Column, Show, Table
from grants_app.reports.word_parts import borders

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TWIPS = 1440 / 25.4  # in a millimetre
_RATING_COLOURS = {"Green": "good", "Amber": "warning", "Red": "bad"}
_MANY_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """One row's texts; `span` is how many columns its first cell takes."""

    texts: Sequence[str]
    head: bool = False
    total: bool = False
    span: int = 1


def add_table(made: "WordDocument", part: Table, width: float) -> None:
    """Add the table, so many millimetres wide; its head repeats on every page and no row is broken."""
    from docx.oxml import parse_xml

    every = [*part.rows, part.totals] if part.totals is not None else list(part.rows)
    columns = [column_texts(column, [row[at] for row in every]) for at, column in enumerate(part.columns)]
    rows = [_Row([column.label for column in part.columns], head=True)]
    rows += [_Row(texts) for texts in zip(*columns, strict=True)]
    if part.totals is not None:
        rows[-1] = _Row(rows[-1].texts, total=True, span=spanned(rows[-1].texts))
    shares = sum(column.width for column in part.columns)
    widths = [round(width * column.width / shares * _TWIPS) for column in part.columns]
    table = made.add_table(rows=0, cols=len(part.columns))
    borders(table, "line")
    table.autofit = False
    for column, twips in zip(table.columns, widths, strict=True):
        column.width = twips * 635  # English metric units in a twip
    for row in rows:
        table._tbl.append(parse_xml(_row_xml(row, part.columns, widths)))  # noqa: SLF001 (no public way to add XML)


def _row_xml(row: _Row, columns: Sequence[Column], widths: Sequence[int]) -> str:
    repeated = "<w:tblHeader/>" if row.head else ""
    cells = [_cell_xml(row, 0, columns, sum(widths[: row.span]))]
    cells += [_cell_xml(row, at, columns, widths[at]) for at in range(row.span, len(columns))]
    return f'<w:tr xmlns:w="{_W}"><w:trPr><w:cantSplit/>{repeated}</w:trPr>{"".join(cells)}</w:tr>'


def _cell_xml(row: _Row, at: int, columns: Sequence[Column], width: int) -> str:
    column, text = columns[at], row.texts[at]
    rating = "" if row.head or column.show is not Show.RATING else _RATING_COLOURS.get(text, "")
    colour = rating or ("soft" if row.head else "")
    span = f'<w:gridSpan w:val="{row.span}"/>' if row.span > 1 and not at else ""
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{_hex(rating + "_wash")}"/>' if rating else ""
    style = "Smallcell" if len(columns) > _MANY_COLUMNS else "Cell"
    side = '<w:jc w:val="right"/>' if column.at_right else ""
    look = "<w:b/>" if row.head or row.total or rating else ""
    look += f'<w:color w:val="{_hex(colour)}"/>' if colour else ""
    shown = f"{RATING_SIGNS[text]} {text}" if rating else text
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in shown.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{span}{ground}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr>'
        f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r></w:p></w:tc>"
    )


def _hex(colour: str) -> str:
    return PRINT_COLOURS[colour][1:]
