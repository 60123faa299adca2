"""The style sheet of the window, written from a theme's tokens."""

from pathlib import Path
from string import Template

from grants_app.ui.tokens import Tokens

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
  padding: ${p4}px ${p12}px; min-height: ${p18}px; font-weight: bold; }
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
QPushButton[look="chip"] { background: $wall; color: $soft; border: ${p1}px solid $edge; border-radius: ${p10}px;
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
QComboBox::drop-down { border: none; width: ${p20}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $paper; color: $ink; border: ${p1}px solid $edge; padding: ${p4}px;
  selection-background-color: $wash; selection-color: $ink; outline: none; }
QCheckBox, QRadioButton { spacing: ${p8}px; background: transparent; padding: ${p2}px;
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

QTabBar { background: transparent; font-size: ${body}px; }
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
