"""Whatever looks at some of many rows gives the same answer whether they come sorted, shuffled or in turn.

Each function that samples has a check here; a look through the source holds the list complete, and looks for what takes
the first rows without saying why that is right.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import pathlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch
from skimage.measure import points_in_poly

from explorer import evaluation, novelty
from explorer.adoption import adopting, halves
from explorer.browser.scenes.features import scene as features_scene
from explorer.browser.scenes.ordered import scene as ordered_scene
from explorer.browser.scenes.scene import Material
from explorer.browser.scenes.stacked import scene as stacked_scene
from explorer.checkpoints import VectorCheckpoint, with_codes
from explorer.core.row_samples import spread_sample
from explorer.data import vectors
from explorer.data.base import Dataset, Masks
from explorer.data.memory_rows import CellRows
from explorer.data.splits import Splits, split_rows
from explorer.data.stored import encode_labels, fingerprint
from explorer.denoising import no_reference, noise_level
from explorer.diagnosis import record as training_record
from explorer.diagnosis.signs import repeated_items
from explorer.evaluation import comparison, few_labels, measures
from explorer.export import vector_files
from explorer.export.onnx_files import detectors as exported_detectors
from explorer.latent import embedding_quality, features, projection, sample_quality, surfaces
from explorer.novelty import fitting, items, learning, localisation, profile, table_fitting, updating
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import Parts
from explorer.novelty.inputs import TableInput
from explorer.novelty.patches.masked_blocks import NormalImages
from explorer.novelty.scores import (
    autoencoder_maps,
    classical,
    local_baselines,
    masked_patches,
    place_codes,
    pretrained_patches,
    registered_template,
    scorer,
)
from explorer.novelty.scores.structural_error import StructuralError
from explorer.novelty.series import learning as series_learning
from explorer.novelty.series import training_windows
from explorer.novelty.windowing import windowed
from explorer.novelty.windows import Windows
from explorer.recipe import Recipe
from explorer.runs import kept_frames
from explorer.training import loop, train, validation
from explorer.training.events import Preview
from explorer.training.items import Batches, crops_of
from explorer.ui.denoise import item_denoising
from explorer.ui.generate import interpolation_items
from explorer.ui.map import quantities
from explorer.ui.shell import cache, session, user_image
from explorer.ui.shell.vector_items import VectorItems
from explorer.ui.widgets import onnx_button
from explorer.views import items as view_items
from explorer.views.exported import parts, rounded

ROOT = pathlib.Path(__file__).parents[1]
SHARES = (0.5, 0.25, 0.15, 0.1)
N = 2400
SOME = 240
"""Rows that a function may look at: with the first ones, all would be of the first class."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a function found, what it is of all rows, and how far a random sample would stray (a standard error)."""

    value: np.ndarray
    truth: np.ndarray
    error: np.ndarray

    def holds(self) -> bool:
        return bool((np.abs(self.value - self.truth) <= 5 * self.error + 1e-9).all())


def of_classes(chosen: np.ndarray, among: np.ndarray) -> Estimate:
    """The share of each class among chosen rows, and among all that there were to choose from."""
    kinds = np.unique(among)
    share, truth = (np.array([(labels == kind).mean() for kind in kinds]) for labels in (chosen, among))
    assert len(chosen) < len(among), "nothing was sampled"
    return Estimate(share, truth, np.sqrt(truth * (1 - truth) / len(chosen)) + 0.5 / len(chosen))


def of_means(sample_means: np.ndarray, values: np.ndarray, n: int) -> Estimate:
    """Means of n sampled rows, and those of all values (N, D)."""
    return Estimate(np.asarray(sample_means, np.float64), values.mean(0), values.std(0) / np.sqrt(n))


ORDERS = {
    "sorted": lambda labels: np.argsort(labels, kind="stable"),
    "reversed": lambda labels: np.argsort(-labels, kind="stable"),
    "shuffled": lambda labels: np.random.default_rng(1).permutation(len(labels)),
    "in turn": lambda labels: np.argsort(_places(labels), kind="stable"),
}


def _places(labels: np.ndarray) -> np.ndarray:
    """Where each row stands when every class is spread evenly over the file."""
    places = np.empty(len(labels))
    for kind in np.unique(labels):
        of_kind = np.flatnonzero(labels == kind)
        places[of_kind] = (np.arange(len(of_kind)) + 0.5) / len(of_kind)
    return places


@dataclass(frozen=True, eq=False)
class Given:
    """The same rows in some order: as a table whose first column is the class, as images and as a table of cells."""

    table: Dataset
    pictures: Dataset
    cells: TableInput
    model: VectorCheckpoint

    @property
    def labels(self) -> np.ndarray:
        return np.asarray(self.table.labels)


def _dataset(x: np.ndarray, labels: np.ndarray, splits: Splits) -> Dataset:
    codes, names = encode_labels(labels)
    return Dataset("made up", "Made up", x, codes, names, splits, "none", "none", fingerprint(x, codes))


@pytest.fixture(scope="module", params=list(ORDERS))
def given(request: pytest.FixtureRequest) -> Given:
    random = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), [round(share * N) for share in SHARES])
    order = ORDERS[request.param](labels)
    columns = [labels, random.normal(2 * labels, 1), random.normal(-labels, 0.5)]
    rows = np.column_stack(columns)[order].astype(np.float32)
    pictures = random.integers(0, 30, (N, 1, 8, 8)).astype(np.uint8)
    pictures[:, 0, 0, 0] = 60 * rows[:, 0]
    labels = labels[order]
    splits = split_rows(N, 0)
    table = _dataset(rows, labels, splits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "MAX_STATISTICS_ITEMS", SOME)
        *_, last = train(_recipe(), replace(table, splits=replace(splits, validation=np.empty(0, np.int64))))
    cells = {"class": rows[:, 0].astype(np.float64), "b": rows[:, 1].astype(np.float64)}
    return Given(
        table,
        _dataset(pictures, labels, splits),
        TableInput("rows", CellRows(cells, "rows"), labels=np.array(list("abcd"))[labels]),
        with_codes(last.checkpoint),
    )


