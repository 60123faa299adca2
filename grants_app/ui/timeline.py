"""What was done to one record, newest first; an officer's saves within ten minutes as one, with what they changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import Record
from grants_app.records.fields import own_field
from grants_app.records.history import Edit, Step
from grants_app.ui.steps import shown
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import column, label, line, panel

_JOINED = timedelta(minutes=10)
_MOST = 300


@dataclass(frozen=True)
class Entry:
    """What one officer did at one sitting: the words of the steps, and each changed field with its values as shown."""

    when: datetime
    officer: str
    words: tuple[str, ...]
    changes: Mapping[str, tuple[str, str]]
    reason: str = ""


def entries(session: Session, kind: type[Record], record: int) -> list[Entry]:
    """The record's history, newest first, at most 300 steps of it."""
    edits = select(Edit, Step).join(Step, Step.id == Edit.step_id)
    mine = edits.where(Edit.kind == kind.__tablename__, Edit.record_id == record).order_by(Edit.id.desc()).limit(_MOST)
    found: list[Entry] = []
    for edit, step in session.execute(mine):
        entry = Entry(step.at, step.officer, (step.words,), _changes(session, kind, edit), step.reason or "")
        last = found[-1] if found else None
        if last and _joins(last, entry, edit):
            found[-1] = _joined(last, entry)
        else:
            found.append(entry)
    return found


def _joins(later: Entry, earlier: Entry, edit: Edit) -> bool:
    close = later.when - earlier.when <= _JOINED
    return close and later.officer == earlier.officer and later.words == earlier.words and edit.action == "changed"


def _joined(later: Entry, earlier: Entry) -> Entry:
    changes = dict(later.changes)
    for name, (before, after) in earlier.changes.items():
        changes[name] = (before, changes[name][1] if name in changes else after)
    return Entry(later.when, later.officer, later.words, changes, later.reason or earlier.reason)


def _changes(session: Session, kind: type[Record], edit: Edit) -> dict[str, tuple[str, str]]:
    if edit.action != "changed":
        return {}
    fields = {name: field for name in edit.after or {} if (field := own_field(name) or kind.fields().get(name))}
    return {
        field.label: (shown(session, field, edit.before), shown(session, field, edit.after))
        for name, field in fields.items()
    }


class Timeline(QWidget):
    """The entries one under the other."""

    def __init__(self, theme: Theme, found: Sequence[Entry]) -> None:
        super().__init__()
        layout = column(theme, margins=(0, 8, 8, 8), gap=6)
        for number, entry in enumerate(found):
            if number:
                layout.addWidget(line())
            layout.addWidget(_entry(theme, entry))
        if not found:
            layout.addWidget(label("Nothing has been done to this record yet.", "soft"))
        layout.addStretch()
        self.setLayout(layout)
        self.setAccessibleName("Timeline")


def _entry(theme: Theme, entry: Entry) -> QWidget:
    layout = column(theme, gap=2)
    layout.addWidget(label(f"{wording.instant_text(entry.when)} · {entry.officer or 'unknown'}", "caption", wrap=True))
    layout.addWidget(label(", ".join(dict.fromkeys(entry.words)), wrap=True))
    for name, (before, after) in entry.changes.items():
        layout.addWidget(label(f"{name}: {before}, now {after}", "soft", wrap=True))
    if entry.reason:
        layout.addWidget(label(f"Reason: {entry.reason}", "soft", wrap=True))
    return panel(layout)
