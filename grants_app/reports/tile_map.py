"""London as equal tiles, each shaded by its figure; "none" is unlike "not recorded"."""

import math
from decimal import Decimal

from grants_app.reports.cells import NOT_RECORDED, brief, measured
from grants_app.reports.chart_words import said
from grants_app.reports.document import ChartSpec, Measure, Tile, Withheld
from grants_app.reports.drawing import (
    NOT_RECORDED_SWATCH,
    WITHHELD_SWATCH,
    Box,
    Sheet,
    Spot,
    Swatch,
    Words,
    amount,
    draw_legend,
    draw_swatch,
    fitted,
    round_step,
    text_width,
    withheld_legend,
)

BANDS = (0.14, 0.32, 0.5, 1.0)
"""How much of the accent each band takes: every one leaves text on it readable, in light and in dark."""
_NONE = Swatch("wall", edge="line")


def draw(sheet: Sheet, spec: ChartSpec) -> None:
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
