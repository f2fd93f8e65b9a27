"""The Interpolate view: its items, its link, what it says of the ways, and the downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer import data
from explorer.browser.interpolation import message as interpolation
from explorer.browser.item_picker import message as item_picker
from explorer.checkpoints import Checkpoint
from explorer.io import animation
from explorer.latent import interpolation as paths
from explorer.ui.generate import interpolation_items, interpolations
from explorer.ui.widgets.tables import csv_bytes
from tests.pages.conftest import words

OpenPage = Callable[..., AppTest]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the two components were last called with; the picker reports what is put under "picked"."""
    seen: dict[str, Any] = {}

    def live(decoder: Any, tracks: Any, **options: Any) -> interpolation.Place:
        seen.update(decoder=decoder, tracks=tracks, **options)
        return options["start"] or interpolation.Place(track=tracks[0].key, at=0.0)

    def picker(shown: item_picker.ItemPicker, *, key: str) -> None:
        shelves = {shelf.title: shelf for shelf in shown.shelves}
        seen.update(chosen=[item.name for item in shown.chosen], shelves=shelves, sprites=shown.sprites)

    monkeypatch.setattr(interpolations, "live_interpolation", live)
    monkeypatch.setattr(interpolation_items, "item_picker", picker)
    monkeypatch.setattr(interpolation_items, "last_picked", lambda key: seen.get("picked"))
    return seen


def view(open_page: OpenPage, **query: str) -> AppTest:
    app = open_page("generate", view="Interpolate", **{"model": "tiny-plain", **query})
    assert not app.exception
    assert not app.error
    return app


