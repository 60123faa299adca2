"""A report as a Word document: real headings, tables whose heads repeat, pictures with alternative text."""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from grants_app.reports import charts
from grants_app.reports.document import (
    Beside,
    Bullets,
    ChartSpec,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Part,
    Quote,
    State,
    Table,
    foot,
    sections,
)
from grants_app.reports.word_parts import (
    add_table,
    block_ground,
    borders,
    described,
    field_code,
    new_word_document,
    right_stop,
    set_widths,
    turn_page,
    write_lines,
)
from grants_app.reports.words import alternative, cleaned, shown

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section as WordSection
    from docx.text.paragraph import Paragraph as WordParagraph

_PAGE, _SIDEWAYS = 170.0, 257.0  # millimetres between the margins


def word(document: Document) -> bytes:
    """The report as a .docx file."""
    document = cleaned(document)
    made = new_word_document()
    made.core_properties.title = document.title[:255]
    made.core_properties.author = document.prepared_by[:255]
    made.core_properties.language = "en-GB"
    _head_and_foot(made.sections[0], document, _PAGE)
    _top(made, document)
    width = _PAGE
    for number, section in enumerate(sections(document)):
        if number or section.landscape:
            width = _SIDEWAYS if section.landscape else _PAGE
            _foot(turn_page(made, landscape=section.landscape), document, width)
        for part in section.parts:
            _part(made, part, width)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _head_and_foot(page: "WordSection", document: Document, width: float) -> None:
    _foot(page, document, width)
    if document.notice:
        page.header.paragraphs[0].style = "Header"
        page.header.paragraphs[0].add_run(document.notice)


def _foot(page: "WordSection", document: Document, width: float) -> None:
    line = page.footer.paragraphs[0]
    line.style = "Footer"
    right_stop(line, width)
    line.add_run(f"{foot(document)}\tPage ")
    field_code(line, "PAGE")
    line.add_run(" of ")
    field_code(line, "NUMPAGES")


def _top(made: "WordDocument", document: Document) -> None:
    line = made.add_paragraph(style="Counts")
    line.add_run(document.subtitle + (" · " if document.subtitle else ""))
    state = line.add_run(str(document.state))
    state.bold = True
    colour(state, "good" if document.state is State.FINAL else "warning")
    made.add_paragraph(document.title, style="Title")
    if document.notice:
        _note(made, Note(document.notice, warning=True), _PAGE)
    if document.summary:
        write_lines(made.add_paragraph(style="Summary"), document.summary)


def _part(made: "WordDocument", part: Part, width: float) -> None:
    _PARTS[type(part)](made, part, width)


def _heading(made: "WordDocument", part: Heading, _width: float) -> None:
    made.add_heading(part.text, part.level)


def _paragraph(made: "WordDocument", part: Paragraph, _width: float) -> None:
    write_lines(made.add_paragraph(), part.text)


def _bullets(made: "WordDocument", part: Bullets, _width: float) -> None:
    for item in part.items:
        write_lines(made.add_paragraph(style="List Bullet"), item)


def _quote(made: "WordDocument", part: Quote, _width: float) -> None:
    write_lines(made.add_paragraph(style="Quote"), part.text)
    said = f"{part.said_by} · {part.note}" if part.note else part.said_by
    made.add_paragraph(said, style="Counts")


def _note(made: "WordDocument", part: Note, _width: float) -> None:
    line = made.add_paragraph()
    write_lines(line, part.text)
    block_ground(line, "warning_wash" if part.warning else "wash")
    for run in line.runs:
        colour(run, "warning" if part.warning else "ink")


def _facts(made: "WordDocument", part: Facts, width: float) -> None:
    table = made.add_table(rows=0, cols=2)
    for label, value in part.items:
        cells = table.add_row().cells
        cells[0].paragraphs[0].style = cells[1].paragraphs[0].style = "Cell"
        colour(cells[0].paragraphs[0].add_run(label), "soft")
        write_lines(cells[1].paragraphs[0], value)
    set_widths(table, [width * 0.28, width * 0.72])
    made.add_paragraph(style="Counts")


def _key_figures(made: "WordDocument", part: KeyFigures, width: float) -> None:
    table = made.add_table(rows=1, cols=len(part.items))
    borders(table, "line", inside=True)
    for cell, item in zip(table.rows[0].cells, part.items, strict=True):
        label = cell.paragraphs[0]
        label.style = "Counts"
        label.add_run(item.label)
        cell.add_paragraph(shown(item.value, item.show), style="Figure")
        cell.add_paragraph(item.counts, style="Counts")
    set_widths(table, [width / len(part.items)] * len(part.items))
    made.add_paragraph(style="Counts")


def _table(made: "WordDocument", part: Table, width: float) -> None:
    if part.title:
        made.add_paragraph(part.title, style="Caption")
    if part.rows:
        add_table(made, part, width)
    made.add_paragraph(part.counts if part.rows else part.empty, style="Counts")


def _chart(made: "WordDocument", spec: ChartSpec, _width: float) -> None:
    made.add_paragraph(spec.title, style="Caption")
    _picture(made.add_paragraph(), spec, charts.FULL_WIDTH, _PAGE)
    if spec.counts:
        made.add_paragraph(spec.counts, style="Counts")


def _beside(made: "WordDocument", part: Beside, width: float) -> None:
    table = made.add_table(rows=1, cols=2)
    for cell, spec in zip(table.rows[0].cells, part.charts, strict=True):
        cell.paragraphs[0].style = "Caption"
        cell.paragraphs[0].add_run(spec.title)
        _picture(cell.add_paragraph(), spec, charts.HALF_WIDTH, _PAGE / 2 - 5)
        cell.add_paragraph(spec.counts, style="Counts")
    set_widths(table, [width / 2, width / 2])


def _picture(line: "WordParagraph", spec: ChartSpec, pixels: float, millimetres: float) -> None:
    from docx.shared import Mm

    picture: Any = line.add_run().add_picture(io.BytesIO(charts.png(spec, pixels)), width=Mm(millimetres))
    described(picture, spec.title, alternative(spec))


def colour(run: Any, name: str) -> None:
    """Give the run a print colour."""
    from docx.shared import RGBColor

    run.font.color.rgb = RGBColor.from_string(charts.PRINT_COLOURS[name][1:])


_PARTS: Mapping[type[Any], Callable[["WordDocument", Any, float], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Quote: _quote,
    Note: _note,
    Facts: _facts,
    KeyFigures: _key_figures,
    Table: _table,
    ChartSpec: _chart,
    Beside: _beside,
}
