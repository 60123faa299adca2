"""Files come to a record by drop, paste and button; sheets of names leave their count and go."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from grants_app.operations import documents
from grants_app.records import Document, Engagement, Note, Task
from grants_app.records.control import DocumentKind
from grants_app.records.engagement import EngagementStatus
from grants_app.ui import documents as papers
from grants_app.ui.documents import AttachSheet, guess
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ids(store):
    return programme(store)


@pytest.fixture
def window(ids, open_window, qtbot):
    window = open_window("grant")
    window.view.table.want(ids["grant"])
    qtbot.waitUntil(lambda: window.view.detail.record is not None and window.view.detail.record.id == ids["grant"])
    qtbot.waitUntil(lambda: quiet(window.desk))
    return window


@pytest.fixture
def paper(tmp_path):
    def make(name, content=b"A paper"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def drop(window, *paths):
    """Drag files from elsewhere onto the record and let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    detail = window.view.detail
    entering = QDragEnterEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(detail, entering)
    if entering.isAccepted():
        QApplication.sendEvent(detail, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, button, none))
    return entering.isAccepted()


def sheet_of(qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), AttachSheet))
    return QApplication.activeModalWidget()


def over(window, qtbot):
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None and quiet(window.desk))


def kept(store):
    with store.reading() as session:
        return [(d.about, d.title, d.kind, d.file_name, d.destroy_by) for d in session.query(Document)]


def test_a_file_dropped_anywhere_on_a_record_is_kept_with_it(window, store, paper, qtbot):
    assert drop(window, paper("Partnership agreement.pdf"))
    sheet = sheet_of(qtbot)
    assert (sheet.name.text(), sheet.title.text(), sheet.kind.currentText(), sheet.names.isVisible()) == (
        "Partnership agreement.pdf, 7 bytes", "Partnership agreement", "Agreement", False,
    )  # fmt: skip

    qtbot.keyClick(sheet.title, Qt.Key.Key_Return)

    over(window, qtbot)
    agreement = ("CVE-0001", "Partnership agreement", DocumentKind.AGREEMENT, "Partnership agreement.pdf", None)
    assert kept(store) == [agreement]
    tab = window.view.detail._tabs["Files"]
    qtbot.waitUntil(lambda: tab.documents.rows.rowCount() == 1)
    shown = [tab.documents.rows.cell_text(0, at) for at in range(3)]
    assert (window.view.detail.tab, shown) == ("Files", ["Partnership agreement", "Agreement", "7 bytes"])


def test_words_that_are_dragged_are_not_taken_for_a_file(window):
    data = QMimeData()
    data.setText("only words")
    entering = QDragEnterEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )  # fmt: skip
    QApplication.sendEvent(window.view.detail, entering)

    assert not entering.isAccepted()


def test_several_files_are_asked_about_one_after_another(window, store, paper, qtbot):
    drop(window, paper("one.pdf"), paper("two.pdf"), paper("three.pdf"))
    sheet = sheet_of(qtbot)
    assert sheet.name.text() == "one.pdf, 7 bytes · 1 of 3"
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.name.text() == "two.pdf, 7 bytes · 2 of 3")
    qtbot.mouseClick(sheet.skip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.name.text() == "three.pdf, 7 bytes · 3 of 3")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    over(window, qtbot)
    assert [name for _about, _title, _kind, name, _by in kept(store)] == ["one.pdf", "three.pdf"]


def test_of_a_sign_in_sheet_the_count_is_kept_and_not_the_sheet(ids, open_window, store, paper, qtbot):
    window = open_window("engagement")
    window.view.table.want(ids["planned"])
    qtbot.waitUntil(lambda: window.view.detail.record is not None and window.view.detail.record.id == ids["planned"])
    drop(window, paper("Sign-in sheet.pdf"))
    sheet = sheet_of(qtbot)
    assert (sheet.kind.currentText(), sheet.counts.isChecked(), sheet.act.text()) == (
        "Sign-in sheet", True, "Keep the count",
    )  # fmt: skip
    assert unnamed(sheet) == []

    qtbot.keyClicks(sheet.came, "24")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    over(window, qtbot)
    with store.reading() as session:
        engagement = session.get_one(Engagement, ids["planned"])
        assert (engagement.status, engagement.attended, kept(store)) == (EngagementStatus.DELIVERED, 24, [])


def test_without_a_number_the_count_is_asked_for(window, store, paper, qtbot):
    drop(window, paper("register.pdf"))
    sheet = sheet_of(qtbot)

    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    assert sheet.problem.text().startswith("How many signed: ")
    assert sheet.focusWidget() is sheet.came
    sheet.reject()


def test_a_sheet_that_is_kept_has_a_day_to_be_destroyed_by(window, store, paper, qtbot):
    drop(window, paper("register.pdf"))
    sheet = sheet_of(qtbot)
    qtbot.mouseClick(sheet.keeps, Qt.MouseButton.LeftButton)
    assert (sheet.until.text(), sheet.came.isEnabled()) == ("22 May 2027", False)
    sheet.until.clear()
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    assert sheet.problem.text().startswith("Keep the sheet until: ")
    qtbot.keyClicks(sheet.until, "1/2/2027")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    over(window, qtbot)
    assert kept(store) == [("CVE-0001", "register", DocumentKind.SIGN_IN, "register.pdf", date(2027, 2, 1))]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "large.pdf",
            b"0" * 20_000_001,
            "large.pdf has 20 MB; at most 20 MB fit. Save it smaller, or attach a part of it.",
        ),
        ("run.exe", b"MZ", "run.exe is a program, and a program is never kept here: attach the paper itself."),
        ("empty.pdf", b"", "empty.pdf is empty, so there is nothing to keep."),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_on_the_sheet(window, store, paper, qtbot, name, content, words):
    drop(window, paper(name, content))
    sheet = sheet_of(qtbot)

    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(sheet.problem.isVisible)
    assert (sheet.problem.text(), sheet.act.isEnabled(), kept(store)) == (words, True, [])
    sheet.reject()


