"""The commands about novelty: fit a detector on normal items, score others with it.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from explorer.cli.output import AsJson, SeedOption, print_json, print_result, progress_line
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import Keep, reads_input
from explorer.cli.streams import called, deliver, is_stream, local
from explorer.core.errors import ExplorerError

if TYPE_CHECKING:
    from explorer.data import Dataset
    from explorer.novelty.detector import Detector
    from explorer.novelty.inputs import TableInput
    from explorer.novelty.patches.resnet import ResNetFeatures
    from explorer.novelty.windowing import WindowsAsked
    from explorer.recipe import Recipe

from explorer.cli.inputs import Input, SplitOption, open_items
from explorer.cli.score_report import threshold_answer
from explorer.cli.scoring import ScoreAsked, score_by_detector
from explorer.cli.written import write_arrays


@reads_input
def score(
    name: Annotated[
        str, typer.Argument(metavar="DETECTOR", help="A file of `detector fit`; or a checkpoint (a name, see `list`).")
    ],
    source: Input,
    out: Annotated[
        Path, typer.Option(help="A CSV, NPZ or Parquet file (typed columns); - for standard output, a CSV by itself.")
    ],
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="csv, npz or parquet. Default: what the name of OUT ends in."),
    ] = None,
    split: SplitOption = None,
    false_alarm_rate: Annotated[
        float, typer.Option("--false-alarm-rate", help="Share of normal items that may raise an alarm.")
    ] = 0.05,
    normal: Annotated[
        list[str] | None, typer.Option("--normal", metavar="LABEL", help="A label of normal rows; may be repeated.")
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Of images: write where each is anomalous, as 16-bit grey, overlay and numbers (NPZ), and add the "
            "peak (row and column from 0), boxes (top,left,height,width) and areas of defects to OUT.",
        ),
    ] = None,
    pixel_false_alarm_rate: Annotated[
        float,
        typer.Option(
            "--pixel-false-alarm-rate", help="Share of normal images that may have any pixel in a box of --maps."
        ),
    ] = 0.01,
    keep: Keep = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with status 3 where the promised false-alarm rate does not hold.")
    ] = False,
    fail_on_alarm: Annotated[
        bool,
        typer.Option(
            "--fail-on-alarm",
            help="End with status 4 where an item raises an alarm; with --strict 3 comes first, since alarms then say "
            "less than was promised.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write a page too, which needs no connection: alarms, the promise, and the most anomalous items with "
            "their reasons or pictures.",
        ),
    ] = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write how unlike the normal items each item is, with its p-value, and raise alarms at a false-alarm rate.

    With a checkpoint in the detector's place: how badly each item is rebuilt, and which percentage of ordinary items is
    rebuilt better.
    """
    from explorer.novelty import detector

    if detector.is_detector(name):
        asked = ScoreAsked(
            source=source,
            out=out,
            form=form,
            split=split,
            false_alarm_rate=false_alarm_rate,
            normal=normal or [],
            maps=maps,
            pixel_false_alarm_rate=pixel_false_alarm_rate,
            keep=keep or [],
            strict=strict,
            fail_on_alarm=fail_on_alarm,
            report=report,
            as_json=as_json,
        )
        score_by_detector(name, asked, reading)
        return
    of_detectors = {"--maps": maps, "--format": form, "--report": report}
    for flag, value in (of_detectors | {"--strict": strict, "--fail-on-alarm": fail_on_alarm}).items():
        if value:
            raise ExplorerError(
                f"{flag} needs a detector, and {name} is none.",
                "Fit one: python -m explorer detector fit NORMAL --out detector.safetensors",
            )
    _score_by_checkpoint(name, source, out, split, reading, keep or [], as_json)


def _score_by_checkpoint(
    name: str, source: str, out: Path, split: str | None, reading: Reading, keep: list[str], as_json: bool
) -> None:
    import numpy as np

    from explorer import novelty

    checkpoint, items = open_items(name, source, split, reading, keep)
    errors = checkpoint.reconstruction_errors(items.x, items.told)
    calibration = np.asarray(checkpoint.card.calibration)
    if not len(calibration):
        raise ExplorerError(f"{checkpoint.name} has no calibration errors on its card.", "Train it again to the end.")
    percentile = novelty.percentile(errors, calibration)
    arrays = {"reconstruction_error": errors, "percentile": percentile}
    write_arrays(out, items, arrays, arrays)
    result: dict[str, Any] = {
        "written": str(out),
        "items": len(errors),
        "above_95th_percentile": int((percentile > 95).sum()),
    }
    print_result(result | (items.read if as_json else {}), as_json)


