"""The command that removes noise.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from explorer.cli.output import AsJson, print_json, print_result, progress_line
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    from explorer.checkpoints import Checkpoint
    from explorer.denoising import DenoisingSetting
    from explorer.denoising.files import Choose

from explorer.cli.inputs import bytes_of, open_image
from explorer.cli.streams import STREAM, deliver, is_stream, local
from explorer.cli.written import write_pictures


def denoise(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CHECKPOINT",
            help="A name (see `list`) or a file; photo-denoiser: the one for each photo's colours.",
        ),
    ],
    pictures: Annotated[
        list[Path], typer.Argument(metavar="IMAGE...", help="Noisy pictures, folders of them, or - for standard input.")
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
    white: Annotated[
        float | None,
        typer.Option(metavar="VALUE", help="The stored value that stands for white. Default: found in each picture."),
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
) -> None:
    """Remove noise: from photos of any size with a photo denoiser, or from pictures fitted to another checkpoint."""
    from explorer import checkpoints, denoising

    pictures = _files_of(pictures)
    checkpoint = None if name == PHOTO_DENOISER else checkpoints.load(name)
    if checkpoint is None or denoising.is_photo_denoiser(checkpoint):
        setting = denoising.DenoisingSetting(level_of(sigma), fast, assess and assess_formerly, peak_of(peak), white)
        place = destination(out, pictures, [*pictures, *_pictures_of(reference)], overwrite)
        denoise_photos(denoising.choice_of(checkpoint), pictures, place, setting, reference, as_json)
        return
    if sigma is not None or peak is not None or reference is not None or fast:
        raise ExplorerError(
            f"{name} is no photo denoiser: it takes no --sigma, --peak, --reference or --fast.",
            f"Use {PHOTO_DENOISER}.",
        )
    _denoise_fitted(checkpoint, pictures, destination(out, pictures, pictures, overwrite), white, as_json)


def _denoise_fitted(
    checkpoint: Checkpoint, pictures: list[Path], place: Destination, white: float | None, as_json: bool
) -> None:
    import numpy as np

    from explorer import denoising
    from explorer.io import images

    stems = [path.stem for path in pictures]
    if twice := {stem for stem in stems if stems.count(stem) > 1}:
        raise ExplorerError(f"Two pictures are called {twice.pop()}.", "Denoise them into different folders.")
    targets = [place.free(f"{stem}.png") for stem in stems]
    x_noisy = np.concatenate([open_image(path, checkpoint, white) for path in pictures])
    denoised = denoising.denoise(checkpoint, x_noisy)
    if place.is_stream:
        deliver(targets[0], images.png_bytes(denoised[0]))
    else:
        write_pictures(place.folder, [target.name for target in targets], denoised)
    written = place.folder if place.file is None else targets[0]
    print_result({"written": str(written), "items": len(pictures)}, as_json)


PHOTO_DENOISER = "photo-denoiser"
"""In place of a checkpoint: the shipped photo denoiser for each picture's number of channels."""


def denoise_photos(
    choose: Choose,
    pictures: list[Path],
    place: Destination,
    setting: DenoisingSetting,
    reference: Path | None,
    as_json: bool,
) -> None:
    """Each picture on its own; a bad one is reported, the rest is done, and the status says that one failed."""
    from explorer import denoising

    references = _references(pictures, reference)
    for path in pictures:  # before the first of them takes its time
        place.free(place.file or path.name)
    answers: list[dict[str, Any]] = []
    for path in pictures:
        try:
            clean_path = references[path]
            clean = None if clean_path is None else bytes_of(clean_path)
            with progress_line() as progress:
                result = denoising.clean_file(choose, path.name, bytes_of(path), setting, clean, progress)
            target = place.free(result.written_name)
            if str(target) in {answer.get("written") for answer in answers}:
                raise ExplorerError(f"Two pictures would be written to {target}.", "Use different folders.")
            deliver(target, result.file())
        except ExplorerError as error:
            answers.append({"file": str(path), "error": error.message, "hint": error.hint})
            typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
            continue
        for note in result.photo.notes:
            typer.echo(f"{path}: {note}", err=True)
        answers.append({"file": str(path), "written": str(target), **result.figures})
        if len(result.pages) > 1:
            answers[-1]["each"] = list(result.pages)
        if not as_json:
            typer.echo(f"{path if place.is_stream else target}: {_in_words(result.figures)}", err=place.is_stream)
    if as_json:
        print_json({"items": answers}, err=place.is_stream)
    if any("error" in answer for answer in answers):
        raise typer.Exit(1)


