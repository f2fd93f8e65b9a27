"""The commands about datasets."""

from __future__ import annotations

from typing import Annotated

import typer

from explorer.cli.output import AsJson, print_json, print_table, progress_line


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


def data_fetch(name: Annotated[str, typer.Argument(help="A dataset's name.")], as_json: AsJson = False) -> None:
    """Download a dataset; what is there already is checked and kept."""
    from explorer import data

    with progress_line() as progress:
        files = [str(path) for path in data.fetch(name, progress)]
    if as_json:
        print_json({"name": name, "files": files})
    else:
        typer.echo("\n".join(files) or f"{name} is bundled: nothing to fetch.")
