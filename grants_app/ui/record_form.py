"""The form of one stored record: each group of fields is saved when it is left, and what cannot be saved yet waits."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer

from grants_app.errors import Refused
from grants_app.records import Field
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import save_typed
from grants_app.ui.editors import Lists
from grants_app.ui.form import Form, Loaded
from grants_app.ui.page import Page


class RecordForm(Form):
    """A form that saves by itself. One form serves every record of its page, one after another."""

    def __init__(self, desk: Desk, page: Page, lists: Lists, own: Sequence[Field] = ()) -> None:
        super().__init__(desk, page.kind, page.arranged(), lists, own=own)
        self._record: int | None = None
        self._waiting: dict[int, dict[str, str]] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.save)
        self.left.connect(self._soon.start)

    def open(self, record: int, loaded: Loaded) -> None:
        """Show a record. Texts of the one before that could not be saved wait until it is shown again."""
        if record != self._record:
            self.put_aside()
            self._record = record
        self.show_record(loaded)
        for name, text in self._waiting.pop(record, {}).items():
            if name in self.rows and (editor := self.rows[name].editor) is not None:
                editor.write(text)

    def take_over(self, before: "RecordForm") -> None:
        """Go on for a form of other columns: what waits there, and what is typed in it and not saved, waits here."""
        before.put_aside()
        self._waiting = before._waiting  # noqa: SLF001 - one form in two lives

    def put_aside(self) -> None:
        """Keep what is typed and not saved, and let go of the record."""
        if self.dirty and self._record is not None:
            self._waiting[self._record] = self.changes()
        self.forget()
        self._record = None

    def save(self, *, insisting: str = "") -> bool:
        """Store what was changed; false if some of it cannot be read.

        What is wrong is said under its field. `insisting`: a field that is stored whatever another officer made of it.
        """
        typed = self.changes()
        if not typed or self._record is None:
            return not self.dirty
        loaded = self.loaded([name for name in typed if name != insisting])
        operation = partial(save_typed, kind=self.kind, record=self._record, typed=typed, loaded=loaded)
        self.desk.do(operation, partial(self._saved, self._record, typed), owner=self, refused=self._refused)
        return True

    @property
    def unsaved(self) -> bool:
        """Whether something is typed, for this record or one shown before, that is not stored."""
        return self.dirty or any(self._waiting.values())

    def _saved(self, record: int, typed: Mapping[str, str], _none: None) -> None:
        waiting = self._waiting.get(record, {})
        self._waiting[record] = {name: text for name, text in waiting.items() if typed.get(name) != text}
        if record == self._record:
            self.settle_if(typed)

    def _refused(self, error: Refused) -> None:
        if not self.show_problems(error, self._again):
            self.desk.tell(str(error), refusal=True)

    def _again(self, name: str) -> None:
        if name:
            self.save(insisting=name)
        else:
            self.desk.read_again.emit()
