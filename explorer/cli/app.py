"""The command line: every command answers in plain lines or, with --json, in JSON; errors are one line on stderr.

What takes long to import (torch above all) is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import runpy
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from explorer.cli import denoise as cli_denoise
from explorer.cli import novelty as cli_novelty
from explorer.cli.output import AsJson, SeedOption, print_json, print_metrics, print_result, print_table, progress_line
from explorer.cli.reading import Reading, reads_tables
from explorer.core import places
from explorer.core.errors import DataError, ExplorerError, TrainingError

if TYPE_CHECKING:
    import numpy as np

    from explorer.checkpoints import Checkpoint
    from explorer.data import Dataset
    from explorer.recipe import Recipe
    from explorer.training.events import EpochFinished, Event, Finished

SECONDS_BETWEEN_LINES = 0.1
INTERRUPTED = 130
"""What shells call the status of a command that Ctrl-C ended: a paused training has left no checkpoint yet."""


class _Commands(TyperGroup):
    """Commands whose expected errors end in one line and a non-zero status, not in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ExplorerError as error:
            typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Train, open and look inside autoencoders.",
)
data_app = typer.Typer(no_args_is_help=True, help="List datasets, and download those that are not bundled.")
app.add_typer(data_app, name="data")
app.add_typer(cli_novelty.detector_app, name="detector")

CheckpointName = Annotated[str, typer.Argument(metavar="CHECKPOINT", help="A name (see `list`) or a file.")]
Input = Annotated[
    str, typer.Argument(metavar="INPUT", help="A dataset's name, an image, or a folder, zip, NPZ, IDX or CSV file.")
]
SplitOption = Annotated[
    str | None,
    typer.Option(
        "--split", help="train, validation, test or all. Default: the rows that were held out in training, or all."
    ),
]


def main() -> None:
    """The ``explorer`` command."""
    app(prog_name="explorer")


# --- data -----------------------------------------------------------------------------------------------------------


@data_app.command("list")
def data_list(as_json: AsJson = False) -> None:
    """List the datasets known by name."""
    from explorer import data

    sources = [
        {
            "name": s.name,
            "title": s.title,
            "size": s.size,
            "offline": s.offline,
            "licence": s.licence,
            "source": s.source,
        }
        for s in data.DATASETS.values()
    ]
    if as_json:
        print_json(sources)
        return
    print_table(
        ("name", "size", "", "licence"),
        [(s["name"], s["size"], "bundled" if s["offline"] else "to fetch", s["licence"]) for s in sources],
    )


@data_app.command("fetch")
def data_fetch(name: Annotated[str, typer.Argument(help="A dataset's name.")], as_json: AsJson = False) -> None:
    """Download a dataset; what is there already is checked and kept."""
    from explorer import data

    with progress_line() as progress:
        interpolation = [str(path) for path in data.fetch(name, progress)]
    if as_json:
        print_json({"name": name, "files": interpolation})
    else:
        typer.echo("\n".join(interpolation) or f"{name} is bundled: nothing to fetch.")


# --- training -------------------------------------------------------------------------------------------------------


