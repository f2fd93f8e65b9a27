"""Images as they come from microscopes, cameras, satellites and other programs, and what a reader should make of them.

A set is made from known shares of white; its numbers are written in a random depth, type, byte order, container and
order of axes. ``wrong`` says whether a reader gets those shares back, or refuses or asks.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from typing import Any, Literal, get_args

import imagecodecs
import numpy as np
import tifffile
from hypothesis import strategies as st
from PIL import Image

Container = Literal["png", "tiff", "jp2", "avif", "pnm", "npy", "npz", "idx"]
CONTAINERS: tuple[Container, ...] = get_args(Container)
FILES: dict[Container, str] = {"png": ".png", "tiff": ".tif", "jp2": ".jp2", "avif": ".avif", "pnm": ".ppm"}


@dataclass(frozen=True)
class Numbers:
    """How shares of white in [0, 1] become numbers.

    Args:
        type: NumPy's name of the type.
        black, white: the numbers of 0 and 1.
        step: all numbers are multiples of it, as of a camera that keeps 10 bits in the upper ones of 16.
    """

    type: str
    black: float
    white: float
    step: int = 1

    def of(self, shares: np.ndarray) -> np.ndarray:
        values = self.black + shares * (self.white - self.black)
        if self.type.startswith("float"):
            return values.astype(self.type)
        return (np.rint(values / self.step) * self.step).astype(self.type)


NUMBERS = (
    Numbers("uint8", 0, 255),
    *(Numbers(kind, 0, 2**bits - 1) for bits in (8, 10, 12, 14) for kind in ("uint16", "int16", "uint32", "int32")),
    *(Numbers(kind, 0, 65535) for kind in ("uint16", "uint32", "int32")),
    Numbers("int16", -1024, 1023),
    Numbers("int16", -2048, 2047),
    Numbers("int16", -32768, 32767),
    Numbers("int8", -128, 127),
    *(Numbers("uint16", 0, white * n, n) for white, n in ((255, 257), (1023, 3), (1023, 64), (4095, 16), (255, 2))),
    *(Numbers(kind, 0, white) for white in (1, 255, 4095, 65535) for kind in ("float32", "float64")),
    Numbers("float32", -1, 1),
)
"""Scales in use; of each the whole range is meant, whether or not an image reaches its ends."""


@dataclass(frozen=True, eq=False)
class AwkwardSet:
    """Images with what is right.

    Args:
        name, content: of the file.
        shares: (N, C, H, W) of white in [0, 1].
        numbers: how they were written.
        axes: of the array, or empty.
    """

    name: str
    content: bytes
    shares: np.ndarray
    numbers: Numbers
    axes: str = ""


@st.composite
def awkward_sets(draw: st.DrawFn) -> AwkwardSet:
    """A set of images in one file: an array, or a zip of image files."""
    numbers = draw(st.sampled_from(NUMBERS))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    container: Container = draw(st.sampled_from([one for one in CONTAINERS if _holds(one, numbers)]))
    channels = (
        1 if container == "idx" else draw(st.sampled_from([1, 3, 5] if container in ("tiff", "npy", "npz") else [1, 3]))
    )
    shape = (draw(st.integers(5, 9)), channels, draw(st.integers(9, 14)), draw(st.integers(9, 14)))
    # The darkest set reaches two thirds of white: a darker one could as well be of fewer bits.
    shares = random.random(shape) * draw(st.sampled_from([1.0, 0.9, 0.67]))
    if draw(st.booleans()) or numbers.black < 0:
        shares[0, :, 0, :2] = [1, 0]
    native = numbers.of(shares)
    exact = (native.astype(np.float64) - numbers.black) / (numbers.white - numbers.black)
    big = draw(st.booleans())
    out = io.BytesIO()
    if container in FILES:
        with zipfile.ZipFile(out, "w") as archive:
            for i, image in enumerate(native):
                archive.writestr(f"set/{i:03}{FILES[container]}", _file(image, numbers.white, container, big, draw))
        return AwkwardSet("set.zip", out.getvalue(), exact, numbers)
    has_channels = channels > 1 or (container != "idx" and draw(st.booleans()))
    axes = draw(st.sampled_from(["NHWC", "NCHW"])) if has_channels else "NHW"
    if axes == "NHW" and container != "idx" and shape[2] == shape[3] and draw(st.booleans()):
        axes = "HWN"  # of others nobody could tell so few images from their height
    array = native.transpose(["NCHW".index(axis) for axis in axes]) if has_channels else native[:, 0]
    array = np.moveaxis(array, 0, -1) if axes == "HWN" else array
    if container == "idx":
        return AwkwardSet("set.idx3-ubyte", idx(array), exact, numbers, axes)
    array = array.astype(array.dtype.newbyteorder(">" if big else "<"))
    if container == "npy":
        np.save(out, np.asfortranarray(array) if draw(st.booleans()) else array)
    else:
        key = draw(st.sampled_from(["x", "X", "images", "x_train", "train_images", "data", "arr_0"]))
        np.savez(out, **{key: array})
    return AwkwardSet(f"set.{container}", out.getvalue(), exact, numbers, axes)


def _holds(container: Container, numbers: Numbers) -> bool:
    bits = np.log2(numbers.white + 1)
    if container in ("jp2", "avif", "pnm"):  # these say themselves how many bits their numbers have
        depths = {"jp2": range(8, 17), "avif": (8, 10, 12), "pnm": range(1, 17)}[container]
        return numbers.type in ("uint8", "uint16") and numbers.black == 0 and numbers.step == 1 and bits in depths
    if container == "png":
        return numbers.type in ("uint8", "uint16")
    if container == "idx":
        return numbers.type in ("uint8", "int8", "int16", "int32", "float32", "float64")
    return True


def _file(image: np.ndarray, white: float, container: Container, big: bool, draw: Any) -> bytes:
    """One image's file: (C, H, W) numbers."""
    if container == "png":
        return deep_png(image) if image.dtype == np.uint16 else _pillow(image)
    if container in ("jp2", "avif", "pnm"):
        return _stating(image.transpose(1, 2, 0).squeeze(), container, round(np.log2(white + 1)))
    out = io.BytesIO()
    planar = len(image) == 1 or draw(st.booleans())
    values = image[0] if len(image) == 1 else image if planar else image.transpose(1, 2, 0)
    tifffile.imwrite(
        out,
        values,
        byteorder=">" if big else "<",
        photometric="rgb" if len(image) == 3 else "minisblack",
        planarconfig=None if len(image) == 1 else "separate" if planar else "contig",
        compression=draw(st.sampled_from([None, "zlib"])),
        metadata=None,
    )
    return out.getvalue()