@reads_input
def detector_fit(
    normal_data: Annotated[
        str,
        typer.Argument(
            metavar="NORMAL",
            help="Normal items: a CSV, Parquet or NPZ file, a folder, zip, dataset or -.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The detector's file (.safetensors); - for standard output.")],
    recipe_file: Annotated[
        Path | None, typer.Option("--recipe", metavar="R.toml", help="Of the model. Default: one that trains quickly.")
    ] = None,
    scorer: Annotated[
        str | None,
        typer.Option(
            "--scorer",
            help="The score. Default: combined-mean; of large images combined-maps, of few rows knn-and-rules.",
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Of images: weights of a trained ResNet-18 (torchvision's or timm's, as safetensors) to look through.",
        ),
    ] = None,
    normal: Annotated[
        list[str] | None,
        typer.Option("--normal", metavar="LABEL", help="Only items of this label are normal; may be repeated."),
    ] = None,
    series: Annotated[
        list[str] | None,
        typer.Option(
            "--series",
            metavar="COLUMN",
            help="Rows follow one another in time: look at this column in windows of many rows; may be repeated.",
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            "--window", metavar="N", min=2, help="Rows of a window of a series; without it a period is looked for."
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option("--step", metavar="N", min=1, help="Rows from one scored window to the next."),
    ] = None,
    body: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Of the network of a series: dense, or convolutional along the rows of a window.",
        ),
    ] = "dense",
    seed: SeedOption = 0,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Fit a detector on normal items; a fifth sets thresholds, or all do: up to 20,000 rows, or of large images."""
    from explorer.novelty import inputs
    from explorer.novelty.fitting import max_side, of_weights
    from explorer.novelty.table_recipe import check_body
    from explorer.novelty.windowing import WindowsAsked
    from explorer.recipe import Recipe

    recipe = None if recipe_file is None else Recipe.from_toml(recipe_file)
    check_body(body, recipe is not None, scorer)
    network = None
    if weights is not None:
        from explorer.novelty.patches.resnet import ResNetFeatures

        scorer, network = of_weights(scorer), ResNetFeatures.open(weights)
    chosen = tuple(normal or (recipe.data.classes if recipe else ()))
    with progress_line() as progress:
        name = called(normal_data)
        given = inputs.open_input(
            local(normal_data),
            reading.images,
            progress,
            reading.dialect,
            reading.roles,
            called=name,
            max_side=max_side(scorer),
        )
        reading.check_used(given, name)
        if given.contract is not None:
            given.contract.require_decided(name)
        if series or window is not None or step is not None:
            given = _as_series(given, WindowsAsked(columns=tuple(series or ()), length=window, step=step), reading)
        detector = _fit(given, chosen, recipe, scorer, seed, progress, normal_data, network, body)
    path = out if out.suffix or is_stream(out) else out.with_suffix(".safetensors")
    deliver(path, detector.to_bytes())
    card = detector.card
    if card.contract is not None:
        typer.echo(f"Read as: {card.contract.line}", err=True)
    for note in card.notes:
        typer.echo(note, err=True)
    result: dict[str, Any] = {
        "written": str(path),
        "normal": card.normal,
        "score": card.scorer.name,
        "fitted_on": card.n_fit,
        "calibrated_on": card.n_calibration,
        "seconds": card.seconds,
    }
    if as_json:
        result["notes"] = list(card.notes)
        result |= {} if card.contract is None else {"contract": card.contract.answer}
    print_result(result, as_json)


def _as_series(given: TableInput | Dataset, asked: WindowsAsked, reading: Reading) -> TableInput:
    """The windows of a table's rows.

    Raises:
        DataError: the input holds images, or rows that make no series.
    """
    from explorer.data import Dataset
    from explorer.novelty.windowing import find_windows, windowed

    if isinstance(given, Dataset):
        raise ExplorerError(f"{given.title} holds images, and no series.", "Leave out --series, --window and --step.")
    return windowed(given, find_windows(given, asked, reading.dialect), to_fit=True)


def _fit(
    normal: TableInput | Dataset,
    chosen: tuple[str, ...],
    recipe: Recipe | None,
    scorer: str | None,
    seed: int,
    progress: Any,
    name: str,
    network: ResNetFeatures | None,
    body: str,
) -> Detector:
    from explorer.data import DATASETS, Dataset
    from explorer.novelty import image_fitting, table_fitting, table_recipe

    if isinstance(normal, Dataset):
        if body != "dense":
            raise ExplorerError("--body is of the network of a series.", "Leave it out: that of images has its own.")
        return image_fitting.fit_images(normal, chosen, recipe, scorer, seed, progress, name in DATASETS, network)
    if network is not None:
        raise ExplorerError("A table has no pictures to look at through --weights.", "Leave out --weights.")
    seen: table_recipe.Body = "dense" if body == "dense" else "convolutional"
    return table_fitting.fit_table(normal, chosen, recipe, scorer, seed, progress, seen)


@reads_input
def detector_update(
    name: Annotated[Path, typer.Argument(metavar="DETECTOR", help="A file of `detector fit`.")],
    normal_data: Annotated[
        str, typer.Argument(metavar="NORMAL", help="More normal items that it was not fitted on, of the same kind.")
    ],
    out: Annotated[Path, typer.Option(help="The new detector's file (.safetensors); - for standard output.")],
    former: Annotated[
        bool | None,
        typer.Option(
            "--former/--no-former",
            help="Whether the former normal items still set thresholds too. Default: as long as the new ones are like "
            "them.",
        ),
    ] = None,
    normal: Annotated[
        list[str] | None,
        typer.Option("--normal", metavar="LABEL", help="Only items of this label are normal; may be repeated."),
    ] = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Set a detector's thresholds anew by more normal items; what it has learnt stays as it is."""
    from explorer.data import DATASETS, Dataset
    from explorer.io.images.asked import of_shape
    from explorer.novelty import detector as detectors
    from explorer.novelty import inputs, updating

    detector = detectors.load(name)
    with progress_line() as progress:
        given = inputs.open_input(
            local(normal_data),
            reading.images_over(of_shape(detector.card.event_shape)),
            progress,
            reading.dialect,
            reading.roles,
            detector.card.contract,
            called(normal_data),
        )
        reading.check_used(given, called(normal_data))
        contract = given.contract
        if contract is not None:
            contract.require_decided(called(normal_data))
        progress(-1, "Scoring the new items")
        registered = isinstance(given, Dataset) and normal_data in DATASETS
        new = updating.new_normals(detector, given, normal or (), registered)
        done = updating.update(detector, new, former)
    path = out if out.suffix or is_stream(out) else out.with_suffix(".safetensors")
    deliver(path, done.detector.to_bytes())
    if contract is not None:
        typer.echo(f"Read as: {contract.line}", err=True)
    for note in done.notes:
        typer.echo(note, err=True)
    if not as_json:
        typer.echo(f"{done.drift_words}\n{done.words}", err=is_stream(path))
        return
    result: dict[str, Any] = {
        "written": str(path),
        "new_items": done.items,
        "with_former": done.with_former,
        "calibrated_on": done.after.n,
        "drift": done.check.answer,
        "before": threshold_answer(done.before),
        "after": threshold_answer(done.after),
        "words": [done.drift_words, done.words],
        "notes": list(done.notes),
    }
    print_result(result if contract is None else result | {"contract": contract.answer}, as_json)


def detector_show(
    file: Annotated[Path, typer.Argument(metavar="DETECTOR", help="A file of `detector fit`.")], as_json: AsJson = False
) -> None:
    """Show what a detector was fitted on and how it scores."""
    from explorer import novelty
    from explorer.novelty import detector

    loaded = detector.load(file)
    card = loaded.card
    if as_json:
        print_json(card.model_dump(mode="json"))
        return
    typer.echo(f"{novelty.REGISTRY[card.scorer.name].title}, fitted on {card.normal} ({card.created}).")
    typer.echo(f"{loaded.calibrated_by} {card.licence}")
    if card.windows is not None:
        typer.echo(f"Of a series: {card.windows.words}.")
    elif card.encoding is not None:
        typer.echo(f"Columns: {', '.join(f'{column.name} ({column.kind})' for column in card.encoding.columns)}")
    for note in card.notes:
        typer.echo(note)
