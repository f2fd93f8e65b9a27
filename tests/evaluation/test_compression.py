"""Bytes and errors of codes, PCA and JPEG."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.evaluation import compression


def test_quantised_codes_are_within_half_a_step():
    codes = np.random.default_rng(0).uniform([-1, 10], [1, 30], (1000, 2))
    back = compression.quantise(codes, np.array([-1, 10.0]), np.array([1, 30.0]))
    assert (np.abs(back - codes) <= np.array([2, 20]) / 255 / 2 + 1e-12).all()
    assert len(np.unique(back[:, 0])) <= 256
    assert compression.quantise(np.array([[9.0, 0]]), np.array([-1, 10.0]), np.array([1, 30.0])).tolist() == [[1, 10]]


def test_bytes_and_errors_of_each_way(digits, digits_autoencoder):
    x, x_train = digits.test.x[:80], digits.train.x
    rows = {row.method: row for row in compression.compare(digits_autoencoder, x, x_train)}
    assert [row.n_bytes for row in list(rows.values())[:4]] == [16, 8, 4, 16]
    exact = rows["code, float32"]
    assert exact.error == pytest.approx(digits_autoencoder.reconstruction_errors(x).mean(), rel=1e-4)
    assert rows["code, float16"].error == pytest.approx(exact.error, rel=0.01)
    assert rows["code, 8 bit"].error == pytest.approx(exact.error, rel=0.05)
    assert rows["JPEG, quality 1"].n_bytes > 100, "headers alone need more than the code"
    assert all(row.n == 80 for row in rows.values())


def test_jpeg_uses_the_bytes_it_may():
    x = np.random.default_rng(0).integers(0, 256, (3, 3, 32, 32), dtype=np.uint8)
    small, large = compression._jpeg(x, 10), compression._jpeg(x, 1500)
    assert small.n_bytes < large.n_bytes <= 1500
    assert large.error < small.error


def test_tables_are_refused(table_autoencoder):
    with pytest.raises(DataError, match="images only"):
        compression.compare(table_autoencoder, np.zeros((2, 30)), np.zeros((2, 30)))
