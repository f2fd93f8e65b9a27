"""The browser's decoder runtime against PyTorch, operation by operation and for every registered family."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.models.blocks import Pool, Standardise, TiedLinear, Unpool, Unstandardise
from explorer.ui.live.pack import pack, pack_decoder
from tests.models.test_contract import SHAPES, VARIANTS, build, fits

pytestmark = pytest.mark.browser

RUNTIME = Path(inspect.getfile(pack)).with_name("runtime.js")
TOLERANCE = 1e-4

RUN_IN_BROWSER = """
({packed, items}) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const pack = bytes(packed);
  const shifted = new Uint8Array(pack.length + 1);  // as they arrive from a message: at an odd address
  shifted.set(pack, 1);
  const network = new Network(shifted.subarray(1));
  const raw = bytes(items);
  const all = new Float32Array(raw.buffer);
  const size = network.input.length;
  const outputs = [];
  for (let at = 0; at < all.length; at += size) outputs.push(...network.run(all.subarray(at, at + size)));
  return {outputs, shape: network.outputShape};
}
"""


@pytest.fixture(scope="module")
def runtime_page(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page()
    page.goto("about:blank")
    page.add_script_tag(content=RUNTIME.read_text("utf-8"))
    yield page
    page.close()


def run_in_browser(page: Any, packed: bytes, x: Tensor) -> np.ndarray:
    items = x.detach().contiguous().numpy().astype("<f4").tobytes()
    answer = page.evaluate(
        RUN_IN_BROWSER,
        {"packed": base64.b64encode(packed).decode(), "items": base64.b64encode(items).decode()},
    )
    return np.array(answer["outputs"], dtype=np.float64).reshape(len(x), *answer["shape"])


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


def assert_equal(found: np.ndarray, expected: np.ndarray) -> None:
    # Relative above 1: columns of tables come out in their own units, where float32 itself steps by 1e-4.
    assert found.shape == expected.shape
    assert (np.abs(found - expected) / np.maximum(1, np.abs(expected))).max() < TOLERANCE


def tied() -> list[nn.Module]:
    encoder = nn.Linear(11, 6)
    return [encoder, nn.Tanh(), TiedLinear(encoder)]


OPERATIONS: dict[str, tuple[Callable[[], list[nn.Module]], tuple[int, ...]]] = {
    "linear": (lambda: [nn.Linear(7, 9)], (7,)),
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
    found = run_in_browser(runtime_page, pack(chain, shape), x)
    assert_equal(found, expected)


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
    assert_equal(run_in_browser(runtime_page, pack_decoder(model), z), x_hat)
    assert_equal(run_in_browser(runtime_page, pack(model.encoder_chain(), shape), x), code)


def test_outputs_of_two_networks_do_not_alias(runtime_page: Any) -> None:
    packed = base64.b64encode(pack(randomised([nn.Linear(2, 3), nn.Sigmoid()]), (2,))).decode()
    first, kept, same = runtime_page.evaluate(
        """(packed) => {
          const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
          const a = new Network(bytes), b = new Network(bytes);
          const out = a.run([1, -1]);
          const first = [...out];
          b.run([-3, 2]);
          return [first, [...out], out === a.run([0, 0])];
        }""",
        packed,
    )
    assert first == kept
    assert same, "a call must not allocate a new output"


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
