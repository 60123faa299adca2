import struct
from xml.etree import ElementTree as ET

import pytest

from grants_app.reports import charts
from grants_app.reports.document import ChartKind, ChartSpec, Column, Series, Show, Withheld
from grants_app.reports.layout import layout
from grants_app.reports.words import alternative, excel_name, said, table_of
from grants_app.ui.tokens import LIGHT

MONTHS = ChartSpec(
    ChartKind.COLUMNS,
    'Attendances <by> "month" & year',
    ("Apr", "May", "Jun"),
    (Series("attendances", (180, 0, None)),),
    "It fell.",
    "Attendances, not people.",
    "attendances",
)
PLAN = ChartSpec(
    ChartKind.BULLETS,
    "Plan",
    ("Engagements", "Mothers"),
    (Series("delivered", (3, 34)), Series("planned in all", (8, None)), Series("planned by today", (5, None))),
    "Behind.",
)
CHANGE = ChartSpec(
    ChartKind.BEFORE_AFTER,
    "Change",
    ("Feel heard",),
    (Series("before", (38,)), Series("after", (55,)), Series("aim", (60,))),
    "Up.",
    unit="%",
)


def test_an_svg_is_whole_xml_that_names_itself():
    drawn = ET.fromstring(charts.svg(MONTHS))  # noqa: S314 (our own)

    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == alternative(MONTHS) == 'Attendances <by> "month" & year. It fell.'


def test_a_png_has_two_dots_to_the_pixel():
    picture = charts.png(PLAN, 320)
    width, height = struct.unpack(">II", picture[16:24])

    assert (picture[:4], width) == (b"\x89PNG", 640)
    assert height == 2 * layout(PLAN, 320).height


def test_pages_are_printed_in_the_colours_of_the_light_window():
    assert {name: getattr(LIGHT, name) for name in charts.PRINT_COLOURS} == charts.PRINT_COLOURS


@pytest.mark.parametrize(
    ("chart", "at", "words"),
    [
        (MONTHS, 0, "Apr: 180 attendances"),
        (MONTHS, 1, "May: 0 attendances"),
        (MONTHS, 2, "Jun: not recorded"),
        (PLAN, 0, "Engagements: 3 of 8, 5 planned by today"),
        (PLAN, 1, "Mothers: 34, nothing planned"),
        (CHANGE, 0, "Feel heard: 38% before and 55% after, aim 60%"),
    ],
)
def test_each_figure_can_be_said(chart, at, words):
    assert said(chart, at) == words


def test_a_chart_of_several_series_names_each():
    chart = ChartSpec(
        ChartKind.COLUMNS,
        "Money",
        ("2026-27",),
        (Series("awarded", (5,)), Series("paid", (Withheld("hidden"),))),
        "",
        unit="£",
    )

    assert said(chart, 0) == "2026-27: awarded £5, paid hidden"


def test_a_chart_can_be_read_as_a_table():
    table = table_of(CHANGE)

    assert table.columns[1:] == tuple(
        Column(name, Show.PERCENT, blank="not recorded") for name in ("Before", "After", "Aim")
    )
    assert table.rows == (("Feel heard", 38, 55, 60),)


def test_a_title_becomes_a_name_that_excel_takes():
    assert [excel_name("Participants, before & after"), excel_name("…")] == ["participants_before_after", "table"]
