"""The browser's decoder runtime against PyTorch, operation by operation and for every registered family."""

from __future__ import annotations

import base64
import platform
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.models.blocks import Pool, Standardise, TiedLinear, Unpool, Unstandardise
from explorer.ui.live import pack as packing
from explorer.ui.live.component import shared_script
from explorer.ui.live.pack import pack, pack_decoder
from tests.models.test_contract import SHAPES, VARIANTS, build, fits

pytestmark = pytest.mark.browser

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
  return kernels.map((open) => {
    const network = new Network(shifted.subarray(1), {simdKernel, javascriptKernel, fastestKernel}[open]);
    const size = network.input.length;
    const outputs = [];
    for (let at = 0; at < all.length; at += size) outputs.push(network.run(all.subarray(at, at + size)).slice());
    const joined = new Uint8Array(outputs.length * outputs[0].byteLength);
    outputs.forEach((output, i) => joined.set(new Uint8Array(output.buffer), i * output.byteLength));
    let text = '';
    for (let at = 0; at < joined.length; at += 32768) text += String.fromCharCode(...joined.subarray(at, at + 32768));
    return {outputs: btoa(text), shape: network.outputShape, kernel: network.kernel.name};
  });
}
"""


@pytest.fixture(scope="module")
def runtime_page(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page()
    page.goto("about:blank")
    page.add_script_tag(content=shared_script())
    yield page
    page.close()


def run_with(page: Any, packed: bytes, x: Tensor, kernels: Iterable[str]) -> list[tuple[str, np.ndarray]]:
    """Name of the kernel that ran, and its outputs, for each of the functions that open one."""
    items = x.detach().contiguous().numpy().astype("<f4").tobytes()
    answers = page.evaluate(
        RUN_IN_BROWSER,
        {
            "packed": base64.b64encode(zlib.compress(packed, 1)).decode(),
            "items": base64.b64encode(items).decode(),
            "kernels": list(kernels),
        },
    )
    return [
        (
            answer["kernel"],
            np.frombuffer(base64.b64decode(answer["outputs"]), "<f4").reshape(len(x), *answer["shape"]).astype(float),
        )
        for answer in answers
    ]


def assert_runs_as(expected: np.ndarray, page: Any, packed: bytes, x: Tensor) -> None:
    """With either kernel, the browser's outputs are the expected ones."""
    found = run_with(page, packed, x, KERNELS.values())
    assert [name for name, _ in found] == list(KERNELS)
    for name, outputs in found:
        assert_equal(outputs, expected, name)


def randomise(model: nn.Module) -> None:
    """Evaluation mode, with statistics and weights that leave no operation near the identity."""
    generator = torch.Generator().manual_seed(0)
    for module in model.eval().modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(generator=generator)
            module.running_var.uniform_(0.2, 3.0, generator=generator)
        if isinstance(module, Standardise | Unstandardise):
            module.mean.uniform_(-900, 900, generator=generator)
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


def assert_equal(found: np.ndarray, expected: np.ndarray, what: str = "") -> None:
    # Relative above 1: columns of tables come out in their own units, where float32 itself steps by 1e-4.
    assert found.shape == expected.shape
    difference = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    assert difference.max() < TOLERANCE, f"{what}: {difference.max():.1e} apart"


def tied() -> list[nn.Module]:
    encoder = nn.Linear(11, 6)
    return [encoder, nn.Tanh(), TiedLinear(encoder)]


