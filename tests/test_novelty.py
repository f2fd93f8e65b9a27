"""Scores, thresholds and rates: a contract over every scorer, and closed forms, simulation and other libraries."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.decomposition import PCA

from explorer import novelty
from explorer.errors import ExplorerError


@pytest.fixture(scope="module")
def images(digits):
    """Zeros to fit on, and zeros held out."""
    train, test = digits.train, digits.test
    return train.x[train.labels == 0], test.x[test.labels == 0]


def novel_to(scorer, digits):
    """Items that this kind of score is made to find.

    The model was trained on every digit, so it redraws ones as well as zeros, and their codes differ; bright noise it
    cannot redraw, but an encoder may give it any code.
    """
    if isinstance(scorer, novelty.LatentMahalanobis | novelty.NearestNeighbours):
        return digits.test.x[digits.test.labels != 0]
    return np.random.default_rng(0).integers(128, 256, (100, 1, 8, 8), dtype=np.uint8)


@pytest.fixture(params=novelty.REGISTRY)
def scorer(request, digits_vae):
    return novelty.REGISTRY[request.param].for_checkpoint(digits_vae)


def test_contract(scorer, images, digits):
    normal, held_out = images
    assert scorer.fit(normal) is scorer
    scores, novel_scores = scorer.score(held_out), scorer.score(novel_to(scorer, digits))
    assert scores.shape == (len(held_out),)
    assert np.isfinite(scores).all()
    assert novelty.auroc(*_joined(scores, novel_scores)).value > 0.8, "higher is more anomalous"
    np.testing.assert_array_equal(scores, scorer.score(held_out))
    np.testing.assert_allclose(scorer.score(held_out[10:20]), scores[10:20], rtol=1e-4, err_msg="of each item alone")
    np.testing.assert_allclose(scorer.score(held_out.astype(np.float32) / 255), scores, rtol=1e-4)
    assert scorer.score(held_out[:0]).shape == (0,)
    assert scorer.title
    assert scorer.unit
    assert scorer.summary.endswith(".")


def test_contract_on_tables(table_autoencoder, request):
    from explorer.data import dataset

    data = dataset("breast-cancer")
    benign = data.label_names.index("benign")
    train, test = data.train, data.test
    for name, kind in novelty.REGISTRY.items():
        if not kind.applies_to(table_autoencoder):
            assert name == "negative-elbo"
            continue
        scorer = kind.for_checkpoint(table_autoencoder).fit(train.x[train.labels == benign])
        # Latent distances are weak for a model that was trained on both kinds; none may be the wrong way round.
        assert novelty.auroc(scorer.score(test.x), test.labels != benign).value > 0.6, name


def _joined(normal, novel):
    return np.concatenate([normal, novel]), np.repeat([False, True], [len(normal), len(novel)])


def test_other_shapes_are_refused(scorer, images):
    scorer.fit(images[0])
    with pytest.raises(ExplorerError, match="shape"):
        scorer.score(np.zeros((3, 1, 9, 9), np.uint8))


def test_elbo_score_needs_a_variational_model(digits_autoencoder):
    with pytest.raises(ExplorerError, match="no ELBO"):
        novelty.NegativeElbo(digits_autoencoder)


def test_elbo_score_agrees_with_the_models_own_estimate(digits_vae, images):
    x = images[1]
    generator = torch.Generator().manual_seed(1)
    with torch.inference_mode():
        items = torch.from_numpy(x / np.float32(255))
        elbo = torch.stack([digits_vae.model.elbo(items, generator) for _ in range(64)]).mean()
    assert -novelty.NegativeElbo(digits_vae).score(x).mean() == pytest.approx(float(elbo), abs=0.15)


def test_mahalanobis_of_normal_items_is_nearly_chi(digits_autoencoder, digits):
    distances = novelty.LatentMahalanobis(digits_autoencoder).fit(digits.train.x).score(digits.train.x)
    # The mean squared distance of the fitted items is the number of dimensions, up to the shrinkage.
    assert np.square(distances).mean() == pytest.approx(digits_autoencoder.latent_dim, rel=0.05)


def test_pca_score_is_what_the_left_out_components_hold(images):
    normal, held_out = images
    rows = normal.reshape(len(normal), -1) / 255
    full = PCA().fit(rows)
    left_out = full.transform(held_out.reshape(len(held_out), -1) / 255)[:, 5:]
    np.testing.assert_allclose(
        novelty.PCAReconstruction(5).fit(normal).score(held_out), np.square(left_out).sum(1), rtol=1e-5
    )


@pytest.mark.parametrize("kind", ["digits_autoencoder", "table_autoencoder"])
def test_contributions_add_up_to_the_error(kind, request):
    checkpoint = request.getfixturevalue(kind)
    random = np.random.default_rng(0)
    x = random.random((20, *checkpoint.event_shape)).astype(np.float32)
    parts = novelty.contributions(checkpoint, x)
    assert parts.shape == x.shape
    np.testing.assert_allclose(parts.reshape(20, -1).sum(1), checkpoint.reconstruction_errors(x), rtol=1e-4)


@pytest.mark.parametrize(("n", "rate"), [(99, 0.05), (500, 0.01), (37, 0.2)])
def test_the_promised_false_alarm_rate_holds(n, rate):
    random = np.random.default_rng(0)
    # The true rate of a threshold on exponential scores is known without drawing any: exp(-value).
    thresholds = [novelty.threshold_for(random.exponential(size=n), rate) for _ in range(2000)]
    true = np.exp([-t.value for t in thresholds])
    assert thresholds[0].rate <= rate
    assert true.mean() == pytest.approx(thresholds[0].rate, abs=4 * true.std() / 2000**0.5)
    inside = np.mean([t.low <= p <= t.high for t, p in zip(thresholds, true, strict=True)])
    assert inside == pytest.approx(0.95, abs=0.02)


def test_a_rate_that_needs_more_scores_is_not_promised():
    threshold = novelty.threshold_for(np.arange(9.0), 0.01)
    assert threshold.value == 8
    assert threshold.rate == pytest.approx(0.1)


@pytest.mark.parametrize(("scores", "rate"), [(np.empty(0), 0.1), (np.ones(5), 0.0), (np.ones(5), 1.5)])
def test_thresholds_that_cannot_be(scores, rate):
    with pytest.raises(ExplorerError):
        novelty.threshold_for(scores, rate)


@pytest.mark.parametrize(("count", "n"), [(0, 10), (3, 10), (10, 10), (40, 1000)])
def test_interval_of_a_rate_agrees_with_scipy(count, n):
    expected = stats.binomtest(count, n).proportion_ci(method="exact")
    found = novelty.rate(count, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.value == count / n


def test_rate_of_nothing_is_not_a_number():
    assert np.isnan(novelty.rate(0, 0).value)


def test_confusion_counts_every_item_once():
    counts = novelty.confusion(np.array([1, 2, 3, 4, 5.0]), np.array([0, 1, 0, 1, 1]), 2)
    assert (counts.found, counts.missed, counts.false_alarms, counts.passed) == (2, 1, 1, 1)
    assert counts.detection_rate.value == pytest.approx(2 / 3)
    assert counts.false_alarm_rate.value == pytest.approx(1 / 2)
    assert counts.precision.value == pytest.approx(2 / 3)


def test_percentile_of_the_middle_and_the_ends():
    np.testing.assert_allclose(novelty.percentile(np.array([-1, 4.5, 99]), np.arange(10.0)), [0, 50, 100])


def test_curves_hold_what_the_counts_say():
    random = np.random.default_rng(0)
    scores, novel = _joined(random.normal(size=80), random.normal(1, size=60))
    false_alarms, detections, thresholds = novelty.roc(scores, novel)
    # A threshold of the curve counts scores at or above it; an alarm is a score above.
    counts = novelty.confusion(scores, novel, np.nextafter(thresholds[7], -np.inf))
    assert (counts.false_alarm_rate.value, counts.detection_rate.value) == pytest.approx(
        (false_alarms[7], detections[7])
    )
    assert np.trapezoid(detections, false_alarms) == pytest.approx(novelty.auroc(scores, novel).value)
    precision, recall, _ = novelty.precision_recall(scores, novel)
    assert precision[0] == pytest.approx(60 / 140)
    assert recall[0] == 1


def test_auroc_needs_both_kinds():
    with pytest.raises(ExplorerError, match="two novel"):
        novelty.auroc(np.arange(5.0), np.array([0, 0, 0, 0, 1]))
