"""Help pages as they are written, as HTML: headings, paragraphs, lists, tables, bold, italics, keys and links."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

_BULLET, _NUMBER = re.compile(r"- +(.*)"), re.compile(r"\d+\. +(.*)")
_HEADING, _RULE = re.compile(r"(#{1,3}) +(.*)"), re.compile(r"\|[\s:|-]+\|")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>&nbsp;\1&nbsp;</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"\*([^*]+)\*"), r"<i>\1</i>"),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r'<a href="\2">\1</a>'),
)


def html(text: str) -> str:
    """The text as HTML; whatever is no mark of its own stands as it is, never as HTML."""
    blocks = re.split(r"\n\s*\n", _COMMENT.sub("", text).strip())
    return "".join(_block(block.splitlines()) for block in blocks if block.strip())


def words(text: str) -> str:
    """The text without its marks, for searching."""
    blocks = re.sub(r"</?(?:h\d|p|ul|ol|li|table|tr|td|th)\b[^>]*>", " ", html(text))
    return unescape(re.sub(r"<[^>]+>|&nbsp;", "", blocks))


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
