"""The command that removes noise.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from explorer.cli.inputs import bytes_of
from explorer.cli.output import AsJson, print_json, progress_line
from explorer.cli.pictures import (
    Destination,
    GivenPictures,
    content_of,
    destination,
    given_pictures,
    open_images,
    with_name,
)
from explorer.cli.reading import Reading, contract_of
from explorer.cli.reading_flags import reads_images
from explorer.cli.streams import deliver
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    from explorer.checkpoints import Checkpoint
    from explorer.denoising import DenoisingSetting
    from explorer.denoising.files import Choose
    from explorer.io.photo_files import PhotoSurvey


@reads_images
def denoise(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CHECKPOINT",
            help="A name (see `list`) or a file; photo-denoiser: the one for each photo's colours.",
        ),
    ],
    inputs: Annotated[
        list[Path],
        typer.Argument(metavar="INPUT...", help="Noisy pictures, folders or zips of them, or - for standard input."),
    ],
    out: Annotated[
        Path,
        typer.Option(help="The folder for the results, under the pictures' own names; of one picture, the file, or -."),
    ],
    sigma: Annotated[
        str | None,
        typer.Option(metavar="LEVEL|auto", help="Noise level in grey levels of 255 (photo denoisers). Default: auto."),
    ] = None,
    peak: Annotated[
        str | None,
        typer.Option(metavar="PHOTONS|auto", help="In place of --sigma, for photon noise: what white collects."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Results may take the place of the pictures.")] = False,
    reference: Annotated[
        Path | None, typer.Option(help="The picture without noise, or a folder of them under the same names: for PSNR.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Calculate in bfloat16: quicker on new processors.")] = False,
    assess: Annotated[
        bool,
        typer.Option("--assess/--no-assess", help="Assess each result without a reference; takes three times as long."),
    ] = True,
    assess_formerly: Annotated[
        bool, typer.Option("--judge/--no-judge", hidden=True, help="The former name of --assess.")
    ] = True,
    as_json: AsJson = False,
    *,
    reading: Reading,
) -> None:
    """Remove noise: from photos of any size with a photo denoiser, or from pictures fitted to another checkpoint."""
    from explorer import checkpoints, denoising

    checkpoint = None if name == PHOTO_DENOISER else checkpoints.load(name)
    if checkpoint is None or denoising.is_photo_denoiser(checkpoint):
        _check_of_photos(reading)
        setting = denoising.DenoisingSetting(
            level_of(sigma), fast, assess and assess_formerly, peak_of(peak), reading.images
        )
        with _said(inputs) as pictures:
            place = destination(out, pictures, _pictures_of(reference), overwrite)
            denoise_photos(denoising.choice_of(checkpoint), pictures, place, setting, reference, as_json)
        return
    if sigma is not None or peak is not None or reference is not None or fast:
        raise ExplorerError(
            f"{name} is no photo denoiser: it takes no --sigma, --peak, --reference or --fast.",
            f"Use {PHOTO_DENOISER}.",
        )
    with _said(inputs) as pictures:
        _denoise_fitted(checkpoint, pictures, destination(out, pictures, (), overwrite), reading, as_json)


@contextmanager
def _said(inputs: list[Path]) -> Iterator[GivenPictures]:
    """The pictures, with a word on what else was there."""
    with given_pictures(inputs) as pictures:
        for name, reason in pictures.left_out:
            typer.echo(f"{name} left out: {reason}", err=True)
        yield pictures


def _check_of_photos(reading: Reading) -> None:
    """Refuse what photos are never asked: they keep their sizes and channels, and folders are no labels.

    Raises:
        DataError: with the flags.
    """
    from explorer.export.reading import image_flags

    asked = reading.images
    other = asked.model_copy(update=dict.fromkeys(("white", "black", "axes", "pages")))
    if flags := image_flags(other):
        raise DataError(f"{shlex.join(flags)}: photos keep their size and channels.", "Leave the flag out.")


def _denoise_fitted(
    checkpoint: Checkpoint, pictures: GivenPictures, place: Destination, reading: Reading, as_json: bool
) -> None:
    """All pictures, read as one set under the contract of the images that a checkpoint learnt from."""
    from explorer import denoising
    from explorer.io import images

    noisy = open_images(pictures, checkpoint, reading)
    labels = {file.name: file.label for file in pictures.files}
    targets = _targets(noisy.item_names, place)
    denoised = denoising.denoise(checkpoint, images.to_float(noisy.x))
    if note := images.channels_note(checkpoint.event_shape):
        typer.echo(note, err=True)
    answers: list[dict[str, Any]] = []
    for name, target, picture in zip(noisy.item_names, targets, denoised, strict=True):
        deliver(target, images.png_bytes(picture))
        answers.append({"file": labels.get(name, name), "written": str(target)})
    bad = [] if noisy.report is None else [(name, why) for name, why in noisy.report.left_out if name in labels]
    answers += [{"file": labels[name], "error": why} for name, why in bad]
    if as_json:
        written = str(place.folder if place.file is None else targets[0])
        print_json(
            {"written": written, "items": answers, **contract_of(noisy), "left_out": [*pictures.left_out, *bad]},
            err=place.is_stream,
        )
    else:
        for answer in answers:
            if "written" in answer:
                typer.echo(f"{answer['file']}: written to {answer['written']}", err=place.is_stream)
    if bad:
        raise typer.Exit(1)


def _targets(names: Sequence[str], place: Destination) -> list[Path]:
    """Where the result of each item goes; of several from one file, such as tiles, numbered.

    Raises:
        ExplorerError: two would be one file.
    """
    if place.file is not None and len(names) > 1:
        raise ExplorerError(f"{place.file} is one file for {len(names)} pictures.", "Give a folder with --out.")
    targets = []
    for name in names:
        file, _, number = name.partition(" #")
        target = place.free(with_name(file, f"{Path(file).stem}{f'-{number}' if number else ''}.png"))
        if target in targets and not place.is_stream:
            raise ExplorerError(f"Two pictures would be written to {target}.", "Use different folders.")
        targets.append(target)
    return targets


PHOTO_DENOISER = "photo-denoiser"
"""In place of a checkpoint: the shipped photo denoiser for each picture's number of channels."""


