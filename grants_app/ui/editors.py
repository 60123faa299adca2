"""Editors, one for each kind of field: each shows a value, takes what is typed, and says when it is changed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from grants_app.records import Field, Kind
from grants_app.records.fields import Value
from grants_app.ui.inputs import Choice, DateLine, Line, Words
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import restyle

Lists = Mapping[str, Sequence[str]]
"""The file's own lists of words, by name."""


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
            self.theme,
            self.field.words(self.lists),
            blank=not self.field.required or self.field.default is None,
            keeps=True,
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


class MaybeEditor(ChoiceEditor):
    """Yes, no, or nothing said: a column of the officers' own starts with nothing."""

    def build(self) -> QWidget:
        """A list of the two."""
        box = Choice(self.theme, ("Yes", "No"), blank=True)
        box.textActivated.connect(lambda _text: self.typed.emit())
        return box


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
