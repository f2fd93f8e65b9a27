"""A contract over every score of the registry, on images and on table rows; closed forms, scikit-learn and PyOD."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from pyod.models.ecod import ECOD
from pyod.models.knn import KNN
from sklearn import ensemble, svm
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import nan_euclidean_distances

from explorer import novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import dataset


@pytest.fixture(scope="module")
def images(digits):
    """Zeros to fit on, and zeros held out."""
    train, test = digits.train, digits.test
    return train.x[train.labels == 0], test.x[test.labels == 0]


@pytest.fixture(scope="module")
def rows():
    """Breast-cancer rows: benign ones to fit on, benign ones held out, malignant ones."""
    data = dataset("breast-cancer")
    benign = data.label_names.index("benign")
    train, test = data.train, data.test
    return train.x[train.labels == benign], test.x[test.labels == benign], test.x[test.labels != benign]


@pytest.fixture(scope="module")
def other_digits(digits):
    """Held-out pictures of the other digits."""
    return digits.test.x[digits.test.labels != 0]


SLOW = ("masked-patches", "combined-maps", "place-codes", "structural-error")
ALL = [
    pytest.param(
        name,
        marks=[pytest.mark.slow] * (name in ("masked-patches", "combined-maps", "place-codes", "structural-error")),
    )
    for name in novelty.REGISTRY
]


@pytest.fixture(params=ALL)
def of_images(request, zeros_vae):
    return _for(
        request.param, zeros_vae, {"masked-columns", "relations", "categories", "knn-and-rules", "pretrained-patches"}
    )


NO_RULES = [name for name, kind in novelty.REGISTRY.items() if not kind.is_rule]
"""Cells keep no relation and have no categories: tests/novelty/test_rules.py has rows that do."""


@pytest.fixture(params=NO_RULES)
def of_rows(request, benign_autoencoder):
    return _for(
        request.param,
        benign_autoencoder,
        {
            *("nearest-directions", "cosine-error", "local-error", "negative-elbo", "elbo-misfit", "elbo-divergence"),
            *("masked-patches", "registered-template", "combined-maps", "pca-maps", "patch-neighbours"),
            *("place-codes", "structural-error"),
            "pretrained-patches",
        },
    )


def _for(name, checkpoint, undefined):
    """A score of the registry, but for those that are known to be undefined for this model."""
    kind = novelty.REGISTRY[name]
    assert kind.applies_to(checkpoint) == (name not in undefined)
    if name in undefined:
        with pytest.raises(ExplorerError, match="not defined"):
            kind.for_checkpoint(checkpoint)
        pytest.skip("not defined for this model")
    return kind.for_checkpoint(checkpoint)


def contract(scorer, normal, held_out, novel, floor):
    """What every score promises."""
    assert scorer.fit(normal) is scorer
    scores, novel_scores = scorer.score(held_out), scorer.score(novel)
    assert scores.shape == (len(held_out),)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    assert np.isfinite(novel_scores).all()
    if scorer.is_positive:
        assert scores.min() >= 0
    is_novel = np.repeat([False, True], [len(held_out), len(novel)])
    assert novelty.auroc(np.concatenate([scores, novel_scores]), is_novel).value > floor, "higher is more anomalous"
    np.testing.assert_array_equal(scores, scorer.score(held_out))
    np.testing.assert_allclose(scorer.score(held_out[10:20]), scores[10:20], rtol=1e-4, atol=1e-6)
    assert scorer.score(held_out[:0]).shape == (0,)
    assert scorer.calibrate(held_out, 0.1) is scorer
    assert scorer.threshold_ == novelty.threshold_for(scores, 0.1)
    # Calibration items are ranked among themselves: at least one, the largest itself, is as high as the largest.
    assert scorer.p_values(held_out).min() == pytest.approx(2 / (len(held_out) + 1))
    assert scorer.title
    assert scorer.unit
    assert scorer.summary.endswith(".")


def test_contract_on_images(of_images, images, other_digits):
    normal, held_out = images
    # The divergence alone is low where the encoder is at a loss, as its docstring says.
    floor = 0.0 if isinstance(of_images, novelty.ElboDivergence) else 0.8
    contract(of_images, normal, held_out, other_digits, floor)
    scores = of_images.score(held_out)
    np.testing.assert_allclose(of_images.score(held_out.astype(np.float32) / 255), scores, rtol=1e-4, atol=1e-6)


def test_contract_on_rows(of_rows, rows):
    contract(of_rows, *rows, 0.7)


def test_what_is_less_normal_scores_higher(of_images, images, other_digits):
    """On the way from normal pictures to novel ones the mean score rises."""
    if isinstance(of_images, novelty.ElboDivergence):
        pytest.skip("low where the encoder is at a loss, as its docstring says")
    normal, held_out = (x.astype(np.float32) / 255 for x in images)
    novel = other_digits[: len(held_out)].astype(np.float32) / 255
    of_images.fit(normal)
    means = [of_images.score((1 - t) * held_out[: len(novel)] + t * novel).mean() for t in (0, 0.7, 1)]
    assert means[0] < means[1] < means[2]


def test_rows_further_off_never_score_lower(of_rows, rows):
    normal, _, novel = rows
    of_rows.fit(normal)
    middle = normal.mean(0)
    means = [of_rows.score(middle + t * (novel - middle)).mean() for t in (1, 2, 4)]
    assert means[0] < means[1] <= means[2] + 1e-9


def test_another_fit_and_what_was_learnt_give_the_same_scores(of_rows, rows, benign_autoencoder):
    normal, held_out, _ = rows
    scores = of_rows.fit(normal).score(held_out)
    kind = type(of_rows)
    again = kind.for_checkpoint(benign_autoencoder).fit(normal)
    np.testing.assert_allclose(again.score(held_out), scores, rtol=1e-9, atol=1e-12)
    learnt = {name: values.copy() for name, values in of_rows.learnt().items()}
    np.testing.assert_array_equal(kind.for_checkpoint(benign_autoencoder).restore(learnt).score(held_out), scores)


def test_a_missing_cell_neither_breaks_nor_decides_a_score(of_rows, rows):
    normal, held_out, _ = rows
    of_rows.fit(normal)
    with_holes = held_out.copy()
    random = np.random.default_rng(0)
    with_holes[random.random(held_out.shape) < 0.05] = np.nan
    scores, full = of_rows.score(with_holes), of_rows.score(held_out)
    assert np.isfinite(scores).all()
    if not isinstance(of_rows, novelty.LatentMahalanobis | novelty.NearestNeighbours):
        assert np.corrcoef(scores, full)[0, 1] > 0.7
    # However extreme the value, once it is missing it does not count.
    extreme = held_out.copy()
    extreme[:, 3] = 1e6
    extreme[:, 3] = np.nan
    one_hole = held_out.copy()
    one_hole[:, 3] = np.nan
    np.testing.assert_array_equal(of_rows.score(extreme), of_rows.score(one_hole))
    parts = of_rows.contributions(one_hole)
    if parts is not None:
        assert parts.shape == held_out.shape
        assert (parts >= 0).all()
        assert (parts[:, 3] == 0).all()


def test_scorers_learn_from_rows_with_holes(of_rows, rows):
    normal, held_out, novel = rows
    with_holes = normal.copy()
    with_holes[np.random.default_rng(0).random(normal.shape) < 0.05] = np.nan
    contract(of_rows, with_holes, held_out, novel, 0.7)


def test_other_shapes_are_refused(of_images, images):
    of_images.fit(images[0])
    with pytest.raises(ExplorerError, match="shape"):
        of_images.score(np.zeros((3, 1, 9, 9), np.uint8))


# --- Oracles ---------------------------------------------------------------------------------------------------------


def test_elbo_score_agrees_with_the_models_own_estimate(digits_vae, images):
    x = images[1]
    generator = torch.Generator().manual_seed(1)
    with torch.inference_mode():
        items = torch.from_numpy(x / np.float32(255))
        elbo = torch.stack([digits_vae.model.elbo(items, generator) for _ in range(64)]).mean()
    scores = novelty.NegativeElbo(digits_vae).score(x)
    assert -scores.mean() == pytest.approx(float(elbo), abs=0.15)
    parts = novelty.ElboMisfit(digits_vae).score(x) + novelty.ElboDivergence(digits_vae).score(x)
    np.testing.assert_allclose(parts, scores, rtol=1e-5)


def test_elbo_score_of_a_table_knows_no_units(table_vae):
    """A score's thresholds stay where they are when a column is in other units: the model sees standardised ones."""
    x = dataset("breast-cancer").test.x[:50]
    factors = np.logspace(-3, 3, x.shape[1], dtype=np.float32)
    rescaled = copy.deepcopy(table_vae.model)
    for layer in (rescaled.input, rescaled.output):
        layer.mean.mul_(torch.from_numpy(factors))
        layer.std.mul_(torch.from_numpy(factors))
    for score in (novelty.NegativeElbo, novelty.ElboMisfit):
        before, after = score(table_vae).score(x), score(VectorCheckpoint(rescaled, table_vae.card)).score(x * factors)
        np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-3)
    with torch.inference_mode():
        rows = torch.from_numpy(x)
        generator = torch.Generator().manual_seed(1)
        elbo = torch.stack([table_vae.model.elbo(rows, generator) for _ in range(200)]).mean(0)
    standardised = elbo + table_vae.model.input.std.log().sum()
    assert -novelty.NegativeElbo(table_vae).score(x).mean() == pytest.approx(float(standardised.mean()), abs=0.5)


