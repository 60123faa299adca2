"""What waits, as widgets: a line each, with when, what, whose, and the one action."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from grants_app import clock, wording
from grants_app.records import Grant, Organisation, Programme, Record
from grants_app.ui.badges import Badge, Pill, Tone
from grants_app.ui.pages.todo import Do, Todo
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce, button, clear, column, label, line, panel, row

_MOST, _AT_ONCE, _AT_A_TIME, _BETWEEN_MS = 40, 14, 4, 10
_BEGINNINGS = {
    Programme: "Begin with a programme: its name, its year and its budget. Then come the organisations, then grants.",
    Organisation: "Next come the organisations that ask for grants, then the grants themselves.",
    Grant: "Next come the grants: each bid and each award is one.",
}
"""What is said in a file that has none of a kind yet."""
Act = Callable[[Todo, "TodoLine"], None]


class TodoList(QWidget):
    """What waits, a line each; in a file that is still empty, what it begins with."""

    def __init__(self, theme: Theme, act: Act, begin: Callable[[type[Record]], None]) -> None:
        super().__init__()
        self._theme, self._act, self._begin = theme, act, begin
        self.lines: list[TodoLine] = []
        self._items: Sequence[Todo] = ()
        self._kept: dict[Todo, TodoLine] = {}
        self._rest = QTimer(self, singleShot=True, interval=_BETWEEN_MS)
        self._rest.timeout.connect(lambda: self._add_lines(_AT_A_TIME))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("To do")
        self.head = label("To do", "heading")
        self._lines = column(theme, gap=0)
        held = column(theme, margins=(0, 14, 0, 8), gap=6)
        top = row(theme, margins=(16, 0, 16, 0))
        top.addWidget(self.head)
        held.addLayout(top)
        held.addLayout(self._lines)
        held.addStretch()
        outer = column(theme, gap=0)
        outer.addWidget(panel(held, look="card"))
        self.setLayout(outer)

    def show_items(self, items: Sequence[Todo], first: type[Record] | None = None, *, anew: bool = False) -> None:
        """Show these lines; `first` is the kind of record that the file begins with, if it has none.

        A line that stays is left alone, with what is typed in it, unless all are to be made `anew`.
        """
        focused = QApplication.focusWidget()
        worked_here = focused is not None and self.isAncestorOf(focused)
        self._rest.stop()
        for made in self._kept.values():  # not placed yet: the rest was still to come
            self._lines.addWidget(made)
            self.lines.append(made)
        stays = set() if anew else set(items[:_MOST])
        self._kept = {made.item: made for made in self.lines if made.item in stays}
        for made in self._kept.values():
            self._lines.removeWidget(made)
        clear(self._lines)
        self.head.setText(f"To do · {len(items)}")
        self.lines, self._items = [], items
        self._add_lines(_AT_ONCE)
        if first is not None and not items:
            self._lines.addWidget(self._beginning(first))
        elif not items:
            self._say("Nothing waits for you until a week from now.")
        if worked_here and not any(made.isAncestorOf(focused) for made in self.lines if focused is not None):
            self.setFocus()  # never on the next line's button, which a second Enter would press

    def _add_lines(self, count: int) -> None:
        """Make so many more lines; those below the screen come a few at a time, so that nobody waits for them."""
        shown = self._items[:_MOST]
        for item in shown[len(self.lines) :]:
            made = self._kept.pop(item, None)
            if made is None:
                if count == 0:
                    break
                count, made = count - 1, TodoLine(self._theme, self._act, item)
            if self.lines:
                self._lines.addWidget(line())
            self.lines.append(made)
            self._lines.addWidget(made)
        if len(self.lines) < len(shown):
            self._rest.start()
        elif len(self._items) > _MOST:
            self._say(f"{len(self._items) - _MOST} more stand on their own pages.")

    def _say(self, words: str) -> None:
        inner = row(self._theme, margins=(16, 8, 16, 8))
        inner.addWidget(label(words, "soft", wrap=True))
        self._lines.addWidget(panel(inner))

    def _beginning(self, first: type[Record]) -> QWidget:
        inner = column(self._theme, margins=(16, 8, 16, 12), gap=10)
        inner.addWidget(label(_BEGINNINGS[first], wrap=True))
        words = f"New {first.noun.lower()}"
        inner.addWidget(button(words, partial(self._begin, first), "primary"), 0, Qt.AlignmentFlag.AlignLeft)
        return panel(inner)


class TodoLine(QWidget):
    """One line of what waits: when, what, whose, and the one action."""

    def __init__(self, theme: Theme, act: Act, item: Todo) -> None:
        super().__init__()
        self.item = item
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        words = column(theme, gap=0)
        words.addWidget(label(item.words, wrap=True))
        words.addWidget(label(item.whose, "caption", wrap=True))
        words.addWidget(self.problem)
        layout = row(theme, margins=(16, 8, 16, 8), gap=10)
        due = Pill(theme, _due_badge(item))
        holder = row(theme, gap=0)
        holder.addWidget(due)
        holder.addStretch()
        pill_column = panel(holder)
        pill_column.setMinimumWidth(theme.px(124))
        layout.addWidget(pill_column)
        layout.addLayout(words, 1)
        self.box = QLineEdit(self)
        self.box.hide()
        self.act = button(item.do.value, partial(act, item, self), name=f"{item.do.value}: {item.words}")
        self.act.setParent(self)
        if item.do is Do.COUNT:
            self._add_box(theme, act, layout)
            self.act.hide()
        else:
            self.act.setMinimumWidth(theme.px(84))
            layout.addWidget(self.act)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _add_box(self, theme: Theme, act: Act, layout: QHBoxLayout) -> None:
        self.box.setPlaceholderText("number")
        self.box.setAccessibleName(f"{self.item.words} A number; Enter marks it delivered")
        self.box.setToolTip("How many came; Enter marks it delivered")
        self.box.setFixedWidth(theme.px(84))
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.returnPressed.connect(partial(act, self.item, self))
        layout.addWidget(self.box)
        self.box.show()

    def say(self, words: str) -> None:
        """Say why it could not be done."""
        self.problem.setText(words)
        self.problem.show()
        announce(self, words)


def _due_badge(item: Todo) -> Badge:
    days = (item.due - clock.today()).days
    words = item.mark or wording.due_text(item.due)
    tone: Tone = "plain" if days > 0 else "warning" if days == 0 or item.do is Do.COUNT else "bad"
    return Badge(words, "", tone)