def test_a_copied_file_or_picture_is_pasted(window, store, paper, qtbot):
    window.view.detail.show_tab("Files")
    qtbot.waitUntil(lambda: quiet(window.desk))
    tab = window.view.detail._tabs["Files"]
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(QImage(4, 4, QImage.Format.Format_RGB32))
    tab.documents.grid.setFocus()
    qtbot.keyClick(tab.documents.grid, Qt.Key.Key_V, CONTROL)

    sheet = sheet_of(qtbot)
    assert (sheet.paper.name, sheet.kind.currentText()) == ("Picture 2026-11-23.png", "Photograph")
    qtbot.mouseClick(sheet.act, Qt.MouseButton.LeftButton)
    over(window, qtbot)
    assert [name for *_others, name, _by in kept(store)] == ["Picture 2026-11-23.png"]


def test_a_file_is_attached_from_the_actions_of_a_record(window, store, paper, monkeypatch, settings, qtbot):
    chosen = paper("plan.pdf")
    monkeypatch.setattr(papers, "ask_open_many", lambda *_asked: [chosen])
    window.view.detail._offer()
    menu = next(shown for shown in window.findChildren(QMenu) if shown.isVisible())
    menu.hide()
    next(action for action in menu.actions() if action.text() == "Attach a file …").trigger()
    qtbot.mouseClick(sheet_of(qtbot).act, Qt.MouseButton.LeftButton)

    over(window, qtbot)
    assert [about for about, *_others in kept(store)] == ["CVE-0001"]
    assert settings.state("files") == {"folder": str(chosen.parent)}


def test_a_task_about_a_record_is_added_from_its_actions(window, store, qtbot):
    window.view.detail._adds_task()()
    sheet = QApplication.activeModalWidget()
    qtbot.waitUntil(lambda: sheet.form is not None)
    qtbot.keyClicks(sheet.form.rows["text"].editor.widget, "Ring them")
    qtbot.mouseClick(sheet.save, Qt.MouseButton.LeftButton)

    over(window, qtbot)
    with store.reading() as session:
        assert [(task.text, task.about) for task in session.query(Task)] == [("Ring them", "CVE-0001")]
    words = [made.text() for made in window.view.detail.findChildren(QLabel)]
    assert "Ring them" in words


def test_a_file_is_opened_from_a_copy_that_cannot_be_changed(window, store, ids, monkeypatch, qtbot):
    opened = []
    monkeypatch.setattr(papers.QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    documents.attach(store, b"A paper", about="CVE-0001", name="plan.pdf")
    window.view.detail.show_tab("Files")
    tab = window.view.detail._tabs["Files"]
    qtbot.waitUntil(lambda: tab.documents.rows.rowCount() == 1)
    tab.documents.grid.go_to(0)

    qtbot.keyClick(tab.documents.grid, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: bool(opened))
    assert (opened[0].name, opened[0].read_bytes(), opened[0].stat().st_mode & 0o222) == ("plan.pdf", b"A paper", 0)


def test_a_file_is_removed_after_a_question_and_undo_brings_it_back(window, store, qtbot):
    documents.attach(store, b"A paper", about="CVE-0001", name="plan.pdf")
    window.view.detail.show_tab("Files")
    tab = window.view.detail._tabs["Files"]
    qtbot.waitUntil(lambda: tab.documents.rows.rowCount() == 1)
    tab.documents.grid.go_to(0)
    tab.documents.grid.setFocus()

    qtbot.keyClick(tab.documents.grid, Qt.Key.Key_Delete)
    QApplication.activeModalWidget().accept()

    qtbot.waitUntil(lambda: kept(store) == [])
    window.desk.undo()
    qtbot.waitUntil(lambda: len(kept(store)) == 1)


def test_an_e_mail_that_is_dropped_becomes_a_note(window, store, paper, qtbot):
    heads = b"From: Mo <mo@example.org>\r\nSubject: The return\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
    drop(window, paper("late.eml", heads + b"\r\nIt is late.\r\n"))

    def notes():
        with store.reading() as session:
            return [(note.about, note.on, note.text) for note in session.query(Note)]

    said = "From Mo <mo@example.org>: The return\n\nIt is late."
    qtbot.waitUntil(lambda: notes() == [("CVE-0001", date(2026, 11, 20), said)])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sign in 12 March.pdf", DocumentKind.SIGN_IN), ("attendance.xlsx", DocumentKind.SIGN_IN),
        ("register.jpg", DocumentKind.SIGN_IN), ("hall.JPG", DocumentKind.PHOTO), ("letter.docx", DocumentKind.OTHER),
    ],
)  # fmt: skip
def test_what_a_file_is_is_guessed_from_its_name(name, kind):
    assert guess(name) is kind
