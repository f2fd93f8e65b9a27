"""The command that takes a model away: one HTML file, ONNX files, a README, or all that it makes of items.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.inputs import CheckpointName, Given, SplitOption, open_data
from explorer.cli.output import AsJson, print_json
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import Keep, reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError

if TYPE_CHECKING:
    from explorer.checkpoints import VectorCheckpoint
    from explorer.views.items import ShownItems

CHECKED_ITEMS = 64
"""That ONNX files are held against the checkpoint on."""


@reads_input
def export(
    name: CheckpointName,
    html: Annotated[Path | None, typer.Option("--html", help="The page to write; - for standard output.")] = None,
    onnx: Annotated[
        Path | None,
        typer.Option(
            "--onnx",
            help="A folder for encoder.onnx, decoder.onnx and autoencoder.onnx, or denoiser.onnx: units inside.",
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            help="All that the model makes of the items, with what is known of them: .csv, .npz, .parquet or .h5ad "
            "(AnnData); all items, whatever --items says.",
        ),
    ] = None,
    card: Annotated[
        Path | None,
        typer.Option("--card", help="A README of the model as Hugging Face's hub reads it; - for standard output."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--data", help="Its items: a dataset's name or a file. Default: items it has not learnt from."),
    ] = None,
    split: SplitOption = None,
    items: Annotated[int, typer.Option("--items", min=4, help="At most so many, spread over all.")] = 2000,
    colour: Annotated[
        str, typer.Option("--colour", help="Of the points: label, error, z1 (a dimension), or a column's name.")
    ] = "label",
    projection: Annotated[
        str | None, typer.Option("--map", help="pca, pair, tsne or umap. Default: the code itself, or PCA.")
    ] = None,
    path: Annotated[
        str | None, typer.Option("--path", help="Rows of the items on the way from item to item, as 3,17,250.")
    ] = None,
    rebuilt: Annotated[bool, typer.Option(help="With reconstructions in the table.")] = True,
    keep: Keep = None,
    given: Given = None,
    scenes: Annotated[bool, typer.Option(help="With Learn's scenes that show such a model, while they fit.")] = True,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="The page may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write one HTML file that shows a model live, offline (--html), or ONNX files that run without this program."""
    if onnx is not None:
        _write_onnx(name, onnx, source, split, given, overwrite, as_json, reading)
    if card is not None:
        _write_card(name, card, overwrite, as_json)
    if table is not None:
        _write_table(name, table, source, split, rebuilt, keep or (), overwrite, as_json, reading)
    if html is None:
        if onnx is None and card is None and table is None:
            raise DataError(
                "Nothing to write.",
                "Name it: --html page.html, --onnx FOLDER, --table items.parquet, or --card README.md.",
            )
        return
    from explorer import checkpoints
    from explorer.views.exported import PageWishes, model_page

    _refuse_existing(html, overwrite)
    wishes = PageWishes(colour=colour, kind=map_kind(projection), path=_rows(path), scenes=scenes)
    conditional, checkpoint = _for_one_label(checkpoints.with_codes(checkpoints.load(name)), given)
    shown = _shown(checkpoint, name, source, split, items, reading)
    page = model_page(shown, wishes, conditional)
    deliver(html, page.html)
    result = {
        "written": str(html),
        "bytes": len(page.html),
        "items": len(shown.rows),
        "split": shown.split.split(", n = ")[0],
        "parts": list(page.parts),
        "rounding": page.rounding,
        "left out": list(page.left_out),
        **({} if checkpoint.card.given is None else {"label": checkpoint.card.given}),
    }
    err = is_stream(html)
    if as_json:
        print_json(result, err=err)
        return
    typer.echo(f"{html}: {len(page.html):,} bytes, {shown.dataset.title}, {shown.split}", err=err)
    typer.echo(f"Parts: {', '.join(page.parts)}", err=err)
    if conditional is not None:
        others = "" if given else f"; others by --given {conditional.labels[-1]}"
        typer.echo(f"Its items are those of the label {checkpoint.card.given}{others}.", err=err)
    for words in (page.rounding, *page.left_out):
        typer.echo(words, err=err)


def _write_card(name: str, out: Path, overwrite: bool, as_json: bool) -> None:
    from explorer import checkpoints
    from explorer.export.model_card import model_card

    _refuse_existing(out, overwrite)
    content = model_card(checkpoints.load_card(name)).encode()
    deliver(out, content)
    if as_json:
        print_json({"written": str(out), "bytes": len(content)}, err=is_stream(out))
        return
    typer.echo(f"{out}: {len(content):,} bytes", err=is_stream(out))


