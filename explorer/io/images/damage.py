"""What decoders do with damaged files, and what to tell of it."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from explorer.core.errors import DataError

# What Pillow's decoders have been seen to raise on damaged files, or may: they parse in Python and in C.
DECODER_ERRORS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def damaged(name: str, error: BaseException) -> DataError:
    """What to tell of a file that a decoder gave up on."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return DataError(f"{name} is damaged or cut short: {reason}.", "Copy it again, or save it anew as PNG.")
