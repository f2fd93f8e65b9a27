"""Photo denoising measured on Set12 and BSD68, beside methods that need no training; and its speed.

    EXPLORER_DATA=FOLDER python benchmarks/denoising.py [--write] [--sets set12 bsd68] [CHECKPOINT]
    EXPLORER_DATA=FOLDER python benchmarks/denoising.py [--write] photo-denoiser-colour
    EXPLORER_DATA=FOLDER python benchmarks/denoising.py --verdicts [--write] [CHECKPOINT]
    python benchmarks/denoising.py --speed [--megapixels 12] [CHECKPOINT]

FOLDER holds the grey test photos as FOLDER/set12 and FOLDER/bsd68; a checkpoint of colour photos is measured on the
test photos of the set that it was trained on. Gaussian noise is neither clipped nor rounded, every method sees the same
noisy photos, and PSNR is the mean over photos. The strength of each method without training is chosen on the
checkpoint's own validation photos. `bm3d` takes part where it is installed (its licence is not free).
--verdicts counts what `denoising.evidence` says of photos of BSD68 under noise of many kinds, and how often it is
right. --speed prints seconds a megapixel and the peak memory of a process that denoises one large photo.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import io
import os
import pathlib
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache, partial

import numpy as np
import torch
from PIL import Image
from results_file import write_section
from scipy import ndimage
from skimage import data as pictures

from explorer import checkpoints, data, denoising
from explorer.checkpoints import Checkpoint
from explorer.core.row_samples import spread_sample
from explorer.data.crops import Crops
from explorer.denoising.classical import TUNING_FACTORS
from explorer.denoising.no_reference import POOR, region_means
from explorer.denoising.photo import highest_level
from explorer.io.images import to_uint8

SETS = {"set12": "Set12", "bsd68": "BSD68"}
COLOUR_SET = "bsds400-colour"
LEVELS = (15, 25, 50)
OVERLAPPING = "04.png"
"""The photo of Set12 that Train400 has a piece of (left out of training here)."""
PEAKS = (4, 30, 120)
TUNING_PHOTOS = 8
SPEED_CROP = 384

Method = Callable[[np.ndarray, float], np.ndarray]
"""(C, H, W) noisy photo, noise level in units where white is 1 -> (1, H, W)."""


# --- photos and figures ----------------------------------------------------------------------------------------------


@cache
def photos(name: str) -> tuple[tuple[str, np.ndarray], ...]:
    """(file name, (C, H, W) float32) of every photo of a set; of the colour set, of those kept aside for testing."""
    if name == COLOUR_SET:
        dataset = data.dataset(name)
        return tuple((f"row {row}", dataset.tensor([row]).numpy()[0]) for row in dataset.splits.test)
    folder = pathlib.Path(os.environ["EXPLORER_DATA"]) / name
    files = sorted(folder.glob("*.png"))
    if not files:
        raise SystemExit(f"There are no photos in {folder}.")
    return tuple((file.name, np.asarray(Image.open(file), np.float32)[None] / 255) for file in files)


def with_noise(x: np.ndarray, level: float, number: int) -> np.ndarray:
    """Gaussian noise, the same for each method."""
    noise = np.random.default_rng([int(level), number]).standard_normal(x.shape)
    return (x + level / 255 * noise).astype(np.float32)


def psnr(x: np.ndarray, x_hat: np.ndarray) -> float:
    """In dB, of a value range of 1."""
    return float(-10 * np.log10(np.mean(np.square(x - x_hat, dtype=np.float64))))


def measured(method: Method, name: str, level: float, leave_out: str = "", given: float | None = None) -> float:
    """Mean PSNR over a set at a noise level; ``given`` is what the method is told it is."""
    told = level if given is None else given
    values = [
        psnr(x, method(with_noise(x, level, number), told / 255))
        for number, (file, x) in enumerate(photos(name))
        if file != leave_out
    ]
    return float(np.mean(values))


# --- methods ---------------------------------------------------------------------------------------------------------


def network(checkpoint: Checkpoint) -> Method:
    """The photo denoiser, told the level."""
    return lambda y, sigma: denoising.denoise_photo(checkpoint, y, sigma)


def classical(name: str, factors: dict[float, float]) -> Method:
    """A method of ``denoising.REGISTRY``, told the level times a factor that was found for it."""
    method = denoising.REGISTRY[name]
    return lambda y, sigma: method.denoise(y, factors[round(sigma * 255)] * sigma)


def tuned_factors(name: str, tuning: np.ndarray) -> dict[float, float]:
    """The best factor at each level on (n, 1, H, W) photos that nothing is measured on."""
    method = denoising.REGISTRY[name]

    def quality(level: float, factor: float) -> float:
        noisy = [with_noise(x, level, 1000 + i) for i, x in enumerate(tuning)]
        cleaned = [method.denoise(y, factor * level / 255) for y in noisy]
        return float(np.mean([psnr(x, x_hat) for x, x_hat in zip(tuning, cleaned, strict=True)]))

    return {level: max(TUNING_FACTORS, key=lambda factor: quality(level, factor)) for level in LEVELS}


def bm3d_method() -> Method | None:
    """BM3D (Dabov et al. 2007) by its authors' package, where it is installed."""
    if importlib.util.find_spec("bm3d") is None:
        return None
    import bm3d

    def denoise(y: np.ndarray, sigma: float) -> np.ndarray:
        if len(y) == 1:
            return bm3d.bm3d(y[0], sigma)[None].astype(np.float32)
        return bm3d.bm3d_rgb(y.transpose(1, 2, 0), sigma).transpose(2, 0, 1).astype(np.float32)

    return denoise


