import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton

from grants_app import paths
from grants_app.ui.theme import chosen
from grants_app.ui.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, contrast
from grants_app.ui.widgets import column, give_icon, label, panel, respace, sized


def test_the_window_takes_on_the_scheme_that_the_officer_chose(theme, qapp):
    seen = []
    theme.changed.connect(lambda: seen.append(theme.tokens))

    theme.set_scheme("dark")
    theme.set_scheme("contrast")
    theme.set_scheme("light")

    assert seen == [DARK, LIGHT_CONTRAST, LIGHT]
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == LIGHT.paper


@pytest.mark.parametrize(
    ("scheme", "dark", "contrast", "tokens"),
    [
        ("system", False, False, LIGHT),
        ("system", True, False, DARK),
        ("system", False, True, LIGHT_CONTRAST),
        ("system", True, True, DARK_CONTRAST),
        ("light", True, True, LIGHT),
        ("dark", False, False, DARK),
        ("contrast", True, False, DARK_CONTRAST),
    ],
)
def test_the_system_is_followed_unless_the_officer_chose(scheme, dark, contrast, tokens):
    assert chosen(scheme, dark=dark, contrast=contrast) == tokens


def test_selected_text_can_be_read(theme, qapp):
    palette = qapp.palette()
    text = palette.color(QPalette.ColorRole.HighlightedText).name()
    ground = palette.color(QPalette.ColorRole.Highlight).name()

    assert contrast(text, ground) >= 4.5


def test_sizes_grow_with_the_zoom_and_stay_within_its_bounds(theme):
    sizes = []
    for zoom in (0.1, 1.0, 2.0, 9.0):
        theme.set_zoom(zoom)
        sizes.append((theme.zoom, theme.px(13), theme.row))

    assert sizes == [(0.8, 10, 27), (1.0, 13, 34), (2.0, 26, 68), (3.0, 39, 102)]


def test_spaces_sizes_and_icons_of_an_open_window_follow_the_zoom(theme, qtbot):
    layout = column(theme, margins=20, gap=8)
    button = QPushButton("Go")
    give_icon(button, theme, "add", size=12)
    layout.addWidget(sized(button, theme, width=100))
    root = panel(layout)
    qtbot.addWidget(root)

    theme.set_zoom(2)
    respace(root, theme)

    assert layout.contentsMargins().left() == 40
    assert layout.spacing() == 16
    assert (button.minimumWidth(), button.iconSize().width()) == (200, 24)


def test_the_shipped_font_is_used_and_its_figures_have_one_width(theme):
    font = theme.font()

    assert font.family() == "Noto Sans"
    assert font.isFeatureSet(font.Tag("tnum"))


def test_every_icon_that_a_page_names_is_there():
    from grants_app.ui.pages import page_entries

    names = {path.stem for path in (paths.resources() / "icons").glob("*.svg")}

    assert {entry.icon for entry in page_entries()} - names == set()


def test_a_label_shows_markup_as_it_was_typed(theme, qtbot):
    made = label("<b>bold</b>")
    qtbot.addWidget(made)

    assert (made.textFormat(), made.text()) == (Qt.TextFormat.PlainText, "<b>bold</b>")
    assert isinstance(made, QLabel)
