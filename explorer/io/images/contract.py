"""How a set of images is read, in one value: said in one line, changeable, kept with what learns from the images."""

from __future__ import annotations

from typing import Any, Literal

from explorer.io.images.asked import LayoutName, Pages
from explorer.io.images.fit import Fit
from explorer.io.images.read_contract import ReadContract


class ImageContract(ReadContract):
    """How images are read.

    Args:
        items: how many images, or tiles of them, there are.
        files: in how many files or places of an array they were.
        channels: of each.
        size: (height, width) of each, in pixels.
        scales: which numbers are black and white, by the type of the numbers; usually one.
        axes: of the array that they came in; None: they came in files of their own.
        fit: how images of another shape got this one.
        reshaped: how many lost a part by that, or got a border.
        resized: how many were scaled.
        layout, layout_line: what their folders are, and in one line how many items each part has; empty: labels alone.
        normal: label of the good parts, of the layout mvtec.
        left_out: how many could not be used.
        pages: which pictures of a file that holds several.
        findings: each with its reason.
        remarks: what the one who reads the results has to know, a sentence each.
    """

    kind: Literal["image"] = "image"
    items: int
    files: int = 0
    channels: int
    size: tuple[int, int]
    fit: Fit = "cut"
    reshaped: int = 0
    resized: int = 0
    layout: LayoutName = "none"
    layout_line: str = ""
    normal: str = ""
    pages: Pages = "first"

    @property
    def line(self) -> str:
        """In one line, such as "600 images 1x28x28; 12-bit in 16-bit numbers, white is 4095; …"."""
        what = "tile" if self.fit == "tiles" else "image"
        parts = [f"{self.items:,} {what}{'s' * (self.items != 1)} {self.channels}x{self.size[0]}x{self.size[1]}"]
        parts += self.scale_words
        if self.pages == "all":
            parts.append("all pictures of each file")
        if self.layout_line:
            parts.append(self.layout_line)
        if self.axes is not None:
            parts.append(f"axes {self.axes}")
        if self.reshaped:
            words = {"cut": "middle cut out of", "border": "border added to", "tiles": "cut into tiles:"}[self.fit]
            whole = self.items if self.pages == "all" and self.fit != "tiles" else self.files
            parts.append(f"{words} {self.reshaped:,} of {whole:,}")
        if self.resized:
            parts.append(f"{self.resized:,} resized")
        if self.left_out:
            parts.append(f"{self.left_out:,} left out")
        return "; ".join(parts)

    @property
    def answer(self) -> dict[str, Any]:
        """For an answer in JSON: the line and all fields."""
        return {"line": self.line, **self.model_dump(mode="json")}
