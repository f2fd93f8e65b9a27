"""The command ``explorer-view``."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

from explorer_viewer.pages import exported, list_page
from explorer_viewer.problem import ViewError


def main(arguments: list[str] | None = None) -> int:
    """Show a page or a folder of exports, or run an ONNX file on items; 1 where that cannot be."""
    parser = argparse.ArgumentParser("explorer-view", description="Show what Autoencoder Explorer has exported.")
    parser.add_argument("path", type=Path, help="an HTML page, an ONNX file, or a folder of them")
    parser.add_argument("items", type=Path, nargs="?", help="for an ONNX file: a CSV, NPZ or NPY file")
    parser.add_argument("--out", type=Path, help="what the ONNX file makes of the items: .csv or .npz")
    parser.add_argument("--no-browser", action="store_true", help="say what there is, and open nothing")
    asked = parser.parse_args(arguments)
    try:
        _show(asked.path, asked.items, asked.out, not asked.no_browser)
    except ViewError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def _show(path: Path, items: Path | None, out: Path | None, opens: bool) -> None:
    if not path.exists():
        raise ViewError(f"There is no {path}.")
    if path.is_dir():
        files = [one for file in sorted(path.iterdir()) if file.is_file() and (one := exported(file)) is not None]
        if not files:
            raise ViewError(f"{path} holds no page and no ONNX file of Autoencoder Explorer.")
        for one in files:
            print(f"{one.path.name}: {one.title}" if one.is_page else one.path.name)
        if opens:
            webbrowser.open(list_page(path, files).as_uri())
        return
    one = exported(path)
    if one is None:
        raise ViewError(f"{path} is neither a page nor an ONNX file of Autoencoder Explorer.")
    if not one.is_page:
        _run(path, items, out)
        return
    print(one.title)
    if opens:
        webbrowser.open(path.resolve().as_uri())


def _run(path: Path, items: Path | None, out: Path | None) -> None:
    from explorer_viewer.onnx_runs import ExportedModel, write

    model = ExportedModel(path)
    if items is None or out is None:
        print("\n".join(model.words()))
        print(f"To run it: explorer-view {path} ITEMS --out FILE")
        return
    made = model.run(model.read(items))
    write(out, made)
    alarms = f", {int(made['alarm'].sum()):,} alarms" if "alarm" in made else ""
    print(f"{out}: {len(next(iter(made.values()))):,} items{alarms}")
