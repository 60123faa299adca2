"""What a change of many records would do, shown: what they hold now and how many, a sample, and who refuses."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.operations.bulk_preview import Preview
from grants_app.records import Field, Record
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, column, label

_MOST_DENIED, _MOST_VALUES, _MOST_SEEN = 200, 50, 8
BLANK = "(blank)"
SET, ADD, TAKE = WAYS = ("Hold exactly these", "Add these to what is there", "Take these away")
"""What may be done with a field of several words."""


class PreviewPart(QWidget):
    """The counts in a sentence, a table of values now and after, a table of a few records, and one of refusals."""

    def __init__(self, theme: Theme, kind: type[Record]) -> None:
        super().__init__()
        self._kind = kind
        self.told = label("", "soft", wrap=True)
        self.values = PlainTable(
            theme, "Values before and after", [Head(kind.plural, right=True), Head("Now"), Head("After")]
        )
        self.sample = PlainTable(
            theme, "A sample of the records", [Head("Reference"), Head(kind.noun), Head("Now"), Head("After")]
        )
        self.denied = PlainTable(theme, "What cannot be changed", [Head("Reference"), Head("Why not")])
        self._heads = (
            label("These cannot take it and stay as they are", "heading"),
            label("How many hold what now", "heading"),
            label("The first of them", "heading"),
        )
        layout = column(theme, gap=6)
        layout.addWidget(self.told)
        for head, shown in zip(self._heads, self._tables(), strict=True):
            layout.addWidget(head)
            layout.addWidget(shown)
        layout.addStretch()
        self.setLayout(layout)
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.clear()

    def _tables(self) -> tuple[PlainTable, ...]:
        return self.denied, self.values, self.sample

    def clear(self, why: str = "Choose the field that is to change.") -> None:
        """Show nothing yet, and say why."""
        self.told.setText(why)
        for widget in (*self._heads, *self._tables()):
            widget.hide()

    def show_preview(self, field: Field, found: Preview, way: str = "") -> None:
        """Show what would come of it; `way`: one of WAYS."""
        self.told.setText(_told(self._kind, field, found, way))
        announce(self, self.told.text())
        values = [(f"{count:,}", held or BLANK, _after(found, held)) for held, count in found.before[:_MOST_VALUES]]
        sample = [
            (line.reference, line.caption, line.before or BLANK, _after(found, line.before)) for line in found.sample
        ]
        denied = [(denied.reference, denied.sentence) for denied in found.denied[:_MOST_DENIED]]
        parts: tuple[Sequence[Sequence[str]], ...] = (denied, values, sample)
        for head, table, rows in zip(self._heads, self._tables(), parts, strict=True):
            table.show_rows(rows)
            head.setVisible(bool(rows))
            table.setVisible(bool(rows))
            table.fit_height(_MOST_SEEN)


def _after(found: Preview, before: str) -> str:
    after = found.after_of(before)
    return "stays" if after == before else after or BLANK


def _told(kind: type[Record], field: Field, found: Preview, way: str) -> str:
    noun = (kind.noun.lower(), kind.plural.lower())
    value = f"“{found.after}”" if found.after else "blank"
    whose = f"{field.label} of {wording.counted(len(found.changing), *noun)}"
    said = {ADD: f"{value} is added to {whose}.", TAKE: f"{value} is taken from {whose}."}
    parts = [said.get(way, f"{whose} becomes {value}.")]
    if found.unchanged:
        holds = "hold" if found.unchanged > 1 else "holds"
        stays = "stays as it is" if found.unchanged == 1 else "stay as they are"
        words = stays if way == TAKE else f"{holds} it already"
        parts.append(f"{wording.counted(found.unchanged, *noun)} {words}.")
    if found.denied:
        parts.append(f"{wording.counted(len(found.denied), *noun)} cannot take it.")
    return " ".join(parts)
