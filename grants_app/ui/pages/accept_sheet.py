"""Asks why a warning, or every open warning of one sort, may stay as it is, and accepts it with that reason."""

from functools import partial

from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.operations import checks
from grants_app.store import Store
from grants_app.ui.bulk_change import DoingSheet
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.inputs import Words
from grants_app.ui.pages.checks_read import WarningLine, capital
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import button, label


def _ask(sheet: Sheet, told: str, question: str) -> Words:
    """Put what is told on a sheet, and below it the question why; the box that is typed in."""
    reason, name = Words(sheet.theme), label(f"{question} *", "heading")
    name.setBuddy(reason)
    reason.setAccessibleName(question)
    for widget in (label(told, wrap=True), name, reason):
        sheet.body.addWidget(widget)
    sheet.setMinimumWidth(sheet.theme.px(440))
    return reason


class AcceptOne(Sheet):
    """Accepts one warning."""

    def __init__(self, desk: Desk, one: WarningLine, parent: QWidget) -> None:
        super().__init__(desk, "Accept this warning?", parent)
        self.one = one
        told = f"{one.kind.noun} {one.reference}: {one.sentence}"
        self.reason = _ask(self, told, "Why it may stay as it is")
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(button("Accept the warning", self.send, "primary"))
        self.reason.setFocus()

    def send(self) -> None:
        """Accept it; without a reason, that is said and the sheet stays."""
        one, reason = self.one, self.reason.toPlainText()
        self.desk.do(
            lambda store: checks.accept(store, one.sort, one.reference, reason),
            lambda _record: self.accept(),
            owner=self,
            refused=lambda error: self.say(str(error)),
        )


class AcceptAll(DoingSheet):
    """Accepts every open warning of one sort, of the programme that is chosen or of all, as one step."""

    def __init__(self, desk: Desk, sort: checks.Sort, parent: QWidget) -> None:
        count = wording.counted(sort.open, "warning")
        super().__init__(desk, f"Accept {count}?", parent, "Accept them all")
        self.sort, self.programme = sort, desk.programme
        of = " of the chosen programme" if desk.programme is not None else ""
        told = f"{capital(sort.words)}: {wording.counted(sort.open, 'warning')} about {sort.kind.plural.lower()}{of}. "
        told += "They then stand under Accepted, with the reason."
        self.reason = _ask(self, told, "Why they may stay as they are")
        for widget in (self.progress, self.cancel, self.act):
            self.buttons.addWidget(widget)
        self.act.setEnabled(True)
        self.reason.setFocus()

    def begin(self) -> None:
        """Accept them; without a reason, that is said and the sheet stays."""
        if self.doing is None:
            self.reason.setReadOnly(True)
            operation = partial(_accept, sort=self.sort, reason=self.reason.toPlainText(), of=self.programme)
            noun, plural = self.sort.kind.noun.lower(), self.sort.kind.plural.lower()
            self.do(operation, lambda count: f"Warnings of {wording.counted(count, noun, plural)} accepted")

    def end(self) -> None:
        """It is over: another reason may be given."""
        super().end()
        self.reason.setReadOnly(False)
        self.act.setEnabled(True)


def _accept(store: Store, task: Task, *, sort: checks.Sort, reason: str, of: int | None) -> int:
    return checks.accept_all(store, sort.name, reason, of, seen=sort.open, progress=task.progress)
