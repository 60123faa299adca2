"""Pasting rows from Excel into a list: over the cells from the present one on, or as new records; looked at first."""

import itertools
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Record
from grants_app.store import Store
from grants_app.ui.bulk_change import BLANK, DoingSheet
from grants_app.ui.desk import Desk
from grants_app.ui.inputs import Choice
from grants_app.ui.paste_heads import Heads
from grants_app.ui.plain_table import Head, PlainTable
from grants_app.ui.tasks import Task
from grants_app.ui.widgets import announce, button, column, label, panel, scrolled

if TYPE_CHECKING:
    from grants_app.exchange.imports.importing import Likeness, Preview
    from grants_app.exchange.imports.mapping import Mapped
    from grants_app.exchange.imports.pasting import CellSeen, Copied, Covered
    from grants_app.exchange.imports.previewing import Remark

_MOST_SEEN, _MOST_SHOWN = 9, 300


@dataclass(frozen=True)
class Onto:
    """Where rows are pasted: records from the present one down (or the chosen), columns from the present one on.

    `chosen` says how many are chosen. `fixed`: what new records hold besides, by field name.
    """

    kind: type[Record]
    ids: "array[int]"
    references: tuple[str, str]
    names: tuple[str, ...]
    chosen: int
    fixed: Mapping[str, str]


def clipboard_rows(session: Session, kind: type[Record], text: str, html: str) -> "Copied":
    """The rows of the clipboard; Refused where it holds none."""
    from grants_app.exchange.imports import pasting

    return pasting.copied(session, kind, text, html)


def on_clipboard() -> tuple[str, str]:
    """What the clipboard holds as text and as HTML; blank where it holds neither."""
    data = QGuiApplication.clipboard().mimeData()
    return data.text() if data.hasText() else "", data.html() if data.hasHtml() else ""


