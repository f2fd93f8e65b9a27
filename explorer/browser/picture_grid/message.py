"""Small pictures to choose one from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Num

from explorer.browser.envelope import digest
from explorer.browser.parts import SpriteSheet
from explorer.browser.schema import Component, Message, Report, Whole
from explorer.io import images


class PictureGrid(Message):
    """What the grid shows.

    Args:
        sheet: the pictures.
        label: what the pictures are, for screen readers.
        titles: of the pictures, one each.
        selected: position of the picture to frame.
        columns: pictures a row; as many as fit if None.
        size: largest side of a picture, in screen pixels.
    """

    sheet: SpriteSheet
    label: str
    titles: tuple[str, ...]
    selected: int | None = None
    columns: int | None = None
    size: int = 56


class PicturePicked(Report):
    """The visitor has picked a picture.

    Args:
        index: its position.
        sheet: digest of the pictures.
        picks: how many times one was picked, so that the same picture can be picked again.
    """

    NAME = "picked"
    index: Whole
    sheet: str
    picks: Whole

    def among(self, sheet: SpriteSheet, n: int) -> int | None:
        """The position; None where another sheet was picked from, as by a click that was still on its way."""
        return self.index if self.sheet == digest(sheet.png) and self.index < n else None


COMPONENT = Component("picture_grid", PictureGrid, states=(PicturePicked,))


def sheet_of(x: Num[np.ndarray, "n c h w"]) -> SpriteSheet:
    """Pictures (N, C, H, W), uint8 or float in [0, 1], N >= 1, as one."""
    columns = int(np.ceil(np.sqrt(len(x))))
    return SpriteSheet(png=images.sprite_sheet(x, columns), columns=columns, width=x.shape[3], height=x.shape[2])


def titles_of(x: Num[np.ndarray, "n c h w"], titles: Sequence[str]) -> tuple[str, ...]:
    """The titles; numbers from 1 if there are none."""
    return tuple(titles) or tuple(str(i + 1) for i in range(len(x)))
