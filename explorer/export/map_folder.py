"""A folder of maps: of each image as pictures and numbers, as `score --maps FOLDER` writes it and a page packs it.

What takes long to import is imported inside the functions.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from explorer.core.errors import ExplorerError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Float, Num

    from explorer.export.heat_maps import HeatScale
    from explorer.novelty.detector import Detector
    from explorer.novelty.thresholds import Threshold

Regions = Mapping[str, Any]
HEAT, OVERLAY, NUMBERS = "heat", "overlay", "numbers"
"""Folders of what is written."""


@dataclass(eq=False)
class HeatMaps:
    """Writes maps, image by image; the pictures in grey follow last, since their scale is that of all.

    Args:
        folder: where to.
        detector: whose maps they are.
        threshold: of pixels.
        scale: of the pictures in colour.
    """

    folder: Path
    detector: Detector
    threshold: Threshold
    scale: HeatScale
    low: float = float("inf")
    high: float = float("-inf")
    _stems: dict[str, None] = field(default_factory=dict)

    @classmethod
    def into(cls, folder: Path, source: Path, detector: Detector, threshold: Threshold) -> HeatMaps:
        """Maps of the images of a file or folder.

        Raises:
            ExplorerError: the pictures would lie among the images, or the folder is a file.
        """
        from explorer.export.heat_maps import HeatScale

        if source.is_dir() and folder.resolve().is_relative_to(source.resolve()):
            raise ExplorerError(
                f"Maps in {folder} would lie among the images of {source}, and be read as some of them.",
                "Give a folder beside it with --maps.",
            )
        if folder.exists() and not folder.is_dir():
            raise ExplorerError(f"{folder} is a file.", "Give a folder with --maps.")
        return cls(folder, detector, threshold, HeatScale(detector.usual_level(), threshold.value))

    def add(
        self, names: Sequence[str], x: Num[np.ndarray, "n c h w"], maps: Float[np.ndarray, "n h w"], regions: Regions
    ) -> None:
        """Write maps of some images.

        Args:
            regions: above the threshold of pixels, with the columns of `region_columns`.
        """
        import numpy as np

        from explorer.checkpoints.files import write_file
        from explorer.export import npz_bytes
        from explorer.export.heat_maps import overlay_png

        for name, image, own, boxes, areas in zip(names, x, maps, regions["boxes"], regions["areas"], strict=True):
            stem = self._stem(name)
            numbers = {"boxes": np.array(boxes, np.int64).reshape(-1, 4), "areas": np.array(areas, np.int64)}
            npz = npz_bytes(map=own, threshold=np.array(self.threshold.value), **numbers)
            write_file(self._path(NUMBERS, stem, ".npz"), npz)
            write_file(self._path(OVERLAY, stem, ".png"), overlay_png(image, own, self.scale, boxes))
            self.low, self.high = min(self.low, float(own.min())), max(self.high, float(own.max()))

    def finish(self) -> None:
        """Write the pictures in grey."""
        import numpy as np

        from explorer.checkpoints.files import write_file
        from explorer.export.heat_maps import grey_png

        for stem in self._stems:
            with np.load(self._path(NUMBERS, stem, ".npz"), allow_pickle=False) as numbers:
                own = numbers["map"]
            write_file(self._path(HEAT, stem, ".png"), grey_png(own, self.low, self.high))

    def packed(self) -> bytes:
        """All that was written as a zip, deflated pictures as they are."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(self.folder.rglob("*.*")):
                archive.write(path, path.relative_to(self.folder).as_posix())
        return out.getvalue()

    @property
    def words(self) -> str:
        """What was written, and how to read it."""
        unit, rate = self.detector.map_unit, self.threshold.rate
        size = "x".join(map(str, self.detector.card.event_shape[1:]))
        return (
            f"{len(self._stems):,} maps in {self.folder}: {HEAT} (16-bit grey, of all: 0 is {self.low:.4g} and 65535 is"
            f" {self.high:.4g} {unit}), {OVERLAY}, and {NUMBERS}.\n"
            f"Boxes (top,left,height,width in images of {size} pixels, as they were read) hold pixels above"
            f" {self.threshold.value:.4g}: of normal images {rate.value:.2%} are expected to have any"
            f" (95 % interval {rate.ends('{:.2%}'.format)}, from {self.threshold.n:,} normal images)."
        )

    @property
    def answer(self) -> dict[str, Any]:
        """The same for an answer in JSON."""
        return {
            "folder": str(self.folder),
            "written": len(self._stems),
            "black": self.low,
            "white": self.high,
            "unit": self.detector.map_unit,
        }

    def _path(self, kind: str, stem: str, ending: str) -> Path:
        return self.folder / kind / f"{stem}{ending}"

    def _stem(self, name: str) -> str:
        """What files of an item are called: as its own without .png, below the same folders, and like no other."""
        parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..")]
        wanted = str(PurePosixPath(*parts)).removesuffix(".png") or "image"
        stem, number = wanted, 2
        while stem in self._stems:
            stem, number = f"{wanted} ({number})", number + 1
        self._stems[stem] = None
        return stem
