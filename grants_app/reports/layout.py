"""Where everything of a chart stands: a ChartSpec and a width become a Drawing, for paper and window alike."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grants_app.reports.document import ChartKind, ChartSpec, Measure, Tile, Withheld
from grants_app.reports.drawing import (
    NOT_RECORDED_SWATCH,
    SERIES_SWATCHES,
    WITHHELD_SWATCH,
    Box,
    Drawing,
    Sheet,
    Spot,
    Stroke,
    Swatch,
    Words,
    amount,
    draw_legend,
    draw_swatch,
    fitted,
    round_step,
    text_width,
    widest,
    withheld_legend,
    wrapped,
)
from grants_app.reports.words import NOT_RECORDED, brief, measured, said

SMALL, BODY = 10.5, 11.5
_ROW, _BAR = 27.0, 12.0
BANDS = (0.14, 0.32, 0.5, 1.0)
"""How much of the accent each band takes: every one leaves text on it readable, in light and in dark."""
_NONE = Swatch("wall", edge="line")


def layout(spec: ChartSpec, width: float = 640.0) -> Drawing:
    """The chart drawn to that width in pixels; its height follows from what it holds."""
    sheet = Sheet(width)
    if not spec.categories:
        sheet.shapes.append(Words(0, 16, "Nothing is recorded yet.", BODY, "soft"))
        sheet.height = 24
        return sheet.done()
    _KINDS[spec.kind](sheet, spec)
    return sheet.done()


def _columns(sheet: Sheet, spec: ChartSpec) -> None:
    top, plot, count = 18.0, 150.0, len(spec.series)
    slot, bar = _slot(spec, sheet.width)
    highest = _highest(spec)
    texts = _labels(spec, (slot if count == 1 else bar) * 0.98)
    if not any(_flat(texts)):
        slot, bar = _slot(spec, sheet.width - 34)
        _rules(sheet, spec, top + plot, plot / highest, highest)
    for at in range(len(spec.categories)):
        left = slot * at + (slot - bar * count) / 2
        for number, series in enumerate(spec.series):
            value, swatch = series.values[at], SERIES_SWATCHES[number]
            height = _height(value, highest, plot)
            place = (left + bar * number + 0.5, top + plot - height, bar - 1, height)
            sheet.shapes.append(_bar_box(place, value, swatch))
            label = Words(place[0] + place[2] / 2, place[1] - 4, texts[number][at], SMALL, anchor="middle")
            sheet.shapes.append(label)
        sheet.spots.append(Spot(slot * at, 0, slot, top + plot, said(spec, at)))
    sheet.shapes.append(Stroke(0, top + plot, slot * len(spec.categories), top + plot, "edge"))
    _under(sheet, spec, slot, top + plot + 15)
    sheet.height = top + plot + 22
    draw_legend(sheet, _series_legend(spec))


def _bars(sheet: Sheet, spec: ChartSpec) -> None:
    count = len(spec.series)
    highest = _highest(spec)
    texts = [[measured(value, spec.unit) for value in series.values] for series in spec.series]
    value_room = widest([text for series in texts for text in series], BODY) + 8
    start, row = _label_room(sheet, spec), max(_ROW, 15.0 * count + 8)
    room = sheet.width - start - value_room
    for at in range(len(spec.categories)):
        y = row * at
        _row_label(sheet, spec.categories[at], start, y + row / 2)
        for number, series in enumerate(spec.series):
            value = series.values[at]
            length = 16.0 if value is None else room * amount(value) / highest
            place = (start, y + (row - 15 * count) / 2 + 15 * number + 1.5, length, _BAR)
            sheet.shapes.append(_bar_box(place, value, SERIES_SWATCHES[number]))
            sheet.shapes.append(Words(start + length + 6, place[1] + 10, texts[number][at], BODY))
        sheet.spots.append(Spot(0, y, sheet.width, row, said(spec, at)))
    sheet.height = row * len(spec.categories)
    draw_legend(sheet, _series_legend(spec) if count > 1 else [])


def _parts(sheet: Sheet, spec: ChartSpec) -> None:
    values = [amount(value) for value in spec.series[0].values]
    whole, x, gap = sum(values) or 1.0, 0.0, 2.0
    room = sheet.width - gap * (len([value for value in values if value]) - 1)
    for at, value in enumerate(values):
        length, swatch = room * value / whole, SERIES_SWATCHES[at % len(SERIES_SWATCHES)]
        sheet.spots.append(Spot(x, 0, length, 30, said(spec, at)))
        if value:
            sheet.shapes.append(_bar_box((x, 2, length, 26), value, swatch))
            x += length + gap
    sheet.height = 36
    draw_legend(
        sheet,
        [
            (f"{category} {measured(spec.series[0].values[at], spec.unit)}", SERIES_SWATCHES[at % len(SERIES_SWATCHES)])
            for at, category in enumerate(spec.categories)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Track:
    """One row of a bullet or before-and-after chart, in shares (0 to 1) of the track."""

    start: float
    end: float
    track: float
    mark: float | None
    text: str
    recorded: bool = True


def _bullets(sheet: Sheet, spec: ChartSpec) -> None:
    done, whole, today = (*(series.values for series in spec.series), None, None)[:3]
    rows = []
    for at, value in enumerate(done or ()):
        planned = amount(whole[at]) if whole and whole[at] is not None else 0.0
        scale = max(planned, amount(value)) or 1.0
        mark = amount(today[at]) / scale if today and today[at] is not None else None
        text = measured(value, spec.unit) if value is not None else NOT_RECORDED
        text += f" / {measured(whole[at], spec.unit)}" if planned and whole and value is not None else ""
        rows.append(_Track(0, amount(value) / scale, planned / scale, mark, text, value is not None))
    _tracks(sheet, spec, rows)
    if len(spec.series) > 2:
        draw_legend(sheet, [(spec.series[2].name, Swatch("ink", mark=True))])


def _before_after(sheet: Sheet, spec: ChartSpec) -> None:
    before, after, aim = (*(series.values for series in spec.series), None)[:3]
    everything = [amount(value) for series in spec.series for value in series.values]
    scale = 100.0 if spec.unit == "%" else (max(everything, default=0.0) * 1.1 or 1.0)
    rows = []
    for at, first in enumerate(before or ()):
        last, target = (after or ())[at], aim[at] if aim else None
        both = first is not None and last is not None
        text = f"{measured(first, spec.unit)} to {measured(last, spec.unit)}" if both else NOT_RECORDED
        text += f", aim {measured(target, spec.unit)}" if target is not None else ""
        mark = amount(target) / scale if target is not None else None
        rows.append(_Track(amount(first) / scale, amount(last) / scale, 1, mark, text, both))
    _tracks(sheet, spec, rows)
    legend = [("before to after; the dark end is after", Swatch("accent", ends=True))]
    draw_legend(sheet, legend + ([(spec.series[2].name, Swatch("ink", mark=True))] if aim else []))


def _tracks(sheet: Sheet, spec: ChartSpec, rows: Sequence[_Track]) -> None:
    texts = widest([row.text for row in rows], BODY) + 10
    start = _label_room(sheet, spec)
    room = max(sheet.width - start - texts, 40.0)
    for at, row in enumerate(rows):
        y = _ROW * at + (_ROW - _BAR) / 2
        _row_label(sheet, spec.categories[at], start, _ROW * at + _ROW / 2)
        if row.track:
            sheet.shapes.append(Box(start, y, room * row.track, _BAR, "line", radius=3, hatched=not row.recorded))
        low, high = sorted((row.start, row.end))
        if row.recorded and high > low:
            sheet.shapes.append(Box(start + room * low, y, room * (high - low), _BAR, "accent", radius=3))
        if row.recorded and spec.kind is ChartKind.BEFORE_AFTER:
            sheet.shapes.append(Box(start + room * row.end - 3, y - 1, 6, _BAR + 2, "accent", radius=2, edge="ink"))
        if row.mark is not None:
            x = start + room * min(row.mark, 1)
            sheet.shapes.append(Stroke(x, y - 4, x, y + _BAR + 4, "ink", 2))
        sheet.shapes.append(Words(sheet.width, _ROW * at + _ROW / 2 + 4, row.text, BODY, anchor="end"))
        sheet.spots.append(Spot(0, _ROW * at, sheet.width, _ROW, said(spec, at)))
    sheet.height = _ROW * len(rows)


def _tile_map(sheet: Sheet, spec: ChartSpec) -> None:
    """Draw the map, with its legend beside it where there is room, else below."""
    across, down = max(tile.x for tile in spec.tiles) + 1, max(tile.y for tile in spec.tiles) + 1
    size = min(sheet.width / across, 46.0)
    height = min(size, 38.0)
    values = spec.series[0].values
    step = round_step(max(amount(value) for value in values) / len(BANDS))
    for at, tile in enumerate(spec.tiles):
        place = (tile.x * size, tile.y * height, size - 2, height - 2)
        _tile(sheet, place, tile, values[at], spec.unit, step)
        sheet.spots.append(Spot(*place, said(spec, at)))
    legend = _legend(spec, step)
    sheet.height = down * height
    if sheet.width - across * size > 140:
        _legend_beside(sheet, legend, across * size + 24)
    else:
        draw_legend(sheet, legend)


def _tile(
    sheet: Sheet, place: tuple[float, float, float, float], tile: Tile, value: Measure, unit: str, step: int
) -> None:
    x, y, width, height = place
    swatch = _swatch(value, step)
    colour = "on_accent" if swatch.share == BANDS[-1] and swatch.fill == "accent" else "ink"
    sheet.shapes.append(Box(x, y, width, height, swatch.fill, swatch.share, 3, swatch.edge, swatch.hatched))
    middle, label = x + width / 2, tile.label.upper()
    if width < 36 or not value:
        size = min(9.5 if width >= 36 else 10.5, width / 3.1)
        sheet.shapes.append(Words(middle, y + height / 2 + 4, label, size, colour, "middle"))
        return
    figure = value.sign if isinstance(value, Withheld) else measured(value, unit)
    if isinstance(value, int | float | Decimal) and text_width(figure, 10) > width - 4:
        figure = brief(value, unit)
    sheet.shapes.append(Words(middle, y + height / 2 - 2, label, 9.5, colour, "middle"))
    sheet.shapes.append(
        Words(middle, y + height / 2 + 11, fitted(figure, 9.5, width), 9.5, colour, "middle", bold=True)
    )


def _swatch(value: Measure, step: int) -> Swatch:
    if value is None:
        return NOT_RECORDED_SWATCH
    if isinstance(value, Withheld):
        return WITHHELD_SWATCH
    if not amount(value):
        return _NONE
    return Swatch("accent", BANDS[min(math.ceil(amount(value) / step), len(BANDS)) - 1])


def _legend(spec: ChartSpec, step: int) -> list[tuple[str, Swatch]]:
    values = spec.series[0].values
    used = math.ceil(max(amount(value) for value in values) / step)
    items = [(_band(spec.unit, step, band), Swatch("accent", BANDS[band])) for band in range(used)]
    items += withheld_legend(values)
    items += [("none", _NONE)] if any(value is not None and value == 0 for value in values) else []
    return items + ([(NOT_RECORDED, NOT_RECORDED_SWATCH)] if None in values else [])


def _band(unit: str, step: int, band: int) -> str:
    if step == 1:
        return str(band + 1)
    return f"{measured(step * band + 1, unit)} to {measured(step * (band + 1), unit)}"


def _legend_beside(sheet: Sheet, items: list[tuple[str, Swatch]], left: float) -> None:
    y = max(sheet.height - 20.0 * len(items), 0.0)
    for number, (text, swatch) in enumerate(items):
        draw_swatch(sheet, swatch, left, y + 20 * number)
        sheet.shapes.append(Words(left + 18, y + 20 * number + 10, text, 10.5, "soft"))


_KINDS: dict[ChartKind, Callable[[Sheet, ChartSpec], None]] = {
    ChartKind.COLUMNS: _columns,
    ChartKind.BARS: _bars,
    ChartKind.PARTS: _parts,
    ChartKind.BULLETS: _bullets,
    ChartKind.BEFORE_AFTER: _before_after,
    ChartKind.TILES: _tile_map,
}


def _bar_box(place: tuple[float, float, float, float], value: Measure, swatch: Swatch, radius: float = 3) -> Box:
    x, y, width, height = place
    if value is None:
        return Box(x, y, width, height, "line", radius=2, hatched=True)
    if isinstance(value, Withheld):
        swatch = WITHHELD_SWATCH
    return Box(x, y, width, height, swatch.fill, swatch.share, min(radius, width / 2, height / 2), swatch.edge)


def _slot(spec: ChartSpec, width: float) -> tuple[float, float]:
    """How wide a category's place and each of its columns are."""
    count = len(spec.series)
    slot = min(width / len(spec.categories), 60.0 + 50.0 * count)
    return slot, min(slot * (0.72 if count == 1 else 0.86) / count, 34.0 if count == 1 else 48.0)


