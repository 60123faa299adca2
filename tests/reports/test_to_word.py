import io

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT

from grants_app.reports.document import Column, Document, PageBreak, Paragraph, Show, Table
from grants_app.reports.to_word import word
from tests.reports.hostile import DOCUMENT, SEEN

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def made() -> WordDocument:
    return docx.Document(io.BytesIO(word(DOCUMENT)))


def by_style(made: WordDocument, style: str) -> list[str]:
    return [line.text for line in made.paragraphs if line.style.name == style]


def test_titles_and_headings_are_real_ones(made):
    assert by_style(made, "Title") == [SEEN]
    assert by_style(made, "Heading 1") == [SEEN, "The end"]
    assert by_style(made, "Heading 2") == [SEEN]
    assert by_style(made, "List Bullet") == [SEEN, "two"]


def test_line_breaks_in_what_was_written_are_kept(made):
    assert f"{SEEN}\nsecond line" in [line.text for line in made.paragraphs]


def test_a_table_repeats_its_head_and_breaks_no_row(made):
    table = next(table for table in made.tables if table.rows[0].cells[-1].text == "People")
    marks = [[child.tag.removeprefix(W) for child in row._tr.trPr] for row in table.rows]

    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], ["cantSplit"], ["cantSplit"]]
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [
        [SEEN, "■ Red", "£8,000.50", "1,200"],
        ["-2", "No rating", "–", "under 10"],
        ["Total", "Total", "£8,000.50", "1,204"],  # one cell over two columns
    ]


def test_a_tables_properties_stand_in_the_order_that_word_wants(made):
    order = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblLook"]

    for table in made.tables:
        found = [child.tag.removeprefix(W) for child in table._tbl.tblPr]
        assert found == [name for name in order if name in found]


def test_each_picture_has_its_words(made):
    told = [shape._inline.docPr.get("descr") for shape in made.inline_shapes]

    assert told == [f"{title}. {SEEN}" for title in ("One chart", "Left chart", "Right chart")]


def test_each_page_says_who_when_and_which(made):
    foot = made.sections[0].footer.paragraphs[0]

    assert foot.text.startswith(f"Prepared by {SEEN} · as at 23 November 2026 14:02 · Draft\tPage ")
    assert [field.get(f"{W}instr") for field in foot._p.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    assert made.sections[0].header.paragraphs[0].text == SEEN


def test_a_page_on_its_side_is_a_section_of_its_own():
    parts = (Paragraph("one"), PageBreak(landscape=True), Paragraph("two"), PageBreak(), Paragraph("three"))

    sections = docx.Document(io.BytesIO(word(Document("Title", "", "", parts)))).sections

    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert [round(section.page_width.mm) for section in sections] == [210, 297, 210]


def test_the_document_is_in_english_and_names_its_author(made):
    assert (made.core_properties.language, made.core_properties.title, made.core_properties.author) == (
        "en-GB",
        SEEN,
        SEEN,
    )


def test_a_long_table_is_written_in_good_time():
    columns = tuple(Column(f"Column {number}", Show.NUMBER) for number in range(12))
    rows = tuple(tuple(range(12)) for _ in range(2000))

    made = docx.Document(io.BytesIO(word(Document("Title", "", "", (Table("long", "", columns, rows),)))))

    assert len(made.tables[0].rows) == 2001
