"""The command that brings a model in that was trained elsewhere.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from explorer.cli.inputs import bytes_of
from explorer.cli.output import AsJson, print_json, print_metrics
from explorer.cli.reading import Reading, say_how_read
from explorer.cli.reading_flags import reads_input
from explorer.core.errors import CheckpointError

if TYPE_CHECKING:
    from explorer.adoption import OnnxTensors


@reads_input
def import_model(
    file: Annotated[Path, typer.Argument(help="An ONNX file: a whole autoencoder, or its encoder.")],
    data: Annotated[str, typer.Option("--data", help="Items of its kind: a dataset's name or a path.")],
    encoder: Annotated[
        str, typer.Option(help="Its tensors, INPUT:CODE, or INPUT:MU,LOGVAR; by default what the file has.")
    ] = "",
    decoder: Annotated[str, typer.Option(help="Tensors of the same file, CODE:OUTPUT, or a file of its own.")] = "",
    only: Annotated[
        str,
        typer.Option(metavar="HALF", help="encoder or decoder: it has this half alone, and the other is missing."),
    ] = "",
    name: Annotated[str, typer.Option(help="Of the checkpoint; by default the file's.")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write it; by default beside your checkpoints.")] = None,
    pixels: Annotated[str, typer.Option(help="What black and white are for the model, such as -1,1.")] = "0,1",
    logits: Annotated[bool, typer.Option("--logits", help="Its values have yet to pass a sigmoid.")] = False,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="It was not trained on the test split of this data.")
    ] = False,
    licence: Annotated[str, typer.Option(help="Of the weights.")] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a checkpoint of that name.")] = False,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Bring in a model that was trained elsewhere, as a checkpoint that every page opens."""
    from explorer import adoption, checkpoints
    from explorer.recipe import DataPart

    name = name or file.stem
    target = adoption.target_of(name, out, overwrite)
    ends = adoption.pixels_asked(pixels)
    part = DataPart(dataset=data, dialect=reading.dialect, roles=reading.roles, images=reading.images)
    dataset = part.open()
    reading.check_used(dataset, data)
    say_how_read(dataset)
    output: Literal["values", "logits"] = "logits" if logits else "values"
    if only:
        lacks, tensors = _missing(only, encoder, decoder, held_out)
        layers, size, origin = adoption.half_of_onnx(_tensors(file, tensors), lacks, dataset.event_shape)
        adopted = adoption.checkpoint_of_half(
            name,
            layers,
            lacks,
            dataset,
            code_size=size,
            pixels=ends,
            output=output,
            licence=licence,
            origin=origin,
            said=part,
        )
    else:
        chains = adoption.of_onnx(_tensors(file, encoder), _decoder(file, decoder), dataset.event_shape)
        adopted = adoption.checkpoint_of_parts(
            name, chains, dataset, pixels=ends, output=output, licence=licence, held_out=held_out, said=part
        )
    written = checkpoints.save(adopted, target)
    card = adopted.card
    if as_json:
        print_json({"written": str(written), **card.model_dump(mode="json")})
        return
    typer.echo(f"{card.title}: a code of {adopted.latent_dim}, {card.weights:,} weights. Written to {written}.")
    typer.echo(card.origin)
    print_metrics(card.metrics)


def _missing(only: str, encoder: str, decoder: str, held_out: bool) -> tuple[Literal["encoder", "decoder"], str]:
    """The half that is not there, and the tensors of the other."""
    if only not in ("encoder", "decoder"):
        raise CheckpointError(f"There is no half {only!r}.", "Write --only encoder, or --only decoder.")
    tensors, others = (encoder, decoder) if only == "encoder" else (decoder, encoder)
    if others or held_out:
        flag = "--held-out" if held_out else "--decoder" if only == "encoder" else "--encoder"
        raise CheckpointError(f"{flag} says nothing of {only}s alone.", f"Leave out {flag}, or --only.")
    return "decoder" if only == "encoder" else "encoder", tensors


def _tensors(file: Path, tensors: str) -> OnnxTensors:
    from explorer.adoption import tensors_asked

    def beside(name: str) -> bytes | None:
        other = file.parent / name
        return bytes_of(other) if other.is_file() else None

    return tensors_asked(bytes_of(file), str(file), tensors, beside)


def _decoder(file: Path, decoder: str) -> OnnxTensors | None:
    """A file of its own where there is one of that name, else tensors of the same file."""
    if not decoder:
        return None
    other = Path(decoder)
    return _tensors(other, "") if other.suffix == ".onnx" or other.is_file() else _tensors(file, decoder)
