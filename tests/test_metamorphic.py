"""What must not matter: the order of rows and columns, one file or several, sorted or shuffled, a factor on all images.

`tests/novelty/test_metamorphic.py` has the same for detectors of tables, `tests/test_samples.py` for whatever looks at
some of many rows.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.data import Dataset, ImportOptions
from explorer.data.item_names import item_keys
from explorer.io.images.asked import ImagesAsked
from explorer.novelty.image_fitting import fit_images

N = 60
Results = dict[str, np.ndarray]
"""Name of an item -> what comes of it."""


def code(model: VectorCheckpoint, dataset: Dataset) -> np.ndarray:
    return model.encode(dataset.x)


def reconstruction(model: VectorCheckpoint, dataset: Dataset) -> np.ndarray:
    return model.reconstruct(dataset.x).reshape(len(dataset), -1)


def error(model: VectorCheckpoint, dataset: Dataset) -> np.ndarray:
    return model.reconstruction_errors(dataset.x)[:, None]


def figures(model: VectorCheckpoint, dataset: Dataset) -> np.ndarray:
    """What `evaluate` prints, over all items: one line, the same for each; but for the ELBO, which draws noise."""
    measured = evaluation.evaluate(model, dataset, np.arange(len(dataset)), "all", 0)
    line = [value for m in measured if "ELBO" not in m.name for value in (m.value, m.low, m.high)]
    return np.tile(line, (len(dataset), 1))


EACH = [code, reconstruction, error]
Makes = Callable[[VectorCheckpoint, Dataset], np.ndarray]


def results(make: Makes, model: Checkpoint, *parts: Dataset) -> Results:
    vectors = checkpoints.with_codes(model)
    named: Results = {}
    for part in parts:
        names = next(iter(part.ids.values())) if part.ids else item_keys(part, np.arange(len(part)))
        named |= dict(zip(names, make(vectors, part), strict=True))
    return named


def assert_same(one: Results, other: Results) -> None:
    assert set(one) == set(other)
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, rtol=2e-4, atol=2e-5, err_msg=name)


# --- Tables ----------------------------------------------------------------------------------------------------------


def csv(order: np.ndarray, turned: bool = False) -> bytes:
    cancer = data.dataset("breast-cancer")
    names = ["patient_id", *cancer.feature_names, "kind"]
    rows = [
        [f"P{i:03}", *map(repr, cancer.x[i].tolist()), cancer.label_names[cancer.labels[i]]] for i in order.tolist()
    ]
    lines = [names, *rows]
    return "\n".join(",".join(reversed(line) if turned else line) for line in lines).encode()


def read(model: Checkpoint, content: bytes, name: str = "t.csv") -> Dataset:
    card = model.card.data
    return data.from_upload(name, content, options=ImportOptions(model_columns=card.feature_names, like=card.contract))


@pytest.mark.slow
@pytest.mark.parametrize("make", [*EACH, figures])
def test_of_tables(make: Makes, table_autoencoder: Checkpoint) -> None:
    def of(*contents: bytes) -> Results:
        return results(make, table_autoencoder, *(read(table_autoencoder, content) for content in contents))

    rows = np.arange(N)
    straight = of(csv(rows))
    assert list(straight) == [f"P{i:03}" for i in rows]
    by_label = np.argsort(data.dataset("breast-cancer").labels[:N], kind="stable")
    for order in (np.random.default_rng(0).permutation(N), rows[::-1], by_label):
        assert_same(straight, of(csv(order)))
    assert_same(straight, of(csv(rows, turned=True)))
    if make is not figures:
        assert_same(straight, of(csv(rows[:7]), csv(rows[7:8]), csv(rows[8:])))


# --- Images ----------------------------------------------------------------------------------------------------------


def save(folder: Path, factor: int = 1, order: np.ndarray | None = None) -> str:
    """Digits in 16-bit files whose values, 0 to 255, are multiplied; sorted by their names or not."""
    digits = data.dataset("digits")
    folder.mkdir()
    for place, i in enumerate(np.arange(N) if order is None else order):
        picture = Image.fromarray(digits.x[i, 0].astype(np.uint16) * factor)
        (folder / f"{place:02}-of-{i:02}.png").write_bytes(png(picture))
    return str(folder)


def png(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def by_number(results: Results) -> Results:
    return {name.split("-of-")[1]: values for name, values in results.items()}


def opened(path: str, **asked: float) -> Dataset:
    images = ImagesAsked(size=(8, 8), channels=1, **asked)  # type: ignore[arg-type]
    return data.dataset(path, options=ImportOptions(images))


@pytest.mark.slow
@pytest.mark.parametrize("make", [*EACH, figures])
def test_of_images(make: Makes, digits_vae: Checkpoint, tmp_path: Path) -> None:
    def of(*parts: Dataset) -> Results:
        return by_number(results(make, digits_vae, *parts))

    straight = of(opened(save(tmp_path / "one"), white=255))
    order = np.random.default_rng(0).permutation(N)
    assert_same(straight, of(opened(save(tmp_path / "shuffled", order=order), white=255)))
    assert_same(straight, of(opened(save(tmp_path / "bright", 257))))
    assert_same(straight, of(opened(save(tmp_path / "twelve", 16), white=255 * 16)))
    if make is not figures:
        whole = opened(str(tmp_path / "one"), white=255)
        alone = [
            data.dataset(str(path), options=ImportOptions(ImagesAsked(size=(8, 8), channels=1), like=whole.contract))
            for path in sorted((tmp_path / "one").iterdir())[:9]
        ]
        some = of(*alone)
        assert_same({name: straight[name] for name in some}, some)


@pytest.mark.slow
@pytest.mark.parametrize("scorer", ["pca", "knn"])
def test_a_factor_on_all_images_changes_no_score(scorer: str, tmp_path: Path) -> None:
    scores = []
    for factor in (1, 16, 257):
        path = save(tmp_path / str(factor), factor)
        dataset = data.dataset(path, options=ImportOptions(ImagesAsked(white=255 * factor)))
        detector = fit_images(dataset, (), None, scorer, 0, None, registered=False)
        scores.append((detector.score(dataset.x), detector.threshold(0.1).value))
    for of_items, threshold in scores[1:]:
        np.testing.assert_allclose(of_items, scores[0][0], rtol=1e-4)
        assert threshold == pytest.approx(scores[0][1], rel=1e-4)
