"""What the map of codes sends for each of its parts, what it makes of the browser's reports, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from explorer.browser.envelope import digest
from explorer.browser.latent_map import parts as map_parts
from explorer.browser.latent_map.message import LatentMap, MapChosen, MapReport, MapSelection
from explorer.browser.latent_map.parts import (
    Contour,
    Detail,
    Layers,
    LinearPlace,
    Mark,
    NearestItem,
    PlaceDecoder,
    Points,
    Selection,
    Underlay,
)
from explorer.browser.pack import pack
from explorer.browser.parts import Decoder, SpriteSheet
from explorer.core.errors import ExplorerError
from explorer.ui.map.latent_map import last_choice, last_click, latent_map
from tests.messages.browser import Browser

POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
CODES = np.arange(12.0).reshape(3, 4)
PALETTE = ("#0072b2", "#e69f00")
OF_PLACES = pack([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (2,))
OF_CODES = pack([nn.Linear(4, 4), nn.Unflatten(1, (1, 2, 2))], (4,))


def contents(**parts: Any) -> LatentMap:
    return LatentMap(**{"points": Points(places=POINTS, palette=PALETTE), **parts})


def show(**parts: Any) -> MapReport:
    return latent_map(contents(**parts), key="m")


def sheet(png: bytes) -> SpriteSheet:
    return SpriteSheet(png=png, columns=2, width=4, height=3)


def choose(browser: Browser, bits: str, n: int = 3, **other: Any) -> None:
    points = digest(browser.message["points"]["places"].tobytes())
    browser.report("m", "chosen", {"points": points, "n": n, "bits": bits, "stamp": 17} | other)


def test_nothing_but_points_by_default(browser: Browser) -> None:
    report = show()
    assert (report.click, report.choice) == (None, None)
    sent = browser.message
    np.testing.assert_array_equal(sent["points"]["places"], POINTS)
    assert sent["points"]["groups"] is None
    assert sent["decoding"] == {"decoder": {"pack": None, "served": None}, "codes": None, "features": []}
    assert sent["layers"] == {"underlay": None, "contours": [], "marks": []}
    assert (sent["tools"], sent["link"], sent["selection"]["chosen"]) == (False, "", None)
    assert "lasso" not in sent["spoken"]
    assert "names of classes" not in sent["spoken"]


def test_each_part_reaches_the_browser(browser: Browser) -> None:
    details = [
        Detail(name="error", values=np.array([1, 2, np.nan]), unit="nats"),
        Detail(name="KL", values=np.array([4, 5, 6])),
    ]
    show(
        points=Points(places=POINTS, groups=np.array([0, 1, 1]), names=["a", "b"], palette=PALETTE),
        tools=True,
        link="l",
        height=400,
        nearest=NearestItem(sprites=sheet(b"sheet"), reconstructions=sheet(b"rebuilt"), details=details),
        layers=Layers(
            underlay=Underlay(png=b"grid", left=-1, bottom=-2, right=3, top=4),
            contours=[
                Contour.of([POINTS, POINTS[:2]], "half"),
                Contour.of([], "empty", dashed=True),
                Contour.of([POINTS[1:]], dashed=True),
            ],
            marks=[Mark(x=1, y=2, label="me", ellipse=(0.5, 0.25, 0.1))],
        ),
        selection=Selection(hits=np.array([2, 0, 2]), chosen=np.array([1]), ringed=2),
        drop=LinearPlace.of(np.zeros(4), np.ones((4, 2))),
        decoding=PlaceDecoder(codes=CODES, decoder=Decoder(pack=OF_CODES)),
    )
    sent = browser.message
    assert sent["points"]["groups"].tolist() == [0, 1, 1]
    assert (sent["tools"], sent["link"], sent["height"]) == (True, "l", 400)
    assert "L is the lasso" in sent["spoken"]
    nearest, layers, selection = sent["nearest"], sent["layers"], sent["selection"]
    assert nearest["sprites"] == {"png": b"sheet", "columns": 2, "width": 4, "height": 3}
    assert nearest["reconstructions"]["png"] == b"rebuilt"
    assert [(d["name"], d["unit"]) for d in nearest["details"]] == [("error", "nats"), ("KL", "")]
    np.testing.assert_array_equal([d["values"] for d in nearest["details"]], [[1, 2, np.nan], [4, 5, 6]])
    assert layers["underlay"] == {"png": b"grid", "left": -1, "bottom": -2, "right": 3, "top": 4}
    assert [(c["label"], c["dashed"], c["lengths"]) for c in layers["contours"]] == [
        ("half", False, [3, 2]),
        ("empty", True, []),
        ("", True, [2]),
    ]
    assert layers["contours"][0]["places"].tolist() == [[0, 1], [2, 3], [4, 5], [0, 1], [2, 3]]
    assert layers["contours"][2]["places"].tolist() == [[2, 3], [4, 5]]
    assert layers["marks"] == [{"x": 1, "y": 2, "label": "me", "ellipse": [0.5, 0.25, 0.1]}]
    assert (selection["hits"].tolist(), selection["chosen"].tolist(), selection["ringed"]) == ([0, 2], [1], 2)
    assert sent["drop"] == {"origin": [0] * 4, "matrix": [[1, 1]] * 4}
    np.testing.assert_array_equal(sent["decoding"]["codes"], CODES)
    assert sent["decoding"]["decoder"]["pack"] == OF_CODES


def test_a_click_counts_for_these_points_only(browser: Browser) -> None:
    assert show().click is None
    points = digest(browser.message["points"]["places"].tobytes())
    browser.report("m", "selected", {"points": points, "index": 2, "code": [4, 5]})
    assert show().click == MapSelection(2, (4, 5))
    assert last_click("m", 3) == MapSelection(2, (4, 5))
    assert last_click("m", 2) is None, "it was on a map with more items"
    assert last_click("other", 3) is None
    browser.report("m", "selected", {"points": points, "index": None, "code": [4, 5]})
    assert show().click == MapSelection(None, (4, 5))
    for wrong in ({"points": "another"}, {"index": 3}, {"index": -1}, {"code": [4, "5"]}, {"code": [4]}):
        browser.report("m", "selected", {"points": points, "index": 2, "code": [4, 5]} | wrong)
        assert show().click is None


def test_an_empty_selection_is_not_no_selection(browser: Browser) -> None:
    show(selection=Selection(chosen=np.array([], int)))
    assert browser.message["selection"]["chosen"].tolist() == []
    show()
    assert browser.message["selection"]["chosen"] is None


def test_the_choice_comes_back_with_its_stamp(browser: Browser) -> None:
    show()
    choose(browser, "05")
    report = show()
    assert report.choice is not None
    assert (report.choice.positions.tolist(), report.choice.stamp) == ([0, 2], 17)
    assert browser.message["selection"]["answers"] == 17
    last = last_choice("m", 3)
    assert last is not None
    assert last.positions.tolist() == [0, 2]
    assert last_choice("m", 4) is None, "it was among another number of items"
    for wrong in ({"points": "another"}, {"bits": "0505"}, {"bits": "5"}, {"bits": "xy"}, {"bits": ""}, {"stamp": -1}):
        choose(browser, "05")
        choose(browser, **{"bits": "05", **wrong})
        assert show().choice is None, wrong
    choose(browser, "00")
    cleared = show().choice
    assert cleared is not None
    assert len(cleared.positions) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_bits_are_read_as_numpy_packs_them(flags: list[bool]) -> None:
    bits = np.packbits(flags, bitorder="little").tobytes().hex()
    report = MapChosen(points="", n=len(flags), bits=bits, stamp=1)
    choice = report.among(len(flags))
    assert choice is not None
    assert choice.positions.tolist() == [i for i, flag in enumerate(flags) if flag]
    assert report.among(len(flags) + 1) is None


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"places": np.zeros((0, 2))}, "two coordinates"),
        ({"places": np.zeros((3, 3))}, "two coordinates"),
        ({"places": np.array([[0.0, np.nan]])}, "not finite"),
        ({"groups": np.array([0, 1]), "names": ("a", "b")}, "but 2 labels"),
        ({"groups": np.array([0, 1, 2]), "names": ("a", "b")}, "2 class names"),
        ({"groups": np.array([0, -1, 1]), "names": ("a", "b")}, "class names"),
        ({"labels": np.array([0, 1, 2]), "label_names": ("a", "b")}, "2 class names"),
        ({"titles": ("a", "b")}, "but 2 names of items"),
        ({"numbers": np.array([7, 8])}, "but 2 numbers of items"),
    ],
)
def test_points_that_cannot_be_drawn_are_refused(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ExplorerError, match=message):
        Points(**{"places": POINTS, "palette": PALETTE, **parts})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"nearest": lambda: NearestItem(details=[Detail(name="error", values=np.zeros(4))])}, "'error' has values of"),
        ({"layers": lambda: Underlay(png=b"", left=0, bottom=0, right=0, top=1)}, "not a rectangle"),
        ({"layers": lambda: Contour.of([np.zeros((2, 3))])}, "two finite coordinates"),
        ({"layers": lambda: Contour.of([np.array([[0, np.nan]])])}, "two finite coordinates"),
        ({"selection": lambda: Selection(hits=np.array([0, 3]))}, "its search names item 3"),
        ({"selection": lambda: Selection(chosen=np.array([1, 3]))}, "its selection names item 3"),
        ({"selection": lambda: Selection(chosen=np.array([-1, 2]))}, "got item -1"),
        ({"decoding": lambda: PlaceDecoder(codes=np.zeros((2, 4)))}, "codes of shape"),
        ({"drop": lambda: LinearPlace.of(np.zeros(4), np.zeros((2, 4)))}, "has no place"),
        ({"decoding": lambda: PlaceDecoder(decoder=Decoder(pack=OF_CODES))}, "gives its decoder 2 numbers"),
        ({"decoding": lambda: PlaceDecoder(decoder=Decoder(pack=OF_PLACES), codes=CODES)}, "gives its decoder 4"),
    ],
)
def test_a_part_that_does_not_fit_is_refused(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ExplorerError, match=message):
        contents(**{name: make() for name, make in parts.items()})


def test_codes_too_many_to_send_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_parts, "MAX_CODE_BYTES", 4 * 11)
    with pytest.raises(ExplorerError, match="Show fewer items") as caught:
        PlaceDecoder(codes=CODES)
    assert "codes of 3 items" in str(caught.value)


def test_names_that_can_be_written_are_those_of_classes() -> None:
    classes = {"places": POINTS, "groups": np.array([0, 1, 1]), "names": ["a", "b"], "palette": PALETTE}
    assert "N shows or hides the names of classes" in LatentMap(points=Points(**classes, kinds=2)).spoken
    with pytest.raises(ExplorerError, match="2 class names, and is to write 3"):
        Points(**classes, kinds=3)
