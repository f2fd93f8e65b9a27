"""Items beside what a model makes of them, as parts of its report: pictures, or columns of a table."""

from __future__ import annotations

import base64
import math

import numpy as np
from jaxtyping import Float, Int, Num

from explorer import data, denoising
from explorer.core import metrics
from explorer.core.written import cut, three_digits
from explorer.data import Dataset
from explorer.data.item_names import read_names
from explorer.data.stored import as_float
from explorer.export.html import Html, element
from explorer.io import images
from explorer.io.contract import as_columns
from explorer.models.photo import GREY_LEVELS
from explorer.noise import Noise
from explorer.views.exported.page import StillPart
from explorer.views.item_words import DESCRIBED
from explorer.views.report.measured import table
from explorer.views.report.reported import Reported

SHOWN, WORST = 10, 10
ROWS, COLUMNS = 3, 40
"""Rows of a table that are shown, and columns at most."""
SIDE = 128
"""Largest side of a picture in pixels."""
PHOTO_SIDE, PHOTO_LEVEL = 192, 25
"""Of the pieces of photos, and their noise in grey levels of 255."""


def strip_parts(reported: Reported) -> list[StillPart]:
    """Items and their reconstructions: some of each class, and those of the highest error."""
    if denoising.is_photo_denoiser(reported.checkpoint):
        part = _photos(reported)
        return [] if part is None else [part]
    if reported.dataset is None or not len(reported.rows):
        return []
    return _strips(reported, reported.dataset)


def _strips(reported: Reported, dataset: Dataset) -> list[StillPart]:
    corruption = reported.card.recipe.corruption
    chosen, worst = reported.samples(SHOWN if dataset.kind == "image" else ROWS), ranked(reported.errors)
    how = "one of each class in turn" if reported.labels is not None else "spread over all"
    few = f"Chosen before anything was measured: {how}. {reported.of}."
    most = f"Those that the model rebuilds worst, the worst first. {reported.of}."
    if dataset.kind == "table":
        note = "Numbers in the units of the data; errors in squared standard deviations, summed over the columns."
        return [
            StillPart("strips", "Rows and reconstructions", few, _rows(reported, dataset, chosen), [note]),
            StillPart("worst", "Highest errors", most, _rows(reported, dataset, worst[:ROWS]), [note]),
        ]
    note = "Errors are squared differences of pixel values from 0 to 1, summed over the image."
    parts = [
        StillPart("strips", "Items and reconstructions", f"Above each item, below it what the model makes of it. {few}",
                  _pictures(reported, dataset, chosen), [note]),
        StillPart("worst", "Highest errors", most, _pictures(reported, dataset, worst), [note]),
    ]  # fmt: skip
    if corruption is None:
        return parts
    seed = 0
    sentence = f"From above: item, the item with noise ({noise_words(corruption)}; seed {seed}), denoised. {few}"
    noisy = denoising.add_noise(dataset.x[reported.rows[chosen]], corruption, seed)
    return [StillPart("denoised", "Noise and denoised", sentence, _pictures(reported, dataset, chosen, noisy)), *parts]


def ranked(errors: Float[np.ndarray, " n"]) -> Int[np.ndarray, " k"]:
    """Positions of the highest errors, the highest first; errors that are not finite come first of all."""
    order: np.ndarray = np.argsort(-np.nan_to_num(errors, nan=np.inf), kind="stable")[:WORST]
    return order


def _pictures(
    reported: Reported, dataset: Dataset, positions: Int[np.ndarray, " k"], given: Num[np.ndarray, "k *e"] | None = None
) -> Html:
    rows = reported.rows[positions]
    x = dataset.x[rows]
    rebuilt = reported.checkpoint.reconstruct(x if given is None else given)
    kinds = {"item": x, "rebuilt": rebuilt}
    if given is not None:
        kinds = {"item": x, "with noise": given, "denoised": rebuilt}
    names, labels = read_names(dataset, rows), reported.labels
    figures = []
    for i, position in enumerate(positions.tolist()):
        label = "" if labels is None else _label(dataset, int(labels[position]))
        if given is None:
            figure = f"error {three_digits(float(reported.errors[position]))}"
        else:
            before, after = (_psnr(x[i], each[i]) for each in (given, rebuilt))
            figure = f"PSNR {three_digits(before)} to {three_digits(after)} dB"
        told = [f"{name}: {cut(cells[i], DESCRIBED)}" for name, cells in _beside(reported, positions) if cells[i]]
        words = ", ".join(filter(None, (names[i], label, figure, *told)))
        pictures = [(f"{names[i]}: {kind}", each[i]) for kind, each in kinds.items()]
        figures.append(_figure(pictures, words))
    return element("div", *figures, class_="strip")