def _highest(spec: ChartSpec) -> float:
    return max((amount(value) for series in spec.series for value in series.values), default=0.0) or 1.0


def _height(value: Measure, highest: float, plot: float) -> float:
    if value is None:
        return 22.0
    return 8.0 if isinstance(value, Withheld) else plot * amount(value) / highest


def _labels(spec: ChartSpec, room: float) -> list[list[str]]:
    """The figures over the columns: whole where they fit, else brief, else none."""
    texts = [[measured(value, spec.unit) if value is not None else "" for value in s.values] for s in spec.series]
    if widest(_flat(texts), SMALL) <= room:
        return texts
    texts = [[_in_few_letters(value, spec.unit) for value in series.values] for series in spec.series]
    return texts if widest(_flat(texts), SMALL) <= room else [["" for _ in series] for series in texts]


def _in_few_letters(value: Measure, unit: str) -> str:
    if isinstance(value, Withheld):
        return value.sign
    return "" if value is None else brief(value, unit)


def _rules(sheet: Sheet, spec: ChartSpec, base: float, scale: float, highest: float) -> None:
    """Lines to read the columns by, where there is no room for their figures."""
    step = round_step(highest / 3)
    for number in range(1, int(highest / step) + 1):
        y = base - step * number * scale
        sheet.shapes.append(Stroke(0, y, sheet.width, y, "line"))
        sheet.shapes.append(Words(sheet.width, y - 3, brief(step * number, spec.unit), SMALL - 1, "soft", "end"))