def test_norms_of_the_reconstruction_error(digits_autoencoder, images):
    x = images[1][:20]
    d = (x / np.float32(255) - digits_autoencoder.reconstruct(x)).reshape(20, -1)
    np.testing.assert_allclose(novelty.ReconstructionError(digits_autoencoder).score(x), np.square(d).sum(1), rtol=1e-5)
    np.testing.assert_allclose(novelty.AbsoluteError(digits_autoencoder).score(x), np.abs(d).sum(1), rtol=1e-5)
    np.testing.assert_allclose(novelty.LargestError(digits_autoencoder).score(x), np.abs(d).max(1), rtol=1e-5)
    top = np.sort(np.abs(d), 1)[:, -3:].mean(1)  # a twentieth of 64 pixels
    np.testing.assert_allclose(novelty.TopError(digits_autoencoder).score(x), top, rtol=1e-5)


def test_shape_error_does_not_see_brightness(digits_autoencoder, images):
    x = images[1][:20] / np.float32(255)
    x_hat = digits_autoencoder.reconstruct(x)
    flat, rebuilt = x.reshape(20, -1), x_hat.reshape(20, -1)
    unit = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (flat, rebuilt)]
    expected = np.square(unit[0] - unit[1]).sum(1) / 2
    np.testing.assert_allclose(novelty.CosineError(digits_autoencoder).score(x), expected, rtol=1e-4)


