import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QRadioButton, QWidget

from grants_app.ui.frame import Elided
from grants_app.ui.pages import leaves
from tests.ui.conftest import quiet
from tests.ui.people import programme

PAGES = [leaf.key for leaf in leaves()]


def clipped(page: QWidget) -> list[str]:
    """Every label and button in sight that has less room than its words take; those that elide say so themselves."""
    found = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, Elided):
            continue
        if isinstance(widget, QLabel) and widget.text() and not widget.hasScaledContents():
            if widget.wordWrap():
                short = widget.height() < widget.heightForWidth(widget.width()) - 2
            else:
                short = widget.width() < widget.sizeHint().width() - 1
            if short:
                found.append(f"label “{widget.text()[:40]}” {widget.size().toTuple()} of {widget.sizeHint().toTuple()}")
        elif isinstance(widget, QPushButton | QCheckBox | QRadioButton) and widget.text() and widget.property("look") not in {"field", "words"}:
            if widget.width() < widget.sizeHint().width() - 1:
                found.append(f"button “{widget.text()[:40]}” {widget.size().toTuple()} of {widget.sizeHint().toTuple()}")
    return found


def walk(window, qtbot):
    seen = {}
    for page in PAGES:
        window.go(page)
        qtbot.waitUntil(lambda: quiet(window.desk), timeout=30_000)
        qtbot.wait(40)
        seen[page] = clipped(window)
    return {page: found for page, found in seen.items() if found}


@pytest.mark.slow
@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_no_words_are_clipped_on_any_page(open_window, store, theme, qtbot, zoom):
    programme(store)
    theme.set_zoom(zoom)
    window = open_window()

    assert walk(window, qtbot) == {}


@pytest.mark.slow
def test_no_words_are_clipped_when_the_open_window_is_enlarged(open_window, store, theme, qtbot):
    programme(store)
    window = open_window()
    walk(window, qtbot)

    theme.set_zoom(2.0)

    assert walk(window, qtbot) == {}
