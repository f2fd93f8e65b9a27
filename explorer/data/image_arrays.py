"""Images that come in one array: its axes and its scale are scales, and items made of it under a contract."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Shaped

from explorer.core.errors import DataError
from explorer.data.base import ImportReport
from explorer.data.image_sets import add_values, room_for, wanted_shape
from explorer.data.importing import Imported, ImportOptions
from explorer.data.item_names import pieces_of
from explorer.data.stored import batches, encode_labels
from explorer.io.contract import scales_of
from explorer.io.idx import is_idx_name, swaps_sides
from explorer.io.images import fitted, tiles, to_uint8, type_of
from explorer.io.images.asked import Axes, ImageFinding, ImagesAsked
from explorer.io.images.axes import NumberAxis, find_axes
from explorer.io.images.contract import ImageContract
from explorer.io.images.scale import Scale, find_scales
from explorer.io.images.values import Values

_AT_ONCE = 1 << 24
"""Numbers that are looked at or scaled at once."""


def read_image_array(
    x: Shaped[np.ndarray, "*shape"], labels: Shaped[np.ndarray, " n"] | None, name: str, options: ImportOptions
) -> Imported:
    """Turn an array into images.

    Args:
        x: three or four axes, whatever their order; two where axes are asked for.
        labels: one an image, or None.
        name: of the file, for errors.
        options: what is asked for, and how the images were read that a model learnt from.

    Raises:
        DataError: its axes cannot be told, or no image has finite values alone.
    """
    for flag, said in (("--pages", options.images.pages), ("--layout", options.images.layout)):
        if said is not None:
            raise DataError(f"{flag} {said}: {name} holds an array, no image files.", "Leave the flag out.")
    axes, finding = _axes(x.shape, labels, name, options)
    x = _channels_first(x, axes)
    if labels is not None and len(labels) != len(x):
        raise DataError(
            f"{name} has {len(labels):,} labels and, with axes {axes}, {len(x):,} images.",
            "Say the axes with --axes, or give one label an image.",
        )
    whole = _finite(x)
    n_broken = int((~whole).sum())
    if n_broken == len(x):
        raise DataError(f"{name} holds no image of finite values.", "Check how it was saved.")
    numbers = np.flatnonzero(whole) + 1
    names = tuple(f"image {number}" for number in numbers.tolist())
    left_out = [(f"image {i + 1}", "holds values that are not finite") for i in np.flatnonzero(~whole)]
    if n_broken:
        x, labels = x[whole], None if labels is None else labels[whole]
    x, dropped = _without_alpha(x, options)
    sets: dict[str, Values] = {}
    kind = type_of(x.dtype)
    for part in _parts(x):
        add_values(sets, kind, part, len(part))
    like = options.like if isinstance(options.like, ImageContract) else None
    scales = find_scales(sets, options.images.white, options.images.black, scales_of(options.like))
    shape, findings = wanted_shape(x.shape[1:], "the size of the array's images", options)
    items, counts, done = _items(x, scales.scales[kind], shape, options)
    n_files = len(x)
    if counts is not None:
        labels = None if labels is None else np.repeat(labels, counts)
    codes, label_names = (None, ()) if labels is None else encode_labels(labels)
    fit = options.images.fit or (like.fit if like is not None else "cut")
    contract = ImageContract(
        items=len(items),
        files=n_files,
        channels=shape[0],
        size=shape[1:],
        scales=tuple(scales.scales.values()),
        axes=axes,
        fit=fit,
        reshaped=done.reshaped,
        resized=done.resized,
        left_out=n_broken,
        findings=(*scales.findings, finding, *findings),
        remarks=(
            *dropped,
            *_of_sides(axes, name, options),
            *scales.remarks,
            *room_for(len(items), shape, items.dtype == np.float32),
        ),
    )
    converted = [(name, words) for words in (*dropped, *sorted(done.words))]
    if items.dtype != x.dtype or scales.scales[kind].white not in (1, 255):
        converted.append((name, f"scaled to 0 to 1: {scales.scales[kind].words}"))
    report = ImportReport(len(items), tuple(converted), tuple(left_out))
    files = None if counts is None else np.repeat(np.arange(n_files), counts)
    return Imported(
        items,
        codes,
        label_names,
        report,
        files=files,
        item_names=names if counts is None else pieces_of(names, counts),
        item_numbers=numbers if counts is None else None,
        contract=contract,
    )


def _axes(
    shape: tuple[int, ...], labels: np.ndarray | None, name: str, options: ImportOptions
) -> tuple[Axes, ImageFinding]:
    like = options.like if isinstance(options.like, ImageContract) else None
    asked = options.images.axes
    # Sides are swapped by the file that is read, not by the one that was learnt from.
    if asked is None and like is not None and like.axes not in (None, "NWH") and len(like.axes) == len(shape):
        sizes = dict(zip(like.axes, shape, strict=True))
        if (sizes.get("C", 1), sizes["H"], sizes["W"]) == (like.channels, *like.size):
            reason = "as of the images that were learnt from"
            return like.axes, ImageFinding(what="axes", value=like.axes, reason=reason, flag="--axes LETTERS")
    size, channels = options.images.size, options.images.channels
    wanted = None if size is None or channels is None else (channels, *size)
    number: NumberAxis | None = "first" if is_idx_name(name) else None
    axes, finding = find_axes(shape, asked, None if labels is None else len(labels), name, wanted, number)
    is_emnist = axes == "NHW" and shape[1] == shape[2] and swaps_sides(name)
    return _swapped(name) if asked is None and is_emnist else (axes, finding)


def _swapped(name: str) -> tuple[Axes, ImageFinding]:
    """What images of EMNIST are: its own files hold them with swapped sides, what others made of them may not."""
    readings: tuple[Axes, ...] = ("NWH", "NHW")
    if is_idx_name(name):
        reason = "EMNIST's files hold each image with its rows as columns, which is undone"
        return "NWH", ImageFinding(what="axes", value="NWH", reason=reason, confidence=0.8, flag="--axes NHW")
    return "NWH", ImageFinding(
        what="axes",
        value="NWH",
        reason="by its name these are of EMNIST, whose own files hold each image with its rows as columns",
        confidence=0.5,
        flag=" or ".join(f"--axes {axes}" for axes in readings),
        readings=tuple(ImagesAsked(axes=axes) for axes in readings),
    )


def _of_sides(axes: Axes, name: str, options: ImportOptions) -> tuple[str, ...]:
    """What there is to say of images whose rows may be columns."""
    learnt = options.like.axes if isinstance(options.like, ImageContract) else None
    if axes == "NWH" and options.images.axes is None:
        return ("EMNIST's files hold each image with its rows as columns, which is undone: --axes NHW leaves it",)
    if axes == "NHW" and learnt == "NWH":
        return ("of the images that were learnt from rows were columns, which was undone: --axes NWH does it here too",)
    if axes == "NHW" and learnt == "NHW" and swaps_sides(name):
        return ("EMNIST's files hold each image with its rows as columns, as it stays here: --axes NWH undoes it",)
    return ()


def _channels_first(x: np.ndarray, axes: Axes) -> np.ndarray:
    """(N, C, H, W), a view."""
    if axes == "NCHW":
        return x  # a memory map stays one
    for letter, place in (("N", 0), ("C", 1)):
        if letter not in axes:
            x = np.expand_dims(x, place)
            axes = axes[:place] + letter + axes[place:]  # type: ignore[assignment]
    return x.transpose([axes.index(letter) for letter in "NCHW"])


def _parts(x: np.ndarray) -> Iterator[np.ndarray]:
    """The images, some at a time."""
    return (part for _, part in batches(x, max(1, _AT_ONCE // max(1, x[:1].size))))


def _finite(x: np.ndarray) -> np.ndarray:
    if x.dtype.kind != "f":
        return np.ones(len(x), bool)
    return np.concatenate([np.isfinite(part).all(axis=(1, 2, 3)) for part in _parts(x)])


def _without_alpha(x: np.ndarray, options: ImportOptions) -> tuple[np.ndarray, tuple[str, ...]]:
    """Without a last channel that is transparency: white all over, or more than the channels that are asked for."""
    channels = x.shape[1]
    like = options.like if isinstance(options.like, ImageContract) else None
    wanted = options.images.channels or (like.channels if like is not None else None)
    if channels not in (2, 4) or wanted == channels:
        return x, ()
    last = x[:, -1]
    if wanted is not None and wanted in (1, 3):
        return x[:, :-1], (f"channel {channels} of {channels} left out, as transparency",)
    top = np.iinfo(x.dtype).max if x.dtype.kind in "ui" else 1
    if wanted is None and last.min() == last.max() == top:
        return x[:, :-1], (f"channel {channels} of {channels} left out: it is opaque all over",)
    return x, ()


class _Done:
    """What was done to the images of an array."""

    def __init__(self) -> None:
        self.reshaped = self.resized = 0
        self.words: set[str] = set()


def _items(
    x: np.ndarray, scale: Scale, shape: tuple[int, int, int], options: ImportOptions
) -> tuple[np.ndarray, list[int] | None, _Done]:
    """Items of the shape, uint8 where that holds every value, else float32; how many of each image, where tiled."""
    done = _Done()
    as_pixels = scale.as_bytes if scale.fits_bytes else scale.as_floats
    like = options.like if isinstance(options.like, ImageContract) else None
    fit = options.images.fit or (like.fit if like is not None else "cut")
    counts: list[int] | None = None
    if fit == "tiles":
        pieces = [tiles(image, *shape[1:]) for image in x]
        counts = [len(of_image) for of_image in pieces]
        done.reshaped = sum(count > 1 for count in counts)
        if not any(counts):
            raise DataError(f"No image has {shape[2]}x{shape[1]} pixels to cut out.", "Say a smaller --size.")
        x = np.stack([piece for of_image in pieces for piece in of_image])
    is_as_wanted = x.dtype == np.uint8 and scale.fits_bytes and (scale.black, scale.white) == (0, 255)
    if x.shape[1:] == shape and is_as_wanted and x.flags.c_contiguous:
        return x, counts, done  # no copy of what may be most of the memory
    if x.shape[1:] == shape and x.dtype == np.uint8 and (scale.black, scale.white) == (0, 255):
        return x if isinstance(x, np.memmap) else np.ascontiguousarray(x), counts, done
    if x.shape[1:] == shape:
        items = np.empty(x.shape, np.uint8 if scale.fits_bytes else np.float32)
        start = 0
        for part in _parts(x):
            items[start : start + len(part)] = as_pixels(part)
            start += len(part)
        return items, counts, done
    rows = []
    for image in x:
        result = fitted(as_pixels(image), shape, fit)
        done.reshaped += result.reshaped
        done.resized += "resized" in result.sides
        done.words.add(result.words)
        rows.append(to_uint8(result.x) if scale.fits_bytes else result.x)
    return np.stack(rows), counts, done
