"""The memory of the compiled kernel and of the networks in it: guards around every array, limits, random networks."""

from __future__ import annotations

import math
import platform
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.browser import pack as packing
from explorer.browser.pack import pack
from explorer.core.errors import ExplorerError
from explorer.models.blocks import Pool, Standardise, Unpool
from tests.browser.modules import RUNTIME, open_modules
from tests.browser.runtime import KERNELS, assert_equal, randomised, run_with

Shape = tuple[int, ...]

# --- Products -------------------------------------------------------------------------------------------------------

# Every remainder of rows, inner and columns by the kernel's tiles, and larger ones.
PRODUCTS = [(m, k, n) for m in (1, 2, 4, 5, 7) for k in (1, 3, 4, 9) for n in (1, 2, 3, 4, 5, 7, 8, 9, 12, 15)]
PRODUCTS += [(37, 130, 1), (64, 576, 49), (3, 200, 301)]

PRODUCTS_IN_BROWSER = """
([products, opener]) => {
  // Each array lies between guards: NaN around the inputs would show in a sum, a changed 7 around the output a write.
  const GUARD = 16;
  const problems = [];
  let seed = 1;
  const random = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647 - 0.5; };
  for (const [rows, inner, columns] of products) {
    for (const [withBias, gap] of [[true, 0], [false, 5]]) {
      const stride = columns + gap;
      const sizes = [(rows - 1) * stride + columns, rows * inner, inner * columns, rows];
      const counter = countingKernel();
      sizes.forEach((size) => counter.allocate(size + 2 * GUARD));
      const kernel = {simdKernel, javascriptKernel}[opener](counter.bytes);
      const whole = sizes.map((size) => kernel.allocate(size + 2 * GUARD));
      const [out, a, b, bias] = whole.map((array, i) => array.subarray(GUARD, GUARD + sizes[i]));
      whole[0].fill(7);
      for (const array of whole.slice(1)) array.fill(NaN);
      for (const array of [a, b, bias]) array.forEach((_, i) => { array[i] = random(); });
      kernel.matmul(out, a, b, withBias ? bias : null, rows, inner, columns, stride);
      let off = 0;
      const expected = whole[0].slice().fill(7);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          let sum = withBias ? bias[r] : 0;
          for (let k = 0; k < inner; k++) sum += a[r * inner + k] * b[k * columns + c];
          expected[GUARD + r * stride + c] = sum;
        }
      }
      whole[0].forEach((value, i) => { if (!(Math.abs(value - expected[i]) < 1e-4)) off++; });
      if (off) problems.push(`${rows} x ${inner} x ${columns}, gap ${gap}: ${off} values`);
    }
  }
  return problems;
}
"""


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_product_stays_inside_its_arrays(runtime_page: Any, kernel: str) -> None:
    assert runtime_page.evaluate(PRODUCTS_IN_BROWSER, [PRODUCTS, KERNELS[kernel]]) == []


def test_the_compiled_kernel_refuses_arrays_that_are_too_short_or_elsewhere(runtime_page: Any) -> None:
    outcomes = runtime_page.evaluate(
        """() => {
          const kernel = simdKernel(4096);
          const [out, a, b] = [6, 8, 12].map((n) => kernel.allocate(n));
          const tried = (...args) => { try { kernel.matmul(...args); return 'ran'; } catch (e) { return e.name; } };
          return [
            tried(out, a, b, null, 2, 4, 3, 3),
            tried(out.subarray(1), a, b, null, 2, 4, 3, 3),
            tried(out, a, b, null, 2, 4, 3, 4),
            tried(out, a.subarray(1), b, null, 2, 4, 3, 3),
            tried(out, a, b.subarray(1), null, 2, 4, 3, 3),
            tried(out, a, b, a.subarray(7), 2, 4, 3, 3),
            tried(out, a, new Float32Array(12), null, 2, 4, 3, 3),
          ];
        }"""
    )
    assert outcomes == ["ran"] + 6 * ["RangeError"]


# --- Limits ----------------------------------------------------------------------------------------------------------


def largest_layers() -> dict[str, tuple[list[nn.Module], tuple[int, ...]]]:
    """Chains at most 1 % below a limit of packing each: weights, multiply-adds, values between layers."""
    width = 3544  # 47.9 MiB of weights
    enlarged = nn.Upsample((5008, 5008))  # 25.1 million values, 33.3 million with what is pooled from them
    return {
        "weights": ([nn.Linear(width, width)], (width,)),
        "multiply-adds": ([nn.Conv2d(64, 64, 3, 1, 1)], (64, 73, 74)),
        "values": ([enlarged, Pool(), Pool(), Pool()], (1, 50, 40)),
    }


