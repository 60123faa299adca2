"""Publishing awarded grants as 360Giving: what the check finds, each finding with its record, and then the file."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records import Grant, Programme
from grants_app.store import Changes, settings
from grants_app.store.listing import Listing
from grants_app.store.settings import Publisher
from grants_app.ui.choosing import ask_save_as
from grants_app.ui.desk import Desk
from grants_app.ui.inputs import Choice
from grants_app.ui.pages.publisher_sheet import PublisherSheet
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import announce, button, column, label, one_card, row

if TYPE_CHECKING:
    from grants_app.exchange.giving.findings import Found
    from grants_app.exchange.giving.giving_out import Written
from collections.abc import Callable

from grants_app.store.listing import Condition
from grants_app.ui.plain_table import Head, PlainTable

if TYPE_CHECKING:
    from grants_app.exchange.giving.findings import Found, Group

_WIDE = 980
_ALL, _LIST = "All programmes", "The list of grants, as filtered"
_FORMATS = {
    "JSON": (".json", "360Giving JSON (*.json)"),
    "Excel workbook": (".xlsx", "Excel workbook (*.xlsx)"),
    "CSV": (".csv", "CSV (*.csv)"),
}
_MOST_GROUPS, _MOST_RECORDS = 5, 8
_GROUP_HEADS = (Head(""), Head("What was found"))
_HEADS = (Head("Record"), Head("Column"), Head("What was found"))


class PublishPanel(QWidget):
    """Which grants, in which format; Check; what was found, alike faults in a line; then Write.

    `take` a list of grants to publish that.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.shown: Listing | None = None
        self.publisher = Publisher()
        self.programmes: Mapping[str, int] = {}
        self.found: Found | None = None
        self.file: Path | None = None
        self._begun = False
        self.programme = Choice(self.theme, (_ALL,), blank=False)
        self.format = Choice(self.theme, tuple(_FORMATS), blank=False)
        self.who = label("", "soft", wrap=True)
        self.check = button("Check", self.look, "primary", tip="Look at every grant, and write nothing")
        self.outcome = label("", wrap=True)
        self.leave_out = QCheckBox("")
        self.findings = Findings(desk, self.ask_publisher)
        self.write_it = button("Write …", self.save)
        self.open_file = button("", self._open, "link")
        self._arrange()
        self.programme.currentTextChanged.connect(lambda _text: self._forget())
        self.leave_out.toggled.connect(lambda _on: self._offer())
        self._forget()

    def _arrange(self) -> None:
        theme = self.theme
        inside = column(theme, margins=20, gap=12)
        inside.addWidget(label("Open data as 360Giving", "key"))
        about = (
            "Awarded grants in the 360Giving Data Standard, for anyone to use. Names of individuals, contact details "
            "and columns of your own stay here. Every grant is checked before anything is written."
        )
        inside.addWidget(label(about, wrap=True))
        inside.addLayout(self._questions())
        inside.addWidget(self.outcome)
        doing = row(theme)
        for widget in (self.check, self.write_it, self.leave_out, self.open_file):
            doing.addWidget(widget)
        doing.addStretch()
        inside.addLayout(doing)
        inside.addWidget(self.findings)
        inside.addStretch(1)
        self.setLayout(one_card(theme, inside, width=_WIDE))

    def _questions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self.theme.px(16))
        grid.setVerticalSpacing(self.theme.px(8))
        asked: list[tuple[str, QWidget]] = [("Grants of", self.programme), ("Format", self.format)]
        for at, (name, widget) in enumerate(asked):
            widget.setAccessibleName(name)
            named = label(name, "heading")
            named.setBuddy(widget)
            grid.addWidget(named, at, 0)
            grid.addWidget(widget, at, 1)
        publisher = row(self.theme)
        publisher.addWidget(self.who, 1)
        publisher.addWidget(button("Change …", self.ask_publisher, "link", name="Change who publishes"))
        grid.addWidget(label("Published by", "heading"), len(asked), 0)
        grid.addLayout(publisher, len(asked), 1)
        grid.setColumnStretch(1, 1)
        return grid

    def begin(self) -> None:
        """Read who publishes, and which programmes there are."""
        self._begun = True
        self.desk.read(_read, self._show, owner=self, key="publishing")
        self.check.setFocus()

    def take(self, shown: Listing) -> None:
        """Offer what a list of grants shows, beside whole programmes."""
        self.shown, self.programmes = shown, {}
        self._forget()

    def changed(self, changes: Changes) -> None:
        """What was found may be mended: it is to be checked again."""
        if self._begun:
            self.desk.read(_read, self._show, owner=self, key="publishing")
            if self.found is not None:
                self.write_it.setEnabled(False)
                self.check.setText("Check again")

    def _show(self, read: tuple[Publisher, Mapping[str, int]]) -> None:
        self.publisher, programmes = read
        said = [self.publisher.name or "nobody yet", self.publisher.identifier]
        prefix = f"prefix {self.publisher.prefix}" if self.publisher.prefix else "no prefix"
        self.who.setText(", ".join(word for word in [*said, prefix] if word))
        if programmes != self.programmes or not self.programmes:
            self.programmes = programmes
            of_list = [_LIST] if self.shown is not None else []
            own = (name for name, id_ in programmes.items() if id_ == self.desk.programme)
            chosen = [*of_list, *own, _ALL][0]
            self.programme.blockSignals(True)
            self.programme.clear()
            self.programme.addItems([*of_list, _ALL, *programmes])
            self.programme.setCurrentText(chosen)
            self.programme.blockSignals(False)

    @property
    def listing(self) -> Listing:
        """The grants that are looked at."""
        if self.shown is not None and self.programme.currentText() == _LIST:
            return self.shown
        return Listing(Grant, ("reference",), programme=self.programmes.get(self.programme.currentText()))

    def look(self) -> None:
        """Check every grant, off the window's thread."""
        shown, store = self.listing, self.desk.store
        self._forget()

        def work(task: Task) -> "Found":
            from grants_app.exchange.giving import giving_out

            return giving_out.look(store, shown, lambda done, of: task.progress(done, of or 0))

        self.check.setEnabled(False)
        self.desk.errand(work, self._looked, owner=self, words="Checking", refused=self._refused, key="giving check")

    def _refused(self, error: Refused) -> None:
        self.check.setEnabled(True)
        self.desk.tell(str(error), refusal=True)

    def _looked(self, found: "Found") -> None:
        self.found = found
        self.findings.show_found(found)
        self.check.setEnabled(True)
        self.check.setText("Check again")
        self.outcome.setText(" ".join(_told(found)))
        self.outcome.show()
        stopped = len(found.stopped)
        self.leave_out.setText(f"Leave {'this one' if stopped == 1 else f'these {stopped:,}'} out")
        self.leave_out.setVisible(0 < stopped < found.grants)
        announce(self.outcome, self.outcome.text())
        self._offer()
        (self.findings if found.stopped else self.write_it if self.write_it.isEnabled() else self.check).setFocus()

    def _forget(self) -> None:
        """Nothing is checked yet."""
        self.found = None
        self.check.setText("Check")
        for widget in (self.outcome, self.findings, self.leave_out, self.open_file):
            widget.hide()
        self.leave_out.setChecked(False)
        self._offer()

    def _offer(self) -> None:
        """Let the file be written once nothing stops it."""
        found = self.found
        ready = found is not None and found.sound > 0 and (not len(found.stopped) or self.leave_out.isChecked())
        self.write_it.setVisible(found is not None and found.sound > 0)
        self.write_it.setEnabled(ready)
        if found is not None:
            self.write_it.setText(f"Write {wording.counted(found.sound, 'grant')} …")

    def save(self) -> None:
        """Ask where to, then write."""
        ending, kinds = _FORMATS[self.format.currentText()]
        folder = self.desk.settings.state("exports").get("folder", str(self.desk.store.path.parent))
        whose = self.programme.currentText()
        name = f"{'Grants' if whose in {_ALL, _LIST} else whose} 360Giving {clock.today().isoformat()}{ending}"
        target = ask_save_as(self, "Save as 360Giving", str(Path(folder) / name.replace("/", "-")), kinds)
        if target is not None:
            self.write(target if target.suffix.casefold() == ending else target.with_name(target.name + ending))

    def write(self, target: Path) -> None:
        """Write the grants to a file, off the window's thread."""
        shown, store, leave_out = self.listing, self.desk.store, self.leave_out.isChecked()

        def work(task: Task) -> "Written":
            from grants_app.exchange.giving import giving_out

            report = partial(_report, task)
            return giving_out.write(store, shown, target, leave_out=leave_out, progress=report)

        done = partial(self._written, target)
        self.desk.errand(work, done, owner=self, words=f"Writing {target.name}", late=True)

    def _written(self, target: Path, written: "Written") -> None:
        self.file = target
        self.desk.settings.keep_state("exports", {"folder": str(target.parent)})
        self.open_file.setText(f"Open {target.name}".replace("&", "&&"))
        self.open_file.setAccessibleName(f"Open {target.name}")
        self.open_file.show()
        left_out = f", and left {written.left_out:,} out" if written.left_out else ""
        self.desk.tell(f"Wrote {wording.counted(written.grants, 'grant')} to {target.name}{left_out}")

    def _open(self) -> None:
        if self.file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.file)))

    def ask_publisher(self) -> None:
        """Ask who publishes, under which prefix and licence."""
        PublisherSheet(self.desk, self.publisher, self.window()).open()


