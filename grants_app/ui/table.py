"""A list on a page: a grid over a Listing, its rows read off the window's thread ahead of the scroll; its totals."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.engagement import Engagement
from grants_app.records.fields import own_field
from grants_app.records.grant import Grant, PlanLine
from grants_app.records.history import Setting
from grants_app.records.payment import Payment
from grants_app.store import Changes, listing, own, settings
from grants_app.store.listing import Condition, Listing
from grants_app.ui.cell_edit import CellEdit
from grants_app.ui.cells import needed
from grants_app.ui.columns import NOT_ADDED, Bullets, read_rows, sentence, shown_columns, source_names
from grants_app.ui.desk import Desk
from grants_app.ui.grid import Grid
from grants_app.ui.outgoing import copy_rows
from grants_app.ui.own_columns import offer_column
from grants_app.ui.rows import PAGE, Column, Rowed, Rows
from grants_app.ui.totals import Totals, TotalsRow
from grants_app.ui.widgets import column as column_of

_LEAST_FOR_FOOT = 120
"""Where a list is lower than this, its rows need the room of its foot."""
_THINKS_MS = 120


@dataclass(frozen=True)
class Read:
    """What one reading of a list brought: its ids, the pages read with them, and how many records there are in all.

    `columns`: those that the pages have values for. `gone`: what was chosen, and is no longer in the list. `sought`:
    what was wanted when it began, and if it does not hold it will not come.
    """

    ids: "array[int]"
    pages: dict[int, Rowed]
    columns: tuple[Column, ...]
    in_all: int | None = None
    own: tuple[Field, ...] = ()
    gone: frozenset[int] = frozenset()
    sought: int | None = None


class Table(QWidget):
    """A kind's records as a list. `moved`: the present row's id. `counted`: how many there are is known.

    `fixed`: by field name, what every record of the list holds, as it would be typed: those that are pasted too.
    """

    moved = Signal(int)
    opened = Signal(int)
    chose = Signal()
    counted = Signal()
    sorted = Signal()

    def __init__(self, desk: Desk, kind: type[Record], columns: Sequence[str], *, key: str, bullets: Bullets) -> None:
        super().__init__()
        self.desk, self.kind, self.key, self._bullets = desk, kind, key, bullets
        self.in_all: int | None = None
        self.fixed: dict[str, str] = {}
        self.own: tuple[Field, ...] = ()
        self.beside = frozenset(name for names in bullets.values() for name in names)
        self.whole = False
        self._wanted: int | None = None
        self._widened: set[str] = set()
        self._top = 0
        self._needs: dict[str, int] = {}
        self.rows = Rows(shown_columns(kind, columns, bullets), sentence)
        self.grid = Grid(desk.theme, self.rows, kind.plural)
        self.foot = TotalsRow(desk.theme, self.rows, self.grid.horizontalHeader())
        self.listing = Listing(kind, source_names(self.rows.columns), programme=desk.programme)
        layout = column_of(desk.theme, gap=0)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.foot)
        self.setLayout(layout)
        self.edit = CellEdit(self)
        self._connect()
        self.fit_columns()

    def _connect(self) -> None:
        lists = f"lists {id(self)}"
        self.grid.seen.connect(self._read_seen)
        self.grid.moved.connect(self.moved)
        self.grid.opened.connect(self.opened)
        self.grid.chose.connect(self.chose)
        self.grid.copied.connect(self.copy)
        self.grid.focused.connect(lambda: self.desk.read(settings.lists, self.edit.know, owner=self, key=lists))
        heads = self.grid.horizontalHeader()
        heads.sectionClicked.connect(self._sort_by)
        heads.sectionHandleDoubleClicked.connect(self._widen)
        heads.sectionResized.connect(self._widen)
        heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        heads.customContextMenuRequested.connect(self._ask_head)
        self._think = QTimer(self, singleShot=True, interval=_THINKS_MS)
        self._think.timeout.connect(self._read_totals)
        self.grid.chose.connect(self._think.start)
        self.desk.theme.changed.connect(self._resize)

    def fit_columns(self) -> None:
        """Give each column its width: as it was left, else the design's; the caption takes what is over."""
        kept = self.desk.settings.state(f"list/{self.key}").get("widths", {})
        room = (self.width() - self.desk.theme.px(11)) / self.desk.theme.zoom
        wanted = {shown.name: max(shown.width, self._needs.get(shown.name, 0)) for shown in self.rows.columns}
        over = sum(kept.get(name, wide) for name, wide in wanted.items()) - room
        gives = {
            shown: max(0, shown.width - max(shown.least, self._needs.get(shown.name, 0)))
            for shown in self.rows.columns
            if shown.name not in kept
        }
        given: dict[str, float] = {}
        scrolls = over > sum(gives.values())
        for names in (False,) if scrolls else (False, True):  # what is measured gives before words are cut short
            mine = {shown.name: room for shown, room in gives.items() if shown.grows is names}
            left = max(0.0, over - sum(given.values())) if self.width() > 200 else 0.0
            share = min(1.0, left / (sum(mine.values()) or 1))
            given |= {name: room * share for name, room in mine.items()}
        takes = next((shown.name for shown in self.rows.columns if shown.grows and shown.name not in kept), "")
        for section, shown in enumerate(self.rows.columns):
            wide = kept.get(shown.name, wanted[shown.name]) - given.get(shown.name, 0)
            wide += -over if over < 0 and shown.name == takes and self.width() > 200 else 0
            self.grid.setColumnWidth(section, self.desk.theme.px(wide))

    def _widen(self, section: int, _old: int = 0, _new: int = 0) -> None:
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton and self.grid.horizontalHeader().underMouse():
            self._widened.add(self.rows.columns[section].name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns that can give room or take it do so."""
        super().resizeEvent(event)
        self.foot.setVisible(self.height() >= self.desk.theme.px(_LEAST_FOR_FOOT))
        self.fit_columns()

    def widths(self) -> dict[str, int]:
        """The widths that the officer gave columns, by name, in pixels of the design."""
        zoom = self.desk.theme.zoom
        shown = enumerate(self.rows.columns)
        given = {c.name: round(self.grid.columnWidth(at) / zoom) for at, c in shown if c.name in self._widened}
        return {**self.desk.settings.state(f"list/{self.key}").get("widths", {}), **given}

    def show_list(self, where: Sequence[Condition], words: str, sort: Sequence[tuple[str, bool]]) -> None:
        """Show the records that meet these filters and words, in this order."""
        self.listing = replace(
            self.listing, where=tuple(where), words=words, sort=tuple(sort), programme=self.desk.programme
        )
        if sort:
            self.rows.mark_sorted(sort[0][0], down=sort[0][1])
        self.grid.selection.only(())
        self.read(afresh=True)

    def _ask_head(self, at: QPoint) -> None:
        heads = self.grid.horizontalHeader()
        section = heads.logicalIndexAt(at)
        if 0 <= section < len(self.rows.columns):
            offer_column(self, heads.mapToGlobal(at), self.rows.columns[section].name)
        else:
            self.choose_columns(heads.mapToGlobal(at))

    def show_columns(self, names: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self._keep(widths=self.widths())
        with self._staying():
            self.rows.show_columns(shown_columns(self.kind, names, self._bullets))
            self.listing = replace(self.listing, columns=source_names(self.rows.columns))
            self.fit_columns()
        self.read(afresh=False)

    def as_shown(self) -> Listing:
        """The list with its columns in the order that they stand in now."""
        heads = self.grid.horizontalHeader()
        order = [heads.logicalIndex(place) for place in range(len(self.rows.columns))]
        return replace(self.listing, columns=source_names([self.rows.columns[section] for section in order]))

    def copy(self, *, all_if_one: bool = False) -> None:
        """Put the chosen rows on the clipboard for Excel; every row, where none is chosen or `all_if_one` is."""
        count = self.grid.selection.count(len(self.rows.ids))
        every = count == 0 or (all_if_one and count == 1)
        ids = self.rows.ids if every else self.grid.selection.pick(self.rows.ids)
        copy_rows(self.desk, self.as_shown(), ids, self)

    def want(self, record: int | None) -> None:
        """Make a record the present one as soon as its row is known."""
        self._wanted = record
        self._take_wanted()

    def read(self, *, afresh: bool) -> None:
        """Read the list anew: `afresh` its first screen at once, then the rest; else all of it, staying where it is."""
        self.whole = False
        read, columns, chosen = self.listing, self.rows.columns, self.grid.selection.copy()
        first, last = self.grid.sight()
        pages = range(first // PAGE, last // PAGE + 1) if not afresh else ()
        sought = None if afresh else self._wanted

        def beginning(session: Session) -> Read:
            ids = read.first(session, PAGE)
            return Read(ids, {0: read_rows(session, read, columns, ids)}, columns)

        def reading(session: Session) -> Read:
            ids = read.ids(session)
            every = replace(read, where=(), words="")
            in_all = len(ids) if every == read else every.count(session)
            found = {p: read_rows(session, read, columns, ids[p * PAGE : (p + 1) * PAGE]) for p in pages}
            theirs, gone = own.columns(session, read.kind), frozenset(chosen.beyond(ids))
            return Read(ids, found, columns, in_all, theirs, gone, sought)

        if afresh:
            self.desk.read(beginning, self._show_first, owner=self, key=f"first {id(self)}")
        self.desk.read(reading, self._show_whole, owner=self, key=f"ids {id(self)}")

    def _measure(self, pages: Mapping[int, Rowed]) -> None:
        """Cut no figure, reference or pill short: a column is at least as wide as the longest that was seen in it."""
        found = dict(self._needs)
        for at, shown in enumerate(self.rows.columns):
            values = [row[at] for rows in pages.values() for row in rows.values() if row[at] is not None]
            if least := needed(self.desk.theme, shown, values):
                found[shown.name] = max(least, found.get(shown.name, 0))
        if found != self._needs:
            self._needs = found
            self.fit_columns()

    def _show_first(self, read: Read) -> None:
        if read.columns is not self.rows.columns:  # chosen meanwhile: the list is being read again with them
            return
        self._measure(read.pages)
        self.rows.reset(read.ids, read.pages)
        self._take_wanted()

    def _show_whole(self, read: Read) -> None:
        if read.columns is self.rows.columns:
            self._take_own(read.own)
        if read.columns is not self.rows.columns:
            return
        self.in_all, self.whole = read.in_all, True
        if read.pages or not len(self.rows.ids):
            with self._staying():
                self._measure(read.pages)
                self.rows.reset(read.ids, read.pages)
        else:
            self.rows.lengthen(read.ids)
        self.grid.selection.forget(set(read.gone))
        self._take_wanted()
        self._wanted = None if self._wanted == read.sought else self._wanted
        self._read_seen()
        self.counted.emit()
        self._think.start()

    @contextmanager
    def _staying(self) -> Iterator[None]:
        """The present record and cell stay so, and the list where it was scrolled to, whatever is put into it."""
        grid, rows = self.grid, self.rows
        here, row, name = grid.present, grid.currentIndex().row(), rows.columns[grid.section].name
        up, along = grid.verticalScrollBar(), grid.horizontalScrollBar()
        top, left = up.value(), along.value()
        yield
        up.setValue(top)
        if here is not None and len(rows.ids):  # where it is gone, the one that stands in its row now is present
            place, several = rows.place(here), grid.selection.count(len(rows.ids)) > 1
            section = next((at for at, shown in enumerate(rows.columns) if shown.name == name), None)
            row = min(row, len(rows.ids) - 1) if place is None else place
            grid.go_to(row, choose=not several, section=section)
        along.setValue(left)

    def _take_wanted(self) -> None:
        row = self.rows.place(self._wanted) if self._wanted is not None else None
        if row is not None:
            self._wanted = None
            self.grid.go_to(row)

    def _read_seen(self) -> None:
        first, last = self.grid.sight()
        ahead = PAGE // 2 if first >= self._top else 0
        behind = PAGE // 2 if first < self._top else 0
        self._top = first
        missing = self.rows.missing(first - behind, last + ahead)
        if not missing:
            return
        read, columns = self.listing, self.rows.columns
        wanted = {page: array("q", self.rows.page_ids(page)) for page in missing}

        def reading(session: Session) -> dict[int, Rowed]:
            return {page: read_rows(session, read, columns, ids) for page, ids in wanted.items()}

        def fill(pages: dict[int, Rowed]) -> None:
            if columns is not self.rows.columns:
                return
            self._measure(pages)
            for page, rows in pages.items():
                if self.rows.page_ids(page) == wanted[page]:  # else another list stands here by now
                    self.rows.fill(page, rows)

        self.desk.read(reading, fill, owner=self, key=f"rows {id(self)}")

    def changed(self, changes: Changes) -> None:
        """Read again if a record of this kind, or one that its columns are made of, was touched."""
        if changes.involve(self.kind, Setting, *self._related()):
            self.read(afresh=False)

    def _related(self) -> list[type[Record]]:
        found = [kind_named(c.field.to) for c in listing.columns_of(self.listing) if c.field and c.field.to]
        extra: list[type[Record]] = [Engagement, Payment, PlanLine] if self.kind is Grant else []
        return [kind for kind in found if kind is not None] + extra

    def _sort_by(self, section: int) -> None:
        shown = self.rows.columns[section]
        if not shown.sorts:
            self.desk.tell(f"Lists are not sorted by {shown.label}: choose another column.", refusal=True)
            return
        before = self.rows.sorted_by()
        down = not before[1] if before and before[0] == shown.name else shown.right
        self.show_list(self.listing.where, self.listing.words, ((shown.name, down),))
        self.sorted.emit()

    def choose_columns(self, at: QPoint) -> None:
        """Offer every column that this kind has, those shown ticked."""
        from grants_app.ui.column_panel import ColumnPanel

        ColumnPanel(self).open_at(at)

    def tick(self, name: str, *, on: bool) -> None:
        """Show a column, behind the others, or no longer; the list stays as it is scrolled."""
        names = [shown.name for shown in self.rows.columns if shown.name != name]
        self.keep_columns([*names, name] if on else names)

    def keep_columns(self, names: Sequence[str]) -> None:
        """Show these columns from now on."""
        self.show_columns(names)
        self._keep(columns=[column.name for column in self.rows.columns])

    def _take_own(self, found: tuple[Field, ...]) -> None:
        """These are the officers' own columns now: one that was renamed is shown as it is called, one gone no more."""
        before, self.own = self.own, found
        renamed = {old.name: new.name for old, new in zip(before, found, strict=False) if len(before) == len(found)}
        known = {each.name for each in found}

        def kept(name: str) -> str:
            return name if own_field(name) is None or name in known else renamed.get(name, "")

        sort = tuple((now, down) for name, down in self.listing.sort if (now := kept(name)))
        if sort != self.listing.sort:
            self.listing = replace(self.listing, sort=sort)
        shown = [column.name for column in self.rows.columns]
        if (wanted := [now for name in shown if (now := kept(name))]) != shown:
            self.show_columns(wanted)

    def _keep(self, **what: object) -> None:
        name = f"list/{self.key}"
        self.desk.settings.keep_state(name, {**self.desk.settings.state(name), **what})

    def _read_totals(self) -> None:
        count = self.grid.selection.count(len(self.rows.ids))
        chosen = count > 1
        some = self.grid.selection.copy() if 1 < count < len(self.rows.ids) else None
        ids = self.rows.ids
        read, noun = self.listing, self.kind
        number = count if chosen else len(self.rows.ids)

        def reading(session: Session) -> Totals:
            from grants_app.reports.words import brief

            found = read.totals(session, some.pick(ids) if some is not None else None)
            by_name = {shown.name: shown for shown in listing.columns_of(read)}
            found = {name: total for name, total in found.items() if name not in NOT_ADDED}
            sums = {name: by_name[name].text(total) for name, (total, filled) in found.items() if filled}
            averages = {
                name: by_name[name].text(_average(total, filled)) for name, (total, filled) in found.items() if filled
            }
            briefs = {
                name: brief(total, "£" if by_name[name].kind is Kind.MONEY else "")
                for name, (total, filled) in found.items()
                if filled
            }
            words = wording.counted(number, noun.noun.lower(), noun.plural.lower())
            return Totals(f"{words} {'chosen' if chosen else 'shown'}", sums, briefs, averages)

        self.desk.read(reading, self.foot.show_totals, owner=self, key=f"totals {id(self)}", figures=True)

    def _resize(self) -> None:
        self.grid.resize_rows()
        self.foot.updateGeometry()
        self.fit_columns()


def _average(total: Any, filled: int) -> Any:
    """Pence only where they count: an average of thousands is told in pounds."""
    average = total / filled
    return round(average, 0 if average >= 100 else 2 if isinstance(total, Decimal) else 1)
