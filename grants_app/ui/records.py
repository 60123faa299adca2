"""The page of one kind of record: its list with filters, and the record beside it or in the whole page."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QInputDialog, QMenu, QSplitter, QStackedWidget, QWidget
from sqlalchemy.orm import Session

from grants_app.records import Record
from grants_app.records.fields import own_field
from grants_app.records.figures import figures_of
from grants_app.records.history import Setting
from grants_app.store import Changes, settings
from grants_app.store.listing import Condition
from grants_app.ui.desk import Desk
from grants_app.ui.detail import Detail
from grants_app.ui.dialogs import RecordSheet
from grants_app.ui.editors import Lists
from grants_app.ui.filters import FilterBar, condition_from, condition_to
from grants_app.ui.frame import HeaderAction
from grants_app.ui.list_tools import EXPORT, ListTools
from grants_app.ui.own_columns import add_column
from grants_app.ui.page import Page
from grants_app.ui.table import Table
from grants_app.ui.view import LIST_ACTIONS, View
from grants_app.ui.widgets import button, column, give_icon, label, line, panel, scrolled, sized

_STACKS, _STACKS_HIGH, _TINY = 900, 620, 520
_FOLLOWS_MS = 25
_SPLIT, _SPLIT_HIGH = (766, 404), (400, 330)


class RecordsView(View):
    """List and detail side by side, as in a mail program; one above the other where the window is narrow."""

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__(desk)
        self.page = page
        self.whole, self.alone, self.tiny, self._by_itself = False, False, False, False
        self._view: tuple[str, tuple[Condition, ...], str] = ("", (), "")
        self._started = False
        state = desk.settings.state(f"list/{page.key}")
        known = {*page.columns, *page.kind.fields(), *figures_of(page.kind), "reference"}
        names = [name for name in state.get("columns", page.columns) if name in known or own_field(name) is not None]
        self.table = Table(desk, page.kind, names or page.columns, key=page.key, bullets=page.bullets)
        self.bar = FilterBar(desk, page.kind, {})
        self.bar.chips = page.chips
        self.detail = Detail(desk, page)
        self._sort: Sequence[tuple[str, bool]] = [(n, bool(d)) for n, d in state.get("sort", page.sort)]
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        theme = self.theme
        self.views = button("", self._offer_views, "link", name="Saved views", tip="Lists that are kept by name")
        self.columns = button("", lambda: None, "link", name="Columns", tip="Choose the columns")
        give_icon(self.columns, theme, "columns")
        self.columns.clicked.connect(lambda: self.table.choose_columns(_under(self.columns)))
        self.bar.right.addWidget(self.views)
        self.bar.right.addWidget(self.columns)
        self.nothing = self._nothing()
        self.lists = QStackedWidget()
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.nothing)
        self.tools = ListTools(self.table, self.bar, self.lists, self)
        left = column(theme, gap=0)
        left.addWidget(self.bar)
        left.addWidget(line())
        left.addWidget(self.lists, 1)
        left.addWidget(self.tools.chosen)
        self.left = panel(left, ground="paper")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.left)
        self.splitter.addWidget(self.detail)
        self.splitter.setStretchFactor(0, 1)
        layout = column(theme, gap=0)
        layout.addWidget(self.splitter)
        self.setLayout(layout)

    def _nothing(self) -> QWidget:
        theme, kind = self.theme, self.page.kind
        layout = column(theme, margins=20, gap=12)
        layout.addStretch(1)
        self.why = label(self.page.empty or f"{kind.plural} will stand here.", "soft", wrap=True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.why)
        self.remedy = button(f"New {kind.noun.lower()}", self._remedy, "primary")
        layout.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignHCenter)
        self.paste = button("Paste rows from Excel", self._paste, "link", tip="Ctrl+V")
        self.paste.setShortcut("Ctrl+V")
        layout.addWidget(self.paste, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return scrolled(panel(layout, ground="paper"))

    def _connect(self) -> None:
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOWS_MS)
        self._follow.timeout.connect(self._show_present)
        self.table.moved.connect(lambda _record: self._follow.start())
        self.table.opened.connect(self._open)
        self.table.counted.connect(self._counted)
        self.table.sorted.connect(self._keep_sort)
        self.bar.changed.connect(self._narrow)
        self.bar.down.connect(self._take_keys)
        self.detail.gone.connect(self._leave_whole)
        self.tools.turned.connect(self._set_parts)
        self.splitter.splitterMoved.connect(lambda _at, _index: self._keep_split())

    def heading(self) -> tuple[str, str]:
        """The kind's name, and how many of all are shown."""
        if not self.table.whole:
            return self.page.name, ""
        shown, in_all = len(self.table.rows.ids), self.table.in_all
        return self.page.name, f"{shown:,}" if in_all in {None, shown} else f"{shown:,} of {in_all:,}"

    def header_actions(self) -> Sequence[HeaderAction]:
        """To take the list away as a file or a table, and to begin a new record."""
        return (
            self.tools.export(),
            HeaderAction(f"New {self.page.kind.noun.lower()}", self.new, main=True, tip="Ctrl+N", short="New"),
        )

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show the list, and a record if one is asked for; the first time, the list as it was left."""
        if not self._started:
            self._started = True
            self._start()
        if record is not None:
            self.table.want(record)
            self.detail.show_record(record)
        self.whole = whole
        self._set_parts()
        (self.detail.tabs if whole else self.table.grid).setFocus()

    def _start(self) -> None:
        state = self.desk.settings.state(f"list/{self.page.key}")
        self._split()
        self.detail.show_tab(state.get("tab", ""))
        file, present = state.get("present", ("", None))
        if file == str(self.desk.store.path):
            self.table.want(present)
        first = next(iter(self.page.views.items()), None)
        self._show_view(*(first or ("", ())))
        self._by_itself = first is not None
        self.desk.read(_lists, self._take_lists, owner=self)

    def _take_lists(self, lists: Lists) -> None:
        self.bar.lists = lists

    def leave(self) -> None:
        """Store what was changed in the record's form or beside it, and in a cell of a list."""
        self.detail.save()
        for table in self.findChildren(Table):
            table.edit.commit()
        if self._started:
            present = [str(self.desk.store.path), self.table.grid.present]
            self._keep(tab=self.detail.tab, present=present, widths=self.table.widths())

    @property
    def unsaved(self) -> bool:
        """Whether a form, or a cell of a list, holds what is not stored."""
        return self.detail.unsaved or any(table.edit.unsaved for table in self.findChildren(Table))

    def changed(self, changes: Changes) -> None:
        """Read the list and the record again where they are concerned."""
        if self._started:
            if changes.involve(Setting):
                self.desk.read(_lists, self._take_lists, owner=self)
            self.table.changed(changes)
            self.tools.narrowed()
            self.detail.changed(changes)

    def switched(self) -> None:
        """Read the list of the programme that is chosen now."""
        if self._started:
            self._narrow()

    def filter(self) -> None:
        """Put the keyboard where words narrow the list."""
        self._leave_whole()
        self.bar.words.setFocus()
        self.bar.words.selectAll()

    def _leave_whole(self) -> None:
        """From a record that fills the page back to the list: it is there no longer, or the list is asked for."""
        if self.whole:
            self.whole = False
            self._set_parts()
            self.settled.emit(self.table.grid.present, False)
            self._take_keys()
            self._show_present()

    def _take_keys(self) -> None:
        face = self.lists.currentWidget()
        if self.isVisible():
            (self.remedy if face is self.nothing else self.tools.grid).setFocus()

    def _turn_face(self, face: QWidget) -> None:
        """Let this stand in the list's place; the keyboard stays there."""
        held = self.window().focusWidget()
        keys = held is not None and self.lists.isAncestorOf(held) and self.lists.currentWidget() is not face
        self.lists.setCurrentWidget(face)
        if keys:
            self._take_keys()

    def point_at(self, field: str) -> None:
        """Show the record that was just asked for in its form, at this field."""
        self.detail.point_at(field)

    def narrow(self, words: str, condition: Condition) -> None:
        """Show what meets a condition alone; its chip has these words."""
        self.bar.chips = {**self.bar.chips, condition: words}
        self.bar.words.clear()
        self._show_view("", (condition,))

    def clear_filters(self) -> None:
        """Show every record, whatever the filters and words were."""
        self.bar.words.clear()
        self._show_view("", ())

    def list_actions(self) -> Mapping[str, Callable[[], object]]:
        """What can be done with the list, while it is in sight."""
        chosen = self.tools.chosen
        fills = (chosen.ask_change, chosen.range_edit.fill_down, chosen.range_edit.paste)
        actions = (lambda: self.asked.emit(EXPORT), self.tools.ask, *fills, partial(add_column, self.table))
        return {} if self.whole else dict(zip(LIST_ACTIONS, actions, strict=True))

    def new(self) -> None:
        """Ask for a new record; it is shown when it is stored."""
        sheet = RecordSheet(self.desk, self.page.kind, self.page.entry_sections(), self.window(), then=self._show_new)
        sheet.open()

    def _show_new(self, record: Record) -> None:
        self.table.want(record.id)
        self.detail.show_record(record.id)
        self.settled.emit(record.id, self.whole)

    def _open(self, record: int) -> None:
        self.enter(record, whole=True)
        self.settled.emit(record, True)

    def _set_parts(self) -> None:
        self.left.setVisible(not self.whole)
        self.detail.setVisible(self.whole or not (self.alone or self.tools.on))

    def _show_present(self) -> None:
        record = self.table.grid.present
        self.detail.show_record(record)
        self.settled.emit(record, self.whole)

    def _narrow(self) -> None:
        self.table.show_list(self.bar.where, self.bar.words.text(), self._sort)
        self._name_view()
        self.tools.narrowed()

    def _counted(self) -> None:
        self._sort = self.table.listing.sort
        self.bar.take_own(self.table.own)
        empty = not len(self.table.rows.ids)
        asked = (self.table.listing.where, self.table.listing.words) != (self._view[1], "")
        if empty and self.table.in_all and self._by_itself and not asked:
            self.clear_filters()  # nobody asked for these filters, and they would hide all that there is
            return
        self._turn_face(self.nothing if empty else self.tools.face)
        if empty:
            narrowed = bool(self.table.in_all)
            self.why.setText(
                "Nothing meets these filters."
                if narrowed
                else self.page.empty or f"There are no {self.page.kind.plural.lower()} yet."
            )
            self.paste.setVisible(not narrowed)
            self.remedy.setText("Show all" if narrowed else f"New {self.page.kind.noun.lower()}")
            if not self.whole:  # one that fills the page knows by itself when it is gone
                self.detail.show_record(None)
        elif self.table.grid.present is None:
            self.table.grid.go_to(0)
        self.headed.emit()

    def _remedy(self) -> None:
        if self.table.in_all:
            self.clear_filters()
        else:
            self.new()

    def _paste(self) -> None:
        self.tools.chosen.range_edit.paste()

    def _keep_sort(self) -> None:
        self._sort = self.table.listing.sort
        self._keep(sort=[list(pair) for pair in self._sort])

    def _keep_split(self) -> None:
        zoom = self.theme.zoom
        self._keep(**{self._way[0]: [round(size / zoom) for size in self.splitter.sizes()]})

    @property
    def _way(self) -> tuple[str, tuple[int, int]]:
        """Under which name the shares of list and record are kept, and what they are at first."""
        upright = self.splitter.orientation() == Qt.Orientation.Vertical
        return ("split high", _SPLIT_HIGH) if upright else ("split", _SPLIT)

    def _split(self) -> None:
        """Share the room between the list and the record as it was left."""
        name, usual = self._way
        kept = self.desk.settings.state(f"list/{self.page.key}").get(name, usual)
        self.splitter.setSizes([self.theme.px(size) for size in kept])

    def _keep(self, **what: object) -> None:
        name = f"list/{self.page.key}"
        self.desk.settings.keep_state(name, {**self.desk.settings.state(name), **what})

    def _offer_views(self) -> None:
        menu = QMenu(self)
        for name, where in {**self.page.views, f"All {self.page.kind.plural.lower()}": ()}.items():
            menu.addAction(name, partial(self._show_view, name, where))
        own = self.desk.settings.views(self.page.key)
        if own:
            menu.addSeparator()
        for name, view in own.items():
            menu.addAction(name, partial(self._show_own, name, view))
        menu.addSeparator()
        menu.addAction("Save this view …", self._save_view)
        for name in own:
            menu.addAction(f"Forget “{name}”", partial(self.desk.settings.forget_view, self.page.key, name))
        menu.popup(_under(self.views))

    def _show_view(self, name: str, where: Sequence[Condition]) -> None:
        self._by_itself = False
        self._view = (name or f"All {self.page.kind.plural.lower()}", tuple(where) if name else (), "")
        self.bar.set_conditions(where)
        self._name_view()

    def _show_own(self, name: str, view: object) -> None:
        assert isinstance(view, dict)
        self._by_itself = False
        where = [condition_from(self.page.kind, saved) for saved in view.get("where", [])]
        self._view = (name, tuple(where), view.get("words", ""))
        self._sort = [(column_name, bool(down)) for column_name, down in view.get("sort", [])]
        self.table.show_columns(view.get("columns", list(self.page.columns)))
        self.bar.words.setText(view.get("words", ""))
        self.bar.set_conditions(where)
        self._name_view()

    def _name_view(self) -> None:
        """Say which view is shown, and whether its filters were changed since."""
        called, where, words = self._view
        same = set(where) == set(self.bar.where) and (not words or words == self.bar.words.text())
        name = called if same else f"{called}, changed"
        self.views.setText("View" if self.tiny else f"View: {name}".replace("&", "&&"))
        self.views.setAccessibleName(f"View: {name}")

    def _save_view(self) -> None:
        name, said = QInputDialog.getText(self, "Save this view", "Name of the view")
        if said and name.strip():
            view = {
                "where": [condition_to(self.page.kind, condition) for condition in self.bar.where],
                "words": self.bar.words.text(),
                "sort": [list(pair) for pair in self.table.listing.sort],
                "columns": [shown.name for shown in self.table.rows.columns],
            }
            self.desk.settings.save_view(self.page.key, name.strip(), view)
            self._view = (name.strip(), tuple(self.bar.where), self.bar.words.text())
            self._name_view()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """List over detail where there is no room side by side; the list alone where there is not even that."""
        wide, high = self.width() / self.theme.zoom, self.height() / self.theme.zoom
        way = Qt.Orientation.Vertical if wide < _STACKS else Qt.Orientation.Horizontal
        if way != self.splitter.orientation():
            self.splitter.setOrientation(way)
            self._split()
        self.alone = wide < _STACKS and high < _STACKS_HIGH
        self.tiny = wide < _TINY
        sized(self.bar.words, self.theme, width=110 if self.tiny else 170)
        self._name_view()
        self._set_parts()


def _lists(session: Session) -> Lists:
    return settings.lists(session)


def _under(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, widget.height() + 2))
