"""Printing a document's pages, made as pictures, on paper."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter

from grants_app.errors import Refused
from grants_app.ui.tasks import Task

PPI = 300.0
"""Dots to the inch of pictures that look well on paper."""


def print_pages(printer: QPrinter, pages: Sequence[bytes], task: Task) -> int:
    """Print the pages that the printer's dialog chose; how many. Refused, if the printer takes nothing."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    chosen = [QImage.fromData(page) for page in pages[first - 1 : last]]
    printer.setFullPage(True)
    if chosen:
        _turn(printer, chosen[0])
    painter = QPainter()
    if not painter.begin(printer):
        raise Refused("The printer takes nothing: see whether it is on, or save the report as PDF and print that.")
    try:
        for number, image in enumerate(chosen):
            task.progress(number, len(chosen))
            if number:
                _turn(printer, image)
                printer.newPage()
            sheet = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
            size = image.size().scaled(sheet.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    finally:
        painter.end()
    return len(chosen)


def _turn(printer: QPrinter, image: QImage) -> None:
    lying = image.width() > image.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
