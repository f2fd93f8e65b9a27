"""The commands about datasets."""

from __future__ import annotations

from typing import Annotated

import typer

from explorer.cli.output import AsJson, print_json, print_table, progress_line
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import called, local


def data_list(as_json: AsJson = False) -> None:
    """List the datasets known by name."""
    from explorer import data

    sources = [
        {
            "name": s.name,
            "title": s.title,
            "size": s.size,
            "offline": s.offline,
            "fingerprint": s.fingerprint,
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


@reads_input
def data_show(
    source: Annotated[
        str,
        typer.Argument(
            metavar="INPUT",
            help="A dataset's name, or data of your own (CSV, Parquet, NPZ, folder, zip, -).",
        ),
    ],
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Show how an input is read and what each column is for, with the reasons; the flags change it."""
    from explorer.data import Dataset
    from explorer.io.findings import SURE
    from explorer.novelty.inputs import TableInput, open_input

    with progress_line() as progress:
        given = open_input(
            local(source),
            reading.images,
            progress,
            reading.dialect,
            reading.roles,
            called=called(source),
        )
    reading.check_used(given, called(source))
    report = given.report if isinstance(given, Dataset) else None
    changes = (
        [] if report is None else [*report.converted, *((name, f"left out: {why}") for name, why in report.left_out)]
    )
    contract = given.contract
    if contract is None and isinstance(given, Dataset):
        line = f"{len(given):,} images, {'x'.join(map(str, given.event_shape))}: registered, nothing is found about it"
        if as_json:
            print_json({"line": line})
        else:
            typer.echo(line)
        return
    assert contract is not None  # noqa: S101 - only registered images have none
    if as_json:
        labels = {} if isinstance(given, TableInput) else {"labels": given.label_names, "split": given.splits.note}
        print_json(contract.answer | labels | {"changes": changes})
        return
    typer.echo(contract.line)
    print_table(
        ("found", "value", "why", "to change it"),
        [(f.what, f.value if f.confidence >= SURE else f"{f.value}?", f.reason, f.flag) for f in contract.findings],
    )
    if isinstance(given, TableInput):
        print_table(("column", "role", "why"), [(c.name, c.role, c.reason) for c in given.contract.columns])
        return
    typer.echo(f"labels: {', '.join(given.label_names[:10]) or 'none'}; {given.splits.note}")
    for remark in contract.remarks if contract.kind == "image" else ():
        typer.echo(remark)
    if changes:
        print_table(("what", "change"), changes)


def data_fetch(name: Annotated[str, typer.Argument(help="A dataset's name.")], as_json: AsJson = False) -> None:
    """Download a dataset; what is there already is checked and kept."""
    from explorer import data

    with progress_line() as progress:
        files = [str(path) for path in data.fetch(name, progress)]
    if as_json:
        print_json({"name": name, "files": files})
    else:
        typer.echo("\n".join(files) or f"{name} is bundled: nothing to fetch.")