class PasteSheet(DoingSheet):
    """Shows what pasted rows would do, cell by cell, and does it as one step."""

    LOOKS = "Looking at what the rows would do …"

    def __init__(self, desk: Desk, found: "Copied", onto: Onto, parent: QWidget) -> None:
        self.noun = (onto.kind.noun.lower(), onto.kind.plural.lower())
        super().__init__(desk, f"Paste {wording.counted(len(found.body), 'row')}", parent, "Paste")
        self.found, self.onto = found, onto
        self.covered: Covered | None = None
        self.preview: Preview | None = None
        first, last = onto.references
        which = f"from {first} to {last}" if first != last else first
        over = f"Change {wording.counted(self._covers, *self.noun)}, {which}"
        new = f"Add {wording.counted(len(found.body), *self.noun)}"
        if "reference" in found.named:
            new = f"Bring them in: new {self.noun[1]} added, those with a reference changed"
        self._ways = (over, new) if self._covers else (new,)
        self.way = Choice(desk.theme, self._ways, blank=False)
        self.way.setAccessibleName("What to do with the rows")
        self.way.setCurrentText(over if self._covers and self._fits() else new)
        self.told = label("", "soft", wrap=True)
        self.make = button("", self._make, tip="Its column makes each organisation that is not here yet")
        self._organisations: int | None = None
        self.heads = Heads(self.theme, found)
        self.sent: dict[int, str] = {}
        self._parts = {
            "faults": self._table("These cannot be taken", ("Where", "Column", "Pasted", "What is wrong")),
            "changes": self._table("What changes", (onto.kind.noun, "Column", "Now", "After")),
            "notes": self._table("Read as", ("Where", "Column", "How")),
        }
        self._arrange(parent)
        self.way.currentTextChanged.connect(lambda _words: self.look())
        self.heads.sent.connect(self._send)
        self.look()

    @property
    def _covers(self) -> int:
        return min(len(self.onto.ids), len(self.found.body))

    @property
    def over(self) -> bool:
        """Whether cells that are there are to change, not records to be added."""
        return len(self._ways) > 1 and self.way.currentText() == self._ways[0]

    def _fits(self) -> bool:
        """Whether what was copied has the shape of cells to be changed rather than of records to be added."""
        rows = len(self.found.body)
        return "reference" not in self.found.named and (
            self.onto.chosen == rows > 1 or (self.found.width == 1 and not self.found.named)
        )

    def _table(self, heading: str, heads: Sequence[str]) -> tuple[QWidget, PlainTable]:
        return label(heading, "heading"), PlainTable(self.theme, heading, [Head(words) for words in heads], wraps=True)

    def _arrange(self, parent: QWidget) -> None:
        head = label("What to do with them", "heading")
        head.setBuddy(self.way)
        self.body.addWidget(head)
        self.body.addWidget(self.way)
        self.body.addWidget(self.told)
        self.body.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        held = column(self.theme, gap=6)
        held.addWidget(self.heads)
        for heading, table in self._parts.values():
            held.addWidget(heading)
            held.addWidget(table)
        held.addStretch()
        self.body.addWidget(scrolled(panel(held, ground="paper")), 1)
        for widget in (self.progress, self.cancel, self.act):
            self.buttons.addWidget(widget)
        px = self.theme.px
        self.resize(min(px(760), parent.window().width() - 20), min(px(620), parent.window().height() - 20))
        self._show({})

    def _send(self, place: int, target: str) -> None:
        """Send a column elsewhere; the one that went there goes where this one went."""
        before = self.heads.targets[place]
        other = next((at for at, there in enumerate(self.heads.targets) if there == target and at != place), None)
        self.sent[place] = target
        if target and other is not None:
            self.sent[other] = before
        self.look()

    def _make(self) -> None:
        """Let the column that names organisations make those that are not here."""
        from grants_app.exchange.imports.pasting import NEW_ORGANISATION

        if self._organisations is not None:
            self._send(self._organisations, NEW_ORGANISATION)

    def _offer_to_make(self, found: "Preview | None", columns: "Sequence[Mapped]" = ()) -> None:
        """Offer to make the organisations that rows name and that are not here, if faults say so."""
        from grants_app.exchange.imports.linking import none_called
        from grants_app.exchange.imports.pasting import link_to_organisation

        target = f"{self.onto.kind.__tablename__}.{link_to_organisation(self.onto.kind)}"
        by = next((one for one in columns if one.target == target and one.place < self.found.width), None)
        missing = [
            self._cell(one, columns)
            for one in (found.faults if found is not None else ())
            if by is not None and one.column == by.title and one.message.startswith(none_called("organisation"))
        ]
        several = len(set(missing)) > 1
        named = f"Make the organisation “{missing[0]}”" if missing else ""
        self.make.setText("Make the organisations that are not here" if several else named.replace("&", "&&"))
        self.make.setAccessibleName("Make the organisations that are not here" if several else named or "Make it")
        self.make.setVisible(bool(missing))
        self._organisations = by.place if by is not None and missing else None

    def look(self) -> None:
        """Read what would come of it; nothing is stored."""
        self.act.setEnabled(False)
        self.covered, self.preview = None, None
        self.say("")
        self.told.setText(self.LOOKS)
        store, found, onto, over, sent = self.desk.store, self.found, self.onto, self.over, dict(self.sent)

        def work(task: Task) -> Any:
            from grants_app.exchange.imports import importing, pasting

            progress = lambda done, of: task.progress(done, of or 0)  # noqa: E731
            if over:
                with store.reading() as session:
                    names = pasting.names_sent(onto.kind, found.named or onto.names, sent)
                    return pasting.cover(session, onto.kind, onto.ids, names, found.body, progress=progress)
            source, plan = pasting.as_source(found, onto.kind, onto.names, onto.fixed, sent)
            return importing.preview(store, source, plan, progress=progress)

        done = self._show_covered if over else self._show_preview
        self.looking = self.desk.errand(work, done, owner=self, words="", refused=self._cannot, key="paste preview")

    def _cannot(self, error: Refused) -> None:
        if self.looking is not None and not self.looking.cancelled:
            self.told.setText("")
            self.say(str(error))

    def _show_covered(self, covered: "Covered") -> None:
        from grants_app.exchange.imports import pasting

        self.covered = covered
        self._offer_to_make(None)
        names = pasting.names_sent(self.onto.kind, self.found.named or self.onto.names, self.sent)
        self.heads.show_targets([(pasting.target_of(self.onto.kind, name), "") for name in names])
        cells, records = wording.counted(covered.changing, "cell"), wording.counted(len(covered.values), *self.noun)
        parts = [f"{cells} of {records} would change."]
        parts += [f"{covered.unchanged:,} would stay as they are."] if covered.unchanged else []
        parts += [f"{wording.counted(covered.faulty, 'cell')} cannot be taken."] if covered.faulty else []
        over = f"{wording.counted(covered.beyond, 'row')} left over: the list ends above."
        parts += [over] if covered.beyond else []
        parts += [f"{words} Its column is left out." for _label, words in covered.left_out]
        self._tell(parts, f"Change {cells}" if covered.changing else "Nothing to change", can=covered.changing > 0)
        self._show(
            {
                "faults": [(c.reference, c.label, c.after or BLANK, c.wrong) for c in covered.faults],
                "changes": [_changed(seen) for seen in covered.changes],
            }
        )

    def _show_preview(self, found: "Preview") -> None:
        from grants_app.exchange.imports.completing import GIVE_IT
        from grants_app.exchange.imports.previewing import Verdict

        self.preview = found
        new, changed = found.tallies[Verdict.NEW].rows, found.tallies[Verdict.CHANGED].rows
        act = f"Add {wording.counted(new, *self.noun)}" if new and not changed else "Paste"
        self._tell(_brought(found, self.onto.kind), act, can=found.may_be_stored)
        columns = [one for table in found.mappings.values() for one in table.columns]
        there = {one.place: (one.target, one.words) for one in columns}
        self._offer_to_make(found, columns)
        wrong = [_here(one.message.replace(GIVE_IT, "send one there, above")) for one in found.faults]
        self.heads.show_targets([there.get(place, ("", "")) for place in range(self.found.width)])
        self._show(
            {
                "faults": [
                    (f"Row {one.row:,}", one.column, self._cell(one, columns), why)
                    for one, why in zip(found.faults, wrong, strict=True)
                ],
                "changes": list(itertools.islice(_changes(found), _MOST_SHOWN)),
                "notes": [
                    *map(_likeness, found.likenesses),
                    *map(_note, found.notes),
                ],
            }
        )

    def _cell(self, fault: "Remark", columns: "Sequence[Mapped]") -> str:
        """What was pasted where a fault is."""
        place = next((one.place for one in columns if one.title == fault.column), None)
        row = self.found.rows[fault.row - 1] if 0 < fault.row <= len(self.found.rows) else ()
        return row[place] if place is not None and place < len(row) else ""

    def _tell(self, parts: Sequence[str], act: str, *, can: bool) -> None:
        self.told.setText(" ".join(parts))
        announce(self, self.told.text())
        self.act.setText(act)
        self.act.setAccessibleName(act)
        self.act.setEnabled(can)
        if can and self.focusWidget() not in self.heads.choices:
            self.act.setFocus()

    def _show(self, rows: Mapping[str, Sequence[Sequence[str]]]) -> None:
        for name, (heading, table) in self._parts.items():
            shown = rows.get(name, ())[:_MOST_SHOWN]
            table.show_rows(shown)
            table.fit_height(_MOST_SEEN)
            heading.setVisible(bool(shown))
            table.setVisible(bool(shown))

    def begin(self) -> None:
        """Do what was looked at, as one step."""
        if self.doing is not None:
            return
        self.way.setEnabled(False)
        if self.covered is not None:
            operation = partial(_change, kind=self.onto.kind, covered=self.covered)
            records = wording.counted(len(self.covered.values), *self.noun)
            self.do(operation, lambda count: f"{wording.counted(count, 'cell')} of {records} changed")
        elif self.preview is not None:
            self.do(partial(_bring_in, found=self.preview), lambda told: f"{told}")

    def end(self) -> None:
        """It is over: it may be done otherwise."""
        super().end()
        self.way.setEnabled(True)
        self.act.setEnabled(self.covered is not None or self.preview is not None)


