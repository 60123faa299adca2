"""A report as plain data, before it becomes a file or a preview; its foot and its pages, the same in every format."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Self, TypeAlias

from grants_app import wording


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that may not be told: what stands in its place ("under 10"), and a sign where there is no room."""

    words: str
    sign: str = "*"


Cell: TypeAlias = str | int | float | Decimal | date | bool | Withheld | None
"""One figure or word; None is "not recorded", which is not zero."""
Measure: TypeAlias = int | float | Decimal | Withheld | None
"""What a chart draws."""


class Show(enum.StrEnum):
    """How a cell is shown; the word is for programmers, never shown."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    RATING = "rating"

    @property
    def right(self) -> bool:
        """Whether its cells stand at the right of their column, as figures do."""
        return self in {Show.NUMBER, Show.MONEY, Show.PERCENT}


class State(enum.StrEnum):
    """Whether a report may still change; the word is shown."""

    DRAFT = "Draft"
    FINAL = "Final"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter, and the document's own title stands above all of them."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; line breaks in it are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short statements, one under the other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, how the speaker is described, and anything that must be said with it."""

    text: str
    said_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that stands apart; a warning is one that the reader must not miss."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values: who, when, where."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure and, in `counts`, what it counts."""

    label: str
    value: Cell
    counts: str
    show: Show = Show.NUMBER


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Large figures side by side, at most five."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: `width` is its share of the page beside the others' shares; `blank` stands for None."""

    label: str
    show: Show = Show.TEXT
    width: float = 1.0
    blank: str = "–"
    right: bool = False

    @property
    def at_right(self) -> bool:
        """Whether its cells stand at the right."""
        return self.right or self.show.right


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under labelled columns; `name` is its name in Excel, `counts` says what its figures count."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    counts: str = ""
    totals: tuple[Cell, ...] | None = None
    empty: str = "Nothing is recorded yet."

    def __post_init__(self) -> None:
        """Every row has a cell for each column; anything else is a programmer's slip."""
        rows = (*self.rows, self.totals) if self.totals is not None else self.rows
        if any(len(row) != len(self.columns) for row in rows):
            raise ValueError(f"table {self.name}: a row differs in length from the {len(self.columns)} columns")

    def summed(self, *labels: str, words: str = "Total") -> Self:
        """The same table with a last row that holds the sums of the columns so labelled, and `words` in the first."""
        cells: list[Cell] = [words, *("" for _ in self.columns[1:])]
        for at, column in enumerate(self.columns):
            if column.label in labels:
                cells[at] = _total([row[at] for row in self.rows])
        return type(self)(self.name, self.title, self.columns, self.rows, self.counts, tuple(cells), self.empty)


class ChartKind(enum.StrEnum):
    """How a chart is drawn; the word is for programmers, never shown."""

    COLUMNS = "columns"
    BARS = "bars"
    PARTS = "parts"
    BULLETS = "bullets"
    BEFORE_AFTER = "before_after"
    TILES = "tiles"


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of every category, in the same order as the chart's categories."""

    name: str
    values: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A place's square on a tile map: column from the west, row from the north, and its short label."""

    x: int
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart as data: `unit` is "£", "%" or a plural noun, `summary` says in one sentence what it shows.

    Series by kind: columns, bars, parts, tiles: one (columns and bars up to three); bullets: done, in all,
    and by today; before and after: before, after, and the aim. A tile map has one tile for each category.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    summary: str
    counts: str = ""
    unit: str = ""
    tiles: tuple[Tile, ...] = ()

    def __post_init__(self) -> None:
        """Each series has a value for each category; anything else is a programmer's slip."""
        lengths = {len(self.categories), *(len(series.values) for series in self.series)}
        if len(lengths) != 1 or (self.tiles and len(self.tiles) != len(self.categories)):
            raise ValueError(f"chart {self.title}: its series differ in length from its categories")


@dataclass(frozen=True, slots=True)
class Beside:
    """Two charts side by side where the page is wide enough."""

    charts: tuple[ChartSpec, ChartSpec]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page, which lies on its side if `landscape`."""

    landscape: bool = False


Part: TypeAlias = (
    Heading | Paragraph | Bullets | Quote | Note | Facts | KeyFigures | Table | ChartSpec | Beside | PageBreak
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; `as_at` is the instant (UTC) that its figures hold for, `notice` stands on every page."""

    title: str
    subtitle: str
    summary: str
    parts: tuple[Part, ...]
    prepared_by: str = ""
    as_at: datetime | None = None
    state: State = State.DRAFT
    notice: str = ""

    def __post_init__(self) -> None:
        """Headings start at level 1 and skip none, as screen readers and PDF/UA want them."""
        level = 0
        for part in self.parts:
            if isinstance(part, Heading):
                if part.level > level + 1:
                    raise ValueError(f"heading “{part.text}” has level {part.level} below level {level}")
                level = part.level

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in order."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def charts(self) -> tuple[ChartSpec, ...]:
        """Its charts, in order, those side by side included."""
        found: list[ChartSpec] = []
        for part in self.parts:
            found.extend(part.charts if isinstance(part, Beside) else (part,) if isinstance(part, ChartSpec) else ())
        return tuple(found)


def _total(cells: Sequence[Cell]) -> Cell:
    numbers = [cell for cell in cells if isinstance(cell, int | Decimal)]
    if any(isinstance(cell, Withheld) for cell in cells):
        return Withheld("hidden")
    return sum(numbers, start=Decimal(0) if any(isinstance(number, Decimal) for number in numbers) else 0)


@dataclass(frozen=True, slots=True)
class Section:
    """The parts between two page breaks, and whether their pages lie on their side."""

    parts: tuple[Part, ...]
    landscape: bool = False


def sections(document: Document) -> list[Section]:
    """The document's parts, cut at its page breaks; a break with nothing before it makes no empty page."""
    made, parts, landscape = [], list[Part](), False
    for part in document.parts:
        if not isinstance(part, PageBreak):
            parts.append(part)
            continue
        if parts:
            made.append(Section(tuple(parts), landscape))
        parts, landscape = [], part.landscape
    return [*made, Section(tuple(parts), landscape)] if parts or not made else made


def foot(document: Document) -> str:
    """Who prepared the report, as at when, draft or final."""
    who = f"Prepared by {document.prepared_by}" if document.prepared_by else ""
    when = f"as at {wording.instant_text(document.as_at)}" if document.as_at else ""
    return " · ".join(words for words in (who, when, str(document.state)) if words)