class Findings(QWidget):
    """Lines of what was found, and under them the records of one. `ask_publisher` mends what is of no record."""

    def __init__(self, desk: Desk, ask_publisher: Callable[[], object]) -> None:
        super().__init__()
        self.desk, self._ask_publisher = desk, ask_publisher
        self.groups: list[Group] = []
        self.list = PlainTable(desk.theme, "What the check found", _GROUP_HEADS)
        self.table = PlainTable(desk.theme, "Records of which that was found", _HEADS)
        self.open_one = button("Open the record", self.open_record, tip="Enter, or a double click")
        self.show_all = button("", self.show_them, "link", tip="These alone, to be changed one by one or together")
        layout = column(desk.theme, gap=12)
        doing = row(desk.theme)
        doing.addWidget(self.open_one)
        doing.addWidget(self.show_all)
        doing.addStretch()
        layout.addWidget(self.list)
        layout.addLayout(doing)
        layout.addWidget(self.table)
        self.setLayout(layout)
        self.table.activated.connect(lambda _at: self.open_record())
        self.list.activated.connect(lambda _at: self._go_in())
        self.list.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_group())

    def show_found(self, found: "Found") -> None:
        """Show it, what stops grants first; nothing where nothing was found."""
        self.groups = found.groups
        self.list.show_rows([("Stops" if each.stops else "Note", f"{each.sentence}.") for each in self.groups])
        self.list.fit_height(_MOST_GROUPS)
        self.setVisible(bool(self.groups))
        self.setFocusProxy(self.list)

    @property
    def group(self) -> "Group | None":
        """The chosen line."""
        at = self.list.currentIndex().row()
        return self.groups[at] if 0 <= at < len(self.groups) else None

    def _show_group(self) -> None:
        group = self.group
        kind = group.kind if group is not None else None
        self.table.setVisible(kind is not None)
        self.show_all.setVisible(kind is not None)
        self.open_one.setVisible(kind is not None or (group is not None and group.faults[0].mended_by_publisher))
        self.open_one.setText("Open the record" if kind is not None else "Change who publishes …")
        self.open_one.setAccessibleName(self.open_one.text())
        if group is None or kind is None:
            return
        shown = len(group.faults)
        self.table.show_rows([(each.reference, each.column, f"{each.sentence}.") for each in group.faults])
        self.table.fit_height(_MOST_RECORDS)
        many = f"{'' if shown == group.count else 'the first '}{shown:,}"
        self.show_all.setText(f"Show {many if group.count > 1 else 'it'} in the list of {kind.plural.lower()}")
        self.show_all.setAccessibleName(self.show_all.text())

    def _go_in(self) -> None:
        if self.group is not None and self.group.kind is None:
            self.open_record()
        else:
            self.table.setFocus()

    def open_record(self) -> None:
        """Show the record that the chosen finding is about, at the field that is at fault."""
        group, at = self.group, self.table.currentIndex().row()
        if group is not None and group.kind is None:
            if group.faults[0].mended_by_publisher:
                self._ask_publisher()
        elif group is not None and group.kind is not None and 0 <= at < len(group.faults):
            fault = group.faults[at]
            self.desk.open(group.kind, fault.id, whole=True, field=fault.field)

    def show_them(self) -> None:
        """Show the list of the records of the chosen line, and of no others."""
        group = self.group
        if group is not None and group.kind is not None:
            self.desk.choose_programme(None)
            those = Condition("reference", "is", tuple(fault.reference for fault in group.faults))
            self.desk.list_asked.emit(group.kind, group.sentence, those)


def _report(task: Task, done: int, of: int | None) -> None:
    task.progress(done, of or 0)


def _told(found: "Found") -> Sequence[str]:
    """The outcome in sentences."""
    if not found.grants:
        return ("There is no awarded grant here, and only awarded grants are published.",)
    stopped = len(found.stopped)
    told = [f"{wording.counted(found.sound, 'grant')} can go out."]
    if stopped:
        told.append(f"{wording.counted(stopped, 'grant')} cannot: what stops them stands first.")
    if found.others:
        counted = wording.counted(found.others, "grant that is not awarded is", "grants that are not awarded are")
        told.append(f"{counted} never published.")
    if found.notes:
        told.append(f"{wording.counted(found.notes, 'note')} on how others could make more of the data.")
    return told


def _read(session: Session) -> tuple[Publisher, Mapping[str, int]]:
    """Who publishes, and the programmes by name."""
    named = session.execute(select(Programme.name, Programme.reference, Programme.id).order_by(Programme.name)).all()
    seen: dict[str, int] = {}
    for name, reference, id_ in named:
        seen[name if name not in seen else f"{name} ({reference})"] = id_
    return settings.publisher(session), seen
