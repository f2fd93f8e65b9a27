"""The Home page: the live map of whatever is available, and a picture for every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.ui.home import home_page
from explorer.ui.shell.frame import PAGES
from explorer.ui.widgets import thumbnails

OpenPage = Callable[..., AppTest]


def captions(app: AppTest) -> list[str]:
    return [c.value for c in app.main.caption]


@pytest.mark.slow
@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain", "tiny-table"])
def test_a_map_and_a_tile_for_every_page(tiny_models: dict[str, Checkpoint], open_page: OpenPage, model: str) -> None:
    app = open_page("home", model=model)
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Autoencoder Explorer"
    assert re.search(r"test, n = \d+", captions(app)[0]), "the map says which items it shows, and how many"
    linked = {link.proto.page for link in app.main.get("page_link")}
    assert linked == set(PAGES) - {"home"}
    assert {tile.page for tile in home_page.TILES} == set(PAGES) - {"home", "learn"}


@pytest.mark.slow
def test_a_flat_map_of_a_large_code_says_what_it_leaves_out(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    assert "PCA of the 4-D codes" in captions(open_page("home", model="tiny-plain"))[0]
    assert "the map is the whole of it" in captions(open_page("home", model="tiny-vae"))[0]


@pytest.mark.slow
def test_a_model_of_photos_shows_what_it_does(open_page: OpenPage) -> None:
    app = open_page("home", model="photo-denoiser-grey")
    assert not app.exception
    assert not app.error
    assert not app.info
    # White noise of 25 of 255 leaves 20 log10(255 / 25) dB; the card's figure for other photos at this level is 29.2.
    label, value = app.metric[0].label, app.metric[0].value
    assert float(re.findall(r"[\d.]+", label)[0]) == pytest.approx(20 * np.log10(255 / 25), abs=0.1)
    assert float(value.split()[0]) > 29
    linked = {link.proto.page for link in app.main.get("page_link")}
    assert linked == set(PAGES) - {"home"}


def test_without_a_checkpoint_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setattr(checkpoints.library, "folders", list)
    app = open_page("home")
    assert not app.exception
    assert "Train page" in app.error[0].value


def test_a_neighbour_that_cannot_be_read_leaves_the_page_whole(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage
) -> None:
    folder = checkpoints.folders()[0]
    whole = (folder / "tiny-vae.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    app = open_page("home", model="tiny-vae")
    assert not app.exception
    assert not app.error
    assert len(app.main.get("page_link")) >= len(home_page.TILES)


def test_points_lie_in_the_drawing_with_the_second_axis_up() -> None:
    svg = thumbnails.points(np.array([[0.0, 0.0], [1.0, 2.0]]), ["#111111", "#222222"])
    dots = re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" fill="(#\d+)"', svg)
    (x0, y0, c0), (x1, y1, c1) = dots
    assert (c0, c1) == ("#111111", "#222222")
    assert (float(x0), float(x1)) == (thumbnails.MARGIN, thumbnails.WIDTH - thumbnails.MARGIN)
    assert float(y0) > float(y1), "a larger value is higher up"


def test_curves_share_a_range_and_leave_out_what_is_not_finite() -> None:
    svg = thumbnails.curves([np.array([0.0, np.nan, 10.0]), np.array([5.0, 5.0])])
    first, second = ([p.split(",") for p in line.split()] for line in re.findall(r'points="([^"]+)"', svg))
    assert len(first) == 2
    assert "nan" not in svg
    heights = [float(first[0][1]), float(first[1][1]), float(second[0][1])]
    assert heights[2] == pytest.approx((heights[0] + heights[1]) / 2, abs=0.1)
    assert "polyline" not in thumbnails.curves([np.array([1.0])]), "one value is no curve"


def test_bars_are_as_high_as_their_values() -> None:
    svg = thumbnails.bars([np.array([0.5, 2.0]), np.array([-1.0])], ["#111111", "#222222"])
    heights = [float(h) for h in re.findall(r' height="([\d.]+)" fill', svg)]
    assert heights[:2] == [thumbnails.HEIGHT / 2, thumbnails.HEIGHT], "values beyond the range fill their place"
    assert 0 < heights[2] < 2
