"""The commands about checkpoints: what they are, how good they are, and what they make of items and codes.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explorer.cli.inputs import CheckpointName, Device, Given, Input, SplitOption, open_data, open_items, open_model
from explorer.cli.output import (
    AsJson,
    SeedOption,
    finding_lines,
    print_json,
    print_metrics,
    print_result,
    print_table,
    progress_line,
)
from explorer.cli.reading import Reading, contract_of
from explorer.cli.reading_flags import Keep, reads_input
from explorer.cli.streams import is_stream
from explorer.cli.written import columns_of, write_arrays, write_decoded, write_pictures
from explorer.core.errors import DataError


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
                "latent_dim": card.code_size,
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


def show(name: CheckpointName, as_json: AsJson = False) -> None:
    """Show a checkpoint's card: how it was trained, on what, and how good it is."""
    from explorer import checkpoints

    card = checkpoints.load_card(name)
    if as_json:
        print_json(card.model_dump(mode="json"))
        return
    trained = "" if card.origin else f", best epoch {card.best_epoch} ({card.finished}), {card.device}"
    typer.echo(f"{card.title}: {card.weights:,} weights{trained}")
    typer.echo(card.provenance)
    if card.recipe.data.split.is_said:
        typer.echo(f"Split: {card.data.splits}")
    typer.echo(f"{card.licence}\n{card.data.source}\n")
    print_metrics(card.metrics)
    for line in finding_lines(card.findings or ()):
        typer.echo(line)
    typer.echo(f"\n{card.recipe.to_toml(training=not card.origin)}", nl=False)


def give(
    name: CheckpointName,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="One of the labels that the model was trained on.")],
    out: Annotated[Path, typer.Option(help="The checkpoint to write: a .safetensors file.")],
    as_json: AsJson = False,
) -> None:
    """Write the ordinary model that a conditional one is for one label: a checkpoint that all commands take."""
    from explorer import checkpoints

    if out.suffix != ".safetensors":
        raise DataError(f"A checkpoint cannot be written to {out}.", "Give a name that ends in .safetensors.")
    given = open_model(name, label)
    checkpoints.save(given, out)
    print_result({"written": str(out), "title": given.card.title}, as_json)


