"""Where each column of a file's tables goes and how that was found; all of it can be changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from grants_app.exchange.imports import mapping
from grants_app.exchange.imports.importing import Plan, Preview, TableFound
from grants_app.exchange.imports.mapping import ADDRESS, KEEP, LEAVE, LOCATION, Mapped, is_money
from grants_app.exchange.imports.vocabulary import KINDS
from grants_app.exchange.sources.contents import Sort
from grants_app.records import Field, Kind, Payment, Record, kind_named
from grants_app.records.fields import own_field
from grants_app.store import own
from grants_app.ui.badges import Badge, draw_pill, pill_size
from grants_app.ui.flow import Flow, TabBar
from grants_app.ui.inputs import Choice
from grants_app.ui.pages.import_tables import MOST_TABLES
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.rows import Index
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, column, label, limited, sized

LEFT_OUT = "Leave out"
Own = Mapping[str, Sequence[Field]]
"""The columns of their own that each kind of record has, by its table name."""
_BADGES = {
    "title": Badge("By its title", "disc", "good"),
    "like title": Badge("Like its title", "half", "warning"),
    "content": Badge("By what it holds", "half", "warning"),
    "remembered": Badge("As last time", "tick", "plain"),
    "officer": Badge("You chose", "tick", "accent"),
}
_KEPT, _LEFT, _NEW = (
    Badge("Kept beside", "dash", "plain"),
    Badge("Left out", "dash", "plain"),
    Badge("New column", "ring", "accent"),
)
_POINTS = Badge("Look at its points", "half", "warning")
UNSURE = {_BADGES["like title"].words, _BADGES["content"].words, _NEW.words, _POINTS.words}
"""What stands beside a column whose place an officer had better look at."""
_HOW, _LONGEST = 2, 44
_SHARED = {KEEP, LEAVE, ADDRESS, LOCATION}
_POINTED = {Sort.POINTED.value, Sort.PERHAPS_POINTED.value}


@dataclass(frozen=True)
class Target:
    """One place where a column may go, and how officers read it."""

    target: str
    words: str


def badge_for(column: Mapped, known: Own) -> Badge:
    """How a column's place was found, as a word with a shape."""
    if column.why == "officer":
        return _BADGES["officer"]
    if column.target in (KEEP, LEAVE):
        return _KEPT if column.target == KEEP else _LEFT
    if Sort.PERHAPS_POINTED.value in column.sorts and mapping.is_money(column.target) and not column.points:
        return _POINTS
    kind, _, name = column.target.partition(".")
    if name.startswith("own:") and name not in {field.name for field in known.get(kind, ())}:
        return _NEW
    return _BADGES.get(column.why, _BADGES["title"])


def offered(table: TableFound, column: Mapped, known: Own) -> list[Target]:
    """Every place that a column of a table may go: nowhere, then fields, its own kinds first, then new columns."""
    found = [Target(LEAVE, LEFT_OUT)]
    if "grant" in table.kinds or "organisation" in table.kinds:
        found.append(Target(KEEP, replace(column, target=KEEP).words))
    new: list[Target] = []
    for kind in _ordered(table):
        found += _fields(kind, known)
        if kind.__tablename__ in (table.kind, *table.kinds):
            new += _new(kind, column, known)
        if kind is Payment and "grant" in table.kinds:
            found += _numbered(table)
    if table.giving:
        found += [Target(name, words) for name, words in mapping.targets().items() if name.startswith("giving:")]
    found += new
    if column.target not in {one.target for one in found}:
        found.append(Target(column.target, column.words))
    return found


class _Pills(QStyledItemDelegate):
    """Draws how a column's place was found as a pill, in word, shape and tone."""

    def __init__(self, theme: Theme, badges: list[Badge]) -> None:
        super().__init__()
        self._theme, self._badges = theme, badges

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row's ground, then the pill."""
        plain = QStyleOptionViewItem(option)
        super().initStyleOption(plain, index)
        plain.text = ""
        plain.widget.style().drawControl(
            plain.widget.style().ControlElement.CE_ItemViewItem, plain, painter, plain.widget
        )
        made = self._badges[index.row()]
        size, box = pill_size(self._theme, made), option.rect
        top = box.center().y() - size.height() / 2 + 0.5
        draw_pill(painter, self._theme, QRectF(box.left() + self._theme.px(8), top, size.width(), size.height()), made)


