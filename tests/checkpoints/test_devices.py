"""Encoding and decoding on a device: the same arrays come back, and the loaded model stays where it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint, checkpoint
from explorer.cli import app
from explorer.core.errors import ExplorerError
from explorer.data import Dataset


class Elsewhere(Tensor):
    """Values that say that they were sent to a device and not yet back."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that were sent to a device "mps", which here computes on the processor."""
    sizes: list[int] = []
    to = Tensor.to

    def watched(values: Tensor, *arguments: object, **options: object) -> Tensor:
        if arguments[:1] == (torch.device("mps"),):
            sizes.append(len(values))
            return values.as_subclass(Elsewhere)
        return to(values, *arguments, **options)

    monkeypatch.setattr(Tensor, "to", watched)
    monkeypatch.setattr(VectorCheckpoint, "_device", property(lambda _: torch.device("mps")))
    monkeypatch.setattr(Elsewhere, "cpu", lambda values: values.as_subclass(Tensor), raising=False)
    monkeypatch.setattr(Elsewhere, "numpy", None, raising=False)  # of values that are elsewhere there is none
    return sizes


def test_items_go_to_the_device_in_large_batches_and_arrays_come_back(
    digits: Dataset, digits_vae: VectorCheckpoint, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "BATCH_SIZE_ON_ACCELERATORS", 1000)
    z = digits_vae.encode(digits.x)
    assert sent == [1000, 797]
    x = digits_vae.decode(z)
    both = digits_vae.posterior(digits.x)
    monkeypatch.undo()
    np.testing.assert_allclose(z, digits_vae.encode(digits.x), atol=1e-5)
    np.testing.assert_allclose(x, digits_vae.decode(z), atol=1e-5)
    np.testing.assert_allclose(both, digits_vae.posterior(digits.x), atol=1e-5)


def test_a_copy_is_what_goes_to_the_device(digits: Dataset, digits_autoencoder: VectorCheckpoint) -> None:
    there = digits_autoencoder.on("cpu")
    np.testing.assert_array_equal(there.encode(digits.x[:9]), digits_autoencoder.encode(digits.x[:9]))
    assert not {id(w) for w in there.model.parameters()} & {id(w) for w in digits_autoencoder.model.parameters()}


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is such a device")
def test_a_device_that_is_not_there_is_said(digits_vae: VectorCheckpoint, tmp_path: Path) -> None:
    with pytest.raises(ExplorerError, match="no cuda device") as caught:
        digits_vae.on("cuda")
    assert "auto or cpu" in caught.value.hint
    path = checkpoints.save(digits_vae, tmp_path / "m.safetensors")
    command = ["encode", str(path), "digits", "--out", str(tmp_path / "z.csv"), "--device"]
    done = CliRunner().invoke(app, [*command, "cuda"])
    assert done.exit_code
    assert not (tmp_path / "z.csv").exists()
    assert CliRunner().invoke(app, [*command, "auto"]).exit_code == 0
