"""What a report asks, as a form made from its declared parameters."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app.records import Field, kind_named
from grants_app.records.fields import Options
from grants_app.reports.registry import Parameter, Report
from grants_app.ui.desk import Desk
from grants_app.ui.form import Loaded, Row
from grants_app.ui.links import LinkEditor, Named, named
from grants_app.ui.widgets import clear, column, label


class ReportForm(QWidget):
    """The questions of one report, and whether it is final. `answered`: an answer changed."""

    answered = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.report: Report | None = None
        self.rows: dict[str, Row] = {}
        self.about = label("", "soft", wrap=True)
        self.final = QCheckBox("Final, not a draft")
        self.final.setToolTip("Every page says whether it is a draft or final")
        self.final.setAccessibleDescription(self.final.toolTip())
        self.final.toggled.connect(lambda _on: self.answered.emit())
        self._questions = column(desk.theme, gap=12)
        layout = column(desk.theme, gap=12)
        layout.addWidget(self.about)
        layout.addLayout(self._questions)
        layout.addWidget(self.final)
        self.setLayout(layout)

    def ask(self, report: Report) -> None:
        """Ask what this report asks; an answer to the same question of the report before stays."""
        before = {name: row.editor.text() for name, row in self.rows.items() if row.editor is not None}
        shown = {name: row.shown_name for name, row in self.rows.items() if isinstance(row, _Question)}
        clear(self._questions)
        self.report, self.rows = report, {}
        self.about.setText(report.about)
        for one in report.parameters:
            row = _Question(self.desk, one)
            self.rows[one.name] = row
            self._questions.addWidget(row)
            row.answered.connect(self.answered)
            if one.name in before:
                row.put(before[one.name], shown.get(one.name, ""))

    def put(self, name: str, one: Named | None) -> None:
        """Answer a question that names a record."""
        row = self.rows.get(name)
        if row is not None and row.editor is not None and isinstance(row.editor, LinkEditor):
            row.editor.show_named(one)
            if isinstance(row.editor.widget, QLineEdit):
                row.editor.widget.setCursorPosition(0)

    def answers(self, *, say: bool) -> Mapping[str, str] | None:
        """What was answered by the parameters' names; None, said below the question if `say`, where one is missing."""
        assert self.report is not None
        found, complete = {}, True
        for one in self.report.parameters:
            row = self.rows[one.name]
            text = row.editor.text().strip() if row.editor is not None else ""
            row.say("")
            if text:
                found[one.name] = text
            elif one.required:
                complete = False
                if say:
                    row.say(f"{one.label} is needed")
        return found if complete else None

    def focus_first(self) -> None:
        """Put the keyboard into the first question."""
        for row in self.rows.values():
            if row.editor is not None:
                row.editor.widget.setFocus()
                return


class _Question(Row):
    answered = Signal()

    def __init__(self, desk: Desk, one: Parameter) -> None:
        text = one.help[:1].upper() + one.help[1:]
        options = Options(one.label, help=text, required=one.required, to=one.to or None)
        super().__init__(desk, Field(one.name, one.kind, options), {})
        self.show_value(None, Loaded(None, {}))
        assert self.editor is not None
        self.editor.typed.connect(self.answered)

    @property
    def shown_name(self) -> str:
        """What stands in the box: a record by its name."""
        assert self.editor is not None
        return self.editor.write_out() if isinstance(self.editor, LinkEditor) else self.editor.text()

    def put(self, text: str, shown: str) -> None:
        """Answer it, as an earlier report's question was."""
        if isinstance(self.editor, LinkEditor) and text and shown:
            self.editor.show_named((text, shown.removesuffix(f" · {text}")))
        elif self.editor is not None:
            self.editor.write(text)


def suggestion(session: Session, one: Parameter, known: Mapping[str, int | None]) -> Named | None:
    """The record that a question most likely means: one known by its kind's table, else the only one there is."""
    kind = kind_named(one.to) if one.to else None
    if kind is None:
        return None
    wanted = known.get(kind.__tablename__)
    if wanted is None and session.scalar(select(func.count()).select_from(kind)) == 1:
        wanted = session.scalar(select(kind.id))
    found = session.get(kind, wanted) if wanted is not None else None
    return named(kind, found) if found is not None else None