def test_directions_are_compared_whatever_the_length_of_the_codes(digits_autoencoder, digits):
    normal, x = digits.train.x, digits.test.x[:30]
    known, codes = digits_autoencoder.encode(normal), digits_autoencoder.encode(x)
    cosines = (codes / np.linalg.norm(codes, axis=1, keepdims=True)) @ (
        known / np.linalg.norm(known, axis=1, keepdims=True)
    ).T
    nearest = np.sqrt(np.maximum(2 - 2 * np.sort(cosines, axis=1)[:, -5:].astype(np.float64), 0)).mean(1)
    scores = novelty.NearestDirections(digits_autoencoder).fit(normal).score(x)
    np.testing.assert_allclose(scores, nearest, rtol=1e-2, atol=1e-3)


def test_mahalanobis_of_normal_items_is_nearly_chi(digits_autoencoder, digits):
    distances = novelty.LatentMahalanobis(digits_autoencoder).fit(digits.train.x).score(digits.train.x)
    # The mean squared distance of the fitted items is the number of dimensions, up to the shrinkage.
    assert np.square(distances).mean() == pytest.approx(digits_autoencoder.latent_dim, rel=0.05)


def test_pca_score_is_what_the_left_out_components_hold(images):
    normal, held_out = images
    full = PCA().fit(normal.reshape(len(normal), -1) / 255)
    left_out = full.transform(held_out.reshape(len(held_out), -1) / 255)[:, 5:]
    scorer = novelty.PCAReconstruction(5).fit(normal)
    np.testing.assert_allclose(scorer.score(held_out), np.square(left_out).sum(1), rtol=1e-5)
    np.testing.assert_allclose(scorer.contributions(held_out).sum((1, 2, 3)), scorer.score(held_out), rtol=1e-5)


def standardised(normal, *others):
    mean, std = normal.mean(0, dtype=np.float64), normal.std(0, dtype=np.float64)
    return [(x - mean) / std for x in (normal, *others)]


