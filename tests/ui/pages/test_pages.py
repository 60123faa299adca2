"""What holds for every page made by hand: it follows the theme, keeps its words at every size, and goes quietly."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QRadioButton, QWidget

from grants_app.ui.pages import page_entries

KEYS = ("checks", "history", "reports", "imports", "settings", "help")


def clipped(page):
    """Buttons and one-line labels that have less room than their words need."""
    return [
        widget.text()
        for widget in [*page.findChildren(QAbstractButton), *page.findChildren(QLabel)]
        if widget.isVisibleTo(page)
        and widget.text()
        and not (isinstance(widget, QLabel) and widget.wordWrap())
        and not isinstance(widget.parentWidget(), QLineEdit)
        and widget.width() < widget.minimumSizeHint().width()
    ]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("zoom", "width", "height"), [(1.0, 1170, 690), (2.0, 1254, 610), (3.0, 1254, 690)])
def test_no_words_are_cut_at_any_size(key, zoom, width, height, open_page, desk, settle):
    page = open_page(key)

    desk.theme.set_zoom(zoom)
    page.resize(width, height)
    settle()

    assert clipped(page) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_page_that_is_gone_hears_no_more_of_the_theme(key, desk, settle):
    page = next(entry for entry in page_entries() if entry.key == key).make(desk)
    page.show()
    page.enter(None, whole=False)
    settle()

    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.theme.set_zoom(1.5)
    desk.theme.set_scheme("dark")

    assert desk.theme.zoom == 1.5


@pytest.mark.parametrize("key", KEYS)
def test_a_page_changes_its_colours_and_comes_back(key, open_page, desk, settle):
    page = open_page(key)
    before = page.grab().toImage()

    desk.theme.set_scheme("dark")
    settle()
    dark = page.grab().toImage()
    desk.theme.set_scheme("light")
    settle()

    ground = dark.pixelColor(dark.width() - 20, dark.height() // 2)
    assert ground.lightness() < 60
    assert before.pixelColor(before.width() - 20, before.height() // 2).lightness() > 200


@pytest.mark.parametrize("key", KEYS)
def test_tab_reaches_every_control_and_is_trapped_nowhere(key, open_page, qtbot):
    page = open_page(key)
    with qtbot.waitActive(page):
        page.activateWindow()
    wanted = {
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(page)
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), QComboBox)
        and not (isinstance(widget, QRadioButton) and not widget.isChecked())
    }
    reached = set()

    for _ in range(3 * len(wanted) + 20):
        QTest.keyClick(page.focusWidget() or page, Qt.Key.Key_Tab)
        reached.add(page.focusWidget())

    assert [widget.accessibleName() or type(widget).__name__ for widget in wanted - reached] == []
