"""The pictures that a command is given, one by one or by the folder or zip, and where their results go.

What takes long to import is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from explorer.cli.inputs import bytes_of, require_images
from explorer.cli.output import progress_line
from explorer.cli.reading import Reading, say_how_read
from explorer.cli.streams import STREAM, is_stream, local
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    from explorer.checkpoints import Checkpoint
    from explorer.data import Dataset
    from explorer.data.image_sets import ImageFiles


@dataclass(frozen=True)
class PictureFile:
    """One picture.

    Args:
        name: under which its result is written: the file's, below a folder or in a zip with the folders there.
        label: what messages call it.
        read: its bytes.
        source: the file that it lies in.
    """

    name: str
    label: str
    read: Callable[[], bytes]
    source: Path


@dataclass(frozen=True)
class GivenPictures:
    """Pictures in the order in which they were given, and (name, reason) of what else was there."""

    files: tuple[PictureFile, ...]
    left_out: tuple[tuple[str, str], ...] = ()


@contextmanager
def given_pictures(inputs: Sequence[Path]) -> Iterator[GivenPictures]:
    """Files, folders with all below them, zips, and standard input, readable while it is open.

    Raises:
        DataError: a folder or zip that holds no picture, or that cannot be read.
    """
    files: list[PictureFile] = []
    left_out: list[tuple[str, str]] = []
    with ExitStack() as opened:
        for given in inputs:
            path = Path(local(str(given))) if is_stream(given) else given
            label = "standard input" if is_stream(given) else str(given)
            inside = _inside(path, label, opened)
            if inside is None:
                files.append(PictureFile(path.name, label, lambda path=path: bytes_of(path), path))  # type: ignore[misc]
                continue
            left_out += [(f"{label}/{name}", reason) for name, reason in inside.left_out]
            for member in inside.members:
                source = path / member.name if path.is_dir() else path
                files.append(PictureFile(member.name, f"{label}/{member.name}", member.read, source))
        yield GivenPictures(tuple(files), tuple(left_out))


def _inside(path: Path, label: str, opened: ExitStack) -> ImageFiles | None:
    """The pictures of a folder or zip; None for any other file."""
    from explorer.data.folders import folder_files, zip_files

    try:
        if path.is_dir():
            inside = folder_files(path)
        elif path.suffix.lower() == ".zip" and path.is_file():
            inside = opened.enter_context(zip_files(opened.enter_context(path.open("rb")), label))
        else:
            return None
    except OSError as error:
        raise DataError(f"{label} cannot be read: {error.strerror}.", "Check the path.") from error
    if not inside.members:
        kind = "folder" if path.is_dir() else "zip"
        raise DataError(f"The {kind} {label} holds no picture.", "Give pictures, or a folder or zip of them.")
    return inside


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
    sources: Sequence[Path]
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


def destination(out: Path, pictures: GivenPictures, others: Sequence[Path], overwrite: bool) -> Destination:
    """A folder, or the file for one picture where ``out`` is called like one.

    Args:
        out: as given.
        pictures: that are read.
        others: further files that must not be lost.
        overwrite: whether results may take the place of any of them.

    Raises:
        ExplorerError: one file for several pictures.
    """
    from explorer.io.images import SUFFIXES

    sources = [*(file.source for file in pictures.files), *others]
    count = len(pictures.files)
    if is_stream(out):
        if count > 1:
            raise ExplorerError(f"Standard output takes one picture, not {count}.", "Give a folder with --out.")
        return Destination(Path(), sources, overwrite, STREAM)
    if out.suffix.lower() == ".zip":
        raise ExplorerError(f"Results are not packed into {out}.", "Give a folder with --out.")
    if out.is_dir() or out.suffix.lower() not in SUFFIXES:
        return Destination(out, sources, overwrite)
    if count > 1:
        raise ExplorerError(f"{out} is one file for {count} pictures.", "Give a folder with --out.")
    return Destination(out.parent, sources, overwrite, out.name)


def content_of(file: PictureFile) -> bytes:
    """A picture's bytes.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return file.read()
    except OSError as error:
        raise DataError(f"{file.label} cannot be read: {error.strerror}.", "Check the file.") from error


def open_images(pictures: GivenPictures, checkpoint: Checkpoint, reading: Reading) -> Dataset:
    """Pictures as one set, read as the images that a checkpoint learnt from; says on stderr how.

    Raises:
        DataError: none of them can be read, or two readings are about as likely.
    """
    from explorer import data
    from explorer.data.image_sets import ImageFiles, Member
    from explorer.io.images.asked import of_shape

    require_images(checkpoint)
    asked = reading.images_over(of_shape(checkpoint.event_shape).model_copy(update={"layout": "none"}))
    options = data.ImportOptions(asked, like=checkpoint.card.data.contract)
    files = ImageFiles(tuple(Member(file.name, file.read) for file in pictures.files), ())
    name = pictures.files[0].label if len(pictures.files) == 1 else f"the {len(pictures.files)} pictures"
    with progress_line() as progress:
        dataset = data.from_images(files, name, options, progress)
    reading.check_used(dataset, name)
    if dataset.contract is not None:
        dataset.contract.require_decided(name)
    say_how_read(dataset)
    return dataset


def with_name(name: str, file_name: str) -> str:
    """A picture's name with its last part replaced, its folders kept."""
    return str(PurePosixPath(name).with_name(file_name))


def _ending(name: str) -> str:
    return Path(name).suffix.lower().replace("jpeg", "jpg").replace("tiff", "tif")
