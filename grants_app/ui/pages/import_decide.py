"""What an import asks of the officer: names that look alike, and rows of one identifier that differ."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from grants_app import wording
from grants_app.exchange.imports.importing import Clash, Clashing, Likeness, Plan, Preview
from grants_app.records import kind_named
from grants_app.ui.flow import Flow
from grants_app.ui.lines import Item, Lines
from grants_app.ui.marks import Mark
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, column, label

_OPEN = Mark("To decide", "ring", "accent")
_CLASHES = {
    Clashing.INSTALMENTS: ("Instalments of one grant", "Instalments"),
    Clashing.SEPARATE: ("Separate grants", "Separate"),
    Clashing.SKIP: ("Leave them out", "Left out"),
}
_MOST_ROWS = 6

Key = tuple[str, str]


class Decide(QWidget):
    """The questions, answered or not, and the answers that the present one may have. `decided` carries the plan."""

    decided = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.plan = Plan()
        self._alike: dict[str, Likeness] = {}
        self._clashes: dict[str, Clash] = {}
        self.list = Lines(theme, "What is to be decided")
        self.question = label("", wrap=True)
        self.same = button("They are the same", partial(self._alike_is, same=True))
        self.different = button("They are different", partial(self._alike_is, same=False))
        self.clashing = {
            choice: button(words, partial(self._clash_is, choice), tip=choice.words)
            for choice, (words, _) in _CLASHES.items()
        }
        self.all = QCheckBox("")
        self.answers = Flow(theme, gap=8)
        self.answers.show_widgets([self.same, self.different, *self.clashing.values(), self.all])
        layout = column(theme, gap=8)
        layout.addWidget(self.question)
        layout.addWidget(self.answers)
        layout.addWidget(self.list, 1)
        self.setLayout(layout)
        self.list.moved.connect(lambda _key: self._ask())
        self.list.opened.connect(lambda _key: self.same.setFocus() if self.same.isVisible() else self._first_answer())

    def forget(self) -> None:
        """Another file: nothing was asked yet."""
        self._alike.clear()
        self._clashes.clear()

    @property
    def count(self) -> int:
        """How many questions there are, those answered included."""
        return len(self._alike) + len(self._clashes)

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return sum(mark == _OPEN for mark in (item.mark for item in self.list.items))

    def show_found(self, found: Preview) -> None:
        """Show what a preview asks; what was answered stays, so that it can be answered otherwise."""
        self.plan = found.plan
        self._alike |= {one.key: one for one in found.likenesses}
        self._clashes = {one.key: one for one in found.clashes}
        items = [self._alike_item(one) for one in self._alike.values()]
        items += [self._clash_item(one) for one in self._clashes.values()]
        self.list.show_items(items)
        self._ask()

    def _alike_item(self, one: Likeness) -> Item:
        kind = kind_named(one.kind)
        soft = f"{kind.noun if kind else 'Record'}, sheet {one.sheet}, row {one.row:,}: {one.score:.0f} % alike"
        answer = self.plan.likenesses.get(one.key)
        told = _OPEN if answer is None else Mark("Same", "tick", "good") if answer else Mark("Different", "tick")
        return Item(("alike", one.key), f"“{one.said}” looks like {one.reference} {one.called}", soft, mark=told)

    def _clash_item(self, one: Clash) -> Item:
        chosen = self._chosen(one)
        told = Mark(_CLASHES[chosen][1], "tick", "good") if chosen else _OPEN
        words = f"{one.identifier} stands in {wording.counted(len(one.rows), 'row')} that differ"
        return Item(("clash", one.key), words, _rows(one), mark=told)

    def _chosen(self, one: Clash) -> Clashing | None:
        return self.plan.clashes.get(one.key) or one.chosen or self.plan.all_clashes

    def _ask(self) -> None:
        """Put the question of the present entry, and the answers that it may have."""
        sort, key = self.list.present if isinstance(self.list.present, tuple) else ("", "")
        alike, clash = self._alike.get(str(key)), self._clashes.get(str(key))
        for widget in (self.same, self.different):
            widget.setVisible(sort == "alike")
        for choice in self.clashing.values():
            choice.setVisible(sort == "clash")
        self.all.setVisible(sort == "clash" and len(self._clashes) > 1)
        if sort == "alike" and alike is not None:
            self.same.setText(f"The same: it is {alike.reference}".replace("&", "&&"))
            self.same.setAccessibleName(f"The same: {alike.said} is {alike.reference} {alike.called}")
            self.different.setAccessibleName(f"Different: {alike.said} is new")
            self.question.setText(
                f"Is “{alike.said}” the same as {alike.reference}, {alike.called}? Without an answer it is a new "
                "record."
            )
        elif sort == "clash" and clash is not None:
            self.all.setText(f"The same for all {len(self._clashes):,}")
            self.all.setAccessibleName(self.all.text())
            differ = f" They differ in {wording.listed(clash.columns)}." if clash.columns else ""
            self.question.setText(
                f"What are the {len(clash.rows)} rows of {clash.identifier}?{differ} Without an answer they stay out."
            )
        else:
            self.question.setText("")

    def _first_answer(self) -> None:
        next(iter(self.clashing.values())).setFocus()

    def _alike_is(self, *, same: bool) -> None:
        one = self._alike.get(str(self._key))
        if one is not None:
            self._decide(self.plan.with_likeness(one.key, one.reference if same else ""))

    def _clash_is(self, chosen: Clashing) -> None:
        if self.all.isChecked() and self.all.isVisible():
            self._decide(replace(self.plan, clashes={}, all_clashes=chosen))
        elif self._key in self._clashes:
            self._decide(self.plan.with_clash(str(self._key), chosen))

    @property
    def _key(self) -> str:
        return str(self.list.present[1]) if isinstance(self.list.present, tuple) else ""

    def _decide(self, plan: Plan) -> None:
        """Take the answer at once, go on to the next question, and let the file be looked at again."""
        self.plan = plan
        items = [self._alike_item(one) for one in self._alike.values()]
        items += [self._clash_item(one) for one in self._clashes.values()]
        present = self.list.present
        self.list.show_items(items)
        at = next((row for row, item in enumerate(items) if item.key == present), 0)
        following = next((row for row in range(at + 1, len(items)) if items[row].mark == _OPEN), None)
        if following is not None:
            self.list.go_to(following)
        self.list.setFocus()
        self.decided.emit(plan)


def _rows(one: Clash) -> str:
    """Where the rows of a clash stand, and their amounts."""
    told = [
        f"row {row:,}{f' ({wording.money_text(pounds)})' if pounds is not None else ''}"
        for (_, row), pounds in zip(one.rows[:_MOST_ROWS], one.pounds, strict=False)
    ]
    more = [f"{len(one.rows) - _MOST_ROWS:,} more"] if len(one.rows) > _MOST_ROWS else []
    return f"Sheet {one.rows[0][0]}, {wording.listed([*told, *more])}"
