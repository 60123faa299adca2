"""What an import asks of the officer: names that look alike, and rows of one identifier that differ."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from grants_app import wording
from grants_app.exchange.imports.importing import Clash, Clashing, Likeness, Namesakes, Plan, Preview
from grants_app.records import kind_named
from grants_app.ui.badges import Badge
from grants_app.ui.flow import Flow
from grants_app.ui.inputs import Choice
from grants_app.ui.lines import Item, Lines
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, column, label, sized

_OPEN = Badge("To decide", "ring", "accent")
_CLASHES = {
    Clashing.INSTALMENTS: ("Instalments of one grant", "Instalments"),
    Clashing.SEPARATE: ("Separate grants", "Separate"),
    Clashing.SKIP: ("Leave them out", "Left out"),
}
_MOST_ROWS, _LONGEST, _WIDEST = 6, 110, 320

Key = tuple[str, str]


class Decide(QWidget):
    """The questions, answered or not, and the answers that the present one may have. `decided` carries the plan."""

    decided = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.plan = Plan()
        self._alike: dict[str, Likeness] = {}
        self._namesakes: dict[str, Namesakes] = {}
        self._clashes: dict[str, Clash] = {}
        self.ticks: dict[str, QCheckBox] = {}
        self.list = Lines(theme, "What is to be decided")
        self.question = label("", wrap=True)
        self.same = button("They are the same", partial(self._alike_is, same=True))
        self.different = button("They are different", partial(self._alike_is, same=False))
        self.clashing = {
            choice: button(words, partial(self._clash_is, choice), tip=choice.words)
            for choice, (words, _) in _CLASHES.items()
        }
        self.one = button("One organisation, called", partial(self._namesakes_are, one=True))
        self.called = Choice(theme, [], blank=False)
        self.called.setAccessibleName("What the organisation is called")
        sized(self.called, theme, width=_WIDEST)
        self.apart = button("They are different", partial(self._namesakes_are, one=False))
        self.all = QCheckBox("")
        self.spellings, self.answers = Flow(theme, gap=14), Flow(theme, gap=8)
        self._namings = (self.one, self.called, self.apart)
        likeness = (self.same, self.different)
        self.answers.show_widgets([*likeness, *self._namings, *self.clashing.values(), self.all])
        self.more = label("", "soft", wrap=True)
        layout = column(theme, gap=8)
        for widget in (self.question, self.spellings, self.answers):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.more)
        self.setLayout(layout)
        self.list.moved.connect(lambda _key: self._ask())
        self.list.opened.connect(lambda _key: self._first_answer())

    def forget(self) -> None:
        """Another file: nothing was asked yet."""
        self._alike.clear()
        self._namesakes.clear()
        self._clashes.clear()
        self.list.show_items(())

    @property
    def count(self) -> int:
        """How many questions there are, those answered included."""
        return len(self._alike) + len(self._namesakes) + len(self._clashes)

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return sum(badge == _OPEN for badge in (item.badge for item in self.list.items))

    def show_found(self, found: Preview) -> None:
        """Show what a preview asks; what was answered stays, so that it can be answered otherwise."""
        self.plan = found.plan
        self._alike = {one.key: one for one in found.likenesses}
        self._namesakes = {one.key: one for one in found.namesakes}
        self._clashes = {one.key: one for one in found.clashes}
        items, fresh = self._items(), self.list.present is None
        self.list.show_items(items)
        if fresh and self.open:
            self.list.go_to(next(row for row, item in enumerate(items) if item.badge == _OPEN))
        more = wording.counted(found.more_alike, "more name looks", "more names look")
        self.more.setText(f"{more} like another and cannot all be listed: they go in as they are written.")
        self.more.setVisible(bool(found.more_alike))
        self._ask()

    def _items(self) -> list[Item]:
        items = [self._alike_item(one) for one in self._alike.values()]
        items += [self._namesakes_item(one) for one in self._namesakes.values()]
        return items + [self._clash_item(one) for one in self._clashes.values()]

    def _alike_item(self, one: Likeness) -> Item:
        kind = kind_named(one.kind)
        soft = f"{kind.noun if kind else 'Record'}, sheet {one.sheet}, row {one.row:,}: {one.score:.0f} % alike"
        answer = self.plan.likenesses.get(one.key, one.answer)
        earlier = one.remembered and one.key not in self.plan.likenesses
        told = _OPEN if answer is None else _told("Same" if answer else "Different", good=bool(answer), earlier=earlier)
        return Item(("alike", one.key), f"“{one.said}” looks like {one.reference} {one.called}", soft, badge=told)

    def _namesakes_item(self, one: Namesakes) -> Item:
        kind, first = kind_named(one.kind), one.spellings[0]
        soft = f"{kind.noun if kind else 'Record'}, sheet {first.sheet}: "
        soft += "; ".join(f"{spelling.counted} from row {spelling.row:,}" for spelling in one.spellings)
        called, earlier = self._naming(one), first.key not in self.plan.spellings
        told = _OPEN if called is None else _told("One" if called else "Different", good=bool(called), earlier=earlier)
        names = wording.listed([f"“{spelling.name}”" for spelling in one.spellings])
        return Item(("namesakes", one.key), f"{names} look alike", soft, badge=told)

    def _naming(self, one: Namesakes) -> str | None:
        """What was decided of names that are alike."""
        chosen = [self.plan.spellings[s.key] for s in one.spellings if s.key in self.plan.spellings]
        return next(filter(None, chosen), "") if chosen else one.called

    def _clash_item(self, one: Clash) -> Item:
        chosen = self._chosen(one)
        told = Badge(_CLASHES[chosen][1], "tick", "good") if chosen else _OPEN
        words = f"{one.identifier} stands in {wording.counted(len(one.rows), 'row')} that differ"
        return Item(("clash", one.key), words, _rows(one), badge=told)

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
        for naming in self._namings:
            naming.setVisible(sort == "namesakes")
        namesakes = self._namesakes.get(str(key)) if sort == "namesakes" else None
        self._offer(namesakes)
        self.all.setVisible(sort == "clash" and len(self._clashes) > 1)
        if sort == "alike" and alike is not None:
            self.same.setText(f"The same: it is {alike.reference}".replace("&", "&&"))
            self.same.setAccessibleName(f"The same: {alike.said} is {alike.reference} {alike.called}")
            self.different.setAccessibleName(f"Different: {alike.said} is new")
            earlier = alike.remembered and alike.key not in self.plan.likenesses
            without = "Without an answer it is a new record."
            self.question.setText(
                f"Is “{alike.said}” the same as {alike.reference}, {alike.called}? "
                + ("You answered this with an earlier file: another answer takes its place." if earlier else without)
            )
        elif namesakes is not None:
            self.question.setText(
                "Which of these are one organisation, and what is it called? Without an answer each goes in by itself."
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

    def _offer(self, one: Namesakes | None) -> None:
        """The spellings, to be ticked where they are of one organisation, and the names that it may have."""
        names = list(dict.fromkeys(spelling.name for spelling in one.spellings)) if one else []
        called = (self._naming(one) if one else "") or ""
        self.called.clear()
        self.called.addItems(names if not called or called in names else [called, *names])
        self.called.setCurrentText(called or (names[0] if names else ""))
        written: dict[str, list[str]] = {}
        for spelling in one.spellings if one else ():
            written.setdefault(spelling.key, []).append(spelling.words)
        self.ticks = {}
        for key, each in written.items():
            words = wording.listed(each, "or")
            tick = self.ticks[key] = QCheckBox(_short(words).replace("&", "&&"))
            tick.setToolTip(words)
            tick.setAccessibleName(words)
            tick.setChecked(not called or self.plan.spellings.get(key) != "")
            tick.toggled.connect(self._tick)
        self.spellings.show_widgets(list(self.ticks.values()))
        self.spellings.setVisible(bool(self.ticks))
        self._tick()

    def _tick(self) -> None:
        """One organisation can be made of two names or more."""
        self.one.setEnabled(sum(tick.isChecked() for tick in self.ticks.values()) > 1)

    def _first_answer(self) -> None:
        for widget in (self.same, self.one, *self.clashing.values()):
            if widget.isVisible():
                widget.setFocus()
                return

    def _alike_is(self, *, same: bool) -> None:
        one = self._alike.get(str(self._key))
        if one is not None:
            self._decide(self.plan.with_likeness(one.key, one.reference if same else ""))

    def _namesakes_are(self, *, one: bool) -> None:
        asked = self._namesakes.get(self._key)
        if asked is not None:
            ticked = [key for key, tick in self.ticks.items() if one and tick.isChecked()]
            plan = self.plan.with_spellings([key for key in self.ticks if key not in ticked], "")
            self._decide(plan.with_spellings(ticked, self.called.currentText()))

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
        items = self._items()
        present = self.list.present
        self.list.show_items(items)
        at = next((row for row, item in enumerate(items) if item.key == present), 0)
        following = next((row for row in range(at + 1, len(items)) if items[row].badge == _OPEN), None)
        if following is not None:
            self.list.go_to(following)
        self.list.setFocus()
        self.decided.emit(plan)


def _told(words: str, *, good: bool, earlier: bool) -> Badge:
    """An answer as a mark; one that an earlier file was given says so."""
    return Badge(f"{words}, as last time" if earlier else words, "tick", "good" if good else "plain")


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()} …"


def _rows(one: Clash) -> str:
    """Where the rows of a clash stand, and their amounts."""
    told = [
        f"row {row:,}{f' ({wording.money_text(pounds)})' if pounds is not None else ''}"
        for (_, row), pounds in zip(one.rows[:_MOST_ROWS], one.pounds, strict=False)
    ]
    more = [f"{len(one.rows) - _MOST_ROWS:,} more"] if len(one.rows) > _MOST_ROWS else []
    return f"Sheet {one.rows[0][0]}, {wording.listed([*told, *more])}"
