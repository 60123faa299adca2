"""The look of the window: one theme's colours, sizes, fonts and icons, followed live."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from grants_app.ui.style import stylesheet
from grants_app.ui.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Tokens

Scheme = Literal["system", "light", "dark", "contrast"]
LEAST_ZOOM, MOST_ZOOM = 0.8, 3.0
BODY, CAPTION, TITLE, FIGURE = 13, 11.5, 17, 24
_FAMILY = "Noto Sans"


class Theme(QObject):
    """What every widget asks for its colours and sizes; `changed` tells those that paint themselves to do so again."""

    changed = Signal()

    def __init__(
        self, app: QApplication, *, resources: Path, scheme: Scheme = "system", zoom: float = 1.0, tight: bool = False
    ) -> None:
        super().__init__(app)
        self._app, self._resources = app, resources
        self.scheme, self.zoom, self.tight = scheme, _within(zoom), tight
        self._icons: dict[tuple[str, str, int], QIcon] = {}
        app.setStyle(QStyleFactory.create("Fusion"))
        self._family = _load_fonts(resources / "fonts", app)
        self.tokens = self._choose()
        self._apply()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)

    def set_scheme(self, scheme: Scheme) -> None:
        """Show light, dark or high contrast whatever the system says, or follow it again."""
        self.scheme = scheme
        self._follow()

    def set_zoom(self, zoom: float) -> None:
        """Scale everything, 0.8 to 3 times; what is beyond is brought within."""
        self.zoom = _within(zoom)
        self._refresh()

    def set_tight(self, *, tight: bool) -> None:
        """Show compact rows, or rows of the usual height."""
        self.tight = tight
        self._refresh()

    @property
    def row(self) -> int:
        """The height of a row in a list, in screen pixels."""
        return self.px(26 if self.tight else 34)

    def px(self, size: float) -> int:
        """A size of the design in screen pixels at this zoom, never less than one."""
        return max(1, round(size * self.zoom))

    def color(self, token: str) -> QColor:
        """The colour that a token stands for."""
        return _color(getattr(self.tokens, token))

    def font(self, size: float = BODY, *, bold: bool = False) -> QFont:
        """The window's font in a size of the design, with figures of one width."""
        font = QFont(self._family)
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def icon(self, name: str, token: str = "soft", size: float = 18) -> QIcon:
        """The icon of a meaning (`resources/icons`), drawn in a token's colour."""
        colour = getattr(self.tokens, token)
        key = (name, colour, self.px(size))
        if key not in self._icons:
            self._icons[key] = QIcon(self._draw(*key))
        return self._icons[key]

    def _draw(self, name: str, colour: str, size: int) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        drawing = (
            (self._resources / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
        )
        ratio = self._app.devicePixelRatio()
        picture = QPixmap(round(size * ratio), round(size * ratio))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(picture.rect()))
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture

    def _choose(self) -> Tokens:
        hints = self._app.styleHints()
        wish = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        return chosen(self.scheme, dark=hints.colorScheme() == Qt.ColorScheme.Dark, contrast=wish)

    def _follow(self) -> None:
        tokens = self._choose()
        if tokens != self.tokens:
            self.tokens = tokens
            self._refresh()

    def _refresh(self) -> None:
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._app.setPalette(_palette(self.tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(stylesheet(self.tokens, self.zoom, self._resources / "icons"))


def chosen(scheme: Scheme, *, dark: bool, contrast: bool) -> Tokens:
    """The colours for what the officer chose, where the system is dark or not and asks for high contrast or not."""
    if scheme in {"light", "dark"}:
        return DARK if scheme == "dark" else LIGHT
    if scheme == "contrast" or contrast:
        return DARK_CONTRAST if dark else LIGHT_CONTRAST
    return DARK if dark else LIGHT


def _within(zoom: float) -> float:
    return min(MOST_ZOOM, max(LEAST_ZOOM, round(zoom, 2)))


@lru_cache(maxsize=256)
def _color(name: str) -> QColor:
    return QColor(name)


def _load_fonts(folder: Path, app: QApplication) -> str:
    """Noto Sans as shipped; where it is not (or on Windows), the system's own font."""
    from sys import platform

    if platform == "win32":
        return app.font().family()
    for weight in ("Regular", "Bold"):  # what slants is slanted by Qt: a third file would only slow the start
        QFontDatabase.addApplicationFont(str(folder / f"NotoSans-{weight}.ttf"))
    return _FAMILY if QFontDatabase.hasFamily(_FAMILY) else app.font().family()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.wall,
        role.WindowText: tokens.ink,
        role.Base: tokens.paper,
        role.AlternateBase: tokens.wall,
        role.Text: tokens.ink,
        role.PlaceholderText: tokens.soft,
        role.Button: tokens.paper,
        role.ButtonText: tokens.ink,
        role.BrightText: tokens.bad,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.ink,
        role.ToolTipText: tokens.wall,
        role.Light: tokens.paper,
        role.Midlight: tokens.line,
        role.Mid: tokens.edge,
        role.Dark: tokens.edge,
        role.Shadow: tokens.edge,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.soft))
    return palette
