"""The palette (Ctrl+K): one line finds records, commands and help; recent records first, arrows and Enter choose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QLineEdit, QListWidget, QListWidgetItem, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records import RECORDS, Record, kind_named
from grants_app.store import search
from grants_app.ui.commands import Commands
from grants_app.ui.desk import Desk
from grants_app.ui.widgets import announce, column, label

_ASKS_MS, _MOST, _FEW_COMMANDS, _RECENT = 90, 12, 6, 6


@dataclass(frozen=True)
class Hit:
    """Something found: its words, what sort of thing it is, its icon, and what choosing it does."""

    words: str
    sort: str
    icon: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Found:
    """A record found: its kind, its id, its reference and how it is called."""

    kind: type[Record]
    record: int
    reference: str
    caption: str


def find_records(session: Session, words: str, recent: Sequence[tuple[str, int]]) -> list[Found]:
    """Records that hold the words; with none typed, those opened lately."""
    if words.strip():
        hits = search.find(session, words, recent=recent, limit=_MOST)
    else:
        kinds = [(kind_named(name), record) for name, record in recent[:_RECENT]]
        hits = [(kind, record) for kind, record in kinds if kind in RECORDS and kind is not None]
    found: list[Found] = []
    for kind, record in hits:
        caption = kind.column(kind.caption)
        row = session.execute(select(kind.reference, caption).where(kind.id == record)).one_or_none()
        if row is not None:
            found.append(Found(kind, record, str(row[0]), str(row[1])))
    return found


def help_pages(folder: Path) -> dict[str, str]:
    """The help pages there are: the first heading of each, by its name."""
    pages = {}
    for path in sorted(folder.glob("*.md")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        pages[path.stem] = first.lstrip("# ").strip()
    return pages


class Palette(QFrame):
    """The line and what it finds, over the page; Escape, or going elsewhere, closes it."""

    def __init__(
        self, desk: Desk, commands: Commands, icons: Callable[[type[Record]], str], show_help: Callable[[str], object],
        help_folder: Path, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self._commands, self._icons, self._show_help = commands, icons, show_help
        self._help = help_pages(help_folder)
        self._hits: list[Hit] = []
        self.setProperty("look", "card")
        self.setObjectName("palette")
        self.setAccessibleName("Search and commands")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(desk.theme.px(28))
        shadow.setOffset(0, desk.theme.px(6))
        self.setGraphicsEffect(shadow)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Search or type a command")
        self.line.setAccessibleName("Search or type a command")
        self.line.setAccessibleDescription("Down goes to what is found; Enter opens it")
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("What is found")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint = label("Enter opens · Escape closes", "caption")
        layout = column(desk.theme, margins=12, gap=8)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.hint)
        self.setLayout(layout)
        self._asking = QTimer(self, singleShot=True, interval=_ASKS_MS)
        self._asking.timeout.connect(self._ask)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self.choose)
        self.list.itemClicked.connect(self._click)
        self.hide()

    def begin(self) -> None:
        """Open, empty, with the recent records."""
        self.place()
        self.line.clear()
        self.show()
        self.raise_()
        self.line.setFocus()
        self._ask()

    def place(self) -> None:
        """Stand at the top, in the middle."""
        parent = self.parentWidget()
        assert parent is not None
        px = self.theme.px
        wide = min(px(620), parent.width() - px(24))
        high = min(px(460), parent.height() - px(24))
        self.setGeometry((parent.width() - wide) // 2, min(px(48), (parent.height() - high) // 2), wide, high)

    def _typed(self, _text: str) -> None:
        self._asking.start()

    def _ask(self) -> None:
        words = self.line.text()
        recent = self.desk.settings.opened_records(self.desk.store.path)

        def read(session: Session) -> list[Found]:
            return find_records(session, words, recent)

        self.desk.read(read, self.show_found, owner=self, key="palette")

    def show_found(self, found: list[Found]) -> None:
        """Show the records found, and the commands and help pages that the words fit; a page called so comes first."""
        words = self.line.text().strip()
        commands = self._commands.matching(words)[:_FEW_COMMANDS] if words else list(self._commands)[:_FEW_COMMANDS]
        doing = [Hit(c.words, c.keys.split()[0] if c.keys else "Command", "forward", c.run) for c in commands]
        records = [self._record_hit(one) for one in found]
        pages = [
            Hit(title, "Help", "help", partial(self._show_help, name))
            for name, title in self._help.items()
            if words and words.casefold() in title.casefold()
        ]
        named = {words.casefold(), f"go to {words.casefold()}"}
        exact = [hit for hit in doing if hit.words.casefold() in named]
        self._show([*exact, *records, *(hit for hit in doing if hit not in exact), *pages])

    def _record_hit(self, one: Found) -> Hit:
        words = one.caption if one.caption == one.reference else f"{one.caption} · {one.reference}"
        return Hit(
            words, one.kind.noun, self._icons(one.kind), lambda: self.desk.open(one.kind, one.record, whole=True)
        )

    def _show(self, hits: list[Hit]) -> None:
        self._hits = hits
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(self.theme.icon(hit.icon, size=16), f"{hit.words}   ({hit.sort})")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.sort}: {hit.words}")
            item.setSizeHint(QSize(10, self.theme.px(32)))
            self.list.addItem(item)
        if hits:
            self.list.setCurrentRow(0)
        self.hint.setText("Enter opens · Escape closes" if hits else "Nothing is found. Try fewer letters.")

    def choose(self) -> None:
        """Do what the lit line stands for."""
        at = self.list.currentRow()
        if 0 <= at < len(self._hits):
            hit = self._hits[at]
            self.hide()
            hit.run()

    def _click(self, _item: QListWidgetItem) -> None:
        self.choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in what is found while the typing goes on; Escape closes; leaving closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            key = event.key()
            if key in steps and self.list.count():
                at = max(0, min(self.list.count() - 1, self.list.currentRow() + steps[Qt.Key(key)]))
                self.list.setCurrentRow(at)
                announce(self.line, str(self.list.item(at).data(Qt.ItemDataRole.AccessibleTextRole)))
                return True
            if key == Qt.Key.Key_Escape:
                self.hide()
                parent = self.parentWidget()
                if parent is not None:
                    parent.setFocus()
                return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self._close_if_left)
        return super().eventFilter(watched, event)

    def _close_if_left(self) -> None:
        if not self.line.hasFocus() and not self.underMouse():
            self.hide()
