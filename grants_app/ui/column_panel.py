"""The panel in which the columns of a list are chosen: found by letters, ticked one by one, one’s own first."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QMenu, QPushButton, QScrollArea, QWidget

from grants_app.records import Field
from grants_app.store import listing
from grants_app.ui.finding import FindLine
from grants_app.ui.own_columns import add_column, offer_deeds
from grants_app.ui.widgets import button, clear, column, give_icon, label, panel, row

if TYPE_CHECKING:
    from grants_app.ui.table import Table

OWN_HEAD, OTHER_HEAD = "Your own columns", "Every other column"
_WIDE, _HIGH = 300, 380


class _Box(QCheckBox):
    """A box from which the arrows go to its neighbours. `goes`: one on, or one back."""

    goes = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.goes.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class ColumnPanel(QDialog):
    """Every column that a list may show. It stays open while columns are ticked; the list follows each tick at once."""

    def __init__(self, table: "Table") -> None:
        super().__init__()
        self.table, theme = table, table.desk.theme
        self.boxes: dict[str, QCheckBox] = {}
        self._stops: list[QWidget] = []
        self.setProperty("look", "panel")
        self.setAccessibleName(f"Columns of {table.kind.plural.lower()}")
        self.finder = FindLine("Find a column")
        self.finder.down.connect(lambda: self._go(None, 1))
        self.finder.textChanged.connect(self._show)
        self.finder.returnPressed.connect(self._pick)
        self._list = column(theme, margins=(0, 0, 6, 0), gap=0)
        self._area = area = QScrollArea()
        area.setWidget(panel(self._list, ground="paper"))
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = row(theme)
        self._buttons = (button("Add a column …", self._add, "link"), button("Done", self.close, "primary"))
        foot.addWidget(self._buttons[0])
        foot.addStretch()
        foot.addWidget(self._buttons[1])
        layout = column(theme, margins=10, gap=8)
        layout.addWidget(self.finder)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self.setLayout(layout)
        self.resize(theme.px(_WIDE), theme.px(_HIGH))
        self._show("")

    def open_at(self, at: QPoint) -> None:
        """Open at a place of the screen, or beside it where there is no room."""
        self.setParent(self.table, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        room = self.table.screen().availableGeometry()
        left = max(room.left(), min(at.x(), room.right() - self.width()))
        self.move(left, max(room.top(), min(at.y(), room.bottom() - self.height())))
        self.show()
        self.finder.setFocus()

    def _offered(self) -> tuple[Sequence[Field], list[listing.Column]]:
        """The officers' own columns, and the others, as far as they hold the letters typed."""
        words, table = self.finder.text().strip().casefold(), self.table
        own = [each for each in table.own if words in each.label.casefold()]
        names = {each.name for each in table.own} | set(table.beside)
        others = listing.offered(table.kind, table.own)
        return own, [each for each in others if each.name not in names and words in each.label.casefold()]

    def _show(self, _words: str) -> None:
        clear(self._list)
        self.boxes, self._stops = {}, []
        own, others = self._offered()
        if own:
            self._list.addWidget(label(OWN_HEAD, "heading"))
            for each in own:
                self._list.addWidget(self._own_line(each))
            if others:
                self._list.addWidget(label(OTHER_HEAD, "heading"))
        for other in others:
            self._list.addWidget(self._box(other.name, other.label))
        if not self.boxes:
            self._list.addWidget(label("No column is called so.", "soft", wrap=True))
        self._list.addStretch()
        along = [self.finder, *self._stops, *self._buttons]
        for before, after in pairwise(along):
            QWidget.setTabOrder(before, after)

    def _go(self, box: QCheckBox | None, step: int) -> None:
        """From a box, or from the line that finds, to the next box or the one before; up from the first to the line."""
        boxes = [each for each in self.boxes.values() if each.isEnabled()]
        at = (boxes.index(box) if box is not None else -1) + step
        if at < 0:
            self.finder.setFocus()
        elif at < len(boxes):
            boxes[at].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(boxes[at])

    def _own_line(self, each: Field) -> QWidget:
        line = row(self.table.desk.theme, gap=0)
        line.addWidget(self._box(each.name, each.label), 1)
        more = button("", lambda: None, "link", name=f"Rename or remove {each.label}", tip="Rename or remove it")
        give_icon(more, self.table.desk.theme, "more", "soft", 16)
        more.clicked.connect(partial(self._change, each, more))
        line.addWidget(more)
        self._stops.append(more)
        return panel(line)

    def _box(self, name: str, words: str) -> QCheckBox:
        box = _Box(words.replace("&", "&&"))
        box.goes.connect(lambda step: self._go(box, step))
        box.setChecked(name in [shown.name for shown in self.table.rows.columns])
        box.setEnabled(name != "reference")
        box.toggled.connect(lambda on: self.table.tick(name, on=on))
        self.boxes[name] = box
        self._stops.append(box)
        return box

    def _change(self, each: Field, more: QPushButton) -> None:
        menu = QMenu(self)
        offer_deeds(menu, self.table, each, "")
        menu.triggered.connect(lambda _action: self.close())
        menu.popup(more.mapToGlobal(QPoint(0, more.height() + 2)))

    def _pick(self) -> None:
        """Enter ticks the first that fits, or unticks it; with no letters typed it is over."""
        box = next((box for box in self.boxes.values() if box.isEnabled()), None)
        if not self.finder.text().strip():
            self.close()
        elif box is not None:
            box.toggle()
            self.finder.selectAll()

    def _add(self) -> None:
        self.close()
        add_column(self.table)
