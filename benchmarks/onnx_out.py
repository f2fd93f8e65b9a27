"""Detectors as ONNX files against themselves: the table of exported detectors in docs/results.md.

    python benchmarks/onnx_out.py [--write]

Detectors of shipped data, one of each kind of score that leaves as ONNX; 10,000 items each: all items of the data, then
these again with noise of a tenth of white, or of each column's standard deviation, until there are so many. Per
detector: bytes of its file, alarms at a rate of 5 %, alarms that differ by onnxruntime, the largest difference of a
score (relative where it is above 1), and milliseconds of processor time for 1,000 items by onnxruntime and here.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from results_file import write_section

from explorer import checkpoints, data
from explorer.core.agreement import apart
from explorer.data import Dataset
from explorer.data.encoding import TableEncoding
from explorer.export.onnx_files import detector_file
from explorer.export.onnx_files.detectors import AT_ONCE, _images, _rows
from explorer.export.onnx_files.writing import OnnxRun
from explorer.novelty import REGISTRY, examples
from explorer.novelty import detector as detectors
from explorer.novelty.detector import Detector
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.scores.scorer import Scorer

ITEMS, FIT, CALIBRATE = 10_000, 800, 800
OF_IMAGES = ("knn", "pca", "ecod", "isolation-forest", "one-class-svm", "local-error", "negative-elbo", "combined-max")
OF_ROWS = ("knn", "ecod", "masked-columns", "latent-distance", "combined-mean")


def filled_up(dataset: Dataset) -> np.ndarray:
    """(ITEMS, *event) float32: all items, then these with noise."""
    x = dataset.x.astype(np.float32) / (255 if dataset.kind == "image" else 1)
    random = np.random.Generator(np.random.PCG64(0))
    spread = 0.1 if dataset.kind == "image" else 0.1 * x.std(0)
    copies = -(-ITEMS // len(x))
    noisy = [x, *(x + spread * random.standard_normal(x.shape).astype(np.float32) for _ in range(copies - 1))]
    every = np.concatenate(noisy)[:ITEMS]
    return every.clip(0, 1) if dataset.kind == "image" else every


def fitted(name: str, dataset: Dataset, model: str) -> Detector:
    """A detector of shipped data by one score."""
    checkpoint = checkpoints.with_codes(checkpoints.load(model))
    is_table = dataset.kind == "table"
    normal, others = dataset.x[: len(dataset) // 2][:FIT], dataset.x[len(dataset) // 2 :][:CALIBRATE]
    scorer: Scorer = REGISTRY[name].for_checkpoint(checkpoint).fit(normal)
    card = DetectorCard(
        kind="table" if is_table else "image",
        normal=dataset.title,
        event_shape=dataset.event_shape,
        n_fit=len(normal),
        n_calibration=len(others),
        encoding=TableEncoding.plain(dataset.feature_names, normal) if is_table else None,
        scorer=detectors.spec_of(scorer, detectors.checkpoints_of(scorer)),
    )
    return Detector(card, scorer, np.sort(scorer.score(others)), normal[:50])


def row(title: str, detector: Detector, x: np.ndarray) -> str:
    """A line of the table."""
    given = (
        _images(detector, x) if detector.card.kind == "image" else _rows(detector, detector.table_encoding.decode(x))
    )
    made = detector_file(detector)
    run = OnnxRun(made.content)
    began = time.process_time()
    parts = [run(part.inputs) for part in given.parts()]
    by_onnx = time.process_time() - began
    began = time.process_time()
    ours = detector.score(given.x)
    here = time.process_time() - began
    score, alarm = (np.concatenate([part[name] for part in parts]) for name in ("score", "alarm"))
    alarms = ours > made.threshold.value
    differ = int((alarms != alarm).sum())
    each = [f"{1000 * seconds * AT_ONCE / len(x):.0f}" for seconds in (by_onnx, here)]
    line = (
        f"| {title} | {len(made.content):,} | {int(alarms.sum()):,} | {differ} | {apart(ours, score):.1g} |"
        f" {each[0]} | {each[1]} |"
    )
    print(line, flush=True)
    return line


def main() -> None:
    """Print the table, and write it where that is asked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    write = arguments.parse_args().write
    digits, cells = data.dataset("mnist-sample"), data.dataset("breast-cancer")
    stored = {name: detectors.load(examples.stored_file(name)) for name in ("unseen-digits", "cells")}
    of_stored = {"unseen-digits": digits, "cells": cells}
    lines = [row(f"{name} ({of.card.scorer.name})", of, filled_up(of_stored[name])) for name, of in stored.items()]
    lines += [row(f"MNIST, {name}", fitted(name, digits, "mnist-vae-2d"), filled_up(digits)) for name in OF_IMAGES]
    lines += [
        row(f"breast cancer, {name}", fitted(name, cells, "breast-cancer-undercomplete"), filled_up(cells))
        for name in OF_ROWS
    ]
    if write:
        head = ["| detector | bytes | alarms | that differ | scores differ by | ms, onnxruntime | ms, here |"]
        write_section("exported detectors", [*head, "|---|---|---|---|---|---|---|", *lines])


if __name__ == "__main__":
    main()
