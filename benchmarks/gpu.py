"""What an accelerator brings: training, half precision, compilation, and a million encodings, in one run of minutes.

    python benchmarks/gpu.py [--device auto] [--minutes 8] [--items 1000000] [--write]

Each row is measured on the device and on the processor of the same machine, one after the other in one process.
Training: steps of 512 grey pictures of 28x28 (the pixels are noise: time does not depend on what they show), of a dense
VAE, a convolutional autoencoder and a large dense one, in float32, with bfloat16, and with torch.compile (its
compilation is counted apart). Encoding and decoding go through ``Checkpoint.on(device)``, from and to arrays in memory,
as the commands do. Where the time is up, what is left is named and not measured. Without an accelerator the table has
the processor alone.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from results_file import write_section
from trained import trained

from explorer.checkpoints import with_codes
from explorer.core.devices import device_called
from explorer.data import Dataset, Splits, fingerprint
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Step

MODELS: dict[str, dict[str, Any]] = {
    "dense VAE, 784-512-32": {"family": "variational", "hidden": [512], "latent_dim": 32},
    "convolutional, 32-64 channels": {"family": "convolutional", "channels": [32, 64], "latent_dim": 32},
    "dense, 784-4096-2048-64": {"family": "undercomplete", "hidden": [4096, 2048], "latent_dim": 64},
}
WAYS: dict[str, dict[str, Any]] = {
    "float32": {},
    "bfloat16": {"precision": "bfloat16"},
    "float32, compiled": {"compile": True},
    "bfloat16, compiled": {"precision": "bfloat16", "compile": True},
}
BATCH, STEPS, WARM_STEPS, SECONDS = 512, 200, 20, 15.0


def noise(x: np.ndarray) -> Dataset:
    """Items that are all learnt from."""
    nothing = np.empty(0, np.int64)
    return Dataset(
        "noise", "Noise", x, None, (), Splits(np.arange(len(x)), nothing, nothing, ""), "", "", fingerprint(x, None)
    )


def wait_for(device: torch.device) -> None:
    """Until the device has done what it was asked for."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def items_a_second(model: dict[str, Any], way: dict[str, Any], device: torch.device) -> tuple[float, float]:
    """Of training, after the first steps; and the seconds that those took."""
    x = np.random.default_rng(0).integers(0, 256, (20 * BATCH, 1, 28, 28), np.uint8)
    settings = {"epochs": 10_000, "batch_size": BATCH, "device": device.type, **way}
    recipe = Recipe.parse({"name": "gpu", "data": {"dataset": "noise"}, "model": model, "training": settings})
    steps = (event for event in train(recipe, noise(x)) if isinstance(event, Step))
    start = time.perf_counter()
    list(itertools.islice(steps, WARM_STEPS))
    wait_for(device)
    warm, done = time.perf_counter(), 0
    while done < STEPS and time.perf_counter() - warm < SECONDS:
        done += len(list(itertools.islice(steps, 10)))
    wait_for(device)
    end = time.perf_counter()
    steps.close()
    return done * BATCH / (end - warm), warm - start


def coded(model: dict[str, Any], device: torch.device, n: int) -> tuple[float, float]:
    """Items encoded and decoded a second, arrays in and out."""
    x = np.random.default_rng(1).integers(0, 256, (n, 1, 28, 28), np.uint8)
    few = noise(x[: 4 * BATCH])
    settings = {"epochs": 1, "batch_size": BATCH, "device": device.type}
    recipe = Recipe.parse({"name": "gpu", "data": {"dataset": "noise"}, "model": model, "training": settings})
    checkpoint = with_codes(trained(train(recipe, few))).on(device.type)
    checkpoint.decode(checkpoint.encode(x[:BATCH]))
    start = time.perf_counter()
    z = checkpoint.encode(x)
    middle = time.perf_counter()
    for part in range(0, n, 50_000):  # pictures of a million codes at once are 3 GB
        checkpoint.decode(z[part : part + 50_000])
    return n / (middle - start), n / (time.perf_counter() - middle)


def rows(devices: list[torch.device], items: int, until: float) -> Iterator[str]:
    """The table's rows, as long as there is time."""
    for title, model in MODELS.items():
        for way, settings in WAYS.items():
            for device in devices:
                what = f"training: {title}, {way} | {device.type}"
                if time.monotonic() > until:
                    yield f"| {what} | not measured: the time was up | |"
                    continue
                try:
                    speed, warm = items_a_second(model, settings, device)
                except RuntimeError as error:  # a compiler that is not there, or memory
                    yield f"| {what} | not possible here: {str(error).splitlines()[0][:80]} | |"
                    continue
                yield f"| {what} | {speed:,.0f} | {warm:.1f} |"
    for title, model in MODELS.items():
        for device in devices:
            n = items if device.type != "cpu" else min(items, 50_000)
            what = f"{n:,} items: {title} | {device.type}"
            if time.monotonic() > until:
                yield f"| {what} | not measured: the time was up | |"
                continue
            encoded, decoded = coded(model, device, n)
            yield f"| encoding {what} | {encoded:,.0f} | |"
            yield f"| decoding {what} | {decoded:,.0f} | |"


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    parser.add_argument("--minutes", type=float, default=8, help="after so many nothing more is begun")
    parser.add_argument("--items", type=int, default=1_000_000, help="to encode and decode on an accelerator")
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    device = device_called(options.device)
    devices = [device] if device.type == "cpu" else [device, torch.device("cpu")]
    name = torch.cuda.get_device_name() if device.type == "cuda" else platform.processor() or device.type
    lines = [f"{name}, PyTorch {torch.__version__}, {torch.get_num_threads()} threads of the processor.", ""]
    lines += ["| what | device | items a second | first steps, s |", "|---|---|---|---|"]
    print("\n".join(lines), flush=True)
    for line in rows(devices, options.items, time.monotonic() + 60 * options.minutes):
        lines.append(line)
        print(line, flush=True)
    if options.write:
        write_section("gpu", lines)


if __name__ == "__main__":
    main()