def _recipe() -> Recipe:
    model = {"family": "undercomplete", "hidden": [], "latent_dim": 2}
    return Recipe.parse({"model": model, "training": {"epochs": 1, "device": "cpu"}})


# --- A check for each function that samples --------------------------------------------------------------------------

Check = Callable[[Given, pytest.MonkeyPatch], Iterator[Estimate]]
CHECKS: dict[str, Check] = {}
"""By file and name of the function that samples."""


def checks(*names: str) -> Callable[[Check], Check]:
    def added(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return added


@checks("evaluation/rows.py: training_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    rows = evaluation.training_rows(given.table, (), "train", SOME)
    yield of_classes(given.labels[rows], given.labels[given.table.splits.train])


@checks("evaluation/comparison.py: choose_items")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    chosen = comparison.choose_items(given.table, fit_limit=SOME, limit=SOME, shown=40)
    yield of_classes(given.labels[chosen.fit], given.labels[given.table.splits.train])
    yield of_classes(given.labels[chosen.rows], given.labels[given.table.splits.test])
    yield of_classes(given.labels[chosen.shown], given.labels[given.table.splits.test])


@checks("training/card.py: _statistics")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    card, x = given.model.card, given.table.train.x
    assert card.latent.n == len(card.calibration) == SOME
    yield of_means(np.array(card.latent.mean), given.model.encode(x).astype(np.float64), SOME)
    errors = given.model.reconstruction_errors(x).astype(np.float64)
    yield of_means(np.array([np.mean(card.calibration)]), errors[:, None], SOME)


@checks("adoption/adopting.py: checkpoint_of_parts")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(adopting, "MEASURED", SOME)
    seen = []
    patch.setattr(adopting, "_doubts", lambda _model, x: seen.append(x) or [])
    layers = [torch.nn.Linear(3, 2)], [torch.nn.Linear(2, 3)]
    adopting.checkpoint_of_parts("made", adopting.ModelChains(*layers), given.table)
    yield of_classes(seen[0][:, 0].numpy().astype(int), given.labels[given.table.splits.train])


@checks("adoption/halves.py: _of_items")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(halves.evaluation, "MAX_STATISTICS_ITEMS", SOME)
    seen = []
    encoder = SimpleNamespace(encode=lambda x: seen.append(x) or x.numpy())
    halves._of_items.__wrapped__(encoder, given.table)
    yield of_classes(seen[0][:, 0].numpy().astype(int), given.labels)


@checks("export/onnx_files/detectors.py: items_to_check")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(exported_detectors, "_images", lambda _detector, x: x)
    detector = SimpleNamespace(fit_images=lambda x: (x, ""))
    x = exported_detectors.items_to_check.__wrapped__(detector, given.table, SOME)
    yield of_classes(x[:, 0].astype(int), given.labels)


@checks("export/onnx_files/detectors.py: scored_items_to_check")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(exported_detectors, "_images", lambda _detector, x: x)
    detector = SimpleNamespace(card=SimpleNamespace(kind="image"))
    x = exported_detectors.scored_items_to_check.__wrapped__(detector, given.table.x, {}, SOME)
    yield of_classes(x[:, 0].astype(int), given.labels)


@checks("training/validation.py: preview_of")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(validation, "PREVIEW_CODES", SOME)
    patch.setattr(validation, "PREVIEW_ITEMS", 80)
    batches = Batches(given.table, given.table.splits.train, torch.device("cpu"))
    generator = torch.Generator().manual_seed(0)
    preview = validation.preview_of(given.model.model, batches, crops_of(_recipe(), given.table), None, generator)
    among = given.labels[given.table.splits.train]
    yield of_classes(preview.labels, among)
    yield of_classes(preview.x[:, 0].astype(int), among)


@checks("training/loop.py: _Training.__init__")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    model = {
        "family": "variational",
        "hidden": [4],
        "latent_dim": 2,
        "likelihood": "gaussian",
        "prior": "vamp",
        "prior_components": SOME,
    }
    recipe = Recipe.parse({"model": model, "training": {"epochs": 1, "device": "cpu"}})
    begun = loop._Training(recipe, given.table, None).model.code_prior.pseudo_inputs().detach().numpy()
    rows = given.table.train.x.astype(np.float64)
    yield of_means(begun.mean(0), (rows - rows.mean(0)) / rows.std(0), SOME)


@checks("runs/kept_frames.py: _few")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = given.table.x
    kept = kept_frames._few(Preview(x[:8], x[:8], x[:8], x[:, :2], given.labels, None))
    yield of_classes(kept.labels, given.labels)
    yield of_classes(kept.z[:, 0].astype(int), given.labels)


@checks("novelty/fitting.py: _example_positions")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    yield of_classes(fitting.kept_examples(given.table.x)[:, 0], given.table.x[:, 0])


@checks("novelty/fitting.py: parts_for")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(fitting, "MAX_FIT_ITEMS", SOME)
    parts = fitting.parts_for("masked-patches", np.arange(N))
    yield of_classes(given.labels[parts.train], given.labels)


@checks("novelty/series/learning.py: learn_series")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(series_learning, "MAX_COMPARED", SOME)
    table = TableInput("rows", CellRows({"class": given.labels.astype(np.float64)}, "rows"))
    learnt = series_learning.learn_series(table, Windows(columns=("class",), length=2, step=1), scorer="pca")
    classes = np.rint(np.asarray(learnt.detector.table_encoding.decode(learnt.normal)["class at 0"])).astype(int)
    yield of_classes(classes, given.labels[: round(0.8 * N)])


@checks("novelty/series/training_windows.py: training_windows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(training_windows, "MAX_WINDOWS", SOME)
    windows = Windows(columns=("class",), length=2, step=1)
    table = TableInput("rows", CellRows({"class": given.labels.astype(np.float64)}, "rows"))
    dataset, _ = training_windows.training_windows(windowed(table, windows, to_fit=True), windows)
    yield of_classes(dataset.x[:, 0].astype(int), given.labels)


@checks("novelty/table_fitting.py: _parts")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    parts = table_fitting._parts(np.arange(N), 0, SOME, in_time=True)
    yield of_classes(given.labels[parts.train], given.labels)


@checks("novelty/fitting.py: _with_map_peaks")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x, mapped = given.pictures.x, list[np.ndarray]()

    def spied(_: Detector, images: np.ndarray) -> np.ndarray:
        mapped.append(images[:, 0, 0, 0])
        return images[:, 0].astype(np.float32)

    patch.setattr(fitting, "MAX_MAPS", SOME)
    patch.setattr(Detector, "maps", spied)
    every, nothing = np.arange(N), np.empty(0, np.int64)
    fitting.of_checkpoint(None, given.pictures, fitting.Parts(every[:20], nothing, every), "pca-maps")
    yield of_classes(np.concatenate(mapped), x[:, 0, 0, 0])


@checks("novelty/scores/masked_patches.py: MaskedPatches.fit")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = given.pictures.x
    patch.setattr(masked_patches, "MAX_VALUES", SOME * x[0].size)
    learnt: list[np.ndarray] = []

    def spied(normal: NormalImages, *_: object) -> None:
        learnt.append(normal.images[:, 0, 0, 0])
        raise StopIteration

    patch.setattr(masked_patches, "fit_masked_blocks", spied)
    with contextlib.suppress(StopIteration):
        masked_patches.MaskedPatches().fit(x)
    yield of_classes(learnt[0], x[:, 0, 0, 0])


@checks("novelty/scores/autoencoder_maps.py: AutoencoderMaps.fit")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = given.pictures.x
    patch.setattr(autoencoder_maps, "MAX_VALUES", SOME * x[0].size)
    learnt: list[np.ndarray] = []
    patch.setattr(StructuralError, "_learn", lambda _, images: learnt.append(images[:, 0, 0, 0]))
    patch.setattr(StructuralError, "_map", lambda *_: torch.zeros(1))
    patch.setattr(StructuralError, "_keep", lambda *_: None)
    StructuralError().fit(x)
    yield of_classes(learnt[-1], x[:, 0, 0, 0])


@checks("latent/projection.py: laid_out")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(projection, "MOST_LAID_OUT", SOME)
    patch.setattr(projection, "LAID_OUT", SOME)
    yield of_classes(given.labels[projection.laid_out(N)], given.labels)


@checks("ui/map/quantities.py: far")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(quantities, "MOST_COMPARED", SOME)
    patch.setattr(quantities, "COMPARED", SOME)
    known: list[np.ndarray] = []

    def spied(codes: np.ndarray, asked: np.ndarray, k: int, itself: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known.append(codes)
        return np.zeros((len(asked), k), int), np.zeros((len(asked), k))

    patch.setattr(quantities, "nearest", spied)
    inspect.unwrap(quantities.far)(VectorItems(given.table, np.arange(N), f"all, n = {N}"))
    yield of_classes(known[0][:, 0].astype(int), given.labels)


@checks("novelty/scores/place_codes.py: _kept_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(place_codes, "MAX_CODES", SOME * place_codes.CODE)
    yield of_classes(given.labels[place_codes._kept_rows(N, (8, 8))], given.labels)


@checks("novelty/scores/pretrained_patches.py: PretrainedPatches.fit")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = given.pictures.x
    patch.setattr(pretrained_patches, "MAX_IMAGES", 2 * SOME)
    patch.setattr(pretrained_patches, "KEPT", SOME)
    seen: list[float] = []

    def spied(_: object, image: np.ndarray) -> tuple[torch.Tensor, tuple[int, int]]:
        seen.append(float(image[0, 0, 0]))
        return torch.full((1, 1), seen[-1]) + torch.arange(2.0) / 10, (1, 1)

    patch.setattr(pretrained_patches.PretrainedPatches, "_seen", spied)
    fitted = pretrained_patches.PretrainedPatches().fit(x)
    yield of_classes(np.array(seen), x[:, 0, 0, 0])
    yield of_classes(fitted.places_[:, 0], x[:, 0, 0, 0])


@checks("novelty/scores/registered_template.py: RegisteredTemplate.fit")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = given.pictures.x
    patch.setattr(registered_template, "MAX_VALUES", SOME * x[0].size)
    learnt: list[np.ndarray] = []

    def spied(images: np.ndarray) -> None:
        learnt.append(images[:, 0, 0, 0])
        raise StopIteration

    patch.setattr(registered_template.Registration, "of", spied)
    with contextlib.suppress(StopIteration):
        registered_template.RegisteredTemplate().fit(x)
    yield of_classes(learnt[0], x[:, 0, 0, 0])


@checks(
    "novelty/scores/local_baselines.py: LocalBaseline.fit",
    "novelty/scores/local_baselines.py: PatchNeighbours._fit_images",
)
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    kept = local_baselines.PatchNeighbours
    patch.setattr(kept, "kept", SOME)
    patch.setattr(kept, "_patches", lambda self, image: (image[:, :1, 0].numpy(), (1, 1)))
    x = given.pictures.x
    patches = kept().fit(x).patches_
    yield of_classes(np.round(patches[:, 0] * 255).astype(int), x[:, 0, 0, 0].astype(int))


@checks("novelty/splits.py: normal_splits", "novelty/splits.py: novel_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    splits, of = novelty.normal_splits(given.model, given.table, fit_limit=SOME, limit=100), given.labels
    for rows, among in ((splits.fit, "train"), (splits.calibrate, "validation"), (splits.test, "test")):
        yield of_classes(of[rows], of[getattr(given.table.splits, among)])
    novel = novelty.novel_rows(given.model, given.table, ("0",), limit=60)
    test = of[given.table.splits.test]
    yield of_classes(of[novel], test[test != 0])


@checks("novelty/learning.py: learn_dataset", "novelty/learning.py: learn_images", "novelty/learning.py: _share_out")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(learning, "MAX_SCORED", 100)
    patch.setattr(learning, "MAX_COMPARED", SOME)
    of = given.labels
    for learn in (learning.learn_dataset, learning.learn_images):
        learnt = learn(given.pictures, ("0", "1"), "knn")
        assert np.array_equal(learnt.is_novel, np.asarray(learnt.items.labels) > "1")
        classes = learnt.items.x[:, 0, 0, 0] // 60
        test = of[given.table.splits.test] if learn is learning.learn_dataset else of
        yield of_classes(classes[~learnt.is_novel], test[test < 2])
        yield of_classes(classes[learnt.is_novel], of[of > 1])
        yield of_classes(learnt.normal[:, 0, 0, 0] // 60, of[of < 2])


@checks("novelty/learning.py: learn_table")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(learning, "MAX_SCORED", 100)
    patch.setattr(learning, "MAX_COMPARED", SOME)
    learnt = learning.learn_table(given.cells, ("a", "b"), "knn")
    labels, of = np.array(learnt.items.labels), given.labels
    yield of_classes(labels[learnt.is_novel], np.array(list("abcd"))[of[of > 1]])
    first = learnt.detector.card.encoding.columns[0]
    classes = np.rint(learnt.normal[:, 0] * first.std + first.mean).astype(int)
    yield of_classes(classes, of[of < 2])


@checks("novelty/items.py: read_table", "novelty/items.py: _images")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    read = items.read_table(given.cells, SOME)
    yield of_classes(np.asarray(read.cells["class"]), given.labels)
    assert np.array_equal(read.rows - 1, read.positions)
    assert np.array_equal(np.array(list("abcd"))[given.labels[read.positions]], read.labels)
    rows = np.arange(N)
    parts = Parts(rows[:200], rows[200:240], rows[240:300])
    detector = fitting.of_checkpoint(None, given.pictures, parts, "knn")
    to_score = items.read_items(detector, given.pictures, SOME)
    yield of_classes(to_score.x[:, 0, 0, 0] // 60, given.labels)
    numbers = np.array([int(name.rpartition(" ")[2].replace(",", "")) for name in to_score.names])
    assert np.array_equal(given.pictures.x[numbers], to_score.x)
    assert to_score.labels == tuple(str(label) for label in given.labels[numbers])


@checks("novelty/updating.py: new_normals", "novelty/updating.py: _examples", "novelty/updating.py: _profile")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(updating, "MAX_CALIBRATION_ITEMS", SOME)
    patch.setattr(profile, "MAX_ROWS", 200)
    rows = np.arange(N)
    detector = fitting.of_checkpoint(None, given.pictures, Parts(rows[:200], rows[200:240], rows[240:300]), "knn")
    new = updating.new_normals(detector, replace(given.pictures, labels=None, label_names=()))
    yield of_classes(new.x[:, 0, 0, 0] // 60, given.labels)
    updated = updating.update(detector, new, with_former=False).detector
    yield of_classes(updated.examples[:, 0, 0, 0] // 60, given.labels)
    both = updating.update(updated, new, with_former=True).detector
    yield of_classes(both.examples[:, 0, 0, 0] // 60, given.labels)
    assert both.profile is not None
    brightness = profile.image_features(given.pictures.x).numbers
    yield of_means(both.profile.numbers.mean(0), brightness, len(both.profile))


@checks("novelty/scores/scorer.py: stored")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(scorer, "MAX_STORED_VALUES", 3 * SOME)
    kept = classical.KNN().fit(given.table.x).rows_
    x = given.table.x.astype(np.float64)
    assert len(kept) == SOME
    yield of_means(kept.mean(0), (x - x.mean(0)) / x.std(0), SOME)


@checks("novelty/scores/classical.py: OneClassSVM._fit_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(classical, "MAX_SUPPORT_ITEMS", SOME)
    fitted = classical.OneClassSVM().fit(given.table.x)
    x = given.table.x.astype(np.float64)
    squares = np.square((x - x.mean(0)) / x.std(0)).mean(1)  # their mean is the variance that gamma is made of
    yield of_means(np.array([1 / (x.shape[1] * float(fitted.gamma_))]), squares[:, None], SOME)


@checks("denoising/no_reference.py: _thinned")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(no_reference, "MAX_VALUES", SOME)
    yield of_classes(no_reference._thinned(given.labels), given.labels)


@checks("novelty/localisation.py: localise")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """Which images are compared: as many of each class as there are, whether they have a mask or not."""
    patch.setattr(localisation, "MAX_PIXELS", 64 * SOME)
    seen: list[np.ndarray] = []
    detector = SimpleNamespace(
        card=SimpleNamespace(event_shape=(1, 8, 8)), maps=lambda rows: np.zeros((len(rows), 8, 8))
    )
    masks = Masks(np.flatnonzero(given.labels > 1), np.ones((int((given.labels > 1).sum()), 8, 8), np.uint8))
    localisation.localise.__wrapped__(detector, lambda rows: seen.append(rows) or rows, masks, given.labels < 2)
    yield of_classes(given.labels[np.concatenate(seen)], given.labels)


@checks("denoising/noise_level.py: NoisyPicture.step")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """Values in steps of one, whichever class they are of; the first ones alone would have no step at all."""
    patch.setattr(noise_level, "MAX_VALUES", SOME)
    step = noise_level.NoisyPicture(given.labels.reshape(1, 40, 60).astype(np.float32)).step
    yield Estimate(np.array([step]), np.array([1.0]), np.array([0.0]))


@checks("novelty/profile.py: profile_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(profile, "MAX_ROWS", SOME)
    detector = learning.learn_dataset(given.pictures, (), "knn").detector
    among = given.labels[np.setdiff1d(np.arange(N), given.table.splits.test)]
    assert detector.profile is not None
    yield of_classes(given.labels[profile.profile_rows(N, detector.feature_names)], given.labels)
    brightness = profile.image_features(given.pictures.x).numbers[np.setdiff1d(np.arange(N), given.table.splits.test)]
    yield of_means(detector.profile.numbers.mean(0), brightness, SOME)
    assert len(detector.profile) == SOME < len(among)


@checks("denoising/noise_level.py: _patches")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """A plane whose rows are grey by the class: with the first patches, all would come from the first rows."""
    patch.setattr(noise_level, "MAX_PATCHES", SOME)
    plane = np.repeat(given.labels[::12, None], 40, axis=1).astype(np.float32)
    side = noise_level.PATCH
    means = np.lib.stride_tricks.sliding_window_view(plane, (side, side)).mean((2, 3), dtype=np.float64)
    yield of_means(noise_level._patches(plane).mean()[None], means.reshape(-1, 1), SOME)


@checks(
    "latent/embedding_quality.py: curves",
    "latent/embedding_quality.py: neighbour_share",
    "latent/embedding_quality.py: knn_accuracy",
)
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """Figures of a map that shows the second and third columns alone, against those of a shuffled copy."""
    for name in ("MAX_CURVE_ITEMS", "MAX_REFERENCES", "MAX_KNN_ITEMS"):
        patch.setattr(embedding_quality, name, SOME)
    figures = []
    for order in (np.arange(N), np.random.default_rng(5).permutation(N)):
        x, places, labels = given.table.x[order], given.table.x[order][:, 1:], given.labels[order]
        trusted = embedding_quality.curves(x, places, [10])
        shares = embedding_quality.neighbour_share(x, places, 10)
        accuracy = embedding_quality.knn_accuracy(places[:, :1], labels, 5)
        figures.append(np.array([trusted.trustworthiness[0], trusted.continuity[0], shares.mean(), accuracy.value]))
    yield Estimate(figures[0], figures[1], np.sqrt(0.25 / SOME) * np.array([0.2, 0.2, 1.0, 1.0]))


@checks("latent/surfaces.py: density_contours")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """The region of three quarters of the points holds so many of all, not of those of the first class."""
    patch.setattr(surfaces, "KERNEL_POINTS", SOME)
    points = given.table.x[:, 1:].astype(np.float64)
    ((_, lines),) = surfaces.density_contours(points, surfaces.grid_over(points), (0.75,))
    inside = sum(points_in_poly(points, line).astype(int) for line in lines) % 2
    yield Estimate(inside.mean()[None], np.array([0.75]), np.array([np.sqrt(0.75 * 0.25 / SOME)]))


@checks("latent/features.py: probe")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    """The columns alone tell the class: so they do for every order, once all classes are among the fitted rows."""
    patch.setattr(features, "MAX_PROBE_TRAIN", SOME)
    patch.setattr(features, "MAX_PROBE_TEST", SOME)
    for classifier in features.probe(given.model, given.table):
        assert classifier.n_train == SOME
        yield Estimate(np.array([classifier.pca.value]), np.array([1.0]), np.array([0.03]))


@checks("ui/widgets/onnx_button.py: _checked_items")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(onnx_button, "CHECKED_ITEMS", SOME)
    x = onnx_button._checked_items(given.table, np.arange(len(given.table)))
    yield of_classes(x[:, 0].astype(int), given.labels)


@checks("ui/shell/cache.py: shown_rows")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    yield of_classes(given.labels[cache.shown_rows(np.arange(N), SOME)], given.labels)


@checks("views/items.py: class_by_class")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    unlabelled = session.Context(given.model, replace(given.table, labels=None), np.arange(N), "test")
    yield of_classes(given.labels[unlabelled.samples(80)], given.labels)
    labelled = session.Context(given.model, given.table, np.arange(N), "test")
    assert np.array_equal(given.labels[labelled.samples(40)], np.tile(np.arange(4), 10))
    places = labelled.samples(200) / N  # of 50 items of each class, from everywhere in its rows
    of = given.labels[labelled.samples(200)]
    for kind in range(4):
        whole = np.flatnonzero(given.labels == kind) / N
        yield of_means(places[of == kind].mean()[None], whole[:, None], 50)


@checks("views/items.py: thinned_items")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    shown = view_items.thinned_items(given.model, given.table, np.arange(N), "test", SOME)
    yield of_classes(given.labels[shown.rows], given.labels)


@checks("views/items.py: compared_first")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    rows = view_items.compared_first(np.arange(N))
    assert np.array_equal(np.sort(rows), np.arange(N))
    yield of_classes(given.labels[rows[: view_items.COMPARED]], given.labels)


@checks("views/exported/rounded.py: measured_positions")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    context = session.Context(given.model, given.table, np.arange(N), "test")
    yield of_classes(given.labels[rounded.measured_positions(context)], given.labels)


@checks("views/exported/parts.py: compared_with")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(parts, "COMPARED", SOME)
    compared = parts.compared_with(session.Context(given.model, given.table, np.arange(N), "test"))
    assert compared is not None
    yield of_classes(given.labels[compared.items.rows], given.labels)


@checks("views/exported/parts.py: pictures_for_style")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    x = parts.pictures_for_style(session.Context(given.model, given.pictures, np.arange(N), "test"))
    yield of_classes(x[:, 0, 0, 0] // 60, given.labels)


@checks("ui/shell/user_image.py: _style")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(user_image.user_image_style, "style_of", lambda x: x)
    x = user_image._style.__wrapped__(given.pictures)
    yield of_classes(x[:, 0, 0, 0] // 60, given.labels)


@checks("ui/generate/interpolation_items.py: _shelves")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    rows = np.arange(N)
    patch.setattr(interpolation_items, "_item", lambda context, row: None)
    patch.setattr(interpolation_items, "Shelf", SimpleNamespace)
    patch.setattr(interpolation_items.selection, "current", lambda context: rows)
    patch.setattr(interpolation_items.user_image, "current", lambda context: None)
    context = session.Context(given.model, given.table, rows, "test")
    shelves = {shelf.title: np.array(chosen) for shelf, chosen in interpolation_items._shelves(context)}
    yield of_classes(given.labels[shelves["Selection"]], given.labels)
    for kind in range(4):
        whole = np.flatnonzero(given.labels == kind)
        chosen = shelves[str(kind)]
        assert np.isin(chosen, whole).all()
        yield of_means(chosen.mean()[None], whole[:, None].astype(np.float64), len(chosen))


@checks("ui/denoise/item_denoising.py: _tuned")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(item_denoising.denoising, "tune", lambda x, noisy: x)
    patch.setattr(item_denoising.denoising, "add_noise", lambda x, noise, seed: x)
    x = item_denoising._tuned.__wrapped__(given.pictures, np.arange(0), None, 0)
    yield of_classes(x[:, 0, 0, 0] // 60, given.labels)


class _EnoughError(Exception):
    """All that a check wants to see has been sampled."""


def _sampled(patch: pytest.MonkeyPatch, module: ModuleType, run: Callable[[], object], times: int) -> list[np.ndarray]:
    """The rows of a function's first samples, by their own names in the module; it is not run to its end."""
    seen: list[np.ndarray] = []

    def record(rows: np.ndarray, at_most: int) -> np.ndarray:
        seen.append(spread_sample(rows, at_most))
        if len(seen) == times:
            raise _EnoughError
        return seen[-1]

    patch.setattr(module, "spread_sample", record)
    with contextlib.suppress(_EnoughError):
        run()
    return seen


@checks("data/vectors.py: uneven_columns")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(vectors, "SPREAD_ROWS", SOME)
    (rows,) = _sampled(patch, vectors, lambda: vectors.uneven_columns(vectors.vectors_of(given.table)), 1)
    assert len(rows) == SOME
    yield of_classes(given.labels[rows], given.labels)


@checks("export/vector_files.py: place_vectors")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    placed = vector_files.place_vectors(given.table, "pca", "as they are", SOME, 0)
    assert len(placed.rows) == SOME
    yield of_classes(given.labels[placed.rows], given.labels)


@checks("evaluation/measures.py: pca_error")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    splits = given.table.splits
    patch.setattr(measures, "MAX_FIT_VALUES", 3 * SOME)
    run = lambda: evaluation.pca_error(given.table, splits.train, splits.test, 2, "test")  # noqa: E731
    for rows in _sampled(patch, measures, run, 1):
        assert len(rows) == SOME
        yield of_classes(given.labels[rows], given.labels[splits.train])


@checks(
    "diagnosis/record.py: TrainingRecord._some",
    "diagnosis/record.py: TrainingRecord.few",
    "diagnosis/signs/repeated_items.py: RepeatedItems.look",
)
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    splits = given.table.splits
    rows = splits.train, splits.test
    patch.setattr(training_record, "MAX_ITEMS", SOME)
    patch.setattr(repeated_items, "MAX_VALIDATION", SOME)
    patch.setattr(repeated_items, "MAX_BYTES", SOME * given.table.x[:1].nbytes)
    record = training_record.TrainingRecord(given.model.card.recipe, (), "", N, N, given.model, given.table, *rows)
    (train,) = _sampled(patch, training_record, lambda: record.x_train, 1)
    yield of_classes(given.labels[train], given.labels[splits.train])
    (held_out,) = _sampled(patch, training_record, lambda: record.x, 1)
    yield of_classes(given.labels[held_out], given.labels[splits.test])
    yield of_classes(given.labels[held_out[record.few(SOME // 2)]], given.labels[splits.test])
    look = repeated_items.RepeatedItems().look
    for chosen, all_of_them in zip(_sampled(patch, repeated_items, lambda: look(record), 2), rows, strict=True):
        yield of_classes(given.labels[chosen], given.labels[all_of_them])


@checks("latent/sample_quality.py: sample_quality")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    splits = given.pictures.splits
    patch.setattr(sample_quality, "MAX_ITEMS", SOME)
    patch.setattr(sample_quality, "MAX_FIT_VALUES", SOME * 64)

    def run() -> object:
        return sample_quality.sample_quality(given.model, given.pictures, splits.test, "test")

    held, beside, fitted_on = _sampled(patch, sample_quality, run, 3)
    yield of_classes(given.labels[held], given.labels[splits.test])
    yield of_classes(given.labels[beside], given.labels[splits.train])
    yield of_classes(given.labels[fitted_on], given.labels[splits.train])


@checks("evaluation/few_labels.py: few_labels")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    for limit in ("MAX_TEST", "MAX_PCA"):
        patch.setattr(few_labels, limit, SOME)
    run = lambda: few_labels.few_labels(given.model, given.table, labels=(1,), draws=2)  # noqa: E731
    test, train = _sampled(patch, few_labels, run, 2)
    yield of_classes(given.labels[test], given.labels[given.table.splits.test])
    yield of_classes(given.labels[train], given.labels[given.table.splits.train])


@checks("browser/scenes/features/scene.py: prepare")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    for limit in ("MAX_POOL", "MEASURED"):
        patch.setattr(features_scene, limit, SOME)
    shown = Material(given.model, given.table, np.arange(N), "all")
    train, test = _sampled(patch, features_scene, lambda: features_scene.prepare(shown), 2)
    yield of_classes(given.labels[train], given.labels[given.table.splits.train])
    yield of_classes(given.labels[test], given.labels[given.table.splits.test])


@checks("browser/scenes/ordered/scene.py: prepare")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    for limit in ("MAX_FITTED", "MEASURED"):
        patch.setattr(ordered_scene, limit, SOME)
    shown = Material(given.model, given.table, np.arange(N), "all")
    train, rows = _sampled(patch, ordered_scene, lambda: ordered_scene.prepare(shown), 2)
    yield of_classes(given.labels[train], given.labels[given.table.splits.train])
    yield of_classes(given.labels[rows], given.labels)


@checks("browser/scenes/stacked/scene.py: prepare")
def _(given: Given, patch: pytest.MonkeyPatch) -> Iterator[Estimate]:
    patch.setattr(stacked_scene, "MEASURED", SOME)
    shown = Material(given.model, given.pictures, np.arange(N), "all")
    (rows,) = _sampled(patch, stacked_scene, lambda: stacked_scene.prepare(shown), 1)
    yield of_classes(given.labels[rows], given.labels)


@pytest.mark.parametrize("check", list(dict.fromkeys(CHECKS.values())), ids=lambda check: "")
def test_a_sample_stands_for_all_rows_in_every_order(
    check: Check, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [name for name, other in CHECKS.items() if other is check]
    for estimate in check(given, monkeypatch):
        assert estimate.holds(), f"{', '.join(names)}: {estimate}"


# --- The list is complete --------------------------------------------------------------------------------------------


def _in_functions(tree: ast.AST, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.AST]]:
    """Every node of a file with the dotted name of the function or class around it."""
    for node in ast.iter_child_nodes(tree):
        inner = (*names, node.name) if isinstance(node, ast.FunctionDef | ast.ClassDef) else names
        yield ".".join(inner), node
        yield from _in_functions(node, inner)


def _source() -> Iterator[tuple[str, str, ast.AST]]:
    for path in sorted((ROOT / "explorer").rglob("*.py")):
        if "node_modules" not in path.parts:
            name = path.relative_to(ROOT / "explorer").as_posix()
            for function, node in _in_functions(ast.parse(path.read_text())):
                yield name, function, node


@pytest.mark.slow
def test_every_function_that_samples_has_a_check() -> None:
    samplers = {
        f"{file}: {function}"
        for file, function, node in _source()
        if isinstance(node, ast.Name) and node.id in ("spread_sample", "spread_positions") and function
    }
    assert samplers - {"core/row_samples.py: spread_sample"} == set(CHECKS)


FIRST_ONES = {
    "export/picture_figures.py: np.argsort(-errors, kind='stable')[:COLUMNS]": "the largest, and of how many is said",
    "cli/figure_kinds.py: [d for d in order if d.active][:DIMENSIONS]": "the most informative, and of how many is said",
    "views/stage_contents.py: values[:TABLE_ITEMS]": "of items that are spread over the validation items",
    "runs/frames.py: axes[:most]": "directions, the widest first",
    "views/filter_contents.py: np.argsort(-counts, kind='stable')[:MOST_VALUES]": "the commonest values of a category",
    "core/written.py: text[:most]": "letters of a text, whose length is said",
    "core/written.py: text[:most + 1]": "letters of a text, whose length is said",
    "ui/latent_space/filter_panel.py: list(beside)[:AT_FIRST]": "names of columns, of which others can be chosen",
    "evaluation/groups.py: [*values, *numbers][:NAMED]": "ranked",
    "views/exported/vectors.py: tuple(bars.values())[:MAX_FILTERS]": "columns, and how many more there are is said",
    "views/colouring.py: np.argsort(-counts, kind='stable')[:MOST_CLASSES]": "the commonest values of a category",
    "ui/map/columns.py: cell[:DESCRIBED]": "a text",
    "ui/shell/columns_beside.py: beside.columns[:COLUMNS_NAMED]": "names, and how many more there are is said",
    "browser/paste/message.py: report.name[:MAX_NAME]": "a text",
    "sweeps/sweep.py: title[:LONGEST_TITLE]": "a text",
    "sweeps/sweep.py: f\"{recipe.name}-by-{'-'.join(names)}\"[:LONGEST_NAME]": "a text",
    "sweeps/sweep.py: name[:LONGEST_NAME]": "a text",
    "core/neighbours.py: known[:CENTRE_ROWS]": "any centre will do: it keeps rounding small and changes no result",
    "data/reading.py: told[:LINES]": "remarks, and how many more there are is said",
    "ui/shell/user_data.py: replace(source, options=replace(options, images=one)).read().x[:PREVIEW_ROWS]": "the same "
    "pictures read in two ways",
    "data/downloads.py: order[:N_VALIDATION]": "shuffled",
    "data/downloads.py: np.flatnonzero(training == c)[:MNIST_SAMPLE_PER_CLASS]": "how the bundled sample was once made",
    "data/textures.py: np.mgrid[:SIDE, :SIDE]": "a grid",
    "denoising/jpeg.py: np.mgrid[:BLOCK, :BLOCK]": "a grid",
    "novelty/drift.py: self.changes[:SHOWN]": "ranked",
    "ui/novelty/downloads.py: scored.order[:MAX_MAPS]": "ranked",
    "export/top_items.py: np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind='stable')[:self._limit]": "ranked",
    "export/top_items.py: sorted(self._kept, key=lambda kept: -kept.score)[:self._limit]": "ranked",
    "views/report/strips.py: np.argsort(-np.nan_to_num(errors, nan=np.inf), kind='stable')[:WORST]": "ranked",
    "views/report/strips.py: worst[:ROWS]": "ranked",
    "views/report/strips.py: every[:COLUMNS]": "columns, said to be the first",
    "novelty/series/heartbeat.py: recording()[:LEARNT]": "what comes first in time is learnt",
    "ui/novelty/series_view.py: spans[:LISTED]": "spans in time, and how many more there are is said",
    "ui/novelty/series_view.py: np.argsort(-counts, kind='stable')[:COLUMNS]": "ranked",
    "ui/novelty/series_view.py: np.argsort(-np.nan_to_num(shares).sum(1), kind='stable')[:COLUMNS]": "ranked",
    "cli/series.py: spans[:SHOWN]": "spans in time, and how many more there are is said",
    "novelty/scores/categories.py: np.argsort([-told for _, told in tables], kind='stable')[:MAX_PAIRS]": "ranked",
    "novelty/scores/relations.py: list(best.values())[:MAX_RELATIONS]": "ranked",
    "denoising/jpeg.py: plane[:height * BLOCK, :width * BLOCK]": "whole blocks of a picture",
    "io/tables/frame.py: body[:MAX_LINES_ABOVE]": "lines above a table stand at its start",
    "io/tables/bars.py: full[:MAX_LINES_ABOVE + 1]": "lines above a table stand at its start",
    "io/tables/delimiter.py: later[:SAMPLE_ROWS]": "lines from all over the file",
    "io/tables/source.py: start[:_HEAD]": "the start of a file beside lines from all over it",
    "latent/projection_worker.py: ended[:max(0, len(self._known) - MAX_KEPT)]": "the oldest go first",
    "ui/compare/compare_page.py: names[:min(FIRST_MODELS, max(1, len(same)))]": "models, not rows",
    "ui/generate/attribute.py: probe.tested_a_[:EFFECT_ITEMS]": "shuffled by the probe",
    "ui/generate/attribute.py: slider_contents.slider_dimensions(order)[:DIMENSIONS]": "ranked",
    "ui/generate/interpolation_items.py: rows[:MAX_ITEMS]": "the order in which the user named them",
    "ui/generate/sample_checks.py: np.argsort(check.distances, kind='stable')[:PAIRS]": "ranked",
    "ui/generate/traversals.py: chosen[:max(1, MAX_PICTURES // steps)]": "the order in which the user chose them",
    "ui/generate/traversals.py: [name for name, d in by_name.items() if d.active][:AT_FIRST]": "ranked",
    "ui/home/home_page.py: [other for name in same if name != chosen and (other := _readable(name)) is not None]"
    "[:COMPARED]": "models, not rows",
    "ui/latent_space/inspector.py: code[:FIRST_DIMENSIONS]": "dimensions, said to be the first",
    "ui/latent_space/item_search.py: self.positions[:RINGED]": "search hits, counted in full",
    "ui/latent_space/item_search.py: hits.positions[:LISTED]": "search hits, counted in full",
    "browser/scenes/stacked/scene.py: np.argsort(-values, axis=0, kind='stable')[:TOP]": "ranked",
    "browser/scenes/features/scene.py: nearest[:SHOWN_DRAWS]": "draws of labels, each at random",
    "browser/scenes/features/scene.py: orders[:SHOWN_DRAWS]": "draws of labels, each at random",
    "browser/scenes/novelty/scene.py: rebuilt[:REBUILT]": "ranked",
    "browser/scenes/novelty/scene.py: material.rows[~is_normal][:SEARCHED]": "the material's order: classes in turn",
    "browser/scenes/novelty/scene.py: new[~np.isin(new, rebuilt[:REBUILT])][:SHOWN]": "the material's order",
    "browser/scenes/novelty/scene.py: normal[:SHOWN]": "the material's order: every class in turn",
    "browser/scenes/which/scene.py: cleaned[:ITEMS]": "of the material's order",
    "browser/scenes/which/scene.py: noisy[:ITEMS]": "of the material's order",
    "browser/scenes/which/scene.py: rebuilt[:ITEMS]": "of the material's order",
    "browser/scenes/which/scene.py: x[:ITEMS]": "of the material's order: every class in turn",
    "evaluation/few_labels.py: random.permutation(np.flatnonzero(y == name))[:at_most]": "shuffled",
    "ui/train/run_view.py: titles[:TABLE_ITEMS]": "of a preview, whose items are spread already",
    "ui/denoise/item_denoising.py: uploads[:SHOWN_UPLOADS]": "the visitor's own pictures, which the page says",
    "ui/denoise/item_denoising.py: part[:SHOWN_UPLOADS]": "the visitor's own pictures, which the page says",
    "ui/denoise/item_uploads.py: _read_uploads(checkpoint, files, answer).x[:PREVIEWS]": "a preview of each reading",
    "ui/denoise/item_uploads.py: report.left_out[:NAMED]": "files that are named; of the others their number",
    "ui/novelty/gallery.py: scored.order[:SCALED_BY]": "ranked",
    "ui/novelty/gallery.py: np.argsort(-shares)[:TOP_COLUMNS]": "ranked",
    "ui/novelty/verdicts.py: list(groups.items())[:MAX_CLASSES_DRAWN]": "classes, and the page says so",
    "ui/shell/jobs.py: ended[:max(0, len(ended) - MAX_KEPT)]": "the oldest go first",
    "ui/train/run_view.py: rows[:TABLE_ITEMS]": "of a preview, whose items are spread already",
    "io/tables/doubts.py: for_nothing[:_SAID]": "columns, of which some are named",
    "io/tables/doubts.py: [fact for fact in facts if fact.version and (not fact.many)][:_SAID]": "so many are named",
    "io/tables/doubts.py: [(fact.name, fact.otherwise) for fact in facts if fact.otherwise][:_SAID]": "columns, of "
    "which some are named",
    "io/tables/contract.py: units[:_UNITS]": "columns, of which some are named, and how many more there are is said",
    "data/column_names.py: names[:_LISTED]": "columns, of which some are named",
    "data/column_names.py: absent[:_COMPARED]": "columns that are not there, of which three are named",
    "novelty/windowing.py: numbers_[:_LISTED]": "columns, of which some are named",
    "data/column_names.py: near[:_SIMILAR]": "columns, of which some are named",
    "io/tables/doubts.py: remarks[:_SAID]": "columns, of which some are named",
    "io/tables/parquet.py: read[:_SAID]": "columns, of which some are named",
    "io/tables/columns.py: np.unique(known[:1000])[:MANY]": "examples of more values, as the field says",
    "data/joined_files.py: [repr(column) for column in table.columns if column not in known][:_LISTED]": "columns, of "
    "which some are named",
    "data/joined_files.py: new_labels[:_LISTED]": "labels, of which some are named",
    "data/joined_files.py: problems[:_LISTED]": "columns that differ, of which some are named",
    "ui/learn/material.py: rows[:MOST_ROWS]": "a scene's rows, which are every class in turn; how many more is said",
    "training/class_weights.py: present[:_LISTED]": "labels, of which some are named, and how many more there are",
    "sweeps/folds.py: f'{recipe.name}-{count}-folds{together}'[:LONGEST_NAME]": "letters of a name",
    "io/tables/row_keys.py: facts[:_LEVELS]": "columns, of which those on the left are an index",
}
"""Slices that take the first so many of something, up to a named limit, and why that is right."""


def _upper(node: ast.Subscript) -> ast.expr | None:
    """What a slice that begins at the start ends at."""
    first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    if not isinstance(first, ast.Slice) or first.lower is not None or first.step is not None:
        return None
    return None if isinstance(first.upper, ast.UnaryOp) else first.upper  # all but the last ones


def _is_limit(expression: ast.expr) -> bool:
    names = [node.id if isinstance(node, ast.Name) else node.attr for node in ast.walk(expression)
             if isinstance(node, ast.Name | ast.Attribute)]  # fmt: skip
    return any(name.isupper() or "limit" in name or name in ("at_most", "most") for name in names)


@pytest.mark.slow
def test_nothing_takes_the_first_rows_without_a_reason() -> None:
    taken = {
        f"{file}: {ast.unparse(node)}"
        for file, _, node in _source()
        if isinstance(node, ast.Subscript) and (upper := _upper(node)) is not None and _is_limit(upper)
    }
    assert taken - set(FIRST_ONES) == set(), "take a sample (core/row_samples.py), or say here why not"
