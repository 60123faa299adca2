"""One record beside its list or in the whole page: its head, and tabs with its fields, what belongs to it, history."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedWidget, QWidget
from sqlalchemy.orm import Session

from grants_app.operations import editing
from grants_app.records import Record, Task
from grants_app.records.history import Setting
from grants_app.store import Changes
from grants_app.ui.badges import Pill
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet, confirm
from grants_app.ui.documents import FileDrop, FilesTab, Paper, ask_files
from grants_app.ui.figure_strip import FigureStrip
from grants_app.ui.flow import Flow, Tabs
from grants_app.ui.form import Loaded, load
from grants_app.ui.page import Action, Belonging, KeyFigure, Lead, Overview, Page, WorkedIn
from grants_app.ui.record_form import RecordForm
from grants_app.ui.related import RelatedTab
from grants_app.ui.timeline import Entry, Timeline, entries
from grants_app.ui.widgets import button, clear, column, give_icon, label, panel, row, scrolled

_HEADS = frozenset({"organisation_id", "grant_id", "adviser_id", "outcome_id", "indicator_id", "engagement_id"})
_TITLE_LEAST = 200
"""Where a title would have less room beside the next step than this, the step stands under it."""
DETAILS, FILES, TIMELINE = "Details", "Files", "Timeline"


class Detail(QWidget):
    """A record. `shown`: it is read; `gone`: the one that was asked for is there no longer."""

    shown = Signal()
    gone = Signal()

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__()
        self.desk, self.theme, self.page = desk, desk.theme, page
        self.record: Record | None = None
        self._id: int | None = None
        self._editing, self._blank, self._pointed = False, True, ""
        self._form: RecordForm | None = None
        self._tabs: dict[str, Belonging] = {}
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = Tabs(desk.theme)
        self.stack = QStackedWidget()
        self._holders: dict[str, QWidget] = {}
        self._arrange()
        desk.read_again.connect(lambda: self.show_record(self._id))

    def _arrange(self) -> None:
        theme = self.theme
        self.line, self.title = label("", "caption", wrap=True), label("", "title", wrap=True)
        self.pills = Flow(theme, gap=6)
        self.figures = FigureStrip(theme)
        self.more = button("", self._offer, name="More actions", tip="What can be done with this record")
        give_icon(self.more, theme, "more", "ink")
        self.next = button("", self._act_next, "primary")
        self.told, self.leads = label("", "soft", wrap=True), column(theme, gap=4)
        self.editing = button(
            "Edit", lambda: self.edit(on=not self._editing), tip="Edit its fields, or be done with it"
        )
        heads = column(theme, gap=2)
        heads.addWidget(self.line)
        heads.addWidget(self.title)
        self._top = top = row(theme, gap=12)
        top.addLayout(heads, 1)
        top.addWidget(self.next, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.editing, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self._lines = layout = column(theme, margins=(20, 14, 14, 0), gap=8)
        layout.addLayout(top)
        layout.addWidget(self.pills)
        layout.addWidget(self.told)
        layout.addLayout(self.leads)
        layout.addWidget(self.figures)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)
        area = scrolled(panel(layout, ground="paper"))
        outer = column(theme, gap=0)
        outer.addWidget(area)
        self.setLayout(outer)
        self._add_tabs()
        FileDrop(self, lambda: self.record.reference if self.record is not None else "", self.take_files)
        self._empty(shown=True)

    def _add_tabs(self) -> None:
        self.tabs.setAccessibleName(f"Parts of the {self.page.kind.noun.lower()}")
        page = self.page
        titles = [part.title for part in page.overviews] + [part.title for part in page.parts]
        titles += [part.title for part in page.related]
        for title in [DETAILS, *titles, FILES, TIMELINE]:
            if title != DETAILS or not self.page.overviews:
                self.tabs.addTab(title)
            holder = QStackedWidget()
            self._holders[title] = holder
            self.stack.addWidget(holder)
        self.tabs.currentChanged.connect(self._turn)

    def take_files(self, papers: Sequence[Paper]) -> None:
        """Keep files with the record that is shown, on its tab of files."""
        if self.record is None:
            return
        self.show_tab(FILES)
        tab = self._belonging(FILES)
        assert isinstance(tab, FilesTab)
        tab.take(papers)

    def _empty(self, *, shown: bool) -> None:
        self._blank = shown
        for part in (self.more, self.stack, self.pills):
            part.setVisible(not shown)
        self.editing.setVisible(not shown and bool(self.page.overviews))
        self.next.setVisible(not shown and bool(self.next.text()))
        self.told.setVisible(not shown and bool(self.told.text()))
        self.tabs.setVisible(not shown and not self._editing)
        self.figures.setVisible(not shown and not self._editing and self.figures.filled)
        if shown:
            clear(self.leads)
            self.line.setText("")
            self.title.setText("")

    @property
    def tab(self) -> str:
        """The name of the tab that is shown."""
        return DETAILS if self._editing else self.tabs.tabText(self.tabs.currentIndex())

    def edit(self, *, on: bool = True) -> None:
        """Show the record's fields to be edited, or its tabs again."""
        self.save()
        self._editing = on
        self.tabs.setVisible(not on)
        self.figures.setVisible(not on and self.figures.filled)
        self.editing.setText("Done" if on else "Edit")
        self._turn()

    def show_tab(self, title: str) -> None:
        """Turn to a tab by its name."""
        if self.page.overviews and self._editing != (title == DETAILS):
            self.edit(on=title == DETAILS)
        for at in range(self.tabs.count()):
            if self.tabs.tabText(at) == title:
                self.tabs.setCurrentIndex(at)

    def point_at(self, field: str) -> None:
        """Show the form at this field, once the record that is being read is here."""
        self._pointed = field

    def show_record(self, record: int | None) -> None:
        """Show a record, or none; changes of the one before that could not be stored wait for its return."""
        if self._form is not None and record != self._id:
            self._form.put_aside()
        self._id = record
        if record is None:
            self.record, self._pointed = None, ""
            self._empty(shown=True)
            return
        kind, figures, leads = self.page.kind, self.page.figures, self.page.leads

        def read(session: Session) -> tuple[Loaded | None, Sequence[KeyFigure], Sequence[Lead]]:
            loaded = load(session, kind, record)
            if loaded is None or loaded.record is None:
                return None, (), ()
            large = figures(session, record) if figures is not None else ()
            return loaded, large, leads.read(session, record) if leads is not None else ()

        self.desk.read(read, self._show, owner=self, key=f"detail {id(self)}")

    def _show(self, found: tuple[Loaded | None, Sequence[KeyFigure], Sequence[Lead]]) -> None:
        loaded, figures, leads = found
        if loaded is None or loaded.record is None:
            self.show_record(None)
            self.gone.emit()
            return
        self.record, self._loaded = loaded.record, loaded
        self._show_head(loaded)
        self.figures.show_figures(figures)
        self._show_leads(leads)
        self._empty(shown=False)
        if self._pointed:
            self.show_tab(DETAILS)
        self._turn()
        if self._pointed and self._form is not None:
            self._form.point_at(self._pointed)
        self._pointed = ""
        self.shown.emit()

    def _show_head(self, loaded: Loaded) -> None:
        record = self.record
        assert record is not None
        links = [
            name
            for field, (_ref, name) in loaded.names.items()
            if field in {"organisation_id", "grant_id", "adviser_id"}
        ]
        self.line.setText(" · ".join([record.reference, *links[:2]]))
        caption = str(getattr(record, self.page.kind.caption))
        self.title.setText(caption if caption != record.reference else f"{record.noun} {record.reference}")
        self.pills.show_widgets([Pill(self.theme, badge) for badge in self.page.badges_of(record)])
        self.told.setText("\n".join(self.page.told(record, loaded.called)))
        action = self._next()
        self.next.setText(action.words if action is not None else "")
        self.next.setAccessibleName(self.next.text())
        self._place_next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the title have its room."""
        super().resizeEvent(event)
        self._place_next()

    def _place_next(self) -> None:
        """The next step stands beside the title, or under the head where the title has no room beside it."""
        px, others = self.theme.px, [self.more, *([self.editing] if self.page.overviews else [])]
        wide = sum(each.sizeHint().width() + px(12) for each in (self.next, *others))
        under = self.width() - px(34) - wide < px(_TITLE_LEAST)
        if under and self._lines.indexOf(self.next) < 0:
            at = self._lines.indexOf(self.told) + 1
            self._lines.insertWidget(at, self.next, 0, Qt.AlignmentFlag.AlignLeft)
        elif not under and self._top.indexOf(self.next) < 0:
            self._top.insertWidget(1, self.next, 0, Qt.AlignmentFlag.AlignTop)

    def _show_leads(self, leads: Sequence[Lead]) -> None:
        clear(self.leads)
        for lead in leads:
            held = row(self.theme)
            held.addWidget(Pill(self.theme, lead.badge), 0, Qt.AlignmentFlag.AlignTop)
            told = column(self.theme, gap=2)
            told.addWidget(label(lead.words, wrap=True))
            go = partial(self.desk.open, lead.kind, lead.id, whole=True)
            told.addWidget(button(f"Open {lead.called}", go, "link"), 0, Qt.AlignmentFlag.AlignLeft)
            held.addLayout(told, 1)
            self.leads.addWidget(panel(held))

    def _next(self) -> Action | None:
        """The next step of the record, if it has one."""
        record = self.record
        return next((each for each in self.page.actions if each.next and record and each.when(record)), None)

    def _act_next(self) -> None:
        if (action := self._next()) is not None:
            self._act(action)

    def _turn(self, _at: int = 0) -> None:
        if self._id is None or self.record is None:
            return
        title = self.tab
        for name, holder in self._holders.items():  # a stack is as high as its highest page, those not shown too
            high = QSizePolicy.Policy.Preferred if name == title else QSizePolicy.Policy.Ignored
            holder.setSizePolicy(QSizePolicy.Policy.Preferred, high)
        self.stack.setCurrentWidget(self._holders[title])
        kind, record, loaded = self.page.kind, self._id, self._loaded
        overview = next((each for each in self.page.overviews if each.title == title), None)
        if title == DETAILS:
            self._show_form(loaded, record)
        elif title == TIMELINE:
            key = f"tab {id(self)}"
            self.desk.read(lambda session: entries(session, kind, record), self._show_timeline, owner=self, key=key)
        elif overview is not None:
            self._show_overview(overview, record)
        elif (belonging := self._belonging(title)) is not None:
            belonging.show_of(self.record, loaded)

    def _show_form(self, loaded: Loaded, record: int) -> None:
        if self._form is None or (self._form.own, self._form.lists) != (loaded.own, loaded.lists):
            before, self._form = self._form, RecordForm(self.desk, self.page, loaded.lists, loaded.own)
            if before is not None:
                self._form.take_over(before)
            self._put(DETAILS, _padded(self._form, self.desk))
        self._form.open(record, loaded)

    def _show_timeline(self, found: Sequence[Entry]) -> None:
        self._put(TIMELINE, Timeline(self.theme, found))

    def _show_overview(self, overview: Overview, record: int) -> None:
        def read(session: Session) -> object:
            return overview.read(session, record)

        def show(facts: object) -> None:
            self._put(overview.title, _padded(overview.make(self.desk, facts), self.desk))

        self.desk.read(read, show, owner=self, key=f"tab {id(self)}")

    def _belonging(self, title: str) -> Belonging | None:
        """The tab of what belongs to the record, made when it is first turned to."""
        if title not in self._tabs:
            related = next((each for each in self.page.related if each.title == title), None)
            part = next((each for each in self.page.parts if each.title == title), None)
            made: Any = None
            if related is not None:
                made = RelatedTab(self.desk, related, key=self.page.key)
            elif part is not None:
                made = part.make(self.desk)
            elif title == FILES:
                made = FilesTab(self.desk, key=self.page.key)
            if made is None:
                return None
            self._tabs[title] = made
            self._put(title, made)
        return self._tabs[title]

    def _put(self, title: str, widget: QWidget) -> None:
        holder = self._holders[title]
        assert isinstance(holder, QStackedWidget)
        for at in reversed(range(holder.count())):
            if (old := holder.widget(at)) is not None:
                holder.removeWidget(old)
                old.deleteLater()
        holder.addWidget(widget)

    def changed(self, changes: Changes) -> None:
        """Read again what concerns this record."""
        if self._id is None:
            return
        parts = {kind for part in (*self.page.overviews, self.page.leads) if part is not None for kind in part.involves}
        if changes.involve(self.page.kind, id=self._id) or changes.involve(Setting, *parts):
            self.show_record(self._id)
        elif (tab := self._tabs.get(self.tab)) is not None:
            tab.changed(changes)

    def save(self) -> None:
        """Store what was changed in the form and in the tabs that are worked in; what cannot be read stays there."""
        if self._form is not None:
            self._form.save()
        for part in self._worked_in():
            part.save()

    @property
    def unsaved(self) -> bool:
        """Whether something is typed for one of the page's records that is not stored."""
        form = self._form is not None and self._form.unsaved
        return form or any(part.dirty for part in self._worked_in())

    def _worked_in(self) -> Iterator[WorkedIn]:
        return (made for made in self._tabs.values() if isinstance(made, WorkedIn))

    def _offer(self) -> None:
        if self.record is None:
            return
        menu = QMenu(self)
        for action in self.page.actions:
            if action.when(self.record):
                menu.addAction(action.words, partial(self._act, action))
        menu.addSeparator()
        menu.addAction("Attach a file …", lambda: self.take_files(ask_files(self, self.desk)))
        if (added := self._adds_task()) is not None:
            menu.addAction("Add a task …", added)
        menu.addAction("Delete …", self._ask_delete)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _adds_task(self) -> Callable[[], object] | None:
        """What begins a task about the record; None for a record that is a task itself, or another such aside."""
        if self.record is None or "about" in self.page.kind.fields():
            return None
        filled = {"about": self.record.reference}
        sections = {"": ("text", "due", "who")}
        return lambda: RecordSheet(self.desk, Task, sections, self.window(), filled=filled).open()

    def _act(self, action: Action) -> None:
        if self.record is not None:
            action.run(self.desk, self.record, self.window())

    def _ask_delete(self) -> None:
        record = self.record
        assert record is not None
        words = f"{record.noun} {record.reference} goes to the bin. Undo brings it back."
        kind = self.page.kind
        delete = partial(editing.delete, kind=kind, id=record.id)
        confirm(
            self.desk, self.window(), f"Delete {record.noun.lower()}?", words, "Delete", lambda: self.desk.do(delete)
        )


def _padded(widget: QWidget, desk: Desk) -> QWidget:
    holder = column(desk.theme, margins=(0, 10, 4, 12), gap=0)
    holder.addWidget(widget)
    return panel(holder, ground="paper")
