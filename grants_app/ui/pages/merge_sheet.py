"""Merging two organisations that are one: which is the other, which of them stays, and what then happens."""

from dataclasses import dataclass

from PySide6.QtWidgets import QRadioButton, QWidget
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import organisations
from grants_app.records import Field, Grant, Kind, Organisation
from grants_app.records.fields import Options
from grants_app.store import references
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.links import LinkEditor
from grants_app.ui.widgets import button, grow, label

_TOLD = (
    "What refers to the other refers to the one that stays; blank fields are filled from it, a note keeps what it said "
    "otherwise, and it goes to the bin. It is one step, which Undo takes back."
)


@dataclass(frozen=True)
class Body:
    """An organisation as the sheet names it."""

    id: int
    words: str


class MergeSheet(Sheet):
    """Asks for the other organisation, unless it is known, and which of the two stays."""

    def __init__(self, desk: Desk, parent: QWidget, one: int, other: str = "") -> None:
        super().__init__(desk, "Merge two organisations", parent)
        self._one, self._bodies = one, list[Body]()
        asked = Field("other", Kind.LINK, Options("The other organisation", to="organisation"))
        self.finder = LinkEditor(desk, asked, {})
        name = label("The other organisation", "heading")
        name.setBuddy(self.finder.widget)
        self.stays = [QRadioButton(), QRadioButton()]
        self.question = label("Which one stays?", "heading")
        self.body.addWidget(name)
        self.body.addWidget(self.finder.widget)
        self.body.addWidget(self.question)
        for choice in self.stays:
            self.body.addWidget(choice)
        self.body.addWidget(label(_TOLD, "soft", wrap=True))
        self.act = button("Look at both", self.act_now, "primary")
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(self.act)
        self.setMinimumWidth(desk.theme.px(480))
        self.finder.typed.connect(lambda: self._show(()))
        name.setVisible(not other)
        self.finder.widget.setVisible(not other)
        self._show(())
        if other:
            self.finder.write(other)
            self._look()
        else:
            self.finder.widget.setFocus()

    def act_now(self) -> None:
        """Look at both first; once they stand there, merge them."""
        if not self._bodies:
            self._look()
            return
        keep, gone = self._bodies if self.stays[0].isChecked() else reversed(self._bodies)
        self.desk.do(
            lambda store: organisations.merge(store, keep.id, gone.id), lambda _none: self._merged(keep), owner=self,
            refused=lambda error: self.say(str(error)),
        )  # fmt: skip

    def _merged(self, keep: Body) -> None:
        self.accept()
        self.desk.tell(f"Merged into {keep.words}")

    def _look(self) -> None:
        one, typed = self._one, self.finder.text()
        if not typed.strip():
            self.say("The other organisation is needed.")
            return
        self.desk.read(
            lambda session: _both(session, one, typed), self._show, owner=self,
            refused=lambda error: self.say(str(error)),
        )  # fmt: skip

    def _show(self, bodies: "tuple[Body, Body] | tuple[()]") -> None:
        self.say("")
        self._bodies = list(bodies)
        self.question.setVisible(bool(bodies))
        for choice in self.stays:
            choice.setVisible(bool(bodies))
        for choice, body in zip(self.stays, bodies, strict=False):
            choice.setText(body.words.replace("&", "&&"))
            choice.setAccessibleName(f"{body.words} stays")
        self.act.setText("Merge" if bodies else "Look at both")
        self.act.setAccessibleName(self.act.text())
        if bodies:
            self.stays[0].setChecked(True)
            self.stays[0].setFocus()
        grow(self)


def _both(session: Session, one: int, typed: str) -> "tuple[Body, Body]":
    """Both, the one with more grants first; refused where they are one and the same, or the other is not found."""
    other = references.find(session, typed, Organisation).id
    if other == one:
        raise Refused("That is the same organisation: choose another.")
    held = {
        each: session.scalar(select(func.count(Grant.id)).where(Grant.organisation_id == each)) or 0
        for each in (one, other)
    }
    first, second = sorted((one, other), key=lambda each: (-held[each], each))
    return _body(session, first, held[first]), _body(session, second, held[second])


def _body(session: Session, id_: int, held: int) -> Body:
    organisation = session.get_one(Organisation, id_)
    return Body(id_, f"{organisation.reference}, {organisation.name}: {wording.counted(held, 'grant')}")
