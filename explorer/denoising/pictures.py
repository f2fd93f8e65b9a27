"""Picture files as items of a model that takes one size: read as one set, as those that it learnt from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import ExitStack

from explorer import data
from explorer.checkpoints import Checkpoint
from explorer.data import Dataset, ImportOptions
from explorer.data.folders import zip_files
from explorer.data.image_sets import ImageFiles, Member
from explorer.io.images.asked import of_shape


def read_pictures(
    checkpoint: Checkpoint, files: Sequence[tuple[str, bytes]], options: ImportOptions | None = None
) -> Dataset:
    """Picture files, and those in zips, as one set of the items that a model takes, read as those that it learnt from.

    Args:
        files: names and contents.
        options: what was said of them; None: nothing.

    Raises:
        DataError: none is a picture, or a zip cannot be read.
    """
    known = of_shape(checkpoint.event_shape).model_copy(update={"layout": "none"})
    said = {} if options is None else {field: value for field, value in options.images if value is not None}
    asked = ImportOptions(known.model_copy(update=said), like=checkpoint.card.data.contract)
    members: list[Member] = []
    left_out: list[tuple[str, str]] = []
    with ExitStack() as opened:
        for name, content in files:
            if not name.lower().endswith(".zip"):
                members.append(Member(name, lambda content=content: content))  # type: ignore[misc]
                continue
            inside = opened.enter_context(zip_files(io.BytesIO(content), name))
            members += [Member(f"{name}/{member.name}", member.read) for member in inside.members]
            left_out += [(f"{name}/{other}", reason) for other, reason in inside.left_out]
        what = files[0][0] if len(files) == 1 else f"{len(files)} files"
        return data.from_images(ImageFiles(tuple(members), tuple(left_out)), what, asked)
