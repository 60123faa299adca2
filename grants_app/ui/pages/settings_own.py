"""What one person sets for themselves: the name that signs, the theme, the size, the height of rows."""

from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from grants_app.ui.desk import Desk
from grants_app.ui.inputs import Choice, Line
from grants_app.ui.theme import Scheme
from grants_app.ui.widgets import button, column, label, panel, row

SCHEMES: dict[str, str] = {
    "As the computer has it": "system",
    "Light": "light",
    "Dark": "dark",
    "High contrast": "contrast",
}
_STEP = 0.1


class OwnCards(QObject):
    """Two cards: you, and how Grants Desk looks. What is set counts at once and is kept for next time."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self.name = Line(desk.theme)
        self.scheme = Choice(desk.theme, list(SCHEMES), blank=False)
        self.size = label("")
        self.tight = QCheckBox("Compact rows in lists")
        self.you, self.look = self._you(), self._look()
        self.show_present()
        self.name.editingFinished.connect(self.keep_name)
        self.scheme.textActivated.connect(self._choose_scheme)
        self.tight.toggled.connect(self._choose_rows)
        desk.theme.changed.connect(self.show_present)

    def _you(self) -> QWidget:
        layout = card(self.desk, "You")
        self.trouble = label("", "problem", wrap=True)
        self.trouble.hide()
        layout.addWidget(named(self.name, "Your name"))
        layout.addWidget(label("It signs each step that you take, and each report.", "caption", wrap=True))
        layout.addWidget(self.name)
        layout.addWidget(self.trouble)
        return panel(layout, look="card")

    def _look(self) -> QWidget:
        theme = self.theme
        layout = card(self.desk, "How it looks")
        layout.addWidget(named(self.scheme, "Colours"))
        layout.addWidget(self.scheme)
        layout.addWidget(label("Size", "heading"))
        sizes = row(theme)
        self.smaller = button("−", lambda: self._zoom(-_STEP), "chip", name="Smaller", tip="Ctrl+−")
        self.larger = button("+", lambda: self._zoom(_STEP), "chip", name="Larger", tip="Ctrl++")
        self.usual = button("Usual size", self._usual, "chip", tip="Ctrl+0")
        for widget in (self.smaller, self.size, self.larger, self.usual):
            sizes.addWidget(widget)
        sizes.addStretch()
        layout.addLayout(sizes)
        layout.addWidget(self.tight)
        return panel(layout, look="card")

    def show_present(self) -> None:
        """Show what is set now."""
        settings, theme = self.desk.settings, self.theme
        if not self.name.hasFocus():
            self.name.setText(self.desk.store.officer)
        self.scheme.setCurrentText(next(words for words, name in SCHEMES.items() if name == settings.theme))
        self.size.setText(f"{round(theme.zoom * 100)} %")
        self.tight.blockSignals(True)
        self.tight.setChecked(theme.tight)
        self.tight.blockSignals(False)

    def keep_name(self) -> None:
        """Sign steps with the name typed; without one, say that it is needed."""
        name = self.name.text().strip()
        self.trouble.setText("" if name else "Your name is needed: it signs each step that you take.")
        self.trouble.setVisible(not name)
        if name and name != self.desk.store.officer:
            self.desk.settings.officer = name
            self.desk.store.officer = name
            self.desk.tell(f"Your steps are signed “{name}” from now on")

    def _choose_scheme(self, words: str) -> None:
        self.desk.settings.theme = SCHEMES[words]
        self.theme.set_scheme(cast("Scheme", SCHEMES[words]))

    def _choose_rows(self, on: bool) -> None:  # noqa: FBT001 - a slot
        self.desk.settings.keep_state("look", {"tight": on})
        self.theme.set_tight(tight=on)

    def _zoom(self, by: float) -> None:
        self.theme.set_zoom(self.theme.zoom + by)
        self.desk.settings.zoom = round(self.theme.zoom * 100)

    def _usual(self) -> None:
        self._zoom(1.0 - self.theme.zoom)


def card(desk: Desk, title: str) -> QVBoxLayout:
    """The layout of a card with its title."""
    layout = column(desk.theme, margins=20, gap=8)
    layout.addWidget(label(title, "key"))
    return layout


def named(widget: QWidget, name: str) -> QLabel:
    """A heading that names the control below it."""
    widget.setAccessibleName(name)
    made = label(name, "heading")
    made.setBuddy(widget)
    return made
