from decimal import Decimal

import pytest

from grants_app.records.lists import BOROUGHS
from grants_app.reports.document import ChartKind, ChartSpec, Series, Tile, Withheld
from grants_app.reports.drawing import Box, Stroke, Words, round_step, text_width
from grants_app.reports.layout import BANDS, layout
from grants_app.ui.tokens import THEMES, blend, contrast

TILES = tuple(Tile(borough.column, borough.row, borough.short) for borough in BOROUGHS)
NAMES = tuple(borough.name for borough in BOROUGHS)


def spec(kind: ChartKind, categories: tuple[str, ...], *values: tuple, unit: str = "", names: tuple[str, ...] = ()):
    names = names or tuple(f"series {number}" for number in range(len(values)))
    series = tuple(Series(name, measures) for name, measures in zip(names, values, strict=True))
    tiles = TILES if kind is ChartKind.TILES else ()
    return ChartSpec(kind, "Title", categories, series, "Summary.", "", unit, tiles)


def bullets(*rows: tuple):
    names = ("delivered", "planned in all", "planned by today")
    return spec(ChartKind.BULLETS, tuple("abcdef"[: len(rows)]), *zip(*rows, strict=True), names=names)


def changes(*rows: tuple, unit: str = "%"):
    return spec(
        ChartKind.BEFORE_AFTER,
        tuple("abcdef"[: len(rows)]),
        *zip(*rows, strict=True),
        unit=unit,
        names=("before", "after", "aim"),
    )


def borough_map(**values):
    return spec(ChartKind.TILES, NAMES, tuple(values.get(name.replace(" ", "_"), 0) for name in NAMES))


EVERY_KIND = [
    spec(ChartKind.COLUMNS, ("Apr", "May", "Jun"), (180, 285, None)),
    spec(ChartKind.COLUMNS, tuple(f"Month {n}" for n in range(24)), tuple(range(1000, 25000, 1000))),
    spec(ChartKind.COLUMNS, ("2025-26", "2026-27"), (Decimal(250), Decimal(90)), (Decimal(1), None), unit="£"),
    spec(ChartKind.BARS, ("Young people", "People with special needs and their carers in the family"), (812, 0)),
    spec(ChartKind.PARTS, ("Paid", "Left"), (Decimal(310000), Decimal("112000.50")), unit="£"),
    bullets((3, 8, 5), (25, 20, 18), (None, 20, 5), (4, None, None)),
    changes((41, 66, 65), (60, 40, None), (None, 30, 50)),
    borough_map(Barnet=240, Ealing=Withheld("under 10", "<10"), Camden=None),
]


def boxes(drawing, fill="accent"):
    return [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.fill == fill and not shape.hatched]


def texts(drawing):
    return [shape.text for shape in drawing.shapes if isinstance(shape, Words)]


@pytest.mark.parametrize("width", [312, 640, 900])
@pytest.mark.parametrize("chart", EVERY_KIND, ids=lambda chart: chart.kind.value)
def test_nothing_is_drawn_outside_the_drawing(chart, width):
    drawing = layout(chart, width)

    for shape in drawing.shapes:
        if isinstance(shape, Box):
            left, right, top, bottom = shape.x, shape.x + shape.width, shape.y, shape.y + shape.height
        elif isinstance(shape, Stroke):
            left, right, top, bottom = shape.x1, shape.x2, shape.y1, shape.y2
        else:
            length = text_width(shape.text, shape.size, bold=shape.bold)
            left = shape.x - length * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
            right, top, bottom = left + length, shape.y - shape.size * 0.75, shape.y
        assert (left >= -1, right <= width + 1, top >= -1, bottom <= drawing.height + 1) == (True,) * 4, shape


@pytest.mark.parametrize("chart", EVERY_KIND, ids=lambda chart: chart.kind.value)
def test_each_category_has_a_spot_with_its_words(chart):
    drawing = layout(chart)

    assert [spot.words.split(":")[0] for spot in drawing.spots] == list(chart.categories)


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_chart_of_nothing_says_so(kind):
    empty = ChartSpec(kind, "Title", (), (Series("n", ()),), "")

    assert texts(layout(empty)) == ["Nothing is recorded yet."]


def test_columns_are_as_high_as_their_figures():
    drawing = layout(spec(ChartKind.COLUMNS, ("a", "b", "c"), (100, 50, 0)))

    assert [round(box.height) for box in boxes(drawing)] == [150, 75, 0]
    assert texts(drawing)[:3] == ["100", "50", "0"]


def test_what_is_not_recorded_is_hatched_and_explained_and_nought_is_neither():
    drawing = layout(spec(ChartKind.COLUMNS, ("a", "b"), (0, None)))

    hatched = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.hatched]
    assert len(hatched) == 2  # the column, and the legend's sample of it
    assert texts(drawing) == ["0", "", "a", "b", "not recorded"]


def test_too_many_columns_for_their_figures_get_lines_to_read_them_by():
    drawing = layout(EVERY_KIND[1], 312)

    assert [text for text in texts(drawing) if text.endswith("k")] == ["8k", "16k", "24k"]


