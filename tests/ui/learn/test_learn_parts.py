"""What Learn computes for its pictures, against plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from explorer import evaluation
from explorer.browser.scenes import SCENES as LIVE
from explorer.checkpoints import Card, Checkpoint
from explorer.core import metrics
from explorer.data import Dataset, dataset
from explorer.evaluation.activations import Term
from explorer.ui.learn import walkthrough
from explorer.ui.learn.scenes import SCENES, undercomplete


def test_a_loss_of_one_term_is_that_number() -> None:
    assert (
        walkthrough.in_numbers([Term("squared error", 1234.4, 1.0)])
        == r"L = \underbrace{1{,}234}_{\text{squared error}}"
    )


def test_a_loss_of_two_terms_is_their_weighted_sum() -> None:
    text = walkthrough.in_numbers([Term("reconstruction", 90.0, 1.0), Term("KL", 5.0, 4.0)])
    assert text == (r"L = \underbrace{90.0}_{\text{reconstruction}} + \underbrace{4 \cdot 5.00}_{\text{KL}} = 110")


def test_pca_of_k_dimensions_is_scikit_learns(digits: Dataset) -> None:
    x = digits.tensor(digits.splits.test[:20]).numpy()
    fit = digits.tensor(digits.splits.train).flatten(1).numpy()
    pca = PCA(10, svd_solver="full").fit(fit)
    of_three = PCA(3, svd_solver="full").fit(fit)
    expected = of_three.inverse_transform(of_three.transform(x.reshape(20, -1))).reshape(x.shape)
    np.testing.assert_allclose(undercomplete.pca_rebuilt(pca, x, 3), expected, atol=1e-5)


def test_errors_of_pca_are_those_of_the_baseline(digits: Dataset) -> None:
    train, test = (digits.tensor(rows).flatten(1).numpy() for rows in (digits.splits.train, digits.splits.test))
    errors = undercomplete.pca_errors(PCA(10, svd_solver="full").fit(train), test)
    assert errors[4] == pytest.approx(metrics.pca_baseline(train, test, 5).mean(), rel=1e-4)
    assert len(errors) == 10


def test_pca_of_a_table_works_in_the_units_of_the_models_error(table_autoencoder: Checkpoint) -> None:
    table = dataset("breast-cancer")
    errors, model_error = undercomplete._errors.__wrapped__(table_autoencoder, table)
    expected = evaluation.pca_error(table, table.splits.train, table.splits.test, 3, "test")
    assert errors[2] == pytest.approx(expected.value, rel=0.01)
    assert model_error == pytest.approx(table_autoencoder.reconstruction_errors(table.test.x).mean(), rel=1e-4)


def test_each_kind_knows_its_checkpoints(digits_autoencoder: Checkpoint, digits_vae: Checkpoint) -> None:
    noisy = _with_noise(digits_autoencoder.card)
    matches = {scene.name: scene.matches for scene in (*LIVE, *SCENES) if scene.matches is not None}
    cards = (digits_autoencoder.card, digits_vae.card, noisy)
    kinds = [[name for name, fits in matches.items() if fits(card)] for card in cards]
    # Codes are features whatever made them of clean pictures.
    assert kinds == [["features", "undercomplete"], ["features", "variational"], ["denoising"]]


def _with_noise(card: Card) -> Card:
    values = card.model_dump(mode="json")
    values["recipe"]["corruption"] = {"kind": "gaussian"}
    return Card.model_validate(values)


def test_pca_of_wide_items_is_nearly_the_exact_one() -> None:
    """Against all singular values, of pictures that are smooth and of noise, which has no leading directions."""
    random = np.random.default_rng(0)
    for falls in (0.7, 0.0):
        spread = np.arange(1, 1501, dtype=np.float32) ** -falls
        train, test = (random.normal(size=(n, 1500)).astype(np.float32) * spread for n in (300, 100))
        exact = PCA(64, svd_solver="full").fit(train)
        found = undercomplete.fitted_pca(train)
        errors = undercomplete.pca_errors(found, train), undercomplete.pca_errors(exact, train)
        np.testing.assert_allclose(*errors, rtol=0.02)
        np.testing.assert_allclose(
            undercomplete.pca_errors(found, test), undercomplete.pca_errors(exact, test), rtol=0.02
        )
