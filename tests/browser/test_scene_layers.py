"""What Learn says of one value of a network, against PyTorch: its sum, and how far into the picture it reaches."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser
from torch import Tensor, nn

from explorer.browser.pack import pack
from explorer.models.blocks import Pool, Unpool
from tests.browser.modules import open_modules
from tests.browser.runtime import randomised

LOOK = """({packed, x, places}) => {
  const network = new Network(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)));
  const rows = rowsOf(network.layers);
  const trace = network.trace(x);
  const inputs = [Float32Array.from(x), ...rows.map((row) => trace[row.last])];
  return {
    outputs: rows.map((row) => [...trace[row.last]]),
    looks: places.map(([level, map, y, x]) => {
      const row = rows[level - 1];
      const at = (map * row.shape[1] + y) * row.shape[2] + x;
      const parts = partsOf(row, inputs[level - 1], map, y, x, trace[row.first][at]);
      const [field] = fields(rows.slice(0, level), y, x);
      return {shape: row.shape, sum: parts.sum, before: trace[row.first][at], field};
    }),
  };
}"""
CHAINS = {
    "strided, then upsampled": [
        nn.Conv2d(2, 3, 3, 2, 1), nn.SiLU(), nn.Conv2d(3, 4, (3, 2), (1, 2), (1, 0)), nn.SiLU(),
        nn.Upsample(size=(6, 6), mode="nearest"), nn.Conv2d(4, 2, 3, 1, 1), nn.Sigmoid(),
    ],
    "pooled, then unpooled": [
        nn.Conv2d(2, 3, 3, 1, 1), nn.SiLU(), Pool(), Unpool((9, 11)), nn.Conv2d(3, 2, 3, 1, 1), nn.Sigmoid(),
    ],
    "transposed": [nn.Conv2d(2, 3, 3, 2, 1), nn.SiLU(), nn.ConvTranspose2d(3, 2, 3, 2, 1), nn.Sigmoid()],
}  # fmt: skip


@pytest.fixture(scope="module")
def layers_page(chromium: Browser) -> Any:
    page = chromium.new_page()
    open_modules(page, "runtime/network.js", "scenes/convolutional/layers.js")
    yield page
    page.close()


@pytest.mark.parametrize("name", CHAINS)
def test_each_value_is_its_sum_and_sees_where_its_gradient_reaches(layers_page: Any, name: str) -> None:
    chain = randomised(CHAINS[name])
    x = torch.rand(1, 2, 9, 11, generator=torch.Generator().manual_seed(3), requires_grad=True)
    values = by_row(chain, x)
    places = [
        (level, value.shape[1] - 1, y, w)
        for level, value in enumerate(values, 1)
        for y in {0, value.shape[2] // 2, value.shape[2] - 1}
        for w in {0, value.shape[3] - 1}
    ]
    packed = base64.b64encode(pack(chain, (2, 9, 11), merge=False)).decode()
    seen = layers_page.evaluate(LOOK, {"packed": packed, "x": x.flatten().tolist(), "places": places})
    for value, output in zip(values, seen["outputs"], strict=True):
        torch.testing.assert_close(torch.tensor(output), value.detach().flatten(), atol=1e-5, rtol=1e-4)
    for (level, map_, y, w), look in zip(places, seen["looks"], strict=True):
        assert look["sum"] == pytest.approx(look["before"], abs=1e-5)
        assert look["shape"] == list(values[level - 1].shape[1:])
        reached = reach(values[level - 1][0, map_, y, w], x)
        field = look["field"]
        if reached is not None:
            top, bottom, left, right = reached
            assert field["top"] <= top
            assert bottom <= field["bottom"]
            assert field["left"] <= left
            assert right <= field["right"]
            if name != "pooled, then unpooled":  # a window reaches where its winner was, and sees all of it
                assert (field["top"], field["bottom"], field["left"], field["right"]) == reached


def by_row(chain: nn.Sequential, x: Tensor) -> list[Tensor]:
    """What each layer makes of x, with the activation after it."""
    values: list[Tensor] = []
    for module in chain:
        x = module(x)
        if isinstance(module, nn.SiLU | nn.Sigmoid):
            values[-1] = x
        else:
            values.append(x)
    return values


def reach(value: Tensor, x: Tensor) -> tuple[int, int, int, int] | None:
    """First and last row, first and last column of the picture on which a value depends; None: on nothing."""
    (gradient,) = torch.autograd.grad(value, x, retain_graph=True)
    rows, columns = (gradient.abs().sum(axis).nonzero().flatten().tolist() for axis in ((0, 1, 3), (0, 1, 2)))
    return (rows[0], rows[-1], columns[0], columns[-1]) if rows else None
