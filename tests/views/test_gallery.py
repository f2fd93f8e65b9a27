"""The gallery of parts: each registry's entries are all there, and drawings say what the model and its recipe say."""

from __future__ import annotations

import itertools
import math
from xml.etree import ElementTree

import pytest

from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models import REGISTRY as FAMILIES
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.priors import REGISTRY as PRIORS
from explorer.recipe import Recipe
from explorer.views.gallery import GALLERY, GalleryEntry
from explorer.views.network_drawing import network_drawing

SVG = "{http://www.w3.org/2000/svg}"
REGISTRIES = {
    "Families": [name for name, (config, _) in FAMILIES.items() if config.in_form],
    "Told the label": ["variational"],
    "Objectives": list(OBJECTIVES),
    "Priors": list(PRIORS),
    "Likelihoods": list(LIKELIHOODS),
    "Penalties": list(PENALTIES),
    "Corruptions": list(NOISES),
}


def test_every_registry_is_drawn() -> None:
    assert {kind: [entry.name for entry in entries()] for kind, entries in GALLERY.items()} == REGISTRIES


@pytest.mark.parametrize("kind", GALLERY)
def test_each_drawing_is_an_image_that_names_the_part(kind: str) -> None:
    for entry in GALLERY[kind]():
        svg = network_drawing(entry.recipe, entry.event_shape)
        if entry.name == "photo":
            assert svg == ""
            continue
        drawn = ElementTree.fromstring(svg)  # noqa: S314 - made here
        words = [text.text or "" for text in drawn.iter(f"{SVG}text")]
        named = entry.title if kind not in ("Families", "Told the label") else ""
        assert any(named in word for word in words), entry.name
        assert (words.count("+ label y") == 2) == (kind == "Told the label")
        assert "x̂" in words
        assert entry.summary or kind == "Corruptions"
        _fits(drawn, entry)


def _fits(drawn: ElementTree.Element, entry: GalleryEntry) -> None:
    """Nothing is cut off at an edge, at about six units a letter, and no two words lie on each other."""
    width, height = float(drawn.get("width", 0)), float(drawn.get("height", 0))
    spans: dict[float, list[tuple[float, float]]] = {}
    for text in drawn.iter(f"{SVG}text"):
        x, y, wide = float(text.get("x", 0)), float(text.get("y", 0)), 5.2 * len(text.text or "")
        start = {"start": x, "end": x - wide}.get(text.get("text-anchor", ""), x - wide / 2)
        assert (start >= -2, start + wide <= width + 2, y < height) == (True, True, True), (entry.name, text.text)
        spans.setdefault(y, []).append((start, start + wide))
    for row in spans.values():
        row.sort()
        assert all(before[1] < after[0] + 4 for before, after in itertools.pairwise(row)), entry.name


def test_bars_are_as_tall_as_the_logarithm_of_their_numbers() -> None:
    recipe = Recipe.parse({"model": {"family": "undercomplete", "hidden": [30], "latent_dim": 2}})
    drawn = ElementTree.fromstring(network_drawing(recipe, (12,)))  # noqa: S314 - made here
    heights = [float(bar.get("height", 0)) for bar in drawn.iter(f"{SVG}rect")]
    assert heights == pytest.approx([84 * math.log(1 + n) / math.log(31) for n in (12, 30, 2, 30, 12)], abs=0.1)


def test_a_discriminator_branches_off_behind_the_code_with_its_own_sizes() -> None:
    values = {"model": {"family": "variational", "hidden": [30], "latent_dim": 2, "likelihood": "gaussian"}}
    plain, adversarial = (
        ElementTree.fromstring(network_drawing(Recipe.parse(values | more), (12,)))  # noqa: S314 - made here
        for more in ({}, {"objective": {"kind": "adversarial", "units": 20}})
    )
    bars, more = ([*drawn.iter(f"{SVG}rect")] for drawn in (plain, adversarial))
    assert len(more) == len(bars) + 3
    assert [float(bar.get("height", 0)) for bar in more[-3:]] == pytest.approx(
        [44 * math.log(1 + n) / math.log(31) for n in (20, 20, 1)], abs=0.1
    )
    code = float(more[2].get("x", 0))
    (branch,) = [path for path in adversarial.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    start = float(branch.get("d", "").removeprefix("M").split()[0])
    assert code < start < float(more[3].get("x", 0))
    assert not [path for path in plain.iter(f"{SVG}path") if path.get("stroke-dasharray")]
