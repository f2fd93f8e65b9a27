"""Architectures of other programs as checkpoints here: the table of models from elsewhere in docs/results.md.

    python benchmarks/interop.py [--only TEXT] [--write]

Those of Pythae are built by Pythae where it is installed (``pip install --no-deps pythae`` beside this program's own
packages), those of PyTorch-VAE by their published layer sizes. Weights are random with a seed: what is measured is
whether codes and pictures are those of the modules themselves, not how good they are. Each goes in as torch modules and
once more through ONNX files. Per architecture: weights, the largest difference of codes and of pictures on 16 random
items (relative where values are above 1), seconds of processor time to the checkpoint and from its file to the first
decoded picture, whether it decodes live in the browser, how many of the pages show it with its items, and the seconds
of processor time that the slowest of those takes, on the server (``foreign_pages``): 60 are allowed.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import itertools
import pathlib
import platform
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from foreign_pages import LIMIT_S, pages_of
from results_file import section, write_section
from torch import Tensor, nn

from explorer import adoption, checkpoints
from explorer.browser.pack import can_run_live
from explorer.core.errors import ExplorerError
from explorer.data.user_data import from_array
from explorer.ui.shell.frame import PAGES

NAME = "benchmarks/interop.py"
ITEMS = 64
COMPARED = 16


@dataclass(frozen=True)
class Architecture:
    """A model of another program.

    Args:
        name: its program and its own name.
        shape: of its items.
        make: encoder and decoder, untrained.
        pixels: what black and white are for it.
    """

    name: str
    shape: tuple[int, ...]
    make: Callable[[], tuple[nn.Module, nn.Module]]
    pixels: tuple[float, float] = (0.0, 1.0)


# --- Pythae ----------------------------------------------------------------------------------------------------------

PYTHAE = {"mnist": (1, 28, 28), "cifar": (3, 32, 32), "celeba": (3, 64, 64)}


def of_pythae() -> Iterator[Architecture]:
    """The encoders and decoders of Pythae 0.1.2 whose code is a vector."""
    if importlib.util.find_spec("pythae") is None:
        print("Pythae is not installed: its architectures are left out.")
        return
    from pythae.models import AEConfig, VAEConfig
    from pythae.models.nn import default_architectures

    def config(kind: type, shape: tuple[int, ...]) -> Any:
        return kind(input_dim=shape, latent_dim=16)

    for kind, of in (("AE", AEConfig), ("VAE", VAEConfig)):

        def dense(kind: str = kind, of: type = of) -> tuple[nn.Module, nn.Module]:
            settings = config(of, (1, 28, 28))
            encoder = getattr(default_architectures, f"Encoder_{kind}_MLP")(settings)
            return encoder, default_architectures.Decoder_AE_MLP(settings)

        yield Architecture(f"Pythae {kind} MLP", (1, 28, 28), dense)
    for data, shape in PYTHAE.items():
        module = importlib.import_module(f"pythae.models.nn.benchmarks.{data}")
        for body in ("Conv", "ResNet"):
            for kind in ("AE", "VAE", "SVAE"):

                def made(
                    module: Any = module, body: str = body, kind: str = kind, data: str = data, shape: Any = shape
                ) -> tuple[nn.Module, nn.Module]:
                    settings = config(AEConfig, shape)
                    encoder = getattr(module, f"Encoder_{body}_{kind}_{data.upper()}")(settings)
                    return encoder, getattr(module, f"Decoder_{body}_AE_{data.upper()}")(settings)

                yield Architecture(f"Pythae {body} {kind} {data.upper()}", shape, made)


# --- PyTorch-VAE, by its published layer sizes ---


class _Encoder(nn.Module):
    """Strided convolutions with batch normalisation, then mean and log variance, as a list."""

    def __init__(self, channels: list[int], kernel: int, norm: bool, features: int, latent_dim: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        n_in = 3
        for n_out in channels:
            normalise = [nn.BatchNorm2d(n_out)] if norm else []
            layers += [nn.Conv2d(n_in, n_out, kernel, 2, 1), *normalise, nn.LeakyReLU()]
            n_in = n_out
        self.encoder = nn.Sequential(*layers)
        self.fc = None if norm else nn.Sequential(nn.Linear(features, 256), nn.LeakyReLU(0.2))
        self.fc_mu = nn.Linear(features if norm else 256, latent_dim)
        self.fc_var = nn.Linear(features if norm else 256, latent_dim)

    def forward(self, x: Tensor) -> list[Tensor]:
        h = torch.flatten(self.encoder(x), start_dim=1)
        h = h if self.fc is None else self.fc(h)
        return [self.fc_mu(h), self.fc_var(h)]


class _Decoder(nn.Module):
    """The way back, to pixels from -1 to 1."""

    def __init__(self, channels: list[int], side: int, latent_dim: int) -> None:
        super().__init__()
        self.first, self.side = channels[0], side
        self.decoder_input = nn.Linear(latent_dim, channels[0] * side * side)
        layers: list[nn.Module] = []
        for n_in, n_out in itertools.pairwise(channels):
            layers += [
                nn.ConvTranspose2d(n_in, n_out, 3, 2, 1, output_padding=1),
                nn.BatchNorm2d(n_out),
                nn.LeakyReLU(),
            ]
        last = channels[-1]
        self.decoder = nn.Sequential(*layers)
        self.final_layer = nn.Sequential(
            nn.ConvTranspose2d(last, last, 3, 2, 1, output_padding=1),
            nn.BatchNorm2d(last),
            nn.LeakyReLU(),
            nn.Conv2d(last, 3, 3, padding=1),
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        h = self.decoder_input(z).view(-1, self.first, self.side, self.side)
        return self.final_layer(self.decoder(h))


def of_pytorch_vae() -> Iterator[Architecture]:
    """VanillaVAE, whose body beta-VAE, DIP, InfoVAE, log-cosh, WAE, MIWAE and others share, and BetaTCVAE."""
    wide = [32, 64, 128, 256, 512]

    def vanilla() -> tuple[nn.Module, nn.Module]:
        return _Encoder(wide, 3, True, 512 * 4, 128), _Decoder(wide[::-1], 2, 128)

    def total_correlation() -> tuple[nn.Module, nn.Module]:
        return _Encoder([32] * 4, 4, False, 32 * 16, 10), _Decoder([32] * 4, 4, 10)

    yield Architecture("PyTorch-VAE VanillaVAE", (3, 64, 64), vanilla, (-1, 1))
    yield Architecture("PyTorch-VAE BetaTCVAE", (3, 64, 64), total_correlation, (-1, 1))


# --- others that people write ---


class _Block(nn.Module):
    """x + a normalised, gated two-layer body."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.GroupNorm(8, channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.GroupNorm(8, channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


