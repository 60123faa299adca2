"""A form made from a kind's fields: label, help, editor, and what is wrong beside it; two columns if wide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QScrollArea, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import ChangedByOther, Clash, Invalid, Problem
from grants_app.records import Field, Kind, Programme, Record, kind_named
from grants_app.records.fields import Value
from grants_app.store import own, settings
from grants_app.ui.desk import Desk
from grants_app.ui.editors import Editor, Lists
from grants_app.ui.links import LinkEditor, ManyEditor, Named, editor_for, named
from grants_app.ui.widgets import announce, button, clear, column, label, panel, row

OWN_SECTION = "Your own columns"
_WIDE, _BENEATH, _LAID_OUT_MS = 620, 80, 60
_SPANS = frozenset({Kind.LONG, Kind.EXTRA})


@dataclass(frozen=True)
class Loaded:
    """A record as a form shows it: its values, the names of what it links to, the file's lists and own columns."""

    record: Record | None
    values: Mapping[str, Value]
    names: Mapping[str, Named] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    lists: Lists = field(default_factory=dict)
    own: tuple[Field, ...] = ()


def load(session: Session, kind: type[Record], record_id: int | None, *, programme: int | None = None) -> Loaded | None:
    """Read a record for a form, or what a new one starts with; None if it is gone.

    A new one that needs a programme starts with the one given, else with the file's only one.
    """
    lists, columns = settings.lists(session), own.columns(session, kind)
    if record_id is None:
        fields = kind.fields()
        of_one = "programme_id" in fields and "grant_id" not in fields  # else the grant's programme is meant
        found = _programme(session, programme) if of_one and fields["programme_id"].required else None
        shown = {} if found is None else {"programme_id": named(Programme, found)}
        values = {name: each.default for name, each in fields.items()}
        return Loaded(None, values, shown, lists=lists, own=columns)
    record = session.get(kind, record_id)
    if record is None:
        return None
    values = record.copy_values() | {each.name: record.get(each.name) for each in columns}
    names: dict[str, Named] = {}
    called: dict[str, str] = {}
    for name, each in kind.fields().items():
        target = kind_named(each.to) if each.to and each.to != "any" else None
        if target is None:
            continue
        if each.kind is Kind.LINK and values[name] is not None and (linked := session.get(target, values[name])):
            names[name] = named(target, linked)
        elif each.kind is Kind.MANY:
            references: Any = values[name] or ()
            held = session.scalars(select(target).where(target.reference.in_(references)))
            called |= dict(named(target, one) for one in held)
    return Loaded(record, values, names, called, lists, columns)


def _programme(session: Session, chosen: int | None) -> Programme | None:
    if chosen is not None:
        return session.get(Programme, chosen)
    found = session.scalars(select(Programme).limit(2)).all()
    return found[0] if len(found) == 1 else None