def test_isolation_forest_is_scikit_learns(rows):
    normal, held_out, novel = standardised(*rows)
    forest = ensemble.IsolationForest(n_estimators=100, random_state=0).fit(normal)
    scorer = novelty.IsolationForest().fit(rows[0])
    for raw, x in zip(rows[1:], (held_out, novel), strict=True):
        np.testing.assert_allclose(scorer.score(raw), -forest.score_samples(x), rtol=1e-6)


def test_one_class_svm_is_scikit_learns(rows):
    normal, held_out, novel = standardised(*rows)
    machine = svm.OneClassSVM(nu=0.1).fit(normal)
    scorer = novelty.OneClassSVM().fit(rows[0])
    for raw, x in zip(rows[1:], (held_out, novel), strict=True):
        np.testing.assert_allclose(scorer.score(raw), -machine.score_samples(x), rtol=1e-6, atol=1e-12)


def test_nearest_items_are_pyods(rows):
    normal, held_out = standardised(*rows[:2])
    scorer = novelty.KNN(5).fit(rows[0])
    expected = KNN(n_neighbors=5, method="mean").fit(normal).decision_function(held_out)
    np.testing.assert_allclose(scorer.score(rows[1]), expected, rtol=1e-5)
    copies = scorer.score(rows[0][:3])
    assert (copies > 0).all(), "the nearest is the item itself, the others are not"
    np.testing.assert_allclose(novelty.KNN(1).fit(rows[0]).score(rows[0][:3]), 0, atol=1e-6)


def test_missing_cells_are_left_out_of_distances_as_scikit_learn_does(rows):
    normal, held_out = standardised(*rows[:2])
    with_holes = rows[1].copy()
    holes = np.random.default_rng(0).random(held_out.shape) < 0.2
    with_holes[holes] = np.nan
    expected = np.sort(nan_euclidean_distances(np.where(holes, np.nan, held_out), normal), axis=1)[:, :5].mean(1)
    np.testing.assert_allclose(novelty.KNN(5).fit(rows[0]).score(with_holes), expected, rtol=1e-5)


@pytest.mark.slow
def test_tail_probabilities_are_pyods_ecod_of_one_row_at_a_time(rows):
    normal, held_out, novel = standardised(*rows)
    items = np.concatenate([held_out[:8], novel[:8]])
    reference = ECOD().fit(normal)
    expected = [reference.decision_function(row[None])[0] for row in items]
    scorer = novelty.ECOD().fit(rows[0])
    scores = scorer.score(np.concatenate([rows[1][:8], rows[2][:8]]))
    np.testing.assert_allclose(scores, expected, rtol=1e-6)


def test_hidden_columns_are_guessed_from_the_others(table_autoencoder, rows):
    normal, held_out, _ = rows
    scorer = novelty.MaskedColumns(table_autoencoder)
    model, x = table_autoencoder.model, torch.from_numpy(held_out)
    column = 4
    hidden = x.clone()
    hidden[:, column] = model.input.mean[column]
    with torch.inference_mode():
        error = (model.input(x) - model.input(model(hidden)))[:, column].square().numpy()
    np.testing.assert_allclose(scorer.contributions(held_out)[:, column], error, rtol=1e-4)
    scorer.fit(normal)
    np.testing.assert_allclose(scorer.contributions(normal).mean(0), 1, rtol=1e-3, err_msg="usual errors count 1")
    changed = held_out.copy()
    changed[:, column] += 100 * normal[:, column].std()
    assert (scorer.contributions(changed).argmax(1) == column).mean() > 0.9


@pytest.mark.parametrize("kind", ["digits_autoencoder", "table_autoencoder"])
def test_contributions_add_up_to_the_error(kind, request):
    checkpoint = request.getfixturevalue(kind)
    x = np.random.default_rng(0).random((20, *checkpoint.event_shape)).astype(np.float32)
    parts = novelty.contributions(checkpoint, x)
    assert parts.shape == x.shape
    np.testing.assert_allclose(parts.reshape(20, -1).sum(1), checkpoint.reconstruction_errors(x), rtol=1e-4)