def of_others() -> Iterator[Architecture]:
    """Bodies in the manner of latent diffusion's autoencoder, of LayerNorm MLPs, and of mobile networks."""

    def diffusion() -> tuple[nn.Module, nn.Module]:
        encoder = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1),
            _Block(32),
            nn.Conv2d(32, 64, 3, 2, 1),
            _Block(64),
            nn.Conv2d(64, 64, 3, 2, 1),
            nn.GroupNorm(8, 64),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(64 * 64, 64),
        )
        decoder = nn.Sequential(
            nn.Linear(32, 64 * 64),
            nn.Unflatten(1, (64, 8, 8)),
            _Block(64),
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Conv2d(64, 32, 3, padding=1),
            _Block(32),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(32, 3, 3, padding=1, padding_mode="reflect"),
            nn.Tanh(),
        )
        return encoder, decoder

    def layer_norms() -> tuple[nn.Module, nn.Module]:
        def block(n_in: int, n_out: int) -> list[nn.Module]:
            return [nn.Linear(n_in, n_out), nn.LayerNorm(n_out), nn.GELU()]

        encoder = nn.Sequential(nn.Flatten(), *block(784, 256), *block(256, 64), nn.Linear(64, 2))
        return encoder, nn.Sequential(*block(2, 64), *block(64, 256), nn.Linear(256, 784), nn.Sigmoid())

    def depthwise() -> tuple[nn.Module, nn.Module]:
        encoder = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1),
            nn.Hardswish(),
            nn.Conv2d(16, 16, 3, 2, 1, groups=16),
            nn.Conv2d(16, 32, 1),
            nn.Mish(),
            nn.AvgPool2d(3, 2, 1),
            nn.Flatten(),
            nn.Linear(512, 8),
        )
        decoder = nn.Sequential(
            nn.Linear(8, 32 * 49),
            nn.Softplus(),
            nn.Unflatten(1, (32, 7, 7)),
            nn.Conv2d(32, 64, 3, padding=2, dilation=2),
            nn.PixelShuffle(4),
            nn.ReplicationPad2d(1),
            nn.Conv2d(4, 1, 3),
            nn.Sigmoid(),
        )
        return encoder, decoder

    yield Architecture("GroupNorm, SiLU, residual, halves", (3, 32, 32), diffusion, (-1, 1))
    yield Architecture("LayerNorm, GELU MLP", (1, 28, 28), layer_norms)
    yield Architecture("depthwise, dilated, pixel shuffle", (1, 28, 28), depthwise)