def _write_table(
    name: str,
    out: Path,
    source: str | None,
    split: str | None,
    rebuilt: bool,
    keep: Sequence[str],
    overwrite: bool,
    as_json: bool,
    reading: Reading,
) -> None:
    from explorer import checkpoints
    from explorer.export.item_files import form_of, item_bytes, made_of_items
    from explorer.views.items import data_on_this_machine

    form = form_of(str(out))
    _refuse_existing(out, overwrite)
    checkpoint = checkpoints.with_codes(checkpoints.load(name))
    source = source or data_on_this_machine(checkpoint.card)
    if source is None:
        raise DataError(f"{name} was trained on data that are not on this machine.", "Name items: --data D.")
    _, dataset, rows, label = open_data(name, source, split, reading, keep)
    content = item_bytes(made_of_items(checkpoint, dataset, rows, label, rebuilt), form)
    deliver(out, content)
    if as_json:
        print_json({"written": str(out), "bytes": len(content), "items": len(rows), "split": label})
        return
    typer.echo(f"{out}: {len(content):,} bytes, {dataset.title}, {label}, n = {len(rows):,}")


def _refuse_existing(out: Path, overwrite: bool) -> None:
    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")


def _write_onnx(
    name: str,
    folder: Path,
    source: str | None,
    split: str | None,
    label: str | None,
    overwrite: bool,
    as_json: bool,
    reading: Reading,
) -> None:
    from explorer import checkpoints
    from explorer.checkpoints.files import write_file
    from explorer.denoising import is_photo_denoiser
    from explorer.export.onnx_files import onnx_files, photo_denoiser_files

    checkpoint = checkpoints.load(name)
    if is_photo_denoiser(checkpoint):
        if source is not None or split is not None:
            raise DataError(f"{name} is compared on photos of its own.", "Leave out --data and --split.")
        items, made = "photos of noise", photo_denoiser_files(checkpoint)
    else:
        coded = checkpoints.with_codes(checkpoint)
        conditional, alone = _for_one_label(coded, label)
        shown = _shown(alone, name, source, split, CHECKED_ITEMS, reading)
        whole = alone if conditional is None or label is not None else conditional
        items, made = f"{len(shown.rows)} items", onnx_files(whole, shown.dataset.x[shown.rows])
        if whole.labels:
            items += f" under each of {len(whole.labels)} labels"
    existing = [str(folder / file) for file in made.files if (folder / file).exists()]
    if existing and not overwrite:
        raise DataError(f"There is a file {existing[0]} already.", "Give another folder, or --overwrite.")
    for file, content in made.files.items():
        write_file(folder / file, content)
    if as_json:
        written = {file: len(content) for file, content in made.files.items()}
        print_json({"written": written, "difference": made.difference, "left out": list(made.left_out)})
        return
    for file, content in made.files.items():
        typer.echo(f"{folder / file}: {len(content):,} bytes")
    typer.echo(f"By onnxruntime {items} differ from the checkpoint's by {made.difference:.1g} at most.")
    for words in made.left_out:
        typer.echo(words)


def _shown(
    checkpoint: VectorCheckpoint, name: str, source: str | None, split: str | None, items: int, reading: Reading
) -> ShownItems:
    """Items of the data that is named, or that the card names and is there; decoded samples where there is none."""
    from explorer.views.items import data_on_this_machine, decoded_items, thinned_items

    source = source or data_on_this_machine(checkpoint.card)
    if source is None:
        return decoded_items(checkpoint, items)
    _, dataset, rows, label = open_data(name, source, split, reading, given=checkpoint.card.given)
    return thinned_items(checkpoint, dataset, rows, label, items)


def _for_one_label(checkpoint: VectorCheckpoint, label: str | None) -> tuple[VectorCheckpoint | None, VectorCheckpoint]:
    """A conditional model, and what it is for a label, the first that it knows if none is said; for others it alone.

    Raises:
        ExplorerError: it is not conditional, or knows no such label.
    """
    if not checkpoint.labels:
        return None, checkpoint if label is None else checkpoint.given(label)
    return checkpoint, checkpoint.given(label or checkpoint.labels[0])


def map_kind(name: str | None) -> str:
    """The kind of map that was asked for; empty where none was.

    Raises:
        DataError: there is none of that name.
    """
    from explorer.latent.projection import REGISTRY

    if name is not None and name not in REGISTRY:
        raise DataError(f"There is no map {name!r}.", f"Use one of: {', '.join(REGISTRY)}.")
    return name or ""


def _rows(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",")) if text else ()
    except ValueError as error:
        raise DataError(f"{text!r} are no rows.", "Give numbers with commas between them, as 3,17,250.") from error