def noise_words(noise: Noise) -> str:
    """A corruption and its level: "Gaussian, sigma 0.4, clip no"."""
    values = noise.model_dump(exclude={"kind"})
    named = {name: ("no", "yes")[value] if isinstance(value, bool) else value for name, value in values.items()}
    return ", ".join([noise.title, *(f"{name} {value}" for name, value in named.items())])


def _label(dataset: Dataset, label: int) -> str:
    return dataset.label_names[label] if 0 <= label < len(dataset.label_names) else ""


def _figure(pictures: list[tuple[str, np.ndarray]], words: str) -> Html:
    drawn = [element("img", src=picture_url(picture), alt=alt) for alt, picture in pictures]
    return element("figure", *drawn, element("figcaption", words))


def picture_url(picture: Num[np.ndarray, "c h w"]) -> str:
    """A picture within a page, made smaller where it is larger than a page shows."""
    step = math.ceil(max(picture.shape[1:]) / SIDE)
    small = images.shrunk(picture[None], step)[0] if step > 1 else picture
    return f"data:image/png;base64,{base64.b64encode(images.png_bytes(small)).decode()}"


def _psnr(x: Num[np.ndarray, "*event"], other: Num[np.ndarray, "*event"]) -> float:
    return float(metrics.psnr(as_float(x[None]), as_float(other[None]))[0])


def _rows(reported: Reported, dataset: Dataset, positions: Int[np.ndarray, " k"]) -> Html:
    """Rows of a table and what they become, a column of the page each."""
    rows = reported.rows[positions]
    x, names = np.asarray(dataset.x[rows]), dataset.feature_names
    rebuilt = reported.checkpoint.reconstruct(x)
    called = list(names) or [f"column {i + 1}" for i in range(x.shape[1])]
    contract = reported.card.data.contract
    before, after = (as_columns(each, contract, called) for each in (x, rebuilt))
    labels = reported.labels
    heads = ["Column"]
    for i, position in enumerate(positions.tolist()):
        label = "" if labels is None else _label(dataset, int(labels[position]))
        heads += [", ".join(filter(None, (read_names(dataset, rows)[i], label))),
                  f"rebuilt, error {three_digits(float(reported.errors[position]))}"]  # fmt: skip
    told = [
        [name, *(text for i in range(len(rows)) for text in (cells[i], ""))]
        for name, cells in _beside(reported, positions)
    ]
    every = [[name, *(_cell(of[name][i]) for i in range(len(rows)) for of in (before, after))] for name in before]
    shown = element("div", table(heads, [*told, *every[:COLUMNS]]), class_="wide", tabindex="0")
    if len(every) <= COLUMNS:
        return shown
    return Html(element("p", f"The first {COLUMNS} of {len(every):,} columns.") + shown)


def _beside(reported: Reported, positions: Int[np.ndarray, " k"]) -> list[tuple[str, list[str]]]:
    """Name and (k,) cells of each column beside the reported items at these positions, texts first."""
    ordered = sorted(reported.beside, key=lambda column: column.kind != "text")
    return [(column.name, column.written(reported.rows[positions])) for column in ordered]


def _cell(value: object) -> str:
    return value if isinstance(value, str) else three_digits(float(value))  # type: ignore[arg-type]


def _photos(reported: Reported) -> StillPart | None:
    """Pieces of shipped photos with white noise, and without it again."""
    channels = reported.checkpoint.event_shape[0]
    sigma = PHOTO_LEVEL / GREY_LEVELS
    figures = []
    for photo in data.photos():
        planes = photo.array[None] if photo.array.ndim == 2 else photo.array.transpose(2, 0, 1)
        if len(planes) != channels:
            continue
        top, left = ((size - PHOTO_SIDE) // 2 for size in planes.shape[1:])
        clean = planes[:, top : top + PHOTO_SIDE, left : left + PHOTO_SIDE]
        random = np.random.default_rng(0)
        noisy = (clean / 255 + sigma * random.standard_normal(clean.shape)).astype(np.float32)
        denoised = denoising.denoise_photo(reported.checkpoint, noisy, sigma)
        before, after = (_psnr(clean, each) for each in (noisy, denoised))
        words = f"{photo.title}: PSNR {three_digits(before)} to {three_digits(after)} dB. {photo.licence}"
        kinds = (("clean", clean), ("with noise", noisy), ("denoised", denoised))
        figures.append(_figure([(f"{photo.title}: {kind}", each) for kind, each in kinds], words))
    if not figures:
        return None
    sentence = (
        f"From above: the middle of a photo that scikit-image carries, the same with white noise of {PHOTO_LEVEL} grey "
        "levels of 255 (seed 0), and denoised by a model that was told this level."
    )
    return StillPart("denoised", "Noise and denoised", sentence, element("div", *figures, class_="strip photos"))
