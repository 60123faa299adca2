"""The colours of each theme by meaning, and the arithmetic of contrast."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """One theme's colours as `#rrggbb`, each named for what it says; `*_wash` is the ground under its namesake."""

    paper: str
    wall: str
    line: str
    track: str
    edge: str
    ink: str
    soft: str
    accent: str
    on_accent: str
    wash: str
    good: str
    good_wash: str
    warning: str
    warning_wash: str
    bad: str
    bad_wash: str
    dark: bool


LIGHT = Tokens(
    paper="#ffffff",
    wall="#f6f7f9",
    line="#e3e6eb",
    track="#e3e6eb",
    edge="#868f9c",
    ink="#1b2330",
    soft="#5b6675",
    accent="#0b5cad",
    on_accent="#ffffff",
    wash="#e7f0fa",
    good="#1d7a46",
    good_wash="#e5f4eb",
    warning="#8a5a00",
    warning_wash="#fdf1d8",
    bad="#b3261e",
    bad_wash="#fce8e6",
    dark=False,
)

DARK = Tokens(
    paper="#1d2128",
    wall="#15181d",
    line="#323842",
    track="#323842",
    edge="#747e8c",
    ink="#eef1f5",
    soft="#b3bcc8",
    accent="#7db8f5",
    on_accent="#15181d",
    wash="#223349",
    good="#7fd3a2",
    good_wash="#1e3a2b",
    warning="#f0c66b",
    warning_wash="#3d3118",
    bad="#ff9e96",
    bad_wash="#452321",
    dark=True,
)

LIGHT_CONTRAST = Tokens(
    paper="#ffffff",
    wall="#ffffff",
    line="#000000",
    track="#d6d6d6",
    edge="#000000",
    ink="#000000",
    soft="#000000",
    accent="#003a75",
    on_accent="#ffffff",
    wash="#d9e8fa",
    good="#00401c",
    good_wash="#ffffff",
    warning="#4d3200",
    warning_wash="#ffffff",
    bad="#7a0c05",
    bad_wash="#ffffff",
    dark=False,
)

DARK_CONTRAST = Tokens(
    paper="#000000",
    wall="#000000",
    line="#ffffff",
    track="#3d3d3d",
    edge="#ffffff",
    ink="#ffffff",
    soft="#ffffff",
    accent="#ffe14d",
    on_accent="#000000",
    wash="#2b2b00",
    good="#8cffb9",
    good_wash="#000000",
    warning="#ffd36b",
    warning_wash="#000000",
    bad="#ffb3ad",
    bad_wash="#000000",
    dark=True,
)

THEMES = {"light": LIGHT, "dark": DARK, "light, high contrast": LIGHT_CONTRAST, "dark, high contrast": DARK_CONTRAST}

TEXT_PAIRS = (
    ("ink", "paper"),
    ("ink", "wall"),
    ("ink", "wash"),
    ("soft", "paper"),
    ("soft", "wall"),
    ("soft", "wash"),
    ("accent", "paper"),
    ("accent", "wall"),
    ("accent", "wash"),
    ("on_accent", "accent"),
    ("good", "good_wash"),
    ("good", "paper"),
    ("warning", "warning_wash"),
    ("warning", "paper"),
    ("bad", "bad_wash"),
    ("bad", "paper"),
    ("bad", "wall"),
    ("wall", "ink"),
)
"""Every (text, ground) pair that the window draws; the tests compute the contrast of each in every theme."""

SHAPE_PAIRS = (
    ("edge", "paper"),
    ("edge", "wall"),
    ("accent", "paper"),
    ("accent", "wall"),
    ("accent", "track"),
    ("ink", "track"),
    ("soft", "paper"),
    ("soft", "wall"),
    ("good", "paper"),
    ("warning", "paper"),
    ("bad", "paper"),
)
"""Every (shape, ground) pair that must be told apart: the edges of controls, bars on their track, marks, icons."""


def luminance(colour: str) -> float:
    """How light a `#rrggbb` colour is, 0 to 1, as WCAG 2 counts it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blend(over: str, under: str, share: float) -> str:
    """The colour that `over` makes on `under` when it covers `share` (0 to 1) of it."""
    mixed = (round(int(over[at : at + 2], 16) * share + int(under[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
