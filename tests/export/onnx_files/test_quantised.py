"""A vector-quantised model as ONNX files: codes as vectors and as numbers of entries."""

from __future__ import annotations

import numpy as np
import torch

from explorer.data import Dataset
from explorer.export.onnx_files.models import onnx_files
from explorer.export.onnx_files.writing import OnnxRun
from explorer.recipe import Recipe
from explorer.training import train


def test_the_encoder_gives_the_numbers_of_its_entries(digits: Dataset) -> None:
    values = {
        "name": "a",
        "data": {"dataset": "digits", "limit": 128},
        "model": {"family": "quantised", "channels": [4], "latent_dim": 3, "entries": 6, "prior_epochs": 1},
        "training": {"epochs": 1, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), digits)
    checkpoint, x = last.checkpoint, digits.test.x[:20]
    files = onnx_files(checkpoint, x)
    assert any("prior" in sentence for sentence in files.left_out)
    run = OnnxRun(files.files["encoder.onnx"])
    assert run.outputs == ["z", "indices"]
    numbers = run({"x": x.astype(np.float32)})["indices"]
    by_hand = checkpoint.model.indices(checkpoint.tensor(x)).numpy()
    assert (numbers == by_hand).mean() > 0.99  # a tie falls to either side
    vectors = checkpoint.model.vectors_of(torch.from_numpy(numbers)).numpy()
    np.testing.assert_allclose(run({"x": x.astype(np.float32)})["z"], vectors, atol=1e-6)
