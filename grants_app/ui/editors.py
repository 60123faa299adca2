"""Editors, one for each kind of field: each shows a value, takes what is typed, and says when it is left."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
    QWidgetAction,
)

from grants_app import clock, wording
from grants_app.records import Field, Kind
from grants_app.records.fields import Value
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import restyle

Lists = Mapping[str, Sequence[str]]
_LONG_LIST = 12


class Line(QLineEdit):
    """One line of text; a unit stands in the field before or behind what is typed."""

    def __init__(self, theme: Theme, unit: str = "") -> None:
        super().__init__()
        self._theme, self._unit = theme, unit
        self._margins()

    def _margins(self) -> None:
        room = QFontMetrics(self._theme.font()).horizontalAdvance(self._unit) + self._theme.px(4) if self._unit else 0
        self.setTextMargins(room if self._unit == "£" else 0, 0, 0 if self._unit == "£" else room, 0)

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to the window where nothing typed here can be taken back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if (event.matches(undo) and not self.isUndoAvailable()) or (
                event.matches(redo) and not self.isRedoAvailable()
            ):
                return False
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for the unit at every size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the unit too."""
        super().paintEvent(event)
        if self._unit:
            painter = QPainter(self)
            painter.setPen(self._theme.color("soft"))
            painter.setFont(self._theme.font())
            side = Qt.AlignmentFlag.AlignLeft if self._unit == "£" else Qt.AlignmentFlag.AlignRight
            inside = self.rect().adjusted(self._theme.px(9), 0, -self._theme.px(9), 0)
            painter.drawText(inside, side | Qt.AlignmentFlag.AlignVCenter, self._unit)
            painter.end()


class DateLine(Line):
    """A date, typed in any way that people write one; Ctrl+; is today, and a calendar opens with Alt+Down."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._calendar = QAction(theme.icon("event"), "Calendar", self)
        self._calendar.triggered.connect(self.open_calendar)
        self.addAction(self._calendar, QLineEdit.ActionPosition.TrailingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+; writes today's date; Alt+Down opens the calendar."""
        if event.key() == Qt.Key.Key_Semicolon and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.setText(wording.date_text(clock.today()))
            self.textEdited.emit(self.text())
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> None:
        """Let a day be chosen from a month's leaf."""
        menu, calendar = QMenu(self), QCalendarWidget()
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            day = wording.read_date(self.text())
        except ValueError:
            day = clock.today()
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)

        def pick(chosen: QDate) -> None:
            self.setText(wording.date_text(date(chosen.year(), chosen.month(), chosen.day())))
            self.textEdited.emit(self.text())
            menu.close()

        calendar.activated.connect(pick)
        calendar.clicked.connect(pick)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()


