"""The rows of a list as Qt sees them: ids in order, pages of plain values as they are read, and which are chosen."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

PAGE = 100
_PAGES_KEPT = 60
Index = QModelIndex | QPersistentModelIndex
Rowed = dict[int, Sequence[Any]]
"""Values of rows by id, a value for each column."""
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Column:
    """How one column of a list is shown: `paint` is "text", "badge" (a pill) or "bullet" (done, planned, by today).

    A bullet reads `beside` too, two more columns of the list: its value is all three together.
    """

    name: str
    label: str
    beside: tuple[str, ...] = ()
    text: Callable[[Any], str] = str
    width: int = 140
    least: int = 60
    grows: bool = False
    right: bool = False
    paint: str = "text"
    sorts: bool = True


class Rows(QAbstractTableModel):
    """A list's rows, however many: only the pages near what is seen are held. `wanted` asks for pages not yet read."""

    wanted = Signal()

    def __init__(self, columns: Sequence[Column], sentence: Callable[[Sequence[Column], Sequence[Any]], str]) -> None:
        super().__init__()
        self.columns, self._sentence = tuple(columns), sentence
        self.ids: array[int] = array("q")
        self._pages: dict[int, dict[int, Sequence[Any]]] = {}
        self._marks: tuple[str, bool] | None = None

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows the list has."""
        return 0 if parent is not None and parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def reset(self, ids: "array[int]", pages: Mapping[int, Rowed] | None = None) -> None:
        """Show another list; `pages` are those of its rows that are known already, by id."""
        self.beginResetModel()
        self.ids, self._pages = ids, dict(pages or {})
        self.endResetModel()

    def lengthen(self, ids: "array[int]") -> None:
        """The whole of a list whose first rows are shown already."""
        if len(ids) > len(self.ids) and ids[: len(self.ids)] == self.ids:
            self.beginInsertRows(QModelIndex(), len(self.ids), len(ids) - 1)
            self.ids = ids
            self.endInsertRows()
        elif ids != self.ids:
            self.reset(ids)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; their values are read anew."""
        self.beginResetModel()
        self.columns, self._pages = tuple(columns), {}
        self.endResetModel()

    def fill(self, page: int, rows: Rowed) -> None:
        """A page that was asked for has come."""
        self._pages[page] = rows
        for far in sorted(self._pages, key=lambda other: -abs(other - page))[: max(0, len(self._pages) - _PAGES_KEPT)]:
            del self._pages[far]
        top = page * PAGE
        last = min(top + PAGE, len(self.ids)) - 1
        if last >= top:
            self.dataChanged.emit(self.index(top, 0), self.index(last, len(self.columns) - 1))

    def put(self, record: int, values: Sequence[Any]) -> None:
        """One row as it was read anew, where it is held."""
        row = self.place(record)
        page = self._pages.get(row // PAGE) if row is not None else None
        if row is not None and page is not None and len(values) == len(self.columns):
            page[record] = values
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def missing(self, first: int, last: int) -> list[int]:
        """Which pages of these rows have not been read."""
        if not self.ids:
            return []
        pages = range(max(0, first) // PAGE, min(last, len(self.ids) - 1) // PAGE + 1)
        return [page for page in pages if page not in self._pages]

    def page_ids(self, page: int) -> Sequence[int]:
        """The ids of one page's rows."""
        return self.ids[page * PAGE : (page + 1) * PAGE]

    def values(self, row: int) -> Sequence[Any] | None:
        """A row's values by column; None where they have not been read."""
        page = self._pages.get(row // PAGE)
        return page.get(self.ids[row]) if page is not None and row < len(self.ids) else None

    def place(self, record: int) -> int | None:
        """The row that a record is on; None if the list does not hold it."""
        try:
            return self.ids.index(record)
        except ValueError:
            return None

    def cell_text(self, row: int, column: int) -> str:
        """A cell as officers read it; blank where it has not been read."""
        values = self.values(row)
        return "" if values is None or values[column] is None else self.columns[column].text(values[column])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's text; to a screen reader a row's first cell says all of it in a sentence, others their own."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell_text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            values = self.values(index.row())
            if values is None:
                return "Still being read"
            if index.column() == 0:
                return self._sentence(self.columns, values)
            told = f"{self.columns[index.column()].label}: {self.cell_text(index.row(), index.column()) or 'blank'}"
            return f"{told}, {self.cell_text(index.row(), 0)}"
        return None

    def mark_sorted(self, name: str, *, down: bool) -> None:
        """Say in the heads which column the list is sorted by."""
        self._marks = (name, down)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def sorted_by(self) -> tuple[str, bool] | None:
        """The column that the list is sorted by, and whether downwards."""
        return self._marks

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's label; a row's reference, for a screen reader, is its number."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            way = (
                ""
                if not self._marks or self._marks[0] != column.name
                else ", sorted downwards"
                if self._marks[1]
                else ", sorted upwards"
            )
            return column.label + way
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class Selection:
    """The chosen rows by id; `everything` stands for all rows of the list, whatever they are."""

    def __init__(self) -> None:
        self.everything = False
        self._ids: set[int] = set()

    def __contains__(self, record: int) -> bool:
        """Whether a row is chosen."""
        return (record in self._ids) is not self.everything

    def only(self, ids: Iterable[int]) -> None:
        """Choose these and no others."""
        self.everything, self._ids = False, set(ids)

    def all(self) -> None:
        """Choose every row of the list, those not yet read included."""
        self.everything, self._ids = True, set()

    def toggle(self, record: int) -> None:
        """Choose a row that is not chosen, let go of one that is."""
        self._ids ^= {record}

    def count(self, total: int) -> int:
        """How many are chosen in a list of so many."""
        return total - len(self._ids) if self.everything else len(self._ids)

    def pick(self, ids: "array[int]") -> "array[int]":
        """The chosen ones of a list's ids, in its order."""
        if self.everything and not self._ids:
            return ids
        chosen = self._ids.__contains__
        return array("q", filterfalse(chosen, ids) if self.everything else filter(chosen, ids))

    def beyond(self, ids: "array[int]") -> set[int]:
        """Rows it speaks of that a list does not hold; a little at a time, so that other threads get their turns."""
        left = set(self._ids)
        for start in range(0, len(ids) if left else 0, _AT_ONCE):
            left.difference_update(ids[start : start + _AT_ONCE])
        return left

    def forget(self, gone: set[int]) -> None:
        """Let go of rows that the list no longer holds."""
        self._ids -= gone

    def copy(self) -> "Selection":
        """The same rows, for work off the window's thread."""
        made = Selection()
        made.everything, made._ids = self.everything, set(self._ids)
        return made
