"""Reports: chosen, asked, previewed as the PDF's own pages, saved in each format, printed."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Programme, Task
from grants_app.records.grant import Status
from grants_app.ui.pages.report_shown import text_html
from tests.make import make
from tests.ui.pages.access import unnamed


@pytest.fixture
def grant(store):
    programme = make(store, Programme, name="Countering Violent Extremism", code="CVE")
    holder = make(store, Organisation, name="Harbour Lane Youth Trust")
    return make(
        store, Grant, title="Kitchen-table conversations", programme_id=programme.id, organisation_id=holder.id,
        asked=Decimal(9000), awarded=Decimal(8000), status=Status.ACTIVE, starts=date(2026, 4, 1),
        ends=date(2027, 3, 31), purpose="Small conversations at home.",
    )  # fmt: skip


def choose(page, title):
    row = next(at for at, item in enumerate(page.list.items) if item.words == title)
    page.list.go_to(row)


@pytest.fixture
def open_grant_report(open_page, settle):
    def open_():
        page = open_page("reports")
        choose(page, "Grant report")
        settle()
        return page

    return open_


def test_the_report_that_asks_nothing_stands_first_and_is_made_at_once(grant, open_page):
    page = open_page("reports")

    assert [item.words for item in page.list.items] == ["Grant report", "Position", "Programme report"]
    assert page.made.report.name == "position"
    assert page.shown.preview.count > 1


def test_a_question_with_one_possible_answer_is_answered(grant, open_grant_report):
    page = open_grant_report()

    assert page.form.rows["grant"].editor.text() == "CVE-0001"
    assert page.heading() == ("Reports", "Kitchen-table conversations")
    assert page.shown.currentWidget() is page.shown.preview
    assert page.shown.preview.count >= 1


def test_without_a_grant_the_page_says_what_is_asked_and_nothing_can_be_saved(open_grant_report):
    page = open_grant_report()

    assert page.shown.words.text() == "Answer what the grant report asks, and its pages stand here."
    assert [(action.words, action.can) for action in page.header_actions()] == [("Save as PDF", False)]
    assert not page.shown.print.isEnabled()


def test_a_missing_answer_is_said_below_its_question(open_grant_report, settle):
    page = open_grant_report()

    QTest.mouseClick(page.make_now, Qt.MouseButton.LeftButton)
    settle()

    assert page.form.rows["grant"].wrong.text() == "Grant is needed"


def test_an_answer_that_names_nothing_is_refused_in_words(open_grant_report, settle):
    page = open_grant_report()

    QTest.keyClicks(page.form.rows["grant"].editor.widget, "CVE-9999")
    QTest.mouseClick(page.make_now, Qt.MouseButton.LeftButton)
    settle()

    assert page.shown.words.text() == "There is no grant “CVE-9999” in this file."
    assert page.made is None


def test_another_report_is_made_when_it_is_chosen_by_arrow_key(grant, open_page, settle):
    page = open_page("reports")

    QTest.keyClick(page.list, Qt.Key.Key_Down)
    settle()

    assert page.made.report.name == "programme"
    assert page.made.answers == {"programme": "CVE"}


def test_the_report_on_a_grant_is_asked_for_from_elsewhere(grant, store, open_page):
    other = make(store, Grant, title="Riverline", programme_id=grant.programme_id)
    page = open_page("reports", other.id)

    assert page.made.answers == {"grant": other.reference}
    assert page.made.document.title == "Riverline"


def test_the_pages_are_turned_and_sized_by_key(grant, open_page, settle):
    page = open_page("reports")
    choose(page, "Position")
    settle()
    preview = page.shown.preview
    assert (preview.page, page.shown.page_words.text()) == (1, f"Page 1 of {preview.count}")

    QTest.keyClick(preview, Qt.Key.Key_End)
    assert page.shown.page_words.text() == f"Page {preview.count} of {preview.count}"
    assert preview.accessibleName() == f"Countering Violent Extremism, page {preview.count} of {preview.count}"

    before = preview.zoom
    QTest.keyClick(preview, Qt.Key.Key_Plus)
    assert preview.zoom == pytest.approx(before * 1.25)
    QTest.mouseClick(page.shown.fit, Qt.MouseButton.LeftButton)
    assert preview.zoom == pytest.approx(before)


def test_who_does_not_see_the_pages_is_told_what_they_hold(grant, open_grant_report):
    page = open_grant_report()
    preview = page.shown.preview
    found = QAccessible.queryAccessibleInterface(preview)

    description = found.text(QAccessible.Text.Description)
    assert description.startswith("Kitchen-table conversations. ")
    assert "It holds Purpose" in description

    page.shown.tabs.setCurrentIndex(2)
    assert page.shown.currentWidget() is page.shown.text
    assert "Small conversations at home." in page.shown.text.toPlainText()


def test_the_text_holds_every_table_of_the_document(grant, open_page, settle):
    page = open_page("reports")
    choose(page, "Position")
    settle()

    text = text_html(page.made.document)

    for table in page.made.document.tables:
        assert table.title in text
    assert "Harbour Lane Youth Trust" in text


def test_final_is_written_on_the_report_when_it_is_ticked(grant, open_grant_report, settle):
    page = open_grant_report()
    assert page.made.document.state == "Draft"

    QTest.keyClick(page.form.final, Qt.Key.Key_Space)
    page.make()
    settle()

    assert page.made.document.state == "Final"


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".xlsx", ".html"])
def test_what_is_shown_is_saved_in_each_format(grant, open_grant_report, settle, tmp_path, ending, told):
    page = open_grant_report()

    page.write(page.made.document, tmp_path / f"report{ending}")
    settle()

    content = (tmp_path / f"report{ending}").read_bytes()
    begins = {".pdf": b"%PDF", ".docx": b"PK", ".xlsx": b"PK", ".html": b"<!"}
    assert content.startswith(begins[ending])
    if ending in {".docx", ".xlsx"}:
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert told[-1] == (f"Saved report{ending}", False)
    assert page.shown.open_file.text() == f"Open report{ending}"


def test_a_report_is_not_saved_over_a_folder_and_it_is_said_why(grant, open_grant_report, settle, tmp_path, told):
    (tmp_path / "report.pdf").mkdir()
    page = open_grant_report()

    page.write(page.made.document, tmp_path / "report.pdf")
    settle()

    assert told[-1] == ("“report.pdf” is a folder. Give the file another name.", True)
    assert page.made is not None


def test_every_page_goes_to_the_printer(grant, open_page, settle, tmp_path, told):
    page = open_page("reports")
    choose(page, "Position")
    settle()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))

    page.print_on(printer, page.made.document)
    settle()

    pages = page.shown.preview.count
    printed = (tmp_path / "printed.pdf").read_bytes()
    assert printed.count(b"/Type /Page\n") == pages
    assert told[-1] == (f"Sent {pages} pages to the printer", False)


def test_cancelling_keeps_what_was_shown_before(grant, open_grant_report, settle):
    page = open_grant_report()
    before = page.made

    page.make()
    assert page.shown.stop.isVisible()
    QTest.mouseClick(page.shown.stop, Qt.MouseButton.LeftButton)
    settle()

    assert page.made is before
    assert page.shown.currentWidget() is page.shown.preview


def test_a_change_of_a_record_is_told_and_the_report_is_made_again(grant, store, open_grant_report, settle):
    page = open_grant_report()
    assert not page.shown.old.isVisible()

    editing.save(store, Grant, {"title": "Kitchen-table talks"}, id=grant.id)
    settle()
    assert page.shown.old.isVisible()

    QTest.mouseClick(page.shown.old, Qt.MouseButton.LeftButton)
    settle()
    assert page.made.document.title == "Kitchen-table talks"
    assert not page.shown.old.isVisible()


def test_where_there_is_little_room_the_questions_stand_behind_a_tab(grant, open_page):
    page = open_page("reports")
    page.resize(620, 300)

    assert (page.shown.tab, page.left.isVisible(), page.shown.isVisible()) == ("Pages", False, True)

    page.shown.tabs.setCurrentIndex(0)
    assert (page.shown.tab, page.left.isVisible(), page.shown.isVisible()) == ("Questions", True, False)


def test_every_control_of_the_page_has_a_name(grant, open_grant_report, settle):
    page = open_grant_report()
    assert unnamed(page) == []

    page.shown.tabs.setCurrentIndex(2)
    assert unnamed(page) == []


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_takes_nothing_is_said_in_words(grant, open_grant_report, settle, tmp_path, told):
    page = open_grant_report()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no such folder" / "printed.pdf"))

    page.print_on(printer, page.made.document)
    settle()

    words, refusal = told[-1]
    assert refusal
    assert words.startswith("The printer takes nothing")


def test_a_change_ages_no_report_where_none_is_shown(open_grant_report, store, settle):
    page = open_grant_report()

    make(store, Task, text="Chase")
    settle()

    assert not page.shown.old.isVisible()
