"""Editors for fields that name other records, or hold several words: both find what they offer as letters are typed."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, QStringListModel, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QCompleter, QDialog, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records import Field, Kind, Record, kind_named
from grants_app.records.fields import Value
from grants_app.store import search
from grants_app.ui.desk import Desk
from grants_app.ui.editors import ChoiceEditor, Editor, Lists, LongEditor, MaybeEditor, YesNoEditor
from grants_app.ui.inputs import Line
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, clear, column, open_by_key, panel, row

_OFFERED, _ASKS_MS = 30, 120
Named = tuple[str, str]
"""A record's reference, and how it is called."""


def named(kind: type[Record], record: Record) -> Named:
    """A record's reference and its caption."""
    return record.reference, str(getattr(record, kind.caption) or record.reference)


def offered(session: Session, kind: type[Record], words: str) -> list[Named]:
    """Records of a kind for a list to choose from: those that hold the words, else the newest."""
    if words.strip():
        ids = [record for _kind, record in search.find(session, words, kinds=(kind,), limit=_OFFERED)]
    else:
        ids = list(session.scalars(select(kind.id).order_by(kind.id.desc()).limit(_OFFERED)))
    found = {record.id: named(kind, record) for record in session.scalars(select(kind).where(kind.id.in_(ids)))}
    return [found[record] for record in ids if record in found]


class _Name(Line):
    """A line that shows the beginning of a long name while nobody types in it."""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Back to the beginning, unless it is only a list or another window that opens."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.setCursorPosition(0)


class LinkEditor(Editor):
    """Names one other record: type a part of its name or its reference, and choose."""

    def __init__(self, desk: Desk, field: Field, lists: Lists) -> None:
        self.desk = desk
        target = kind_named(field.to) if field.to else None
        assert target is not None
        self.target: type[Record] = target
        self._references: dict[str, str] = {}
        super().__init__(desk.theme, field, lists)

    def build(self) -> QWidget:
        """A line that finds."""
        line = _Name(self.theme)
        noun = self.target.noun.lower()
        line.setPlaceholderText(f"Find {'an' if noun[0] in 'aeiou' else 'a'} {noun}")
        self._model = QStringListModel()
        finder = QCompleter(self._model)
        finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        finder.setMaxVisibleItems(10)
        popup = finder.popup()
        assert popup is not None
        popup.setProperty("finds", "true")  # its border
        line.setCompleter(finder)
        finder.activated.connect(lambda _text: self.typed.emit())
        self._asking = QTimer(self, singleShot=True, interval=_ASKS_MS)
        self._asking.timeout.connect(self._ask)
        line.textEdited.connect(self._edited)
        return line

    def _edited(self, _text: str) -> None:
        self.typed.emit()
        self._asking.start()

    def _ask(self) -> None:
        words, target = self.write_out(), self.target
        self.desk.read(lambda session: offered(session, target, words), self._offer, owner=self, key=f"link {id(self)}")

    def _offer(self, found: list[Named]) -> None:
        assert isinstance(self.widget, QLineEdit)
        self._references |= {self._shown(one): one[0] for one in found}
        self._model.setStringList([self._shown(one) for one in found])
        if self.widget.hasFocus() and (finder := self.widget.completer()) is not None and found:
            finder.complete()

    def _shown(self, one: Named) -> str:
        return one[1] if one[0] == one[1] else f"{one[1]} · {one[0]}"

    def write_out(self) -> str:
        """What stands in the line."""
        assert isinstance(self.widget, QLineEdit)
        return self.widget.text()

    def write(self, text: str) -> None:
        """Put a name in, its beginning in sight."""
        super().write(text)
        assert isinstance(self.widget, QLineEdit)
        if not self.widget.hasFocus():
            self.widget.setCursorPosition(0)

    def text(self) -> str:
        """The reference of what was chosen; else what is typed, which the store looks up."""
        shown = self.write_out()
        return self._references.get(shown, shown)

    def show_named(self, one: Named | None) -> None:
        """Show the record that is named, or none."""
        if one is not None:
            self._references[self._shown(one)] = one[0]
        self.write("" if one is None else self._shown(one))