def test_it_opens_with_three_items_of_as_many_classes(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    app = view(open_page)
    digits = data.dataset("digits")
    rows = [int(name) for name in drawn["chosen"]]
    assert len({int(digits.labels[row]) for row in rows}) == 3
    assert app.query_params["path"] == ",".join(drawn["chosen"])
    assert [track.title for track in drawn["tracks"]] == ["Straight", "Spherical", "Along the data"]
    codes = tiny_models["tiny-plain"].encode(digits.x[rows])
    for track in drawn["tracks"]:
        np.testing.assert_allclose(track.codes[[0, 24, 48]], codes, atol=1e-5)
    density, distance = drawn["measures"]
    assert density.values.shape == distance.values.shape == (3, 49)
    np.testing.assert_array_equal(distance.values[:, [0, 24, 48]], 0), "the items are real codes"
    straight, along_data = distance.values[0].max(), distance.values[2].max()
    assert along_data <= straight, "along the data keeps nearer to it"


def test_a_link_restores_items_spacing_and_place(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    app = view(open_page, path="5,900,5,41", spacing="Even by distance", along="data", at="0.25")
    assert drawn["chosen"] == ["5", "900", "5", "41"]
    assert drawn["start"] == interpolation.Place(track="data", at=0.25)
    steps = np.linalg.norm(np.diff(drawn["tracks"][0].codes, axis=0), axis=1)
    np.testing.assert_allclose(np.quantile(steps, (0.1, 0.9)), np.median(steps), rtol=1e-4)  # a step may cut a corner
    assert drawn["items"][0].startswith("row 5 (")
    assert "interpolation.route('data', items, graph)" in app.main.code[0].value


def test_nearly_opposite_items_are_said_to_have_no_one_arc(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tiny_models["tiny-plain"].encode(data.dataset("digits").x[[5]])[0]
    for end, opposite in ((-2 * code, True), (2 * code, False)):
        monkeypatch.setattr(interpolation_items, "codes_of", lambda context, rows, end=end: np.stack([code, end]))
        app = view(open_page, path="5,900")
        notes = [track.note for track in drawn["tracks"]]
        assert ["not the only shortest arc" in note for note in notes] == [False, opposite, False]
        assert ("On 1 of its 1 arcs the codes are nearly opposite" in words(app)) == opposite


@pytest.mark.parametrize("path", ["", "x", "-1,99999999,3", "1e3,²,١,0x2", "7"])
@pytest.mark.parametrize("place", [{"along": "curly", "at": "nan"}, {"along": "data", "at": "x"}])
def test_a_damaged_link_is_no_error(
    tiny_models: dict[str, Checkpoint],
    open_page: OpenPage,
    drawn: dict[str, Any],
    path: str,
    place: dict[str, str],
) -> None:
    app = view(open_page, path=path, **place)
    assert all(name.isdecimal() for name in drawn["chosen"])
    assert ("add them above" in words(app)) == (len(drawn["chosen"]) < 2)


def test_rows_in_a_link() -> None:
    assert interpolation_items.rows_of_text("3,1,3", 5) == (3, 1, 3)
    assert interpolation_items.rows_of_text("5,4, 3,+2,1.0", 5) == (4,)
    assert interpolation_items.rows_of_text(",".join(["1"] * 20), 5) == (1,) * paths.MAX_ITEMS
    assert interpolation_items.rows_of_text("9" * 400, 5) == ()
    user = interpolation_items.USER_IMAGE
    assert interpolation_items.rows_of_text("1,mine,user-image", 5) == (1, user, user), "also by its former name"


@pytest.mark.slow
def test_what_the_picker_reports_is_taken_once(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    app = view(open_page, path="5,900")
    drawn["picked"] = item_picker.Picked(names=("900", "5", "17"), stamp=1)
    app.run()
    assert app.query_params["path"] == "900,5,17"
    app.run()
    assert drawn["chosen"] == ["900", "5", "17"]
    drawn["picked"] = item_picker.Picked(names=(), stamp=2)
    app.run()
    assert not app.exception
    assert "add them above" in words(app)


@pytest.mark.slow
def test_a_click_on_the_map_adds_the_item(
    tiny_models: dict[str, Checkpoint],
    open_page: OpenPage,
    drawn: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from explorer.browser.latent_map.message import MapSelection

    app = view(open_page, path="5,900")
    app.main.toggle(key="path_on_map").set_value(True).run()
    click = MapSelection(4, (0.0, 0.0))
    monkeypatch.setattr(interpolation_items, "last_click", lambda key, n: click)
    app.run()
    added = drawn["chosen"]
    assert added[:2] == ["5", "900"]
    assert len(added) == 3
    app.run()
    assert drawn["chosen"] == added, "a click counts once"


def test_items_are_offered_by_label_and_from_the_selection(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    from explorer.ui.shell import selection

    digits = data.dataset("digits")
    view(open_page, selected=selection.link_text(np.array([3, 77]), digits.fingerprint))
    shelves = drawn["shelves"]
    assert list(shelves) == ["Samples", *map(str, range(10)), "Selection"]
    assert {int(digits.labels[int(item.name)]) for item in shelves["7"].items} == {7}
    assert [item.name for item in shelves["Selection"].items] == ["3", "77"]
    assert drawn["sprites"].width == 8


def test_the_user_image_is_an_item_like_any_other(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 1, 8, 8)
    code = tiny_models["tiny-plain"].encode(x)
    image = SimpleNamespace(x=x, code=code)
    monkeypatch.setattr(interpolation_items.user_image, "current", lambda context: image)
    app = view(open_page, path="5,user-image,900", along="linear", at="0")
    assert drawn["chosen"] == ["5", "user-image", "900"]
    assert app.query_params["path"] == "5,user-image,900"
    assert drawn["items"][1] == "my image"
    np.testing.assert_allclose(drawn["tracks"][0].codes[24], code[0], atol=1e-5)
    assert [item.name for item in drawn["shelves"]["My image"].items] == ["user-image"]
    sheet = np.asarray(Image.open(io.BytesIO(drawn["sprites"].png)))
    np.testing.assert_allclose(sheet[:8, 8:16], 255 * x[0, 0], atol=1)
    assert "data.x[[" not in app.main.code[0].value, "no row of the data stands for it"

    monkeypatch.setattr(interpolation_items.user_image, "current", lambda context: None)
    app.run()
    assert not app.exception
    assert drawn["chosen"] == ["5", "900"], "without the image its place is gone"


def test_a_table_has_its_paths_as_tables_and_csv(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: dict[str, bytes] = {}

    def csv_button(label: str, rows: Any, file_name: str, key: str) -> None:
        saved[file_name] = csv_bytes(rows)

    monkeypatch.setattr(interpolations, "csv_button", csv_button)
    app = view(open_page, model="tiny-table", path="3,200", along="spherical", at="0")
    assert drawn["sprites"] is None
    assert len(drawn["features"]) == 30
    shown = app.main.dataframe[0].value
    assert len(shown) == 11
    [(name, content)] = saved.items()
    assert name == "tiny-table-spherical.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert len(rows) == 25
    dataset = data.dataset("breast-cancer")
    checkpoint = tiny_models["tiny-table"]
    decoded = checkpoint.decode(checkpoint.encode(dataset.x[[3, 200]]))
    for row, values in ((rows[0], decoded[0]), (rows[-1], decoded[1])):
        exported = [float(row[column]) for column in dataset.feature_names]
        np.testing.assert_allclose(exported, values, rtol=1e-3)


@pytest.mark.slow
def test_without_data_the_paths_lead_through_decoded_samples(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    app = view(open_page, data="none", along="linear", at="0")
    assert len(drawn["chosen"]) == 3
    assert [m.title for m in drawn["measures"]] == ["Log density", "Distance to the nearest sample code"]
    assert not any("real" in m.band_title for m in drawn["measures"])
    assert "explorer.dataset" not in app.main.code[0].value
    assert [s.title for s in drawn["shelves"].values()] == ["Samples", "Selection"]


@pytest.mark.slow
def test_a_decoder_too_large_for_the_browser_sends_its_frames(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any], weak_browser: None
) -> None:
    app = view(open_page, path="5,900")
    assert "9 frames of each path are decoded in advance" in words(app)
    assert "live decoding stops at 0 million" in drawn["decoder"].reason
    assert drawn["decoded"].shape == (3, 9, 1, 8, 8)
    expected = tiny_models["tiny-plain"].decode(drawn["tracks"][1].codes)
    np.testing.assert_allclose(drawn["decoded"][1], expected, atol=1e-5)


@pytest.mark.slow
def test_without_an_encoder_mp4_cannot_be_pressed_and_it_says_what_to_install(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> str:
        raise animation.EncoderMissingError("MP4 needs a package.", "Install it with: pip.")

    app = view(open_page)
    assert [b.proto.disabled for b in app.main.get("download_button")][:3] == [False] * 3
    monkeypatch.setattr(animation, "encoder", missing)
    app = view(open_page)
    assert [b.proto.disabled for b in app.main.get("download_button")][:3] == [False, False, True]
    assert "MP4 needs a package. Install it with: pip." in words(app)


def test_a_gif_that_is_too_quick_is_not_offered(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, drawn: dict[str, Any]
) -> None:
    app = view(open_page, film_frames="240", film_seconds="0.5")
    assert [b.proto.disabled for b in app.main.get("download_button")][:3] == [False, True, False]
    assert "more than 50 frames a second" in words(app)
    assert "478 frames, 0.996 s" in words(app)
