"""What a user says of images, and what is found about them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from explorer.io.findings import Finding
from explorer.io.images.fit import Fit

Axes = Literal["NHWC", "NCHW", "NHW", "NWH", "HWCN", "CHWN", "HWN", "HWC", "CHW", "HW"]
"""What the axes of an array are: number of the image, height, width, channels."""


LayoutName = Literal["none", "splits", "mvtec"]
"""What the folders of images are: labels alone; or splits; or good parts to learn from, others to test, and masks."""


Pages = Literal["first", "all"]
"""Which of several pictures in one file are read: pages of a TIFF, frames of an animation."""


class ImagesAsked(BaseModel):
    """What a user said of images; None: to be found.

    Args:
        white, black: which numbers become 1 and 0.
        axes: of an array.
        size: (height, width) in pixels of all images; None: the most common one.
        channels: 1 for greyscale, 3 for RGB, or as many as the images have.
        fit: how images of another shape get that size.
        layout: what their folders are.
        pages: which pictures of a file that holds several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    white: float | None = None
    black: float | None = None
    axes: Axes | None = None
    size: tuple[int, int] | None = None
    channels: int | None = None
    fit: Fit | None = None
    layout: LayoutName | None = None
    pages: Pages | None = None

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        if self.black is not None and self.white is not None and not self.black < self.white:
            raise ValueError(f"white {self.white:g} is not above black {self.black:g}")
        if self.fit == "tiles" and self.size is None:
            raise ValueError("tiles need a size")
        return self


NOTHING_ASKED = ImagesAsked()


def of_shape(event_shape: tuple[int, ...]) -> ImagesAsked:
    """What is known of images for a model of such items: (C, H, W) their size and channels; of rows nothing."""
    if len(event_shape) != 3:
        return NOTHING_ASKED
    return ImagesAsked(size=(event_shape[1], event_shape[2]), channels=event_shape[0])


class ImageFinding(Finding):
    """Something found about a set of images.

    Args:
        readings: what to say for each reading that is about as likely, first the one that is taken; empty: it is sure.
    """

    readings: tuple[ImagesAsked, ...] = ()
