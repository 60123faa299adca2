"""The preview of an import: rows and pounds before and after, sheets, columns, what is to be decided, every row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QProgressBar, QSizePolicy, QStackedWidget, QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.importing import Plan, Preview, Verdict
from grants_app.records import RECORDS, kind_named
from grants_app.store import own
from grants_app.ui.figure_strip import FigureStrip
from grants_app.ui.flow import Flow, TabBar
from grants_app.ui.inputs import Choice
from grants_app.ui.page import KeyFigure
from grants_app.ui.pages.import_columns import UNSURE, Columns, Own, badge_for
from grants_app.ui.pages.import_decide import Decide
from grants_app.ui.pages.import_tables import Tables
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, button, column, label, limited, line, restyle, sized

MOST = 2000
"""How many rows of each sort are shown; the report that can be saved holds them all."""
SHEETS, COLUMNS, DECIDE = "Sheets", "Columns", "To decide"
NEW, CHANGES, FAULTS, NOTES, LEFT_OUT = "New", "Changed", "Faulty", "Repaired", "Left out"
_WHERE = (Head("Sheet"), Head("Row", right=True), Head("Column"))
_CALLED = {NEW: "New records", CHANGES: "Changed values", FAULTS: "Faults", NOTES: "Repairs"}
"""What a tab is called where the figures above it, which count rows, have its word."""
HEADS: Mapping[str, Sequence[Head]] = {
    FAULTS: (*_WHERE, Head("What is wrong")),
    NEW: (Head("Sheet"), Head("Row", right=True), Head("What"), Head("Amount", right=True), Head("Name")),
    CHANGES: (Head("Sheet"), Head("Row", right=True), Head("Record"), Head("Value"), Head("Before"), Head("After")),
    NOTES: (*_WHERE, Head("What was done")),
    LEFT_OUT: (Head("Sheet"), Head("Why it is not read")),
}
Rows = list[tuple[str, ...]]
AS_THE_FILE_SAYS = "As the file says"
_LEAST = 250
_ABOUT = {
    SHEETS: "Untick what is to stay out, and say what a row of each is.",
    COLUMNS: "Choose a column to send it elsewhere (Enter). What no column has is given under Sheets.",
    DECIDE: "What only you can know. The file is looked at again after each answer.",
    FAULTS: "These rows stay out until they are mended in the file; the others can go in meanwhile.",
    NEW: "What each row adds.",
    CHANGES: "Values that differ from what is kept, and what they become.",
    NOTES: "Cells that were repaired, or are kept as they are beside the record.",
    LEFT_OUT: "Sheets and rows of the file that are not read.",
}
_ABOUT_STORED = {
    SHEETS: "What came in.",
    COLUMNS: "Where each column went.",
    DECIDE: "What you decided.",
    FAULTS: "These rows stayed out: mend them in the file, and bring it in again.",
    NEW: "What each row added.",
    CHANGES: "Values that differed from what was kept, and what they became.",
}
"""What the tabs hold once it is stored, where that is otherwise."""


@dataclass(frozen=True)
class Laid:
    """A preview ready to be shown: by sort of row, how many there are and the first of them; columns of their own.

    `into`: the name of the file that it goes into.
    """

    preview: Preview
    rows: Mapping[str, Rows]
    counts: Mapping[str, int]
    own: Own = field(default_factory=dict)
    into: str = ""


def laid(found: Preview, session: Session, into: str) -> Laid:
    """The rows of each sort in words, at most MOST of each; those without any are left out."""
    every: dict[str, tuple[int, Iterator[tuple[str, ...]]]] = {
        FAULTS: (len(found.faults), ((f.sheet, f"{f.row:,}", f.column, f.message) for f in found.faults)),
        NEW: (sum(n for kind, n in found.brings.items() if kind.__tablename__ in found.leading), _new(found)),
        CHANGES: (
            len(found.changes),
            (
                (c.sheet, f"{c.row:,}", c.reference, c.field, c.before or "blank", c.after or "blank")
                for c in found.changes
            ),
        ),
        NOTES: (
            len(found.notes) + found.more_notes,
            ((n.sheet, f"{n.row:,}", n.column, n.message) for n in found.notes),
        ),
        LEFT_OUT: (len(found.left_out), ((sheet, why[:1].upper() + why[1:]) for sheet, why in found.left_out)),
    }
    rows = {name: list(islice(lines, MOST)) for name, (count, lines) in every.items() if count}
    columns = {kind.__tablename__: own.columns(session, kind) for kind in RECORDS}
    return Laid(found, rows, {name: every[name][0] for name in rows}, columns, into)


def _new(found: Preview) -> Iterator[tuple[str, ...]]:
    for one in found.added():
        kind = kind_named(one.kind)
        yield one.sheet, f"{one.row:,}", kind.noun if kind else "", _money(one.pounds), one.called


def _money(amount: Decimal | None) -> str:
    return wording.money_text(amount) if amount is not None else ""


def figures(found: Preview) -> list[KeyFigure]:
    """Rows and pounds read, and what would become of them."""
    read = KeyFigure("Read from the file", wording.counted(found.rows_read, "row"), _money(found.amount_read))
    told = [(verdict.value, tally) for verdict, tally in found.told.items()]
    each = [KeyFigure(words, wording.counted(tally.rows, "row"), _money(tally.pounds)) for words, tally in told]
    return [read, *each]


def before_and_after(found: Preview, into: str, *, stored: bool = False) -> str:
    """How many grants the file holds before and after, and what was awarded; else what comes in and what changes."""
    if found.before == found.after:
        brings = [wording.counted(n, kind.noun.lower(), kind.plural.lower()) for kind, n in found.brings.items()]
        changes = wording.counted(len(found.changes), "value")
        does = [f"{'added' if stored else 'adds'} {wording.listed(brings)}"] if brings else []
        does += [f"{'changed' if stored else 'changes'} {changes}"] if len(found.changes) else []
        return f"The import {wording.listed(does)}." if does else ""
    before, after = (
        f"{wording.counted(tally.rows, 'grant')}, {_money(tally.pounds)} awarded"
        for tally in (found.before, found.after)
    )
    if stored:
        return f"{into} held {before}. It now holds {after}."
    return f"{into} now holds {before}. After the import: {after}."


def first_tab(found: Preview, own: Own, *, asks: bool) -> str:
    """Where an officer looks first: what is asked or lacking, columns that are not sure, faults, changes."""
    if asks:
        return DECIDE
    columns = [column for mapped in found.mappings.values() for column in mapped.columns]
    wanted = any(table.lacks and not table.same.keys() >= set(table.lacks) for table in found.tables)
    if not columns or wanted:
        return SHEETS
    if any(badge_for(column, own).words in UNSURE for column in columns):
        return COLUMNS
    return FAULTS if found.faults else CHANGES if len(found.changes) else COLUMNS


def button_words(found: Preview) -> str:
    """What the button says that stores it: "Import 118 new and 4 changed"."""
    new, changed = found.tallies[Verdict.NEW].rows, found.tallies[Verdict.CHANGED].rows
    parts = [f"{new:,} new"] * bool(new) + [f"{changed:,} changed"] * bool(changed)
    return f"Import {wording.listed(parts)}" if parts else "Import"


class Found(QWidget):
    """A preview, before or after it is stored. `decided` carries the plan as the officer changed it."""

    reporting = Signal()
    mending = Signal()
    another = Signal()
    opening = Signal()
    undoing = Signal()
    cancelled = Signal()
    decided = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.laid: Laid | None = None
        self.stored = False
        self.tables: dict[str, PlainTable] = {}
        self._programmes: Mapping[str, str] = {}
        self.note = label("", "soft", wrap=True)
        self.strip, self.totals, self.about = FigureStrip(theme), label("", wrap=True), label("", "caption", wrap=True)
        self.nameless = label("", "soft", wrap=True)
        self.sheets, self.columns, self.decide = Tables(theme), Columns(theme), Decide(theme)
        self.tabs, self.stack = TabBar(), QStackedWidget()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName("What becomes of the rows")
        self.tabs.currentChanged.connect(self._turn)
        for part in self.parts:
            self.stack.addWidget(part)
            part.decided.connect(self.decided)
        limited(self.stack, theme, least_height=_LEAST)
        self._arrange()

    @property
    def parts(self) -> tuple[Tables, Columns, Decide]:
        """The parts in which an officer decides something."""
        return self.sheets, self.columns, self.decide

    def _arrange(self) -> None:
        layout = column(self.theme, margins=(20, 10, 20, 8), gap=7)
        for widget in (self.note, self._working(), self.strip, self.totals, self._choices(), self.nameless, self.tabs):
            layout.addWidget(widget)
        layout.addWidget(line())
        layout.addWidget(self.about)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _working(self) -> QWidget:
        self.doing, self.bar = label("", "soft"), QProgressBar()
        self.bar.setTextVisible(False)
        sized(self.bar, self.theme, width=160)
        held = Flow(self.theme, gap=10)
        held.show_widgets([self.doing, self.bar, button("Cancel", self.cancelled.emit, "link")])
        held.hide()
        self.working = held
        return held

    def _choices(self) -> QWidget:
        self.programme = Choice(self.theme, [AS_THE_FILE_SAYS], blank=False)
        self.programme.setAccessibleName("Programme that takes the rows")
        self.programme.textActivated.connect(lambda _words: self._choose())
        sized(self.programme, self.theme, width=240)
        self.named = label("Programme that takes the rows", "heading")
        self.named.setBuddy(self.programme)
        self.takes_all = QCheckBox("Also rows that name another")
        self.takes_all.setToolTip("Else only rows that name no programme go there")
        self.takes_all.setChecked(True)
        self.takes_all.toggled.connect(lambda _on: self._choose())
        self.all_or_nothing = QCheckBox("All or nothing")
        self.all_or_nothing.setToolTip("Store nothing while a row is faulty")
        self.all_or_nothing.setAccessibleDescription("Store nothing while a row is faulty")
        self.all_or_nothing.toggled.connect(lambda _on: self._choose())
        self._make_buttons()
        self.choosing = (self.named, self.programme, self.takes_all, self.all_or_nothing)
        choices = Flow(self.theme, gap=8)
        choices.show_widgets([*self.choosing, self.look, self.undo, self.mend, self.report, self.other])
        return choices

    def _make_buttons(self) -> None:
        self.look = button("Look at what came in", self.opening.emit)
        self.undo = button("Undo the import", self.undoing.emit, tip="Take back all of it, as one step")
        self.mend = button(
            "Save the faulty rows …", self.mending.emit, tip="Your own workbook with the faults as notes, to correct"
        )
        self.report = button("Save the report …", self.reporting.emit, tip="What becomes of every row, in Excel")
        self.other = button("Another file …", self.another.emit)

    def offer_programmes(self, programmes: Mapping[str, str]) -> None:
        """The programmes that may take the rows: their words and references."""
        self._programmes = programmes
        self._show_plan()

    def show_preview(self, laid: Laid, *, first: bool) -> None:
        """Show what an import would do; with `first` it is another file than before."""
        found, self.laid = laid.preview, laid
        if first:
            self.decide.forget()
        self._say(f"{found.description}. {_next(found)}", "problem" if found.hindrance else "soft")
        programme = found.of_no_programme if found.changes_anything else ""
        self.nameless.setText(" ".join(filter(None, (programme, found.of_not_taken))))
        self.working.hide()
        self.strip.show_figures(figures(found))
        self.totals.setText(before_and_after(found, laid.into))
        self.totals.setVisible(bool(self.totals.text()))
        self.look.hide()
        self.undo.hide()
        self.mend.setVisible(bool(found.tallies[Verdict.FAULTY].rows))
        self.sheets.show_found(found)
        self.sheets.follow(self.tabs)
        self.columns.show_found(found, laid.own)
        self.columns.follow(self.sheets.parts[-1] if self.sheets.parts else self.tabs)
        self.decide.show_found(found)
        self._let_choose(on=True)
        self._show_plan()
        self._show_tables(laid, first=first)

    def show_working(self, words: str, done: int = 0, of: int = 0) -> None:
        """What is shown is being looked at again, as the officer has decided something."""
        self.doing.setText(words)
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.bar.setAccessibleName(words)
        self.working.show()

    def show_stored(self, words: str) -> None:
        """It is stored: say so, and leave nothing to be decided."""
        self._say(f"✓ {words}", "")
        if self.laid is not None:
            self.totals.setText(before_and_after(self.laid.preview, self.laid.into, stored=True))
        self.look.show()
        self.undo.show()
        self._let_choose(on=False)
        self._turn(self.tabs.currentIndex())

    def _let_choose(self, *, on: bool) -> None:
        self.stored = not on
        for part in self.parts:
            part.setEnabled(on)
        for choice in self.choosing:
            choice.setVisible(on)
        self.nameless.setVisible(on and bool(self.nameless.text()))

    def show_refusal(self, words: str) -> None:
        """It could not be stored, or not be looked at again: say why."""
        self.working.hide()
        self._say(words, "problem")

    def _say(self, words: str, look: str) -> None:
        self.note.setText(words)
        restyle(self.note, "look", look)
        announce(self, words)

    def _show_plan(self) -> None:
        plan = self.laid.preview.plan if self.laid is not None else Plan()
        for widget in (self.programme, self.takes_all, self.all_or_nothing):
            widget.blockSignals(True)
        self.programme.clear()
        self.programme.addItems([AS_THE_FILE_SAYS, *self._programmes])
        chosen = next((words for words, reference in self._programmes.items() if reference == plan.programme), "")
        self.programme.setCurrentText(chosen or AS_THE_FILE_SAYS)
        self.takes_all.setChecked(plan.takes_all)
        self.takes_all.setVisible(bool(plan.programme) and self.programme.isVisibleTo(self))
        self.all_or_nothing.setChecked(plan.all_or_nothing)
        for widget in (self.programme, self.takes_all, self.all_or_nothing):
            widget.blockSignals(False)

    def _choose(self) -> None:
        if self.laid is not None:
            plan = replace(
                self.laid.preview.plan,
                programme=self._programmes.get(self.programme.currentText(), ""),
                takes_all=self.takes_all.isChecked(),
                all_or_nothing=self.all_or_nothing.isChecked(),
            )
            self.decided.emit(plan)

    def _show_tables(self, laid: Laid, *, first: bool) -> None:
        before = "" if first else self.tabs.tabData(self.tabs.currentIndex())
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for table in self.tables.values():
            self.stack.removeWidget(table)
            table.deleteLater()
        self.tables = {name: PlainTable(self.theme, name, HEADS[name]) for name in laid.rows}
        counts = {SHEETS: len(self.sheets.boxes)}
        counts |= {COLUMNS: sum(len(one.columns) for one in laid.preview.mappings.values())}
        counts |= {DECIDE: self.decide.open or self.decide.count} if self.decide.count else {}
        for name, count in {**counts, **laid.counts}.items():
            words = "Decided" if name == DECIDE and not self.decide.open else _CALLED.get(name, name)
            self.tabs.setTabData(self.tabs.addTab(f"{words} {count:,}"), name)
        for name, table in self.tables.items():
            table.show_rows(laid.rows[name])
            self.stack.addWidget(table)
        self.tabs.blockSignals(False)
        self.show_tab(before or first_tab(laid.preview, laid.own, asks=bool(self.decide.open)))
        self._turn(self.tabs.currentIndex())

    def show_tab(self, name: str) -> None:
        """Turn to the tab of that name."""
        for at in range(self.tabs.count()):
            if self.tabs.tabData(at) == name:
                self.tabs.setCurrentIndex(at)

    def _turn(self, at: int) -> None:
        name = self.tabs.tabData(at)
        if self.laid is None or name is None:
            return
        parts: dict[str, QWidget] = dict(zip((SHEETS, COLUMNS, DECIDE), self.parts, strict=True))
        parts |= self.tables
        count, shown = self.laid.counts.get(name, 0), len(self.laid.rows.get(name, ()))
        more = f" The first {shown:,} of {count:,}; the report holds them all." if count > shown else ""
        about = {**_ABOUT, **_ABOUT_STORED} if self.stored else _ABOUT
        self.about.setText(about[name] + more)
        for part in parts.values():  # a stack is as high as its highest page, those not shown too
            high = QSizePolicy.Policy.Preferred if part is parts[name] else QSizePolicy.Policy.Ignored
            part.setSizePolicy(QSizePolicy.Policy.Preferred, high)
        self.stack.setCurrentWidget(parts[name])


def _next(found: Preview) -> str:
    """What is to be done now."""
    faulty = found.tallies[Verdict.FAULTY].rows
    if found.hindrance:
        return f"This cannot be stored yet. {found.hindrance}"
    if found.plan.all_or_nothing and faulty:
        return f"All or nothing: nothing can be stored while {wording.counted(faulty, 'row is', 'rows are')} faulty."
    if not found.rows_read:
        return "No row is read yet: tick what is to come in, and say where its columns go."
    if not found.changes_anything and not faulty:
        return "There is nothing to store: every row is kept already, just as the file has it."
    return "Nothing is stored until you press Import."