def denoise_photos(
    choose: Choose,
    pictures: GivenPictures,
    place: Destination,
    setting: DenoisingSetting,
    reference: Path | None,
    as_json: bool,
) -> None:
    """Each picture on its own; a bad one is reported, the rest is done, and the status says that one failed."""
    from explorer import denoising

    references = _references(pictures, reference)
    for file in pictures.files:  # before the first of them takes its time
        place.free(place.file or file.name)
    survey = _surveyed(pictures, setting)
    contract = survey.contract()
    if contract is not None:
        typer.echo(f"Read as: {contract.line}", err=True)
        for remark in contract.remarks if len(pictures.files) > 1 else ():
            typer.echo(remark, err=True)
        contract.require_decided(_called(pictures))
    answers: list[dict[str, Any]] = []
    for file in pictures.files:
        try:
            clean_path = references[file.name]
            clean = None if clean_path is None else bytes_of(clean_path)
            with progress_line() as progress:
                result = denoising.clean_file(
                    choose, file.name, content_of(file), setting, clean, progress, survey.shared
                )
            target = place.free(with_name(file.name, result.written_name))
            if str(target) in {answer.get("written") for answer in answers}:
                raise ExplorerError(f"Two pictures would be written to {target}.", "Use different folders.")
            deliver(target, result.file())
        except ExplorerError as error:
            answers.append({"file": file.label, "error": error.message, "hint": error.hint})
            typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
            continue
        for note in result.photo.notes:
            typer.echo(f"{file.label}: {note}", err=True)
        answers.append({"file": file.label, "written": str(target), **result.figures})
        if len(result.pages) > 1:
            answers[-1]["each"] = list(result.pages)
        if not as_json:
            said = file.label if place.is_stream else target
            typer.echo(f"{said}: {_in_words(result.figures)}", err=place.is_stream)
    if as_json:
        read = {} if contract is None else {"contract": contract.answer}
        print_json({"items": answers, **read, "left_out": list(pictures.left_out)}, err=place.is_stream)
    if any("error" in answer for answer in answers):
        raise typer.Exit(1)


def _called(pictures: GivenPictures) -> str:
    """What all of them are called in a message."""
    files = pictures.files
    return files[0].label if len(files) == 1 else f"the {len(files):,} photos"


def _surveyed(pictures: GivenPictures, setting: DenoisingSetting) -> PhotoSurvey:
    """All photos looked at, for the one white that they share; one that cannot be read is reported in its turn."""
    from explorer.io.photo_files import PhotoSurvey

    survey = PhotoSurvey(setting.asked)
    with progress_line() as progress:
        for done, file in enumerate(pictures.files):
            progress(done / len(pictures.files), f"Looking at {len(pictures.files):,} photos")
            with suppress(ExplorerError):
                survey.add(content_of(file), file.name)
    return survey


def peak_of(text: str | None) -> float | Literal["auto"] | None:
    """Photons at white; None where the noise is no photon noise."""
    if text is None or text == "auto":
        return None if text is None else "auto"
    try:
        peak = float(text)
    except ValueError:
        peak = -1.0
    if not 0 < peak < float("inf"):
        raise ExplorerError(f"{text} is no number of photons.", "Give one above 0, or auto.")
    return peak


def level_of(text: str | None) -> float | None:
    """A noise level in units where white is 1, from grey levels of 255; None for auto."""
    if text is None or text == "auto":
        return None
    try:
        level = float(text)
    except ValueError:
        level = -1.0
    if not 0 <= level <= 255:
        raise ExplorerError(f"{text} is no noise level.", "Give grey levels from 0 to 255, or auto.")
    return level / 255


def _pictures_of(reference: Path | None) -> list[Path]:
    """Files that a result must not take the place of."""
    if reference is None:
        return []
    return [path for path in reference.iterdir() if path.is_file()] if reference.is_dir() else [reference]


def _references(pictures: GivenPictures, reference: Path | None) -> dict[str, Path | None]:
    """The clean version of each picture by its name, where there is one."""
    names = [file.name for file in pictures.files]
    if reference is None or not reference.is_dir():
        if reference is not None and len(names) > 1:
            raise ExplorerError(f"{reference} is one picture for several.", "Give a folder of pictures instead.")
        return dict.fromkeys(names, reference)
    references = {name: reference / name for name in names}
    if missing := [path for path in references.values() if not path.is_file()]:
        raise DataError(f"There is no {missing[0]}.", "The reference's folder needs a picture of each name.")
    return dict(references)


def _in_words(figures: dict[str, Any]) -> str:
    """The figures of one denoised photo, for people."""
    parts = [f"{figures['pages']} pictures"] if "pages" in figures else []
    if "peak" in figures:
        parts.append(f"photon noise of {figures['peak']:.3g} photons at white")
    else:
        parts.append(f"noise level {figures['sigma']:.1f} of 255")
    if "psnr_after" in figures:
        parts.append(f"PSNR {figures['psnr_before']:.2f} before, {figures['psnr_after']:.2f} dB after")
    elif "expected_psnr" in figures:
        parts.append(f"expected PSNR {figures['expected_psnr']:.1f} dB")
    if "verdict" in figures:
        parts.append(f"{figures['verdict']} ({figures['reasons']})")
    return ", ".join(parts)
