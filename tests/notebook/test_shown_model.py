"""Views in a notebook from the Python side: their messages are the app's, and what a browser says becomes rows."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import explorer
import explorer.notebook
from explorer import checkpoints
from explorer.browser.envelope import digest
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data import Dataset
from explorer.notebook import ShownModel
from explorer.novelty.thresholds import threshold_for
from explorer.views.exported import PageWishes, parts
from explorer.views.exported.rounded import live_packs
from explorer.views.items import thinned_items


def test_without_anywidget_the_word_says_what_to_do(digits_vae: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    for module in ("view", "component_views"):
        monkeypatch.delitem(sys.modules, f"explorer.notebook.{module}", raising=False)
        monkeypatch.delattr(explorer.notebook, module, raising=False)  # where another test has imported it
    with pytest.raises(ExplorerError, match="not installed here") as error:
        explorer.show(digits_vae, "digits")
    assert 'pip install "autoencoder-explorer[notebook]"' in str(error.value)


@pytest.fixture
def model(digits_vae: Checkpoint) -> ShownModel:
    return explorer.show(digits_vae, "digits", items=100)


def chosen(positions: list[int], n: int, points: str) -> dict[str, Any]:
    """What the map's script says of a choice."""
    bits = np.zeros(-(-n // 8) * 8, np.uint8)
    bits[positions] = 1
    return {"points": points, "n": n, "bits": np.packbits(bits, bitorder="little").tobytes().hex(), "stamp": 1}


def test_a_map_sends_what_the_app_sends_and_hears_rows(
    model: ShownModel, digits_vae: VectorCheckpoint, digits: Dataset
) -> None:
    view = model.map(colour="z1")
    items = thinned_items(digits_vae, digits, digits.splits.test, "test", 100)
    message = parts.map_part(items, live_packs(digits_vae, half=False), PageWishes(colour="z1")).message
    assert isinstance(message, parts.LatentMap)
    link = f"notebook:{digits_vae.fingerprint[:12]}:{digest(items.rows.tobytes())}"
    assert view.message == message.model_copy(update={"link": link}).seal()
    assert (view.component, view.selection.tolist(), view.clicked) == ("latent_map", [], None)
    points = digest(message.points.places.tobytes())
    view.reports = {
        "chosen": chosen([3, 41], 100, points),
        "selected": {"points": points, "index": 7, "code": [0.5, 1.5]},
    }
    assert view.selection.tolist() == items.rows[[3, 41]].tolist()
    assert view.clicked == items.rows[7]


@pytest.mark.parametrize(
    "said",
    [
        {"chosen": "all"},
        {"chosen": {"points": "x", "n": 100, "bits": "ff" * 13, "stamp": 1}},
        {"selected": {"points": "", "index": 10**9, "code": [0, 0]}},
        {"chosen": {"points": "", "n": 10**9, "bits": "zz", "stamp": -1}},
    ],
)
def test_what_no_map_would_say_chooses_nothing(model: ShownModel, said: dict[str, Any]) -> None:
    view = model.map()
    view.reports = said
    assert view.selection.tolist() == []
    assert view.clicked is None


def test_a_selection_is_rows_of_the_data(model: ShownModel) -> None:
    rows = model.items.rows[[5, 2]]
    assert sorted(model.map(selection=rows).selection.tolist()) == sorted(rows.tolist())
    others = np.setdiff1d(np.arange(1797), model.items.rows)
    with pytest.raises(DataError, match="does not show row"):
        model.map(selection=others[:1])


def test_sliders_begin_where_they_are_told_and_come_back(model: ShownModel, digits_vae: VectorCheckpoint) -> None:
    view = model.sliders((0.5, -1.0))
    assert view.code.tolist() == [0.5, -1.0]
    packed = live_packs(digits_vae, half=False).decoder
    assert packed is not None
    said = {"model": digest(packed), "token": 0, "start": [0.0, 0.0], "at": {"code": [0.25, 2.0], "amounts": []}}
    view.reports = {"codes": said}
    assert view.code.tolist() == [0.25, 2.0]
    view.reports = {"codes": said | {"model": "another"}}
    assert view.code.tolist() == [0.5, -1.0]
    with pytest.raises(DataError, match="has 2 numbers, not 3"):
        model.sliders((0, 0, 0))


def test_alarms_are_rows_above_the_threshold(model: ShownModel, digits_vae: VectorCheckpoint, digits: Dataset) -> None:
    view = model.threshold("digits", novel=["3"], rate=0.1)
    errors = digits_vae.reconstruction_errors(digits.x)
    value = threshold_for(np.array(digits_vae.card.calibration), 0.1).value
    assert view.value == value
    test = digits.splits.test
    assert sorted(view.alarms.tolist()) == sorted(test[errors[test] > value].tolist())
    wishes = {"miss": 10.0, "alarm": 1.0, "daily": 1000.0, "share": 0.01, "log": None}
    view.reports = {"threshold": {"digests": view._sets.digests, "start": None, "value": 0.0, "wishes": wishes}}
    assert len(view.alarms) == len(test)
    with pytest.raises(DataError, match="no label 'x'"):
        model.threshold(novel=["x"])


def test_arrays_and_models_without_data(digits_vae: Checkpoint, digits: Dataset, model: ShownModel) -> None:
    of_array = explorer.show(digits_vae, digits.x[:50])
    assert len(of_array.items.rows) == 50
    with pytest.raises(DataError, match="do not fit"):
        explorer.show(digits_vae, "breast-cancer")
    alone = explorer.show("fashion-vae-2d")
    assert not alone.items.is_real or alone.items.dataset.name.startswith("fashion")
    photos = checkpoints.load("photo-denoiser-grey")
    with pytest.raises(ExplorerError, match="no code"):
        explorer.show(photos)


def test_a_model_shows_its_map(model: ShownModel) -> None:
    bundle = model._repr_mimebundle_()
    shown = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in shown
