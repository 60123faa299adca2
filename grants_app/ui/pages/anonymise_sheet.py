"""Anonymising: asked for with a reason and a warning, then what is left to see to."""

from PySide6.QtWidgets import QWidget

from grants_app import wording
from grants_app.operations import anonymising
from grants_app.operations.anonymising import Anonymised
from grants_app.records import Kind, Record
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.inputs import Words
from grants_app.ui.widgets import button, grow, label

_SHOWN = 10


class AnonymiseSheet(Sheet):
    """Says what goes and that it cannot be undone; asks why; then tells where the person may still stand."""

    def __init__(self, desk: Desk, record: Record, parent: QWidget) -> None:
        super().__init__(desk, f"Anonymise this {record.noun.lower()}?", parent)
        self._record = record
        kind = type(record)
        fields = [each.label for each in kind.fields().values() if each.personal]
        own = (kind.field_of(name) for name in record.own or {})
        fields += [f"“{each.label}”" for each in own if each.kind in {Kind.TEXT, Kind.LONG}]
        told = (
            f"{wording.listed(fields)} of {record.reference} are blanked in the record, in its history, in drafts and "
            "in the search. The steps and all totals stay."
        )
        self.told = label(told, wrap=True)
        self.warning = label("▲ This cannot be undone.", "warning")
        self.reason, self.name = Words(desk.theme), label("Why *", "heading")
        self.name.setBuddy(self.reason)
        self.reason.setAccessibleName("Why")
        for widget in (self.told, self.warning, self.name, self.reason):
            self.body.addWidget(widget)
        self.body.addStretch()
        self.cancel = button("Cancel", self.reject)
        self.act = button("Anonymise for good", self.anonymise, "primary")
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.act)
        self.setMinimumWidth(desk.theme.px(460))
        self.reason.setFocus()

    def anonymise(self) -> None:
        """Do it; without a reason it is refused on the sheet."""
        kind, record, reason = type(self._record), self._record.id, self.reason.toPlainText()
        self.act.setEnabled(False)
        self.desk.do(
            lambda store: anonymising.anonymise(store, kind, record, reason), self._done, owner=self,
            refused=lambda error: self._refused(str(error)),
        )  # fmt: skip

    def _refused(self, words: str) -> None:
        self.act.setEnabled(True)
        self.say(words)

    def _done(self, done: Anonymised) -> None:
        self.say("")
        for widget in (self.warning, self.name, self.reason, self.act):
            widget.hide()
        self.told.setText("\n\n".join(_left(done)))
        self.cancel.setText("Close")
        self.cancel.setAccessibleName("Close")
        self.cancel.setFocus()
        grow(self)
        self.desk.tell(f"Anonymised {done.reference}")


def _left(done: Anonymised) -> list[str]:
    """What was done, and what the officer has yet to see to, a paragraph each."""
    entries = wording.counted(done.edits, "entry", "entries")
    said = [f"{done.reference} is anonymised, in itself and in {entries} of its history."]
    if done.mentions:
        said.append(f"These still mention what was blanked; read them and change them: {_some(done.mentions)}.")
    if done.documents:
        said.append(f"Files kept with it may hold the person: {_some(done.documents)}.")
    if done.backups:
        last = max(day for _path, day in done.backups)
        counted = wording.counted(len(done.backups), "backup")
        holds = "holds" if len(done.backups) == 1 else "hold"
        said.append(f"{counted} still {holds} the person. The last goes on {wording.date_text(last)}.")
    return said


def _some(references: tuple[str, ...]) -> str:
    shown = list(references[:_SHOWN])
    more = len(references) - len(shown)
    return wording.listed([*shown, *([f"{more:,} more"] if more > 0 else [])])
