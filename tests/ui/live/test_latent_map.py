"""What the map of codes sends for each of its parts, what it makes of the browser's reports, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from explorer.core.errors import ExplorerError
from explorer.ui.live import latent_map, map_parts
from explorer.ui.live.envelope import digest
from explorer.ui.live.latent_map import Contour, Detail, MapReport, Mark, SpriteSheet, Underlay
from explorer.ui.live.pack import pack
from explorer.ui.live.served import ServedDecoder
from explorer.ui.widgets import component

POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
CODES = np.arange(12.0).reshape(3, 4)
PALETTE = ("#0072b2", "#e69f00")
OF_PLACES = pack([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (2,))
OF_CODES = pack([nn.Linear(4, 4), nn.Unflatten(1, (1, 2, 2))], (4,))


class Browser:
    """Stands in for Streamlit's renderer: keeps what was sent and answers with prepared reports by name."""

    def __init__(self) -> None:
        self.reports: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.sections: dict[str, bytes] = {}

    def render(self, *, key: str, data: bytes, **callbacks: Callable[[], None]) -> dict[str, Any]:
        start = 4 + int.from_bytes(data[:4], "little")
        self.header = json.loads(data[4:start])
        places = self.header["sections"].items()
        self.sections = {name: data[start + offset : start + offset + size] for name, (offset, size, _) in places}
        return {state: self.reports.get(state) for state in ("selected", "chosen") if f"on_{state}_change" in callbacks}

    def floats(self, name: str) -> list[float]:
        return np.frombuffer(self.sections[name], "<f4").tolist()

    def positions(self, name: str) -> list[int]:
        return np.frombuffer(self.sections[name], "<u4").tolist()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stand_in = Browser()
    monkeypatch.setattr(component, "_renderer", lambda _name: stand_in.render)
    monkeypatch.setattr(latent_map, "last_report", lambda _key, state: stand_in.reports.get(state))
    return stand_in


def show(**parts: Any) -> MapReport:
    return latent_map.latent_map(POINTS, key="m", palette=PALETTE, **parts)


def chosen(browser: Browser, bits: str, n: int = 3, stamp: int = 17) -> dict[str, Any]:
    return {"points": digest(browser.sections["points"]), "n": n, "bits": bits, "stamp": stamp}


def test_nothing_but_points_by_default(browser: Browser) -> None:
    report = show()
    assert (report.click, report.choice) == (None, None)
    assert set(browser.sections) == {"points", "groups"}
    assert browser.header["tools"] is False
    assert browser.header["link"] == ""
    assert "lasso" not in browser.header["label"]


def test_each_part_reaches_the_browser(browser: Browser) -> None:
    sheet = SpriteSheet(b"sheet", 2, 4, 3)
    show(
        tools=True,
        link="l",
        height=400,
        sprites=sheet,
        reconstructions=SpriteSheet(b"rebuilt", 2, 4, 3),
        details=[Detail("error", np.array([1, 2, np.nan]), "nats"), Detail("KL", np.array([4, 5, 6]))],
        underlay=Underlay(b"grid", -1, -2, 3, 4),
        contours=[
            Contour([POINTS, POINTS[:2]], "half"),
            Contour([], "empty", dashed=True),
            Contour([POINTS[1:]], dashed=True),
        ],
        found=np.array([2, 0, 2]),
        selection=np.array([1]),
        marks=[Mark(1, 2, "me", (0.5, 0.25, 0.1))],
        drop=(np.zeros(4), np.ones((4, 2))),
        codes=CODES,
        model_pack=OF_CODES,
    )
    header = browser.header
    assert (header["tools"], header["link"], header["height"]) == (True, "l", 400)
    assert "L is the lasso" in header["label"]
    assert header["sprites"] == header["reconstructions"] == {"columns": 2, "width": 4, "height": 3}
    assert (browser.sections["sprites"], browser.sections["reconstructions"]) == (b"sheet", b"rebuilt")
    assert header["details"] == [{"name": "error", "unit": "nats"}, {"name": "KL", "unit": ""}]
    np.testing.assert_array_equal(browser.floats("details"), [1, 2, np.nan, 4, 5, 6])
    assert (header["underlay"], browser.sections["underlay"]) == ([-1, -2, 3, 4], b"grid")
    assert [(c["label"], c["dashed"], c["lengths"]) for c in header["contours"]] == [
        ("half", False, [3, 2]),
        ("empty", True, []),
        ("", True, [2]),
    ]
    assert browser.floats("contours") == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 2, 3, 4, 5]
    assert browser.positions("found") == [0, 2]
    assert browser.positions("selection") == [1]
    assert header["marks"] == [{"x": 1, "y": 2, "label": "me", "ellipse": [0.5, 0.25, 0.1]}]
    assert header["drop"] == {"origin": [0] * 4, "matrix": [[1, 1]] * 4}
    assert header["code_size"] == 4
    assert browser.floats("codes") == list(range(12))
    assert browser.sections["pack"] == OF_CODES