def test_a_combination_weighs_its_parts_by_their_spread_on_held_out_items(table_autoencoder, rows):
    normal, held_out, _ = rows
    parts = [novelty.KNN(), novelty.ECOD()]
    mean, largest = novelty.MeanOfScores(parts).fit(normal), novelty.MaxOfScores(parts).fit(normal)
    standard = mean.standardised(held_out)
    np.testing.assert_allclose(mean.score(held_out), standard.mean(0))
    np.testing.assert_allclose(largest.score(held_out), standard.max(0))
    # Fresh normal items have about mean 0 and variance 1 in each part; 71 of them.
    assert np.abs(standard.mean(1)).max() < 0.5
    assert standard.std(1).min() > 0.6
    assert standard.std(1).max() < 1.6
    np.testing.assert_allclose(mean.contributions(held_out).sum(1), 1, rtol=1e-4)


class _FirstColumn(novelty.KNN):
    """The first column as it is: a score whose distribution is known."""

    def __init__(self, is_positive: bool, column: int = 0) -> None:
        super().__init__()
        self.is_positive, self.column = is_positive, column

    def fit(self, normal: np.ndarray) -> _FirstColumn:
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        return x[:, self.column].astype(np.float64)


@pytest.mark.parametrize("kind", [novelty.MeanOfScores, novelty.MaxOfScores])
def test_parts_that_are_distances_are_combined_by_their_logarithm(kind):
    """Of log-normal distances, exp(3 + 2 t) is t standard deviations off; scores of any sign count as they are."""
    random = np.random.default_rng(0)
    normal = np.stack([np.exp(3 + 2 * random.normal(size=8000)), -5 + 4 * random.normal(size=8000)], axis=1)
    fitted = kind([_FirstColumn(True, 0), _FirstColumn(False, 1)]).fit(normal)
    t = np.array([-1.0, 0, 1, 2, 4])
    standard = fitted.standardised(np.stack([np.exp(3 + 2 * t), -5 + 4 * t], axis=1))
    np.testing.assert_allclose(standard, [t, t], atol=0.12)
    # A distance of ten times the usual one and a tenth of it lie equally far from the middle.
    far, near = fitted.standardised(np.array([[10 * np.exp(3), 0], [0.1 * np.exp(3), 0]]))[0]
    assert far == pytest.approx(-near, abs=0.1)


def test_a_combination_takes_its_scales_from_items_that_its_parts_have_not_seen():
    """Distances from items that were fitted on are shorter: scales taken from those would make all new items odd."""
    random = np.random.default_rng(1)
    normal, held, fresh = (random.normal(size=(n, 6)).astype(np.float32) for n in (300, 300, 2000))
    for fitted in (
        novelty.MeanOfScores([novelty.KNN(k=1)]).fit(normal, held),
        novelty.MeanOfScores([novelty.KNN(k=1)]).fit(np.concatenate([normal, held])),
    ):
        scores = fitted.score(fresh)
        assert abs(scores.mean()) < 0.4
        assert scores.std() == pytest.approx(1, abs=0.25)


def test_a_local_defect_raises_the_local_error_more_than_the_whole_one(digits_autoencoder, digits):
    normal, clean = digits.train.x, digits.test.x
    marked = clean.copy()
    marked[:, :, 0, 0] = 255  # a corner that no digit touches
    scorer = novelty.LocalError(digits_autoencoder).fit(normal)
    is_marked = np.repeat([False, True], len(clean))
    both = np.concatenate([clean, marked])
    local = novelty.auroc(scorer.score(both), is_marked).value
    whole = novelty.auroc(novelty.ReconstructionError(digits_autoencoder).score(both), is_marked).value
    assert local > 0.95
    assert local > whole
    brightest = scorer.maps(marked).reshape(len(marked), -1).argmax(1)
    assert np.isin(brightest, [0, 1, 8, 9]).mean() > 0.9, "the map points at the corner"


def test_error_maps_are_smoothed_squared_errors(digits_autoencoder, digits):
    x = digits.test.x[:5]
    error = np.square(x / np.float32(255) - digits_autoencoder.reconstruct(x))[:, 0]
    np.testing.assert_allclose(novelty.error_maps(digits_autoencoder, x, sigma=0), error, atol=1e-6)
    smooth = novelty.error_maps(digits_autoencoder, x, sigma=1.5)
    assert smooth.std() < error.std()
    constant = np.full((1, 1, 8, 8), 0.3, np.float32)
    from explorer.novelty.scores.local_error import smoothed

    np.testing.assert_allclose(smoothed(torch.from_numpy(constant), 2.0).numpy(), constant, rtol=1e-5)
