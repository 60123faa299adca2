"""A report as one HTML page that needs no other file: it reads well aloud, on a telephone and on paper."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from grants_app import paths
from grants_app.reports import charts
from grants_app.reports.document import (
    Beside,
    Bullets,
    ChartSpec,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Part,
    Quote,
    Section,
    Show,
    State,
    Table,
    foot,
    sections,
)
from grants_app.reports.words import RATING_SIGNS, cleaned, column_texts, shown, spanned, table_of

_SHORT = 14  # letters: a reference or a date
_RATING_CLASSES = {"Green": "good", "Amber": "warning", "Red": "bad"}


def html(document: Document) -> str:
    """The whole page, style and pictures within."""
    document = cleaned(document)
    title, ending = _e(document.title), _e(foot(document))
    body = "\n".join(_section(number, section) for number, section in enumerate(sections(document)))
    body = f'{body.removesuffix("</section>")}<footer class="report">{ending}</footer>\n</section>'
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="author" content="{_e(document.prepared_by)}">
<title>{title}</title>
<style>
{_style(ending)}
</style>
</head>
<body>
<main>
{_top(document)}
{body}
</main>
</body>
</html>
"""


def _style(ending: str) -> str:
    colours = "".join(f"--{name}:{colour};" for name, colour in charts.PRINT_COLOURS.items())
    quoted = ending.replace("\\", "").replace('"', "'").replace("\n", " ")
    sheet = (paths.resources() / "templates" / "report.css").read_text(encoding="utf-8")
    return f':root{{{colours}--foot:"{quoted}"}}\n{sheet}'


def _top(document: Document) -> str:
    state = "good" if document.state is State.FINAL else "warning"
    notice = f'<p class="note warning">{_e(document.notice)}</p>' if document.notice else ""
    summary = f'<p class="summary">{_e(document.summary)}</p>' if document.summary else ""
    return (
        f'<header class="report"><div class="line"><span>{_e(document.subtitle)}</span>'
        f'<span class="pill {state}">{document.state}</span></div>'
        f"<h1>{_e(document.title)}</h1>{notice}{summary}</header>"
    )


def _section(number: int, section: Section) -> str:
    names = [*(["new-page"] if number else []), *(["landscape"] if section.landscape else [])]
    opening = f'<section class="{" ".join(names)}">' if names else "<section>"
    return f"{opening}\n" + "\n".join(_part(part) for part in section.parts) + "\n</section>"


def _part(part: Part) -> str:
    return _PARTS[type(part)](part)


def _heading(part: Heading) -> str:
    return f"<h{part.level + 1}>{_e(part.text)}</h{part.level + 1}>"


def _bullets(part: Bullets) -> str:
    return "<ul>" + "".join(f"<li>{_e(item)}</li>" for item in part.items) + "</ul>"


def _quote(part: Quote) -> str:
    said = f"{part.said_by} · {part.note}" if part.note else part.said_by
    return f'<blockquote><p>{_e(part.text)}</p><p class="soft">{_e(said)}</p></blockquote>'


def _note(part: Note) -> str:
    return f'<div class="note{" warning" if part.warning else ""}">{_e(part.text)}</div>'


def _facts(part: Facts) -> str:
    return '<dl class="facts">' + "".join(f"<dt>{_e(a)}</dt><dd>{_e(b)}</dd>" for a, b in part.items) + "</dl>"


def _key_figures(part: KeyFigures) -> str:
    items = "".join(
        f"<div><dt>{_e(item.label)}</dt><dd>{_e(shown(item.value, item.show))}</dd>"
        f'<dd class="counts">{_e(item.counts)}</dd></div>'
        for item in part.items
    )
    return f'<dl class="figures">{items}</dl>'


def _table(part: Table) -> str:
    counts = f'<p class="counts">{_e(part.counts)}</p>' if part.counts else ""
    if not part.rows:
        title = f"<p><strong>{_e(part.title)}</strong></p>" if part.title else ""
        return f'{title}<p class="soft">{_e(part.empty)}</p>'
    every = [*part.rows, part.totals] if part.totals is not None else list(part.rows)
    columns = [column_texts(column, [row[at] for row in every]) for at, column in enumerate(part.columns)]
    texts, looks = list(zip(*columns, strict=True)), [_look(*pair) for pair in zip(part.columns, columns, strict=True)]
    rows = [_row(part.columns, looks, line) for line in texts[: len(part.rows)]]
    heads = zip(part.columns, looks, strict=True)
    head = "".join(f'<th scope="col"{look}>{_e(column.label)}</th>' for column, look in heads)
    total = _row(part.columns, looks, texts[-1], spanned(texts[-1])) if part.totals is not None else ""
    foot_row = f"<tfoot>{total}</tfoot>" if total else ""
    caption = f"<caption>{_e(part.title)}</caption>" if part.title else ""
    return (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody>{foot_row}</table></div>{counts}"
    )


def _row(columns: Sequence[Column], looks: Sequence[str], texts: Sequence[str], span: int = 1) -> str:
    wide = f' colspan="{span}"' if span > 1 else ""
    cells = [f'<th scope="row"{wide}{looks[0]}>{_cell(columns[0], texts[0])}</th>']
    for column, look, text in zip(columns[span:], looks[span:], texts[span:], strict=True):
        cells.append(f"<td{look}>{_cell(column, text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _look(column: Column, texts: Sequence[str]) -> str:
    """The class of a column's cells: figures at the right, dates and short words unbroken."""
    if column.at_right:
        return ' class="right"'
    return ' class="whole"' if max(map(len, texts), default=0) <= _SHORT else ""


def _cell(column: Column, text: str) -> str:
    if column.show is Show.RATING and text in RATING_SIGNS:
        sign = f'<span aria-hidden="true">{RATING_SIGNS[text]}</span>'
        return f'<span class="pill {_RATING_CLASSES[text]}">{sign} {text}</span>'
    return _e(text)


def _chart(spec: ChartSpec, width: float) -> str:
    counts = f'<p class="counts">{_e(spec.counts)}</p>' if spec.counts else ""
    return (
        f'<figure><div class="title">{_e(spec.title)}</div>{charts.svg(spec, width)}{counts}'
        f"<details><summary>Show as table</summary>{_table(table_of(spec))}</details></figure>"
    )


def _beside(part: Beside) -> str:
    return f'<div class="beside">{"".join(_chart(chart, charts.HALF_WIDTH) for chart in part.charts)}</div>'


_PARTS: Mapping[type[Any], Callable[[Any], str]] = {
    Heading: _heading,
    Paragraph: lambda part: f"<p>{_e(part.text)}</p>",
    Bullets: _bullets,
    Quote: _quote,
    Note: _note,
    Facts: _facts,
    KeyFigures: _key_figures,
    Table: _table,
    ChartSpec: lambda part: _chart(part, charts.FULL_WIDTH),
    Beside: _beside,
}


def _e(text: str) -> str:
    return escape(text)
