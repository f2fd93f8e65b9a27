"""The command that writes a model with what was measured of it as one page to read.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.export import map_kind
from explorer.cli.inputs import CheckpointName, SplitOption, open_data, options_for
from explorer.cli.output import AsJson, print_json
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError

if TYPE_CHECKING:
    from explorer.checkpoints import Card
    from explorer.data import Dataset
    from explorer.data.beside import ItemColumn
    from explorer.views.report import Reported


@reads_input
def report(
    name: CheckpointName,
    out: Annotated[Path, typer.Option(help="The page to write, an HTML file; - for standard output.")],
    source: Annotated[
        str | None,
        typer.Option("--data", help="Its items: a dataset's name or a file. Default: items it has not learnt from."),
    ] = None,
    split: SplitOption = None,
    items: Annotated[
        int, typer.Option("--items", min=4, help="On the map, spread over all; everything else is measured on all.")
    ] = 2000,
    colour: Annotated[
        str, typer.Option("--colour", help="Of the points: label, error, z1 (a dimension), or a column's name.")
    ] = "label",
    projection: Annotated[
        str | None, typer.Option("--map", help="pca, pair, tsne or umap. Default: the code itself, or PCA.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="The page may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write a model's report: card, training, held-out figures, map, items and reconstructions, novelty."""
    from explorer.views.exported import PageWishes
    from explorer.views.report import report_page

    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")
    wishes = PageWishes(colour=colour, kind=map_kind(projection))
    reported = _reported(name, source, split, items, reading)
    page = report_page(reported, wishes)
    deliver(out, page.html)
    err = is_stream(out)
    if as_json:
        measured_on = None if reported.dataset is None else reported.dataset.name
        result = {"written": str(out), "bytes": len(page.html), "dataset": measured_on, "split": reported.split}
        result |= {"items": len(reported.rows), "parts": list(page.parts), "left out": list(page.left_out)}
        print_json(result, err=err)
        return
    typer.echo(f"{out}: {len(page.html):,} bytes{f', {reported.of}' if reported.of else ''}", err=err)
    typer.echo(f"Parts: {', '.join(page.parts)}", err=err)
    for words in page.left_out:
        typer.echo(words, err=err)


def _reported(name: str, source: str | None, split: str | None, items: int, reading: Reading) -> Reported:
    """A model with the data that is named, or that its card names and is there."""
    from explorer import checkpoints
    from explorer.views.items import data_on_this_machine
    from explorer.views.report import reported_items, reported_samples

    checkpoint = checkpoints.load(name)
    checkpoints.require_both_halves(checkpoint)
    if checkpoint.card.code_size is None:
        if source is not None:
            raise DataError(
                f"{name} has no code that stands for a whole item, so its report is not measured on data.",
                "Leave --data out: it is shown on photos that scikit-image carries.",
            )
        return reported_samples(checkpoint, items)
    source = source or data_on_this_machine(checkpoint.card)
    if source is None:
        return reported_samples(checkpoint, items)
    _, dataset, rows, label = open_data(name, source, split, reading)
    beside = _beside(checkpoint.card, source, dataset, reading)
    return reported_items(checkpoints.with_codes(checkpoint), dataset, rows, label, items, beside)


def _beside(card: Card, source: str, dataset: Dataset, reading: Reading) -> tuple[ItemColumn, ...]:
    """The columns of a file, or of a table beside it, that the model does not take; none of what no file holds."""
    from explorer import data
    from explorer.data.beside import read_columns

    path = Path(source).expanduser()
    if source in data.DATASETS or not path.exists():
        return ()
    columns = read_columns(path, path.name, dataset, options_for(card, source, reading))
    for remark in columns.remarks:
        typer.echo(remark, err=True)
    return columns.columns
