from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from grants_app import paths
from grants_app.reports.drawing import fitted, text_width, widest, wrapped


@pytest.mark.parametrize("text", ["Bridgefoot Mothers’ Circle", "£12,000.50", "Kensington and Chelsea", "under 10"])
@pytest.mark.parametrize("bold", [False, True])
def test_text_is_as_wide_as_the_shipped_font_makes_it(qapp, text, bold):
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(Path(paths.resources()) / "fonts" / name))
    font = QFont("Noto Sans")
    font.setPixelSize(100)
    font.setBold(bold)

    assert text_width(text, 100, bold=bold) == pytest.approx(QFontMetricsF(font).horizontalAdvance(text), rel=0.08)


def test_text_that_is_too_wide_ends_in_an_ellipsis():
    assert fitted("Young people", 12, 200) == "Young people"
    assert fitted("Young people and their families", 12, 80) == "Young peopl…"


def test_text_breaks_at_spaces_and_the_last_line_is_cut():
    assert wrapped("Know whom to turn to", 11, 80) == ["Know whom to", "turn to"]
    assert wrapped("People with special needs and their carers", 11, 80) == ["People with", "special needs…"]


def test_the_widest_of_nothing_is_nought():
    assert widest([], 12) == 0
