"""A document with one of each part, whose every word tries to be markup, a formula or something unprintable."""

from datetime import UTC, datetime
from decimal import Decimal

from grants_app.reports.document import (
    Beside,
    Bullets,
    ChartKind,
    ChartSpec,
    Column,
    Document,
    Facts,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Series,
    Show,
    Table,
    Withheld,
)

EVIL = '=1+1 <b onclick="x()">&amp; #strong[no] $x^2$ *no* `no` \\ " \' {{7*7}} {% x %} ]] %>\x00\x0b'
SEEN = EVIL.replace("\x00", "").replace("\x0b", "")
"""What of it may be shown."""


def chart(title: str) -> ChartSpec:
    """A chart of two categories, the second not recorded."""
    return ChartSpec(ChartKind.COLUMNS, title, (EVIL, "b"), (Series(EVIL, (7, None)),), EVIL, EVIL)


TABLE = Table(
    "a_table",
    EVIL,
    (Column(EVIL), Column("Rating", Show.RATING), Column("Paid", Show.MONEY), Column("People", Show.NUMBER)),
    ((EVIL, "Red", Decimal("8000.50"), 1200), ("-2", "No rating", None, Withheld("under 10"))),
    EVIL,
    ("Total", "", Decimal("8000.50"), 1204),
)
DOCUMENT = Document(
    EVIL,
    EVIL,
    EVIL,
    (
        KeyFigures((KeyFigure(EVIL, Decimal("8000.50"), EVIL, Show.MONEY), KeyFigure("Reach", "41–52", "", Show.TEXT))),
        Facts(((EVIL, EVIL), ("Status", "Active\nsecond line"))),
        Heading(EVIL),
        Paragraph(f"{EVIL}\nsecond line"),
        Heading(EVIL, 2),
        Bullets((EVIL, "two")),
        Quote(EVIL, EVIL, EVIL),
        Note(EVIL),
        Note(EVIL, warning=True),
        TABLE,
        Table("empty", EVIL, (Column("A"),), (), EVIL, empty="Nothing yet."),
        chart("One chart"),
        Beside((chart("Left chart"), chart("Right chart"))),
        PageBreak(landscape=True),
        PageBreak(),
        Heading("The end"),
    ),
    prepared_by=EVIL,
    as_at=datetime(2026, 11, 23, 14, 2, tzinfo=UTC),
    notice=EVIL,
)
