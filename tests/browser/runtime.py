"""Runs packs in Chromium with the browser's decoder runtime, and random weights that leave no operation trivial."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from explorer.core.counts import COUNT, NUMBER
from explorer.models.blocks import Standardise, Unstandardise
from explorer.models.columns import ColumnUnits

TOLERANCE = 1e-4
KERNELS = {"simd": "simdKernel", "javascript": "javascriptKernel"}

RUN_IN_BROWSER = """
async ({packed, items, kernels}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const inflated = new Blob([bytes(packed)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const pack = new Uint8Array(await new Response(inflated).arrayBuffer());
  const shifted = new Uint8Array(pack.length + 1);  // as they arrive from a message: at an odd address
  shifted.set(pack, 1);
  const all = new Float32Array(bytes(items).buffer);

  // Every array lies between guards of one NaN: read, it would show in a sum; written over, it is another number.
  const [GUARD, MARK, ROOM] = [16, 0x7fc12345, 1 << 20];
  const guards = [];
  const guarded = (open) => (needed) => {
    const kernel = open(needed + ROOM);
    return {
      ...kernel,
      needed,
      allocate(length) {
        const whole = kernel.allocate(length + 2 * GUARD);
        const marks = new Uint32Array(whole.buffer, whole.byteOffset, whole.length).fill(MARK);
        guards.push(marks.subarray(0, GUARD), marks.subarray(GUARD + length));
        return whole.subarray(GUARD, GUARD + length).fill(0);
      },
    };
  };

  return kernels.map((open) => {
    const network = new AnyNetwork(shifted.subarray(1), guarded({simdKernel, javascriptKernel, fastestKernel}[open]));
    const size = network.input.length;
    const outputs = [];
    for (let at = 0; at < all.length; at += size) outputs.push(network.run(all.subarray(at, at + size)).slice());
    const again = network.run(all.subarray(0, size));
    const joined = new Uint8Array(outputs.length * outputs[0].byteLength);
    outputs.forEach((output, i) => joined.set(new Uint8Array(output.buffer), i * output.byteLength));
    let text = '';
    for (let at = 0; at < joined.length; at += 32768) text += String.fromCharCode(...joined.subarray(at, at + 32768));
    return {
      outputs: btoa(text),
      shape: network.outputShape,
      kernel: network.kernel.name,
      needed: network.kernel.needed,
      broken: guards.filter((guard) => guard.some((mark) => mark !== MARK)).length,
      repeats: again.every((value, i) => Object.is(value, outputs[0][i])),
    };
  });
}
"""


@dataclass(frozen=True)
class Run:
    """What one kernel made of a pack.

    Args:
        kernel: its name.
        outputs: (n, *shape) of the items.
        needed: bytes of memory that the network asked for.
    """

    kernel: str
    outputs: np.ndarray
    needed: int


def run_with(page: Any, packed: bytes, x: Tensor, kernels: Iterable[str]) -> list[Run]:
    """Run items through a pack, with each of the functions that open a kernel.

    Fails where something outside the network's own arrays was written, or where the same item gives another result the
    second time.
    """
    items = x.detach().contiguous().numpy().astype("<f4").tobytes()
    answers = page.evaluate(
        RUN_IN_BROWSER,
        {
            "packed": base64.b64encode(zlib.compress(packed, 1)).decode(),
            "items": base64.b64encode(items).decode(),
            "kernels": list(kernels),
        },
    )
    assert [answer["broken"] for answer in answers] == [0] * len(answers), "arrays with a guard written over"
    assert all(answer["repeats"] for answer in answers), "the first item gave another result at the end"
    return [
        Run(
            answer["kernel"],
            np.frombuffer(base64.b64decode(answer["outputs"]), "<f4").reshape(len(x), *answer["shape"]).astype(float),
            answer["needed"],
        )
        for answer in answers
    ]


def assert_runs_as(expected: np.ndarray, page: Any, packed: bytes, x: Tensor) -> None:
    """With either kernel, the browser's outputs are the expected ones."""
    results = run_with(page, packed, x, KERNELS.values())
    assert [run.kernel for run in results] == list(KERNELS)
    for run in results:
        assert_equal(run.outputs, expected, run.kernel)


def randomise(model: nn.Module) -> None:
    """Evaluation mode, with statistics and weights that leave no operation near the identity."""
    generator = torch.Generator().manual_seed(0)
    # Rates are exponentials: float32's own steps at 900 standard deviations would be a hundredth of them.
    reach = 9 if any(isinstance(module, ColumnUnits) for module in model.modules()) else 900
    for module in model.eval().modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.2, 3.0, generator=generator)
        if isinstance(module, ColumnUnits):
            # Numbers, counts and two categories.
            module.kinds.copy_(torch.tensor([NUMBER, COUNT, 2, 2, NUMBER, 5, 5, 5, COUNT, NUMBER, COUNT]))
            module.mean.copy_(torch.tensor([-900.0, 2, 50, 49, 7, -1, 0, 1, -3, 0.5, 1]))
            module.std[[0, 4]] = torch.tensor([20.0, 0.1])
        if isinstance(module, Standardise | Unstandardise):
            module.mean.uniform_(-reach, reach, generator=generator)
            module.std.uniform_(0.5, 2.0, generator=generator)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim <= 1:
                parameter.uniform_(-1.5, 1.5, generator=generator)
            else:
                parameter.normal_(std=1.5 / parameter[0].numel() ** 0.5, generator=generator)


def randomised(modules: list[nn.Module]) -> nn.Sequential:
    chain = nn.Sequential(*modules)
    randomise(chain)
    return chain


def assert_equal(actual: np.ndarray, expected: np.ndarray, what: str = "") -> None:
    # Relative above 1: columns of tables come out in their own units, where float32 itself steps by 1e-4.
    assert actual.shape == expected.shape
    difference = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    assert difference.max() < TOLERANCE, f"{what}: {difference.max():.1e} apart"
