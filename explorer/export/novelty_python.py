"""Novelty's views as Python: how a detector came to be, what it scores, and what was said to be fine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Num

from explorer.data.importing import ImportOptions
from explorer.export.own_picture_python import OWN_NAME, own_picture_lines
from explorer.export.program import DataCode, data_code, opened, program, said
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked
from explorer.novelty.windowing import WindowsAsked


@dataclass(frozen=True)
class DetectorCode:
    """Python that leaves a fitted ``detector`` and the items ``x`` that it scores.

    Args:
        imports: what it needs.
        lines: in their order.
        normal: what it calls the normal items that a score can learn from again; "None" where there are none.
        has_scores: whether it leaves ``scores``, too, which the detector alone would not give.
    """

    imports: tuple[str, ...]
    lines: tuple[str, ...]
    normal: str = "None"
    has_scores: bool = False

    def then(self, imports: Sequence[str], lines: Sequence[str], normal: str = "None") -> DetectorCode:
        """What follows it, with other scores."""
        return DetectorCode((*self.imports, *imports), (*self.lines, *lines), normal)


def novelty_code(made: DetectorCode, threshold: float, own: Num[np.ndarray, "*event"] | None = None) -> str:
    """Python that scores items and says which raise an alarm.

    Args:
        threshold: above it is an alarm.
        own: (C, H, W) the visitor's own picture as the detector takes it, which is scored, too; None: there is none.
    """
    scores = [] if made.has_scores else ["scores = detector.score(x)"]
    ending = [*scores, f"alarms = scores > {threshold!r}  # detector.threshold(rate).value sets one"]
    if own is not None:
        ending += [*own_picture_lines(OWN_NAME, own), "score_own = detector.score(own)"]
    return program([*made.imports, *made.lines, *ending])


# --- Where a detector comes from --------------------------------------------------------------------------------------


def fitted_of_model(
    checkpoint: str,
    dataset: str | DataCode,
    scorer: str,
    classes: Sequence[str] = (),
    novel: str | DataCode = "",
    example: str = "",
    scales_differ: bool = False,
) -> DetectorCode:
    """A score of a model, fitted on a dataset's normal items; its held-out normal items and novel ones are scored.

    Args:
        checkpoint: name or path.
        dataset: of the normal items, name or path, or how it was opened.
        scorer: a name of ``explorer.novelty.REGISTRY``.
        classes: labels that are normal; none: all.
        novel: dataset of the novel items; the same one for its other classes; empty where none are known.
        example: worked example that keeps this very detector; empty: it is fitted.
        scales_differ: the novel items are stored otherwise than the normal ones.
    """
    imports = ["import numpy as np", "import explorer", "from explorer import novelty"]
    lines = [
        f"model = {opened(checkpoint)}",
        *data_code(dataset).lines(model=checkpoint),
        f"splits = novelty.normal_splits(model, data, {tuple(classes)!r})",
    ]
    if example:
        imports += [
            "from explorer.novelty import detector as detectors",
            "from explorer.novelty.examples import stored_file",
        ]
        lines.append(f"detector = detectors.load(stored_file({example!r}))")
    else:
        imports.append("from explorer.novelty.fitting import Parts, of_checkpoint")
        lines += [
            "parts = Parts(splits.fit, np.empty(0, int), splits.calibrate)",
            f"detector = of_checkpoint(model, data, parts, {scorer!r})",
        ]
    if not novel:
        lines.append("x = data.x[splits.test]")
    else:
        source = "data" if novel == dataset else "more"
        lines += [] if novel == dataset else data_code(novel).lines("more", checkpoint)
        of_classes = f", {tuple(classes)!r}" if novel == dataset else ""
        lines += [f"novel = {source}.x[novelty.novel_rows(model, {source}{of_classes})]"]
        both = "data.x[splits.test], novel"
        if scales_differ:
            imports.append("from explorer.io import images")
            both = "images.to_float(data.x[splits.test]), images.to_float(novel)"
        lines.append(f"x = np.concatenate([{both}])  # normal items first")
    return DetectorCode(tuple(imports), tuple(lines), "data.x[splits.fit]")


def fitted_on_dataset(dataset: str | DataCode, scorer: str, normal: Sequence[str]) -> DetectorCode:
    """A detector that was trained on classes of a dataset; held-out normal items and novel ones are scored.

    Args:
        dataset: name or path.
        scorer: a name of ``explorer.novelty.REGISTRY``.
        normal: labels that are normal; none: all.
    """
    return _learnt(
        ["from explorer.novelty import learning"],
        [
            *data_code(dataset).lines(),
            f"learnt = learning.learn_dataset(data, {tuple(normal)!r}, {scorer!r})",
        ],
    )


def fitted_on_file(
    name: str, options: ImportOptions, scorer: str, normal: Sequence[str], *, is_table: bool, max_side: int
) -> DetectorCode:
    """A detector that was trained on the normal items of a file.

    Args:
        name: of the file.
        options: what was said of how it is read.
        scorer, normal: as in ``fitted_on_dataset``.
        is_table: whether it holds rows; else images.
        max_side: that images are shrunk to where they are larger.
    """
    imports, lines = _file(name, options, max_side)
    imports.append("from explorer.novelty import learning")
    if is_table and not normal:
        imports.append("from dataclasses import replace")
        lines.append("file = replace(file, label_column=None, labels=None)  # all rows are normal")
    learn = "learn_table" if is_table else "learn_images"
    return _learnt(imports, [*lines, f"learnt = learning.{learn}(file, {tuple(normal)!r}, {scorer!r})"])


def fitted_on_series(
    name: str,
    options: ImportOptions,
    windows: WindowsAsked,
    scorer: str,
    normal: Sequence[str],
    body: str,
    max_side: int,
) -> DetectorCode:
    """A detector of windows of a series; what comes after those that it learnt from is scored.

    Args:
        name, options, scorer, normal, max_side: as in ``fitted_on_file``.
        windows: what was said of how it is cut.
        body: what the layers of a network see.
    """
    imports, lines = _file(name, options, max_side)
    imports += [
        "from explorer.novelty.series.learning import learn_series",
        "from explorer.novelty.windowing import WindowsAsked, find_windows",
    ]
    if not normal:
        imports.append("from dataclasses import replace")
    asked = ", ".join(f"{field}={value!r}" for field, value in windows.model_dump(exclude_defaults=True).items())
    more, dialect = said(options.dialect)
    imports += more
    lines.append(f"windows = find_windows(file, WindowsAsked({asked}){f', {dialect}' if dialect else ''})")
    if not normal:
        lines.append("file = replace(file, label_column=None, labels=None)  # all rows are normal")
    return _learnt(
        imports, [*lines, f"learnt = learn_series(file, windows, {tuple(normal)!r}, {scorer!r}, body={body!r})"]
    )


def fitted_on_most(
    name: str, options: ImportOptions, scorer: str, share: float | None, *, is_table: bool, max_side: int
) -> DetectorCode:
    """A file scored by itself, each half by a detector of the other.

    Args:
        name, options, scorer, is_table, max_side: as in ``fitted_on_file``.
        share: of its items that are anomalous; None: not known.
    """
    imports, lines = _file(name, options, max_side)
    imports += ["from explorer.novelty import contaminated", "from explorer.novelty.items import read_items"]
    if is_table:
        imports.append("from explorer.novelty.items import read_table")
        call = f"fit_contaminated_table(read_table(file).cells, file.name, {share!r}, {scorer!r})"
    else:
        call = f"fit_contaminated_images(file, {share!r}, {scorer!r})"
    lines += [
        f"result = contaminated.{call}",
        "detector = result.detector  # of the first half",
        "x = read_items(detector, file).x",
        "scores = result.scores  # each by the detector of the other half",
    ]
    return DetectorCode(tuple(imports), tuple(lines), has_scores=True)


def saved(file: str, dataset: str | DataCode = "", rows: str = "test", items: int | None = None) -> DetectorCode:
    """A saved detector that scores items of a dataset.

    Args:
        file: path of the detector.
        dataset: name or path, or how it was opened; empty: it scores none.
        rows: "test": its test rows; anything else: all.
        items: at most so many of them, spread over all; None: all.
    """
    imports = ["from explorer.novelty import detector as detectors"]
    lines = [f"detector = detectors.load({file!r})"]
    if dataset:
        chosen = "data.splits.test" if rows == "test" else "np.arange(len(data))"
        imports += ["import explorer", "from explorer.novelty import learning"]
        imports += [] if rows == "test" else ["import numpy as np"]
        if items is not None:
            imports.append("from explorer.core.row_samples import spread_sample")
            chosen = f"spread_sample({chosen}, {items})"
        lines += [
            *data_code(dataset).lines(),
            f"rows = {chosen}",
            "x = learning.items_of(data, detector, rows).x",
        ]
    return DetectorCode(tuple(imports), tuple(lines))


def heartbeat() -> DetectorCode:
    """The worked example of a series."""
    imports = ("from explorer.novelty.series.heartbeat import open_heartbeat",)
    return DetectorCode(imports, ("detector, items = open_heartbeat()", "x = items.x"))


# --- What is done with it ---------------------------------------------------------------------------------------------


def scoring_file(made: DetectorCode, name: str, options: ImportOptions) -> DetectorCode:
    """The same detector, scoring the items of a file.

    Args:
        name: of the file.
        options: what was said of how it is read, beside what the detector learnt from.
    """
    imports = ["from pathlib import Path", "from explorer.io.images.asked import of_shape"]
    imports += ["from explorer.novelty.inputs import open_upload", "from explorer.novelty.items import read_items"]
    shape = "of_shape(detector.card.event_shape)"
    images = options.images.model_dump(exclude_none=True)
    shape += f".model_copy(update={images!r})" if images else ""
    more, asked = _arguments(dialect=options.dialect, roles=options.roles)
    imports += more
    arguments = ", ".join([f"Path({name!r}).read_bytes()", shape, "like=detector.card.contract", *asked])
    lines = [f"x = read_items(detector, open_upload({name!r}, {arguments})).x"]
    return made.then(imports, lines, made.normal)


def with_fine(made: DetectorCode, fine: Sequence[int]) -> DetectorCode:
    """The same items but for those that were said to be fine, after the detector has learnt that.

    Args:
        fine: their positions among the scored ones.
    """
    lines = [
        f"fine = {[int(item) for item in fine]}  # of the scored items",
        f"detector = correct(detector, x[fine], {made.normal}).detector",
        "x = np.delete(x, fine, axis=0)",
    ]
    return made.then(["import numpy as np", "from explorer.novelty.corrections import correct"], lines, made.normal)


def _learnt(imports: Sequence[str], lines: Sequence[str]) -> DetectorCode:
    made = DetectorCode(tuple(imports), tuple(lines), "learnt.normal")
    ending = ("detector, x = learnt.detector, learnt.items.x",)
    return replace(made, lines=(*made.lines, *ending))


def _file(name: str, options: ImportOptions, max_side: int) -> tuple[list[str], list[str]]:
    """What opens a file as the page does."""
    imports = ["from pathlib import Path", "from explorer.novelty.inputs import open_upload"]
    more, asked = _arguments(images=options.images, dialect=options.dialect, roles=options.roles)
    usual = [] if max_side == ImportOptions.max_side else [f"max_side={max_side}"]
    arguments = ", ".join([f"Path({name!r}).read_bytes()", *asked, *usual])
    return [*imports, *more], [f"file = open_upload({name!r}, {arguments})"]


def _arguments(**parts: Asked | RolesAsked | ImagesAsked) -> tuple[list[str], list[str]]:
    """What was said of a reading, as imports and as arguments by their names."""
    spoken = {name: said(part) for name, part in parts.items()}
    imports = [line for more, _ in spoken.values() for line in more]
    return imports, [f"{name}={text}" for name, (_, text) in spoken.items() if text]
