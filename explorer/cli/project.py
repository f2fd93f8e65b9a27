"""The command that lays vectors out on a map, without a model.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from explorer.cli.inputs import bytes_of
from explorer.cli.output import AsJson, ProgressLine, print_json, print_table, progress_line
from explorer.cli.reading import Reading, say_how_read
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import called, deliver, is_stream, local
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from explorer.core.intervals import Rate
    from explorer.data import Dataset
    from explorer.data.beside import AskedKind, ItemColumns
    from explorer.data.vectors import VectorScale
    from explorer.export.vector_files import MapTrust, NamedClusters, PlacedVectors

PAGE_ITEMS = 20_000
"""Of a page where nobody says a number."""
Method = Literal["pca", "umap", "tsne"]
ClustersOf = Literal["vectors", "map"]
Distances = Literal["as-they-are", "unit-length", "standardised"]
_SCALES: dict[Distances, VectorScale] = {
    "as-they-are": "as they are",
    "unit-length": "unit length",
    "standardised": "standardised",
}


@reads_input
def project(
    source: Annotated[
        str,
        typer.Argument(
            metavar="VECTORS",
            help="A table, NPZ, NPY, Parquet or AnnData of vectors, a dataset's name, or - for standard input.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            help="The file to write: .csv, .npz or .parquet, or .html for a live map in one file; - for CSV on "
            "standard output.",
        ),
    ],
    method: Annotated[Method, typer.Option("--method", help="The map.")] = "pca",
    distances: Annotated[
        Distances, typer.Option("--distances", help="What distances between vectors are measured in.")
    ] = "as-they-are",
    array: Annotated[
        str,
        typer.Option("--array", help="Of an AnnData file: which array the vectors are, a key of obsm or X."),
    ] = "",
    columns: Annotated[
        Path | None,
        typer.Option("--columns", help="A table beside the items, a row an item. Default: the one that lies beside."),
    ] = None,
    holds: Annotated[
        list[str] | None,
        typer.Option(
            "--holds",
            metavar="COLUMN=KIND",
            help="What a column beside holds: number, category, date, text, left-out. Default: found from its cells.",
        ),
    ] = None,
    clusters: Annotated[
        int | None,
        typer.Option("--clusters", min=2, help="Look for clusters of at least so many items (HDBSCAN)."),
    ] = None,
    clusters_of: Annotated[
        ClustersOf,
        typer.Option("--clusters-of", help="In what clusters are looked for; groups on a map may be made by the map."),
    ] = "vectors",
    items: Annotated[int | None, typer.Option("--items", min=4, help="At most so many, spread over all.")] = None,
    colour: Annotated[
        str, typer.Option("--colour", help="Of the points of a page: label, cluster, or the name of a column.")
    ] = "label",
    neighbours: Annotated[int, typer.Option("--neighbours", min=2, help="Of the trust figures.")] = 10,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of t-SNE and UMAP.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="It may take the place of a file.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Lay vectors out on a map without a model, and say how far the map can be trusted."""
    from explorer.export.vector_files import PAGE, named_clusters, place_vectors, placed_bytes, trust_of, vector_form

    form = vector_form(str(out))
    if not overwrite and not is_stream(out) and out.exists():
        raise DataError(f"There is a file {out} already.", "Give another name, or --overwrite.")
    if form != PAGE and colour != "label":
        raise DataError("--colour: a table has no colours.", "Leave the flag out, or write a page: --out map.html.")
    items = items or (PAGE_ITEMS if form == PAGE else None)
    scale: VectorScale = _SCALES[distances]
    with progress_line() as progress:
        dataset, beside = _read(source, array, columns, _kinds(holds or ()), reading, progress)
        placed = place_vectors(dataset, method, scale, items, seed, lambda share: progress(share, "Laying out"))
    if clusters is None and clusters_of != "vectors":
        raise DataError("--clusters-of says nothing without --clusters.", "Say --clusters N.")
    named = None if clusters is None else named_clusters(placed, beside.columns, clusters, clusters_of == "map")
    if form == PAGE:
        deliver(out, _page(placed, beside, named, scale, colour))
    else:
        deliver(out, placed_bytes(placed, beside.columns, named, form))
    try:
        trust = trust_of(placed, neighbours)
    except ExplorerError:  # too few items for so many neighbours
        trust = None
    if as_json:
        print_json(_answer(out, placed, scale, beside, named, trust), err=is_stream(out))
    else:
        _say(out, placed, scale, beside, named, trust)


