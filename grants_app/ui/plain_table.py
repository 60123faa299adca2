"""A table of words that is only read: a heading for each column, a row for each line, copied as Excel takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from grants_app.ui.rows import Index
from grants_app.ui.theme import Theme

_MEASURED, _WIDEST, _LAST, _PAD = 60, 360, 640, 26


@dataclass(frozen=True)
class Head:
    """One column: its heading, and whether its cells stand at the right, as figures do."""

    label: str
    right: bool = False


class _Model(QAbstractTableModel):
    def __init__(self, heads: Sequence[Head]) -> None:
        super().__init__()
        self.heads = list(heads)
        self.rows: Sequence[Sequence[str]] = ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self.rows[index.row()][index.column()]
        return self._side(index.column()) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if side is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section].label
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.heads[column].right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def show(self, rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class PlainTable(QTableView):
    """The table; its last column takes the room that is left, and is scrolled to where its words need more.

    `wraps`: what needs more room than there is goes on in the next line instead; for tables of some hundred rows.
    `fits`: the last column's words are cut instead: they are whole in their tooltip.
    """

    def __init__(
        self, theme: Theme, name: str, heads: Sequence[Head], *, wraps: bool = False, fits: bool = False
    ) -> None:
        super().__init__()
        self._wraps, self._fits = wraps, fits
        self._theme, self._model, self._needs, self._most = theme, _Model(heads), 0, 0
        self.setModel(self._model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(wraps)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setAccessibleName(f"Headings of {name}")
        theme.changed.connect(self._measure)
        self._measure()

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """What it shows."""
        return self._model.rows

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows, as many cells in each as there are headings."""
        self._model.show(rows)
        self._measure()
        if rows:
            self.setCurrentIndex(self._model.index(0, 0))

    def fit_height(self, most: int) -> None:
        """Be as high as the rows, at most so many of them, with room for the bar that scrolls wide ones."""
        self._most, rows = most, max(1, min(most, len(self.rows)))
        if self._wraps:
            self.resizeRowsToContents()
        wide = not self.horizontalHeader().stretchLastSection()
        bar = self.horizontalScrollBar().sizeHint().height() if wide else 0
        heads = self.horizontalHeader()
        each = self.verticalHeader().defaultSectionSize()
        high = sum(max(each, self.rowHeight(row)) for row in range(rows)) if self._wraps and self.rows else each * rows
        high += max(heads.sizeHint().height(), heads.minimumHeight())
        self.setFixedHeight(high + 2 * self.frameWidth() + bar + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the chosen rows with their headings; Ctrl+A chooses all."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._as_text())
        else:
            super().keyPressEvent(event)

    def _as_text(self) -> str:
        chosen = sorted({index.row() for index in self.selectedIndexes()})
        lines = [[head.label for head in self._model.heads], *(self._model.rows[row] for row in chosen)]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in cells) for cells in lines)

    def _measure(self) -> None:
        theme, metrics = self._theme, QFontMetrics(self._theme.font())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(theme.px(20))
        self.verticalHeader().setDefaultSectionSize(theme.px(26 if theme.tight else 30))
        self.horizontalHeader().setMinimumHeight(theme.px(30))
        for column, head in enumerate(self._model.heads):
            shown = [head.label, *(row[column] for row in self._model.rows[:_MEASURED])]
            widest = max(metrics.horizontalAdvance(text.split("\n")[0]) for text in shown)
            last = column == len(self._model.heads) - 1
            self._needs = min(widest, theme.px(_LAST if last else _WIDEST)) + theme.px(_PAD)
            if not last:
                self.setColumnWidth(column, self._needs)
        self._fill()

    def _fill(self) -> None:
        """Let the last column have what is left, or what it needs if that is more."""
        heads, last = self.horizontalHeader(), len(self._model.heads) - 1
        room = self.viewport().width() - sum(self.columnWidth(column) for column in range(last))
        heads.setStretchLastSection(self._wraps or self._fits or room >= self._needs)
        if room < self._needs and not (self._wraps or self._fits):
            self.setColumnWidth(last, self._needs)
        if self._most:
            self.fit_height(self._most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._fill()
