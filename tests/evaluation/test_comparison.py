"""Models side by side: PCA against scikit-learn, bytes against their step, figures against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core import metrics
from explorer.core.errors import DataError
from explorer.evaluation import comparison
from explorer.evaluation.comparison import LinearCode, through_bytes


@pytest.fixture(scope="module")
def items(digits):
    return comparison.choose_items(digits, limit=120)


def test_rows_are_held_out_and_shown_ones_are_among_them(items, digits):
    assert set(items.rows) <= set(digits.splits.test)
    assert set(items.fit) == set(digits.splits.train)
    assert set(items.shown) <= set(items.rows)
    assert (len(items.rows), len(items.shown)) == (120, 8)


def test_classes_restrict_both_and_strangers_are_ignored(digits):
    items = comparison.choose_items(digits, ("3", "no such class"))
    assert set(digits.labels[items.fit]) == set(digits.labels[items.rows]) == {3}


def test_a_checkpoint_is_measured_as_it_measures_itself(items, digits, digits_autoencoder):
    entry = comparison.measure(digits_autoencoder, items)
    errors = digits_autoencoder.reconstruction_errors(digits.x[items.rows])
    assert entry.error.value == pytest.approx(errors.mean(), rel=1e-5)
    assert (entry.error.n, entry.error.split) == (120, "test")
    assert entry.error.low < entry.error.value < entry.error.high
    np.testing.assert_allclose(
        entry.shown_errors, digits_autoencoder.reconstruction_errors(digits.x[items.shown]), rtol=1e-4
    )
    assert entry.bytes_a_code == 4 * 4
    assert abs(entry.error_8bit.value - entry.error.value) < 0.02 * entry.error.value, "a byte a value is nearly enough"


def test_pca_entries_are_scikit_learns_pca_of_every_size(items, digits):
    entries = comparison.measure_pca(items, [7, 2])
    assert [entry.latent_dim for entry in entries] == [2, 7]
    train, test = (digits.tensor(rows).numpy() for rows in (items.fit, items.rows))
    for entry in entries:
        expected = metrics.pca_baseline(train, test, entry.latent_dim).mean()
        assert entry.error.value == pytest.approx(expected, rel=1e-4)
        assert entry.weights == 64 * (entry.latent_dim + 1)
    assert entries[0].error_8bit.value == pytest.approx(entries[0].error.value, rel=0.02)


def test_more_components_than_the_data_allows_are_cut(items):
    (entry,) = comparison.measure_pca(items, [200])
    assert entry.latent_dim == 64
    assert entry.error.value == pytest.approx(0, abs=1e-6), "all components give the item back"


def test_table_columns_are_measured_in_their_own_variances(table_autoencoder):
    from explorer.data import dataset

    table = dataset("breast-cancer")
    items = comparison.choose_items(table)
    entry = comparison.measure(table_autoencoder, items)
    x = table.x[items.rows]
    std = table.x[items.fit].std(0)
    expected = (((x - table_autoencoder.reconstruct(x)) / std) ** 2).mean(0)
    np.testing.assert_allclose(entry.column_errors, expected, rtol=1e-4)
    assert entry.error.value == pytest.approx(entry.column_errors.sum(), rel=1e-4)
    assert "standard deviations" in entry.error.unit


def test_a_dataset_without_test_rows_of_these_classes_is_refused(digits):
    from dataclasses import replace

    without = replace(digits, splits=replace(digits.splits, test=digits.splits.test[:0]))
    with pytest.raises(DataError, match="no test rows"):
        comparison.choose_items(without)


def test_one_item_has_no_pca_beside_it(digits):
    from dataclasses import replace

    splits = replace(digits.splits, train=digits.splits.train[:1], test=digits.splits.test[:1])
    items = comparison.choose_items(replace(digits, splits=splits))
    assert comparison.measure_pca(items, [2]) == []


@given(st.integers(1, 5), st.integers(0, 2**31))
def test_a_byte_is_at_most_half_a_step_away(dims, seed):
    random = np.random.default_rng(seed)
    codes = random.normal(size=(50, dims))
    low, high = codes.min(0), codes.max(0)
    back = through_bytes(codes, low, high)
    step = (high - low) / 255
    assert (np.abs(back - codes) <= step / 2 + 1e-5).all()
    assert all(len(np.unique(column)) <= 256 for column in back.T)


def test_codes_outside_the_range_are_clipped_and_a_range_of_no_width_is_kept():
    back = through_bytes(np.array([[-9.0, 3.0], [9.0, 3.0]]), np.array([-1.0, 3.0]), np.array([1.0, 3.0]))
    np.testing.assert_allclose(back, [[-1, 3], [1, 3]])


def test_a_shorter_code_is_the_start_of_the_longer(items, digits):
    x = digits.tensor(items.rows).numpy()
    long = LinearCode(6).fit(x)
    np.testing.assert_allclose(long.first(2).encode(x), long.encode(x)[:, :2])
    assert long.latent_dim == 6, "the longer code is as it was"
