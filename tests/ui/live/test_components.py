"""The components' Python side: what they send, what they return before and after a report, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from explorer.core import palette
from explorer.core.errors import ExplorerError
from explorer.io.images import decode_image
from explorer.latent.density_check import DensityCheck
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.live import (
    interpolation,
    item_picker,
    latent_map,
    paste,
    picture_grid,
    served,
    sliders,
    swipe,
)
from explorer.ui.live.density_check import DensityPanel
from explorer.ui.live.envelope import digest
from explorer.ui.live.pack import pack
from explorer.ui.widgets import component
from explorer.ui.widgets.component import Feature

DECODER = pack([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (2,))
POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
PALETTE = ("#0072b2", "#e69f00")


class Browser:
    """Stands in for Streamlit's renderer: keeps what was sent and answers with prepared reports.

    ``report`` is given under every name, unless ``reports`` holds another for it.
    """

    def __init__(self) -> None:
        self.report: Any = None
        self.reports: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.sections: dict[str, bytes] = {}

    def render(self, *, key: str, data: bytes, **callbacks: Callable[[], None]) -> dict[str, Any]:
        start = 4 + int.from_bytes(data[:4], "little")
        self.header = json.loads(data[4:start])
        places = self.header["sections"].items()
        self.sections = {name: data[start + offset : start + offset + size] for name, (offset, size, _) in places}
        states = [name.removeprefix("on_").removesuffix("_change") for name in callbacks]
        return {state: self.reports.get(state, self.report) for state in states}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stand_in = Browser()
    monkeypatch.setattr(component, "_renderer", lambda _name: stand_in.render)
    return stand_in


def test_sliders_start_report_and_forget_another_model(browser: Browser) -> None:
    dims = [sliders.Dimension(1, -2, 2, 0.75), sliders.Dimension(0, -3, 3, inactive=True, label="size")]
    setting = sliders.Setting((0.5, -1.0), token=4)

    def show() -> sliders.SlidersAt:
        return sliders.live_sliders(DECODER, dims, setting, key="s")

    assert show() == sliders.SlidersAt((0.5, -1.0))
    assert browser.sections == {"pack": DECODER}
    assert [dim["label"] for dim in browser.header["dims"]] == ["z1", "size"]
    report = {"model": digest(DECODER), "token": 4, "start": [0.5, -1], "z": [1, 2.5], "amounts": []}
    browser.report = report
    assert show() == sliders.SlidersAt((1.0, 2.5))
    for other in ({"model": "another"}, {"start": [0, 0]}, {"token": 3}):
        browser.report = report | other
        assert show() == sliders.SlidersAt((0.5, -1.0))


def test_sliders_begin_at_a_code_with_its_share_of_a_direction(browser: Browser) -> None:
    direction = sliders.Direction(np.array([0.0, 2.0]), -1, 3, "older")
    setting = sliders.Setting((0.5, -1.0), code=(0.5, 2.0), amounts=(1.5,))
    shown = sliders.live_sliders(DECODER, [], setting, key="s", directions=[direction])
    assert shown == sliders.SlidersAt((0.5, 2.0), (1.5,))
    assert (browser.header["start"], browser.header["code"]) == ([0.5, -1.0], [0.5, 2.0])
    assert browser.header["directions"][0]["vector"] == [0, 2]
    # Amounts of other directions than those shown say nothing.
    assert sliders.live_sliders(DECODER, [], setting, key="s").amounts == ()
    with pytest.raises(ExplorerError, match=r"shape \(3,\)"):
        sliders.live_sliders(DECODER, [], setting, key="s", directions=[sliders.Direction(np.ones(3), 0, 1, "no")])


@pytest.mark.parametrize("dimensions", [2, 70])
def test_a_density_panel_sends_a_mixture_that_gives_its_own_densities(dimensions: int) -> None:
    """The formula of the browser, on the bytes that it gets, for full and for diagonal covariances."""
    random = np.random.default_rng(0)
    codes = np.concatenate([random.normal(centre, 1 + abs(centre), (200, dimensions)) for centre in (-1, 2)])
    mixture = GaussianMixtureSampler((2,)).fit(codes)
    check = DensityCheck().fit(codes)
    panel = DensityPanel(codes, ["item"] * 400, check, mixture, "row", "all", rows=codes[:, :1], encoder=b"pack")
    header, sections = panel.parcel()
    assert [v["limit"] for v in header["check"]["verdicts"]] == [check.edge_, check.far_, None]
    assert header["check"]["scales"][2] is None, "nothing was encoded again, and JSON has no infinity"
    json.dumps(header, allow_nan=False)
    assert sections.keys() >= {"real_codes", "real_rows", "check_means", "check_stds", "encoder"}
    means = np.frombuffer(sections["mixture_means"], "<f4").reshape(2, dimensions)
    factors = np.frombuffer(sections["mixture_factors"], "<f4")
    constants = np.frombuffer(sections["mixture_constants"], "<f8")
    away = codes[:5, None] - means
    if header["mixture"]["full"]:
        away = np.einsum("kji,nki->nkj", factors.reshape(2, dimensions, dimensions), away)
    else:
        away = away * factors.reshape(2, dimensions)
    terms = constants - np.square(away).sum(2) / 2
    np.testing.assert_allclose(np.logaddexp.reduce(terms, axis=1), mixture.log_density(codes[:5]), atol=1e-3)


def test_a_density_panel_of_decoded_samples_says_nothing_of_real_ones(browser: Browser) -> None:
    panel = DensityPanel(POINTS[:, :1], ["made"] * 3, None, None, "row", "made", encoder=b"pack")
    sliders.live_sliders(DECODER, [], sliders.Setting((0.0, 0.0)), key="s", density=panel)
    assert browser.header["density"]["check"] is None
    assert browser.sections.keys() == {"pack", "real_codes"}


def test_a_grid_of_pictures_tells_which_was_picked_last(browser: Browser) -> None:
    x = np.random.default_rng(0).random((5, 1, 4, 6))

    def show(shown: np.ndarray) -> int | None:
        return picture_grid.picture_grid(shown, key="g", label="Sample")

    assert show(x) is None
    assert (browser.header["width"], browser.header["height"], browser.header["sheet_columns"]) == (6, 4, 3)
    assert browser.header["titles"] == ["1", "2", "3", "4", "5"]
    browser.report = {"index": 3, "sheet": digest(browser.sections["sheet"]), "picks": 1}
    assert show(x) == 3
    assert show(1 - x) is None, "a click on other pictures says nothing of these"


def test_a_served_decoder_answers_questions_about_itself_only(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "last_report", lambda key, state: browser.report)
    monkeypatch.setattr(served, "_answer", served._answer.__wrapped__)  # outside an app a fragment does not run
    decoder = served.ServedDecoder("big", (1, 2, 2), lambda z: np.stack([z, -z], axis=2).reshape(1, 1, 2, 2), "Large.")

    def decoded() -> list[float] | None:
        assert served.serve(decoder, "s") == {"channel": "s", "model": "big", "shape": [1, 2, 2]}
        assert browser.header["note"].startswith("Large. The server decodes while you drag")
        section = browser.sections.get("decoded")
        return None if section is None else np.frombuffer(section, "<f4").tolist()

    assert decoded() is None
    browser.report = {"model": "big", "code": [2, 3], "number": 7}
    assert decoded() == [2.0, -2.0, 3.0, -3.0]
    assert (browser.header["number"], browser.header["code"]) == (7, [2, 3])
    browser.report |= {"model": "another", "number": 8}
    assert decoded() is None


def test_sliders_over_a_served_decoder_send_no_weights(browser: Browser) -> None:
    decoder = served.ServedDecoder("big", (1, 2, 2), lambda z: np.zeros((1, 1, 2, 2)))

    def show() -> tuple[float, ...]:
        return sliders.live_sliders(decoder, [sliders.Dimension(0, -2, 2)], sliders.Setting((0.5, -1.0)), key="s").code

    assert show() == (0.5, -1.0)
    assert browser.sections == {}
    assert browser.header["served"] == {"channel": "s_served", "model": "big", "shape": [1, 2, 2]}
    report = {"model": "big", "token": 0, "start": [0.5, -1], "z": [2, 3], "amounts": []}
    browser.report = report | {"code": [2, 3], "number": 1}
    assert show() == (2.0, 3.0)
    browser.report["model"] = "another"
    assert show() == (0.5, -1.0)


def test_map_sends_points_and_classes_and_returns_clicks(browser: Browser) -> None:
    def show() -> latent_map.MapSelection | None:
        return latent_map.latent_map(
            POINTS, np.array([0, 1, 1]), key="m", names=["a", "b"], palette=PALETTE, marks=[latent_map.Mark(1, 2, "me")]
        ).click

    assert show() is None
    np.testing.assert_array_equal(np.frombuffer(browser.sections["points"], "<f4").reshape(3, 2), POINTS)
    np.testing.assert_array_equal(np.frombuffer(browser.sections["groups"], "<u2"), [0, 1, 1])
    assert browser.header["marks"] == [{"x": 1, "y": 2, "label": "me", "ellipse": None}]
    browser.reports["selected"] = {"points": digest(browser.sections["points"]), "index": 2, "code": [4, 5]}
    assert show() == latent_map.MapSelection(2, (4, 5))
    browser.reports["selected"] = {"points": "another", "index": 2, "code": [4, 5]}
    assert show() is None


@pytest.mark.parametrize(
    ("points", "groups", "names", "message"),
    [
        (np.zeros((0, 2)), None, (), "two coordinates"),
        (np.zeros((3, 3)), None, (), "two coordinates"),
        (np.array([[0.0, np.nan]]), None, (), "not finite"),
        (POINTS, np.array([0, 1]), ("a", "b"), "but 2 labels"),
        (POINTS, np.array([0, 1, 2]), ("a", "b"), "2 class names"),
        (POINTS, np.array([0, -1, 1]), ("a", "b"), "class names"),
    ],
)
def test_map_refuses_what_it_cannot_draw(
    browser: Browser, points: np.ndarray, groups: np.ndarray | None, names: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ExplorerError, match=message):
        latent_map.latent_map(points, groups, key="m", names=names, palette=PALETTE)


def tracks(n: int = 3) -> list[interpolation.Track]:
    return [
        interpolation.Track(key, key.title(), POINTS[:n] + i, np.array([0, 1]), PALETTE[i])
        for i, key in enumerate("ab")
    ]


def test_interpolation_returns_the_place(browser: Browser) -> None:
    measure = interpolation.Measure("Density", "nats", np.arange(6.0).reshape(2, 3), (0.0, 2.0), "most")

    def show(start: interpolation.Place | None = None) -> interpolation.Place:
        return interpolation.live_interpolation(
            DECODER, tracks(), key="i", items=["first", "last"], measures=[measure], start=start
        )

    assert show() == interpolation.Place("a", 0.0)
    assert show(interpolation.Place("b", 0.25)) == interpolation.Place("b", 0.25)
    assert show(interpolation.Place("not there", 0.25)) == interpolation.Place("a", 0.0)
    codes = np.frombuffer(browser.sections["codes"], "<f4").reshape(2, 3, 2)
    np.testing.assert_array_equal(codes, np.stack([POINTS, POINTS + 1]))
    np.testing.assert_array_equal(np.frombuffer(browser.sections["measures"], "<f4"), np.arange(6))
    browser.report = {"codes": digest(browser.sections["codes"]), "track": "b", "at": 1}
    assert show() == interpolation.Place("b", 1.0)
    browser.report["codes"] = "another"
    assert show() == interpolation.Place("a", 0.0)


def test_interpolation_takes_frames_decoded_in_python(browser: Browser) -> None:
    frames = np.random.default_rng(0).random((2, 3, 1, 2, 2))
    interpolation.live_interpolation(frames, tracks(), key="i", items=["first", "last"])
    assert "pack" not in browser.sections
    assert browser.header["shape"] == [1, 2, 2]
    np.testing.assert_array_equal(np.frombuffer(browser.sections["decoded"], "<f4"), frames.astype("f4").ravel())


def test_interpolation_needs_paths_that_fit_together(browser: Browser) -> None:
    long, short, endless = tracks(), tracks(1), tracks()
    endless[0].codes[1, 1] = np.inf
    for shown, message in (([], "two or more codes"), (short, "two or more"), ([long[0], *tracks(2)], "equal numbers")):
        with pytest.raises(ExplorerError, match=message):
            interpolation.live_interpolation(DECODER, shown, key="i", items=["first", "last"])
    with pytest.raises(ExplorerError, match="not finite"):
        interpolation.live_interpolation(DECODER, endless, key="i", items=["first", "last"])
    measure = interpolation.Measure("Density", "nats", np.zeros((2, 4)))
    with pytest.raises(ExplorerError, match="but a measure has others"):
        interpolation.live_interpolation(DECODER, long, key="i", items=["first", "last"], measures=[measure])


def test_the_item_picker_sends_what_there_is_and_reads_what_was_chosen(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_picker, "last_report", lambda key, state: browser.report)
    items = [item_picker.Item(name, f"row {name}") for name in "31"]
    shelves = [item_picker.Shelf("Samples", items), item_picker.Shelf("Selection", [], "Nothing is selected.")]

    def show() -> item_picker.Picked | None:
        sheet = latent_map.SpriteSheet(b"png", 2, 8, 8)
        item_picker.item_picker(items[:1], shelves, sheet, key="p", most=8, rows=50)
        return item_picker.last_picked("p")

    assert show() is None
    assert browser.sections == {"sprites": b"png"}
    assert browser.header["chosen"] == [{"name": "3", "caption": "row 3"}]
    assert [len(shelf["items"]) for shelf in browser.header["shelves"]] == [2, 0]
    assert (browser.header["stamp"], browser.header["most"], browser.header["rows"]) == (0, 8, 50)
    browser.report = {"names": ["1", "1"], "stamp": 7}
    assert show() == item_picker.Picked(("1", "1"), 7)
    assert browser.header["stamp"] == 7


def test_swipe_sends_both_pictures(browser: Browser) -> None:
    swipe.swipe(b"noisy", b"clean", key="w", labels=("noisy", "denoised"))
    assert browser.sections == {"before": b"noisy", "after": b"clean"}
    assert browser.header["labels"] == ["noisy", "denoised"]
    assert "residual" not in browser.header


def test_swipe_shows_what_was_taken_away_around_zero(browser: Browser) -> None:
    before = np.full((3, 10, 20), 0.5, np.float32)
    after = before.copy()
    after[:, :, :10] -= 0.1  # brighter before: above zero
    after[:, :, 10:] += 0.1
    residual = swipe.residual_of(before, after, 255, "grey levels")
    assert residual.limit == 26, "25.5 rounded up"
    pixels = decode_image(residual.png, "residual").array
    assert pixels.shape == (3, 10, 20)
    green, purple = pixels[:, 5, 2].astype(int), pixels[:, 5, 15].astype(int)
    assert np.abs(green - palette.ABOVE).max() <= 5
    assert np.abs(purple - palette.BELOW).max() <= 5
    swipe.swipe(b"noisy", b"clean", key="w", residual=residual)
    assert browser.sections["residual"] == residual.png
    assert (browser.header["residual"]["limit"], browser.header["residual"]["unit"]) == (26, "grey levels")
    assert len(browser.header["residual"]["colours"]) == 3


def test_a_pasted_picture_is_told_once(browser: Browser) -> None:
    paste.paste_button(key="p", on_picture=print)
    assert (browser.header["sections"], browser.sections) == ({}, {})


def script() -> None:
    import numpy as np
    import streamlit as st
    from torch import nn

    from explorer.ui.live.pack import pack
    from explorer.ui.live.sliders import Dimension, Setting, live_sliders
    from explorer.ui.live.threshold import threshold_view
    from explorer.ui.widgets.component import Feature

    decoder = pack([nn.Linear(1, 2)], (1,))
    columns = [Feature("a", 0, 1), Feature("b", 0, 1)]
    at = live_sliders(decoder, [Dimension(0, -1, 1)], Setting((0.5,)), key="s", features=columns)
    limit = threshold_view(np.arange(5.0), None, np.arange(1.0, 20.0), key="t")
    st.write(f"{at.code} {limit}")


def test_components_mount_in_streamlit() -> None:
    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.markdown[0].value == "(0.5,) 19.0"


def test_features_are_plain_values() -> None:
    assert component.as_header([Feature("area", 1.0, 9.0)]) == [{"name": "area", "low": 1.0, "high": 9.0}]
