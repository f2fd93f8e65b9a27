"""The messages of a page's components as text that stands in its HTML.

Their bytes are cut into pieces, each kept once: the decoder that map, sliders and drawing share, or a sheet of
thumbnails. Numbers are laid out byte by byte, first bytes first, which compresses better; then come gzip and letters.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.browser import envelope
from explorer.browser.pack import MAGIC
from explorer.browser.schema import Message

ALPHABET = bytes(code for code in range(33, 127) if chr(code) not in '<"\\')
"""91 letters that HTML and editors leave alone: two of them stand for 13 bits, a byte of text for 0.81 bytes."""
GROUP = 13
"""Bits in two letters: 91 * 91 > 2 ** 13."""
LEVEL = 9
"""Of gzip, the best."""
WIDTHS = {"Uint8Array": 1, "Uint16Array": 2, "Uint32Array": 4, "Float32Array": 4, "Float64Array": 8}


@dataclass(frozen=True)
class Piece:
    """Bytes that stand once in a page.

    Args:
        content: the bytes.
        width: bytes of one number in them; 1 for what is no list of numbers.
    """

    content: bytes
    width: int = 1


class _Widths(envelope.Sections):
    """Sections that remember the width of their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[int] = []

    def add(self, payload: bytes, array: str, shape: tuple[int, ...]) -> dict[str, Any]:
        self.widths.append(WIDTHS[array])
        return super().add(payload, array, shape)


def pieces(message: Message) -> list[Piece]:
    """A message, as ``seal`` writes it, in pieces: its JSON text, each array and file, each tensor of a network."""
    sections = _Widths()
    header = message.model_dump(context=sections)
    whole = envelope.seal(header, sections)
    body = [payload + padding for payload, padding in zip(sections.body[::2], sections.body[1::2], strict=True)]
    parts = [Piece(whole[: len(whole) - sum(map(len, body))])]
    for content, width in zip(body, sections.widths, strict=True):
        if content.startswith(MAGIC):
            parts += _tensors(content)
        else:
            parts.append(Piece(content, width))
    return parts


def _tensors(packed: bytes) -> Iterator[Piece]:
    """A packed network: its head, and each of its tensors, which other networks may have as well."""
    start = len(MAGIC) + 4 + int.from_bytes(packed[len(MAGIC) : len(MAGIC) + 4], "little")
    places = sorted(_places(json.loads(packed[len(MAGIC) + 4 : start])))
    ends = [start + offset for offset, _ in places[1:]] + [len(packed)]
    yield Piece(packed[: start + places[0][0]] if places else packed)
    for (offset, width), end in zip(places, ends, strict=bool(places)):
        yield Piece(packed[start + offset : end], width)


def _places(value: Any) -> Iterator[tuple[int, int]]:
    """Where the tensors of a pack's header begin, and the bytes of one of their values."""
    if isinstance(value, list):
        for each in value:
            yield from _places(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "tensors":
                yield from ((place[0], place[2]) for place in each.values())
            else:
                yield from _places(each)


def carried(messages: Sequence[Message]) -> str:
    """Messages as text; ``carrier.js`` reads it.

    Returns:
        The length in bytes of what the letters stand for, a space, and the letters.
    """
    numbers: dict[Piece, int] = {}
    of_messages = [[numbers.setdefault(piece, len(numbers)) for piece in pieces(message)] for message in messages]
    index = {"pieces": [[len(piece.content), piece.width] for piece in numbers], "messages": of_messages}
    head = json.dumps(index, separators=(",", ":")).encode()
    content = b"".join([len(head).to_bytes(4, "little"), head, *map(_by_byte, numbers)])
    packed = gzip.compress(content, LEVEL, mtime=0)
    return f"{len(packed)} {letters(packed)}"


class Weighed:
    """About how many bytes messages take in a page; each piece is compressed once, however often it is asked about."""

    def __init__(self) -> None:
        self._sizes: dict[Piece, int] = {}

    def bytes_of(self, messages: Sequence[Message]) -> int:
        """What these messages take together."""
        unique = {piece for message in messages for piece in pieces(message)}
        return sum(self._size(piece) for piece in unique) * 16 // GROUP

    def _size(self, piece: Piece) -> int:
        if piece not in self._sizes:
            self._sizes[piece] = len(zlib.compress(_by_byte(piece), LEVEL))
        return self._sizes[piece]


def _by_byte(piece: Piece) -> bytes:
    if piece.width == 1 or len(piece.content) % piece.width:
        return piece.content
    return np.frombuffer(piece.content, np.uint8).reshape(-1, piece.width).T.tobytes()


def letters(content: bytes) -> str:
    """Bytes as letters of ``ALPHABET``: 13 bits, the highest first, are two of them."""
    bits = np.unpackbits(np.frombuffer(content, np.uint8))
    groups = np.append(bits, np.zeros(-len(bits) % GROUP, np.uint8)).reshape(-1, GROUP)
    numbers = groups.astype(np.uint16) @ (1 << np.arange(GROUP - 1, -1, -1, dtype=np.uint16))
    pairs = np.stack(np.divmod(numbers, len(ALPHABET)), axis=1)
    return np.frombuffer(ALPHABET, np.uint8)[pairs].tobytes().decode("ascii")