def _page(
    placed: PlacedVectors, beside: ItemColumns, named: NamedClusters | None, scale: VectorScale, colour: str
) -> bytes:
    """A live map of the vectors, with filters of what stands beside them."""
    from explorer.export.vector_files import CLUSTER
    from explorer.views.exported import placed_page
    from explorer.views.exported.vectors import PlacedItems, label_column

    own = label_column(PlacedItems(placed))
    if named is not None:
        own[CLUSTER] = named.column()
    columns = own | {column.name: column.of(placed.rows) for column in beside.columns if column.name not in own}
    return placed_page(placed, columns, scale, colour).html


def _kinds(holds: Sequence[str]) -> dict[str, AskedKind]:
    """What columns are said to hold.

    Raises:
        DataError: one has another form, or there is no such kind.
    """
    from explorer.data.beside import ASKED_KINDS

    known = {kind.replace(" ", "-"): kind for kind in ASKED_KINDS}
    kinds = {}
    for text in holds:
        column, _, kind = text.rpartition("=")
        if not column or kind not in known:
            raise DataError(f"--holds: {text!r} says nothing.", f"Say COLUMN=KIND, a kind of: {', '.join(known)}.")
        kinds[column] = known[kind]
    return kinds


def _read(
    source: str,
    array: str,
    columns: Path | None,
    kinds: Mapping[str, AskedKind],
    reading: Reading,
    progress: ProgressLine,
) -> tuple[Dataset, ItemColumns]:
    """The items, and what stands beside them."""
    from explorer import data
    from explorer.data.annotated import SUFFIX
    from explorer.data.beside import ItemColumns, as_asked, read_columns

    options = data.ImportOptions(
        dialect=reading.dialect, roles=reading.roles, images=reading.images, array=array, called=called(source)
    )
    if array and not source.lower().endswith(SUFFIX):
        raise DataError("--array is for AnnData files (.h5ad).", "Leave the flag out.")
    path = local(source)
    dataset = data.open_dataset(path, progress=progress, options=options)
    reading.check_used(dataset, called(source))
    if source in data.DATASETS:
        if columns is not None or kinds:
            flag = "--holds" if columns is None else "--columns"
            raise DataError(f"{flag}: {source} is not read from a file.", "Leave the flag out.")
        return dataset, ItemColumns()
    if dataset.contract is not None:
        dataset.contract.require_decided(called(source))
        say_how_read(dataset)
    given = None if columns is None else (columns.name, bytes_of(columns))
    beside = read_columns(Path(path).expanduser(), Path(path).name, dataset, options, given)
    unknown = [name for name in kinds if name not in {column.name for column in beside.columns}]
    if unknown:
        known = ", ".join(column.name for column in beside.columns) or "none"
        raise DataError(f"--holds: there is no column {unknown[0]!r} beside the items.", f"There are: {known}.")
    beside = as_asked(beside, kinds)
    for remark in beside.remarks:
        typer.echo(remark, err=True)
    return dataset, beside


def _answer(
    out: Path,
    placed: PlacedVectors,
    scale: VectorScale,
    beside: ItemColumns,
    named: NamedClusters | None,
    trust: MapTrust | None,
) -> dict[str, Any]:
    """What ``--json`` prints."""
    answer: dict[str, Any] = {
        "written": str(out),
        "items": len(placed.rows),
        "of": len(placed.dataset),
        "numbers": placed.vectors.shape[1],
        "distances": scale,
        "map": placed.about,
        "columns": {column.name: column.kind for column in beside.columns},
        "trust": None if trust is None else _figures(trust),
    }
    if named is None:
        return answer
    clusters = named.clusters
    of_each = zip(clusters.sizes.tolist(), clusters.stability.tolist(), named.names, strict=True)
    return {
        **answer,
        "clusters_of": named.of,
        "clusters": [{"items": size, "stability": stability, "name": name} for size, stability, name in of_each],
        "in none": int((clusters.labels < 0).sum()),
    }


