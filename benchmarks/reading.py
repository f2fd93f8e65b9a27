"""How long a table takes to open and how much memory, beside pandas and pyarrow alone; in processes of their own.

Seconds are of the processor, all threads together, so that other work on the machine changes them little.

python benchmarks/reading.py [--rows 200000] [--columns 30]
"""

from __future__ import annotations

import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

READERS = ("contract", "dataset", "pandas", "pyarrow")


def written(folder: pathlib.Path, rows: int, columns: int) -> pathlib.Path:
    """A CSV file of normal numbers with five decimals."""
    path = folder / "table.csv"
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{i}" for i in range(columns)) + "\n")
        for start in range(0, rows, 10_000):
            block = random.normal(size=(min(10_000, rows - start), columns))
            np.savetxt(file, block, "%.5f", ",")
    return path


def read(reader: str, path: str) -> float:
    """Seconds of the processor that one reader takes, imports left out."""
    if reader == "contract":
        from explorer.data.table_rows import open_rows

        start = time.process_time()
        for _ in open_rows(pathlib.Path(path), "table.csv").chunks():
            pass
    elif reader == "dataset":
        from explorer import data

        start = time.process_time()
        data.dataset(path)
    elif reader == "pandas":
        import pandas as pd

        start = time.process_time()
        pd.read_csv(path)
    else:
        from pyarrow import csv

        start = time.process_time()
        csv.read_csv(path)
    return time.process_time() - start


def main() -> None:
    """Print seconds and peak memory of each reader, and the ratio to pyarrow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--alone", nargs=2, metavar=("READER", "PATH"))
    chosen = parser.parse_args()
    if chosen.alone:
        seconds = read(*chosen.alone)
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = written(pathlib.Path(folder), chosen.rows, chosen.columns)
        print(f"{chosen.rows:,} rows, {chosen.columns} columns, {path.stat().st_size / 1e6:.0f} MB")
        figures = {}
        for reader in READERS:
            command = [sys.executable, __file__, "--alone", reader, str(path)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            figures[reader] = float(answer[0]), float(answer[1])
        for reader, (seconds, peak) in figures.items():
            print(f"{reader:10s} {seconds:6.2f} s  {peak:6.0f} MiB  {seconds / figures['pyarrow'][0]:5.1f} x pyarrow")


if __name__ == "__main__":
    main()
