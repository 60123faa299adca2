"""What the colours and marks of a chart mean, drawn under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from grants_app.reports.document import Measure, Withheld
from grants_app.reports.drawing import Box, Sheet, Stroke, Words, fitted, text_width

SIZE = 10.5
_LINE, _SQUARE, _GAP = 18.0, 11.0, 16.0


@dataclass(frozen=True, slots=True)
class Swatch:
    """A small sample of what a legend explains: a filled square, a hatched one, a mark, or a bar with its end."""

    fill: str
    share: float = 1.0
    edge: str = ""
    hatched: bool = False
    mark: bool = False
    ends: bool = False


SERIES_SWATCHES = (
    Swatch("accent"),
    Swatch("accent", 0.5, "accent"),
    Swatch("accent", 0.14, "accent"),
    Swatch("soft", 0.5, "soft"),
    Swatch("paper", 1.0, "edge"),
)
"""How the first, second … series or part is filled; an edge tells the pale ones from the paper."""
NOT_RECORDED_SWATCH = Swatch("line", hatched=True)
WITHHELD_SWATCH = Swatch("accent", 0.14)


def amount(value: Measure) -> float:
    """How long a bar for the value is: nothing for what is not recorded, withheld or below zero."""
    return max(float(value), 0.0) if isinstance(value, int | float | Decimal) else 0.0


def withheld_legend(values: Sequence[Measure]) -> list[tuple[str, Swatch]]:
    """What the signs of hidden figures mean."""
    found = sorted({(value.sign, value.words) for value in values if isinstance(value, Withheld)})
    return [(f"{sign} {words}", WITHHELD_SWATCH) for sign, words in found]


def round_step(least: float) -> int:
    """The smallest round number that is no less than that, and at least 1."""
    unit = 1
    while True:
        for factor in (10, 15, 20, 25, 30, 40, 50, 60, 80):
            if (step := factor * unit) % 10 == 0 and step // 10 >= least:
                return step // 10
        unit *= 10


def draw_legend(sheet: Sheet, items: Sequence[tuple[str, Swatch]], left: float = 0.0) -> None:
    """Add the legend under what the sheet holds, in as many lines as it needs."""
    if not items:
        return
    x, y = left, sheet.height + 6
    for text, swatch in items:
        words = fitted(text, SIZE, sheet.width - left - _SQUARE - 6)
        length = _SQUARE + 6 + text_width(words, SIZE)
        if x > left and x + length > sheet.width:
            x, y = left, y + _LINE
        draw_swatch(sheet, swatch, x, y + 1)
        sheet.shapes.append(Words(x + _SQUARE + 6, y + 10, words, SIZE, "soft"))
        x += length + _GAP
    sheet.height = y + _LINE


def draw_swatch(sheet: Sheet, swatch: Swatch, x: float, y: float) -> None:
    """Draw the sample with its top left corner there."""
    if swatch.mark:
        sheet.shapes.append(Stroke(x + _SQUARE / 2, y - 1, x + _SQUARE / 2, y + _SQUARE + 1, swatch.fill, 2))
    elif swatch.ends:
        sheet.shapes.append(Box(x, y + 2, _SQUARE, 7, swatch.fill, radius=2))
        sheet.shapes.append(Box(x + _SQUARE - 4, y + 1, 4, 9, swatch.fill, radius=1, edge="ink"))
    else:
        sheet.shapes.append(
            Box(x, y, _SQUARE, _SQUARE, swatch.fill, swatch.share, 2, swatch.edge, hatched=swatch.hatched)
        )
