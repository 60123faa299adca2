"""What a report makes, as pages or as text, with the bar above it: size, page, saving, printing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from grants_app import wording
from grants_app.reports.document import (
    Beside,
    Bullets,
    ChartSpec,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Table,
)
from grants_app.reports.words import alternative, clean, column_texts, shown, table_of
from grants_app.ui.flow import Flow, TabBar
from grants_app.ui.preview import Preview
from grants_app.ui.prose import Prose, plain
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import button, column, label, panel, row, sized

QUESTIONS, PAGES, TEXT = "Questions", "Pages", "Text"


class Shown(QStackedWidget):
    """Nothing yet, work on its way, or the report. `saving` gives the ending of the format that is asked for."""

    saving = Signal(str)
    printing = Signal()
    filling = Signal()
    opening = Signal()
    again = Signal()
    cancelled = Signal()
    turned = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.narrow = theme, False
        self.preview = Preview(theme)
        self.text = Prose(theme, "The report as text")
        self.words = label("", "soft", wrap=True)
        self.working = QProgressBar()
        self.stop = button("Cancel", self.cancelled.emit)
        self._empty = self._waiting()
        for part in (self._empty, self.preview, self.text):
            self.addWidget(part)
        self.bar = self._bar()
        self.preview.zoomed.connect(self._say_size)
        self.preview.turned.connect(self._say_page)
        keys = QShortcut(QKeySequence("Ctrl+S"), self.bar)
        keys.setContext(Qt.ShortcutContext.WindowShortcut)
        keys.activated.connect(partial(self.saving.emit, ".pdf"))
        self.ask("")

    def _waiting(self) -> QWidget:
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        sized(self.working, self._theme, width=160)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = column(self._theme, margins=20, gap=12)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addWidget(self.working, 0, middle)
        layout.addWidget(self.stop, 0, middle)
        layout.addStretch(2)
        return panel(layout, ground="wall")

    def _bar(self) -> QWidget:
        theme = self._theme
        self.tabs = TabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName("How the report is shown")
        for title in (QUESTIONS, PAGES, TEXT):
            self.tabs.addTab(title)
        self.tabs.setTabVisible(0, False)
        self.tabs.setCurrentIndex(1)
        self.tabs.currentChanged.connect(self._turn)
        self.size_words, self.page_words = label("", "soft"), label("", "soft")
        self.page_words.setMinimumWidth(theme.px(84))
        self.smaller = button("−", self.preview.smaller, "chip", name="Smaller pages", tip="Smaller (−)")
        self.larger = button("+", self.preview.larger, "chip", name="Larger pages", tip="Larger (+)")
        self.fit = button("Fit the width", self.preview.fit, "chip", tip="As wide as there is room")
        self.old = button("Records changed since: make it again", self.again.emit, "chip")
        self.open_file = button("", self.opening.emit, "link")
        saves = ((".docx", "Word"), (".xlsx", "Excel"), (".html", "Web page"))
        self.saves = [button(name, partial(self.saving.emit, end), name=f"Save as {name}") for end, name in saves]
        self.print = button("Print …", self.printing.emit)
        told = "Put a table of the report under the headings of a workbook of your own"
        self.template = button("My own template …", self.filling.emit, name="Fill my own template", tip=told)
        sizes = row(theme, gap=6)
        for widget in (self.smaller, self.size_words, self.larger, self.fit, self.page_words):
            sizes.addWidget(widget)
        self.sizes = panel(sizes)
        flow = Flow(theme, gap=8)
        flow.show_widgets([self.tabs, self.sizes, *self.saves, self.template, self.print, self.old, self.open_file])
        held = column(theme, margins=(12, 6, 12, 6))
        held.addWidget(flow)
        return panel(held, ground="paper")

    @property
    def tab(self) -> str:
        """The tab that is chosen: questions (only where there is little room), pages or text."""
        return self.tabs.tabText(self.tabs.currentIndex())

    def set_narrow(self, *, narrow: bool) -> None:
        """Offer the questions as a tab, or not."""
        if narrow != self.narrow:
            self.narrow = narrow
            self.tabs.setTabVisible(0, narrow)
            self.tabs.setCurrentIndex(0 if narrow and self.currentWidget() is self._empty else 1)

    def ask(self, title: str) -> None:
        """Nothing is made yet: say what will stand here."""
        self._wait(f"Answer what the {title.lower()} asks, and its pages stand here." if title else "", busy=False)
        if self.narrow:
            self.tabs.setCurrentIndex(0)

    def wait(self, words: str) -> None:
        """The report is being made."""
        self._wait(f"{words} …", busy=True)

    def refuse(self, words: str) -> None:
        """Say why there is no report."""
        self._wait(words, busy=False)

    def _wait(self, words: str, *, busy: bool) -> None:
        self.words.setText(words)
        self.working.setVisible(busy)
        self.stop.setVisible(busy)
        self.setCurrentWidget(self._empty)
        self._offer(made=False)

    def show_made(self, document: Document, pages: Sequence[bytes]) -> None:
        """Show a report that was made."""
        self.preview.show_pages(pages, document.title, outline(document))
        self.text.show_html(text_html(document))
        self._offer(made=True)
        if self.tab == QUESTIONS:
            self.tabs.setCurrentIndex(1)
        self._turn()
        self._say_page()

    def grow_old(self) -> None:
        """What is shown was made before the last change."""
        self.old.show()

    def offer_file(self, name: str) -> None:
        """Offer to open the file that was saved."""
        self.open_file.setText(f"Open {name}".replace("&", "&&"))
        self.open_file.setAccessibleName(f"Open {name}")
        self.open_file.show()

    def _offer(self, *, made: bool) -> None:
        for widget in (*self.saves, self.template, self.print, self.smaller, self.larger, self.fit):
            widget.setEnabled(made)
        self.old.hide()
        self.open_file.hide()

    def _turn(self, _at: int = 0) -> None:
        if self.print.isEnabled():
            self.setCurrentWidget(self.text if self.tab == TEXT else self.preview)
        self.sizes.setVisible(self.tab == PAGES)
        self.turned.emit()

    def _say_size(self) -> None:
        self.size_words.setText(f"{round(self.preview.zoom * 100)} %")

    def _say_page(self) -> None:
        count = self.preview.count
        self.page_words.setText(f"Page {self.preview.page} of {wording.number_text(count)}" if count else "")


def text_html(document: Document) -> str:
    """The whole report as simple HTML."""
    made = f", as at {wording.instant_text(document.as_at)}" if document.as_at else ""
    prepared = f"{document.state}, prepared by {document.prepared_by}{made}"
    head = [
        f"<h1>{_p(document.title)}</h1>",
        f"<p class='soft'>{_p(document.subtitle)}<br>{_p(prepared)}</p>",
        f"<p class='warning'>{_p(document.notice)}</p>" if document.notice else "",
        f"<p>{_p(document.summary)}</p>",
    ]
    return "".join(head) + "".join(_PARTS[type(part)](part) for part in document.parts)


def outline(document: Document) -> str:
    """What the report holds, in a sentence or two: its summary and its headings."""
    headings = [part.text for part in document.parts if isinstance(part, Heading)]
    holds = f" It holds {wording.listed(headings)}." if headings else ""
    return f"{document.title}. {document.summary}{holds}"


def _p(text: str) -> str:
    return plain(clean(text))


def _list(items: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _quote(part: Quote) -> str:
    note = f"<br><span class='small'>{_p(part.note)}</span>" if part.note else ""
    return f"<p>“{_p(part.text)}”<br><span class='soft'>{_p(part.said_by)}</span>{note}</p>"


def _figures(part: KeyFigures) -> str:
    return _list([f"{_p(f.label)}: <b>{_p(shown(f.value, f.show))}</b>, {_p(f.counts)}" for f in part.items])


def _facts(part: Facts) -> str:
    return _list([f"{_p(label)}: {_p(value)}" for label, value in part.items])


def _table(part: Table) -> str:
    every = [*part.rows, part.totals] if part.totals is not None else list(part.rows)
    texts = [column_texts(column, [row[at] for row in every]) for at, column in enumerate(part.columns)]
    sides = [" align='right'" if column.at_right else "" for column in part.columns]
    heads = "".join(f"<th{side}>{_p(column.label)}</th>" for side, column in zip(sides, part.columns, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td{side}>{_p(cell)}</td>" for side, cell in zip(sides, cells, strict=True)) + "</tr>"
        for cells in zip(*texts, strict=True)
    )
    title = f"<h3>{_p(part.title)}</h3>" if part.title else ""
    counts = f"<p class='small'>{_p(part.counts)}</p>" if part.counts else ""
    body = f"<table width='100%' cellspacing='0'><tr>{heads}</tr>{rows}</table>" if rows else f"<p>{_p(part.empty)}</p>"
    return title + body + counts


def _chart(part: ChartSpec) -> str:
    return f"<p>{_p(alternative(part))}</p>{_table(table_of(part))}"


_PARTS: Mapping[type[Any], Callable[[Any], str]] = {
    Heading: lambda part: f"<h{part.level + 1}>{_p(part.text)}</h{part.level + 1}>",
    Paragraph: lambda part: f"<p>{_p(part.text)}</p>",
    Bullets: lambda part: _list([_p(item) for item in part.items]),
    Quote: _quote,
    Note: lambda part: f"<p class='{'warning' if part.warning else 'soft'}'>{_p(part.text)}</p>",
    Facts: _facts,
    KeyFigures: _figures,
    Table: _table,
    ChartSpec: _chart,
    Beside: lambda part: "".join(_chart(chart) for chart in part.charts),
    PageBreak: lambda part: "",
}
