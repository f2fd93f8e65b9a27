"""What `score` says of the items that a detector has scored: alarms, whether the promised rate holds, the AUROC.

What takes long to import is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from explorer.cli.output import print_json
from explorer.cli.streams import is_stream
from explorer.core.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Bool, Float

    from explorer.cli.series import SeriesHeat
    from explorer.export.map_folder import HeatMaps
    from explorer.export.top_items import TopItem
    from explorer.novelty.detector import Detector
    from explorer.novelty.drift import PromiseCheck, Watch
    from explorer.novelty.localisation import Localisation
    from explorer.novelty.separation import Separation
    from explorer.novelty.thresholds import Threshold


@dataclass(eq=False)
class ScoredSoFar:
    """What is kept of all items while they are scored chunk by chunk.

    Args:
        watch: keeps some of them, to compare with the normal ones.
    """

    watch: Watch
    alarms: int = 0
    scores: list[np.ndarray] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: dict[str, Any] = field(default_factory=dict)
    rows: Any = None
    """(N,) numbers of the scored images."""


@dataclass(frozen=True, eq=False)
class ScoreOutcome:
    """All that is said of the scored items.

    Args:
        scores: (N,) of all.
        promise: whether the promised rate of false alarms holds.
        separation: how well novel items are found; None where labels do not say.
        is_novel: (N,) by the labels, unlabelled items too; None where they do not say.
        pixels: how well maps agree with masks; None where there are none.
    """

    scores: Float[np.ndarray, " n"]
    promise: PromiseCheck
    separation: Separation | None
    is_novel: Bool[np.ndarray, " n"] | None
    pixels: Localisation | None = None


def outcome_of(detector: Detector, threshold: Threshold, normal: Sequence[str], scored: ScoredSoFar) -> ScoreOutcome:
    """What is to be said of the scored items; remarks go to the notes."""
    import numpy as np

    from explorer.novelty.drift import check_promise

    scores = np.concatenate(scored.scores)
    if unknown := int(np.isnan(scores).sum()):
        scored.notes.append(f"{unknown:,} rows have no value in any column and so no score")
    if threshold.rate.value > threshold.asked:
        scored.notes.append(
            f"{threshold.n:,} calibration items cannot promise {threshold.asked:.2%} false alarms,"
            f" only {threshold.rate.value:.2%}"
        )
    is_novel = _novel(detector, normal, scored)
    windows = detector.card.windows
    # Of windows that overlap only as many count as have no row in common: an anomaly would count several times.
    apart = slice(None, None, 1 if windows is None else windows.overlapping)
    of_apart = None if is_novel is None else is_novel[apart]
    promise = check_promise(detector, threshold.value, scores[apart], scored.watch.sample(), of_apart)
    if detector.profile is None and windows is None:
        scored.notes.append(
            "the detector was fitted by version 0.1.0: whether columns have left what was learnt is not known"
        )
    separation = _separation(scores, is_novel, scored)
    if separation is not None and windows is not None and windows.overlapping > 1:
        scored.notes.append("windows overlap, so that the intervals of AUROC and precision are wider than they say")
    return ScoreOutcome(scores, promise, separation, is_novel)


def report(
    threshold: Threshold,
    out: Path,
    outcome: ScoreOutcome,
    scored: ScoredSoFar,
    of_pixels: Threshold | None,
    heat: HeatMaps | SeriesHeat | None,
    as_json: bool,
) -> None:
    """Print it all.

    Args:
        of_pixels: the threshold of maps; None: there is none.
        heat: the maps that were written; None: none were asked for.
    """
    err = is_stream(out)
    if of_pixels is not None and (heat is not None or outcome.pixels is not None):
        _say_of_pixels(of_pixels, scored)
    if as_json:
        pixels = {"pixel_threshold": None if of_pixels is None else threshold_answer(of_pixels)}
        pixels["maps"] = None if heat is None else heat.answer
        print_json(_answer(threshold, out, outcome, scored) | pixels, err=err)
        return
    for note in scored.notes:
        typer.echo(note, err=True)
    n = len(outcome.scores)
    typer.echo(f"{scored.alarms:,} alarms among {n:,} items at a score above {threshold.value:.4g}: {out}", err=err)
    if outcome.promise.is_withdrawn:
        typer.echo(outcome.promise.words, err=err)
    else:
        typer.echo(
            f"Of normal items {threshold.rate.value:.2%} are expected to raise an alarm"
            f" (95 % interval {threshold.rate.ends('{:.2%}'.format)}, from {threshold.n:,} calibration items).",
            err=err,
        )
    if outcome.separation is not None:
        typer.echo(outcome.separation.words, err=err)
    if outcome.pixels is not None:
        typer.echo(outcome.pixels.words, err=err)
        if outcome.pixels.touched:
            typer.echo(outcome.pixels.touched_words, err=err)
    if heat is not None:
        typer.echo(heat.words, err=err)


def write_report(
    path: Path,
    source: str,
    reading: str,
    detector: Detector,
    threshold: Threshold,
    outcome: ScoreOutcome,
    top: Sequence[TopItem],
    scored: ScoredSoFar,
) -> None:
    """Write it all as a page.

    Args:
        source: what was scored.
        reading: how it was read, in a line.
        top: the most anomalous items.

    Raises:
        CheckpointError: the file cannot be written.
    """
    from explorer.checkpoints.files import write_file
    from explorer.export.batch_report import BatchReport, report_html

    pixels = outcome.pixels
    words = [] if pixels is None else [pixels.words, *([pixels.touched_words] if pixels.touched else [])]
    whole = BatchReport(
        source,
        reading,
        detector,
        threshold,
        outcome.scores,
        outcome.promise,
        top,
        "" if outcome.separation is None else outcome.separation.words,
        ". ".join(words),
        [note for note in scored.notes if not note.startswith("Read as: ")],
    )
    write_file(path, report_html(whole))


def _say_of_pixels(of_pixels: Threshold, scored: ScoredSoFar) -> None:
    if of_pixels.rate.value > of_pixels.asked:
        scored.notes.append(
            f"{of_pixels.n:,} normal images cannot promise that {of_pixels.asked:.2%} of them have a pixel above the"
            f" pixel threshold, only {of_pixels.rate.value:.2%}"
        )


def _answer(threshold: Threshold, out: Path, outcome: ScoreOutcome, scored: ScoredSoFar) -> dict[str, Any]:
    separation = outcome.separation
    return {
        "written": str(out),
        "items": len(outcome.scores),
        "alarms": scored.alarms,
        **threshold_answer(threshold),
        "promise": outcome.promise.answer,
        "auroc": None if separation is None else separation.area.model_dump() | separation.counts,
        "average_precision": None if separation is None else separation.precision.model_dump(),
        "precision_among_first": None if separation is None else separation.first.model_dump(),
        "pixels": None if outcome.pixels is None else asdict(outcome.pixels),
        "notes": scored.notes,
        **scored.read,
    }


def threshold_answer(threshold: Threshold) -> dict[str, Any]:
    """A threshold with what it promises, for an answer in JSON."""
    return {
        "threshold": threshold.value,
        "false_alarm_rate": {
            "asked": threshold.asked,
            "promised": threshold.rate.value,
            "low": threshold.rate.low,
            "high": threshold.rate.high,
            "calibration_items": threshold.n,
        },
    }


def _novel(detector: Detector, normal: Sequence[str], scored: ScoredSoFar) -> np.ndarray | None:
    """(N,) bool: which items are novel by their labels, unlabelled ones too; None where labels do not say."""
    import numpy as np

    from explorer.novelty.labels import novel_by_label

    if not scored.labels:
        return None
    labels = np.concatenate(scored.labels)
    has_label = labels != ""
    if unlabelled := int((~has_label).sum()):
        scored.notes.append(f"{unlabelled:,} items have no label and do not count for the AUROC")
    if not has_label.any():
        return None
    try:
        novel, note = novel_by_label(labels[has_label], tuple(normal) or detector.card.normal_labels)
    except DataError as error:
        scored.notes.append(f"no AUROC: {error}")
        return None
    if note:
        scored.notes.append(note)
    if novel is None:
        return None
    is_novel = np.ones(len(labels), bool)
    is_novel[has_label] = novel
    return is_novel


def _separation(scores: np.ndarray, is_novel: np.ndarray | None, scored: ScoredSoFar) -> Separation | None:
    import numpy as np

    from explorer.novelty.separation import separation_of

    if is_novel is None:
        return None
    known = (np.concatenate(scored.labels) != "") & ~np.isnan(scores)
    novel = is_novel[known]
    counts = {"normal": int((~novel).sum()), "novel": int(novel.sum())}
    if min(counts.values()) < 2:
        scored.notes.append(
            f"no AUROC: {counts['normal']:,} normal and {counts['novel']:,} novel items; it needs two of each"
        )
        return None
    return separation_of(scores[known], novel)