def _brought(found: "Preview", kind: type[Record]) -> list[str]:
    """What would come of bringing the rows in, in sentences."""
    from grants_app.exchange.imports.previewing import Verdict

    rows = {verdict: wording.counted(tally.rows, "row") for verdict, tally in found.tallies.items() if tally.rows}
    brought = found.brings.items()
    more = [wording.counted(n, k.noun.lower(), k.plural.lower()) for k, n in brought if k is not kind]
    told = {
        Verdict.NEW: "would be added",
        Verdict.CHANGED: "would change what is kept",
        Verdict.UNCHANGED: "would change nothing",
        Verdict.FAULTY: "cannot be taken and would be left out",
    }
    parts = [f"{rows[verdict]} {words}." for verdict, words in told.items() if verdict in rows]
    parts += [f"With them {wording.listed(more)} would be added."] if more else []
    return [*parts, *(f"Left out: {why}." for _table, why in found.left_out)]


def _here(words: str) -> str:
    """A fault of rows that are of no file."""
    from grants_app.exchange.imports.linking import HERE_OR

    return wording.stopped(words.replace(HERE_OR, "here or in the rows"))


def _note(note: "Remark") -> tuple[str, str, str]:
    return f"Row {note.row:,}", note.column, note.message


def _changes(found: "Preview") -> Iterator[tuple[str, str, str, str]]:
    for change in found.changes:
        yield change.reference, change.field, change.before or BLANK, change.after or BLANK


def _likeness(like: "Likeness") -> tuple[str, str, str]:
    words = f"“{like.said}” is like {like.called}, {like.reference}: it would be added, unless you paste that reference"
    return f"Row {like.row:,}", "", words


def _changed(seen: "CellSeen") -> tuple[str, str, str, str]:
    return seen.reference, seen.label, seen.before or BLANK, seen.after or BLANK


def _change(store: Store, task: Task, *, kind: type[Record], covered: "Covered") -> int:
    return editing.change_cells(store, kind, covered.values, versions=covered.versions, progress=task.progress)


def _bring_in(store: Store, task: Task, *, found: "Preview") -> str:
    from grants_app.exchange.imports import importing
    from grants_app.exchange.imports.previewing import Verdict

    importing.bring_in(store, found, lambda done, of: task.progress(done, of or 0))
    new, changed = found.tallies[Verdict.NEW].rows, found.tallies[Verdict.CHANGED].rows
    added = f"{wording.counted(new, 'row')} added"
    return f"{added}, {changed:,} changed" if changed else added