@reads_input
def evaluate(
    name: CheckpointName,
    dataset_name: Annotated[str | None, typer.Option("--dataset", help="Default: what it was trained on.")] = None,
    split: SplitOption = None,
    iwae: Annotated[int, typer.Option(min=0, help="Also the importance-weighted bound with so many samples.")] = 0,
    probe: Annotated[
        bool, typer.Option("--probe", help="Also how well simple classifiers find the test split's labels in the code.")
    ] = False,
    label_counts: Annotated[
        list[int] | None,
        typer.Option("--few-labels", min=1, help="Also the accuracy with so many labels per class; may be repeated."),
    ] = None,
    generation: Annotated[
        bool,
        typer.Option(
            "--generation",
            help="Also how good samples are (Fréchet distance, precision, recall), beside real items and a Gaussian.",
        ),
    ] = False,
    seed: SeedOption = 0,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Measure a checkpoint on held-out items, with PCA of the same size beside it."""
    from explorer import checkpoints, evaluation

    checkpoint, dataset, rows, label = open_data(name, dataset_name, split, reading)
    figures = evaluation.evaluate(checkpoint, dataset, rows, label, seed)
    if iwae:
        figures.append(evaluation.iwae_bound(checkpoint, dataset, rows, label, iwae, seed))
    if (pca := evaluation.pca_beside(checkpoint, dataset, rows, label)) is not None:
        figures.append(pca)
    if probe:
        from explorer.checkpoints import Metric
        from explorer.latent import features

        size = checkpoint.card.code_size
        for one in features.probe(checkpoints.with_codes(checkpoint), dataset):
            name = f"accuracy of the classifier {one.classifier!r}"
            for title, rate in ((name, one.code), (f"PCA, {size} components: {name}", one.pca)):
                figures.append(Metric(name=title, unit="share", split=one.split, **rate.model_dump(exclude={"count"})))
    if label_counts:
        from explorer.checkpoints import Metric
        from explorer.evaluation.few_labels import few_labels

        for few in few_labels(checkpoints.with_codes(checkpoint), dataset, label_counts, seed=seed):
            name = f"accuracy with {few.labels} labels per class, {few.inputs}"
            figures.append(Metric(name=name, unit="share", split="test", n=few.n, **few.accuracy.model_dump()))
    told = {}
    if generation:
        from explorer.latent.sample_quality import sample_quality

        with progress_line() as progress:
            quality = sample_quality(checkpoints.with_codes(checkpoint), dataset, rows, label, seed, progress=progress)
        figures += quality.metrics
        told = {
            "samples drawn from": quality.origin,
            "compared with": quality.compared_with,
            "features": quality.features,
        }
    if as_json:
        measured = [m.model_dump() for m in figures]
        of_data = {"checkpoint": checkpoint.name, "dataset": dataset.name}
        print_json(of_data | contract_of(dataset) | {"metrics": measured} | ({"generation": told} if told else {}))
    else:
        print_metrics(figures)
        for what, words in told.items():
            typer.echo(f"{what}: {words}")


@reads_input
def encode(
    name: CheckpointName,
    source: Input,
    out: Annotated[Path, typer.Option(help="A CSV or NPZ file; - for a CSV on standard output.")],
    split: SplitOption = None,
    keep: Keep = None,
    given: Given = None,
    device: Device = "cpu",
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write the code of each item."""
    checkpoint, items = open_items(name, source, split, reading, keep or (), given)
    z = checkpoint.on(device).encode(items.x, items.told)
    write_arrays(out, items, {"z": z}, {f"z{d + 1}": values for d, values in enumerate(z.T)})
    result: dict[str, object] = {"written": str(out), "items": len(z), "latent_dim": z.shape[1]}
    print_result(result | (items.read if as_json else {}), as_json)


@reads_input
def reconstruct(
    name: CheckpointName,
    source: Input,
    out: Annotated[
        Path,
        typer.Option(help="An NPZ, CSV or Parquet file, a folder for PNGs, or - for standard output."),
    ],
    split: SplitOption = None,
    keep: Keep = None,
    given: Given = None,
    device: Device = "cpu",
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write what a checkpoint makes of each item."""
    checkpoint, items = open_items(name, source, split, reading, keep or (), given)
    x_hat = checkpoint.on(device).reconstruct(items.x, items.told)
    if out.suffix in (".npz", ".csv", ".parquet", ".pq") or is_stream(out):
        write_arrays(out, items, {"x": items.x, "x_hat": x_hat}, columns_of(checkpoint, x_hat))
    else:
        write_pictures(out, items.names, x_hat)
    result: dict[str, object] = {"written": str(out), "items": len(x_hat)}
    print_result(result | (items.read if as_json else {}), as_json)


def sample(
    name: CheckpointName,
    out: Annotated[Path, typer.Option(help="A PNG of all samples, for table rows a CSV file; - for standard output.")],
    n: Annotated[int, typer.Option("--n", min=1, max=100_000, help="How many.")] = 64,
    label: Annotated[
        str | None, typer.Option("--label", "--given", help="The label that a conditional model is given.")
    ] = None,
    seed: SeedOption = 0,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Make new items: from the prior, or from a Gaussian fitted to the codes where there is no prior."""
    from explorer.latent import sampling

    checkpoint = open_model(name, label)
    z, origin = sampling.sample_codes(checkpoint, n, seed)
    write_decoded(checkpoint.on(device), z, out, round(n**0.5))
    result: dict[str, object] = {"written": str(out), "items": n, "codes from": origin}
    words = checkpoint.model.decoded_words
    print_result(result | ({"decoded": words} if words else {}), as_json)


@reads_input
def interpolate(
    name: CheckpointName,
    start: Annotated[int, typer.Option("--from", min=0, help="Position of the first item among the held-out ones.")],
    end: Annotated[int, typer.Option("--to", min=0, help="Position of the last item.")],
    out: Annotated[Path, typer.Option(help="A PNG strip, or for table rows a CSV file; - for standard output.")],
    steps: Annotated[int, typer.Option(min=2, max=1000, help="Number of items.")] = 10,
    dataset_name: Annotated[str | None, typer.Option("--dataset", help="Default: what it was trained on.")] = None,
    split: SplitOption = None,
    spherical: Annotated[bool, typer.Option("--spherical", help="Spherical instead of linear interpolation.")] = False,
    given: Given = None,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Decode codes on the path from one item to another."""
    from explorer.latent import interpolation

    checkpoint, dataset, rows, label = open_data(name, dataset_name, split, reading, given=given)
    if max(start, end) >= len(rows):
        raise DataError(f"There is no item {max(start, end)}: {dataset.title} has {len(rows)} {label} items.")
    z = checkpoint.encode(dataset.x[rows[[start, end]]])
    path = interpolation.spherical_path if spherical else interpolation.linear_path
    write_decoded(checkpoint, path(z[0], z[1], steps), out, steps)
    result: dict[str, object] = {"written": str(out), "items": steps, "from": start, "to": end, "split": label}
    if spherical and not interpolation.has_one_arc(z[0], z[1]):
        result["note"] = "the codes are nearly opposite: there is no single shortest arc between them"
    print_result(result | (contract_of(dataset) if as_json else {}), as_json)
