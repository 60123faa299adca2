"""Text to be read in the window, with headings, lists, tables and links: in the theme's colours and sizes."""

from collections.abc import Callable
from html import escape
from string import Template

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextBrowser

from grants_app.ui.theme import BODY, CAPTION, TITLE, Theme

_HEADINGS = {1: TITLE, 2: 15, 3: BODY}

_SHEET = Template("""
body { color: $ink; }
p { margin-top: 0px; margin-bottom: ${p8}px; line-height: 120%; }
h1 { margin-top: 0px; margin-bottom: ${p8}px; }
h2 { margin-top: ${p16}px; margin-bottom: ${p6}px; }
h3 { margin-top: ${p12}px; margin-bottom: ${p4}px; }
li { margin-bottom: ${p4}px; line-height: 120%; }
td, th { padding: ${p4}px ${p8}px ${p4}px 0px; }
th { color: $soft; text-align: left; }
code { background-color: $wash; font-family: "Noto Sans"; }
a { color: $accent; }
.soft { color: $soft; }
.small { color: $soft; font-size: ${caption}px; }
.bad { color: $bad; }
.warning { color: $warning; }
.good { color: $good; }
""")


class Prose(QTextBrowser):
    """Reads out a text. A link is given to `follow` by its target; nothing is ever fetched from outside."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        follow: Callable[[str], object] = lambda target: None,
        *,
        measure: int = 0,
    ) -> None:
        """`measure` is how wide a line may become, in sizes of the design; 0: as wide as there is room."""
        super().__init__()
        self._theme, self._body, self._measure = theme, "", measure
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setProperty("ground", "paper")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.anchorClicked.connect(lambda target: follow(target.toString()))
        theme.changed.connect(self._draw)

    def show_html(self, body: str) -> None:
        """Show a text; what was typed by people must have gone through `plain` before."""
        self._body = body
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines short enough to be read."""
        widest = self._theme.px(self._measure)
        self.setViewportMargins(0, 0, max(0, self.width() - widest) if self._measure else 0, 0)
        super().resizeEvent(event)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is fetched."""
        return None

    def _draw(self) -> None:
        top = self.verticalScrollBar().value()
        self.document().setDefaultFont(self._theme.font())
        self.document().setDocumentMargin(self._theme.px(16))
        self.document().setDefaultStyleSheet(_sheet(self._theme))
        self.setHtml(f"<body>{self._body}</body>")
        self._size_headings()
        self.verticalScrollBar().setValue(top)

    def _size_headings(self) -> None:
        """Qt adds its own to a heading's size, whatever the style sheet says: set it here."""
        block, cursor = self.document().begin(), QTextCursor(self.document())
        while block.isValid():
            if level := block.blockFormat().headingLevel():
                parts = block.begin()
                while not parts.atEnd():
                    part = parts.fragment()
                    cursor.setPosition(part.position())
                    cursor.setPosition(part.position() + part.length(), QTextCursor.MoveMode.KeepAnchor)
                    shape = part.charFormat()
                    shape.clearProperty(QTextFormat.Property.FontSizeAdjustment)
                    shape.setProperty(QTextFormat.Property.FontPixelSize, self._theme.px(_HEADINGS.get(level, BODY)))
                    cursor.setCharFormat(shape)
                    parts += 1
            block = block.next()


def plain(text: str) -> str:
    """Text as it stands, safe inside HTML; line breaks are kept."""
    return escape(text).replace("\n", "<br>")


def _sheet(theme: Theme) -> str:
    px = theme.px
    sizes = {f"p{size}": px(size) for size in (4, 6, 8, 12, 16)}
    return _SHEET.substitute(vars(theme.tokens), caption=px(CAPTION), **sizes)
