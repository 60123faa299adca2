"""The shape and tone beside every status, so that no meaning hangs on colour alone; drawn, as fonts lack the signs."""

import enum
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from grants_app.ui.theme import CAPTION, Theme

Tone = Literal["good", "warning", "bad", "accent", "plain"]
Shape = Literal["", "disc", "half", "ring", "triangle", "square", "tick", "dash", "up", "down", "level"]


@dataclass(frozen=True)
class Badge:
    """A word with the shape and tone that it is shown with."""

    words: str
    shape: Shape = ""
    tone: Tone = "plain"


_WORDS: dict[tuple[Shape, Tone], tuple[str, ...]] = {
    ("disc", "good"): (
        "Active", "Green", "Delivered", "Paid", "In progress", "Approved", "Published", "Accepted", "Endorse",
    ),
    ("half", "warning"): (
        "Closing", "Closed to bids", "Suspended", "Pending approval", "Returned", "Part accepted",
    ),
    ("ring", "accent"): (
        "Agreement sent", "Open", "Planned", "Scheduled", "Applied", "Under assessment", "Ready for decision",
        "Enquiry", "Authorised", "Sent to finance", "Draft", "Not started", "Submitted", "Prospective", "Awaited",
        "Reserve list", "Deferred",
    ),
    ("triangle", "warning"): ("Amber",),
    ("square", "bad"): ("Red", "Terminated", "Stopped", "Failed"),
    ("tick", "plain"): ("Completed", "Done", "Closed", "Inactive", "Superseded", "Yes"),
    ("dash", "plain"): ("No rating", "Withdrawn", "Cancelled", "Not approved", "Declined", "Rejected", "No"),
}  # fmt: skip
_BADGES = {word: Badge(word, shape, tone) for (shape, tone), words in _WORDS.items() for word in words}


def badge_of(value: enum.Enum | str) -> Badge:
    """How a status, rating or other word is shown; a word without a badge of its own stands plain."""
    word = str(value.value) if isinstance(value, enum.Enum) else value
    return _BADGES.get(word) or Badge(word)


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, colour: QColor) -> None:
    """Draw a badge's shape inside a square box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    thick = max(1.0, box.width() / 6)
    painter.setPen(QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
    left, right, top, bottom = inner.left(), inner.right(), inner.top(), inner.bottom()
    middle = inner.center()
    if shape in {"ring", "half"}:
        painter.drawEllipse(inner)
    if shape == "half":
        painter.setBrush(colour)
        painter.drawPie(inner, 90 * 16, 180 * 16)
    elif shape in {"disc", "square", "triangle"}:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if shape == "disc":
            painter.drawEllipse(box)
        elif shape == "square":
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.drawPolygon(QPolygonF([QPointF(middle.x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    elif shape == "tick":
        painter.drawPolyline(
            [QPointF(left, middle.y()), QPointF(left + inner.width() * 0.38, bottom - 1), QPointF(right, top + 1)]
        )
    elif shape in {"dash", "level"}:
        painter.drawLine(QPointF(left, middle.y()), QPointF(right, middle.y()))
    elif shape in {"up", "down"}:
        tip, tail = (top, bottom) if shape == "up" else (bottom, top)
        wing = tip + (tail - tip) * 0.4
        painter.drawLine(QPointF(middle.x(), tail), QPointF(middle.x(), tip))
        painter.drawPolyline([QPointF(left, wing), QPointF(middle.x(), tip), QPointF(right, wing)])


def pill_colours(theme: Theme, tone: Tone) -> tuple[QColor, QColor, QColor]:
    """Text, ground and edge of a pill; in high contrast the edge is drawn in the text's colour."""
    if tone == "plain":
        return theme.color("soft"), theme.color("wall"), theme.color("line")
    if tone == "accent":
        return theme.color("accent"), theme.color("wash"), theme.color("wash")
    text, ground = theme.color(tone), theme.color(f"{tone}_wash")
    return text, ground, text if ground == theme.color("paper") else ground


def pill_size(theme: Theme, badge: Badge) -> QSize:
    """The room that a pill takes."""
    width = QFontMetricsF(theme.font(CAPTION, bold=True)).horizontalAdvance(badge.words)
    return QSize(round(width) + theme.px(18) + (theme.px(12) if badge.shape else 0), theme.px(20))


def draw_pill(painter: QPainter, theme: Theme, rect: QRectF, badge: Badge) -> None:
    """Draw a rounded pill that fills `rect`: the shape, then the words, cut where they have no room."""
    text, ground, edge = pill_colours(theme, badge.tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, theme.px(1)))
    painter.setBrush(ground)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, rect.height() / 2)
    inside = rect.adjusted(theme.px(9), 0, -theme.px(8), 0)
    if badge.shape:
        side = theme.px(8)
        draw_shape(painter, badge.shape, QRectF(inside.left(), rect.center().y() - side / 2, side, side), text)
        inside.setLeft(inside.left() + side + theme.px(4))
    font = theme.font(CAPTION, bold=True)
    painter.setPen(text)
    painter.setFont(font)
    words = QFontMetricsF(font).elidedText(badge.words, Qt.TextElideMode.ElideRight, inside.width() + 1)
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, words)


class Pill(QWidget):
    """A badge as a widget."""

    def __init__(self, theme: Theme, badge: Badge) -> None:
        super().__init__()
        self._theme, self._badge = theme, badge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(badge)

    def set(self, badge: Badge) -> None:
        """Show another badge."""
        self._badge = badge
        self.setAccessibleName(badge.words or "none")
        if self.parent() is not None:  # alone it would be a window of its own
            self.setVisible(bool(badge.words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return pill_size(self._theme, self._badge)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        draw_pill(painter, self._theme, QRectF(self.rect()), self._badge)
        painter.end()


def draw_bullet(painter: QPainter, theme: Theme, rect: QRectF, share: float, mark: float | None) -> None:
    """Draw how much is done (`share`, 0 to 1) on its track, with a mark where it should be today."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("track"))
    radius = theme.px(3)
    painter.drawRoundedRect(rect, radius, radius)
    if share > 0:
        done = QRectF(rect)
        done.setWidth(max(radius * 2, rect.width() * min(1.0, share)))
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(done, radius, radius)
    if mark is not None:
        thick, over = theme.px(2), theme.px(3)
        at = min(rect.right() - thick / 2, max(rect.left() + thick / 2, rect.left() + rect.width() * mark))
        tall = rect.adjusted(0, -over, 0, over)
        painter.fillRect(QRectF(at - thick, tall.top(), thick * 2, tall.height()), theme.color("paper"))
        painter.fillRect(QRectF(at - thick / 2, tall.top(), thick, tall.height()), theme.color("ink"))
