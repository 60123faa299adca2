"""Who publishes this file's grants: the name, identifier, prefix, website and licence that open data carries."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from grants_app.operations import file_settings
from grants_app.operations.file_settings import LICENCES
from grants_app.store.settings import Publisher
from grants_app.ui.desk import Desk
from grants_app.ui.dialogs import Sheet
from grants_app.ui.inputs import Choice, Line
from grants_app.ui.widgets import button, label

_ASKED = {
    "name": ("Name", "As it is to be published: Greater London Authority"),
    "identifier": ("Organisation identifier", "From org-id.guide: GB-LAE-GLA"),
    "prefix": ("360Giving prefix", "Registered with 360Giving: 360G-GLA. Missing identifiers are made with it"),
    "website": ("Website", "With its beginning: https://www.london.gov.uk"),
}


class PublisherSheet(Sheet):
    """Asks it, and keeps it as one step."""

    def __init__(self, desk: Desk, publisher: Publisher, parent: QWidget) -> None:
        super().__init__(desk, "Who publishes", parent)
        self.lines: dict[str, Line] = {}
        for name, (words, hint) in _ASKED.items():
            line = self.lines[name] = Line(self.theme)
            line.setText(getattr(publisher, name))
            line.setAccessibleDescription(hint)
            self._add(words, line, hint)
        self.licences = dict(LICENCES)
        if publisher.licence not in LICENCES.values():
            self.licences[publisher.licence] = publisher.licence
        self.licence = Choice(self.theme, tuple(self.licences), blank=False)
        named = next(name for name, address in self.licences.items() if address == publisher.licence)
        self.licence.setCurrentText(named)
        self._add("Licence", self.licence)
        self.buttons.addWidget(button("Cancel", self.reject))
        self.buttons.addWidget(button("Save", self.keep, "primary"))
        self.setMinimumWidth(self.theme.px(520))
        self.lines["name"].setFocus()

    def _add(self, name: str, widget: QWidget, hint: str = "") -> None:
        widget.setAccessibleName(name)
        heading = label(name, "heading")
        heading.setBuddy(widget)
        self.body.addWidget(heading)
        if hint:
            self.body.addWidget(label(hint, "caption", wrap=True))
        self.body.addWidget(widget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps it, from whichever line the keyboard is on."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not isinstance(self.focusWidget(), QPushButton):
            self.keep()
        else:
            super().keyPressEvent(event)

    def keep(self) -> None:
        """Store what is said."""
        typed = {name: line.text() for name, line in self.lines.items()}
        said = Publisher(**typed, licence=self.licences[self.licence.currentText()])
        self.desk.do(
            lambda store: file_settings.set_publisher(store, said),
            lambda _none: self.accept(),
            owner=self,
            refused=lambda error: self.say(str(error)),
        )
