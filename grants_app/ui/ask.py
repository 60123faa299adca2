"""Actions that are verbs: a sheet asks what the verb needs, confirms money and decisions, says what it refuses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records import Record
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.editors import Choice, DateLine, Line, Words
from grants_app.ui.page import Action
from grants_app.ui.widgets import announce, button, label, restyle

Verb = Callable[..., Any]


@dataclass(frozen=True)
class Question:
    """One thing that a verb asks: its name there, its label, how it is read, and what stands in it at first.

    `sort`: "line", "words" (several lines), "date", "money", "whole", "choice" (of `choices`, by the words shown).
    """

    name: str
    label: str
    sort: str = "line"
    needed: bool = True
    first: Callable[[Record], str] = lambda record: ""
    choices: Mapping[str, Any] | None = None
    help: str = ""


REASON = Question("reason", "Reason", "words", help="It stays in the history.")


def today_text(_record: Record) -> str:
    """Today, for a question about a day."""
    return wording.date_text(clock.today())


def verb_action(
    words: str,
    verb: Verb,
    when: Callable[[Record], bool],
    *questions: Question,
    tell: str = "",
    confirm: bool = False,
) -> Action:
    """An action that does a verb on a record: at once, or after a sheet that asks its questions or for a confirmation.

    `tell` says on the sheet what the action means.
    """

    def run(desk: Desk, record: Record, parent: QWidget) -> None:
        if questions or confirm:
            AskSheet(desk, record, parent, words, verb, questions, tell).open()
        else:
            desk.do(partial(_do, verb=verb, record=record.id, answers={}))

    return Action(f"{words} …" if questions or confirm else words, run, when)


def _do(store: Store, *, verb: Verb, record: int, answers: Mapping[str, Any]) -> Any:
    return verb(store, record, **answers)


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
        caption = str(getattr(record, type(record).caption))
        named = record.reference if caption == record.reference else f"{record.reference}, {caption}"
        self.body.addWidget(label(named, "soft", wrap=True))
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
        operation = partial(_do, verb=self._verb, record=self._record.id, answers=answers)
        self.desk.do(operation, lambda _done: self.accept(), owner=self, refused=self._refused)

    def _refused(self, error: Refused) -> None:
        self.act.setEnabled(True)
        self.say(str(error))
        announce(self, str(error))


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
}
