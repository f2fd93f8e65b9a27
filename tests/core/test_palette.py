"""The class colours stay apart for every eye, as simulated by Machado et al. 2009, and visible on both themes."""

from __future__ import annotations

import pathlib
import tomllib

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from explorer.core import palette

ROOT = pathlib.Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
CAPTION = 0.6
"""Streamlit draws captions in the text's colour at this strength; test_every_page.py looks at the pages."""

# Linear-RGB matrices at full severity, table 1 of Machado et al. 2009.
EYES = {
    "all three cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colours):
    """(n, 3) linear RGB of ``#rrggbb`` colours."""
    srgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("eye", EYES)
def test_any_two_classes_differ(eye):
    seen = np.clip(linear(palette.CLASS_COLOURS) @ EYES[eye].T, 0, 1)
    srgb = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab = rgb2lab(srgb)
    distances = deltaE_ciede2000(lab[:, None], lab[None])
    assert distances[~np.eye(len(lab), dtype=bool)].min() > (19 if eye == "all three cones" else 12)


def test_every_colour_shows_on_both_themes():
    for theme in ("light", "dark"):
        grounds = [THEME[theme]["backgroundColor"], THEME[theme]["secondaryBackgroundColor"]]
        data = [*palette.CLASS_COLOURS, palette.NORMAL, palette.NOVEL, palette.UNLABELLED]
        assert contrast(data, grounds[:1]).min() > 3
        assert contrast(data, grounds).min() > 2.7  # on the tint of a hovered row


def test_charts_of_streamlit_have_the_same_classes():
    assert THEME["chartCategoricalColors"] == list(palette.CLASS_COLOURS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_in_the_theme(theme):
    colours, sidebar = THEME[theme], THEME[theme]["sidebar"]
    grounds = [colours["backgroundColor"], colours["secondaryBackgroundColor"], sidebar["backgroundColor"]]
    captions = [mixed(colours["textColor"], ground, CAPTION) for ground in grounds]
    assert np.diag(contrast(captions, grounds)).min() > 4.5
    assert contrast([colours["linkColor"]], grounds[:1]).min() > 4.5
    assert contrast(["#ffffff"], [colours["primaryColor"]]).min() > 4.5  # a primary button's words


def contrast(colours, grounds):
    """(n, m) contrast of each colour with each ground.

    Source: WCAG 2.2, contrast ratio.
    """
    top, ground = (linear(c) @ [0.2126, 0.7152, 0.0722] + 0.05 for c in (colours, grounds))
    return np.maximum(top[:, None], ground) / np.minimum(top[:, None], ground)


def mixed(colour, ground, share):
    """A colour drawn at a share of its strength on a ground."""
    parts = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, ground)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in zip(*parts, strict=True))


def test_colours_start_again_after_ten_classes():
    assert palette.class_colours([0, 9, 10, -1]) == [
        palette.CLASS_COLOURS[0],
        palette.CLASS_COLOURS[9],
        palette.CLASS_COLOURS[0],
        palette.UNLABELLED,
    ]


def test_diverging_is_near_white_at_zero_and_full_at_the_limit_and_beyond():
    ((colours,),) = palette.diverging(np.array([[[-2.0, -1.0, 0.0, 1.0, 2.0]]]), 1.0).transpose(0, 2, 3, 1)
    assert [tuple(c) for c in colours] == [palette.BELOW, palette.BELOW, palette.MIDDLE, palette.ABOVE, palette.ABOVE]
    half = palette.diverging(np.array([[[0.5]]]), 1.0).reshape(3)
    np.testing.assert_allclose(half, (np.array(palette.MIDDLE) + palette.ABOVE) / 2, atol=1)


@pytest.mark.parametrize("eye", EYES)
def test_the_ends_of_the_diverging_map_differ(eye):
    ends = ["#{:02x}{:02x}{:02x}".format(*c) for c in (palette.BELOW, palette.MIDDLE, palette.ABOVE)]
    seen = np.clip(linear(ends) @ EYES[eye].T, 0, 1)
    srgb = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    lab = rgb2lab(srgb)
    distances = deltaE_ciede2000(lab[:, None], lab[None])
    assert distances[~np.eye(3, dtype=bool)].min() > 20


def test_sequential_colours_are_evenly_between_the_steps():
    steps = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in palette.SEQUENTIAL]
    colours = palette.sequential(np.array([[0.0, 1.0], [0.5 / 7, -3.0]]))
    np.testing.assert_allclose(colours[0], [steps[0], steps[-1]])
    np.testing.assert_allclose(colours[1], [np.mean(steps[:2], axis=0), steps[0]])
