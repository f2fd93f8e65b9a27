"""The browser's decoder runtime against PyTorch, operation by operation and for every registered family."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from explorer import checkpoints
from explorer.browser.pack import pack, pack_decoder
from explorer.latent import sampling
from explorer.models.blocks import Pool, Standardise, TiedLinear, Unpool, Unstandardise
from explorer.models.branches import Branches
from explorer.models.codebook import Codebook
from explorer.models.entries.activations import Erf
from explorer.models.entries.normalisation import Affine
from explorer.models.entries.resampling import Padding
from explorer.models.entries.shapes import Columns, Permute, Reshape
from tests.browser.runtime import KERNELS, assert_runs_as, randomise, randomised
from tests.models.test_contract import build, every_case_with_a_code


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
    "conv in groups": (lambda: [nn.Conv2d(4, 6, 3, padding=1, groups=2)], (4, 5, 6)),
    "conv by channel": (lambda: [nn.Conv2d(3, 3, 3, 2, 1, groups=3, bias=False)], (3, 6, 7)),
    "conv with gaps": (lambda: [nn.Conv2d(2, 3, (2, 3), padding=(1, 2), dilation=(3, 2))], (2, 9, 8)),
    "conv same, even": (lambda: [nn.Conv2d(2, 3, (4, 2), padding="same")], (2, 6, 5)),
    "conv reflected": (lambda: [nn.Conv2d(2, 3, 3, padding=(2, 1), padding_mode="reflect")], (2, 5, 4)),
    "conv replicated, in groups": (
        lambda: [nn.Conv2d(2, 4, 3, padding=1, padding_mode="replicate", groups=2)],
        (2, 5, 4),
    ),
    "conv around": (lambda: [nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular", dilation=1)], (1, 5, 4)),
    "transposed in groups": (lambda: [nn.ConvTranspose2d(4, 6, 3, 2, 1, groups=2, output_padding=1)], (4, 4, 5)),
    "transposed with gaps": (lambda: [nn.ConvTranspose2d(2, 3, 3, 2, 1, dilation=(2, 3))], (2, 4, 5)),
    "upsample bilinear": (lambda: [nn.Upsample(scale_factor=2, mode="bilinear")], (2, 4, 5)),
    "upsample to corners": (lambda: [nn.Upsample((9, 7), mode="bilinear", align_corners=True)], (2, 4, 3)),
    "upsample bicubic": (lambda: [nn.Upsample((9, 7), mode="bicubic")], (2, 4, 3)),
    "upsample by a part": (lambda: [nn.Upsample(scale_factor=1.3)], (2, 9, 7)),
    "pixel shuffle": (lambda: [nn.PixelShuffle(2)], (8, 3, 2)),
    "max pool": (lambda: [nn.MaxPool2d((3, 2), 2, 1, ceil_mode=True)], (2, 7, 6)),
    "max pool with gaps": (lambda: [nn.MaxPool2d(2, 1, dilation=2)], (2, 7, 6)),
    "mean pool": (lambda: [nn.AvgPool2d(3, 2, 1)], (2, 7, 6)),
    "mean pool, edges by themselves": (lambda: [nn.AvgPool2d(3, 2, 1, count_include_pad=False)], (2, 7, 6)),
    "adaptive mean": (lambda: [nn.AdaptiveAvgPool2d((3, 2))], (2, 7, 5)),
    "pad with a number": (lambda: [Padding((1, 0, 2, 1), value=0.5)], (2, 3, 4)),
    "pad, cut off": (lambda: [Padding((-1, 2, 0, -1))], (2, 3, 4)),
    "reflection pad": (lambda: [nn.ReflectionPad2d((1, 2, 0, 1))], (2, 3, 4)),
    "nearest entries": (lambda: [Codebook(9, 3)], (3, 4, 2)),
    "permute": (lambda: [Permute((2, 0, 1))], (2, 3, 4)),
    "columns": (lambda: [nn.Linear(5, 6), Columns(2, 5)], (5,)),
    "reshape": (lambda: [nn.Linear(5, 12), Reshape((3, 2, 2)), nn.Conv2d(3, 2, 1)], (5,)),
    "units": (lambda: [Affine.of([1.0, 2.0], 3.0, -1.0)], (2, 3, 2)),
    "one unit for all": (lambda: [Affine.of(0.5, 2.0, 1.0)], (2, 3, 2)),
    "layer norm": (lambda: [nn.Linear(5, 6), nn.LayerNorm(6)], (5,)),
    "layer norm of maps": (lambda: [nn.LayerNorm((3, 4))], (2, 3, 4)),
    "layer norm, plain": (lambda: [nn.LayerNorm((2, 3, 4), elementwise_affine=False)], (2, 3, 4)),
    "group norm": (lambda: [nn.GroupNorm(2, 6)], (6, 3, 4)),
    "group norm of features": (lambda: [nn.GroupNorm(2, 6, affine=False)], (6,)),
    "instance norm": (lambda: [nn.InstanceNorm2d(3, affine=True)], (3, 4, 5)),
    "gelu": (lambda: [nn.Linear(5, 40), nn.GELU()], (5,)),
    "gelu, far out": (lambda: [Affine.of(0.0, 8.0, 0.0), nn.GELU()], (60,)),
    "gelu by tanh": (lambda: [nn.Linear(5, 40), nn.GELU("tanh")], (5,)),
    "error function": (lambda: [Affine.of(0.0, 3.0, 0.0), Erf()], (60,)),
    "mish": (lambda: [Affine.of(0.0, 20.0, 0.0), nn.Mish()], (60,)),
    "softplus": (lambda: [Affine.of(0.0, 20.0, 0.0), nn.Softplus(2.0, 10.0)], (60,)),
    "softsign": (lambda: [nn.Softsign()], (9,)),
    "relu6": (lambda: [Affine.of(0.0, 6.0, 0.0), nn.ReLU6()], (30,)),
    "hardtanh": (lambda: [nn.Hardtanh(-0.5, 0.75)], (30,)),
    "hardsigmoid": (lambda: [Affine.of(0.0, 3.0, 0.0), nn.Hardsigmoid()], (30,)),
    "hardswish": (lambda: [Affine.of(0.0, 3.0, 0.0), nn.Hardswish()], (30,)),
    "selu": (lambda: [nn.SELU()], (30,)),
    "celu": (lambda: [nn.CELU(0.7)], (30,)),
    "prelu": (lambda: [nn.PReLU(3)], (3, 4, 2)),
    "prelu, one slope": (lambda: [nn.PReLU()], (3, 4, 2)),
    "residual": (lambda: [Branches([[], [nn.Linear(5, 5), nn.ReLU()]]), nn.ReLU()], (5,)),
    "residual, in place first": (lambda: [nn.Linear(5, 5), Branches([[nn.ReLU()], [nn.Tanh()], []])], (5,)),
    "residual in residual": (
        lambda: [
            nn.Conv2d(2, 3, 1),
            Branches(
                [
                    [nn.Conv2d(3, 3, 3, padding=1), Branches([[nn.SiLU()], [nn.Conv2d(3, 3, 1)]]), nn.ReLU()],
                    [Branches([[], [nn.Tanh()]], "product")],
                ]
            ),
        ],
        (2, 4, 5),
    ),
    "side by side": (lambda: [Branches([[nn.Linear(5, 2)], [nn.Linear(5, 3), nn.ReLU()], []], "concat")], (5,)),
    "gate": (lambda: [Branches([[], [nn.Conv2d(3, 3, 1), nn.Sigmoid()]], "product")], (3, 4, 2)),
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


@every_case_with_a_code
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


FOUND = sorted(checkpoints.folders()[-1].glob("*.safetensors"))
SHIPPED = [path.stem for path in FOUND if checkpoints.load_card(path).code_size]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_decoder_equals_torch(runtime_page: Any, name: str) -> None:
    checkpoint = checkpoints.load(name)
    z, _ = sampling.sample_codes(checkpoint, 5)
    x_hat = checkpoint.decode(z)
    assert x_hat.std() > 0.05
    assert_runs_as(x_hat, runtime_page, pack_decoder(checkpoint.model), torch.from_numpy(z))


@pytest.mark.parametrize("kernel", KERNELS)
def test_numbers_of_half_precision_arrive_as_they_are_in_half_the_bytes(runtime_page: Any, kernel: str) -> None:
    layer = nn.Linear(1, 2048)
    every = np.arange(0, 1 << 16, 32, dtype=np.uint16).view(np.float16)  # the smallest, the largest, and both signs
    halves = np.where(np.isfinite(every), every, 1).astype(np.float32)
    with torch.no_grad():
        layer.weight[:, 0], layer.bias[:] = torch.from_numpy(halves), 0.0
        packed = pack([layer], (1,))
        layer.weight[0, 0] = 0.1  # which has no end in half precision
        assert len(packed) < 0.7 * len(pack([layer], (1,)))
    arrived = runtime_page.evaluate(
        """([packed, kernel]) => [...new Network(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)),
          {simdKernel, javascriptKernel}[kernel]).run([1])]""",
        [base64.b64encode(packed).decode(), KERNELS[kernel]],
    )
    np.testing.assert_array_equal(np.array(arrived, np.float32), halves)


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


@pytest.mark.parametrize("damage", ["foreign", "cut", "newer"])
def test_a_damaged_pack_is_refused(runtime_page: Any, damage: str) -> None:
    packed = pack([nn.Linear(2, 3)], (2,))
    if damage == "foreign":
        packed = b"PK\x03\x04" + packed[4:]
    elif damage == "cut":
        packed = packed[:-8]
    else:
        packed = packed.replace(b'"format":2', b'"format":9')
    message = runtime_page.evaluate(
        """(packed) => {
          try { new Network(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0))); return ''; }
          catch (error) { return error.message; }
        }""",
        base64.b64encode(packed).decode(),
    )
    assert {"foreign": "not a packed", "cut": "cut short", "newer": "not 9"}[damage] in message