def _stating(image: np.ndarray, container: Container, bits: int) -> bytes:
    """(H, W) or (H, W, 3) numbers in a format that says how many bits they have."""
    values = image.astype(np.uint8 if bits <= 8 else np.uint16)
    if container == "jp2":
        return bytes(imagecodecs.jpeg2k_encode(values, level=0, bitspersample=bits))
    if container == "avif":
        return bytes(imagecodecs.avif_encode(values, level=100, bitspersample=bits))
    head = f"P{6 if values.ndim == 3 else 5}\n{values.shape[1]} {values.shape[0]}\n{2**bits - 1}\n"
    return head.encode() + values.astype(values.dtype.newbyteorder(">")).tobytes()


def _pillow(image: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(image[0] if len(image) == 1 else np.ascontiguousarray(image.transpose(1, 2, 0))).save(out, "PNG")
    return out.getvalue()


def deep_png(image: np.ndarray) -> bytes:
    """A PNG of 16 bits a value, (C, H, W), which Pillow writes in grey alone."""
    import zlib

    channels, height, width = image.shape
    rows = image.transpose(1, 2, 0).astype(">u2").tobytes()
    stride = 2 * channels * width
    raw = b"".join(b"\0" + rows[i * stride : (i + 1) * stride] for i in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, {1: 0, 3: 2}[channels], 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def idx(array: np.ndarray) -> bytes:
    """An IDX file, as MNIST's."""
    codes = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
    header = bytes([0, 0, codes[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def wrong(given: AwkwardSet) -> str:
    """How a set is read wrongly; empty where it is read right, or refused, or asked about."""
    from explorer.core.errors import DataError
    from explorer.data import from_upload

    try:
        read = from_upload(given.name, given.content)
    except DataError as error:
        return f"refused: {error}"
    if read.contract.undecided:
        return ""
    if read.event_shape != given.shares.shape[1:]:
        return f"{read.event_shape} in place of {given.shares.shape[1:]}"
    worst = float(np.abs(read.tensor().numpy() - given.shares).max())
    # A white of 4095 in place of 4080, of 65535 in place of 65520, is a difference of 0.4 %.
    return "" if worst < 0.005 else f"off by {worst:.3f} of white: {read.contract.line}"
