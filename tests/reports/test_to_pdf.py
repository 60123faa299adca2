import re

from grants_app.reports import to_pdf
from grants_app.reports.document import Document, Note, PageBreak, Paragraph
from grants_app.reports.words import cleaned
from tests.reports.hostile import DOCUMENT, SEEN


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_pdf_is_tagged_for_screen_readers_and_says_so():
    made = to_pdf.pdf(DOCUMENT)

    assert made.startswith(b"%PDF-1.7")
    assert re.search(rb"pdfuaid:part>1<", made)
    assert b"/StructTreeRoot" in made


def test_the_preview_has_the_pdfs_own_pages():
    pages = to_pdf.pages(DOCUMENT, 40)

    assert len(pages) == page_count(to_pdf.pdf(DOCUMENT)) >= 2
    assert {page[:4] for page in pages} == {b"\x89PNG"}


def test_words_reach_the_typesetter_as_data_never_as_markup():
    data = to_pdf._data(cleaned(DOCUMENT))

    assert (data["title"], data["notice"]) == (SEEN, SEEN)
    assert data["sections"][0]["parts"][3] == {"kind": "paragraph", "text": f"{SEEN}\nsecond line"}


def test_a_page_break_starts_a_page_and_breaks_without_anything_between_make_none():
    parts = (
        PageBreak(),
        Paragraph("one"),
        PageBreak(),
        PageBreak(landscape=True),
        Paragraph("two"),
        PageBreak(landscape=True),
    )

    assert page_count(to_pdf.pdf(Document("Title", "", "", parts))) == 2


def test_letters_that_no_font_has_stand_as_question_marks_and_the_report_says_so():
    told = "Some letters have no font on this computer and stand here as “?”. Word and HTML show them."
    strange = Document("Title", "", "", (Paragraph("Wolverhampton \U0010fffd\U0010fffd Łódź Ελλάς Київ"),))
    plain = Document("Title", "", "", (Paragraph("Wolverhampton ?? Łódź Ελλάς Київ"), Note(told)))

    assert to_pdf.pdf(strange).startswith(b"%PDF")
    assert to_pdf.pages(strange, 40) == to_pdf.pages(plain, 40)


def test_a_document_of_nothing_is_a_page_with_its_title():
    assert page_count(to_pdf.pdf(Document("Title", "", "", ()))) == 1
