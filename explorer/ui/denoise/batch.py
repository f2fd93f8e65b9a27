"""Many photos at once: each cleaned in the background, all results in one zip with a table of figures."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Progress
from explorer.denoising.files import DenoisedFile, DenoisingSetting, Failed, clean_files, files_of_zip, row_of, zip_of
from explorer.export import kinds
from explorer.io.photo_files import PhotoContract, PhotoSurvey, read_photo
from explorer.ui.denoise import photos_read_as
from explorer.ui.denoise.settings import DenoisingTask, is_fitting
from explorer.ui.shell.cache import key_of
from explorer.ui.shell.jobs import await_job, jobs
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets.download import download
from explorer.ui.widgets.text import plain, with_code

AUTO, FIXED = "Each photo's own estimate", "The strength chosen above"


@dataclass(frozen=True, eq=False)
class Batch:
    """Results of many photos.

    Args:
        archive: a zip of the results and of ``rows`` as CSV.
        rows: one a file: its name and figures, or what is wrong with it.
        contract: how all were read; None: none could be.
        example: name and content of one of them, where it cannot be told how to read them and nothing was done.
    """

    archive: bytes
    rows: list[dict[str, Any]]
    contract: PhotoContract | None = None
    example: tuple[str, bytes] | None = None


def batch(current_model: Checkpoint, files: Sequence[UserFile], asked: DenoisingTask) -> None:
    """Draw the way to clean all files that the visitor gave; nothing for one photo alone."""
    if not any(file.is_zip for file in files) and len(files) < 2:
        return
    st.subheader("All your photos")
    how = st.segmented_control("Strength", [AUTO, FIXED], default=AUTO, key="batch_strength", required=True)
    strength = asked.strength if how == FIXED else None
    asked_of_files = photos_read_as.said()
    key = key_of(current_model, list(files), strength, asked_of_files)
    job = jobs().get(key)
    if job is None:
        count = f"{len(files)} files" if len(files) > 1 else files[0].name
        if st.button(f"Denoise {count}", icon=":material/burst_mode:"):
            pairs = [(file.name, file.content) for file in files]
            setting = DenoisingSetting(strength, asked=asked_of_files)
            jobs().start(key, lambda progress: clean_all(pairs, models_beside(current_model), setting, progress))
            st.rerun()
        return
    if job.is_running:
        await_job(job, "Waiting for another photo", key="cancel_batch")
    else:
        _results(job.result())


def models_beside(current_model: Checkpoint) -> Callable[[int], Checkpoint]:
    """Number of channels -> the current model where it is the one to use, else the shipped one."""
    other = functools.cache(denoising.denoiser_for)
    return lambda channels: current_model if is_fitting(current_model, channels) else other(channels)


def _results(done: Batch) -> None:
    if done.example is not None and done.contract is not None:
        name, content = done.example
        photos_read_as.decide(
            done.contract.findings, lambda said: read_photo(content, name, asked=said), "batch_decide"
        )
    failed = sum(bool(row.get("error")) for row in done.rows)
    download("Download all results", done.archive, "denoised.zip", kinds.DENOISED, key="batch_download")
    st.caption(f"{len(done.rows) - failed} of {len(done.rows)} files cleaned; the zip holds this table as figures.csv.")
    if done.contract is not None:
        st.caption(f"Read as: {with_code(done.contract.line)}")
        for remark in done.contract.remarks:
            st.caption(plain(f"{remark[0].upper()}{remark[1:]}."))
    for row in done.rows:
        if row.get("error"):
            st.warning(plain(f"{row['file']}: {row['error']}"))
    columns = list(dict.fromkeys(column for row in done.rows for column in row))
    st.dataframe({c: [row.get(c) for row in done.rows] for c in columns}, hide_index=True, width="stretch")


def clean_all(
    files: Sequence[tuple[str, bytes]],
    model_for: Callable[[int], Checkpoint],
    setting: DenoisingSetting,
    progress: Progress | None = None,
) -> Batch:
    """Clean photos one after the other; a bad file becomes a row that says so, and the others go on.

    Args:
        files: names and contents; zips of photos are unpacked in memory.
        model_for: number of channels -> the photo denoiser for it.
        setting: how, and what was said of how they are read.
        progress: called along the way; an exception that it raises ends the work.

    Returns:
        The results, or an example of the photos where two readings of them are about as likely.
    """
    members = list(_members(files))
    survey, readable = PhotoSurvey(setting.asked), list[str]()
    for name, read in members:
        with suppress(ExplorerError):  # reported when its turn comes
            survey.add(read(), name)
            readable.append(name)
    contract = survey.contract()
    if contract is not None and contract.undecided:
        example = next((name, read()) for name, read in members if name == readable[0])
        return Batch(b"", [], contract, example)
    scales = survey.shared
    rows: list[dict[str, Any]] = []

    def results() -> Iterator[DenoisedFile | Failed]:
        for number, one in enumerate(members):

            def tell(share: float, words: str, number: int = number) -> None:
                if progress:
                    progress((number + share) / len(members), f"Photo {number + 1} of {len(members)}: {words}")

            for result in clean_files(model_for, [one], setting, tell, scales):
                rows.append(row_of(result))
                yield result

    return Batch(zip_of(results()), rows, contract)


def _members(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Each photo's name and how to get its bytes; what a zip holds beside photos fails when it is read."""
    for name, content in files:
        if not name.lower().endswith(".zip"):
            yield name, lambda content=content: content  # type: ignore[misc]
            continue
        try:
            members, left_out = files_of_zip(content, name)
        except DataError as error:
            yield name, _failing(error)
            continue
        yield from members
        yield from ((other, _failing(DataError(f"Left out: {reason}."))) for other, reason in left_out)


def _failing(error: DataError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read
