"""One record beside its list or in the whole page: its head, and tabs with its fields, what belongs to it, history."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QScrollArea, QStackedWidget, QTabBar, QWidget
from sqlalchemy.orm import Session

from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Kind, Record, kind_named
from grants_app.store import Changes
from grants_app.store.listing import Condition
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import RecordSheet, confirm, save_typed
from grants_app.ui.figure_strip import FigureStrip
from grants_app.ui.flow import Flow
from grants_app.ui.form import Form, Loaded, load
from grants_app.ui.marks import Pill
from grants_app.ui.page import Action, KeyFigure, Overview, Page, Related
from grants_app.ui.table import Table
from grants_app.ui.timeline import Timeline, entries
from grants_app.ui.widgets import button, column, give_icon, label, panel, row

_HEADS = frozenset({"organisation_id", "grant_id", "adviser_id", "outcome_id", "indicator_id", "engagement_id"})
DETAILS, TIMELINE = "Details", "Timeline"


class Detail(QWidget):
    """A record. `opened`: another record is asked for, by kind and id."""

    shown = Signal()

    def __init__(self, desk: Desk, page: Page) -> None:
        super().__init__()
        self.desk, self.theme, self.page = desk, desk.theme, page
        self.record: Record | None = None
        self._id: int | None = None
        self._editing, self._blank = False, True
        self._form: Form | None = None
        self._unsaved: dict[int, dict[str, str]] = {}
        self._tables: dict[str, Table] = {}
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar()
        self.stack = QStackedWidget()
        self._holders: dict[str, QWidget] = {}
        self._arrange()
        self._save_soon = QTimer(self, singleShot=True, interval=0)
        self._save_soon.timeout.connect(self.save)

    def _arrange(self) -> None:
        theme = self.theme
        self.line, self.title = label("", "caption", wrap=True), label("", "title", wrap=True)
        self.pills = Flow(theme, gap=6)
        self.figures = FigureStrip(theme)
        self.more = button("", self._offer, name="More actions", tip="What can be done with this record")
        give_icon(self.more, theme, "more", "ink")
        self.editing = button(
            "Edit", lambda: self.edit(on=not self._editing), tip="Edit its fields, or be done with it"
        )
        heads = column(theme, gap=2)
        heads.addWidget(self.line)
        heads.addWidget(self.title)
        top = row(theme, gap=12)
        top.addLayout(heads, 1)
        top.addWidget(self.editing, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        layout = column(theme, margins=(20, 14, 20, 0), gap=8)
        layout.addLayout(top)
        layout.addWidget(self.pills)
        layout.addWidget(self.figures)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(f"Parts of the {self.page.kind.noun.lower()}")
        titles = [*(part.title for part in self.page.overviews), *(part.title for part in self.page.related)]
        for title in [DETAILS, *titles, TIMELINE]:
            if title != DETAILS or not self.page.overviews:
                self.tabs.addTab(title)
            holder = QStackedWidget()
            self._holders[title] = holder
            self.stack.addWidget(holder)
        self.tabs.currentChanged.connect(self._turn)
        self._empty(shown=True)

    def _empty(self, *, shown: bool) -> None:
        self._blank = shown
        for part in (self.more, self.stack, self.pills):
            part.setVisible(not shown)
        self.editing.setVisible(not shown and bool(self.page.overviews))
        self.tabs.setVisible(not shown and not self._editing)
        self.figures.setVisible(not shown and not self._editing and self.figures.filled)
        if shown:
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
        if self.page.overviews:
            self.edit(on=title == DETAILS)
        for at in range(self.tabs.count()):
            if self.tabs.tabText(at) == title:
                self.tabs.setCurrentIndex(at)

    def show_record(self, record: int | None) -> None:
        """Show a record, or none; changes of the one before that could not be stored wait for its return."""
        if self._form is not None and self._form.dirty and self._id is not None and record != self._id:
            self._unsaved[self._id] = self._form.changes()
            self._form.forget()
        self._id = record
        if record is None:
            self.record = None
            self._empty(shown=True)
            return
        kind = self.page.kind
        figures = self.page.figures

        def read(session: Session) -> tuple[Loaded | None, Sequence[KeyFigure]]:
            return load(session, kind, record), figures(session, record) if figures is not None else ()

        self.desk.read(read, self._show, owner=self, key=f"detail {id(self)}")

    def _show(self, found: tuple[Loaded | None, Sequence[KeyFigure]]) -> None:
        loaded, figures = found
        if loaded is None or loaded.record is None:
            self.show_record(None)
            return
        self.record, self._loaded = loaded.record, loaded
        self._show_head(loaded)
        self.figures.show_figures(figures)
        self._empty(shown=False)
        self._turn()
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
        self.pills.show_widgets([Pill(self.theme, mark) for mark in self.page.marks_of(record)])

    def _turn(self, _at: int = 0) -> None:
        if self._id is None or self.record is None:
            return
        title = self.tab
        self.stack.setCurrentWidget(self._holders[title])
        if title == DETAILS:
            self._show_form()
        elif title == TIMELINE:
            kind, record = self.page.kind, self._id
            self.desk.read(
                lambda session: entries(session, kind, record), self._show_timeline, owner=self, key=f"tab {id(self)}"
            )
        for related in self.page.related:
            if related.title == title:
                self._show_related(related)
        for overview in self.page.overviews:
            if overview.title == title:
                self._show_overview(overview)

    def _show_form(self) -> None:
        if self._form is None:
            self._form = Form(self.desk, self.page.kind, self.page.arranged(), self._loaded.lists)
            self._form.left.connect(self._save_soon.start)
            self._put(DETAILS, _scrolled(self._form, self.desk))
        self._form.show_record(self._loaded)
        for name, text in self._unsaved.pop(self._id or 0, {}).items():
            editor = self._form.rows[name].editor
            if editor is not None:
                editor.write(text)

    def _show_timeline(self, found: object) -> None:
        self._put(TIMELINE, Timeline(self.theme, found))  # type: ignore[arg-type]

    def _show_overview(self, overview: Overview) -> None:
        record = self._id
        assert record is not None

        def read(session: Session) -> object:
            return overview.read(session, record)

        def show(facts: object) -> None:
            self._put(overview.title, _scrolled(overview.make(self.desk, facts), self.desk))

        self.desk.read(read, show, owner=self, key=f"tab {id(self)}")

    def _show_related(self, related: Related) -> None:
        record = self.record
        assert record is not None
        table = self._tables.get(related.title)
        if table is None:
            table = Table(self.desk, related.kind, related.columns, key=f"{self.page.key}-{related.title}", bullets={})
            table.opened.connect(partial(self._open_related, related.kind))
            self._tables[related.title] = table
            layout = column(self.theme, margins=(0, 8, 0, 0), gap=8)
            if related.adds:
                bar = row(self.theme)
                bar.addWidget(button(f"Add {related.kind.noun.lower()}", partial(self._add, related)))
                bar.addStretch()
                layout.addLayout(bar)
            layout.addWidget(table, 1)
            self._put(related.title, panel(layout, ground="paper"))
        field = related.kind.fields()[related.field]
        value = record.reference if field.kind in {Kind.ABOUT, Kind.MANY} else record.id
        table.show_list((Condition(related.field, "is", (value,)),), "", related.sort)

    def _open_related(self, kind: type[Record], record: int) -> None:
        self.desk.open(kind, record, whole=True)

    def _add(self, related: Related) -> None:
        assert self.record is not None
        filled = {related.field: self.record.reference}
        for name, field in related.kind.fields().items():
            held = getattr(self.record, name, None) if name in self.page.kind.fields() else None
            target = kind_named(field.to) if field.kind is Kind.LINK else None
            if target is not None and held is not None and name in self._loaded.names:
                filled[name] = self._loaded.names[name][0]
        sections = Page(related.kind, "", "", ()).entry_sections()
        RecordSheet(self.desk, related.kind, sections, self.window(), filled=filled).open()

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
        kinds = {part.kind for part in self.page.related}
        kinds |= {kind for part in self.page.overviews for kind in part.involves}
        if changes.involve(self.page.kind, id=self._id) or changes.involve(*kinds):
            self.show_record(self._id)

    def save(self) -> bool:
        """Store what was changed; what is wrong is said under its field. False if some of it cannot be read."""
        if self._form is None or self._id is None or not self._form.dirty:
            return True
        return self._save(self._form, "")

    def _save(self, form: Form, insisting: str) -> bool:
        typed = form.changes()
        if not typed:
            return not form.dirty
        loaded = form.loaded([name for name in typed if name != insisting])
        operation = partial(save_typed, kind=self.page.kind, record=self._id or 0, typed=typed, loaded=loaded)
        names = list(typed)

        def refused(error: Refused) -> None:
            if not form.show_problems(error, lambda name: self._again(form, name)):
                self.desk.tell(str(error), refusal=True)

        self.desk.do(operation, lambda _none: form.settle_if(typed), owner=self, refused=refused)
        return bool(names)

    def _again(self, form: Form, insisting: str) -> None:
        if insisting:
            self._save(form, insisting)
        else:
            self.show_record(self._id)

    def _offer(self) -> None:
        if self.record is None:
            return
        menu = QMenu(self)
        for action in self.page.actions:
            if action.when(self.record):
                menu.addAction(action.words, partial(self._act, action))
        menu.addSeparator()
        menu.addAction("Delete …", self._ask_delete)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

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


def _scrolled(widget: QWidget, desk: Desk) -> QScrollArea:
    area = QScrollArea()
    holder = column(desk.theme, margins=(0, 10, 10, 12), gap=0)
    holder.addWidget(widget)
    area.setWidget(panel(holder, ground="paper"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