def methods(checkpoint: Checkpoint) -> Iterable[tuple[str, Method]]:
    """Every method with its name, the checkpoint first."""
    yield f"`{checkpoint.name}`", network(checkpoint)
    bm3d = bm3d_method()
    if bm3d is not None:
        yield "`bm3d` package", bm3d
    part = checkpoint.card.recipe.data
    dataset = part.open()
    rows = spread_sample(dataset.splits.validation, TUNING_PHOTOS)
    tuning = dataset.tensor(rows).numpy()
    for name, method in denoising.REGISTRY.items():
        yield method.title, classical(name, tuned_factors(name, tuning))


# --- tables ----------------------------------------------------------------------------------------------------------


def gaussian_table(checkpoint: Checkpoint, names: list[str]) -> list[str]:
    """PSNR of every method at every level."""
    heads = [f"{SETS.get(name, '')} {level}".strip() for name in names for level in LEVELS]
    if "set12" in names:
        heads.append("Set12 25, without 04")
    lines = [f"| method | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    for title, method in methods(checkpoint):
        values = [measured(method, name, level) for name in names for level in LEVELS]
        if "set12" in names:
            values.append(measured(method, "set12", 25, leave_out=OVERLAPPING))
        lines.append(f"| {title} | {' | '.join(f'{value:.2f}' for value in values)} |")
        print(lines[-1], flush=True)
    return lines


def wrong_level_table(checkpoint: Checkpoint, name: str) -> list[str]:
    """PSNR where the level told is wrong, and where it is estimated."""
    method = network(checkpoint)

    def blind(y: np.ndarray, _: float) -> np.ndarray:
        return method(y, denoising.estimate_noise(y).value)

    lines = [
        f"| true level ({SETS[name]}) | told 30 % too little | told the truth | told 30 % too much | estimated |",
        "|---|---|---|---|---|",
    ]
    for level in LEVELS:
        values = [measured(method, name, level, given=factor * level) for factor in (0.7, 1, 1.3)]
        values.append(measured(blind, name, level))
        lines.append(f"| {level} | {' | '.join(f'{value:.2f}' for value in values)} |")
        print(lines[-1], flush=True)
    return lines


def poisson_table(checkpoint: Checkpoint, name: str) -> list[str]:
    """PSNR on photon noise, through the transform and without it."""
    lines = [
        f"| photons at white ({SETS[name]}) | noisy | as if Gaussian, level estimated | by the Anscombe transform |",
        "|---|---|---|---|",
    ]
    for peak in PEAKS:
        rows = []
        for number, (_, x) in enumerate(photos(name)):
            y = (np.random.default_rng([peak, number]).poisson(x * peak) / peak).astype(np.float32)
            plain = denoising.denoise_photo(checkpoint, y, denoising.estimate_noise(y).value)
            rows.append([psnr(x, z) for z in (y, plain, denoising.denoise_poisson(checkpoint, y, peak))])
        lines.append(f"| {peak} | {' | '.join(f'{value:.2f}' for value in np.mean(rows, axis=0))} |")
        print(lines[-1], flush=True)
    return lines


def measured_note() -> str:
    """When and on what."""
    today = datetime.date.today().isoformat()
    return f"Measured {today} on {platform.machine()}, CPU, torch {torch.__version__}, seeds by photo and level."


def colour_tables(checkpoint: Checkpoint) -> list[str]:
    """PSNR on colour photos."""
    return [*gaussian_table(checkpoint, [COLOUR_SET]), "", measured_note()]


def tables(checkpoint: Checkpoint, sets: list[str]) -> list[str]:
    """Every table of grey photos with its sentence."""
    return [
        "Mean PSNR in dB, Gaussian noise of the level in grey levels of 255, which every method is told:",
        "",
        *gaussian_table(checkpoint, sets),
        "",
        "When the level is not known, or wrong:",
        "",
        *wrong_level_table(checkpoint, sets[0]),
        "",
        "Photon (Poisson) noise:",
        "",
        *poisson_table(checkpoint, sets[0]),
        "",
        measured_note(),
    ]


# --- verdicts --------------------------------------------------------------------------------------------------------

VERDICT_PHOTOS, VERDICT_CROP = 24, 256
Spoil = Callable[[np.ndarray, int], np.ndarray]
"""A photo and its number -> the photo with noise."""


def draws(number: int) -> np.random.Generator:
    """The generator of one photo's noise."""
    return np.random.default_rng([77, number])


def through_jpeg(x: np.ndarray, quality: int) -> np.ndarray:
    """What a JPEG file keeps of a photo."""
    out = io.BytesIO()
    Image.fromarray(np.rint(np.clip(x[0], 0, 1) * 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out), np.float32)[None] / 255


def smooth_noise(x: np.ndarray, number: int) -> np.ndarray:
    """Noise whose neighbouring pixels are alike."""
    return x + ndimage.gaussian_filter(draws(number).standard_normal(x.shape), (0, 0.7, 0.7)) * 60 / 255


def wild_pixels(x: np.ndarray, number: int) -> np.ndarray:
    """Three pixels of a hundred black or white, Gaussian noise of 10 on the others."""
    random = draws(number)
    return np.where(random.random(x.shape) < 0.03, random.integers(0, 2, x.shape), with_noise(x, 10, number))


def verdict_photos() -> list[np.ndarray]:
    """The middles of some photos of BSD68."""
    chosen = spread_sample(np.arange(len(photos("bsd68"))), VERDICT_PHOTOS)
    middle = Crops(VERDICT_CROP).centre
    return [middle(torch.from_numpy(photos("bsd68")[i][1])[None])[0].numpy() for i in chosen]


def spoilers() -> dict[str, tuple[Spoil, float | None, bool]]:
    """Kind of noise -> how it is made, the level told (None: estimated), whether the model was trained on it."""
    trained: dict[str, tuple[Spoil, float | None, bool]] = {
        f"Gaussian {level}, estimated": (partial(with_noise_of, level), None, True) for level in (5, 15, 25, 50, 70)
    }
    return trained | {
        "Gaussian 25, saved with 8 bits": (lambda x, i: to_uint8(with_noise(x, 25, i)) / 255, None, True),
        "Gaussian 25, told 15": (partial(with_noise_of, 25), 15, False),
        "Gaussian 25, told 40": (partial(with_noise_of, 25), 40, False),
        "Gaussian 110": (partial(with_noise_of, 110), None, False),
        "Gaussian, blurred": (smooth_noise, None, False),
        "Gaussian 25, then JPEG of quality 60": (lambda x, i: through_jpeg(with_noise(x, 25, i), 60), None, False),
        "Poisson, 30 photons at white": (lambda x, i: draws(i).poisson(30 * x) / 30, None, False),
        "speckle 0.25": (lambda x, i: x * (1 + 0.25 * draws(i).standard_normal(x.shape)), None, False),
        "3 % wild pixels": (wild_pixels, None, False),
    }


def with_noise_of(level: float, x: np.ndarray, number: int) -> np.ndarray:
    """``with_noise``, the level first."""
    return with_noise(x, level, number)


def verdict_table(checkpoint: Checkpoint) -> list[str]:
    """What is said of each kind of noise, and how often that is right.

    Of noise that was trained on, "trust" is right where at most a twentieth of the regions are as poor as those to be
    checked, and "check" where most of the regions shown are. Of other noise, all but "trust" is right.
    """
    lines = [
        "| noise | trust | check | outside | right | expected PSNR, less the true one |",
        "|---|---|---|---|---|---|",
    ]
    for title, (spoil, told, is_trained_on) in spoilers().items():
        counts, right, off = dict.fromkeys(("trust", "check", "outside"), 0), 0, []
        for number, x in enumerate(verdict_photos()):
            y = spoil(x, number).astype(np.float32)
            picture = denoising.NoisyPicture(y)
            sigma = picture.noise.value if told is None else told / 255
            clean = partial(denoising.denoise_photo, checkpoint, sigma=sigma)
            x_hat = clean(y)
            quality = denoising.no_reference_quality(clean, picture, x_hat, sigma, highest_level(checkpoint))
            said = quality.verdict.split()[0]
            counts[said] += 1
            poor = np.sqrt(region_means(np.square(x_hat - x)[0])) > 0.9 * POOR * sigma
            as_said = poor.mean() <= 0.05 if said == "trust" else said == "check" and poor[quality.regions].mean() > 0.5
            right += as_said if is_trained_on else said != "trust"
            off.append(quality.psnr - psnr(x, x_hat))
        error_text = f"{np.mean(off):+.1f} ± {np.std(off):.1f} dB"
        lines.append(f"| {title} | {' | '.join(map(str, counts.values()))} | {right} of {len(off)} | {error_text} |")
        print(lines[-1], flush=True)
    return lines


# --- speed -----------------------------------------------------------------------------------------------------------


def large_photo(megapixels: float) -> np.ndarray:
    """A noisy 4:3 colour photo of so many megapixels, out of mirrored copies of a free one."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = round(height * 4 / 3)
    small = pictures.astronaut().transpose(2, 0, 1).astype(np.float32)[:, :height, :width] / 255
    missing = [(0, 0), (0, height - small.shape[1]), (0, width - small.shape[2])]
    return with_noise(np.pad(small, missing, mode="symmetric"), 25, 0)


def timed_alone(name: str, megapixels: float, fast: bool) -> None:
    """Denoise one large photo and print seconds and peak memory; run in a process of its own."""
    checkpoint, y = checkpoints.load(name), large_photo(megapixels)
    y = y if checkpoint.event_shape[0] == 3 else y.mean(0, keepdims=True)
    start = time.perf_counter()
    denoising.denoise_photo(checkpoint, y, 25 / 255, fast=fast)
    seconds = time.perf_counter() - start
    print(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def speed(name: str, megapixels: float) -> None:
    """Seconds a megapixel beside bm3d on the same picture, and the peak memory."""
    each = {}
    for precision, flags in {"float32": (), "bfloat16": ("--fast",)}.items():
        command = [sys.executable, __file__, name, "--alone", "--megapixels", str(megapixels), *flags]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        seconds, mebibytes = map(float, done.stdout.split())
        each[precision] = seconds / megapixels
        print(
            f"{name}, {precision}: {megapixels:g} megapixels in {seconds:.1f} s, {each[precision]:.2f} s a megapixel,"
            f" peak memory {mebibytes:.0f} MiB",
            flush=True,
        )
    bm3d = bm3d_method()
    if bm3d is None:
        print("bm3d is not installed, so there is nothing to compare with.")
        return
    channels = checkpoints.load_card(name).data.event_shape[0]
    crop = large_photo(1)[:channels, :SPEED_CROP, :SPEED_CROP]
    start = time.perf_counter()
    for plane in crop:
        bm3d(plane[None], 25 / 255)
    other = (time.perf_counter() - start) / (SPEED_CROP**2 / 1e6)
    ratios = ", ".join(f"{other / seconds:.1f} ({precision})" for precision, seconds in each.items())
    print(f"bm3d: {other:.1f} s a megapixel on a crop of {SPEED_CROP}x{SPEED_CROP}; so many times as long: {ratios}")


def main() -> None:
    """Print the tables or the speed, and put the tables into docs/results.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", nargs="?", default="photo-denoiser-grey", help="a name or a file")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--write", action="store_true", help="replace the tables in docs/results.md")
    parser.add_argument("--verdicts", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--fast", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.alone:
        timed_alone(args.checkpoint, args.megapixels, args.fast)
        return
    if args.speed:
        speed(args.checkpoint, args.megapixels)
        return
    checkpoint = checkpoints.load(args.checkpoint)
    if args.verdicts:
        name, lines = "verdicts", verdict_table(checkpoint)
    elif checkpoint.event_shape[0] == 3:
        name, lines = "colour", colour_tables(checkpoint)
    else:
        name, lines = "benchmarks/denoising.py", tables(checkpoint, args.sets)
    if args.write:
        write_section(name, lines)


if __name__ == "__main__":
    main()