@app.command()
def train(
    recipe_file: Annotated[Path, typer.Argument(metavar="RECIPE.toml", help="See recipes/ for examples.")],
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="PART.FIELD=VALUE", help="Change a field; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The checkpoint. Default: NAME.safetensors where checkpoints are looked for.")
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="The run's folder; without --out the checkpoint stays there alone.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --run-dir.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train as a recipe says. Ctrl-C pauses the run; --resume goes on.

    On several devices: accelerate launch -m explorer train RECIPE.toml
    """
    from explorer import checkpoints, runs
    from explorer.core import devices
    from explorer.recipe import Recipe
    from explorer.training.events import Finished

    recipe = Recipe.from_toml(recipe_file).with_settings(settings or [])
    if resume and run_dir is None:
        raise TrainingError("--resume needs the run's folder.", "Add --run-dir runs/ID.")
    if out is None and run_dir is None:
        out = checkpoints.folders()[0] / f"{recipe.name}.safetensors"
    if not devices.is_main_process():
        for _ in runs.drain(recipe, run_dir or Path(), resume):
            pass
        return
    folder = run_dir or runs.new_folder(recipe)
    finished: Finished | None = None
    with _pausing(folder):
        for event in _reported(runs.drain(recipe, folder, resume), as_json):
            if isinstance(event, Finished):
                finished = event
    _conclude(recipe, folder, finished, out, as_json)


def _conclude(recipe: Recipe, folder: Path, finished: Finished | None, out: Path | None, as_json: bool) -> None:
    from explorer import checkpoints

    if finished is None:
        command = f"explorer train {folder / 'recipe.toml'} --run-dir {folder} --resume"
        typer.echo(f"Paused. Go on with: {command}", err=True)
        raise typer.Exit(INTERRUPTED)
    path = folder / "checkpoint.safetensors"
    if finished.checkpoint is not None:
        if out is not None:
            path = checkpoints.save(finished.checkpoint, out)
        if not as_json:
            print_metrics(finished.checkpoint.card.metrics)
        typer.echo(f"{recipe.name}: {finished.reason}, best epoch {finished.best_epoch}. Checkpoint: {path}", err=True)
    if finished.reason == "diverged":
        raise TrainingError(finished.message, finished.hint)


@contextmanager
def _pausing(folder: Path) -> Iterator[None]:
    """Within it, the first Ctrl-C (or SIGTERM) asks the training to pause; the second ends it at once."""
    from explorer import runs

    def pause(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        runs.ask_pause(folder)

    before = {number: signal.signal(number, pause) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _reported(events: Iterable[Event], as_json: bool) -> Iterator[Event]:
    """Pass events on, printing them as JSON lines on stdout, or as progress on stderr."""
    from explorer.training.events import EpochFinished, Started, Step

    last = 0.0
    with progress_line() as progress:
        for event in events:
            if isinstance(event, Step):
                now = time.monotonic()
                if now - last >= SECONDS_BETWEEN_LINES:
                    last = now
                    if as_json:
                        print_json(event.as_json(), lines=True)
                    elif "total" in event.terms:
                        progress(-1, f"epoch {event.epoch}, step {event.step}: {event.terms['total']:.4g}")
            elif as_json:
                print_json(event.as_json(), lines=True)
            elif isinstance(event, Started):
                progress.line(
                    f"{event.name}: {event.n_train:,} items of {event.dataset}, {event.weights:,} weights,"
                    f" {event.device}"
                )
            elif isinstance(event, EpochFinished):
                progress.line(_epoch_line(event))
            yield event


def _epoch_line(event: EpochFinished) -> str:
    stage = "" if event.stage == "end to end" else f"{event.stage}, "
    left = (event.epochs - event.epoch) * event.seconds
    return (
        f"{stage}epoch {event.epoch}/{event.epochs}: train {event.train['total']:.4g},"
        f" validation {event.validation['total']:.4g}{' (best)' if event.improved else ''},"
        f" {event.items_per_second:,.0f} items/s, {left:.0f} s left"
    )


# --- checkpoints ----------------------------------------------------------------------------------------------------


@app.command("list")
def list_checkpoints(as_json: AsJson = False) -> None:
    """List the checkpoints known by name."""
    from explorer import checkpoints
    from explorer.core.errors import CheckpointError

    rows, unreadable = [], []
    for name, card in checkpoints.iter_cards():
        if isinstance(card, CheckpointError):
            unreadable.append({"name": name, "error": str(card)})
            continue
        rows.append(
            {
                "name": name,
                "title": card.title,
                "family": card.recipe.model.family,
                "latent_dim": card.recipe.model.latent_dim,
                "data": card.data.title,
                "weights": card.weights,
                "metrics": [m.model_dump() for m in card.metrics],
            }
        )
    if as_json:
        print_json([*rows, *unreadable])
        return
    columns = ("name", "family", "latent_dim", "data", "weights")
    print_table(columns, [tuple(row[c] for c in columns) for row in rows])
    for entry in unreadable:
        typer.echo(f"{entry['name']}: {entry['error']}", err=True)


@app.command()
def show(name: CheckpointName, as_json: AsJson = False) -> None:
    """Show a checkpoint's card: how it was trained, on what, and how good it is."""
    from explorer import checkpoints

    card = checkpoints.load_card(name)
    if as_json:
        print_json(card.model_dump(mode="json"))
        return
    typer.echo(f"{card.title}: {card.weights:,} weights, best epoch {card.best_epoch} ({card.finished}), {card.device}")
    typer.echo(f"Trained on {card.data.n_train:,} items of {card.data.title} in {card.training_seconds:.0f} s.")
    typer.echo(f"{card.licence}\n{card.data.source}\n")
    print_metrics(card.metrics)
    typer.echo(f"\n{card.recipe.to_toml()}", nl=False)


