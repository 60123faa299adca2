"""Asking for files: by the dialog itself, which must not look into what it lists."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QTreeView, QWidget

from grants_app.store import Store
from grants_app.ui.choosing import ask_open, ask_open_many, ask_save_as
from tests.store.test_two_processes import LOCKS, locks


def once_open(act: Callable[[QFileDialog], object], *, listed: str = "") -> None:
    """Does that in the dialog that is about to open, once it has listed a file of that kind."""
    timer, looks = QTimer(QApplication.instance()), itertools.count()

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            tree = dialog.findChild(QTreeView)
            rows = range(tree.model().rowCount(tree.rootIndex()))
            if next(looks) > 1000:
                dialog.reject()
            if not listed or listed in [tree.model().index(row, 2, tree.rootIndex()).data() for row in rows]:
                timer.stop()
                act(dialog)

    timer.timeout.connect(look)
    timer.start(5)


@pytest.fixture
def page(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells the locks of a process")
def test_listing_the_folder_of_the_open_file_loses_no_lock_on_it(page: QWidget, store: Store):
    with store.reading():
        held = locks(store.path)
    once_open(QFileDialog.reject, listed="GRANTS file")

    chosen = ask_open(page, "Open a file", store.path.parent, "Every file (*)")

    assert (chosen, locks(store.path), len(held)) == (None, held, 1)


def test_files_are_chosen_to_read_and_a_name_to_write(page: QWidget, tmp_path: Path):
    def choose(dialog: QFileDialog) -> None:
        dialog.findChild(QLineEdit).setText("plan.pdf")
        dialog.accept()

    (tmp_path / "plan.pdf").write_bytes(b"%PDF")
    once_open(choose, listed="PDF file")
    read = ask_open(page, "Open a file", tmp_path, "Papers (*.pdf)")
    once_open(choose, listed="PDF file")
    several = ask_open_many(page, "Add files", tmp_path)
    once_open(QFileDialog.accept)
    written = ask_save_as(page, "Save", tmp_path / "list.csv", "CSV (*.csv)")

    assert (read, several, written) == (tmp_path / "plan.pdf", [tmp_path / "plan.pdf"], tmp_path / "list.csv")
