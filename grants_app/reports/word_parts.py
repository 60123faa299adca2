"""What python-docx has no words for: styles, borders, fields, alternative text, sideways pages, and tables as XML."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from grants_app.reports.charts import PRINT_COLOURS
from grants_app.reports.document import Column, Show, Table
from grants_app.reports.words import RATING_SIGNS, column_texts, spanned

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section as WordSection
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

_FONT = "Arial"
# style: points, bold, colour, points before and after
_STYLES = {
    "Normal": (10, False, "ink", 0, 6),
    "Title": (22, True, "ink", 2, 8),
    "Heading 1": (14, True, "ink", 16, 6),
    "Heading 2": (11.5, True, "ink", 12, 4),
    "Heading 3": (10, True, "soft", 10, 4),
    "Caption": (10, True, "ink", 8, 4),
    "Quote": (10, False, "ink", 6, 2),
    "List Bullet": (10, False, "ink", 0, 2),
    "Header": (8, False, "soft", 0, 0),
    "Footer": (8, False, "soft", 0, 0),
    "Summary": (11, False, "ink", 4, 8),
    "Counts": (8.5, False, "soft", 3, 6),
    "Figure": (16, True, "ink", 0, 2),
    "Cell": (9, False, "ink", 2, 2),
    "Small cell": (7.5, False, "ink", 1, 1),
}


def new_word_document() -> "WordDocument":
    """An empty A4 document in English, with the styles that a report uses."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm

    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    for name, look in _STYLES.items():
        if name not in made.styles:
            made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
        _restyle(made.styles[name], *look)
    for name in ("Caption", "Summary"):
        made.styles[name].paragraph_format.keep_with_next = name == "Caption"
    made.styles["Quote"].paragraph_format.left_indent = Mm(6)
    return made


def _restyle(style: Any, points: float, bold: bool, colour: str, before: float, after: float) -> None:  # noqa: FBT001
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = _FONT, Pt(points), bold
    style.font.color.rgb = RGBColor.from_string(PRINT_COLOURS[colour][1:])
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    properties = style.element.get_or_add_pPr()
    for usual in ("w:pBdr", "w:tabs"):  # a line under the title; stops for another width of page
        for old in properties.findall(qn(usual)):
            properties.remove(old)
    language = _child(style.element.get_or_add_rPr(), "w:lang")
    language.set(qn("w:val"), "en-GB")


def right_stop(line: "WordParagraph", millimetres: float) -> None:
    """Let one tab reach the right margin, so many millimetres away."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    line.paragraph_format.tab_stops.add_tab_stop(Mm(millimetres), WD_TAB_ALIGNMENT.RIGHT)


def turn_page(made: "WordDocument", *, landscape: bool) -> "WordSection":
    """Go on with a new page, upright or on its side, that has its own foot."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    page: WordSection = made.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    page.footer.is_linked_to_previous = False
    return page


def write_lines(line: "WordParagraph", text: str) -> None:
    """Add the text, its line ends kept."""
    for number, words in enumerate(text.split("\n")):
        run = line.add_run(words)
        if number:
            run._r.insert(0, run._r.makeelement(_qn("w:br"), {}))  # noqa: SLF001 (a break before the words)


def field_code(line: "WordParagraph", code: str) -> None:
    """Add a field that Word reckons out: PAGE or NUMPAGES."""
    field = line._p.makeelement(_qn("w:fldSimple"), {_qn("w:instr"): code})  # noqa: SLF001 (no public way)
    run = line.add_run("1")._r  # noqa: SLF001
    field.append(run)
    line._p.append(field)  # noqa: SLF001


def described(picture: Any, title: str, words: str) -> None:
    """Give the picture its alternative text."""
    for side in ("distL", "distR"):  # room beside the picture, which some programs add to its line
        picture._inline.set(side, "0")  # noqa: SLF001 (no public way)
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("title", title)
    properties.set("descr", words)


def borders(table: "WordTable", colour: str, *, inside: bool = False) -> None:
    """Thin lines between the rows, and round and between the cells if `inside`."""
    properties: Any = table._tbl.tblPr  # noqa: SLF001
    box = properties.makeelement(_qn("w:tblBorders"), {})
    look = properties.find(_qn("w:tblLook"))  # Word wants the borders before it
    look.addprevious(box) if look is not None else properties.append(box)
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        shown = inside or side in {"bottom", "insideH"}
        edge = _child(box, f"w:{side}")
        edge.set(_qn("w:val"), "single" if shown else "nil")
        edge.set(_qn("w:sz"), "4")
        edge.set(_qn("w:color"), PRINT_COLOURS[colour][1:])


def set_widths(table: "WordTable", millimetres: Sequence[float]) -> None:
    """Fix the columns' widths."""
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)


def block_ground(line: "WordParagraph", colour: str) -> None:
    """Colour the ground of a paragraph."""
    _shade(line._p.get_or_add_pPr(), colour)  # noqa: SLF001


def _shade(properties: Any, colour: str) -> None:
    shade = _child(properties, "w:shd")
    shade.set(_qn("w:val"), "clear")
    shade.set(_qn("w:color"), "auto")
    shade.set(_qn("w:fill"), PRINT_COLOURS[colour][1:])


def _child(parent: Any, tag: str) -> Any:
    found = parent.find(_qn(tag))
    if found is None:
        found = parent.makeelement(_qn(tag), {})
        parent.append(found)
    return found


def _qn(tag: str) -> str:
    from docx.oxml.ns import qn

    return qn(tag)


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