class _Words(QPushButton):
    """A field that shows several words, and opens the list that they are ticked in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("look", "words")

    def sizeHint(self) -> QSize:
        """As any field."""
        return QSize(self._theme.px(120), self._theme.px(28))

    minimumSizeHint = sizeHint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the down arrow open the list."""
        if not open_by_key(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words that fit, and the arrow."""
        words, side, px = self.text(), self._theme.px(14), self._theme.px
        self.blockSignals(True)
        super().paintEvent(event)
        self.blockSignals(False)
        painter = QPainter(self)
        box = QRect(self.width() - side - px(7), (self.height() - side) // 2, side, side)
        self._theme.icon("down", size=14).paint(painter, box)
        painter.end()
        self.setToolTip(words.replace("&&", "&"))


class ManyEditor(Editor):
    """Several words of a list, or several records: ticked in a panel that finds as letters are typed."""

    def __init__(self, desk: Desk, field: Field, lists: Lists) -> None:
        self.desk = desk
        self.target = kind_named(field.to) if field.to and field.to != "any" else None
        self._values: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        super().__init__(desk.theme, field, lists)

    def build(self) -> QWidget:
        """The field that opens the panel."""
        made = _Words(self.theme)
        made.clicked.connect(self.open)
        return made

    def text(self) -> str:
        """The words, or the references, one after another."""
        return "; ".join(self._values)

    def write(self, text: str) -> None:
        """Put words in, as if they had been there."""
        self._put(tuple(part.strip() for part in text.split(";") if part.strip()))

    def show(self, value: Value) -> None:
        """Show stored words."""
        self._put(tuple(value) if isinstance(value, tuple) else ())

    def know(self, names: Mapping[str, str]) -> None:
        """How the records are called that may be among the values, by reference."""
        self._names |= names
        self._put(self._values)

    def _put(self, values: tuple[str, ...]) -> None:
        assert isinstance(self.widget, QPushButton)
        self._values = values
        words = "; ".join(self._names.get(value, value) for value in values)
        self.widget.setText(words.replace("&", "&&"))
        self.widget.setAccessibleName(f"{self.field.label}: {words or 'none'}")

    def open(self) -> None:
        """Open the panel under the field."""
        if self.target is None:
            words = self.field.words(self.lists)
            self._open([(word, word) for word in (words or self._values)])
        else:
            target = self.target
            self.desk.read(lambda session: offered(session, target, ""), self._open, owner=self, key=f"many {id(self)}")

    def _open(self, choices: Sequence[Named]) -> None:
        self._names |= dict(choices)
        known = {value for value, _name in choices}
        own = [(value, self._names.get(value, value)) for value in self._values if value not in known]
        sheet = TickPanel(self.theme, self.field.label, [*own, *choices], self._values)
        sheet.setParent(self.widget, Qt.WindowType.Popup)
        sheet.finished.connect(lambda _code: self._take(sheet.ticked()))
        sheet.move(self.widget.mapToGlobal(QPoint(0, self.widget.height() + 2)))
        sheet.show()
        sheet.finder.setFocus()

    def _take(self, values: Sequence[str]) -> None:
        chosen = tuple(sorted(values))
        if chosen != tuple(sorted(self._values)):
            self._put(chosen)
            self.typed.emit()
        self.widget.setFocus()

    def lock(self, *, locked: bool) -> None:
        """Let it be read only, or edited."""
        self.widget.setEnabled(not locked)


class TickPanel(QDialog):
    """Words to tick, with a line that narrows them; Enter or Escape closes it, and what is ticked counts."""

    def __init__(self, theme: Theme, name: str, choices: Sequence[Named], ticked: Sequence[str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("look", "panel")
        self._choices, self._ticked, self._theme = list(choices), set(ticked), theme
        self.finder = QLineEdit()
        self.finder.setPlaceholderText("Find")
        self.finder.setAccessibleName(f"Find in {name}")
        self._list: QVBoxLayout = column(theme, gap=0)
        area = QScrollArea()
        area.setWidget(panel(self._list, ground="paper"))
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(theme.px(min(280, 28 * max(2, len(choices)) + 8)))
        layout = column(theme, margins=10, gap=8)
        layout.addWidget(self.finder)
        layout.addWidget(area)
        foot = row(theme)
        foot.addStretch()
        foot.addWidget(button("Done", self.accept, "primary"))
        layout.addLayout(foot)
        self.setLayout(layout)
        self.setMinimumWidth(theme.px(260))
        self.finder.textChanged.connect(self._show)
        self.finder.returnPressed.connect(self._pick_first)
        self._show("")

    def ticked(self) -> list[str]:
        """What is ticked now."""
        return sorted(self._ticked)

    def _show(self, words: str) -> None:
        clear(self._list)
        for value, name in self._choices:
            if words.strip().casefold() in name.casefold():
                box = QCheckBox(name.replace("&", "&&"))
                box.setChecked(value in self._ticked)
                box.toggled.connect(partial(self._tick, value))
                self._list.addWidget(box)
        self._list.addStretch()

    def _tick(self, value: str, on: bool) -> None:  # noqa: FBT001 - a slot
        (self._ticked.add if on else self._ticked.discard)(value)

    def _pick_first(self) -> None:
        words = self.finder.text().strip().casefold()
        fitting = [value for value, name in self._choices if words and words in name.casefold()]
        if fitting:
            self._tick(fitting[0], fitting[0] not in self._ticked)
            self.finder.clear()
        else:
            self.accept()


def editor_for(desk: Desk, field: Field, lists: Lists) -> Editor:
    """The editor of a field, by its kind."""
    if field.kind is Kind.LINK:
        return LinkEditor(desk, field, lists)
    if field.kind is Kind.MANY:
        return ManyEditor(desk, field, lists)
    yes_no = MaybeEditor if field.own else YesNoEditor
    plain = {Kind.LONG: LongEditor, Kind.CHOICE: ChoiceEditor, Kind.YES_NO: yes_no}
    return plain.get(field.kind, Editor)(desk.theme, field, lists)