# --- measuring ---


def seeded(module: nn.Module) -> nn.Module:
    """In evaluation mode, with statistics that leave no batch normalisation near the identity."""
    generator = torch.Generator().manual_seed(0)
    for layer in module.eval().modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.normal_(std=0.2, generator=generator)  # type: ignore[union-attr]  # it keeps statistics
            layer.running_var.uniform_(0.5, 2.0, generator=generator)  # type: ignore[union-attr]  # it keeps statistics
    return module


def measured(architecture: Architecture, folder: pathlib.Path, by_onnx: bool) -> dict[str, Any]:
    """The row of one architecture."""
    torch.manual_seed(0)
    encoder, decoder = (seeded(module) for module in architecture.make())
    images = np.random.default_rng(0).integers(0, 256, (ITEMS, *architecture.shape)).astype(np.uint8)
    dataset = from_array(images, "random")
    low, high = architecture.pixels
    x = torch.from_numpy(images[:COMPARED]).float() / 255 * (high - low) + low
    with torch.no_grad():
        code, size = mean_of(encoder(x)), None
        size = latent_of(decoder, code)
        expected_code = code[:, :size]
        expected = (tensor_of(decoder(expected_code)).reshape(x.shape) - low) / (high - low)
    start = time.process_time()
    if by_onnx and size != code.shape[1]:
        return {}  # which half is the mean is told where both modules are there
    if by_onnx:
        files = exported(encoder, (2, *architecture.shape)), exported(decoder, (2, size))
        chains = adoption.of_onnx(
            adoption.OnnxTensors(files[0], "encoder.onnx", "x", ("y0",)),
            adoption.OnnxTensors(files[1], "decoder.onnx", "x", ("y0",)),
            architecture.shape,
        )
        adopted = adoption.checkpoint_of_parts("onnx", chains, dataset, pixels=architecture.pixels)
    else:
        path = folder / "adopted.safetensors"
        adopted = adoption.adopt(
            "adopted",
            encoder=encoder,
            decoder=decoder,
            data=dataset,
            pixels=architecture.pixels,
            path=path,
            overwrite=True,
        )
    seconds = time.process_time() - start
    start = time.process_time()
    if not by_onnx:
        adopted = checkpoints.with_codes(checkpoints.load(path))
    picture = adopted.decode(expected_code.numpy())
    return {
        "weights": adopted.card.weights,
        "code": adopted.latent_dim,
        "codes": difference(adopted.encode(images[:COMPARED]), expected_code.numpy()),
        "pictures": difference(picture, expected.numpy()),
        "seconds in": seconds,
        "to a picture": time.process_time() - start,
        "live": can_run_live(adopted.model) or "yes",
        "pages": "" if by_onnx else shown_on_pages(folder, images),
    }


