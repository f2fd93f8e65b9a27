"""What the scene novelty gets: held-out normal errors, and new items whose classes the model never saw."""

from __future__ import annotations

import numpy as np

from explorer import checkpoints, data
from explorer.browser.scenes.novelty.scene import matches, prepare
from explorer.browser.scenes.scene import Material


def test_normal_items_are_of_seen_classes_and_none_that_is_shown_calibrates() -> None:
    checkpoint, dataset = checkpoints.load("mnist-eight-digits-32d"), data.dataset("mnist-sample")
    rows = np.arange(0, len(dataset), 20)
    message = prepare(Material(checkpoint, dataset, rows, "held out, n = 250"))
    assert dataset.labels is not None
    is_normal = ~np.isin(dataset.labels[rows], [2, 7])
    assert set(message.normal.names) <= set("01345689")
    assert set(message.new.names) | set(message.rebuilt.names) == {"2", "7"}
    assert message.split == f"held out, n = {is_normal.sum() - 16}"
    x = dataset.x[rows[is_normal][16:]].astype(np.float32) / 255
    errors = ((checkpoint.reconstruct(x) - x) ** 2).sum((1, 2, 3))
    np.testing.assert_allclose(message.calibration, np.sort(errors), rtol=1e-4)
    new = message.new.values
    assert ((checkpoint.reconstruct(new) - new) ** 2).sum((1, 2, 3)).min() >= (
        (checkpoint.reconstruct(message.rebuilt.values) - message.rebuilt.values) ** 2
    ).sum((1, 2, 3)).max() - 1e-3


def test_a_model_of_all_classes_is_not_of_its_kind() -> None:
    shipped = {path.stem: path for folder in checkpoints.folders() for path in folder.glob("mnist-*.safetensors")}
    fitting = [name for name, path in shipped.items() if matches(checkpoints.load_card(path))]
    assert fitting == ["mnist-eight-digits-32d"]
