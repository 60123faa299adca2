"""Log an engagement: a small panel over any page, fields in the order of a sign-in sheet, ready for the next one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QGridLayout, QScrollArea, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing, engagements
from grants_app.records.engagement import Engagement, EngagementStatus
from grants_app.records.grant import Grant
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.form import Loaded, Row, load
from grants_app.ui.links import LinkEditor, named
from grants_app.ui.widgets import announce, button, column, label, panel, row

_FIELDS = (
    "grant_id", "held_on", "hours", "title", "venue", "borough", "kind", "audiences", "attended", "new", "method",
    "signposted", "summary",
)  # fmt: skip
_KEPT = ("grant_id", "held_on", "venue", "borough", "kind", "audiences", "method")
"""What the next engagement is likely to share with the last one."""
_NEEDED = ("held_on", "title", "attended")
_SPANS = frozenset({"grant_id", "title", "summary"})


class EntryPanel(QFrame):
    """The panel. Ctrl+Enter (or Enter on the last field) saves, and the panel stays for the next; Escape closes it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self.rows: dict[str, Row] = {}
        self.setProperty("look", "card")
        self.setObjectName("entry")
        self.setAccessibleName("Log an engagement")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(desk.theme.px(24))
        shadow.setOffset(0, desk.theme.px(4))
        self.setGraphicsEffect(shadow)
        self.told = label("Enter goes on, Ctrl+Enter saves.", "soft", wrap=True)
        self.save = button("Save and next", self.add, "primary", tip="Save, and stay for the next one (Ctrl+Enter)")
        desk.read(_start, self._show, owner=self)

    def _show(self, loaded: Loaded) -> None:
        grid = QGridLayout()
        px = self.theme.px
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        at = 0
        for name in _FIELDS:
            made = Row(self.desk, Engagement.fields()[name], loaded.lists, tight=True, needed=name in _NEEDED)
            if made.editor is not None and isinstance(made.editor, LinkEditor):
                made.editor.widget.setPlaceholderText("Reference or name; blank for City Hall's own")  # type: ignore[attr-defined]
            made.show_value(loaded.values.get(name), loaded)
            self.rows[name] = made
            span = 2 if name in _SPANS else 1
            at += at % 2 if span == 2 else 0
            grid.addWidget(made, at // 2, at % 2, 1, span)
            at += span
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = column(self.theme, margins=20, gap=10)
        head = row(self.theme)
        head.addWidget(label("Log an engagement", "title"))
        head.addStretch()
        head.addWidget(button("Close", self.close, "link", tip="Close (Escape)"))
        layout.addLayout(head)
        area = QScrollArea()
        inner = column(self.theme, margins=(0, 0, 10, 0), gap=0)
        inner.addLayout(grid)
        self._fields = panel(inner, ground="paper")
        area.setWidget(self._fields)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(area, 1)
        foot = row(self.theme)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.save)
        layout.addLayout(foot)
        self.setLayout(layout)
        self.begin()

    def begin(self) -> None:
        """Show the panel and put the keyboard on the first field to fill in."""
        if self.rows:
            self.place()
            self.show()
            self.raise_()
            self._begin()

    def place(self) -> None:
        """Stand at the top right of the page, within the window."""
        parent = self.parentWidget()
        assert parent is not None
        px = self.theme.px
        wide = min(px(560), parent.width() - px(24))
        wanted = self._fields.sizeHint().height() + px(140) if self.rows else px(500)
        high = min(wanted, parent.height() - px(24))
        self.setGeometry(
            parent.width() - wide - px(20), max(px(8), min(px(60), parent.height() - high - px(8))), wide, high
        )

    def _begin(self) -> None:
        first = "title" if self._text("grant_id") else "grant_id"
        editor = self.rows[first].editor
        assert editor is not None
        editor.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _text(self, name: str) -> str:
        editor = self.rows[name].editor
        return editor.text() if editor is not None else ""

    def add(self) -> None:
        """Log what stands in the fields; what is wrong is said under them, and nothing typed is lost."""
        for made in self.rows.values():
            made.say("")
        missing = [name for name in _NEEDED if not self._text(name).strip()]
        unread = [name for name, made in self.rows.items() if not made.check()]
        for name in missing:
            self.rows[name].say(f"{self.rows[name].field.label} is needed")
        wrong = next((name for name in _FIELDS if name in {*missing, *unread}), None)
        if wrong is not None:
            self._focus(wrong)
            return
        typed = {name: self._text(name) for name in self.rows if self._text(name).strip()}
        self.save.setEnabled(False)
        self.desk.do(partial(log_typed, typed=typed), self._added, owner=self, refused=self._refused)

    def _added(self, engagement: Engagement) -> None:
        self.save.setEnabled(True)
        came = wording.counted(engagement.attended or 0, "attendance")
        self.told.setText(f"Saved {engagement.reference}, {engagement.title}, {came}.")
        announce(self, self.told.text())
        for name, made in self.rows.items():
            if made.editor is not None and name not in _KEPT:
                made.editor.show(None)
        day = self.rows["held_on"].editor
        if day is not None:
            day.show(engagement.held_on)
        self._begin()

    def _refused(self, error: Refused) -> None:
        self.save.setEnabled(True)
        problems = [problem for problem in getattr(error, "problems", ()) if problem.field in self.rows]
        for problem in problems:
            self.rows[problem.field].say(problem.sentence)
        if problems:
            self._focus(problems[0].field)
        else:
            self.told.setText(str(error))
            announce(self, str(error))

    def _focus(self, name: str) -> None:
        editor = self.rows[name].editor
        if editor is not None:
            editor.widget.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; Enter goes to the next field; Escape closes."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if control:
                self.add()
            else:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)


def _start(session: Session) -> Loaded:
    """An empty sheet with what the last engagement logged is likely to share with the next."""
    blank = load(session, Engagement, None)
    assert blank is not None
    newest = select(Engagement).where(Engagement.status == EngagementStatus.DELIVERED).order_by(Engagement.id.desc())
    last = session.scalars(newest.limit(1)).first()
    values: dict[str, Any] = {**blank.values, "held_on": clock.today(), "attended": None}
    names: dict[str, tuple[str, str]] = {}
    if last is not None:
        values |= {name: getattr(last, name) for name in _KEPT if name != "held_on"}
        grant = session.get(Grant, last.grant_id) if last.grant_id is not None else None
        if grant is not None:
            names["grant_id"] = named(Grant, grant)
    return Loaded(None, values, names, {}, blank.lists)


def log_typed(store: Store, *, typed: Mapping[str, str]) -> Engagement:
    """Log an engagement from what was typed by field name. One of City Hall's own goes to the file's only programme."""
    with store.reading() as session:
        values = editing.read_values(session, Engagement, typed)
        if values.get("grant_id") is None:
            values["programme_id"] = _only_programme(session)
    return engagements.log(store, values)


def _only_programme(session: Session) -> int | None:
    from grants_app.records.programme import Programme

    found = session.scalars(select(Programme.id).limit(2)).all()
    return found[0] if len(found) == 1 else None
