"""Settings: one's own, the file's, its backups and its check, and what the program is made of."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from grants_app.records.history import Setting
from grants_app.store import Changes
from grants_app.ui.desk import Desk
from grants_app.ui.frame import Deed
from grants_app.ui.limits import limited
from grants_app.ui.pages.settings_about import AboutCard
from grants_app.ui.pages.settings_file import FileCard
from grants_app.ui.pages.settings_own import OwnCards
from grants_app.ui.pages.settings_safe import SafeCards
from grants_app.ui.view import View
from grants_app.ui.widgets import column, panel, scrolled

_TWO, _WIDEST = 820, 620


class SettingsView(View):
    """Cards side by side, or one under the other where there is no room."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.own, self.file = OwnCards(desk, self), FileCard(desk, self)
        self.safe, self.about = SafeCards(desk, self), AboutCard(desk, self)
        self._across = 0
        self._grid = QGridLayout()
        self._columns = (
            (self.own.you, self.own.look, self.file.widget),
            (self.safe.backups, self.safe.checked, self.about.widget),
        )
        self._sides = [self._side(cards) for cards in self._columns]
        layout = column(self.theme, gap=0)
        layout.addWidget(scrolled(panel(self._grid, ground="wall"), ground="wall"))
        self.setLayout(layout)
        self._arrange(2)

    def _side(self, cards: Sequence[QWidget]) -> QWidget:
        layout = column(self.theme, gap=14)
        for card in cards:
            layout.addWidget(card)
        layout.addStretch(1)
        return limited(panel(layout), self.theme, width=_WIDEST)

    def heading(self) -> tuple[str, str]:
        """The page's name."""
        return "Settings", ""

    def deeds(self) -> Sequence[Deed]:
        """Nothing: what is set counts at once."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show what is set now."""
        self.own.show_present()
        self.file.read()
        self.safe.read()

    def leave(self) -> bool:
        """Keep what was typed and not yet left."""
        self.own.keep_name()
        self.file.keep_threshold()
        return True

    def changed(self, changes: Changes) -> None:
        """A setting of the file was changed, here or elsewhere: show it."""
        if Setting.__tablename__ in changes.touched:
            self.file.read()

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across, px = across, self.theme.px
        self._grid.setContentsMargins(px(20), px(20), px(20), px(20))
        self._grid.setSpacing(px(14))
        for at, side in enumerate(self._sides):
            self._grid.addWidget(side, at // across, at % across)
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < across else 0)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns of cards, or one."""
        self._arrange(2 if self.width() / self.theme.zoom >= _TWO else 1)