class _Columns(PlainTable):
    """The columns of one table. `chosen`: Enter or a double click on one."""

    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        heads = (Head("Column in the file"), Head("Goes to"), Head("How it was found"), Head("Examples"))
        super().__init__(theme, "Columns of the file", heads, fits=True)
        self.badges: list[Badge] = []
        self._pills = _Pills(theme, self.badges)
        self.setItemDelegateForColumn(_HOW, self._pills)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.doubleClicked.connect(lambda _index: self.chosen.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 go to the list of places."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class Columns(QWidget):
    """The columns of a file's tables. `decided` carries the plan as the officer changed it."""

    decided = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.found: Preview | None = None
        self.own: Own = {}
        self._offered: list[Target] = []
        self.tabs = TabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Columns of which table")
        self.tabs.currentChanged.connect(lambda _at: self._show_columns())
        self.table = _Columns(theme)
        self.says = label()
        self.place = Choice(theme, [""] * 20, blank=False)
        self.place.setAccessibleName("Where the column goes")
        sized(self.place, theme, width=340)
        self.points = QCheckBox("Points stand between thousands: 1.000 is £1,000")
        self.points.clicked.connect(self._point)
        self.told = label("", "caption", wrap=True)
        self.told.hide()
        self.table.selectionModel().currentRowChanged.connect(lambda _new, _old: self._offer())
        self.table.chosen.connect(self._open)
        self.place.textActivated.connect(self._send)
        self._arrange()

    def _arrange(self) -> None:
        limited(self.table, self.theme, least_height=150)
        self.says.setBuddy(self.place)
        self.bar = Flow(self.theme, gap=8)
        self.bar.show_widgets([self.says, self.place, self.points])
        layout = column(self.theme, gap=8)
        for widget in (self.tabs, self.bar, self.told):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)

    @property
    def present(self) -> TableFound | None:
        """The table whose columns are shown."""
        brought = self._brought
        at = self.tabs.currentIndex()
        return brought[at] if 0 <= at < len(brought) else None

    @property
    def _brought(self) -> list[TableFound]:
        """The tables that come in, as far as they are shown."""
        return [table for table in self.found.tables[:MOST_TABLES] if not table.left_out] if self.found else []

    def show_found(self, found: Preview, own: Own) -> None:
        """Show what a preview found, the same table and column as before if they are there still."""
        name = self.present.name if self.present else ""
        row = self.table.currentIndex().row()
        self.found, self.own = found, own
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for table in self._brought:
            self.tabs.addTab(table.name)
        names = [table.name for table in self._brought]
        self.tabs.setCurrentIndex(names.index(name) if name in names else 0)
        self.tabs.setVisible(len(names) > 1)
        self.tabs.blockSignals(False)
        self._show_columns(row if name in names else 0)

    def follow(self, before: QWidget) -> None:
        """Let Tab come here from a widget, and go on as the parts stand."""
        for one, following in pairwise([before, self.tabs, self.place, self.points, self.table]):
            QWidget.setTabOrder(one, following)

    def _show_columns(self, row: int = 0) -> None:
        table = self.present
        columns: Sequence[Mapped] = table.mapping.columns if table is not None else ()
        self.table.badges[:] = [badge_for(one, self.own) for one in columns]
        rows = [
            (_titled(one), _goes(one, self.own), made.words, " · ".join(one.samples))
            for one, made in zip(columns, self.table.badges, strict=True)
        ]
        self.table.show_rows(rows)
        if 0 < row < len(rows):
            self.table.selectRow(row)
        self.bar.setVisible(bool(rows))
        self.table.setVisible(bool(rows))
        self._offer()

    @property
    def _column(self) -> Mapped | None:
        table, row = self.present, self.table.currentIndex().row()
        return table.mapping.columns[row] if table and 0 <= row < len(table.mapping.columns) else None

    def _offer(self) -> None:
        table, one = self.present, self._column
        if table is None or one is None:
            return
        self._offered = offered(table, one, self.own)
        title = one.title if len(one.title) <= _LONGEST else f"{one.title[: _LONGEST - 1]}…"
        self.says.setText(f"“{title}” goes to")
        self.place.blockSignals(True)
        self.place.clear()
        self.place.addItems([each.words for each in self._offered])
        self.place.setCurrentIndex(next(at for at, each in enumerate(self._offered) if each.target == one.target))
        self.place.blockSignals(False)
        self.place.setAccessibleName(f"Where “{one.title}” goes")
        self.points.setVisible(is_money(one.target) and bool(_POINTED & one.sorts))
        self.points.setChecked(one.points)

    def _point(self, on: bool) -> None:  # noqa: FBT001 (a signal's own)
        table, one = self.present, self._column
        if table is not None and one is not None and self.found is not None:
            self.decided.emit(self.found.plan.with_points(table.name, one.place, points=on))

    def _open(self) -> None:
        self.place.setFocus()
        self.place.showPopup()

    def _send(self, words: str) -> None:
        """Send the present column there; nowhere, or kept beside, all that are chosen."""
        table, one, found = self.present, self._column, self.found
        target = next((each.target for each in self._offered if each.words == words), None)
        if table is None or one is None or found is None or target is None or target == one.target:
            return
        plan: Plan = found.plan
        if target in (KEEP, LEAVE):
            for index in self.table.selectionModel().selectedRows():
                plan = plan.with_target(table.name, table.mapping.columns[index.row()].place, target)
        other = next((each for each in table.mapping.columns if each.target == target), None)
        if other is not None and target not in _SHARED:
            plan = plan.with_target(table.name, other.place, one.target)
            self.told.setText(f"“{other.title}” went there: the two columns have changed places.")
            announce(self, self.told.text())
        self.told.setVisible(other is not None and target not in _SHARED)
        self.decided.emit(plan.with_target(table.name, one.place, target))


