"""The sheet that asks what a verb needs; the verb's own refusal is said on it, and it then stays."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import Payment, Record
from grants_app.ui.ask import Question, Verb, do_verb
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.inputs import Choice, DateLine, Line, Words
from grants_app.ui.widgets import announce, button, label, restyle


class AskSheet(Sheet):
    """Asks a verb's questions; the verb's own refusal is said on the sheet, which then stays."""

    def __init__(
        self,
        desk: Desk,
        record: Record,
        parent: QWidget,
        words: str,
        verb: Verb,
        questions: Sequence[Question],
        tell: str,
    ) -> None:
        super().__init__(desk, words, parent)
        self._record, self._verb, self._questions = record, verb, questions
        self.editors: dict[str, QWidget] = {}
        self.body.addWidget(label(_named(record), "soft", wrap=True))
        if tell:
            self.body.addWidget(label(tell, wrap=True))
        for question in questions:
            self._add(question)
        self.body.addStretch()
        self.act = button(words, self.send, "primary")
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(self.act)
        self.setMinimumWidth(desk.theme.px(440))
        first = next(iter(self.editors.values()), self.act)
        first.setFocus()

    def _add(self, question: Question) -> None:
        editor = self._editor(question)
        head = label(question.label + (" *" if question.needed else ""), "heading")
        head.setBuddy(editor)
        editor.setAccessibleName(question.label)
        editor.setAccessibleDescription(question.help)
        self.body.addWidget(head)
        if question.help:
            self.body.addWidget(label(question.help, "caption", wrap=True))
        self.body.addWidget(editor)
        self.editors[question.name] = editor

    def _editor(self, question: Question) -> QWidget:
        theme, first = self.theme, question.first(self._record)
        if question.sort == "words":
            box = Words(theme)
            box.setPlainText(first)
            return box
        if question.sort == "choice":
            chosen = Choice(theme, list(question.choices or ()), blank=not question.needed)
            chosen.setCurrentText(first)
            return chosen
        line = DateLine(theme) if question.sort == "date" else Line(theme, "£" if question.sort == "money" else "")
        line.setText(first)
        line.returnPressed.connect(self.send)
        return line

    def send(self) -> None:
        """Do the verb with what is answered; what cannot be read is said here."""
        self.say("")
        answers: dict[str, Any] = {}
        for question in self._questions:
            editor = self.editors[question.name]
            restyle(editor, "wrong", "")
            try:
                answers[question.name] = _read(question, _text(editor))
            except ValueError as error:
                restyle(editor, "wrong", "true")
                self.say(f"{question.label}: {error}")
                editor.setFocus()
                return
        self.act.setEnabled(False)
        answers = {name: value for name, value in answers.items() if value is not None}
        operation = partial(do_verb, verb=self._verb, record=self._record.id, answers=answers)
        self.desk.do(operation, lambda _done: self.accept(), owner=self, refused=self._refused)

    def _refused(self, error: Refused) -> None:
        self.act.setEnabled(True)
        self.say(str(error))
        announce(self, str(error))


def _named(record: Record) -> str:
    """The record that is asked about: its reference and name; of a payment, what it pays and when."""
    caption = str(getattr(record, type(record).caption))
    words = [record.reference] if caption == record.reference else [record.reference, caption]
    if isinstance(record, Payment):
        kind = record.kind.value.lower()
        words += [wording.money_text(record.amount), kind, f"due {wording.date_text(record.due)}"]
    return ", ".join(words)


def _text(editor: QWidget) -> str:
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText().strip()
    return (
        editor.currentText()
        if isinstance(editor, QComboBox)
        else editor.text()
        if isinstance(editor, QLineEdit)
        else ""
    ).strip()


def _read(question: Question, text: str) -> Any:
    if not text:
        if question.needed:
            raise ValueError("this is needed")
        return None
    if question.sort == "choice" and question.choices is not None:
        return question.choices[text]
    reader = _READERS.get(question.sort)
    return reader(text) if reader is not None else text


_READERS: Mapping[str, Callable[[str], Any]] = {
    "date": wording.read_date,
    "money": wording.read_money,
    "whole": wording.read_whole,
    "number": wording.read_number,
}
