"""Bytes and errors of JPEG files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from explorer.evaluation import compression


@pytest.mark.parametrize("channels", [1, 3])
def test_bytes_and_error_are_those_of_pillow(channels):
    x = np.random.default_rng(0).integers(0, 256, (3, channels, 32, 24), dtype=np.uint8)
    (compressed,) = compression.jpeg(x, (50,))
    sizes, errors = [], []
    for item in x:
        out = io.BytesIO()
        pixels = np.moveaxis(item, 0, -1).squeeze()
        Image.fromarray(pixels).save(out, "JPEG", quality=50, optimize=True)
        sizes.append(len(out.getvalue()))
        back = np.asarray(Image.open(out), float)
        errors.append(np.square((pixels - back) / 255).sum())
    assert compressed.n_bytes == np.mean(sizes)
    assert compressed.error == pytest.approx(np.mean(errors), rel=1e-5)


def test_more_bytes_lose_less(digits):
    compressed = compression.jpeg(digits.test.x[:20], (90, 10, 50))
    assert [one.quality for one in compressed] == [10, 50, 90]
    assert compressed[0].n_bytes < compressed[1].n_bytes < compressed[2].n_bytes
    assert compressed[0].error > compressed[1].error > compressed[2].error
    assert compressed[0].n_bytes > 100, "headers alone need more than a small code"
