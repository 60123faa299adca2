from email.message import EmailMessage

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtWidgets import QApplication

from grants_app.records import Document, Note
from tests.ui.conftest import quiet
from tests.ui.people import programme


@pytest.fixture
def files(open_window, store, qtbot):
    programme(store)
    window = open_window("grant")
    qtbot.waitUntil(lambda: window.view.detail.record is not None and quiet(window.desk))
    window.view.detail.show_tab("Files")
    qtbot.waitUntil(lambda: "Files" in window.view.detail._tabs and quiet(window.desk))
    return window.view.detail._tabs["Files"]


def drop(tab, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    tab.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def kept(store, kind):
    with store.reading() as session:
        return session.query(kind).all()


def test_a_file_that_is_dropped_is_kept_with_the_record(files, store, tmp_path, qtbot):
    paper = tmp_path / "Grant agreement.pdf"
    paper.write_bytes(b"%PDF-1.7 signed")

    drop(files, paper)
    sheet = QApplication.activeModalWidget()
    assert (sheet.editors["title"].text(), sheet.editors["kind"].currentText()) == ("Grant agreement", "Agreement")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: files.documents.rows.rowCount() == 1 and quiet(files.desk))
    document = kept(store, Document)[0]
    assert (document.title, document.file_name, document.about) == (
        "Grant agreement",
        "Grant agreement.pdf",
        "CVE-0003",
    )


def test_a_sign_in_sheet_is_kept_with_a_day_to_be_destroyed_by(files, store, tmp_path, qtbot):
    sheet_file = tmp_path / "sign-in 3 November.csv"
    sheet_file.write_text("Jo\nSam\n")

    drop(files, sheet_file)
    sheet = QApplication.activeModalWidget()
    assert sheet.editors["kind"].currentText() == "Sign-in sheet"
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: len(kept(store, Document)) == 1)
    assert kept(store, Document)[0].destroy_by is not None


def test_a_file_that_may_not_be_kept_is_refused_on_the_sheet(files, store, tmp_path, qtbot):
    empty = tmp_path / "empty.pdf"
    empty.touch()

    drop(files, empty)
    sheet = QApplication.activeModalWidget()
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(sheet.problem.isVisible)
    assert "empty" in sheet.problem.text()
    assert kept(store, Document) == []
    sheet.reject()


def test_a_kept_file_opens_from_a_copy_of_its_own(files, store, tmp_path, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    paper = tmp_path / "Report.pdf"
    paper.write_bytes(b"%PDF-1.7 words")
    drop(files, paper)
    qtbot.mouseClick(QApplication.activeModalWidget().act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: files.documents.rows.rowCount() == 1 and quiet(files.desk))

    files.documents.grid.go_to(0)
    qtbot.keyClick(files.documents.grid, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(opened) == 1)
    assert opened[0].endswith("Report.pdf")
    assert opened[0] != str(paper)


def test_an_email_becomes_a_note(files, store, tmp_path, qtbot):
    message = EmailMessage()
    message["From"], message["Subject"] = "Jo Lee <jo@circle.example>", "Our dates"
    message["Date"] = "Fri, 20 Nov 2026 09:12:00 +0000"
    message.set_content("We meet again on Tuesday.")
    saved = tmp_path / "dates.eml"
    saved.write_bytes(message.as_bytes())

    drop(files, saved)

    qtbot.waitUntil(lambda: files.notes.rows.rowCount() == 1 and quiet(files.desk))
    note = kept(store, Note)[0]
    assert (note.kind.value, f"{note.on}", note.about) == ("E-mail", "2026-11-20", "CVE-0003")
    assert note.text == "From Jo Lee <jo@circle.example>: Our dates\n\nWe meet again on Tuesday."


def test_a_note_is_written_of_today(files, store, qtbot):
    files.add_note()
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)
    assert sheet.form.rows["on"].editor.text() == "23 November 2026"

    qtbot.keyClicks(sheet.form.rows["text"].editor.widget, "Called: all is well.")
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(
        lambda: [(note.text, note.about) for note in kept(store, Note)] == [("Called: all is well.", "CVE-0003")]
    )