@app.command()
def evaluate(
    name: CheckpointName,
    dataset_name: Annotated[str | None, typer.Option("--dataset", help="Default: what it was trained on.")] = None,
    split: SplitOption = None,
    iwae: Annotated[int, typer.Option(min=0, help="Also the importance-weighted bound with so many samples.")] = 0,
    seed: SeedOption = 0,
    as_json: AsJson = False,
) -> None:
    """Measure a checkpoint on held-out items, with PCA of the same size beside it."""
    from explorer import evaluation

    checkpoint, dataset, rows, label = _open(name, dataset_name, split)
    figures = evaluation.evaluate(checkpoint, dataset, rows, label, seed)
    if iwae:
        if not checkpoint.is_variational:
            raise ExplorerError(f"{checkpoint.name} is not variational: it has no such bound.", "Leave out --iwae.")
        figures.append(evaluation.iwae_bound(checkpoint, dataset, rows, label, iwae, seed))
    part = checkpoint.card.recipe.data
    train_rows = evaluation.training_rows(dataset, part.classes if dataset.label_names else (), "train", part.limit)
    # Rows that PCA is fitted on would flatter it.
    comparable = checkpoint.card.has_vector_code and checkpoint.latent_dim < dataset.x[0].size
    if label != "train" and comparable and not set(rows) & set(train_rows):
        pca = evaluation.pca_error(dataset, train_rows, rows, checkpoint.latent_dim, label)
        figures.append(pca.model_copy(update={"name": f"PCA, {checkpoint.latent_dim} components: {pca.name}"}))
    if as_json:
        measured = [m.model_dump() for m in figures]
        print_json({"checkpoint": checkpoint.name, "dataset": dataset.name, "metrics": measured})
    else:
        print_metrics(figures)


@app.command()
def encode(
    name: CheckpointName,
    source: Input,
    out: Annotated[Path, typer.Option(help="A CSV or NPZ file.")],
    split: SplitOption = None,
    as_json: AsJson = False,
) -> None:
    """Write the code of each item."""
    checkpoint, items = _open_items(name, source, split)
    z = checkpoint.encode(items.x)
    columns = [f"z{d + 1}" for d in range(z.shape[1])]
    _write_arrays(out, items, {"z": z}, columns, z)
    print_result({"written": str(out), "items": len(z), "latent_dim": z.shape[1]}, as_json)


@app.command()
def reconstruct(
    name: CheckpointName,
    source: Input,
    out: Annotated[Path, typer.Option(help="An NPZ or CSV file, or a folder for a PNG of each item.")],
    split: SplitOption = None,
    as_json: AsJson = False,
) -> None:
    """Write what a checkpoint makes of each item."""
    checkpoint, items = _open_items(name, source, split)
    x_hat = checkpoint.reconstruct(items.x)
    if out.suffix in (".npz", ".csv"):
        columns = list(checkpoint.card.data.feature_names) or [f"x{i + 1}" for i in range(x_hat[0].size)]
        _write_arrays(out, items, {"x": items.x, "x_hat": x_hat}, columns, x_hat.reshape(len(x_hat), -1))
    else:
        _write_pictures(out, items.names, x_hat)
    print_result({"written": str(out), "items": len(x_hat)}, as_json)