class Row(QWidget):
    """One field of a form: a label whose buddy is the editor, help under it (`tight`: a tooltip), what is wrong.

    `needed`: it must be filled in here, though a record may stand without it.
    """

    def __init__(
        self, desk: Desk, each: Field, lists: Lists, *, tight: bool = False, free: bool = False, needed: bool = False
    ) -> None:
        super().__init__()
        self.field, self.desk = each, desk
        self.fixed = (each.by_verb and not free) or each.kind in {Kind.EXTRA, Kind.INSTANT}
        layout = column(desk.theme, gap=2)
        head = label(each.label + (" *" if (each.required or needed) and not self.fixed else ""), "heading")
        layout.addWidget(head)
        if each.help and not tight:
            layout.addWidget(label(each.help, "caption", wrap=True))
        self.editor: Editor | None = None
        self.fact = label("", wrap=True)
        if self.fixed:
            self.fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(self.fact)
        else:
            self.editor = editor_for(desk, each, lists)
            head.setBuddy(self.editor.widget)
            self.editor.widget.setToolTip(each.help if tight else "")
            layout.addWidget(self.editor.widget)
        self.wrong = label("", "problem", wrap=True)
        self.wrong.hide()
        layout.addWidget(self.wrong)
        self.offers = row(desk.theme)
        layout.addLayout(self.offers)
        layout.addStretch()
        self.setLayout(layout)
        self.loaded: Value = None
        self._clean = self.editor.text() if self.editor is not None else ""

    def show_value(self, value: Value, loaded: Loaded) -> None:
        """Show a stored value."""
        self.loaded = value
        words = self.field.text(value)
        self.fact.setText(words or "–")
        self.fact.setAccessibleName(f"{self.field.label}: {words or 'blank'}")
        if isinstance(self.editor, LinkEditor):
            self.editor.show_named(loaded.names.get(self.field.name))
        elif self.editor is not None:
            if isinstance(self.editor, ManyEditor):
                self.editor.know(loaded.called)
            self.editor.show(value)
        self.settle()

    def settle(self) -> None:
        """What stands in the editor is what is stored."""
        self._clean = self.editor.text() if self.editor is not None else ""
        self.say("")

    @property
    def dirty(self) -> bool:
        """Whether the officer changed it since it was stored."""
        return self.editor is not None and self.editor.text() != self._clean

    def say(self, words: str) -> None:
        """Say what is wrong with it; blank for nothing."""
        clear(self.offers)
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        if self.editor is not None:
            self.editor.set_wrong(wrong=bool(words))
            self.editor.widget.setAccessibleDescription(words or self.field.help)
        if words:
            announce(self, f"{self.field.label}: {words}")

    def check(self) -> bool:
        """Whether what is typed can be read; if not, it is said here at once."""
        if self.editor is None or self.field.kind in {Kind.LINK, Kind.ABOUT} or self.field.to:
            return True
        try:
            self.editor.value()
        except ValueError as error:
            self.say(str(error))
            return False
        return True


