"""A document's pages, as pictures: one under the other in the window, or on paper."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QKeyEvent,
    QPageLayout,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from grants_app.errors import Refused
from grants_app.ui.tasks import Task
from grants_app.ui.theme import Theme
from grants_app.ui.widgets import announce

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter  # only who prints pays for it

PPI = 192.0
"""Dots to the inch of the pictures that this shows well up to twice the size on paper."""
_SCREEN_PPI = 96
LEAST, MOST, _STEP = 0.25, 4.0, 1.25
_GAP, _KEPT = 14, 8
PRINT_PPI = 300.0
"""Dots to the inch of pictures that look well on paper."""


class Preview(QAbstractScrollArea):
    """The pages. `turned`: another page is the one in sight; `zoomed`: they are shown larger or smaller."""

    turned = Signal()
    zoomed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._name = theme, ""
        self._pages: Sequence[bytes] = ()
        self._sizes: list[QSize] = []
        self._boxes: list[QRect] = []
        self._drawn: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._page, self.zoom, self.fitted = 0, 1.0, True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ground", "wall")
        self.verticalScrollBar().valueChanged.connect(self._moved)
        self._say()
        theme.changed.connect(self._lay)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    @property
    def page(self) -> int:
        """The page in sight, counted from 1; 0 without pages."""
        return self._page

    def show_pages(self, pages: Sequence[bytes], name: str, description: str) -> None:
        """Show a document's pages as PNG; its name and what it holds are for those who do not see them."""
        same = name == self._name
        self._pages, self._name = pages, name
        self._sizes = [_size(page) for page in pages]
        self._drawn.clear()
        self.setAccessibleDescription(description)
        top = self.verticalScrollBar().value() if same else 0
        self._lay()
        self.verticalScrollBar().setValue(top)
        self._moved()

    def go_to(self, page: int) -> None:
        """Bring a page, counted from 1, to the top."""
        if self._boxes:
            at = min(max(page, 1), len(self._boxes)) - 1
            self.verticalScrollBar().setValue(self._boxes[at].top() - self._theme.px(_GAP))

    def fit(self) -> None:
        """Show each page as wide as there is room."""
        self.fitted = True
        self._lay()

    def resize_pages(self, zoom: float) -> None:
        """Show the pages at a size: 1 is as on paper."""
        self.fitted, self.zoom = False, min(MOST, max(LEAST, zoom))
        self._lay()

    def larger(self) -> None:
        """A step larger."""
        self.resize_pages(self.zoom * _STEP)

    def smaller(self) -> None:
        """A step smaller."""
        self.resize_pages(self.zoom / _STEP)

    def _lay(self) -> None:
        share, room = self._place(), self.viewport().width() - 2 * self._theme.px(_GAP)
        if self.fitted and self._sizes:
            narrowest = min(size.width() for size in self._sizes)
            self.zoom = min(MOST, max(LEAST, room / (narrowest / PPI * _SCREEN_PPI)))
        top = gap = self._theme.px(_GAP)
        self._boxes = []
        for size in self._sizes:
            wide = round(size.width() / PPI * _SCREEN_PPI * self.zoom)
            wide = max(1, min(wide, room)) if self.fitted else wide
            high = round(size.height() * wide / size.width())
            self._boxes.append(QRect(max(gap, (self.viewport().width() - wide) // 2), top, wide, high))
            top += high + gap
        self._set_bars(top)
        self.verticalScrollBar().setValue(round(share * top))
        self.viewport().update()
        self.zoomed.emit()

    def _place(self) -> float:
        """How far down the document one is, 0 to 1."""
        last = self._boxes[-1].bottom() + self._theme.px(_GAP) if self._boxes else 0
        return self.verticalScrollBar().value() / last if last else 0.0

    def _set_bars(self, height: int) -> None:
        room, gap = self.viewport().size(), self._theme.px(_GAP)
        widest = max((box.width() for box in self._boxes), default=0) + 2 * gap
        for bar, inside, whole in (
            (self.verticalScrollBar(), room.height(), height), (self.horizontalScrollBar(), room.width(), widest)
        ):  # fmt: skip
            bar.setRange(0, max(0, whole - inside))
            bar.setPageStep(inside)
            bar.setSingleStep(self._theme.px(40))

    def _moved(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        page = next((at for at, box in enumerate(self._boxes, 1) if box.bottom() >= middle), len(self._boxes))
        if page != self._page:
            self._page = page
            self._say()
            self.turned.emit()
        self.viewport().update()

    def _say(self) -> None:
        words = f"{self._name}, page {self._page} of {self.count}" if self.count else "Preview, nothing is made yet"
        self.setAccessibleName(words)
        if self.count:
            announce(self, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Down turn pages, Home and End go to the first and last, plus and minus change the size."""
        bar, key = self.verticalScrollBar(), event.key()
        moves = {Qt.Key.Key_PageDown: self._page + 1, Qt.Key.Key_PageUp: self._page - 1, Qt.Key.Key_Home: 1}
        moves[Qt.Key.Key_End] = self.count
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Space: 6}
        if key in moves:
            self.go_to(moves[Qt.Key(key)])
        elif key in steps:
            bar.setValue(bar.value() + steps[Qt.Key(key)] * bar.singleStep())
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal} and not event.modifiers():
            self.larger()
        elif key == Qt.Key.Key_Minus and not event.modifiers():
            self.smaller()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls; with Ctrl it changes the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.larger if event.angleDelta().y() > 0 else self.smaller)()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the new width, or keep their size."""
        self._lay()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Draw again: the pages are painted where they are."""
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pages in sight, each with an edge."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), self._theme.color("wall"))
        down, across = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        for at, box in enumerate(self._boxes):
            place = box.translated(-across, -down)
            if not place.intersects(self.viewport().rect()):
                continue
            painter.drawPixmap(place, self._picture(at, place.width()))
            painter.setPen(self._theme.color("line"))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _picture(self, at: int, wide: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (at, round(wide * ratio))
        if key not in self._drawn:
            image = QImage.fromData(self._pages[at]).scaledToWidth(key[1], Qt.TransformationMode.SmoothTransformation)
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            self._drawn[key] = picture
            while len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(key)
        return self._drawn[key]


def print_pages(printer: "QPrinter", pages: Sequence[bytes], task: Task) -> int:
    """Print the pages that the printer's dialog chose; how many. Refused, if the printer takes nothing."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    chosen = [QImage.fromData(page) for page in pages[first - 1 : last]]
    printer.setFullPage(True)
    if chosen:
        _turn_paper(printer, chosen[0])
    painter = QPainter()
    if not painter.begin(printer):
        raise Refused("The printer takes nothing: see whether it is on, or save the report as PDF and print that.")
    try:
        for number, image in enumerate(chosen):
            task.progress(number, len(chosen))
            if number:
                _turn_paper(printer, image)
                printer.newPage()
            sheet = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
            size = image.size().scaled(sheet.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    finally:
        painter.end()
    return len(chosen)


def _size(page: bytes) -> QSize:
    buffer = QBuffer()
    buffer.setData(QByteArray(page))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return QImageReader(buffer).size()


def _turn_paper(printer: "QPrinter", image: QImage) -> None:
    lying = image.width() > image.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
