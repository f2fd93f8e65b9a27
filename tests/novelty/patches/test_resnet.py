"""ResNet-18's features against a network of PyTorch's own layers, and files that hold something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from explorer.core.errors import CheckpointError, ExplorerError
from explorer.novelty.patches.resnet import MEAN, SHAPES, STD, ResNetFeatures


class Block(nn.Module):
    """The basic block of He et al. 2016, table 1, with the names of torchvision."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x: Tensor) -> Tensor:
        own = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(own + (x if self.downsample is None else self.downsample(x)))


class Whole(nn.Module):
    """All four stages and the classifier, as files hold them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(Block(64, 64, 1), Block(64, 64, 1))
        self.layer2 = nn.Sequential(Block(64, 128, 2), Block(128, 128, 1))
        self.layer3 = nn.Sequential(Block(128, 256, 2), Block(256, 256, 1))
        self.layer4 = nn.Sequential(Block(256, 512, 2), Block(512, 512, 1))
        self.fc = nn.Linear(512, 1000)

    def stages(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        second = self.layer2(self.layer1(x))
        return second, self.layer3(second)


@pytest.fixture(scope="module")
def whole() -> Whole:
    """With random weights, and statistics that are not those of a new layer."""
    torch.manual_seed(0)
    network = Whole().eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
    return network


@pytest.fixture(scope="module")
def file(whole: Whole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "resnet18.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in whole.state_dict().items()}, path)
    return path


def test_features_are_those_of_the_published_network(whole: Whole, file: Path) -> None:
    image = torch.rand(3, 90, 130, generator=torch.Generator().manual_seed(1))
    features = ResNetFeatures.open(file)(image)
    mean, std = (torch.tensor(of)[:, None, None] for of in (MEAN, STD))
    with torch.no_grad():
        second, third = whole.stages(((image - mean) / std)[None])
        second, third = (nn.functional.avg_pool2d(of, 3, 1, 1) for of in (second, third))
        third = nn.functional.interpolate(third, second.shape[2:], mode="bilinear", align_corners=False)
    assert features.shape == (384, 12, 17)
    torch.testing.assert_close(features[:128], second[0], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(features[128:], third[0], rtol=1e-4, atol=1e-4)


def test_grey_is_all_colours_alike(file: Path) -> None:
    network, grey = ResNetFeatures.open(file), torch.rand(1, 40, 48, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(network(grey), network(grey.expand(3, -1, -1)))
    with pytest.raises(ExplorerError, match="20x40 pixels are too small"):
        network(torch.zeros(1, 40, 20))


def test_a_fingerprint_is_of_the_weights_that_are_used(whole: Whole, file: Path, tmp_path: Path) -> None:
    used = {name: tensor.contiguous() for name, tensor in whole.state_dict().items() if name in SHAPES}
    save_file(used, tmp_path / "used.safetensors")
    first, second = (
        ResNetFeatures.open(file).fingerprint,
        ResNetFeatures.open(tmp_path / "used.safetensors").fingerprint,
    )
    assert first == second
    other = used | {"bn1.bias": used["bn1.bias"] + 1e-3}
    save_file(other, tmp_path / "other.safetensors")
    assert ResNetFeatures.open(tmp_path / "other.safetensors").fingerprint != first


def test_what_is_no_resnet_18_is_named(whole: Whole, tmp_path: Path) -> None:
    state = {name: tensor.contiguous() for name, tensor in whole.state_dict().items()}

    def refused(tensors: dict[str, Tensor]) -> str:
        save_file(tensors, tmp_path / "w.safetensors")
        with pytest.raises(CheckpointError) as error:
            ResNetFeatures.open(tmp_path / "w.safetensors")
        assert "ResNet-18" in error.value.hint or "Copy" in error.value.hint
        return error.value.message

    assert "'layer3.1.bn2.bias' is missing." in refused({k: v for k, v in state.items() if k != "layer3.1.bn2.bias"})
    assert f"and {len(SHAPES) - 1} more of its {len(SHAPES)} tensors" in refused(
        {"patch_embed.weight": torch.zeros(2, 2)}
    )
    bottleneck = state | {"layer1.0.conv1.weight": torch.zeros(64, 64, 1, 1)}
    assert "'layer1.0.conv1.weight' has the shape (64, 64, 1, 1), not (64, 64, 3, 3)" in refused(bottleneck)
    deeper = state | {"layer2.3.conv1.weight": torch.zeros(128, 128, 3, 3)}
    assert "a deeper network than ResNet-18: 'layer2.3.conv1.weight'" in refused(deeper)
    broken = state | {"conv1.weight": torch.full((64, 3, 7, 7), float("nan"))}
    assert "'conv1.weight' that is no number" in refused(broken)
    with pytest.raises(CheckpointError, match="no file"):
        ResNetFeatures.open(tmp_path / "nothing.safetensors")
    torch.save(state, tmp_path / "w.pth")
    with pytest.raises(CheckpointError, match=r"pickle|not a safetensors"):
        ResNetFeatures.open(tmp_path / "w.pth")
