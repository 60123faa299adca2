"""What is typed into: a line with its unit, a date, several lines of text, one word of a list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QRect, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidgetAction,
)

from grants_app import clock, wording
from grants_app.ui.theme import Theme

_LONG_LIST, _MOST_SHOWN = 12, 16


class Line(QLineEdit):
    """One line of text; a unit stands in the field before or behind what is typed.

    `column`: the lines that stand one under another with this one, by name; a column copied in Excel fills them.
    """

    def __init__(self, theme: Theme, unit: str = "") -> None:
        super().__init__()
        self._theme, self._unit = theme, unit
        self.column: Callable[[], Mapping[str, Line]] | None = None
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V of several cells fills the lines of its column."""
        if not (event.matches(QKeySequence.StandardKey.Paste) and self._fill_column()):
            super().keyPressEvent(event)

    def _fill_column(self) -> bool:
        """Put copied cells where their names say, else from this line down; false where there is but one."""
        rows = [row.split("\t") for row in QGuiApplication.clipboard().text().rstrip().splitlines()]
        if self.column is None or (len(rows) < 2 and len(rows[0] if rows else ()) < 2):
            return False
        lines = self.column()
        named = {wording.folded(name): line for name, line in lines.items()}
        below = list(lines.values())
        below = below[below.index(self) :]
        by_name = [named.get(wording.folded(row[0])) if len(row) > 1 else None for row in rows]
        filled = by_name if any(by_name) else below
        for line, row in zip(filled, rows, strict=False):
            if line is not None:
                line.setText(row[-1].strip())
                line.textEdited.emit(line.text())
        return True

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
    """One word of a list; a long list can be typed into, and finds what holds the letters typed.

    What is typed takes the place of the word that stands there. Enter, and leaving it, take the word that fits; where
    none does the old one comes back, or with `keeps` what was typed stays, for a field that says what is wrong with it.
    What Enter takes is marked in the list; Escape puts the old word back. A click opens the list.
    """

    def __init__(self, theme: Theme, words: Sequence[str], *, blank: bool, keeps: bool = False) -> None:
        super().__init__()
        self._theme, self._keeps, self._clicked = theme, keeps, False
        self.addItems([*([""] if blank else []), *words])
        self.setMaxVisibleItems(_MOST_SHOWN)
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
        finder.setMaxVisibleItems(_MOST_SHOWN)
        popup = finder.popup()
        assert popup is not None
        popup.setProperty("finds", "true")  # its border
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.installEventFilter(self)
        if (line := self.lineEdit()) is not None:
            line.installEventFilter(self)
            line.textEdited.connect(lambda _text: QTimer.singleShot(0, self, self._narrowed))

    def setCurrentText(self, text: str) -> None:
        """Choose a word of the list; one that it does not hold stands there as typed."""
        at = self.findText(text)
        if at < 0:
            super().setCurrentText(text)
        else:
            self.setCurrentIndex(at)
            self.setEditText(text)

    def showPopup(self) -> None:
        """Open the list; letters that are typed then narrow a long one, as they do without it."""
        finder, line = self.completer(), self.lineEdit()
        if finder is None or line is None:
            wide = self.view().sizeHintForColumn(0) + self._theme.px(24)
            self.view().setMinimumWidth(min(max(self.width(), wide), self.window().width()))
            super().showPopup()
            return
        finder.setCompletionPrefix("")
        finder.complete()
        popup = finder.popup()
        assert popup is not None
        self._fit(popup)
        self._mark(popup, max(0, self.currentIndex()))
        self._clicked = False
        self._choose_all()

    def _narrowed(self) -> None:
        """Mark what Enter takes of the words that hold the letters typed: the one that is meant, else the first."""
        finder = self.completer()
        popup = finder.popup() if finder is not None else None
        if finder is None or popup is None or not popup.isVisible():
            return
        self._fit(popup)
        found, meant = finder.completionModel(), self.fitting()
        shown = [found.index(at, 0).data() for at in range(found.rowCount())]
        self._mark(popup, shown.index(meant) if meant in shown else 0)

    def _mark(self, popup: QAbstractItemView, at: int) -> None:
        """Light one line of the list, near its top; what is typed stays as it is."""
        chosen, line = popup.selectionModel(), popup.model().index(at, 0)
        with QSignalBlocker(chosen):  # else the word would take the place of the letters typed
            chosen.setCurrentIndex(line, chosen.SelectionFlag.ClearAndSelect)
        popup.scrollToTop()
        popup.scrollTo(line)
        popup.viewport().update()

    def _fit(self, popup: QAbstractItemView) -> None:
        """Let the list be as high as its lines and as wide as its words, as far as there is room."""
        count, window, room = popup.model().rowCount(), self.window(), self.screen().availableGeometry()
        frame = popup.height() - popup.viewport().height()
        high = popup.sizeHintForRow(0) * min(_MOST_SHOWN, count) + frame
        words = popup.sizeHintForColumn(0) + frame + (self._theme.px(10) if count > _MOST_SHOWN else 0)
        wide = min(max(self.width(), words), window.width())
        corner, edge = self.mapToGlobal(QPoint(0, 0)), window.mapToGlobal(QPoint(0, 0)).x()
        left = max(edge, min(corner.x(), edge + window.width() - wide))
        above, below = corner.y() - room.top(), room.bottom() - corner.y() - self.height()
        if high <= below or below >= above:
            popup.setGeometry(left, corner.y() + self.height(), wide, min(high, below))
        else:
            popup.setGeometry(left, corner.y() - min(high, above), wide, min(high, above))

    def _put_back(self) -> bool:
        """Put the word that is chosen in the place of what was typed; whether anything else stood there."""
        line, word = self.lineEdit(), self.itemText(self.currentIndex())
        if line is None or line.text() == word:
            return False
        self.setEditText(word)
        if self._keeps:
            line.textEdited.emit(word)
        self._choose_all()
        return True

    def fitting(self) -> str | None:
        """The word that is meant by what is typed: it, or the only one that holds it or begins so; None if unsure."""
        typed = self.currentText().strip().casefold()
        words = {word.casefold(): word for at in range(self.count()) if (word := self.itemText(at)) or not typed}
        if typed in words or not typed:
            return words.get(typed)
        holding = [word for folded, word in words.items() if typed in folded]
        begun = [word for word in holding if word.casefold().startswith(typed)]
        return holding[0] if len(holding) == 1 else begun[0] if len(begun) == 1 else None

    def take_fitting(self) -> bool:
        """Take the word that is meant, where letters of it are typed; whether one is."""
        word = self.fitting() if self.isEditable() else self.currentText()
        if word is None:
            return False
        if word != self.currentText() or (self.isEditable() and word != self.itemText(self.currentIndex())):
            self.setCurrentText(word)
            self.textActivated.emit(word)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click opens the list; Enter takes the word that fits; Escape puts the old one back."""
        line, finder = self.lineEdit(), self.completer()
        popup = finder.popup() if finder is not None else None
        if line is None or finder is None or popup is None:
            return super().eventFilter(watched, event)
        if watched is line and event.type() == QEvent.Type.MouseButtonPress:
            self._clicked = self._clicked or line.selectedText() == line.text()
        if watched is line and event.type() == QEvent.Type.MouseButtonRelease and self._clicked:
            self._clicked = False
            if not line.hasSelectedText():
                QTimer.singleShot(0, self, self.showPopup)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                return self._enter(watched, popup) or super().eventFilter(watched, event)
            if event.key() == Qt.Key.Key_Escape and watched is popup:
                popup.hide()
                self._put_back()
                return True
            if event.key() == Qt.Key.Key_Escape and watched is line and not self._keeps and self._put_back():
                return True
        return super().eventFilter(watched, event)

    def _enter(self, watched: QObject, popup: QAbstractItemView) -> bool:
        """Take the word that fits; whether that is all that Enter does."""
        finder = self.completer()
        if watched is popup and not popup.currentIndex().isValid():
            if self.take_fitting():
                popup.hide()
            return True
        asks = watched is self.lineEdit() and not popup.isVisible() and not self.take_fitting() and not self._keeps
        if asks and finder is not None:
            finder.complete()  # several would fit: they are shown, and nothing else is done
            self._narrowed()
        return asks

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is typed takes the place of the word."""
        super().focusInEvent(event)
        line = self.lineEdit()
        if line is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._clicked = event.reason() == Qt.FocusReason.MouseFocusReason
            self._choose_all()

    def _choose_all(self) -> None:
        """All that stands in it, with its beginning in sight."""
        line = self.lineEdit()
        if line is not None and line.text():
            line.setSelection(len(line.text()), -len(line.text()))

    def show_start(self) -> None:
        """Show how the word begins where it is longer than the field; all of it is its tooltip."""
        line = self.lineEdit()
        if line is not None:
            line.setCursorPosition(0)
        self.setToolTip(self.currentText())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; it never changes a value by accident."""
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Letters that one word alone holds become that word; others give way to the word that stood there."""
        away = self.isEditable() and event.reason() != Qt.FocusReason.PopupFocusReason
        if away and not self.take_fitting() and not self._keeps:
            self.setEditText(self.itemText(self.currentIndex()))
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow of the theme."""
        super().paintEvent(event)
        painter, side = QPainter(self), self._theme.px(14)
        box = QRect(self.width() - side - self._theme.px(7), (self.height() - side) // 2, side, side)
        self._theme.icon("down", size=14).paint(painter, box)
        painter.end()
