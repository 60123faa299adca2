"""Text to be read in the window, help pages among it: headings, lists, tables and links in the theme's looks."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape, unescape
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
_BULLET, _NUMBER = re.compile(r"- +(.*)"), re.compile(r"\d+\. +(.*)")
_HEADING, _RULE = re.compile(r"(#{1,3}) +(.*)"), re.compile(r"\|[\s:|-]+\|")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>&nbsp;\1&nbsp;</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*([^*]+)\*"), r"<i>\1</i>"),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r'<a href="\2">\1</a>'),
)


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


def from_markdown(text: str) -> str:
    """The text as HTML; whatever is no mark of its own stands as it is, never as HTML."""
    blocks = re.split(r"\n\s*\n", _COMMENT.sub("", text).strip())
    return "".join(_block(block.splitlines()) for block in blocks if block.strip())


def markdown_words(text: str) -> str:
    """The text without its marks, for searching."""
    blocks = re.sub(r"</?(?:h\d|p|ul|ol|li|table|tr|td|th)\b[^>]*>", " ", from_markdown(text))
    return unescape(re.sub(r"<[^>]+>|&nbsp;", "", blocks))


def _sheet(theme: Theme) -> str:
    px = theme.px
    sizes = {f"p{size}": px(size) for size in (4, 6, 8, 12, 16)}
    return _SHEET.substitute(vars(theme.tokens), caption=px(CAPTION), **sizes)


def _block(lines: Sequence[str]) -> str:
    if found := _HEADING.fullmatch(lines[0].strip()):
        level = len(found[1])
        rest = _block(lines[1:]) if lines[1:] else ""
        return f"<h{level}>{_inline(found[2])}</h{level}>{rest}"
    if lines[0].lstrip().startswith("|"):
        return _table(lines)
    for mark, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        if mark.match(lines[0].strip()):
            return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in _items(lines, mark))}</{tag}>"
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _items(lines: Sequence[str], mark: re.Pattern[str]) -> Iterator[str]:
    """The items of a list; a line without a mark goes on with the item before."""
    item: list[str] = []
    for line in lines:
        found = mark.match(line.strip())
        if found and item:
            yield " ".join(item)
            item = []
        item.append(found[1] if found else line.strip())
    if item:
        yield " ".join(item)


def _table(lines: Sequence[str]) -> str:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not _RULE.fullmatch(line.strip())
    ]
    made = []
    for number, cells in enumerate(rows):
        tag = "td" if number else "th"
        made.append("<tr>" + "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in cells) + "</tr>")
    return f'<table width="100%" cellspacing="0">{"".join(made)}</table>'


def _inline(text: str) -> str:
    shown = escape(text, quote=False)
    for mark, made in _INLINE:
        shown = mark.sub(made, shown)
    return shown
