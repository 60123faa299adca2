"""Help: pages for officers, found by words, opened for the page that one is on (F1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSplitter, QWidget

from grants_app import paths
from grants_app.ui.desk import Desk
from grants_app.ui.frame import HeaderAction
from grants_app.ui.lines import Item, Lines
from grants_app.ui.prose import Prose, from_markdown, markdown_words
from grants_app.ui.view import View
from grants_app.ui.widgets import button, column, label, line, panel

FIRST = "starting"
_ABOUT = re.compile(r"<!--\s*order:\s*(\d+);\s*pages:([^;]*);\s*words:([^>]*?)-->")
_NARROW, _SHOWN, _MEASURE = 760, 120, 720


@dataclass(frozen=True)
class Topic:
    """One help page: its name, its title, its text, the window's pages that it is for, and more words to find it by."""

    name: str
    title: str
    text: str
    order: int
    pages: frozenset[str]
    words: str

    @property
    def summary(self) -> str:
        """Its first sentences, for a list."""
        blocks = self.text.split("\n\n")
        first = next((block for block in blocks if block.strip() and block.lstrip()[0] not in "#|-<"), "")
        return " ".join(markdown_words(first).split())[:_SHOWN]


@cache
def topics(folder: Path | None = None) -> Sequence[Topic]:
    """Every help page, in the order to read them."""
    found = [_topic(path) for path in (folder or paths.resources() / "help").glob("*.md")]
    return sorted(found, key=lambda topic: (topic.order, topic.title))


def topic_for(page: str) -> str:
    """The name of the topic on a page of the window; the list of keys and lists where it has none of its own."""
    own = next((topic.name for topic in topics() if page in topic.pages), "")
    return own or "lists"


def found(words: str) -> Sequence[Topic]:
    """The topics that hold all these words, those whose title or subject they are first."""
    wanted = words.casefold().split()
    fitting = [topic for topic in topics() if all(word in _searched(topic) for word in wanted)]

    def distance(topic: Topic) -> int:
        title, subject = topic.title.casefold(), topic.words.casefold().split()
        return sum(0 if word in title else 1 if word in subject else 2 for word in wanted)

    return sorted(fitting, key=distance)


@cache
def _searched(topic: Topic) -> str:
    return f"{topic.title} {topic.words} {markdown_words(topic.text)}".casefold()


def _topic(path: Path) -> Topic:
    text = path.read_text(encoding="utf-8")
    about = _ABOUT.search(text)
    assert about is not None, f"{path.name} does not say its order, pages and words"
    title = text.partition("\n")[0].lstrip("# ").strip()
    return Topic(path.stem, title, text, int(about[1]), frozenset(about[2].split()), about[3].strip())


class HelpView(View):
    """The topics at the left, narrowed by words; the one that is chosen at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.finder = _Find()
        self.finder.setPlaceholderText("Find in help")
        self.finder.setAccessibleName("Find in help")
        self.finder.setClearButtonEnabled(True)
        self.list = Lines(self.theme, "Help pages")
        self.nothing = label("No help page holds these words.", "soft", wrap=True)
        self.nothing.hide()
        self.text = Prose(self.theme, "Help", self._follow, measure=_MEASURE)
        self.topic, self.slim = "", False
        self._arrange()
        self.finder.textChanged.connect(self._narrow)
        self.finder.returnPressed.connect(self._read)
        self.finder.down = self.list
        self.list.moved.connect(self._show)
        self.list.opened.connect(lambda _name: self._read())
        self.list.clicked.connect(lambda _index: self._read())

    def _arrange(self) -> None:
        theme = self.theme
        left = column(theme, gap=0)
        top = column(theme, margins=12, gap=8)
        top.addWidget(self.finder)
        top.addWidget(self.nothing)
        left.addLayout(top)
        left.addWidget(line())
        left.addWidget(self.list, 1)
        self.back = button("All help pages", self._choose, "link", tip="The list of the help pages")
        reading = column(theme, margins=(12, 8, 12, 0), gap=0)
        reading.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        reading.addWidget(self.text, 1)
        self.contents, self.reading = panel(left, ground="paper"), panel(reading, ground="paper")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(theme.px(1))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.contents)
        self.splitter.addWidget(self.reading)
        self.back.hide()
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([theme.px(330), theme.px(840)])
        layout = column(theme, gap=0)
        layout.addWidget(self.splitter)
        self.setLayout(layout)

    def heading(self) -> tuple[str, str]:
        """The page's name, and the topic."""
        return "Help", next((topic.title for topic in topics() if topic.name == self.topic), "")

    def header_actions(self) -> Sequence[HeaderAction]:
        """Nothing: help is read."""
        return ()

    def enter(self, record: int | None, *, whole: bool) -> None:
        """Show the topics, the first one chosen."""
        if not self.list.items:
            self._narrow(self.finder.text())
        self.list.setFocus()

    def show_topic(self, name: str) -> None:
        """Show a topic by its name; an empty one, the first."""
        self.finder.clear()
        self._narrow("")
        self.list.go_to_key(name or FIRST)
        self._read()

    def _read(self) -> None:
        """Put the keyboard on the text; where there is little room, it takes the list's place."""
        self.contents.setVisible(not self.slim)
        self.reading.show()
        self.text.setFocus()

    def _choose(self) -> None:
        """Show the list of topics again."""
        self.contents.show()
        self.reading.setVisible(not self.slim)
        self.list.setFocus()

    def filter(self) -> None:
        """Put the keyboard where words narrow the topics."""
        self._choose()
        self.finder.setFocus()
        self.finder.selectAll()

    def _narrow(self, words: str) -> None:
        fitting = found(words)
        self.nothing.setVisible(not fitting)
        self.list.show_items([Item(topic.name, topic.title, topic.summary) for topic in fitting])

    def _show(self, name: object) -> None:
        topic = next((topic for topic in topics() if topic.name == name), None)
        if topic is not None and topic.name != self.topic:
            self.topic = topic.name
            self.text.setAccessibleName(f"Help: {topic.title}")
            self.text.show_html(from_markdown(topic.text))
            self.text.verticalScrollBar().setValue(0)
            self.headed.emit()

    def _follow(self, target: str) -> None:
        self.show_topic(target)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, topics and text take turns."""
        narrow = self.width() / self.theme.zoom < _NARROW
        if narrow != self.slim:
            self.slim = narrow
            self.back.setVisible(narrow)
            self.contents.setVisible(not narrow or not self.text.hasFocus())
            self.reading.setVisible(not narrow or self.text.hasFocus())


class _Find(QLineEdit):
    """A line from which the down arrow leads into the list below."""

    down: QWidget | None = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.down is not None:
            self.down.setFocus()
        else:
            super().keyPressEvent(event)
