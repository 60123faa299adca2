"""The look of the window: one theme's colours, sizes, fonts, icons and style sheet, followed live."""

from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from grants_app.ui.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Tokens

Scheme = Literal["system", "light", "dark", "contrast"]
LEAST_ZOOM, MOST_ZOOM = 0.8, 3.0
BODY, CAPTION, TITLE = 13, 11.5, 17
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


_SHEET = Template("""
QToolTip { background: $ink; color: $wall; border: none; padding: ${p4}px ${p8}px; }
QWidget[ground="paper"] { background: $paper; }
QWidget[ground="wall"] { background: $wall; }
QFrame[look="card"] { background: $paper; border: ${p1}px solid $line; border-radius: ${p8}px; }
QFrame[look="drop"] { background: $paper; border: ${p1}px dashed $edge; border-radius: ${p8}px; }
QFrame[look="drop"][held="true"] { background: $wash; border: ${p2}px dashed $accent; }
QDialog[look="panel"] { background: $paper; border: ${p1}px solid $edge; border-radius: ${p6}px; }
QFrame[look="said"] { background: $paper; border: ${p1}px solid $edge; border-radius: ${p6}px; }
QFrame[look="line"] { background: $line; border: none; max-height: ${p1}px; min-height: ${p1}px; }
QFrame[look="upright"] { background: $line; border: none; max-width: ${p1}px; min-width: ${p1}px; }
QLabel { background: transparent; }
QLabel[look="title"] { font-size: ${title}px; font-weight: bold; }
QLabel[look="figure"] { font-size: ${figure}px; font-weight: bold; }
QLabel[look="key"] { font-size: ${key}px; font-weight: bold; }
QLabel[look="heading"] { color: $soft; font-size: ${caption}px; font-weight: bold; }
QLabel[look="caption"] { color: $soft; font-size: ${caption}px; }
QLabel[look="soft"] { color: $soft; }
QLabel[look="problem"] { color: $bad; font-size: ${caption}px; }
QLabel[look="warning"] { color: $warning; font-size: ${caption}px; }

QPushButton { background: $paper; color: $ink; border: ${p1}px solid $edge; border-radius: ${p6}px;
  padding: ${p4}px ${p12}px; min-height: ${p18}px; font-weight: bold; outline: none; }
QPushButton:hover { background: $wash; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: ${p2}px solid $accent; padding: ${p3}px ${p11}px; }
QPushButton:disabled { background: $wall; color: $soft; border-color: $line; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[look="primary"]:focus { border: ${p2}px solid $ink; }
QPushButton[look="primary"]:disabled { background: $wall; color: $soft; border-color: $line; }
QPushButton[look="link"] { background: transparent; color: $accent; border: ${p1}px solid transparent;
  font-weight: normal; padding: ${p2}px ${p4}px; min-height: 0; text-align: left; }
QPushButton[look="link"]:hover { text-decoration: underline; }
QPushButton[look="link"]:focus { border: ${p1}px solid $accent; }
QPushButton[look="link"]:disabled { color: $soft; }
QPushButton[look="chip"] { background: $wall; color: $soft; border: ${p1}px solid $edge; border-radius: ${p8}px;
  padding: 0 ${p8}px; min-height: ${p18}px; font-size: ${caption}px; }
QPushButton[look="chip"]:hover { color: $ink; }
QPushButton[look="chip"]:focus { border: ${p2}px solid $accent; padding: 0 ${p7}px; min-height: ${p16}px; }
QPushButton[look="chip"][set="true"] { background: $wash; color: $accent; border-color: $wash; }
QPushButton[look="chip"][set="true"]:focus { border: ${p2}px solid $accent; padding: 0 ${p7}px; }
QPushButton[look="words"] { font-weight: normal; text-align: left; padding: ${p4}px ${p20}px ${p4}px ${p8}px; }
QPushButton[look="field"] { color: $soft; background: $wall; font-weight: normal; text-align: left;
  padding: ${p4}px ${p10}px; min-height: ${p20}px; }

QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox, QDateEdit { background: $paper; color: $ink;
  border: ${p1}px solid $edge; border-radius: ${p6}px; padding: ${p4}px ${p8}px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: ${p18}px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: ${p2}px solid $accent; padding: ${p3}px ${p7}px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border: ${p2}px solid $bad;
  padding: ${p3}px ${p7}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only { background: $wall; color: $soft;
  border-color: $line; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: ${p20}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $paper; color: $ink; border: ${p1}px solid $edge; padding: 0;
  selection-background-color: $wash; selection-color: $ink; outline: none; }
QCheckBox, QRadioButton { spacing: ${p8}px; background: transparent; padding: ${p2}px; outline: none;
  border: ${p1}px solid transparent; border-radius: ${p4}px; }
QCheckBox:focus, QRadioButton:focus { border: ${p1}px solid $accent; }
QCheckBox::indicator { width: ${p14}px; height: ${p14}px; background: $paper; border: ${p1}px solid $edge;
  border-radius: ${p3}px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick"); }
QCheckBox::indicator:disabled { background: $wall; border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $edge; border-color: $edge; }
QRadioButton::indicator { width: ${p14}px; height: ${p14}px; background: $paper; border: ${p1}px solid $edge;
  border-radius: ${p8}px; }
QRadioButton::indicator:checked { width: ${p8}px; height: ${p8}px; background: $paper; border: ${p4}px solid $accent; }

QTabBar { background: transparent; font-size: ${body}px; outline: none; }
QTabBar::tab { background: transparent; color: $soft; padding: ${p8}px ${p4}px; margin-right: ${p2}px; border: none;
  border-bottom: ${p2}px solid transparent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $accent; border-bottom: ${p2}px solid $accent; font-weight: bold; }
QTabBar::tab:focus { color: $accent; background: $wash; }
QTabBar QToolButton { background: $paper; border: none; }
QTabWidget::pane { border: none; border-top: ${p1}px solid $line; }

QMenu { background: $paper; color: $ink; border: ${p1}px solid $edge; border-radius: ${p6}px; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p20}px ${p6}px ${p12}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $wash; color: $ink; }
QMenu::item:disabled { color: $soft; }
QMenu::separator { height: ${p1}px; background: $line; margin: ${p4}px 0; }

QHeaderView { background: $paper; border: none; }
QHeaderView::section { background: $paper; color: $soft; border: none; border-bottom: ${p1}px solid $line;
  padding: 0 ${p8}px; font-size: ${caption}px; font-weight: bold; }
QHeaderView::section:hover { color: $ink; background: $wall; }
QHeaderView::up-arrow, QHeaderView::down-arrow { width: 0; height: 0; }
QTableView, QListView, QTreeView, QScrollArea { background: $paper; border: none; outline: none; }
QListView[finds="true"] { border: ${p1}px solid $edge; padding: ${p4}px; }
QTableView { selection-background-color: $wash; selection-color: $ink; }
QTableView::item { padding: 0 ${p8}px; border-bottom: ${p1}px solid $line; }
QScrollArea[ground="wall"] { background: $wall; }
QListView::item { padding: ${p4}px ${p8}px; border-radius: ${p4}px; }
QListView::item:selected { background: $wash; color: $ink; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QProgressBar { background: $track; border: none; border-radius: ${p3}px; max-height: ${p6}px; min-height: ${p6}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p3}px; }

QScrollBar:vertical { background: transparent; width: ${p10}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p10}px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: ${p2}px; margin: ${p3}px; }
QScrollBar[look="thin"]:vertical { width: ${p6}px; }
QScrollBar[look="thin"]::handle:vertical { margin: ${p1}px; border-radius: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p20}px; }
QScrollBar::handle:horizontal { min-width: ${p20}px; }
QScrollBar::handle:hover { background: $soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def stylesheet(tokens: Tokens, zoom: float, icons: Path) -> str:
    """The whole style sheet at a zoom; `icons` is the folder of the ticks in boxes."""

    def px(size: float) -> int:
        return max(1, round(size * zoom))

    sizes = {f"p{size}": px(size) for size in (1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 16, 18, 20)}
    fonts = {"body": px(13), "caption": px(11.5), "title": px(17), "figure": px(24), "key": px(16)}
    tick = (icons / f"tick-{'black' if tokens.dark else 'white'}.svg").as_posix()
    return _SHEET.substitute(vars(tokens), **sizes, **fonts, tick=tick)


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
