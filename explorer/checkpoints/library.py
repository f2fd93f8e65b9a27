"""The checkpoints that are known by name: those of the user, and those that come with the program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from explorer.checkpoints.card import Card, read_card
from explorer.checkpoints.files import read_metadata
from explorer.core import places
from explorer.core.errors import CheckpointError


def folders() -> list[Path]:
    """Where checkpoints are looked for by name; new ones are saved in the first.

    The user's own (``places.user_folder`` says which), then those that come with the program; in a clone they are one.
    """
    return list(dict.fromkeys([places.user_folder("checkpoints"), places.shipped("checkpoints")]))


def available() -> dict[str, Path]:
    """Name -> file of every checkpoint in ``folders()``, by name; the first folder wins."""
    paths: dict[str, Path] = {}
    for folder in folders():
        for path in sorted(folder.glob("*.safetensors")):
            paths.setdefault(path.stem, path)
    return dict(sorted(paths.items()))


def for_learn() -> dict[str, Path]:
    """Name -> file of every checkpoint that Learn's scenes need: found by name, in no list of models."""
    return {path.stem: path for path in sorted((places.shipped("checkpoints") / "learn").glob("*.safetensors"))}


def find(name_or_path: str | os.PathLike[str]) -> Path:
    """The file of a checkpoint given by name or path.

    Raises:
        CheckpointError: there is none.
    """
    path = Path(name_or_path)
    if path.suffix == ".safetensors" or path.is_file():
        if path.is_file():
            return path
        raise CheckpointError(f"There is no file {path}.", "Check the path.")
    known = available()
    by_name = for_learn() | known
    if str(name_or_path) in by_name:
        return by_name[str(name_or_path)]
    raise CheckpointError(
        f"There is no checkpoint called {str(name_or_path)!r}.",
        f"Known: {', '.join(known)}." if known else "Train one first: python -m explorer train recipes/NAME.toml",
    )


def load_card(name_or_path: str | os.PathLike[str]) -> Card:
    """Read a checkpoint's card alone: quick, for lists.

    Raises:
        CheckpointError: there is no such file, or it is not a checkpoint of this version.
    """
    path = find(name_or_path)
    return read_card(read_metadata(path), str(path))


def iter_cards() -> Iterator[tuple[str, Card | CheckpointError]]:
    """(name, card) of every available checkpoint; an unreadable file gives its error in the card's place."""
    for name, path in available().items():
        try:
            yield name, load_card(path)
        except CheckpointError as error:
            yield name, error
