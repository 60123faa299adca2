"""The shapes that a chart is drawn with: plain places, sizes and colours by name, for paper and window alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from grants_app.reports.document import Measure, Withheld


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle filled with `share` (0 to 1) of a colour on the paper; hatched says "not recorded"."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    share: float = 1.0
    radius: float = 0.0
    edge: str = ""
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """Text whose baseline is at y; x is its start, middle or end, as `anchor` says."""

    x: float
    y: float
    text: str
    size: float = 11.5
    colour: str = "ink"
    anchor: str = "start"
    bold: bool = False


Shape: TypeAlias = Box | Stroke | Words


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one figure of the chart is, and its words, for the pointer, the arrow keys and the screen reader."""

    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart laid out; lengths are in pixels at 96 to the inch. Shapes are in the order they are painted."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    spots: tuple[Spot, ...]


@dataclass(slots=True)
class Sheet:
    """A drawing in the making."""

    width: float
    height: float = 0.0
    shapes: list[Shape] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)

    def done(self) -> Drawing:
        """What has been drawn."""
        return Drawing(self.width, self.height, tuple(self.shapes), tuple(self.spots))


# Advance widths in thousandths of the size, from the shipped font's own table: space to tilde.
_ADVANCES = (
    260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572, 572, 572, 572, 572,
    572, 572, 572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556, 519, 728, 741, 339, 273, 619, 524, 907,
    760, 781, 605, 781, 622, 549, 556, 731, 600, 930, 586, 566, 572, 329, 372, 329, 572, 444, 281, 561, 615, 480, 615,
    564, 344, 615, 618, 258, 258, 534, 258, 935, 618, 605, 615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380,
    551, 380, 572,
)  # fmt: skip
_BOLDER = 1.07


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the text is, within a few per cent, in the shipped font."""
    thousandths = sum(_ADVANCES[ord(ch) - 32] if " " <= ch <= "~" else 600 for ch in text)
    return thousandths * size / 1000 * (_BOLDER if bold else 1)


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    if text_width(text, size) <= room:
        return text
    kept = len(text)
    while kept > 1 and text_width(text[:kept].rstrip() + "…", size) > room:
        kept -= 1
    return text[:kept].rstrip() + "…"


def wrapped(text: str, size: float, room: float, lines: int = 2) -> list[str]:
    """The text in at most so many lines that fit the room, broken at spaces; the last is cut if it must be."""
    broken: list[str] = []
    for word in re.split(r"\s+", text.strip()):
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and (text_width(longer, size) <= room or len(broken) == lines):
            broken[-1] = longer
        else:
            broken.append(word)
    return [fitted(line, size, room) for line in broken]


def widest(texts: Sequence[str], size: float) -> float:
    """The width of the widest text, 0 where there are none."""
    return max((text_width(text, size) for text in texts), default=0.0)


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