def _new(kind: type[Record], column: Mapped, known: Own) -> Iterator[Target]:
    label, name = own.tidied(column.title), kind.__tablename__
    there = {field.name for field in known.get(name, ())}
    for sort, words in own.SORTS.items():
        target = f"own:{sort.value}:{label}"
        if label and target not in there:
            yield Target(f"{name}.{target}", _as_new(kind, label, words))


def _as_new(kind: type[Record], label: str, sort: str) -> str:
    return f"{kind.noun}: {label} (a new column: {sort.lower()})"


def _goes(column: Mapped, known: Own) -> str:
    """Where a column goes, in the words that the list of places has for it."""
    table, _, name = column.target.partition(".")
    kind, field = kind_named(table), own_field(name)
    if kind is None or field is None or name in {each.name for each in known.get(table, ())}:
        return column.words
    return _as_new(kind, field.label, own.SORTS[field.kind])


def _numbered(table: TableFound) -> Iterator[Target]:
    """The fields of the payments that one row may hold: those that there are, and one more."""
    prefix = f"{Payment.__tablename__}:"
    keys = {mapping.key_of(column.target) for column in table.mapping.columns}
    most = max((int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)), default=0)
    for number in range(1, most + 2):
        for field in Payment.fields().values():
            if field.kind not in (Kind.EXTRA, Kind.LINK):
                yield Target(f"{prefix}{number}.{field.name}", f"{Payment.noun} {number}: {field.label}")


def _ordered(table: TableFound) -> list[type[Record]]:
    """The kinds as they are likely: the table's main one, its others, those that they refer to, the rest."""
    names = [table.kind, *table.kinds]
    names += [field.to for name in names if (kind := kind_named(name)) for field in kind.fields().values() if field.to]
    likely = [kind for name in dict.fromkeys(names) if (kind := kind_named(name)) is not None]
    return [*likely, *(kind for kind in KINDS if kind not in likely)]


def _fields(kind: type[Record], known: Own) -> Iterator[Target]:
    name = kind.__tablename__
    yield Target(f"{name}.reference", f"{kind.noun}: Reference")
    for field in kind.fields().values():
        if field.kind is not Kind.EXTRA:
            yield Target(f"{name}.{field.name}", f"{kind.noun}: {field.label}")
    for field in known.get(name, ()):
        yield Target(f"{name}.{field.name}", f"{kind.noun}: {field.label} (a column of your own)")


def _titled(one: Mapped) -> str:
    return f"{one.letter} · {one.title}" if one.letter else one.title
