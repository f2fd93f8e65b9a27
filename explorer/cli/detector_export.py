"""The command that takes a detector away as an ONNX file.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explorer.cli.output import AsJson, print_json, progress_line
from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.cli.streams import deliver, is_stream
from explorer.core.errors import DataError


@reads_input
def detector_export(
    name: Annotated[Path, typer.Argument(metavar="DETECTOR", help="A file of `detector fit`.")],
    onnx: Annotated[Path, typer.Option("--onnx", help="The file to write (.onnx); - for standard output.")],
    false_alarm_rate: Annotated[
        float, typer.Option("--false-alarm-rate", help="Share of normal items that may raise an alarm.")
    ] = 0.05,
    source: Annotated[
        str | None,
        typer.Option(
            "--data", help="Items to compare alarms on, at most 10,000, beside the normal ones that the detector keeps."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="The file may take the place of another.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Write a detector as one ONNX file with units, columns, score and threshold inside: it needs onnxruntime alone."""
    from explorer.cli.scoring import open_for
    from explorer.export.onnx_files import detector_file, items_to_check
    from explorer.novelty import detector as detectors

    path = onnx if onnx.suffix or is_stream(onnx) else onnx.with_suffix(".onnx")
    if not overwrite and not is_stream(path) and path.exists():
        raise DataError(f"There is a file {path} already.", "Give another name, or --overwrite.")
    detector = detectors.load(name)
    with progress_line() as progress:
        given = None if source is None else items_to_check(detector, open_for(detector, source, reading, progress))
        progress(-1, "Comparing with onnxruntime")
        made = detector_file(detector, false_alarm_rate, given)
    deliver(path, made.content)
    err = is_stream(path)
    if as_json:
        result = {
            "written": str(path),
            "bytes": len(made.content),
            "threshold": made.threshold.value,
            "margin": made.margin,
            "false_alarm_rate": made.threshold.rate.value,
            "items": made.items,
            "alarms": made.alarms,
            "difference": made.difference,
        }
        print_json(result, err=err)
        return
    typer.echo(f"{path}: {len(made.content):,} bytes. Alarm above {made.threshold.value:.6g}.", err=err)
    typer.echo(
        f"On {made.items:,} items onnxruntime raises the same alarms as the detector, {made.alarms:,}; scores differ by"
        f" {made.difference:.1g} at most.",
        err=err,
    )
