import pytest

from grants_app.reports.layout import BANDS
from grants_app.ui.tokens import SHAPE_PAIRS, TEXT_PAIRS, THEMES, blend, contrast


def test_black_on_white_has_the_greatest_contrast_there_is():
    assert (contrast("#000000", "#ffffff"), contrast("#777777", "#777777")) == (pytest.approx(21), 1)


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read_on_its_ground(name):
    theme = THEMES[name]
    poor = {
        (text, ground): round(contrast(getattr(theme, text), getattr(theme, ground)), 2)
        for text, ground in TEXT_PAIRS
        if contrast(getattr(theme, text), getattr(theme, ground)) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("name", THEMES)
def test_every_shape_can_be_told_from_its_ground(name):
    theme = THEMES[name]
    poor = {
        (shape, ground): round(contrast(getattr(theme, shape), getattr(theme, ground)), 2)
        for shape, ground in SHAPE_PAIRS
        if contrast(getattr(theme, shape), getattr(theme, ground)) < 3
    }
    assert poor == {}


@pytest.mark.parametrize("name", THEMES)
def test_the_letters_on_the_tile_map_can_be_read_on_each_of_its_bands(name):
    theme = THEMES[name]
    ratios = {
        band: contrast(theme.on_accent if band == BANDS[-1] else theme.ink, blend(theme.accent, theme.paper, band))
        for band in BANDS
    }
    assert {band: round(ratio, 2) for band, ratio in ratios.items() if ratio < 4.5} == {}