def test_bars_are_as_long_as_their_figures():
    drawing = layout(spec(ChartKind.BARS, ("a", "b"), (40, 10)))

    first, second = boxes(drawing)
    assert first.width == pytest.approx(second.width * 4)


def test_the_parts_of_a_whole_fill_its_width_and_nothing_is_drawn_of_nought():
    drawing = layout(spec(ChartKind.PARTS, ("Paid", "Due", "Left"), (30, 0, 10)), 402)
    parts = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.height == 26]

    assert [(box.x, box.width) for box in parts] == [(0, 300), (302, 100)]
    assert texts(drawing) == ["Paid 30", "Due 0", "Left 10"]


def test_a_bullet_shows_done_on_a_track_of_all_with_a_mark_for_today():
    drawing = layout(bullets((3, 8, 5)))

    track, done = boxes(drawing, "line")[0], boxes(drawing)[0]
    mark = next(shape for shape in drawing.shapes if isinstance(shape, Stroke))
    assert done.width / track.width == pytest.approx(3 / 8)
    assert (mark.x1 - track.x) / track.width == pytest.approx(5 / 8)
    assert texts(drawing) == ["a", "3 / 8", "planned by today"]


def test_more_than_was_planned_reaches_beyond_its_track():
    drawing = layout(bullets((12, 8, 5)))

    track, done = boxes(drawing, "line")[0], boxes(drawing)[0]
    assert track.width / done.width == pytest.approx(8 / 12)


def test_a_bullet_without_a_plan_has_no_track():
    drawing = layout(bullets((12, None, None)))

    assert boxes(drawing, "line") == []
    assert texts(drawing)[:2] == ["a", "12"]


def test_before_and_after_is_a_range_whose_end_says_which_way_it_went():
    up, down = layout(changes((40, 60, None))), layout(changes((60, 40, None)))

    (bar_up, end_up), (bar_down, end_down) = boxes(up)[:2], boxes(down)[:2]
    assert (bar_up.x, bar_up.width) == (bar_down.x, bar_down.width)
    assert end_up.x + 3 == pytest.approx(bar_up.x + bar_up.width)
    assert end_down.x + 3 == pytest.approx(bar_down.x)
    assert [texts(up)[1], texts(down)[1]] == ["40% to 60%", "60% to 40%"]


def test_per_cent_is_drawn_on_a_track_of_a_hundred():
    drawing = layout(changes((0, 50, 75)))

    track, bar = boxes(drawing, "line")[0], boxes(drawing)[0]
    mark = next(shape for shape in drawing.shapes if isinstance(shape, Stroke))
    assert (bar.width / track.width, (mark.x1 - track.x) / track.width) == (pytest.approx(0.5), pytest.approx(0.75))


def test_a_half_told_change_is_not_recorded():
    drawing = layout(changes((None, 30, 50)))

    assert boxes(drawing) == boxes(layout(changes((None, 30, 50))))[:2]  # the legend's sample only
    assert texts(drawing)[1] == "not recorded, aim 50%"


def test_every_borough_has_its_own_tile_in_its_place():
    drawing = layout(borough_map())
    tiles = [shape for shape in drawing.shapes if isinstance(shape, Box) and shape.width == 44]

    assert len({(box.x, box.y) for box in tiles}) == len(BOROUGHS) == 33
    enfield = drawing.spots[NAMES.index("Enfield")]
    assert (enfield.x, enfield.y) == (4 * 46, 0)


def test_on_the_map_none_differs_from_not_recorded_and_from_hidden():
    drawing = layout(borough_map(Barnet=240, Ealing=Withheld("under 10", "<10"), Camden=None))
    by_name = {spot.words.split(":")[0]: (spot.x, spot.y) for spot in drawing.spots}
    at = {(shape.x, shape.y): shape for shape in drawing.shapes if isinstance(shape, Box)}
    barnet, ealing, camden, brent = (at[by_name[name]] for name in ("Barnet", "Ealing", "Camden", "Brent"))

    assert (barnet.fill, barnet.share) == ("accent", BANDS[-1])
    assert (ealing.fill, ealing.share) == ("accent", BANDS[0])
    assert camden.hatched
    assert (brent.fill, brent.hatched) == ("wall", False)
    legend = ["1 to 60", "61 to 120", "121 to 180", "181 to 240", "<10 under 10", "none", "not recorded"]
    assert [text for text in texts(drawing) if text in legend] == legend


def test_a_map_is_shaded_by_at_most_four_bands_of_a_round_size():
    assert [round_step(highest / len(BANDS)) for highest in (0, 3, 5, 100, 240, 999, 2520)] == [
        1,
        1,
        2,
        25,
        60,
        250,
        800,
    ]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("share", BANDS)
def test_a_tile_is_readable_in_every_band_and_theme(theme, share):
    ground = blend(theme.accent, theme.paper, share)
    letters = theme.on_accent if share == BANDS[-1] else theme.ink

    assert contrast(letters, ground) >= 4.5
