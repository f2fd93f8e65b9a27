"""The pack and the envelope as bytes: layout, alignment, limits, and what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from explorer.browser import pack as packing
from explorer.browser.envelope import Sections, digest, seal
from explorer.core.errors import ExplorerError
from explorer.models.blocks import Standardise, TiedLinear, Unpool
from explorer.models.convolutional import PairedPool, PairedUnpool
from explorer.models.undercomplete import UndercompleteConfig
from explorer.models.variational import VariationalConfig


def opened(packed: bytes) -> tuple[dict, bytes]:
    assert packed[:4] == b"AEXP"
    length = int.from_bytes(packed[4:8], "little")
    return json.loads(packed[8 : 8 + length]), packed[8 + length :]


def tensor(header: dict, body: bytes, layer: int, name: str) -> np.ndarray:
    offset, count, size = header["layers"][layer]["tensors"][name]
    return np.frombuffer(body, f"<f{size}", count, offset).astype(np.float32)


def test_header_and_weights_of_an_mlp() -> None:
    first, second = nn.Linear(2, 5), nn.Linear(5, 12)
    header, body = opened(packing.pack([first, nn.ReLU(), second, nn.Unflatten(1, (3, 2, 2)), nn.Sigmoid()], (2,)))
    assert header["format"] == packing.FORMAT
    assert (header["input"], header["output"]) == ([2], [3, 2, 2])
    assert [layer["op"] for layer in header["layers"]] == ["linear", "activation", "linear", "activation"]
    assert [layer.get("kind") for layer in header["layers"]] == [None, "relu", None, "sigmoid"]
    assert (header["layers"][2]["in"], header["layers"][2]["out"]) == ([5], [12])
    np.testing.assert_array_equal(tensor(header, body, 2, "weight"), second.weight.detach().numpy().ravel())
    np.testing.assert_array_equal(tensor(header, body, 0, "bias"), first.bias.detach().numpy())
    assert len(body) == header["weight_bytes"]


def test_every_tensor_is_aligned() -> None:
    # Odd counts of 4-byte numbers, so that only padding can put the next one at a multiple of 8.
    packed = packing.pack([nn.Linear(3, 1), nn.Linear(1, 5), nn.Linear(5, 7)], (3,))
    header, body = opened(packed)
    assert (len(packed) - len(body)) % 8 == 0
    offsets = [place[0] for layer in header["layers"] for place in layer["tensors"].values()]
    assert len(offsets) == 6
    assert all(offset % 8 == 0 for offset in offsets)


def test_a_tied_layer_is_packed_transposed_with_its_own_bias() -> None:
    encoder = nn.Linear(4, 2)
    tied = TiedLinear(encoder)
    tied.bias.data.copy_(torch.arange(4.0))
    header, body = opened(packing.pack([tied], (2,)))
    expected = encoder.weight.detach().numpy().T
    np.testing.assert_array_equal(tensor(header, body, 0, "weight").reshape(4, 2), expected)
    np.testing.assert_array_equal(tensor(header, body, 0, "bias"), [0, 1, 2, 3])


def test_batch_norm_is_folded_to_its_formula() -> None:
    norm = nn.BatchNorm2d(2).eval()
    assert norm.running_mean is not None
    assert norm.running_var is not None
    norm.running_mean.copy_(torch.tensor([1.0, -2.0]))
    norm.running_var.copy_(torch.tensor([4.0, 0.25]))
    norm.weight.data.copy_(torch.tensor([3.0, 5.0]))
    norm.bias.data.copy_(torch.tensor([0.5, 0.75]))
    header, body = opened(packing.pack([norm], (2, 3, 3)))
    assert header["layers"][0]["inner"] == 9
    expected = [3 / math.sqrt(4 + 1e-5), 5 / math.sqrt(0.25 + 1e-5)]
    np.testing.assert_allclose(tensor(header, body, 0, "scale"), expected, rtol=1e-6)
    np.testing.assert_array_equal(tensor(header, body, 0, "subtract"), [1, -2])
    np.testing.assert_array_equal(tensor(header, body, 0, "add"), [0.5, 0.75])


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Softmax(1), (3,)),
        (nn.LSTM(3, 3), (3,)),
        (nn.Upsample(scale_factor=2), (1, 4)),
        (nn.InstanceNorm2d(2, track_running_stats=True), (2, 4, 4)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_a_layer_outside_the_set_is_named(layer: nn.Module, shape: tuple[int, ...]) -> None:
    with pytest.raises(ExplorerError) as caught:
        packing.pack([nn.Identity(), layer], shape)
    assert str(layer) in caught.value.message
    assert caught.value.hint


def test_a_layer_that_does_not_fit_the_one_before_is_named() -> None:
    reason = packing.can_run_live(Model(3, nn.Linear(3, 4), nn.Conv2d(4, 2, 3)))
    assert reason is not None
    assert "takes no items of shape (4,)" in reason
    assert "Conv2d" in reason


@pytest.mark.parametrize("layer", [nn.BatchNorm1d(3), nn.Dropout()])
def test_training_mode_is_refused(layer: nn.Module) -> None:
    with pytest.raises(ExplorerError, match="training mode"):
        packing.pack([layer], (3,))


class Model:
    """The part of a model that packing asks for."""

    def __init__(self, latent_dim: int, *chain: nn.Module) -> None:
        self.latent_dim = latent_dim
        self.chain = [module.eval() for module in chain]

    def decoder_chain(self) -> list[nn.Module]:
        return self.chain


def test_a_decoder_that_fits_can_run_live() -> None:
    model = Model(2, nn.Linear(2, 8), nn.Unflatten(1, (2, 2, 2)), Unpool((4, 4)), nn.Conv2d(2, 1, 3, padding=1))
    assert packing.can_run_live(model) is None
    assert packing.pack_decoder(model)[:4] == b"AEXP"


def test_multiply_adds_are_counted_and_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    # 2 * 32 in the linear layer, 9 * 2 * 16 in the convolution of 4 x 4 positions.
    model = Model(2, nn.Linear(2, 32), nn.Unflatten(1, (2, 4, 4)), nn.Conv2d(2, 1, 3, padding=1))
    needed = 2 * 32 + 9 * 2 * 16
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", needed)
    assert packing.can_run_live(model) is None
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", needed - 1)
    assert "multiply-adds" in str(packing.can_run_live(model))
    with pytest.raises(ExplorerError, match="multiply-adds"):
        packing.pack_decoder(model)


def test_transposed_convolution_counts_its_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = nn.ConvTranspose2d(3, 5, 4, 2, 1)
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", 3 * 5 * 16 * (6 * 7))
    packing.pack([layer], (3, 6, 7))
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", 3 * 5 * 16 * (6 * 7) - 1)
    with pytest.raises(ExplorerError, match="multiply-adds"):
        packing.pack([layer], (3, 6, 7))


@pytest.mark.parametrize(
    ("enlarge", "multiply_adds"),
    [
        (nn.Upsample(size=(6, 8)), 3 * 5 * 16 * 12),  # 16 weights meet each small input, not 9 each of its 4 copies
        (nn.Upsample(scale_factor=2), 3 * 5 * 16 * 12),
        (Unpool((6, 8)), 3 * 5 * 9 * 12),
        (Unpool((5, 7)), 3 * 5 * 9 * 12),
        (nn.Upsample(size=(6, 9)), 3 * 5 * 9 * 54),  # no doubling: upsampled, then convolved
    ],
    ids=str,
)
def test_enlarging_and_convolving_becomes_one_transposed_convolution(
    monkeypatch: pytest.MonkeyPatch, enlarge: nn.Module, multiply_adds: int
) -> None:
    chain = [enlarge, nn.Conv2d(3, 5, 3, padding=1)]
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", multiply_adds)
    packing.pack(chain, (3, 3, 4))
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", multiply_adds - 1)
    with pytest.raises(ExplorerError, match="multiply-adds"):
        packing.pack(chain, (3, 3, 4))


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("enlarge", [nn.Upsample(size=(6, 8)), Unpool((6, 8)), Unpool((5, 7))], ids=str)
def test_the_one_transposed_convolution_gives_what_the_two_layers_give(enlarge: nn.Module, bias: bool) -> None:
    torch.manual_seed(0)
    conv = nn.Conv2d(3, 5, 3, padding=1, bias=bias)
    header, body = opened(packing.pack([enlarge, conv], (3, 3, 4)))
    (layer,) = header["layers"]
    assert layer["op"] == "conv_transpose"
    # One row for each (output channel, kernel position).
    weight = torch.tensor(tensor(header, body, 0, "weight")).view(-1, 3).t().reshape(3, 5, *layer["kernel"])
    x = torch.randn(2, 3, 3, 4)
    with torch.no_grad():
        expected = conv(enlarge(x))
        smallest = nn.functional.conv_transpose2d(x, weight, None, layer["stride"], layer["padding"]).shape[2:]
        extra = [wanted - least for wanted, least in zip(layer["out"][1:], smallest, strict=True)]
        added = torch.tensor(tensor(header, body, 0, "bias")) if bias else None
        got = nn.functional.conv_transpose2d(x, weight, added, layer["stride"], layer["padding"], extra)
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


def test_values_between_layers_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    # 2 x 3 x 4 in, 5 x 2 x 4 out, and the patches of one row: 2 * 2 * 3 values at each of 4 positions.
    layer = nn.Conv2d(2, 5, (2, 3), padding=(0, 1))
    monkeypatch.setattr(packing, "MAX_WORKING_VALUES", 24 + 40 + 48)
    packing.pack([layer], (2, 3, 4))
    monkeypatch.setattr(packing, "MAX_WORKING_VALUES", 24 + 40 + 48 - 1)
    with pytest.raises(ExplorerError, match="between its layers"):
        packing.pack([layer], (2, 3, 4))


def test_a_picture_without_weights_is_limited_too() -> None:
    model = Model(4, nn.Unflatten(1, (1, 2, 2)), nn.Upsample((6000, 6000)))
    assert "between its layers" in str(packing.can_run_live(model))


def test_weights_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_BYTES", 4 * (3 * 4 + 4) - 1)
    assert "of weights" in str(packing.can_run_live(Model(3, nn.Linear(3, 4))))


def test_an_unsupported_decoder_gives_its_reason() -> None:
    assert "Softmax" in str(packing.can_run_live(Model(3, nn.Linear(3, 4), nn.Softmax(1))))


def test_an_encoder_is_packed_from_item_to_code() -> None:
    model = UndercompleteConfig(hidden=(5,), latent_dim=3).build((1, 4, 2)).eval()
    header, _ = opened(packing.pack_encoder(model))
    assert (header["input"], header["output"]) == ([1, 4, 2], [3])


def test_a_posterior_is_packed_as_means_and_then_log_variances() -> None:
    model = VariationalConfig(hidden=(), latent_dim=2).build((1, 2, 2)).eval()
    header, body = opened(packing.pack_encoder(model))
    assert header["output"] == [4]
    expected = torch.cat([model.mu.weight, model.logvar.weight]).detach().numpy()
    np.testing.assert_array_equal(tensor(header, body, 0, "weight").reshape(4, 4), expected)
    expected = torch.cat([model.mu.bias, model.logvar.bias]).detach().numpy()
    np.testing.assert_array_equal(tensor(header, body, 0, "bias"), expected)


def test_remembered_switches_count_as_values_between_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    # 2 x 4 x 6 in and out again, 2 x 2 x 3 pooled, and a switch for each of these.
    pool = PairedPool(0)
    chain = [pool, PairedUnpool(pool, (4, 6))]
    monkeypatch.setattr(packing, "MAX_WORKING_VALUES", 48 + 12 + 12 + 48)
    header, _ = opened(packing.pack(chain, (2, 4, 6)))
    assert [layer["level"] for layer in header["layers"]] == [0, 0]
    monkeypatch.setattr(packing, "MAX_WORKING_VALUES", 48 + 12 + 12 + 48 - 1)
    with pytest.raises(ExplorerError, match="autoencoder keeps"):
        packing.pack(chain, (2, 4, 6), "autoencoder")


def test_an_encoder_too_large_for_the_browser_gives_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    model = VariationalConfig(hidden=(8,), latent_dim=2).build((1, 4, 4)).eval()
    assert packing.can_encode_live(model) is None
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", 16 * 8 + 8 * 4 - 1)
    assert "This encoder needs" in str(packing.can_encode_live(model))
    # The encoder and then the decoder: means only, 2 to 8 to 16.
    monkeypatch.setattr(packing, "MAX_MULTIPLY_ADDS", 16 * 8 + 8 * 2 + 2 * 8 + 8 * 16 - 1)
    assert "This autoencoder needs" in str(packing.can_encode_live(model))


def test_standardising_keeps_the_digits_of_large_means() -> None:
    layer = Standardise(1)
    layer.mean.fill_(1e6)
    layer.std.fill_(0.5)
    header, body = opened(packing.pack([layer], (1,)))
    subtract, scale, add = (float(tensor(header, body, 0, name)[0]) for name in ("subtract", "scale", "add"))
    assert (1e6 + 1 - subtract) * scale + add == 2


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_an_envelope_gives_back_its_sections(payloads: list[bytes]) -> None:
    sections = Sections()
    marks = [sections.add(payload, "Uint8Array", (len(payload),)) for payload in payloads]
    blob = seal({"title": "ü − π", "n": 3, "files": marks}, sections)
    start = 4 + int.from_bytes(blob[:4], "little")
    header = json.loads(blob[4:start])
    assert (header["title"], header["n"]) == ("ü − π", 3)
    assert start % 8 == 0
    assert len(header["files"]) == len(payloads)
    for payload, mark in zip(payloads, header["files"], strict=True):
        offset, length, name_of_content, array, shape = mark["$section"]
        assert offset % 8 == 0
        assert blob[start + offset : start + offset + length] == payload
        assert (name_of_content, array, shape) == (digest(payload), "Uint8Array", [len(payload)])


def test_an_envelope_refuses_what_the_browser_cannot_read() -> None:
    with pytest.raises(ValueError, match="JSON"):
        seal({"value": math.nan}, Sections())
