"""The convolutional family's two ways to decode when it unpools."""

from __future__ import annotations

import pydantic
import pytest
import torch
import torch.nn.functional as F

from explorer.core.errors import RecipeError
from explorer.models.convolutional import ConvolutionalAutoencoder, ConvolutionalConfig


def build(latent_dim: int = 4) -> ConvolutionalAutoencoder:
    torch.manual_seed(0)
    config = ConvolutionalConfig(channels=(3, 5), latent_dim=latent_dim, downsampling="pooled", upsampling="unpooling")
    return config.build((1, 9, 6))


def test_forward_uses_the_switches_of_its_own_input() -> None:
    """The whole pass written out with torch's own pooling and unpooling."""
    model, x = build(), torch.rand(4, 1, 9, 6)
    conv1, _, _, conv2, _, _, _, to_code = model.encoder
    from_code, _, unflatten, _, conv3, _, _, conv4 = model.decoder
    h1, s1 = F.max_pool2d(F.relu(conv1(x)), 2, ceil_mode=True, return_indices=True)
    h2, s2 = F.max_pool2d(F.relu(conv2(h1)), 2, ceil_mode=True, return_indices=True)
    up = F.max_unpool2d(unflatten(F.relu(from_code(to_code(h2.flatten(1))))), s2, 2, output_size=(5, 3))
    up = F.max_unpool2d(F.relu(conv3(up)), s1, 2, output_size=(9, 6))
    torch.testing.assert_close(model(x), torch.sigmoid(conv4(up)))


def test_where_things_are_reaches_forward_around_the_code_but_never_decode() -> None:
    """With a code that says nothing, forward still follows its input, and decode cannot."""
    model = build()
    with torch.no_grad():
        model.encoder[-1].weight.zero_()
        model.encoder[-1].bias.zero_()
    a, b = torch.rand(2, 1, 9, 6).split(1)
    assert torch.equal(model.encode(a), model.encode(b))
    assert torch.equal(model.decode(model.encode(a)), model.decode(model.encode(b)))
    assert not torch.equal(model(a), model(b))


def test_loss_trains_both_ways_of_decoding() -> None:
    model, x = build(), torch.rand(6, 1, 9, 6)
    with_switches, without = model(x[:3]), model.decode(model.encode(x[3:]))
    expected = (torch.cat([with_switches, without]) - x).square().sum() / 6
    torch.testing.assert_close(model.loss(x, x).total, expected)
    single = x[:1]
    torch.testing.assert_close(model.loss(single, single).total, (model(single) - single).square().sum())


def test_out_of_training_the_loss_is_that_of_each_items_reconstruction() -> None:
    """So that the mean over items is the mean of what each one has alone."""
    model, x = build().eval(), torch.rand(6, 1, 9, 6)
    alone = torch.stack([model.loss(item, item).total for item in x.split(1)])
    torch.testing.assert_close(alone, (model(x) - x).square().flatten(1).sum(1))
    torch.testing.assert_close(model.loss(x, x).total, alone.mean())
    torch.testing.assert_close(model.loss(x.flip(0), x.flip(0)).total, alone.mean())


def test_unpooling_needs_pooling() -> None:
    with pytest.raises(pydantic.ValidationError, match="needs downsampling 'pooled'"):
        ConvolutionalConfig(upsampling="unpooling")


@pytest.mark.parametrize("channels", [(), (0,), (4096,)])
def test_refuses_channels_that_make_no_layer(channels: tuple[int, ...]) -> None:
    with pytest.raises(pydantic.ValidationError, match="channels"):
        ConvolutionalConfig(channels=channels)


@pytest.mark.parametrize("upsampling", ["upsampling", "transposed"])
def test_along_a_window_convolutions_are_those_of_one_dimension(upsampling: str) -> None:
    """Both ways written out with torch's convolutions of one dimension, a channel for each column."""
    torch.manual_seed(0)
    config = ConvolutionalConfig(channels=(3, 5), latent_dim=4, window=9, upsampling=upsampling)
    model = config.build((18,)).eval()
    model.fit_input([torch.randn(50, 18)])
    x = torch.randn(6, 18)
    _, first, _, second, _, _, to_code = model.encoder
    line = ((x - model.input.mean) / model.input.std).view(6, 2, 9)
    for conv in (first, second):
        line = F.relu(F.conv1d(line, conv.weight[:, :, 0], conv.bias, stride=2, padding=1))
    z = to_code(line.flatten(1))
    torch.testing.assert_close(model.encode(x), z)
    from_code, _, _, *rest = model.decoder
    line = F.relu(from_code(z)).view(6, 5, 3)
    back = [layer for layer in rest if hasattr(layer, "weight")]
    for conv, size in zip(back, (5, 9), strict=True):
        if upsampling == "transposed":
            line = F.conv_transpose1d(line, conv.weight[:, :, 0], conv.bias, stride=2, padding=1)
        else:
            line = F.conv1d(F.interpolate(line, size, mode="nearest"), conv.weight[:, :, 0], conv.bias, padding=1)
        line = F.relu(line) if size == 5 else line
    torch.testing.assert_close(model.decode(z), line.flatten(1) * model.input.std + model.input.mean)


def test_items_that_are_no_whole_windows_are_refused_with_a_way_on() -> None:
    for shape, said in (((20,), "20 values"), ((1, 9, 6), "shape")):
        with pytest.raises(RecipeError, match=said) as refused:
            ConvolutionalConfig(window=9).build(shape)
        assert "dense" in refused.value.hint


def test_unpooling_is_no_way_back_to_windows() -> None:
    with pytest.raises(pydantic.ValidationError, match="unpooling' is for images"):
        ConvolutionalConfig(window=9, downsampling="pooled", upsampling="unpooling")