def shown_on_pages(folder: pathlib.Path, images: np.ndarray) -> str:
    """The two cells about the pages: how many show it, and which takes longest."""
    np.savez(folder / "items.npz", x=images)
    shown = pages_of(folder / "adopted.safetensors", folder / "items.npz")
    for page, said in shown.refused.items():
        print(f"{page}: {said}")
    late = sorted(page for page, seconds in shown.seconds.items() if seconds > LIMIT_S)
    within = f"{len(shown.seconds) - len(late)} of {len(PAGES)}{f', late: {late}' if late else ''}"
    return f"{within} | {shown.seconds[shown.slowest]:.1f} ({shown.slowest})"


def mean_of(result: Any) -> Tensor:
    """The codes among what an encoder returns."""
    if isinstance(result, Tensor):
        return result
    return result["embedding"] if hasattr(result, "keys") else result[0]


def tensor_of(result: Any) -> Tensor:
    """The items among what a decoder returns."""
    return result if isinstance(result, Tensor) else next(iter(result.values()))


def latent_of(decoder: nn.Module, code: Tensor) -> int:
    """How many numbers of a code the decoder takes: all, or half where log variances follow."""
    try:
        decoder(code[:1])
    except RuntimeError:
        return code.shape[1] // 2
    return code.shape[1]


class _First(nn.Module):
    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        result = self.module(x)
        if isinstance(result, Tensor):
            return result
        return (
            mean_of(result)
            if "embedding" in getattr(result, "keys", list)() or isinstance(result, list)
            else tensor_of(result)
        )


def exported(module: nn.Module, shape: tuple[int, ...]) -> bytes:
    """An ONNX file of a module's first result, as torch writes it."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _First(module).eval(),
            (torch.zeros(shape),),
            file,  # type: ignore[arg-type]  # the tracing exporter writes to files as well
            dynamo=False,
            opset_version=17,
            input_names=["x"],
            output_names=["y0"],
            dynamic_axes={"x": {0: "n"}, "y0": {0: "n"}},
        )
    return file.getvalue()


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """The largest, relative where values are above 1."""
    return float((np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))).max())


def rows_of(lines: Sequence[str], title: Sequence[str]) -> dict[str, list[str]]:
    """Architecture -> its row in a table that stands there already; none where that has other columns."""
    if list(lines[: len(title)]) != list(title):
        return {}
    return {line.split("|")[1].strip(): [line] for line in lines[len(title) :] if line.startswith("|")}


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="architectures whose name holds this text")
    parser.add_argument("--write", action="store_true", help="into docs/results.md, where rows of others stay")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    head = (
        "architecture",
        "weights",
        "code",
        "codes",
        "pictures",
        "through ONNX",
        "CPU s in",
        "CPU s to a picture",
        "live",
        f"pages within {LIMIT_S} s",
        "CPU s, slowest",
    )
    title = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    kept = rows_of(section(NAME), title)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for architecture in (*of_pythae(), *of_pytorch_vae(), *of_others()):
            if arguments.only not in architecture.name:
                lines += kept.get(architecture.name, [])
                continue
            try:
                row = measured(architecture, pathlib.Path(folder), by_onnx=False)
                other = measured(architecture, pathlib.Path(folder), by_onnx=True)
            except ExplorerError as error:
                lines.append(f"| {architecture.name} | refused: {error} |" + " |" * (len(head) - 2))
                print(lines[-1], flush=True)
                continue
            through = f"{max(other['codes'], other['pictures']):.0e}" if other else "-"
            live = row["live"] if row["live"] == "yes" else row["live"].split(";")[0]
            apart = f"{row['codes']:.0e} | {row['pictures']:.0e} | {through}"
            times = f"{row['seconds in']:.1f} | {row['to a picture']:.2f}"
            cells = (architecture.name, f"{row['weights']:,}", row["code"], apart, times, live, row["pages"])
            lines.append(f"| {' | '.join(map(str, cells))} |")
            print(lines[-1], flush=True)
    if arguments.write:
        note = f"Measured on {platform.machine()}, CPU, one thread, torch {torch.__version__}."
        write_section(NAME, [*title, *lines, "", note])


if __name__ == "__main__":
    main()