def test_an_empty_selection_is_not_no_selection(browser: Browser) -> None:
    show(selection=np.array([], int))
    assert browser.positions("selection") == []
    show()
    assert "selection" not in browser.sections


def test_the_choice_comes_back_with_its_stamp(browser: Browser) -> None:
    show()
    browser.reports["chosen"] = chosen(browser, "05")
    report = show()
    assert report.choice is not None
    assert (report.choice.positions.tolist(), report.choice.stamp) == ([0, 2], 17)
    assert browser.header["chosen_stamp"] == 17
    last = latent_map.last_choice("m", 3)
    assert last is not None
    assert last.positions.tolist() == [0, 2]
    assert latent_map.last_choice("m", 4) is None, "it was among another number of items"
    browser.reports["chosen"] = {**browser.reports["chosen"], "points": "another"}
    assert show().choice is None
    browser.reports["chosen"] = chosen(browser, "00")
    cleared = show().choice
    assert cleared is not None
    assert len(cleared.positions) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_bits_are_read_as_numpy_packs_them(flags: list[bool]) -> None:
    report = {"n": len(flags), "bits": np.packbits(flags, bitorder="little").tobytes().hex()}
    positions = map_parts.positions_from_bits(report, len(flags))
    assert positions is not None
    assert positions.tolist() == [i for i, flag in enumerate(flags) if flag]
    assert map_parts.positions_from_bits(report, len(flags) + 1) is None


def test_a_decoder_too_large_for_the_browser_is_served(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = {"channel": "m_served", "model": "big", "shape": [1, 2, 2]}
    monkeypatch.setattr(latent_map, "serve", lambda decoder, key: asked.append(key) or answer)
    show(served=ServedDecoder("big", (1, 2, 2), lambda z: z))
    assert asked == ["m_served"]
    assert browser.header["served"] == answer
    show(served=ServedDecoder("big", (1, 2, 2), lambda z: z), model_pack=OF_PLACES)
    assert len(asked) == 1, "the browser decodes what it can"
    assert browser.sections["pack"] == OF_PLACES


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"details": [Detail("error", np.zeros(4))]}, "'error' has values of shape"),
        ({"underlay": Underlay(b"", 0, 0, 0, 1)}, "not a rectangle"),
        ({"underlay": Underlay(b"", 0, 0, np.inf, 1)}, "not a rectangle"),
        ({"contours": [Contour([np.zeros((2, 3))])]}, "two finite coordinates"),
        ({"contours": [Contour([np.array([[0, np.nan]])])]}, "two finite coordinates"),
        ({"found": np.array([0, 3])}, "its found names item 3"),
        ({"selection": np.array([-1, 2])}, "its selection names item -1"),
        ({"codes": np.zeros((2, 4))}, "codes of shape"),
        ({"drop": (np.zeros(4), np.zeros((2, 4)))}, "has no place"),
        ({"model_pack": OF_CODES}, "gives its decoder 2 numbers"),
        ({"model_pack": OF_PLACES, "codes": CODES}, "gives its decoder 4 numbers"),
    ],
)
def test_a_part_that_does_not_fit_is_refused(browser: Browser, parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ExplorerError, match=message):
        show(**parts)


def test_codes_too_many_to_send_are_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_parts, "MAX_CODE_BYTES", 4 * 11)
    with pytest.raises(ExplorerError, match="Show fewer items") as caught:
        show(codes=CODES)
    assert "codes of 3 items" in str(caught.value)
