"""Every page, walked through in one window: what can be used has a name, and no words are clipped."""

from contextlib import suppress

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QRadioButton, QWidget

from grants_app.ui.frame import Elided
from grants_app.ui.pages import page_entries
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed
from tests.ui.people import programme

PAGES = [entry.key for entry in page_entries()]


def clipped(page: QWidget) -> list[str]:
    """Every label and button in sight that has less room than its words take; those that elide say so themselves."""
    shown = [each for each in page.findChildren(QWidget) if each.isVisible() and not isinstance(each, Elided)]
    return [f"“{each.text()[:40]}” {each.size().toTuple()}" for each in shown if short_of_room(each)]


def short_of_room(widget: QWidget) -> bool:
    """Whether its words need more than it has; a button that is a field shortens them itself."""
    if isinstance(widget, QLabel) and widget.text() and not widget.hasScaledContents():
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width()) - 2
        return widget.width() < widget.sizeHint().width() - 1
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton) and widget.text():
        return widget.property("look") not in {"field", "words"} and widget.width() < widget.sizeHint().width() - 1
    return False


def walk(window, qtbot, look):
    """What a look finds wrong on each page, once its parts have their places."""
    seen = {}
    for page in PAGES:
        window.go(page)
        qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)
        with suppress(TimeoutError):
            qtbot.waitUntil(lambda: not look(window), timeout=3000)
        seen[page] = look(window)
    return {page: found for page, found in seen.items() if found}


def unlabelled(window):
    """Every label of a field that does not lead to an editor of its name."""
    return [
        (made.text(), made.buddy().accessibleName())
        for made in window.findChildren(QLabel)
        if made.buddy() is not None and not made.buddy().accessibleName().startswith(made.text().removesuffix(" *"))
    ]


def test_every_page_names_what_can_be_used_and_clips_no_words_nor_when_it_is_enlarged(open_window, store, theme, qtbot):
    programme(store)
    window = open_window()

    assert walk(window, qtbot, lambda shown: [*unnamed(shown), *clipped(shown)]) == {}
    assert unlabelled(window) == []
    theme.set_zoom(2.0)
    assert walk(window, qtbot, clipped) == {}


@pytest.mark.slow
def test_no_words_are_clipped_in_a_window_that_opens_enlarged(open_window, store, theme, qtbot):
    programme(store)
    theme.set_zoom(2.0)

    assert walk(open_window(), qtbot, clipped) == {}