OPERATIONS: dict[str, tuple[Callable[[], list[nn.Module]], tuple[int, ...]]] = {
    "linear": (lambda: [nn.Linear(7, 9)], (7,)),
    "linear, vectors and remainders": (lambda: [nn.Linear(70, 39)], (70,)),
    "linear without bias": (lambda: [nn.Linear(5, 8, bias=False)], (5,)),
    "one number": (lambda: [nn.Linear(1, 1)], (1,)),
    "tied": (tied, (11,)),
    "mlp": (lambda: [nn.Linear(2, 33), nn.ReLU(), nn.Linear(33, 30), nn.Sigmoid()], (2,)),
    "linear to image": (lambda: [nn.Linear(3, 12), nn.Unflatten(1, (3, 2, 2))], (3,)),
    "relu on the input": (lambda: [nn.ReLU(), nn.Linear(4, 4)], (4,)),
    "leaky relu": (lambda: [nn.Linear(5, 5), nn.LeakyReLU(0.2)], (5,)),
    "elu": (lambda: [nn.Linear(5, 5), nn.ELU(1.3)], (5,)),
    "silu": (lambda: [nn.Linear(5, 5), nn.SiLU()], (5,)),
    "tanh": (lambda: [nn.Linear(5, 5), nn.Tanh()], (5,)),
    "nested, dropout, identity": (lambda: [nn.Sequential(nn.Linear(3, 4), nn.Dropout()), nn.Identity()], (3,)),
    "conv 3x3": (lambda: [nn.Conv2d(3, 5, 3, 1, 1)], (3, 7, 5)),
    "conv strided": (lambda: [nn.Conv2d(2, 9, 3, 2, 1)], (2, 9, 6)),
    "conv 1x1 no bias": (lambda: [nn.Conv2d(4, 6, 1, bias=False)], (4, 3, 5)),
    "conv in several bands": (lambda: [nn.Conv2d(16, 10, 3, 1, 1)], (16, 61, 23)),
    "conv wider than a band": (lambda: [nn.Conv2d(90, 2, (1, 3), padding=(1, 1))], (90, 3, 300)),
    "conv to two pixels": (lambda: [nn.Conv2d(3, 7, (4, 3))], (3, 4, 4)),
    "conv uneven": (lambda: [nn.Conv2d(2, 3, (2, 5), (1, 3), (1, 0))], (2, 6, 11)),
    "conv same": (lambda: [nn.Conv2d(1, 2, 5, padding="same")], (1, 6, 4)),
    "conv one pixel": (lambda: [nn.Conv2d(1, 4, 3, 1, 1)], (1, 1, 1)),
    "transposed 4": (lambda: [nn.ConvTranspose2d(3, 5, 4, 2, 1)], (3, 4, 7)),
    "transposed 3": (lambda: [nn.ConvTranspose2d(3, 2, 3, 2, 1)], (3, 4, 2)),
    "transposed mixed": (lambda: [nn.ConvTranspose2d(2, 3, (4, 3), 2, 1, bias=False)], (2, 7, 4)),
    "transposed output padding": (lambda: [nn.ConvTranspose2d(2, 3, 3, 2, 1, output_padding=(1, 0))], (2, 5, 3)),
    "transposed gaps": (lambda: [nn.ConvTranspose2d(1, 2, 2, 3)], (1, 3, 3)),
    "upsample": (lambda: [nn.Upsample(size=(7, 10), mode="nearest")], (2, 4, 5)),
    "upsample odd ratio": (lambda: [nn.Upsample(size=(29, 53), mode="nearest")], (1, 11, 17)),
    "upsample by factor": (lambda: [nn.Upsample(scale_factor=3)], (1, 3, 2)),
    "upsample, conv": (lambda: [nn.Upsample(size=(8, 10)), nn.Conv2d(3, 5, 3, 1, 1)], (3, 4, 5)),
    "upsample a pixel, conv": (
        lambda: [nn.Upsample(scale_factor=2), nn.Conv2d(2, 3, 3, padding=1, bias=False)],
        (2, 1, 1),
    ),
    "upsample oddly, conv": (lambda: [nn.Upsample(size=(7, 10)), nn.Conv2d(3, 5, 3, 1, 1)], (3, 4, 5)),
    "upsample, reach far": (lambda: [nn.Upsample(scale_factor=2), nn.Conv2d(2, 3, 5, padding=2)], (2, 3, 4)),
    "unpool, conv": (lambda: [Unpool((8, 10)), nn.Conv2d(3, 5, 3, padding="same")], (3, 4, 5)),
    "unpool odd, conv": (lambda: [Unpool((7, 9)), nn.Conv2d(3, 5, 3, 1, 1, bias=False)], (3, 4, 5)),
    "pool even": (lambda: [Pool()], (3, 4, 6)),
    "pool odd": (lambda: [Pool()], (2, 5, 7)),
    "unpool even": (lambda: [Unpool((8, 6))], (2, 4, 3)),
    "unpool odd, then activations": (lambda: [Unpool((7, 5)), nn.Sigmoid(), nn.ELU()], (2, 4, 3)),
    "batch norm 1d": (lambda: [nn.Linear(4, 6), nn.BatchNorm1d(6)], (4,)),
    "batch norm 2d": (lambda: [nn.Conv2d(2, 5, 3), nn.BatchNorm2d(5), nn.SiLU()], (2, 6, 5)),
    "batch norm plain": (lambda: [nn.BatchNorm2d(3, affine=False)], (3, 2, 2)),
    "standardise": (lambda: [Unstandardise(6), Standardise(6)], (6,)),
    "to image and back": (
        lambda: [
            nn.Linear(3, 2 * 4 * 3),
            nn.Unflatten(1, (2, 4, 3)),
            Unpool((7, 6)),
            nn.Conv2d(2, 3, 3, 1, 1),
            nn.LeakyReLU(),
            nn.ConvTranspose2d(3, 4, (3, 4), 2, 1),
            Pool(),
            nn.Flatten(),
            nn.Linear(4 * 7 * 6, 5),
        ],
        (3,),
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_equals_torch(runtime_page: Any, name: str) -> None:
    make, shape = OPERATIONS[name]
    chain = randomised(make())
    x = 1.7 * torch.randn(3, *shape, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = chain(x).numpy()
    assert expected.std() > 0.05, "the test would accept a constant"
    assert_runs_as(expected, runtime_page, pack(chain, shape), x)


@pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name in VARIANTS for shape in SHAPES if fits(VARIANTS[name], shape)], ids=str
)
def test_every_family_runs_in_the_browser(runtime_page: Any, name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape)
    randomise(model)
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(2, *shape, generator=generator)
    z = 1.5 * torch.randn(2, model.latent_dim, generator=generator)
    with torch.no_grad():
        x_hat, code = model.decode(z).numpy(), model.encode(x).numpy()
    assert x_hat.std() > 0.05
    assert_runs_as(x_hat, runtime_page, pack_decoder(model), z)
    assert_runs_as(code, runtime_page, pack(model.encoder_chain(), shape), x)


@pytest.mark.parametrize("kernel", KERNELS)
def test_networks_do_not_share_memory(runtime_page: Any, kernel: str) -> None:
    packed = [base64.b64encode(pack(randomised([nn.Linear(2, n), nn.Sigmoid()]), (2,))).decode() for n in (3, 4000)]
    first, kept, same = runtime_page.evaluate(
        """([[small, large], kernel]) => {
          const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const open = {simdKernel, javascriptKernel}[kernel];
          const a = new Network(bytes(small), open);
          const out = a.run([1, -1]);
          const first = [...out];
          new Network(bytes(small), open).run([-3, 2]);
          new Network(bytes(large), open).run([-3, 2]);
          return [first, [...out], out === a.run([0, 0])];
        }""",
        [packed, KERNELS[kernel]],
    )
    assert len(first) == 3
    assert first == kept
    assert same, "a call must not allocate a new output"


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
    [(kernel, outputs)] = run_with(runtime_page, packed, x, ["simdKernel"])
    assert kernel == "simd"
    assert_equal(outputs, expected)
    monkeypatch.setattr(packing, limits[name], int(0.99 * getattr(packing, limits[name])))
    with pytest.raises(ExplorerError, match="live decoding stops"):
        pack(layers, shape)


WITHOUT = {
    "WebAssembly": "delete globalThis.WebAssembly",
    "leave to compile": "WebAssembly.Module = function () { throw new WebAssembly.CompileError('blocked'); }",
    "enough memory": "WebAssembly.Memory.prototype.grow = () => { throw new RangeError('no memory'); }",
}


def check_plain_javascript_runs(page: Any, preparation: str = "") -> None:
    page.goto("about:blank")
    page.add_script_tag(content=f"{{ {preparation} }}")
    page.add_script_tag(content=shared_script())
    # Larger than what a kernel's memory has from the start.
    chain = randomised([nn.Linear(150, 300), nn.ReLU(), nn.Linear(300, 40)])
    x = torch.randn(2, 150, generator=torch.Generator().manual_seed(4))
    [(kernel, outputs)] = run_with(page, pack(chain, (150,)), x, ["fastestKernel"])
    assert kernel == "javascript"
    assert_equal(outputs, chain(x).detach().numpy())


@pytest.mark.parametrize("missing", WITHOUT)
def test_without_the_compiled_kernel_plain_javascript_runs(chromium: Any, missing: str) -> None:
    page = chromium.new_page()
    check_plain_javascript_runs(page, WITHOUT[missing])
    page.close()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the flag is for x86 processors")
def test_on_a_processor_without_simd_plain_javascript_runs(launch: Callable[..., Any]) -> None:
    browser = launch("--js-flags=--no-enable-sse4-1")
    check_plain_javascript_runs(browser.new_page())
    browser.close()


def test_with_it_the_compiled_kernel_runs(runtime_page: Any) -> None:
    chain = randomised([nn.Linear(2, 3)])
    [(kernel, _)] = run_with(runtime_page, pack(chain, (2,)), torch.zeros(1, 2), ["fastestKernel"])
    assert kernel == "simd"


@pytest.mark.parametrize("damage", ["foreign", "cut", "newer"])
def test_a_damaged_pack_is_refused(runtime_page: Any, damage: str) -> None:
    packed = pack([nn.Linear(2, 3)], (2,))
    if damage == "foreign":
        packed = b"PK\x03\x04" + packed[4:]
    elif damage == "cut":
        packed = packed[:-8]
    else:
        packed = packed.replace(b'"format":1', b'"format":9')
    message = runtime_page.evaluate(
        """(packed) => {
          try { new Network(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0))); return ''; }
          catch (error) { return error.message; }
        }""",
        base64.b64encode(packed).decode(),
    )
    assert {"foreign": "not a packed", "cut": "cut short", "newer": "not 9"}[damage] in message
