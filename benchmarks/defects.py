"""How well defects in parts are found, and where: the table of defects in docs/results.md.

    python benchmarks/defects.py [--kinds washer ...] [--seeds 0 1 2 3 4] [--keep FILE] [--write]   made parts
    python benchmarks/defects.py FOLDER ...                                                        folders of parts
    python benchmarks/defects.py --cost [--methods combined-maps ...]                              seconds and memory
    python benchmarks/defects.py ... --weights resnet18.safetensors                                pretrained features

FOLDER: one of the layout of MVTec AD (train/good, test/*, ground_truth). Made parts are drawn by a seed, 60 good ones
to learn from, 40 good and 48 bad ones to test on; their figures are means over the seeds. Each method learns from the
good parts to learn from alone, with its defaults; nothing is chosen on the test parts. AUROC of images by the size of
the defect, AUROC and PRO (up to 30 % false positives) of pixels, seconds of processor time to learn and to score an
image (other work on the machine does not count), and the largest memory of the process (MiB), each method in a process
of its own.

Where Anomalib is installed, its PatchCore and PaDiM (ResNet-18) stand beside ours: with the weights of --weights, which
our pretrained patches look through as well, or with those that Anomalib downloads; where it can do neither, the table
says so.

--cost: what a method takes to learn from 100 good washers of 512 by 512 pixels and to score others, on one thread. The
process holds nothing but these parts: the memory is what a user's fit takes. That of the table above also holds the
maps of all test images at once, by which it compares pixels.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import pathlib
import platform
import resource
import time
from collections.abc import Callable
from typing import Protocol, TypeVarTuple

import anomalib_maps
import numpy as np
import torch
from results_file import write_section

from explorer import novelty
from explorer.data import open_dataset
from explorer.data.importing import ImportOptions
from explorer.data.parts import good_part, made_parts
from explorer.data.parts.defects import SIZES
from explorer.data.parts.kinds import KINDS
from explorer.novelty.fitting import NATIVE_SIDE
from explorer.novelty.image_fitting import normal_by_layout
from explorer.novelty.localisation import localisation
from explorer.novelty.patches.resnet import ResNetFeatures
from explorer.novelty.scores.pretrained_patches import PretrainedPatches

METHODS = ("combined-maps", "registered-template", "pca-maps", "patch-neighbours")
COST_PARTS, COST_SCORED = 100, 20
MAX_MAPS = 1 << 25
"""Pixels that are compared at most, of images spread over all."""

Figures = dict[str, float]
Arguments = TypeVarTuple("Arguments")


class Maps(Protocol):
    """What finds defects: ours, and Anomalib's."""

    def fit(self, images: np.ndarray) -> object: ...

    def scores_and_maps(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...


class OurMaps:
    """A score of ours, by its name; the score of an image is the highest value of its map."""

    def __init__(self, method: str, weights: pathlib.Path | None) -> None:
        self._scorer = novelty.REGISTRY[method]()
        if isinstance(self._scorer, PretrainedPatches):
            if weights is None:
                raise SystemExit(f"{method} needs --weights.")
            self._scorer.use_weights(ResNetFeatures.open(weights))

    def fit(self, images: np.ndarray) -> object:
        return self._scorer.fit(images)

    def scores_and_maps(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        maps = self._scorer.maps(images)
        if maps is None:
            raise SystemExit(f"{type(self._scorer).__name__} has no maps.")
        return maps.max((1, 2)).astype(np.float64), maps


def maps_of(method: str, weights: pathlib.Path | None) -> Maps:
    """What goes by this name."""
    of = anomalib_maps.AnomalibMaps if method in anomalib_maps.METHODS else OurMaps
    return of(method, weights)


def all_methods(weights: pathlib.Path | None) -> list[str]:
    """Those that can be tried here; what cannot is said."""
    if not anomalib_maps.is_installed():
        print("Anomalib is not installed: no rows of it.")
    pretrained = ["pretrained-patches"] if weights else []
    return [*METHODS, *pretrained, *anomalib_maps.usable(weights)]


def of_made_parts(method: str, weights: pathlib.Path | None, kind: str, seed: int) -> Figures:
    """The figures of one method on one kind of made part."""
    parts = made_parts(kind, seed)
    learn = np.concatenate([parts.splits.train, parts.splits.validation])
    if parts.labels is None or parts.masks is None:
        raise SystemExit("made parts have labels and masks")
    test = parts.splits.test
    masks = np.zeros((len(parts.x), *parts.x.shape[2:]), np.uint8)
    masks[parts.masks.rows] = parts.masks.x
    of_size = np.where(parts.labels == 0, "good", np.array(list(SIZES))[(parts.labels - 1) % len(SIZES)])
    return _figures(maps_of(method, weights), parts.x[learn], parts.x[test], masks[test], of_size[test])


def of_folder(method: str, weights: pathlib.Path | None, folder: str) -> Figures:
    """The figures of one method on a folder of the layout of MVTec AD."""
    dataset = open_dataset(folder, options=ImportOptions(max_side=NATIVE_SIDE))
    if dataset.masks is None or dataset.labels is None or not normal_by_layout(dataset):
        raise SystemExit(f"{folder} has not the layout of MVTec AD: train/good, test/*, ground_truth.")
    good = np.array(dataset.label_names)[dataset.labels] == normal_by_layout(dataset)[0]
    tested = np.isin(np.arange(len(dataset)), dataset.splits.test)
    masks = np.zeros((len(dataset), *dataset.event_shape[1:]), np.uint8)
    masks[dataset.masks.rows] = dataset.masks.x
    learn, test = np.flatnonzero(good & ~tested), np.flatnonzero(tested)
    of_item = np.where(good, "good", "bad")[test]
    return _figures(maps_of(method, weights), dataset.x[learn], dataset.x[test], masks[test], of_item)


def _figures(of: Maps, learn: np.ndarray, test: np.ndarray, masks: np.ndarray, groups: np.ndarray) -> Figures:
    torch.set_num_threads(1)
    start = time.process_time()
    of.fit(learn)
    fitted = time.process_time()
    scores, maps = of.scores_and_maps(test)
    seconds = (time.process_time() - fitted) / len(test)
    is_good = groups == "good"

    def found(group: np.ndarray) -> float:
        chosen = is_good | group
        return 100 * novelty.auroc(scores[chosen], ~is_good[chosen]).value

    figures = {name: found(groups == name) for name in dict.fromkeys(groups.tolist()) if name != "good"}
    step = -(-maps.size // MAX_MAPS)
    where = localisation(maps[::step], masks[::step])
    figures |= {"all": found(~is_good), "pixels": 100 * where.auroc, "PRO": 100 * where.pro}
    return figures | {"fit CPU s": fitted - start, "CPU s an image": seconds, "MiB": _memory()}


def cost(method: str, weights: pathlib.Path | None, n: int = COST_PARTS, seed: int = 0) -> Figures:
    """Processor time and memory of one method on so many good washers; they are drawn one by one."""
    torch.set_num_threads(1)
    kind, random = KINDS["washer"], np.random.Generator(np.random.PCG64(seed))
    learn = np.stack([good_part(kind, random) for _ in range(n)])
    before = _memory()
    start = time.process_time()
    of = maps_of(method, weights)
    of.fit(learn)
    fit, after_fit = time.process_time() - start, _memory()
    new = np.stack([good_part(kind, random) for _ in range(COST_SCORED)])
    start = time.process_time()
    of.scores_and_maps(new)
    an_image = (time.process_time() - start) / len(new)
    return {
        "fit CPU s": fit,
        "CPU s an image": an_image,
        "MiB before the fit": before,
        "MiB after it": after_fit,
        "MiB": _memory(),
    }


def _memory() -> float:
    """The largest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _alone(measure: Callable[[*Arguments], Figures], *arguments: *Arguments) -> Figures:
    """In a process of its own, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


class Kept:
    """Figures as they come, in a file, so that a run can go on where it ended."""

    def __init__(self, path: pathlib.Path | None) -> None:
        self._path = path
        self._figures: dict[str, Figures] = json.loads(path.read_text()) if path and path.exists() else {}

    def get(self, key: str, measure: Callable[[*Arguments], Figures], *arguments: *Arguments) -> Figures:
        """Known figures, or those that are measured now."""
        if key not in self._figures:
            self._figures[key] = _alone(measure, *arguments)
            print(key, {name: round(value, 3) for name, value in self._figures[key].items()}, flush=True)
            if self._path:
                self._path.write_text(json.dumps(self._figures, indent=1))
        return self._figures[key]


def _digits(name: str) -> int:
    """Behind the point of a figure."""
    return 0 if name.startswith("MiB") else 3 if name == "CPU s an image" else 1


def _seeds_in_words(seeds: list[int]) -> str:
    return f"Seed {seeds[0]} alone" if len(seeds) == 1 else f"Means over {len(seeds)} seeds"


def main() -> None:
    """Measure, print and, where asked, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument("--methods", nargs="*")
    parser.add_argument("--weights", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--cost", action="store_true")
    args = parser.parse_args()
    kept, rows = Kept(args.keep), []
    args.methods = args.methods or all_methods(args.weights)
    if args.cost:
        args.folders, rows = [], [("100 washers", name, [_alone(cost, name, args.weights)]) for name in args.methods]
        args.kinds = []
    for folder in args.folders:
        name = pathlib.Path(folder).name
        for method in args.methods:
            rows.append((name, method, [kept.get(f"{name} {method}", of_folder, method, args.weights, folder)]))
    for kind in () if args.folders else args.kinds:
        for method in args.methods:
            rows.append((kind, method, []))
            for seed in args.seeds:
                rows[-1][2].append(kept.get(f"{kind} {method} {seed}", of_made_parts, method, args.weights, kind, seed))
    names = list(rows[0][2][0])
    lines = ["| parts | method | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for kind, method, runs in rows:
        values = [float(np.mean([run[name] for run in runs])) for name in names]
        texts = [f"{value:.{_digits(name)}f}" for name, value in zip(names, values, strict=True)]
        lines.append(f"| {kind} | {method} | " + " | ".join(texts) + " |")
    machine = f"Measured {datetime.date.today()} on {platform.machine()}, CPU, one thread, torch {torch.__version__}."
    lines += ["", machine if args.folders or args.cost else f"{_seeds_in_words(args.seeds)}. {machine}"]
    print("\n".join(lines))
    if args.write:
        write_section("benchmarks/defects.py --cost" if args.cost else "benchmarks/defects.py", lines)


if __name__ == "__main__":
    main()