@dataclass(frozen=True)
class Destination:
    """Where results are written, and what must not be lost there.

    Args:
        folder: of the results.
        file: what the one result is called there; None: as its picture.
        sources: files that are read.
        overwrite: whether a result may take the place of one of them.
    """

    folder: Path
    sources: list[Path]
    overwrite: bool
    file: str | None = None

    @property
    def is_stream(self) -> bool:
        """Whether the one result goes to standard output."""
        return self.file == STREAM

    def free(self, name: str) -> Path:
        """The path of a result, through links, so that what they lead to is written and not the link.

        Raises:
            ExplorerError: it is one of the sources, under any name, or the file's name is that of another format.
        """
        if self.is_stream:
            return Path(STREAM)
        if self.file is not None and _ending(self.file) != _ending(name):
            raise ExplorerError(
                f"The result of {name} is written in its own format, not as {self.file}.",
                f"End the name in {_ending(name)}, or give a folder with --out.",
            )
        path = self.folder / (self.file or name)
        if not self.overwrite and path.exists() and any(one.exists() and path.samefile(one) for one in self.sources):
            raise ExplorerError(
                f"{path} is one of the pictures that are read, and would be lost.",
                "Give another folder with --out, or --overwrite.",
            )
        return path.resolve() if path.is_symlink() else path


def destination(out: Path, pictures: list[Path], sources: list[Path], overwrite: bool) -> Destination:
    """A folder, or the file for one picture where ``out`` is called like one.

    Raises:
        ExplorerError: one file for several pictures.
    """
    from explorer.io.images import SUFFIXES

    if is_stream(out):
        if len(pictures) > 1:
            raise ExplorerError(f"Standard output takes one picture, not {len(pictures)}.", "Give a folder with --out.")
        return Destination(Path(), sources, overwrite, STREAM)
    if out.is_dir() or out.suffix.lower() not in SUFFIXES:
        return Destination(out, sources, overwrite)
    if len(pictures) > 1:
        raise ExplorerError(f"{out} is one file for {len(pictures)} pictures.", "Give a folder with --out.")
    return Destination(out.parent, sources, overwrite, out.name)


def _files_of(pictures: list[Path]) -> list[Path]:
    """The files to denoise: of a folder its pictures, in the order of their names; standard input as a file."""
    from explorer.io.images import SUFFIXES

    files: list[Path] = []
    for path in pictures:
        if not path.is_dir():
            files.append(Path(local(str(path))) if is_stream(path) else path)
            continue
        inside = sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in SUFFIXES)
        if not inside:
            raise DataError(f"The folder {path} holds no picture.", "Give pictures, or a folder of them.")
        files += inside
    return files


def _ending(name: str) -> str:
    return Path(name).suffix.lower().replace("jpeg", "jpg").replace("tiff", "tif")


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


def _references(pictures: list[Path], reference: Path | None) -> dict[Path, Path | None]:
    """The clean version of each picture, where there is one."""
    if reference is None or not reference.is_dir():
        if reference is not None and len(pictures) > 1:
            raise ExplorerError(f"{reference} is one picture for several.", "Give a folder of pictures instead.")
        return dict.fromkeys(pictures, reference)
    references = {path: reference / path.name for path in pictures}
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