class Words(QPlainTextEdit):
    """Several lines of text; it grows with what is written, and Tab leaves it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._grow)
        self._grow()

    def _grow(self) -> None:
        lines = min(12, max(3, round(self.document().size().height())))
        self.setFixedHeight(lines * QFontMetrics(self._theme.font()).lineSpacing() + self._theme.px(18))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the lines in sight at every size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow()


class Choice(QComboBox):
    """One word of a list; a long list can be typed into, and finds what holds the letters typed."""

    def __init__(self, theme: Theme, words: Sequence[str], *, blank: bool) -> None:
        super().__init__()
        self._theme = theme
        self.addItems([*([""] if blank else []), *words])
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        if len(words) > _LONG_LIST:
            self._let_type()

    def _let_type(self) -> None:
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        finder = self.completer()
        assert finder is not None
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; it never changes a value by accident."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Letters that one word alone holds become that word."""
        typed = self.currentText().strip().casefold()
        fitting = [self.itemText(at) for at in range(self.count()) if typed and typed in self.itemText(at).casefold()]
        if self.isEditable() and len(fitting) == 1 and fitting[0] != self.currentText():
            self.setCurrentText(fitting[0])
            self.textActivated.emit(fitting[0])
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow of the theme."""
        super().paintEvent(event)
        painter, side = QPainter(self), self._theme.px(14)
        box = QRect(self.width() - side - self._theme.px(7), (self.height() - side) // 2, side, side)
        self._theme.icon("down", size=14).paint(painter, box)
        painter.end()


class Editor(QObject):
    """One field's editor: `typed` when the officer changes it. What is read from it goes through the field."""

    typed = Signal()

    def __init__(self, theme: Theme, field: Field, lists: Lists) -> None:
        super().__init__()
        self.field, self.theme, self.lists = field, theme, lists
        self.widget = self.build()
        self.setParent(self.widget)  # it goes when its widget goes, and so do its timers
        self.widget.setAccessibleName(field.label)
        self.widget.setAccessibleDescription(field.help)

    def build(self) -> QWidget:
        """Make the widget that is edited in."""
        unit = "£" if self.field.kind is Kind.MONEY else str(self.field.unit)
        line = DateLine(self.theme) if self.field.kind is Kind.DATE else Line(self.theme, unit)
        line.textEdited.connect(lambda _text: self.typed.emit())
        return line

    def text(self) -> str:
        """What is typed, as it stands."""
        assert isinstance(self.widget, QLineEdit)
        return self.widget.text()

    def write(self, text: str) -> None:
        """Put text in, as if it had been there."""
        assert isinstance(self.widget, QLineEdit)
        self.widget.setText(text)

    def show(self, value: Value) -> None:
        """Show a stored value."""
        words = self.field.text(value)
        self.write(words.removeprefix("£") if self.field.kind is Kind.MONEY else words.removesuffix("%"))

    def value(self) -> Value:
        """The value typed; ValueError says what cannot be read."""
        return self.field.parse(self.text(), self.lists)

    def set_wrong(self, *, wrong: bool) -> None:
        """Look as something is wrong with it, or not."""
        restyle(self.widget, "wrong", "true" if wrong else "")

    def lock(self, *, locked: bool) -> None:
        """Let it be read only, or edited."""
        if isinstance(self.widget, QLineEdit | QPlainTextEdit):
            self.widget.setReadOnly(locked)
            self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        else:
            self.widget.setEnabled(not locked)


class LongEditor(Editor):
    """Text of several lines."""

    def build(self) -> QWidget:
        """A box that grows."""
        words = Words(self.theme)
        words.textChanged.connect(self.typed.emit)
        return words

    def text(self) -> str:
        """What is typed."""
        assert isinstance(self.widget, QPlainTextEdit)
        return self.widget.toPlainText()

    def write(self, text: str) -> None:
        """Put text in."""
        assert isinstance(self.widget, QPlainTextEdit)
        self.widget.blockSignals(True)
        self.widget.setPlainText(text)
        self.widget.blockSignals(False)


class ChoiceEditor(Editor):
    """One word of a list."""

    def build(self) -> QWidget:
        """A list that drops down."""
        box = Choice(
            self.theme, self.field.words(self.lists), blank=not self.field.required or self.field.default is None
        )
        box.textActivated.connect(lambda _text: self.typed.emit())
        if (line := box.lineEdit()) is not None:
            line.textEdited.connect(lambda _text: self.typed.emit())
        return box

    def text(self) -> str:
        """The word chosen or typed."""
        assert isinstance(self.widget, QComboBox)
        return self.widget.currentText()

    def write(self, text: str) -> None:
        """Choose a word; one that the list no longer holds is added to it."""
        assert isinstance(self.widget, QComboBox)
        if self.widget.findText(text) < 0:
            self.widget.addItem(text)
        self.widget.setCurrentText(text)


class YesNoEditor(Editor):
    """Yes or no, as a box to tick."""

    def build(self) -> QWidget:
        """A box."""
        box = QCheckBox("Yes")
        box.toggled.connect(lambda _on: self.typed.emit())
        return box

    def text(self) -> str:
        """Yes or no."""
        assert isinstance(self.widget, QCheckBox)
        return "Yes" if self.widget.isChecked() else "No"

    def write(self, text: str) -> None:
        """Tick it or not."""
        assert isinstance(self.widget, QCheckBox)
        self.widget.blockSignals(True)
        self.widget.setChecked(text == "Yes")
        self.widget.blockSignals(False)