def _under(sheet: Sheet, spec: ChartSpec, slot: float, y: float) -> None:
    """The categories' names under the columns; where there is no room for all, every second, third and so on."""
    step = math.ceil((min(widest(spec.categories, SMALL), slot * 3) + 4) / slot)
    for at in range(0, len(spec.categories), step):
        text = fitted(spec.categories[at], SMALL, slot * step)
        x = max(slot * (at + 0.5), text_width(text, SMALL) / 2)
        sheet.shapes.append(Words(x, y, text, SMALL, "soft", "middle"))


def _label_room(sheet: Sheet, spec: ChartSpec) -> float:
    return min(widest(spec.categories, BODY) * 1.03 + 14, sheet.width * 0.36)


def _row_label(sheet: Sheet, text: str, room: float, middle: float) -> None:
    lines = wrapped(text, BODY, room - 10)
    if len(lines) > 1 and text_width(text, SMALL) <= room - 10:
        lines = [text]
    size = BODY if len(lines) == 1 else SMALL - 0.5
    for number, line in enumerate(lines):
        y = middle + 4 + (number - (len(lines) - 1) / 2) * (size + 1.5)
        sheet.shapes.append(Words(0, y, line, size))


def _series_legend(spec: ChartSpec) -> list[tuple[str, Swatch]]:
    items = (
        [(s.name, swatch) for s, swatch in zip(spec.series, SERIES_SWATCHES, strict=False)]
        if len(spec.series) > 1
        else []
    )
    items += withheld_legend([value for series in spec.series for value in series.values])
    gaps = any(value is None for series in spec.series for value in series.values)
    return items + ([(NOT_RECORDED, NOT_RECORDED_SWATCH)] if gaps else [])


def _flat(texts: Iterable[Iterable[str]]) -> list[str]:
    return [text for series in texts for text in series]
