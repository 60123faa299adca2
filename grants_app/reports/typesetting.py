"""The one place that calls the typesetter: a template and data go in, pages or a picture come out."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from grants_app import paths

if TYPE_CHECKING:
    from typst import Fonts

_PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: "Noto Sans")
#image(bytes(sys.inputs.svg), width: float(sys.inputs.width) * 1pt)
"""
_UNSHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_BEYOND = re.compile(r"[^\n\x20-\u052f\u1e00-\u1fff\u2010-\u2027\u20ac\u2122\u2212]")
_ATTEMPTS = 8


def picture(svg: str, width: float, scale: float) -> bytes:
    """An SVG as PNG, so many pixels wide for a scale of 1."""
    import typst

    inputs = {"svg": svg, "width": str(width)}
    return bytes(typst.compile(_PICTURE, format="png", ppi=72 * scale, sys_inputs=inputs, font_paths=_fonts()))


def as_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The template's pages as one PDF, tagged as PDF/UA-1 asks.

    The data reaches the template as JSON, never as markup. Letters that no font here has stand as "?", and the
    template is told by its input `replaced`.
    """
    return _printable(template, json.dumps(data, ensure_ascii=False))[1]


def as_pictures(template: str, data: Mapping[str, Any], ppi: float) -> list[bytes]:
    """The pages that `as_pdf` makes, each as a PNG of so many dots to the inch."""
    text = json.dumps(data, ensure_ascii=False)
    inputs = _printable(template, text)[0] if _BEYOND.search(text) else {"document": text, "replaced": ""}
    made = _compiled(template, inputs, format="png", ppi=ppi)
    return list(made) if isinstance(made, list) else [made]


def _printable(template: str, text: str) -> tuple[dict[str, str], bytes]:
    """The inputs whose letters all have a font, and the PDF made of them."""
    import typst

    inputs = {"document": text, "replaced": ""}
    for attempt in range(_ATTEMPTS):
        try:
            return inputs, _compiled(template, inputs, format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as error:
            if not (unshown := _UNSHOWN.search(error.message)):
                raise
            letters = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), unshown[1])
            inputs = {"document": _without(inputs["document"], letters, attempt), "replaced": "yes"}
    raise AssertionError("letters without a font remain after all were replaced")


def _compiled(template: str, inputs: dict[str, str], **how: Any) -> Any:
    import typst

    path = paths.resources() / "templates" / template
    return typst.compile(path, sys_inputs=inputs, font_paths=_fonts(), **how)


def _without(text: str, letters: str, attempt: int) -> str:
    """The text with those letters as "?"; at the last attempt but one, everything beyond Latin, Greek and Cyrillic."""
    return _BEYOND.sub("?", text) if attempt == _ATTEMPTS - 2 else re.sub(f"[{re.escape(letters)}]", "?", text)


@cache
def _fonts() -> "Fonts":
    """The shipped fonts, and behind them the computer's own for letters that ours have not; found once."""
    import typst

    return typst.Fonts(font_paths=[str(paths.resources() / "fonts")])