def _figures(trust: MapTrust) -> dict[str, Any]:
    rates = {"label_by_vector": trust.label_by_vector, "label_on_map": trust.label_on_map}
    known = {name: rate.model_dump() for name, rate in rates.items() if rate is not None}
    return {
        "k": trust.k,
        "n": trust.n,
        "trustworthiness": trust.trustworthiness,
        "continuity": trust.continuity,
    } | known


def _say(
    out: Path,
    placed: PlacedVectors,
    scale: VectorScale,
    beside: ItemColumns,
    named: NamedClusters | None,
    trust: MapTrust | None,
) -> None:
    """The same in plain lines; on stderr where the file goes to standard output."""
    from explorer.data.vectors import uneven_columns, vectors_of
    from explorer.latent.clusters import DOUBTFUL, SURE

    err = is_stream(out)
    n, total = len(placed.rows), len(placed.dataset)
    which = f"all {n:,}" if n == total else f"a sample of {n:,} of {total:,}"
    typer.echo(f"{out}: {which} items of {placed.dataset.title}", err=err)
    typer.echo(f"Vectors: {placed.vectors.shape[1]:,} numbers an item, distances {scale}.", err=err)
    vectors = vectors_of(placed.dataset)
    if vectors.beside:
        typer.echo(f"Not part of the vectors: {', '.join(vectors.beside)}.", err=err)
    if scale == "as they are" and (uneven := uneven_columns(vectors)) is not None:
        typer.echo(
            f"{uneven[0]} spreads {uneven[1]:,.0f} times as much as the median column and decides nearly alone what is"
            " near: say --distances standardised where columns have units of their own.",
            err=err,
        )
    typer.echo(placed.about, err=err)
    if beside.columns:
        listed = ", ".join(f"{column.name} ({column.kind})" for column in beside.columns)
        typer.echo(f"Columns beside: {listed}.", err=err)
    if trust is None:
        typer.echo("Too few items to say how far neighbourhoods of that size can be trusted.", err=err)
    else:
        typer.echo(
            f"Trust: trustworthiness {trust.trustworthiness:.3f}, continuity {trust.continuity:.3f}; 1 is best,"
            f" k = {trust.k}, n = {trust.n:,}.",
            err=err,
        )
        if trust.label_by_vector is not None and trust.label_on_map is not None:
            typer.echo(
                f"The {trust.k} nearest others vote for an item's own label: {_rate(trust.label_by_vector)} by vector,"
                f" {_rate(trust.label_on_map)} on the map (n = {trust.label_on_map.n:,}).",
                err=err,
            )
    if named is None:
        return
    clusters = named.clusters
    alone = int((clusters.labels < 0).sum())
    typer.echo(
        f"{len(clusters.sizes):,} clusters of the {named.of}; {alone:,} items lie in none, which is cluster 0."
        f" Stability: from {SURE} on a cluster comes again where items are drawn anew, below {DOUBTFUL} it may be"
        " chance.",
        err=err,
    )
    if len(clusters.sizes) and not err:
        of_each = zip(clusters.sizes.tolist(), clusters.stability.tolist(), named.names, strict=True)
        print_table(
            ("cluster", "items", "stability", "more than others"),
            [(str(i), f"{size:,}", f"{stability:.2f}", name) for i, (size, stability, name) in enumerate(of_each, 1)],
        )


def _rate(rate: Rate) -> str:
    return f"{100 * rate.value:.1f} % [{100 * rate.low:.1f}, {100 * rate.high:.1f}]"
