"""The window: sidebar, top bar, page and foot; where it is, what it remembers, and what can be done everywhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

from grants_app import paths
from grants_app.records import Programme
from grants_app.records.base import Record
from grants_app.store import Changes
from grants_app.store.listing import Condition, Listing
from grants_app.ui.commands import Commands
from grants_app.ui.desk import Desk
from grants_app.ui.frame import Foot, FrameStatus, TopBar, frame_status
from grants_app.ui.navigation import Place, Visited, keep_window, last_place, place_window
from grants_app.ui.sidebar import Entry, Sidebar
from grants_app.ui.view import LIST_ACTIONS, PageEntry, View
from grants_app.ui.widgets import announce, column, line, respace, restyle, row

if TYPE_CHECKING:
    from grants_app.ui.dialogs import Sheet
    from grants_app.ui.engagement_entry import EntryPanel
    from grants_app.ui.palette import Palette

_COLLAPSES, _TELLS_MS, _LOOKS_MS, _AFTER_MS = 1100, 8000, 2000, 20


class Window(QWidget):
    """Grants Desk's window on one file."""

    def __init__(self, desk: Desk, entries: Sequence[PageEntry], file: Path) -> None:
        super().__init__()
        self.desk, self.file = desk, file
        self.entries = {entry.key: entry for entry in entries}
        self._views: dict[str, View] = {}
        self._programmes: Mapping[int, str] = {}
        self._entry: EntryPanel | None = None
        self._palette: Palette | None = None
        self._asking: Sheet | None = None
        self._settled = False
        self.path = Visited(Place(entries[0].key))
        self.setWindowTitle(f"{file.stem} – Grants Desk")
        self.setProperty("ground", "wall")
        theme = desk.theme
        self.sidebar = Sidebar(
            theme, [Entry(entry.key, entry.title, entry.icon, entry.group) for entry in entries if entry.group]
        )
        self.top, self.stack, self.foot = TopBar(theme), QStackedWidget(), Foot(theme)
        self.commands = Commands(self)
        self._arrange()
        self._connect()
        self._offer_commands()
        place_window(self, desk.settings)
        page, desk.programme = last_place(desk.settings, file)
        if page in self.entries:
            self.path = Visited(Place(page))

    @property
    def view(self) -> View:
        """The page that is shown."""
        return self._view(self.path.here.page)

    def go(self, page: str, record: int | None = None, *, whole: bool = False) -> None:
        """Show a page, and a record on it if given; remembered for Back."""
        if self.stack.count():
            self.view.leave()
        self.path.go(Place(page, record, whole))
        self._show()

    def go_to_all(self, page: str) -> None:
        """Show a page with nothing filtered out."""
        self.go(page)
        if self.path.here.page == page:
            self.view.clear_filters()

    def open(self, kind: type[Record], record: int, whole: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot
        """Show a record on its kind's page; a kind with no page of its own is shown by nobody."""
        entry = next((entry for entry in self.entries.values() if entry.kind is kind), None)
        if entry:
            self.desk.settings.opened_record(self.file, kind.__tablename__, record)
            self.go(entry.key, record, whole=whole)

    def _point_at(self, field: str) -> None:
        self.view.point_at(field)

    def narrow(self, kind: type[Record], words: str, condition: Condition) -> None:
        """Show a kind's list with what meets a condition alone."""
        entry = next((entry for entry in self.entries.values() if entry.kind is kind), None)
        if entry:
            self.go(entry.key)
            self.view.narrow(words, condition)

    def back(self) -> None:
        """Go to the place before."""
        self.view.leave()
        self.path.back()
        self._show()

    def forward(self) -> None:
        """Go to the place that Back came from."""
        self.view.leave()
        self.path.forward()
        self._show()

    def begin(self) -> None:
        """Show the first page, and read what the frame itself shows."""
        self._show()
        QTimer.singleShot(_AFTER_MS, self._read_frame)  # the page's own figures come first
        QTimer.singleShot(_AFTER_MS * 10, self.desk.look)

    def settle(self, then: Callable[[], object]) -> None:
        """Store what was typed, then go on to what closes the window; ask first where something cannot be stored."""
        self.view.leave()
        if self.desk.writing.waiting:
            self.desk.tell("Saving what was typed first")
            self.desk.writing.do(lambda _task: None, owner=self, done=lambda _none: self._go_on(then), key="settle")
        else:
            self._go_on(then)

    def _go_on(self, then: Callable[[], object]) -> None:
        page = next((key for key, view in self._views.items() if view.unsaved), None)
        if page is None:
            self._let_go(then)
        elif self._asking is None or not isValid(self._asking):
            from grants_app.ui.dialogs import confirm

            if page != self.path.here.page:
                self.go(page)
            title, act = self.entries[page].title, "Close without saving"
            self.desk.tell(f"Not saved yet: something typed on the page “{title}”")
            words = f"Something that was typed on the page “{title}” cannot be saved as it stands."
            go_on = partial(self._let_go, then)
            self._asking = confirm(self.desk, self, f"{act}?", words, act, go_on, loses=True)

    def _let_go(self, then: Callable[[], object]) -> None:
        self._settled = True
        then()

    def _view(self, key: str) -> View:
        if key not in self._views:
            view = self.entries[key].make(self.desk)
            view.headed.connect(self._head)
            view.settled.connect(self._settle)
            view.asked.connect(self.top.press)
            if view.tells_waiting:
                view.waiting.connect(self.sidebar.buttons[key].set_count)
            self._views[key] = view
            self.stack.addWidget(view)
        return self._views[key]

    def _show(self) -> None:
        here = self.path.here
        view = self._view(here.page)
        self.stack.setCurrentWidget(view)
        self.sidebar.light(here.page)
        view.enter(here.record, whole=here.whole)
        self._head()

    def _head(self) -> None:
        if self.sender() in {None, self.view} or not isinstance(self.sender(), View):
            title, note = self.view.heading()
            self.top.head(title, note, self.view.header_actions())
            self.top.back.setVisible(self.path.here.whole and self.path.can_go_back)

    def _settle(self, record: int | None, whole: bool) -> None:  # noqa: FBT001 - a slot
        if whole != self.path.here.whole:
            self.path.go(replace(self.path.here, record=record, whole=whole))
            self._head()
        else:
            self.path.settle(replace(self.path.here, record=record))

    def _arrange(self) -> None:
        theme = self.desk.theme
        right = column(theme, gap=0)
        for part in (self.top, line(), self.stack, line(), self.foot):
            right.addWidget(part, 1 if part is self.stack else 0)
        layout = row(theme, gap=0)
        layout.addWidget(self.sidebar)
        layout.addWidget(line(upright=True))
        layout.addLayout(right, 1)
        self.setLayout(layout)
        self.setMinimumSize(480, 320)

    def _connect(self) -> None:
        desk = self.desk
        self.sidebar.chosen.connect(self.go)
        self.sidebar.programme_chosen.connect(desk.choose_programme)
        self.sidebar.programme_opened.connect(lambda programme: self.open(Programme, programme, whole=True))
        self.top.search.clicked.connect(self.search)
        self.top.back.clicked.connect(self.back)
        self.foot.undo_asked.connect(desk.undo)
        desk.opened.connect(self.open)
        desk.field_asked.connect(self._point_at)
        desk.list_asked.connect(self.narrow)
        desk.page_asked.connect(self.go)
        desk.all_asked.connect(self.go_to_all)
        desk.new_asked.connect(self.begin_record)
        desk.publish_asked.connect(self.publish)
        desk.told.connect(self._tell)
        desk.undoable.connect(lambda words: self.foot.show_step(words, can_undo=True))
        desk.log_asked.connect(self.log)
        desk.bus.changed.connect(self._changed)
        desk.programme_changed.connect(self._switch)
        desk.theme.changed.connect(self._recolour)
        for lane in desk.lanes:
            lane.began.connect(self.foot.begin)
            lane.waits.connect(self.foot.wait)
            lane.moved.connect(self.foot.advance)
            lane.ended.connect(self.foot.end)
        self._hush = QTimer(self, singleShot=True, interval=_TELLS_MS)
        self._hush.timeout.connect(self._read_frame)
        self._look = QTimer(self, interval=_LOOKS_MS)
        self._look.timeout.connect(desk.look)
        self._look.start()

    def _offer_commands(self) -> None:
        add, desk, theme = self.commands.add, self.desk, self.desk.theme
        add("Undo", desk.undo, "Ctrl+Z", group="Edit")
        add("Redo", desk.redo, "Ctrl+Y Ctrl+Shift+Z", group="Edit")
        add("New record on this page", self._new, "Ctrl+N", group="Edit")
        add("Search or type a command", self.search, "Ctrl+K", group="Go")
        add("Log an engagement", self.log, "Ctrl+L", group="Edit")
        add("New file …", self.begin_file, group="File")
        add("Open another file …", desk.welcome_asked.emit, group="File")
        add("Narrow the list", self._filter, "Ctrl+F", group="Lists")
        for words, keys in LIST_ACTIONS.items():
            add(words, partial(self._list_action, words), keys, group="Lists", when=partial(self._offers, words))
        add("Back", self.back, "Alt+Left", group="Go", when=lambda: self.path.can_go_back)
        add("Forward", self.forward, "Alt+Right", group="Go", when=lambda: self.path.can_go_forward)
        add("Larger", lambda: self.zoom(theme.zoom + 0.1), "Ctrl++ Ctrl+=", group="Look")
        add("Smaller", lambda: self.zoom(theme.zoom - 0.1), "Ctrl+-", group="Look")
        add("Usual size", lambda: self.zoom(1.0), "Ctrl+0", group="Look")
        add("Help on this page", self.help_here, "F1", group="Help")
        for number, entry in enumerate(self.entries.values(), 1):
            keys = f"Ctrl+{number}" if number < 10 else ""
            add(f"Go to {entry.title}", partial(self.go, entry.key), keys, group="Go")

    def search(self) -> None:
        """Open the palette."""
        from grants_app.ui.palette import Palette

        if self._palette is None:
            folder = paths.resources() / "help"
            self._palette = Palette(self.desk, self.commands, self._icon_of, self.help, folder, self)
        self._palette.begin()

    def help(self, topic: str = "") -> None:
        """Show the help pages, at a topic if one is named."""
        if "help" in self.entries:
            self.go("help")
            self.view.show_topic(topic)

    def help_here(self) -> None:
        """Show the help page on the page that is shown."""
        from grants_app.ui.pages.help import topic_for

        self.help(topic_for(self.path.here.page))

    def _icon_of(self, kind: type[Record]) -> str:
        return next((entry.icon for entry in self.entries.values() if entry.kind is kind), "document")

    def bring_in(self, workbook: Path) -> None:
        """Show what a workbook would bring in; nothing is stored until the officer says so."""
        if "imports" in self.entries:
            self.go("imports")
            self.view.take_file(workbook)

    def publish(self, shown: Listing) -> None:
        """Show what publishing a list of grants as 360Giving would take."""
        if "imports" in self.entries:
            self.go("imports")
            self.view.publish(shown)

    def log(self) -> None:
        """Open the panel that logs an engagement, over whatever page is shown."""
        from grants_app.ui.engagement_entry import EntryPanel

        if self._entry is None or not isValid(self._entry):
            self._entry = EntryPanel(self.desk, self)
        self._entry.begin()

    def begin_record(self, page: str) -> None:
        """Show a page and ask for a new record there."""
        self.go(page)
        if self.path.here.page == page:
            self.view.new()

    def begin_file(self) -> None:
        """Ask where a new file goes, make it, and open it in place of this one."""
        from grants_app.ui.choosing import begin_file

        begin_file(self.desk, self)

    def _new(self) -> None:
        self.view.new()

    def _offers(self, words: str) -> bool:
        return words in self.view.list_actions()

    def _list_action(self, words: str) -> None:
        self.view.list_actions().get(words, lambda: None)()

    def _filter(self) -> None:
        self.view.filter()

    def zoom(self, size: float) -> None:
        """Show everything larger or smaller, and remember it."""
        self.desk.theme.set_zoom(size)
        self.desk.settings.zoom = round(self.desk.theme.zoom * 100)

    def _read_frame(self) -> None:
        told = self.path.here.page if self.view.tells_waiting else ""
        counts = {entry.key: entry.count for entry in self.entries.values() if entry.count and entry.key != told}
        desk = self.desk
        status = frame_status(counts, desk.store.officer, desk.programme, self.file)
        desk.read(status, self._show_status, owner=self, key="frame")

    def _show_status(self, status: FrameStatus) -> None:
        self._programmes = status.programmes
        if self.desk.programme is not None and self.desk.programme not in status.programmes:
            self.desk.choose_programme(None)
        self.sidebar.set_programmes(status.programmes, self.desk.programme)
        for key, count in status.counts.items():
            self.sidebar.buttons[key].set_count(count)
        if not self._hush.isActive():
            restyle(self.foot.step, "look", "caption")
            self.foot.show_step(status.step, can_undo=status.can_undo)
        self.foot.show_saved(status.saved)
        self.foot.show_file((self.file.name, status.backed_up, status.notice))

    def _tell(self, words: str, refusal: bool) -> None:  # noqa: FBT001 - a slot
        self.foot.step.setText(words)
        restyle(self.foot.step, "look", "problem" if refusal else "caption")
        self.foot.undo.hide()
        announce(self.foot.step, words)
        self._hush.start()
        self._read_frame()  # what is told may bear on what stands beside it: that it was backed up, say

    def _changed(self, changes: Changes) -> None:
        self._read_frame()
        for view in self._views.values():
            view.changed(changes)

    def _switch(self) -> None:
        self.sidebar.set_programmes(self._programmes, self.desk.programme)
        self._read_frame()
        for view in self._views.values():
            view.switched()

    def _recolour(self) -> None:
        for over in (self._entry, self._palette):
            if over is not None and isValid(over):
                over.hide()
                over.deleteLater()
        self._entry = self._palette = None
        respace(self, self.desk.theme)
        self.top.colour()
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.sidebar.set_narrow(narrow=self.width() / self.desk.theme.zoom < _COLLAPSES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the sidebar as icons where the window is narrow."""
        self._fit()
        if self._entry is not None and isValid(self._entry):
            self._entry.place()
        if self._palette is not None:
            self._palette.place()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store what was typed, keep how the window was left, then close; not yet while something is unsaved."""
        if not self._settled:
            self.settle(self.close)  # if that is so at once, this closing goes on: one inside another does nothing
        if not self._settled:
            event.ignore()
            return
        keep_window(self, self.desk.settings, self.file, self.path.here.page, self.desk.programme)
        self._look.stop()
        self.desk.close()
