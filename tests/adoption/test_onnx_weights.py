"""Weights beside an ONNX file, written by ONNX's own tool: read to the bit, and nothing else is read."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from explorer.adoption import tensors_asked
from explorer.adoption.onnx_chains import part
from explorer.core.errors import CheckpointError
from tests.adoption.test_onnx import exported


@pytest.fixture
def pair(tmp_path: pathlib.Path) -> pathlib.Path:
    """A model of two layers whose weights lie in model.onnx.data."""
    proto = onnx.load_model_from_string(exported(nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2)), (6,)))
    path = tmp_path / "model.onnx"
    onnx.save_model(proto, str(path), save_as_external_data=True, location="model.onnx.data", size_threshold=0)
    return path


def beside(path: pathlib.Path) -> Callable[[str], bytes | None]:
    def held(name: str) -> bytes | None:
        other = path.parent / name
        return other.read_bytes() if other.is_file() else None

    return held


def test_layers_are_those_of_the_pair_of_files(pair: pathlib.Path) -> None:
    tensors = tensors_asked(pair.read_bytes(), pair.name, "", beside(pair))
    found = part(tensors.content, pair.name, "x", ["y"])
    x = np.random.default_rng(0).standard_normal((3, 6), np.float32)
    [expected] = onnxruntime.InferenceSession(str(pair)).run(None, {"x": x})  # reads both files by itself
    with torch.inference_mode():
        made = nn.Sequential(*found.trunk, *found.layers["y"])(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(made, expected, atol=1e-6)


def changed(pair: pathlib.Path, key: str, value: str) -> None:
    proto = onnx.load_model(str(pair), load_external_data=False)
    for tensor in proto.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == key:
                entry.value = value
    pair.write_bytes(proto.SerializeToString())


def repeated(pair: pathlib.Path) -> None:
    """The same bytes as the weights of many layers: a small file that is unpacked to any size."""
    proto = onnx.load_model(str(pair), load_external_data=False)
    for number in range(20):
        again = proto.graph.initializer.add()
        again.CopyFrom(proto.graph.initializer[0])
        again.name = f"again{number}"
    pair.write_bytes(proto.SerializeToString())


SPOILT: dict[str, tuple[Callable[[pathlib.Path], object], str]] = {
    "gone": (lambda pair: pair.with_name("model.onnx.data").unlink(), "'model.onnx.data', which is not beside it"),
    "a folder": (lambda pair: changed(pair, "location", "../secret"), "'../secret', which is not beside it"),
    "a root": (lambda pair: changed(pair, "location", "/etc/passwd"), "'/etc/passwd', which is not"),
    "cut off": (lambda pair: pair.with_name("model.onnx.data").write_bytes(b"\0" * 40), "cut off"),
    "before": (lambda pair: changed(pair, "offset", "-4"), "not where it says"),
    "no number": (lambda pair: changed(pair, "offset", "here"), "does not say where"),
    "shorter": (lambda pair: changed(pair, "length", "4"), "not where it says"),
    "more than there is": (repeated, "more weights than model.onnx.data holds"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_other_files_are_not_read(pair: pathlib.Path, case: str) -> None:
    (pair.parents[1] / "secret").write_bytes(b"\0" * 1000)
    spoil, words = SPOILT[case]
    spoil(pair)
    with pytest.raises(CheckpointError, match=words) as caught:
        tensors_asked(pair.read_bytes(), pair.name, "", beside(pair))
    assert caught.value.hint


def test_a_code_inside_a_file_for_two_items_is_of_two_items() -> None:
    model = nn.Sequential(nn.Linear(8, 3), nn.Linear(3, 8), nn.Unflatten(1, (2, 4)), nn.Sigmoid())
    content = exported(model, (8,), batch=2)
    [code] = [tensor for node in onnx.load_model_from_string(content).graph.node[:1] for tensor in node.output]
    found = part(content, "model.onnx", code, ["y"], (3,))
    with torch.inference_mode():
        z = torch.randn(4, 3)
        made = nn.Sequential(*found.trunk, *found.layers["y"])(z)
        torch.testing.assert_close(made, nn.Sequential(*model[1:])(z))
