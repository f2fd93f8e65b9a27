"""Images: untrusted bytes to arrays under a contract, arrays to what a model takes, and to PNG."""

from __future__ import annotations

from explorer.io.images import profiles
from explorer.io.images.damage import DECODER_ERRORS, damaged
from explorer.io.images.decode import (
    ANIMATED,
    MAX_BYTES,
    MAX_PIXELS,
    SUFFIXES,
    ImageHeader,
    NativeImage,
    decode_native,
    decode_pictures,
    frame_count,
    open_image,
    pictures_note,
    read_header,
    type_of,
)
from explorer.io.images.fit import LUMA, Fit, Fitted, fit_image, fitted, shrunk, tiles, with_channels
from explorer.io.images.frame import ORIENTATION
from explorer.io.images.picture import DecodedImage, decode_image
from explorer.io.images.png import channels_note, grid, png_bytes, shown_channels, sprite_sheet, to_float, to_uint8
from explorer.io.images.tiff import upright

__all__ = [
    "ANIMATED",
    "DECODER_ERRORS",
    "LUMA",
    "MAX_BYTES",
    "MAX_PIXELS",
    "ORIENTATION",
    "SUFFIXES",
    "DecodedImage",
    "Fit",
    "Fitted",
    "ImageHeader",
    "NativeImage",
    "channels_note",
    "damaged",
    "decode_image",
    "decode_native",
    "decode_pictures",
    "fit_image",
    "fitted",
    "frame_count",
    "grid",
    "open_image",
    "pictures_note",
    "png_bytes",
    "profiles",
    "read_header",
    "shown_channels",
    "shrunk",
    "sprite_sheet",
    "tiles",
    "to_float",
    "to_uint8",
    "type_of",
    "upright",
    "with_channels",
]
