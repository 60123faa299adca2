"""Columns of a list keep room for what must be read whole: dates; pills are measured as they are seen."""

from datetime import date

from PySide6.QtGui import QFontMetrics

from grants_app import wording
from grants_app.records import Kind
from grants_app.store import listing
from grants_app.ui.cells import PAD
from grants_app.ui.columns import shown_columns
from grants_app.ui.pages import page_entries
from grants_app.ui.theme import Theme


def test_a_column_squeezed_to_its_least_still_holds_every_date(theme: Theme) -> None:
    letters = QFontMetrics(theme.font())
    longest = max(letters.horizontalAdvance(wording.short_date(date(2026, month, 28))) for month in range(1, 13))
    clipped = []
    for kind in {entry.kind for entry in page_entries() if getattr(entry, "kind", None)}:
        for column in listing.offered(kind):
            shown = shown_columns(kind, [column.name], {})[0]
            wanted = longest + 2 * PAD if column.kind is Kind.DATE else 0
            if theme.px(shown.least) < wanted:
                clipped.append((kind.noun, column.name, shown.least, wanted))
    assert clipped == []
