"""Many photos at once: each cleaned in the background, all results in one zip with a table of figures."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import streamlit as st

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.data.base import Progress
from explorer.data.folders import zip_files
from explorer.errors import DataError, ExplorerError
from explorer.models.photo import GREY_LEVELS
from explorer.photo_files import read_photo, write_photo
from explorer.ui import cache
from explorer.ui.denoise_jobs import await_job, jobs
from explorer.ui.denoise_question import Question
from explorer.ui.denoise_result import result_name
from explorer.ui.denoise_source import File
from explorer.ui.tables import csv_bytes
from explorer.ui.text import plain

AUTO, FIXED = "Each photo's own estimate", "The strength chosen above"
MOST_BYTES = 1 << 30
"""Of all results together, which are kept in memory until they are downloaded."""
TABLE = "figures.csv"


@dataclass(frozen=True, eq=False)
class Batch:
    """Results of many photos.

    Args:
        archive: a zip of the results and of ``rows`` as CSV.
        rows: one a file: its name and figures, or what is wrong with it.
    """

    archive: bytes
    rows: list[dict[str, Any]]


def batch(at_hand: Checkpoint, files: Sequence[File], asked: Question) -> None:
    """Draw the way to clean all files that the visitor gave; nothing for one photo alone."""
    if not any(file.is_zip for file in files) and len(files) < 2:
        return
    st.subheader("All your photos")
    how = st.segmented_control("Strength", [AUTO, FIXED], default=AUTO, key="batch_strength", required=True)
    strength = asked.strength if how == FIXED else None
    key = "|".join([cache.checkpoint_key(at_hand), *(file.key for file in files), f"{strength}"])
    job = jobs().get(key)
    if job is None:
        count = f"{len(files)} files" if len(files) > 1 else files[0].name
        if st.button(f"Clean {count}", icon=":material/burst_mode:"):
            pairs = [(file.name, file.content) for file in files]
            # Threads cannot ask the session for a model, so all that may be needed go with the work.
            models = _models(at_hand)
            jobs().start(key, lambda progress: clean_all(pairs, models, strength, progress))
            st.rerun()
        return
    if job.is_under_way:
        await_job(job, "Waiting for another photo", key="cancel_batch")
    else:
        _results(job.result())


def _models(at_hand: Checkpoint) -> Callable[[int], Checkpoint]:
    grey = at_hand if at_hand.model.event_shape[0] == 1 else None

    def model_for(channels: int) -> Checkpoint:
        return at_hand if channels % at_hand.model.event_shape[0] == 0 else grey or denoising.denoiser_for(1)

    return model_for


def _results(done: Batch) -> None:
    failed = sum(bool(row["problem"]) for row in done.rows)
    st.download_button(
        "Download all results",
        done.archive,
        "denoised.zip",
        "application/zip",
        key="batch_download",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(f"{len(done.rows) - failed} of {len(done.rows)} files cleaned; the zip holds this table as {TABLE}.")
    for row in done.rows:
        if row["problem"]:
            st.warning(plain(f"{row['file']}: {row['problem']}"))
    st.dataframe(done.rows, hide_index=True, width="stretch")


def clean_all(
    files: Sequence[tuple[str, bytes]],
    model_for: Callable[[int], Checkpoint],
    strength: float | None,
    progress: Progress | None = None,
) -> Batch:
    """Clean photos one after the other; a bad file becomes a row that says so, and the others go on.

    Args:
        files: names and contents; zips of photos are unpacked in memory.
        model_for: number of channels -> the photo denoiser for it.
        strength: noise level to tell the model, in units where white is 1; None: what each photo seems to have.
        progress: called along the way; an exception that it raises ends the work.

    Raises:
        DataError: the results take more than ``MOST_BYTES``.
    """
    rows: list[dict[str, Any]] = []
    packed = io.BytesIO()
    # Nothing is compressed: photos are so already.
    with zipfile.ZipFile(packed, "w") as archive, ExitStack() as open_zips:
        members = list(_members(files, open_zips))
        for number, (name, read) in enumerate(members):

            def tell(share: float, words: str, number: int = number) -> None:
                if progress:
                    progress((number + share) / len(members), f"Photo {number + 1} of {len(members)}: {words}")

            tell(0.0, name)
            row, result_file = _clean_one(name, read, model_for, strength, tell)
            rows.append(row)
            if result_file:
                archive.writestr(f"{number + 1:03d}-{row['result']}", result_file)
            if packed.tell() > MOST_BYTES:
                raise DataError("The results take more than 1 GiB.", "Clean fewer photos at a time.")
        archive.writestr(TABLE, csv_bytes(rows))
    return Batch(packed.getvalue(), rows)


def _members(files: Sequence[tuple[str, bytes]], open_zips: ExitStack) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each photo's name and how to get its bytes; what a zip holds beside photos fails when it is read."""
    for name, content in files:
        if not name.lower().endswith(".zip"):
            yield name, lambda content=content: content  # type: ignore[misc]
            continue
        try:
            found = open_zips.enter_context(zip_files(io.BytesIO(content), name))
        except DataError as error:
            yield name, _failing(error)
            continue
        yield from ((member.name, member.read) for member in found.members)
        yield from ((left_out, _failing(DataError(f"Left out: {reason}."))) for left_out, reason in found.left_out)


def _failing(error: DataError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def _clean_one(
    name: str,
    read: Callable[[], bytes],
    model_for: Callable[[int], Checkpoint],
    strength: float | None,
    progress: Progress,
) -> tuple[dict[str, Any], bytes]:
    """The row of one photo, and its file; empty where it cannot be cleaned."""
    columns = ("result", "width", "height", "noise found", "its error", "strength", "noise left", "seconds", "problem")
    row: dict[str, Any] = {"file": name} | dict.fromkeys(columns, "")
    start = time.perf_counter()
    try:
        photo = read_photo(read(), name)
        found = denoising.estimate_noise(photo.image)
        sigma = found.sigma if strength is None else strength
        cleaned = denoising.denoise_photo(model_for(len(photo.image)), photo.image, sigma, progress)
        left = denoising.estimate_noise(cleaned)
    except ExplorerError as error:
        return row | {"problem": str(error)}, b""
    in_levels = {"noise found": found.sigma, "its error": found.error, "strength": sigma, "noise left": left.sigma}
    row |= {column: round(GREY_LEVELS * value, 2) for column, value in in_levels.items()}
    row |= {"result": PurePosixPath(result_name(name, photo)).name, "seconds": round(time.perf_counter() - start, 2)}
    row |= {"height": photo.image.shape[1], "width": photo.image.shape[2]}
    return row, write_photo(photo, cleaned)
