"""The components' Python side: what they send, what they return before and after a report, and what they refuse."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest
from torch import nn

from explorer.browser.envelope import digest
from explorer.browser.heat_map.message import heat_map_of
from explorer.browser.interpolation.message import Measure, Place, Track
from explorer.browser.item_picker.message import Item, ItemPicker, Picked, Shelf
from explorer.browser.pack import pack
from explorer.browser.parts import Decoder, Served, SpriteSheet
from explorer.browser.paste.message import PastedPicture
from explorer.browser.sliders import density_check
from explorer.browser.sliders.message import Dimension, Direction, Setting, SlidersAt
from explorer.browser.swipe.message import residual_of
from explorer.core import palette
from explorer.core.errors import ExplorerError
from explorer.data import Dataset, Splits
from explorer.io.images import decode_image
from explorer.latent.density_check import DensityCheck
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.map import finer_pictures
from explorer.ui.shell.vector_items import VectorItems
from explorer.ui.widgets import served
from explorer.ui.widgets.heat_map import heat_map
from explorer.ui.widgets.interpolation import live_interpolation
from explorer.ui.widgets.item_picker import item_picker, last_picked
from explorer.ui.widgets.page_button import page_button
from explorer.ui.widgets.paste import paste_button
from explorer.ui.widgets.picture_grid import picture_grid
from explorer.ui.widgets.sliders import live_sliders
from explorer.ui.widgets.swipe import swipe
from tests.messages.browser import Browser

DECODER = pack([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (2,))
POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
PALETTE = ("#0072b2", "#e69f00")


def at(*code: float, amounts: tuple[float, ...] = ()) -> SlidersAt:
    return SlidersAt(code=code, amounts=amounts)


def test_sliders_start_report_and_forget_another_model(browser: Browser) -> None:
    dims = [Dimension(index=1, low=-2, high=2, share=0.75), Dimension(index=0, low=-3, high=3, label="size")]
    setting = Setting((0.5, -1.0), token=4)

    def show() -> SlidersAt:
        return live_sliders(DECODER, dims, setting, key="s")

    assert show() == at(0.5, -1.0)
    assert browser.message["decoder"] == {"pack": DECODER, "served": None}
    assert [dim["label"] for dim in browser.message["dims"]] == ["z1", "size"]
    report = {"model": digest(DECODER), "token": 4, "start": [0.5, -1], "at": {"code": [1, 2.5], "amounts": []}}
    browser.report("s", "codes", report)
    assert show() == at(1.0, 2.5)
    for other in ({"model": "another"}, {"start": [0, 0]}, {"token": 3}):
        browser.report("s", "codes", report | other)
        assert show() == at(0.5, -1.0)


def test_sliders_begin_at_a_code_with_its_share_of_a_direction(browser: Browser) -> None:
    direction = Direction(vector=np.array([0.0, 2.0]), low=-1, high=3, label="older")
    setting = Setting((0.5, -1.0), code=(0.5, 2.0), amounts=(1.5,))
    assert live_sliders(DECODER, [], setting, key="s", directions=[direction]) == at(0.5, 2.0, amounts=(1.5,))
    assert browser.message["start"] == [0.5, -1.0]
    assert browser.message["first"] == {"code": [0.5, 2.0], "amounts": [1.5]}
    assert browser.message["directions"][0]["vector"] == [0, 2]
    # Amounts of other directions than those shown say nothing.
    assert live_sliders(DECODER, [], setting, key="s").amounts == ()
    wrong = Direction(vector=np.ones(3), low=0, high=1, label="no")
    with pytest.raises(ExplorerError, match="3 numbers does not fit a code of 2"):
        live_sliders(DECODER, [], setting, key="s", directions=[wrong])


@pytest.mark.parametrize("dimensions", [2, 70])
def test_a_density_panel_sends_a_mixture_that_gives_its_own_densities(dimensions: int) -> None:
    """The formula of the browser, on the arrays that it gets, for full and for diagonal covariances."""
    random = np.random.default_rng(0)
    codes = np.concatenate([random.normal(centre, 1 + abs(centre), (200, dimensions)) for centre in (-1, 2)])
    fitted = GaussianMixtureSampler((2,)).fit(codes)
    usual = DensityCheck().fit(codes)
    panel = density_check.density_panel(
        codes, ["item"] * 400, usual, fitted, item_word="row", source="all", rows=codes[:, :1], encoder=b"pack"
    )
    assert panel.rows is not None
    assert panel.check is not None
    assert panel.check.encoder == b"pack"
    assert [v.limit for v in panel.check.verdicts] == [usual.edge_, usual.far_, None]
    assert panel.check.scales[2] is None, "nothing was encoded again, and JSON has no infinity"
    sent = panel.mixture
    assert sent is not None
    away = codes[:5, None] - sent.means
    away = np.einsum("kji,nki->nkj", sent.factors, away) if sent.factors.ndim == 3 else away * sent.factors
    terms = sent.constants - np.square(away).sum(2) / 2
    np.testing.assert_allclose(np.logaddexp.reduce(terms, axis=1), fitted.log_density(codes[:5]), atol=1e-3)


def test_a_density_panel_of_decoded_samples_says_nothing_of_real_ones(browser: Browser) -> None:
    panel = density_check.density_panel(POINTS[:, :1], ["made"] * 3, None, None, item_word="row", source="made")
    live_sliders(DECODER, [], Setting((0.0, 0.0)), key="s", density=panel)
    sent = browser.message["density"]
    assert (sent["check"], sent["mixture"], sent["sprites"], sent["rows"]) == (None,) * 4


def test_a_grid_of_pictures_tells_which_was_picked_last(browser: Browser) -> None:
    x = np.random.default_rng(0).random((5, 1, 4, 6))

    def show(shown: np.ndarray) -> int | None:
        return picture_grid(shown, key="g", label="Sample")

    assert show(x) is None
    sheet = browser.message["sheet"]
    assert (sheet["width"], sheet["height"], sheet["columns"]) == (6, 4, 3)
    assert browser.message["titles"] == ["1", "2", "3", "4", "5"]
    browser.report("g", "picked", {"index": 3, "sheet": digest(sheet["png"]), "picks": 1})
    assert show(x) == 3
    assert show(1 - x) is None, "a click on other pictures says nothing of these"
    for index in (5, -1, "3", True, 2.5):
        browser.report("g", "picked", {"index": index, "sheet": digest(sheet["png"]), "picks": 1})
        assert show(x) is None, "there is no such picture"


def test_a_served_decoder_answers_questions_about_itself_only(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "_answer", served._answer.__wrapped__)  # outside an app a fragment does not run
    decoder = served.ServedDecoder("big", (1, 2, 2), lambda z: np.stack([z, -z], axis=2).reshape(1, 1, 2, 2), "Large.")

    def answer() -> Any:
        part = served.decoder_for(decoder, "s")
        assert part == Decoder(served=Served(channel="s", model="big", shape=(1, 2, 2)))
        assert browser.message["note"].startswith("Large. The server decodes while you drag")
        return browser.message["answer"]

    assert answer() is None
    browser.report("s", "asked", {"model": "big", "code": [2, 3], "number": 7})
    assert answer()["values"].tolist() == [[[2.0, -2.0], [3.0, -3.0]]]
    assert (answer()["number"], answer()["code"]) == (7, [2, 3])
    browser.report("s", "asked", {"model": "another", "code": [2, 3], "number": 8})
    assert answer() is None
    browser.report("s", "asked", {"model": "big", "code": [2, float("nan")], "number": 8})
    assert answer() is None


def test_larger_pictures_are_made_of_the_items_of_the_map_alone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finer_pictures, "_answer", finer_pictures._answer.__wrapped__)
    shades = np.arange(8, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 1, 96, 200), np.uint8)
    rows = np.arange(1, 8)
    data = Dataset(
        "d", "D", shades, None, (), Splits(rows, rows[:0], rows[:0], ""), "", "", "0" * 64, vectors=shades[:, 0, 0]
    )
    items = VectorItems(data, rows, "all")

    def answer() -> Any:
        part = finer_pictures.finer_pictures(items, "p")
        assert part is not None
        assert (part.steps, part.width, part.height) == ((2, 4), 200, 96), "100 and 50 pixels; 40 come with the map"
        return browser.message["answer"]

    assert answer() is None
    asked = {"items": browser.message["items"], "step": 4, "positions": [5, 0, 2], "number": 7}
    browser.report("p", "asked", asked)
    sheet = answer()["sheet"]
    picture = np.asarray(Image.open(io.BytesIO(sheet["png"])))
    assert (sheet["width"], sheet["height"], answer()["number"]) == (50, 24, 7)
    cut = [picture[i // sheet["columns"] * 24, i % sheet["columns"] * 50] for i in range(3)]
    assert cut == [6, 1, 3], "the shades of rows 6, 1 and 3"
    for wrong in ({"items": "others"}, {"step": 3}, {"positions": [7]}, {"positions": []}, {"positions": [-1]}):
        browser.report("p", "asked", asked | wrong)
        assert answer() is None, wrong


def test_sliders_over_a_served_decoder_send_no_weights(browser: Browser) -> None:
    decoder = served.ServedDecoder("big", (1, 2, 2), lambda z: np.zeros((1, 1, 2, 2)))

    def show() -> tuple[float, ...]:
        return live_sliders(decoder, [Dimension(index=0, low=-2, high=2)], Setting((0.5, -1.0)), key="s").code

    assert show() == (0.5, -1.0)
    assert browser.message["decoder"] == {
        "pack": None,
        "served": {"channel": "s_served", "model": "big", "shape": [1, 2, 2]},
    }
    report = {"model": "big", "token": 0, "start": [0.5, -1], "at": {"code": [2, 3], "amounts": []}}
    browser.report("s", "codes", report)
    assert show() == (2.0, 3.0)
    browser.report("s", "codes", report | {"model": "another"})
    assert show() == (0.5, -1.0)


def tracks(n: int = 3) -> list[Track]:
    return [
        Track(key=key, title=key.title(), codes=POINTS[:n] + i, items_at=np.array([0, 1]), colour=PALETTE[i])
        for i, key in enumerate("ab")
    ]


def place(track: str, share: float) -> Place:
    return Place(track=track, at=share)


def test_interpolation_returns_the_place(browser: Browser) -> None:
    values = np.arange(6.0).reshape(2, 3)
    measure = Measure(title="Density", unit="nats", values=values, band=(0.0, 2.0), band_title="most")

    def show(start: Place | None = None) -> Place:
        return live_interpolation(DECODER, tracks(), key="i", items=["first", "last"], measures=[measure], start=start)

    assert show() == place("a", 0.0)
    assert show(place("b", 0.25)) == place("b", 0.25)
    assert show(place("not there", 0.25)) == place("a", 0.0)
    sent = browser.message["tracks"]
    np.testing.assert_array_equal([track["codes"] for track in sent], np.stack([POINTS, POINTS + 1]))
    np.testing.assert_array_equal(browser.message["measures"][0]["values"], values)
    digests = [digest(track["codes"].tobytes()) for track in sent]
    browser.report("i", "place", {"codes": digests, "track": "b", "at": 1})
    assert show() == place("b", 1.0)
    for other in ({"codes": ["another", "way"]}, {"track": "c"}, {"at": 1.5}, {"at": None}):
        browser.report("i", "place", {"codes": digests, "track": "b", "at": 1} | other)
        assert show() == place("a", 0.0)


def test_interpolation_takes_frames_decoded_in_python(browser: Browser) -> None:
    frames = np.random.default_rng(0).random((2, 3, 1, 2, 2))
    live_interpolation(None, tracks(), key="i", items=["first", "last"], decoded=frames)
    assert browser.message["decoder"] == {"pack": None, "served": None}
    np.testing.assert_array_equal(browser.message["decoded"], frames.astype("f4"))


def test_interpolation_needs_paths_that_fit_together(browser: Browser) -> None:
    long, short, endless = tracks(), tracks(1), tracks()
    endless[0].codes[1, 1] = np.inf
    for shown, message in (([], "two or more codes"), (short, "two or more"), ([long[0], *tracks(2)], "equal numbers")):
        with pytest.raises(ExplorerError, match=message):
            live_interpolation(DECODER, shown, key="i", items=["first", "last"])
    with pytest.raises(ExplorerError, match="not finite"):
        live_interpolation(DECODER, endless, key="i", items=["first", "last"])
    measure = Measure(title="Density", unit="nats", values=np.zeros((2, 4)))
    with pytest.raises(ExplorerError, match="but a measure has others"):
        live_interpolation(DECODER, long, key="i", items=["first", "last"], measures=[measure])


def test_the_item_picker_sends_what_there_is_and_reads_what_was_chosen(browser: Browser) -> None:
    items = [Item(name=name, caption=f"row {name}") for name in "31"]
    picker = ItemPicker(
        chosen=items[:1],
        shelves=[Shelf(title="Samples", items=items), Shelf(title="Selection", items=[], empty="Nothing is selected.")],
        sprites=SpriteSheet(png=b"png", columns=2, width=8, height=8),
        most=8,
        rows=50,
    )

    def show() -> Picked | None:
        item_picker(picker, key="p")
        return last_picked("p")

    assert show() is None
    assert browser.message["sprites"]["png"] == b"png"
    assert browser.message["chosen"] == [{"name": "3", "caption": "row 3"}]
    assert [len(shelf["items"]) for shelf in browser.message["shelves"]] == [2, 0]
    assert (browser.message["stamp"], browser.message["most"], browser.message["rows"]) == (0, 8, 50)
    browser.report("p", "picked", {"names": ["1", "1"], "stamp": 7})
    assert show() == Picked(names=("1", "1"), stamp=7)
    assert browser.message["stamp"] == 7


def test_a_heat_map_is_sent_whole_with_room_for_its_threshold(browser: Browser) -> None:
    image, own = np.full((1, 4, 6), 200, np.uint8), np.arange(24.0).reshape(4, 6)
    peaks = np.array([3.0, 5.0])
    view = heat_map_of(image, own, peaks, usual=1.0, threshold=4.0, unit="sd", alt="a.png")
    heat_map(view, key="h")
    assert decode_image(browser.message["image"], "image").array.shape == (1, 4, 6)
    np.testing.assert_array_equal(browser.message["map"], own)
    np.testing.assert_array_equal(browser.message["peaks"], peaks)
    low, high = browser.message["ends"]
    assert low == 1.0
    assert 23.0 < high < 24.0
    assert browser.message["threshold"] == 4.0


def test_swipe_sends_both_pictures(browser: Browser) -> None:
    swipe(b"noisy", b"clean", key="w", labels=("noisy", "denoised"))
    assert browser.message == {"before": b"noisy", "after": b"clean", "labels": ["noisy", "denoised"], "residual": None}


def test_swipe_shows_what_was_taken_away_around_zero(browser: Browser) -> None:
    before = np.full((3, 10, 20), 0.5, np.float32)
    after = before.copy()
    after[:, :, :10] -= 0.1  # brighter before: above zero
    after[:, :, 10:] += 0.1
    residual = residual_of(before, after, 255, "grey levels")
    assert residual.limit == 26, "25.5 rounded up"
    pixels = decode_image(residual.png, "residual").array
    assert pixels.shape == (3, 10, 20)
    green, purple = pixels[:, 5, 2].astype(int), pixels[:, 5, 15].astype(int)
    assert np.abs(green - palette.ABOVE).max() <= 5
    assert np.abs(purple - palette.BELOW).max() <= 5
    swipe(b"noisy", b"clean", key="w", residual=residual)
    sent = browser.message["residual"]
    assert (sent["png"], sent["limit"], sent["unit"]) == (residual.png, 26, "grey levels")
    assert len(sent["colours"]) == 3


def test_a_pasted_picture_is_told_once_and_what_cannot_be_read_as_nothing(browser: Browser) -> None:
    told: list[PastedPicture | None] = []
    paste_button(key="p", on_picture=told.append)
    assert browser.message == {}
    browser.report("p", "picture", {"name": "a.png", "data": "AAAA"})
    browser.callbacks["on_picture_change"]()
    browser.report("p", "picture", {"name": "a.png"})
    browser.callbacks["on_picture_change"]()
    browser.report("p", "picture", None)
    browser.callbacks["on_picture_change"]()
    assert told == [PastedPicture(name="a.png", data="AAAA"), None]


def script() -> None:
    import numpy as np
    import streamlit as st
    from torch import nn

    from explorer.browser.pack import pack
    from explorer.browser.parts import Feature
    from explorer.browser.sliders.message import Dimension, Setting
    from explorer.ui.widgets.sliders import live_sliders
    from explorer.ui.widgets.threshold import threshold_view

    decoder = pack([nn.Linear(1, 2)], (1,))
    columns = [Feature(name=name, low=0, high=1) for name in "ab"]
    dims = [Dimension(index=0, low=-1, high=1)]
    at = live_sliders(decoder, dims, Setting((0.5,)), key="s", features=columns)
    limit = threshold_view(np.arange(5.0), None, np.arange(1.0, 20.0), key="t")
    st.write(f"{at.code} {limit}")


def test_a_page_is_made_for_each_press_with_what_the_map_shows(browser: Browser) -> None:
    made: list[object] = []

    def make(sight: object) -> bytes:
        made.append(sight)
        return b"page"

    def show() -> tuple[int, bytes | None]:
        page_button(make, "m.html", key="page", link="items.1")
        return browser.message["number"], browser.message["page"]

    def press(number: int, sight: list[float] | None) -> None:
        browser.report("page", "asked", {"number": number, "sight": sight})
        browser.callbacks["on_asked_change"]()

    assert show() == (0, None)
    press(5, [-1.0, -2.0, 3.0, 4.0])
    assert show() == (5, b"page")
    assert made == [(-1.0, -2.0, 3.0, 4.0)]
    assert show() == (0, None)  # the file goes once
    press(6, [3.0, 0.0, -1.0, 1.0])
    assert show() == (0, None)  # no rectangle: what comes from a browser is not trusted
    press(7, None)
    assert show() == (7, b"page")
    assert made[1:] == [None]


def test_a_page_that_cannot_be_made_answers_without_one(browser: Browser) -> None:
    def fail(_: object) -> bytes:
        raise ExplorerError("No map.", "Choose more items.")

    page_button(fail, "m.html", key="page")
    browser.report("page", "asked", {"number": 5, "sight": None})
    browser.callbacks["on_asked_change"]()
    page_button(fail, "m.html", key="page")
    assert (browser.message["number"], browser.message["page"]) == (5, None)


def test_components_mount_in_streamlit() -> None:
    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert app.markdown[0].value == "(0.5,) 19.0"


def test_a_message_holds_no_number_that_json_does_not_know() -> None:
    with pytest.raises(ValidationError, match="finite"):
        Dimension(index=0, low=float("nan"), high=1)
