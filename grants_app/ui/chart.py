"""A chart in the window: the reports' layout painted in the theme; arrows move from figure to figure and say each."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QToolTip,
    QWidget,
)

from grants_app.reports.document import ChartSpec
from grants_app.reports.drawing import Box, Drawing, Stroke, Words
from grants_app.reports.layout import layout
from grants_app.reports.words import alternative, column_texts, table_of
from grants_app.ui.theme import Theme
from grants_app.ui.tokens import blend
from grants_app.ui.widgets import announce, button, column, label, row


class ChartView(QWidget):
    """One chart. Its name is its title, its description the summary; Enter (or its menu) shows it as a table."""

    def __init__(self, theme: Theme, spec: ChartSpec) -> None:
        super().__init__()
        self._theme, self.spec = theme, spec
        self._drawing = Drawing(0, 0, (), ())
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(f"Chart: {spec.title}")
        self.setAccessibleDescription(f"{alternative(spec)} Arrows move from figure to figure; Enter shows a table.")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _drawn(self, width: int) -> Drawing:
        wide = max(120.0, width / self._theme.zoom)
        if self._drawing.width != wide:
            self._drawing = layout(self.spec, wide)
        return self._drawing

    def hasHeightForWidth(self) -> bool:
        """It is as high as its width makes it."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the layout at that width."""
        return round(self._drawn(width).height * self._theme.zoom) + 2

    def sizeHint(self) -> QSize:
        """A usual width, and its height there."""
        width = self.width() if self.width() > 100 else self._theme.px(300)
        return QSize(self._theme.px(200), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow, and as high as it is."""
        return QSize(self._theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the layout's shapes in the theme's colours, and a frame around the figure that the keyboard is on."""
        drawing, theme = self._drawn(self.width()), self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(theme.zoom, theme.zoom)
        for shape in drawing.shapes:
            if isinstance(shape, Box):
                self._paint_box(painter, shape)
            elif isinstance(shape, Stroke):
                painter.setPen(QPen(theme.color(_track(shape.colour)), shape.width))
                painter.drawLine(QPointF(shape.x1, shape.y1), QPointF(shape.x2, shape.y2))
            else:
                self._paint_words(painter, shape)
        if self.hasFocus() and 0 <= self._at < len(drawing.spots):
            spot = drawing.spots[self._at]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("ink"), 2))
            painter.drawRoundedRect(QRectF(spot.x, spot.y, spot.width, spot.height).adjusted(1, 1, -1, -1), 3, 3)
        painter.end()

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        theme, rect = self._theme, QRectF(box.x, box.y, box.width, box.height)
        painter.setPen(QPen(theme.color(_track(box.edge)), 1) if box.edge else Qt.PenStyle.NoPen)
        fill = blend(getattr(theme.tokens, _track(box.fill)), theme.tokens.paper, box.share)
        painter.setBrush(QBrush(QColor(theme.tokens.wall if box.hatched else fill)))
        painter.drawRoundedRect(rect, box.radius, box.radius)
        if box.hatched:
            hatch = QColor(blend(theme.tokens.edge, theme.tokens.wall, 0.5))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(rect, box.radius, box.radius)

    def _paint_words(self, painter: QPainter, words: Words) -> None:
        theme = self._theme
        font = theme.font(words.size, bold=words.bold)
        font.setPixelSize(max(1, round(words.size)))
        painter.setFont(font)
        painter.setPen(theme.color(words.colour))
        wide = painter.fontMetrics().horizontalAdvance(words.text)
        left = words.x - {"start": 0, "middle": wide / 2, "end": wide}[words.anchor]
        painter.drawText(QPointF(left, words.y), words.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move and say the figure; Home and End go to the first and last; Enter shows the table."""
        spots, key = self._drawing.spots, event.key()
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if key in steps and spots:
            self._go(max(0, min(len(spots) - 1, self._at + steps[Qt.Key(key)])))
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and spots:
            self._go(0 if key == Qt.Key.Key_Home else len(spots) - 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.show_table()
        else:
            super().keyPressEvent(event)

    def _go(self, at: int) -> None:
        self._at = at
        words = self._drawing.spots[at].words
        self.setAccessibleDescription(words)
        announce(self, words)
        self.update()

    @property
    def told(self) -> str:
        """The words of the figure that the keyboard is on; blank where it is on none."""
        return self._drawing.spots[self._at].words if 0 <= self._at < len(self._drawing.spots) else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer on a figure shows its words."""
        at = event.position() / self._theme.zoom
        for spot in self._drawing.spots:
            if QRectF(spot.x, spot.y, spot.width, spot.height).contains(at):
                QToolTip.showText(event.globalPosition().toPoint(), spot.words, self)
                return
        QToolTip.hideText()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the table."""
        menu = QMenu(self)
        menu.addAction("Show as table", self.show_table)
        menu.popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        """Lay it out anew when sizes change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._drawing = Drawing(0, 0, (), ())
            self.updateGeometry()

    def show_table(self) -> None:
        """Show the same figures as a table."""
        ChartTable(self._theme, self.spec, self.window()).open()


class ChartTable(QDialog):
    """A chart's figures in rows."""

    def __init__(self, theme: Theme, spec: ChartSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(spec.title)
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table = table_of(spec)
        grid = QTableWidget(len(table.rows), len(table.columns))
        grid.setAccessibleName(spec.title)
        grid.setHorizontalHeaderLabels([held.label or "Of" for held in table.columns])
        grid.verticalHeader().hide()
        grid.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for at, held in enumerate(table.columns):
            for number, text in enumerate(column_texts(held, [cells[at] for cells in table.rows])):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignRight if held.at_right else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                grid.setItem(number, at, item)
        body = column(theme, margins=20, gap=12)
        body.addWidget(label(spec.title, "title"))
        if spec.counts:
            body.addWidget(label(spec.counts, "caption", wrap=True))
        body.addWidget(grid, 1)
        foot = row(theme)
        foot.addStretch()
        foot.addWidget(button("Close", self.accept, "primary"))
        body.addLayout(foot)
        self.setLayout(body)
        self.resize(theme.px(460), theme.px(440))


def _track(name: str) -> str:
    """In the window a bar's track has a colour of its own, so that high contrast can draw lines in black."""
    return "track" if name == "line" else name