@pytest.mark.parametrize("name", largest_layers())
def test_the_largest_allowed_layer(runtime_page: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, shape = largest_layers()[name]
    layers = randomised(chain)
    for parameter in layers.parameters():  # a short pattern, so that 48 MiB reach the browser compressed
        pattern = parameter.detach().flatten()[:1009]
        parameter.data = pattern.repeat(parameter.numel() // 1009 + 1)[: parameter.numel()].view(parameter.shape)
    limits = {"weights": "MAX_BYTES", "multiply-adds": "MAX_MULTIPLY_ADDS", "values": "MAX_WORKING_VALUES"}
    x = torch.randn(1, *shape, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        expected = layers(x).numpy()
    packed = pack(layers, shape)
    [run] = run_with(runtime_page, packed, x, ["simdKernel"])
    assert run.kernel == "simd"
    assert_equal(run.outputs, expected)
    monkeypatch.setattr(packing, limits[name], int(0.99 * getattr(packing, limits[name])))
    with pytest.raises(ExplorerError, match="live decoding stops"):
        pack(layers, shape)


# --- Without the kernel ----------------------------------------------------------------------------------------------

WITHOUT = {
    "WebAssembly": "delete globalThis.WebAssembly",
    "leave to compile": "WebAssembly.Module = function () { throw new WebAssembly.CompileError('blocked'); }",
    "enough memory": "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('no memory'); }",
}


def check_plain_javascript_runs(page: Any, preparation: str = "") -> None:
    open_modules(page, *RUNTIME, preparation=preparation)
    # Larger than what a kernel's memory has from the start.
    chain = randomised([nn.Linear(150, 300), nn.ReLU(), nn.Linear(300, 40)])
    x = torch.randn(2, 150, generator=torch.Generator().manual_seed(4))
    [run] = run_with(page, pack(chain, (150,)), x, ["fastestKernel"])
    assert run.kernel == "javascript"
    assert_equal(run.outputs, chain(x).detach().numpy())


@pytest.mark.parametrize("missing", WITHOUT)
def test_without_the_compiled_kernel_plain_javascript_runs(chromium: Any, missing: str) -> None:
    page = chromium.new_page()
    check_plain_javascript_runs(page, WITHOUT[missing])
    page.close()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the flag is for x86 processors")
def test_on_a_processor_without_simd_plain_javascript_runs(browser_type: Any, chromium_options: dict[str, Any]) -> None:
    browser = browser_type.launch(
        **chromium_options | {"args": [*chromium_options["args"], "--js-flags=--no-enable-sse4-1"]}
    )
    check_plain_javascript_runs(browser.new_page())
    browser.close()


def test_with_it_the_compiled_kernel_runs(runtime_page: Any) -> None:
    chain = randomised([nn.Linear(2, 3)])
    [run] = run_with(runtime_page, pack(chain, (2,)), torch.zeros(1, 2), ["fastestKernel"])
    assert run.kernel == "simd"


# --- Random networks ------------------------------------------------------------------------------------------------

SIDES = st.integers(1, 9)
MAX_AREA = 400
"""Pixels of a map: larger ones are not enlarged any more."""
ACTIVATIONS = st.sampled_from([nn.ReLU(), nn.LeakyReLU(0.1), nn.ELU(), nn.SiLU(), nn.Tanh(), nn.Sigmoid()])


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[nn.Module], Shape]:
    """Up to five layers that fit one another, for items of a random shape."""
    start: Shape = (draw(SIDES),) if draw(st.booleans()) else (draw(st.integers(1, 4)), draw(SIDES), draw(SIDES))
    shape, layers = start, list[nn.Module]()
    for _ in range(draw(st.integers(1, 5))):
        added = draw(vector_layers(shape, not layers) if len(shape) == 1 else image_layers(shape))
        with torch.no_grad():
            shape = tuple(nn.Sequential(*added).eval()(torch.zeros(1, *shape)).shape[1:])
        layers += added
    return layers, start


@st.composite
def vector_layers(draw: st.DrawFn, shape: Shape, is_first: bool) -> list[nn.Module]:
    columns = shape[0]
    # Rows are standardised where they come in, never later.
    kind = draw(st.sampled_from(["linear", "image", "norm", "activation", *(["standardise"] if is_first else [])]))
    if kind == "linear":
        return [nn.Linear(columns, draw(st.integers(1, 40)), bias=draw(st.booleans()))]
    if kind == "image":
        image = (draw(st.integers(1, 4)), draw(SIDES), draw(SIDES))
        return [nn.Linear(columns, math.prod(image)), nn.Unflatten(1, image)]
    return [{"norm": nn.BatchNorm1d(columns), "standardise": Standardise(columns)}.get(kind) or draw(ACTIVATIONS)]


@st.composite
def image_layers(draw: st.DrawFn, shape: Shape) -> list[nn.Module]:
    channels, height, width = shape
    larger = ["upsample", "double", "unpool", "transposed"] if height * width <= MAX_AREA else []
    kind = draw(st.sampled_from(["conv", "pool", "norm", "activation", "flat", *larger]))
    if kind == "conv":
        return [draw(convolutions(shape))]
    if kind == "transposed":
        return [draw(transposed_convolutions(shape))]
    if kind in ("upsample", "double", "unpool"):  # a convolution may follow at once, and be merged with it
        size = (2 * height, 2 * width)
        if kind == "upsample":
            size = (draw(st.integers(height, 3 * height)), draw(st.integers(width, 3 * width)))
        if kind == "unpool":
            size = (size[0] - draw(st.integers(0, 1)), size[1] - draw(st.integers(0, 1)))
        enlarge = Unpool(size) if kind == "unpool" else nn.Upsample(size=size)
        return [enlarge, *draw(st.lists(convolutions((channels, *size)), max_size=1))]
    plain = {"pool": Pool(), "norm": nn.BatchNorm2d(channels), "flat": nn.Flatten()}
    return [plain.get(kind) or draw(ACTIVATIONS)]


@st.composite
def convolutions(draw: st.DrawFn, shape: Shape) -> nn.Module:
    n_out, bias = draw(st.integers(1, 9)), draw(st.booleans())
    if draw(st.booleans()):
        return nn.Conv2d(shape[0], n_out, 3, padding=1, bias=bias)
    padding = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
    kernel = tuple(draw(st.integers(1, min(4, n + 2 * p))) for n, p in zip(shape[1:], padding, strict=True))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    return nn.Conv2d(shape[0], n_out, kernel, stride, padding, bias=bias)


@st.composite
def transposed_convolutions(draw: st.DrawFn, shape: Shape) -> nn.Module:
    stride, kernel, padding, extra = [], [], [], []
    for n in shape[1:]:
        s, k = draw(st.integers(1, 3)), draw(st.integers(1, 4))
        stride.append(s)
        kernel.append(k)
        extra.append(draw(st.integers(0, s - 1)))
        most = ((n - 1) * s + k - 1) // 2  # one pixel is left
        padding.append(draw(st.integers(0, min(2, most))))
    sizes = tuple(kernel), tuple(stride), tuple(padding), tuple(extra)
    return nn.ConvTranspose2d(shape[0], draw(st.integers(1, 7)), *sizes, bias=draw(st.booleans()))


@settings(max_examples=60)
@given(network=networks())
def test_a_random_network_equals_torch_and_stays_inside_its_memory(
    runtime_page: Any, network: tuple[list[nn.Module], Shape]
) -> None:
    layers, shape = network
    chain = randomised(layers)
    x = 1.7 * torch.randn(2, *shape, generator=torch.Generator().manual_seed(5))
    # Rows as their columns hold them: 900 standard deviations off, float32 alone cancels to another result.
    if isinstance(layers[0], Standardise):
        x = layers[0].mean + layers[0].std * x
    with torch.no_grad():
        expected = chain(x).numpy()
    packed = pack(chain, shape)
    results = run_with(runtime_page, packed, x, KERNELS.values())
    for run in results:
        assert_equal(run.outputs, expected, run.kernel)
    # Packing counts at least what the runtime asks for, but for the rounding of arrays and the band of patches.
    plan, _ = packing._plan(chain, shape, "network")
    counted = packing._weight_bytes(plan) + 4 * packing._working_values(plan, shape)
    assert results[0].needed <= counted + 4 * 65536 + 16 * (4 * len(plan) + 2)