class Form(QWidget):
    """The fields of one record in their sections. `left`: the focus left a group of fields that hold changes.

    `free`: fields that only an action may change later, but that are typed when the record begins. `own`: the columns
    of the officers' own, in a section behind the others.
    """

    left = Signal()
    typed = Signal()

    def __init__(
        self,
        desk: Desk,
        kind: type[Record],
        sections: Mapping[str, Sequence[str]],
        lists: Lists,
        *,
        free: Sequence[str] = (),
        own: Sequence[Field] = (),
    ) -> None:
        super().__init__()
        self.desk, self.kind, self.lists, self._free, self.own = desk, kind, lists, free, tuple(own)
        self.rows: dict[str, Row] = {}
        self._grids: list[tuple[QGridLayout, list[Row]]] = []
        self._across = 0
        layout = column(desk.theme, gap=16)
        theirs = {OWN_SECTION: [each.name for each in self.own]} if self.own else {}
        for title, names in {**sections, **theirs}.items():
            layout.addWidget(self._section(title, names, lists))
        layout.addStretch()
        self.setLayout(layout)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def _section(self, title: str, names: Sequence[str], lists: Lists) -> QWidget:
        held = column(self.desk.theme, gap=10)
        if title:
            held.addWidget(label(title, "key"))
        grid = QGridLayout()
        rows = []
        for name in names:
            made = Row(self.desk, self.kind.field_of(name), lists, free=name in self._free)
            self.rows[name] = made
            rows.append(made)
            if made.editor is not None:
                made.editor.typed.connect(self.typed)
        self._grids.append((grid, rows))
        held.addLayout(grid)
        return panel(held)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column, or two where there is room."""
        self._arrange(2 if self.width() >= self.desk.theme.px(_WIDE) else 1)

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        px = self.desk.theme.px
        for grid, rows in self._grids:
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(px(20))
            grid.setVerticalSpacing(px(12))
            at = 0
            for made in rows:
                span = across if made.field.kind in _SPANS else 1
                at += at % across if span > 1 else 0
                grid.addWidget(made, at // across, at % across, 1, span)
                at += span
            for number in range(2):
                grid.setColumnStretch(number, 1 if number < across else 0)

    def show_record(self, loaded: Loaded) -> None:
        """Show a record; a field that holds a change of the officer's keeps it, and what it was loaded with."""
        for name, made in self.rows.items():
            if not made.dirty:
                made.show_value(loaded.values.get(name), loaded)

    def forget(self) -> None:
        """Let go of changes that were not stored."""
        for made in self.rows.values():
            made.settle()

    @property
    def dirty(self) -> bool:
        """Whether anything is changed and not stored."""
        return any(made.dirty for made in self.rows.values())

    def changes(self) -> dict[str, str]:
        """What was typed in each changed field that can be read; those that cannot say so."""
        dirty = {name: made.editor.text() for name, made in self.rows.items() if made.editor and made.dirty}
        return {name: text for name, text in dirty.items() if self.rows[name].check()}

    def filled(self) -> dict[str, str]:
        """What stands in every field that is not blank: of a new record."""
        standing = {name: made.editor.text() for name, made in self.rows.items() if made.editor}
        return {name: text for name, text in standing.items() if text.strip()}

    def loaded(self, names: Sequence[str]) -> dict[str, Value]:
        """The values that these fields were loaded with."""
        return {name: self.rows[name].loaded for name in names}

    def settle_if(self, typed: Mapping[str, str]) -> None:
        """These texts are stored: each field that still holds its text is settled."""
        for name, text in typed.items():
            editor = self.rows[name].editor
            if editor is not None and editor.text() == text:
                self.rows[name].settle()

    def show_problems(self, error: Exception, again: Callable[[str], None]) -> bool:
        """Show each problem under its field; false where none of them is a field of this form."""
        if isinstance(error, ChangedByOther):
            for clash in error.clashes:
                if clash.field in self.rows:
                    self._show_clash(error, clash, again)
            return True
        problems = [p for p in error.problems if p.field in self.rows] if isinstance(error, Invalid) else []
        for problem in problems:
            self.rows[problem.field].say(_without_label(problem, self.rows[problem.field].field))
        return bool(problems)

    def _show_clash(self, error: ChangedByOther, clash: Clash, again: Callable[[str], None]) -> None:
        made = self.rows[clash.field]
        when = f", {wording.time_text(error.when)}" if error.when else ""
        made.say(f"Now “{clash.theirs}”, changed by {error.who or 'somebody else'}{when}. You entered “{clash.ours}”.")
        made.offers.addWidget(button("Keep theirs", lambda: self._keep_theirs(clash.field, again), "link"))
        made.offers.addWidget(button("Save mine", lambda: again(clash.field), "link"))
        made.offers.addStretch()

    def _keep_theirs(self, name: str, again: Callable[[str], None]) -> None:
        self.rows[name].settle()
        again("")

    def focus_first(self) -> None:
        """Put the keyboard into the first field."""
        for made in self.rows.values():
            if made.editor is not None:
                made.editor.widget.setFocus()
                return

    def point_at(self, name: str) -> None:
        """Bring a field into sight, with the keyboard in it; the first one where the form has no such field."""
        made = self.rows.get(name) or next(iter(self.rows.values()))
        made.fact.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        (made.fact if made.editor is None else made.editor.widget).setFocus()
        area: QObject | None = self
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if area is not None:  # once the form has been laid out, which takes several turns where it is new
            bring = partial(area.ensureWidgetVisible, made, 0, self.desk.theme.px(_BENEATH))
            QTimer.singleShot(_LAID_OUT_MS, made, bring)

    def _row_of(self, widget: QObject | None) -> Row | None:
        while widget is not None and widget is not self:
            if isinstance(widget, Row):
                return widget if self.rows.get(widget.field.name) is widget else None
            widget = widget.parent()
        return None

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        was, now = self._row_of(old), self._row_of(new)
        if was is None or was is now or (new is None and QApplication.activePopupWidget() is not None):
            return
        if now is not None and was.field.group and was.field.group == now.field.group:
            return
        if self.dirty:
            self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Arrange anew when sizes change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._across = 0


def _without_label(problem: Problem, each: Field) -> str:
    start = f"{each.label}: "
    words = problem.sentence.removeprefix(start)
    return words[:1].upper() + words[1:]
