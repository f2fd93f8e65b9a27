"""How time and memory of a training grow with the items and with the processes that train together.

    python benchmarks/scale.py [--folder FOLDER] [--sizes 10000 100000 1000000] [--write]

Grey pictures of 28x28 in one NPY file; at the largest size also of 48x48, which is more than is held in memory (2 GiB)
and is read from the file batch by batch. Each is trained on for one epoch by one process and by two (one thread each,
Accelerate on the CPU), batches of 256, a dense model of 784-256-16. The pixels are noise: time and memory do not depend
on what they show. Items a second are of the epoch's steps (seven tenths of the items are learnt from), processor time
is of all processes from their start to their end, memory is the most of one process (pages of the file among them,
which the system takes back where it needs them).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from results_file import write_section

RECIPE = """name = "scale"
[data]
dataset = '{data}'
[model]
family = "undercomplete"
hidden = [256]
latent_dim = 16
[training]
epochs = 1
batch_size = 256
device = "cpu"
"""
SIDE, LARGE_SIDE = 28, 48
BLOCK = 1000
TOGETHER = ["-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
TOGETHER += ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]


def written(folder: Path, n: int, side: int) -> Path:
    """A file of n pictures, written where it is not there yet."""
    path = folder / f"pictures-{n}-{side}.npy"
    if not path.exists():
        array = np.lib.format.open_memmap(path, "w+", np.uint8, (n, 1, side, side))
        for start in range(0, n, BLOCK):
            shape = (min(BLOCK, n - start), 1, side, side)
            array[start : start + BLOCK] = np.random.default_rng(start).integers(0, 256, shape, np.uint8)
    return path


def trained(folder: Path, data: Path, processes: int) -> tuple[float, float, float]:
    """Items learnt from a second, processor seconds of all processes, and the most MiB of one of them."""
    run = folder / f"run-{data.stem}-{processes}-{time.time_ns()}"
    recipe = folder / "scale.toml"
    recipe.write_text(RECIPE.format(data=data), encoding="utf-8")
    command = [sys.executable, *(TOGETHER if processes > 1 else []), "-m", "explorer", "train", str(recipe)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "EXPLORER_CACHE": str(folder / "cache")}
    process = subprocess.Popen(
        [*command, "--run-dir", str(run)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    launched = psutil.Process(process.pid)
    most, spent = 0, {}
    while process.poll() is None:
        for one in (launched, *launched.children(recursive=True)):
            try:
                most, times = max(most, one.memory_info().rss), one.cpu_times()
            except psutil.Error:
                continue
            spent[one.pid] = times.user + times.system
        time.sleep(0.1)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}.")
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    (epoch,) = (event for event in events if event["event"] == "epoch")
    return epoch["items_per_second"], sum(spent.values()), most / (1 << 20)


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where data and runs are kept; a temporary one by default")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    lines = ["| items | pixels | bytes | processes | items/s | processor s | MiB a process |"]
    lines.append("|" + "---|" * 7)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        kinds = [*((n, SIDE) for n in options.sizes), (max(options.sizes), LARGE_SIDE)]
        for n, side in kinds:
            data = written(folder, n, side)
            for processes in (1, 2):
                speed, spent, most = trained(folder, data, processes)
                size = f"{n * side * side / (1 << 30):.2f} GiB"
                lines.append(
                    f"| {n:,} | {side}x{side} | {size} | {processes} | {speed:,.0f} | {spent:.0f} |"
                    f" {math.ceil(most):,} |"
                )
                print(lines[-1], flush=True)
    lines.append(
        f"\n{platform.processor() or platform.machine()}, {os.cpu_count()} processors, load"
        f" {os.getloadavg()[1]:.1f} at the end."
    )
    print("\n".join(lines))
    if options.write:
        write_section("scale", lines)


if __name__ == "__main__":
    main()
