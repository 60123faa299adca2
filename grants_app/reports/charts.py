"""A chart as a picture: SVG for pages, PNG for Word. The window paints the same layout by itself."""

import zlib
from html import escape

from grants_app.reports.document import ChartSpec
from grants_app.reports.drawing import Box, Drawing, Shape, Stroke
from grants_app.reports.layout import layout
from grants_app.reports.words import alternative, cleaned

PRINT_COLOURS = {
    "paper": "#ffffff", "wall": "#f6f7f9", "line": "#e3e6eb", "edge": "#868f9c", "ink": "#1b2330", "soft": "#5b6675",
    "accent": "#0b5cad", "on_accent": "#ffffff", "wash": "#e7f0fa", "good": "#1d7a46", "good_wash": "#e5f4eb",
    "warning": "#8a5a00", "warning_wash": "#fdf1d8", "bad": "#b3261e", "bad_wash": "#fce8e6",
}  # fmt: skip
"""The colours on paper: the window's light theme."""
FULL_WIDTH, HALF_WIDTH = 640.0, 312.0
"""How wide a chart is on a page, alone and beside another, in pixels at 96 to the inch."""


def svg(spec: ChartSpec, width: float = FULL_WIDTH) -> str:
    """The chart as an SVG image that names itself by its alternative text."""
    spec = cleaned(spec)
    return svg_of(layout(spec, width), alternative(spec))


def svg_of(drawing: Drawing, label: str) -> str:
    """Any drawing as an SVG image with that alternative text."""
    width, height = _n(drawing.width), _n(drawing.height)
    hatch = f"hatch-{zlib.crc32(label.encode()):x}"  # its own name, for several drawings share a page
    body = "".join(_element(shape, hatch) for shape in drawing.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(label)}" font-family="\'Noto Sans\', \'Segoe UI\', Arial, sans-serif">'
        f"{_hatch(hatch) if any(isinstance(one, Box) and one.hatched for one in drawing.shapes) else ''}{body}</svg>"
    )


def png(spec: ChartSpec, width: float = FULL_WIDTH, *, scale: float = 2.0) -> bytes:
    """The chart as a PNG, two dots to the pixel unless told otherwise."""
    from grants_app.reports.typesetting import picture

    return picture(svg(spec, width), width, scale)


def colour_of(name: str, share: float = 1.0) -> str:
    """The print colour of that name, or what `share` (0 to 1) of it makes on paper, as #rrggbb."""
    over, under = PRINT_COLOURS[name], PRINT_COLOURS["paper"]
    mixed = (round(int(over[at : at + 2], 16) * share + int(under[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{PRINT_COLOURS["wall"]}"/>'
        f'<rect width="2" height="5" fill="{colour_of("edge", 0.4)}"/></pattern></defs>'
    )


def _element(shape: Shape, hatch: str) -> str:
    if isinstance(shape, Box):
        fill = f"url(#{hatch})" if shape.hatched else colour_of(shape.fill, shape.share)
        edge = f' stroke="{colour_of(shape.edge)}"' if shape.edge else ""
        radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
        place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
        return f'<rect {place}{radius} fill="{fill}"{edge}/>'
    if isinstance(shape, Stroke):
        place = f'x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}"'
        return f'<line {place} stroke="{colour_of(shape.colour)}" stroke-width="{_n(shape.width)}"/>'
    anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
    weight = ' font-weight="700"' if shape.bold else ""
    place = f'x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}"'
    return f'<text {place}{anchor}{weight} fill="{colour_of(shape.colour)}">{escape(shape.text)}</text>'


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