@app.command()
@reads_tables
def score(
    name: Annotated[
        str, typer.Argument(metavar="DETECTOR", help="A file of `detector fit`; or a checkpoint (a name, see `list`).")
    ],
    source: Input,
    out: Annotated[Path, typer.Option(help="A CSV or NPZ file.")],
    split: SplitOption = None,
    false_alarm_rate: Annotated[
        float, typer.Option("--false-alarm-rate", help="Share of normal items that may raise an alarm.")
    ] = 0.05,
    normal: Annotated[
        list[str] | None, typer.Option("--normal", metavar="LABEL", help="A label of normal rows; may be repeated.")
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
        cli_novelty.score(name, source, out, split, false_alarm_rate, reading, normal or [], as_json)
    else:
        _score_by_checkpoint(name, source, out, split, as_json)


def _score_by_checkpoint(name: str, source: str, out: Path, split: str | None, as_json: bool) -> None:
    import numpy as np

    from explorer import novelty

    checkpoint, items = _open_items(name, source, split)
    errors = checkpoint.reconstruction_errors(items.x)
    calibration = np.asarray(checkpoint.card.calibration)
    if not len(calibration):
        raise ExplorerError(f"{checkpoint.name} has no calibration errors on its card.", "Train it again to the end.")
    percentile = novelty.percentile(errors, calibration)
    values = np.stack([errors, percentile], axis=1)
    arrays = {"reconstruction_error": errors, "percentile": percentile}
    _write_arrays(out, items, arrays, list(arrays), values)
    result = {"written": str(out), "items": len(errors), "above_95th_percentile": int((percentile > 95).sum())}
    print_result(result, as_json)


@app.command()
def sample(
    name: CheckpointName,
    out: Annotated[Path, typer.Option(help="A PNG of all samples, or for table rows a CSV file.")],
    n: Annotated[int, typer.Option("--n", min=1, max=100_000, help="How many.")] = 64,
    seed: SeedOption = 0,
    as_json: AsJson = False,
) -> None:
    """Make new items: from the prior, or from a Gaussian fitted to the codes where there is no prior."""
    from explorer import checkpoints
    from explorer.latent import sampling

    checkpoint = checkpoints.load(name)
    z, origin = sampling.sample_codes(checkpoint, n, seed)
    _write_decoded(checkpoint, z, out, round(n**0.5))
    print_result({"written": str(out), "items": n, "codes from": origin}, as_json)


@app.command()
def interpolate(
    name: CheckpointName,
    start: Annotated[int, typer.Option("--from", min=0, help="The first item: its place among the held-out ones.")],
    end: Annotated[int, typer.Option("--to", min=0, help="The last item.")],
    out: Annotated[Path, typer.Option(help="A PNG strip, or for table rows a CSV file.")],
    steps: Annotated[int, typer.Option(min=2, max=1000, help="Items in all.")] = 10,
    dataset_name: Annotated[str | None, typer.Option("--dataset", help="Default: what it was trained on.")] = None,
    split: SplitOption = None,
    spherical: Annotated[bool, typer.Option("--spherical", help="Along an arc instead of a straight line.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decode codes on the way from one item's to another's."""
    from explorer.latent import interpolation

    checkpoint, dataset, rows, label = _open(name, dataset_name, split)
    if max(start, end) >= len(rows):
        raise DataError(f"There is no item {max(start, end)}: {dataset.title} has {len(rows)} {label} items.")
    z = checkpoint.encode(dataset.x[rows[[start, end]]])
    path = interpolation.spherical_path if spherical else interpolation.linear_path
    _write_decoded(checkpoint, path(z[0], z[1], steps), out, steps)
    result: dict[str, object] = {"written": str(out), "items": steps, "from": start, "to": end, "split": label}
    if spherical and not interpolation.has_one_arc(z[0], z[1]):
        result["note"] = "the codes are nearly opposite: no one arc between them is the shortest, another is as short"
    print_result(result, as_json)


@app.command()
def denoise(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CHECKPOINT",
            help="A name (see `list`) or a file; photo-denoiser: the one for each photo's colours.",
        ),
    ],
    pictures: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Noisy pictures.")],
    out: Annotated[Path, typer.Option(help="The folder for the results, under the pictures' own names.")],
    sigma: Annotated[
        str | None,
        typer.Option(metavar="LEVEL|auto", help="Noise level in grey levels of 255 (photo denoisers). Default: auto."),
    ] = None,
    reference: Annotated[
        Path | None, typer.Option(help="The picture without noise, or a folder of them under the same names: for PSNR.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Calculate in bfloat16: quicker on new processors.")] = False,
    judge: Annotated[
        bool, typer.Option(help="Say whether each result can be trusted; takes twice as long again.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Remove noise: from photos of any size with a photo denoiser, or from pictures fitted to another checkpoint."""
    from explorer import checkpoints, denoising

    checkpoint = None if name == cli_denoise.PHOTO_DENOISER else checkpoints.load(name)
    if checkpoint is None or denoising.is_photo_denoiser(checkpoint):
        setting = denoising.Setting(cli_denoise.level_of(sigma), fast, judge)
        cli_denoise.denoise_photos(denoising.choice_of(checkpoint), pictures, out, setting, reference, as_json)
        return
    if sigma is not None or reference is not None or fast:
        raise ExplorerError(
            f"{name} is no photo denoiser: it takes no --sigma, --reference or --fast.",
            f"Use {cli_denoise.PHOTO_DENOISER}.",
        )
    _denoise_fitted(checkpoint, pictures, out, as_json)


def _denoise_fitted(checkpoint: Checkpoint, pictures: list[Path], out: Path, as_json: bool) -> None:
    import numpy as np

    from explorer import denoising

    stems = [path.stem for path in pictures]
    if twice := {stem for stem in stems if stems.count(stem) > 1}:
        raise ExplorerError(f"Two pictures are called {twice.pop()}.", "Denoise them into different folders.")
    x_noisy = np.concatenate([_image(path, checkpoint) for path in pictures])
    _write_pictures(out, stems, denoising.denoise(checkpoint, x_noisy))
    print_result({"written": str(out), "items": len(pictures)}, as_json)


@app.command("app")
def run_app() -> None:
    """Start the app in the browser."""
    # In this process, so that whatever ends the command ends the app as well.
    sys.argv = ["streamlit", "run", str(places.shipped("streamlit_app.py"))]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


# --- inputs ---------------------------------------------------------------------------------------------------------


class _Items:
    """Items that fit a checkpoint, with what is known of each: (N, *event) values, a name and perhaps a label."""

    def __init__(self, x: np.ndarray, names: list[str], labels: list[str] | None = None) -> None:
        self.x, self.names, self.labels = x, names, labels


def _open(name: str, dataset_name: str | None, split: str | None) -> tuple[Checkpoint, Dataset, np.ndarray, str]:
    """A checkpoint, a dataset of its shape, the rows to look at and what to call them."""
    from explorer import checkpoints

    checkpoint = checkpoints.load(name)
    part = checkpoint.card.recipe.data
    dataset = _dataset(dataset_name or part.dataset, part.seed)
    if dataset.event_shape != checkpoint.event_shape:
        raise DataError(
            f"Items of {dataset.title} have the shape {dataset.event_shape} and do not fit {checkpoint.name},"
            f" which takes {checkpoint.event_shape}.",
            "Choose data of that shape.",
        )
    rows, label = _rows(checkpoint, dataset, split)
    return checkpoint, dataset, rows, label


def _dataset(source: str, seed: int) -> Dataset:
    from explorer import data

    with progress_line() as progress:
        return data.dataset(source, seed=seed, progress=progress)


def _rows(checkpoint: Checkpoint, dataset: Dataset, split: str | None) -> tuple[np.ndarray, str]:
    import numpy as np

    from explorer import data, evaluation

    if split == "all":
        return np.arange(len(dataset)), "all"
    if split is None:
        rows, label = evaluation.rows_for(checkpoint, dataset)
        if label != "test":
            return rows, label
        split = label
    if split not in data.SPLITS:
        raise DataError(f"There is no split called {split!r}.", f"Use one of: {', '.join(data.SPLITS)}, all.")
    own = checkpoint.card.data.fingerprint == dataset.fingerprint
    classes = checkpoint.card.recipe.data.classes if own else ()
    return evaluation.training_rows(dataset, classes, split), split


def _open_items(name: str, source: str, split: str | None) -> tuple[Checkpoint, _Items]:
    """A checkpoint, and items from a dataset's name, an image or other data."""
    import numpy as np

    from explorer import checkpoints
    from explorer.io import images

    checkpoint = checkpoints.load(name)
    if Path(source).suffix.lower() in images.SUFFIXES:
        return checkpoint, _Items(_image(Path(source), checkpoint), [Path(source).stem])
    dataset = _dataset(source, checkpoint.card.recipe.data.seed)
    rows, _ = _rows(checkpoint, dataset, split)
    x = dataset.x[rows]
    if dataset.kind == "image" and not checkpoint.model.is_table and dataset.event_shape != checkpoint.event_shape:
        x = np.stack([images.fit_image(image, checkpoint.event_shape)[0] for image in x])
    labels = None if dataset.labels is None else [dataset.label_names[i] for i in dataset.labels[rows]]
    return checkpoint, _Items(x, [str(row) for row in rows], labels)


def _image(path: Path, checkpoint: Checkpoint) -> np.ndarray:
    """(1, *event) from a picture's file, fitted to the checkpoint; says on stderr what was done to it."""
    from explorer import denoising
    from explorer.io import images

    fitted, note = denoising.fit_upload(checkpoint, images.decode_image(cli_denoise.bytes_of(path), path.name).array)
    if note:
        typer.echo(f"{path}: {note}", err=True)
    return fitted


# --- outputs --------------------------------------------------------------------------------------------------------


def _write_arrays(
    out: Path, items: _Items, arrays: dict[str, np.ndarray], columns: Sequence[str], values: np.ndarray
) -> None:
    """Write named arrays as NPZ, or the (N, len(columns)) values as CSV; items' names and labels go with both."""
    import numpy as np

    from explorer import export
    from explorer.checkpoints.files import write_file

    known = {"item": np.array(items.names)}
    if items.labels is not None:
        known["label"] = np.array(items.labels)
    if out.suffix == ".npz":
        write_file(out, export.npz_bytes(**known, **arrays))
    elif out.suffix == ".csv":
        write_file(out, export.csv_bytes({**known, **dict(zip(columns, values.T, strict=True))}))
    else:
        raise ExplorerError(f"Cannot tell the format of {out}.", "Give a name that ends in .csv or .npz.")


def _write_decoded(checkpoint: Checkpoint, z: np.ndarray, out: Path, columns: int) -> None:
    """Write decoded codes as one picture, or as rows of a table."""
    from explorer import export
    from explorer.checkpoints.files import write_file
    from explorer.io import images

    x = checkpoint.decode(z)
    if checkpoint.card.data.kind == "table":
        if out.suffix != ".csv":
            raise ExplorerError(f"Table rows cannot be written to {out}.", "Give a name that ends in .csv.")
        write_file(out, export.csv_bytes(dict(zip(checkpoint.card.data.feature_names, x.T, strict=True))))
        return
    if out.suffix != ".png":
        raise ExplorerError(f"Pictures cannot be written to {out}.", "Give a name that ends in .png.")
    write_file(out, images.png_bytes(images.grid(x, columns)))


def _write_pictures(folder: Path, names: Sequence[str], x: np.ndarray) -> None:
    from explorer.checkpoints.files import write_file
    from explorer.io import images

    if x.ndim != 4:
        raise ExplorerError(f"Table rows cannot be written to {folder}.", "Give a name that ends in .csv or .npz.")
    for name, picture in zip(names, x, strict=True):
        write_file(folder / f"{name}.png", images.png_bytes(picture))
