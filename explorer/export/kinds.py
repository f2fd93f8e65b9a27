"""Every kind of file that leaves the program: what it holds, in which forms, and which options of commands write it.

Buttons take theirs from here, and the tests walk this list: each kind is written, opened again and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

TABLE = ("csv", "npz", "parquet")
MIME = {
    "csv": "text/csv",
    "gif": "image/gif",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "mp4": "video/mp4",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "toml": "text/plain",
    "zip": "application/zip",
}
"""By a file's ending; of all others nothing is known but that they are bytes."""


@dataclass(frozen=True)
class ExportKind:
    """A kind of file that leaves the program.

    Args:
        name: unique.
        holds: what stands in it.
        forms: endings of its files; none where the file that came in decides.
        options: of commands that write it, as "export --html".
    """

    name: str
    holds: str
    forms: tuple[str, ...]
    options: tuple[str, ...] = ()


PAGE = ExportKind("page", "a model with its items, live, in one file", ("html",), ("export --html",))
VECTORS_PAGE = ExportKind("vectors page", "vectors without a model, live, in one file", ("html",), ("project --out",))
REPORT = ExportKind("report", "a model with what was measured of it", ("html",), ("report --out",))
SCORE_REPORT = ExportKind("score report", "scored items and the most anomalous ones", ("html",), ("score --report",))
CARD = ExportKind("card", "a model's README", ("md",), ("export --card",))
MODEL_ONNX = ExportKind("model as ONNX", "encoder, decoder and both", ("onnx", "zip"), ("export --onnx",))
DENOISER_ONNX = ExportKind("denoiser as ONNX", "a photo denoiser", ("onnx",), ("export --onnx",))
DETECTOR_ONNX = ExportKind("detector as ONNX", "score and alarm", ("onnx",), ("detector export --onnx",))
ITEMS = ExportKind("items", "all that a model makes of items", (*TABLE, "h5ad"), ("export --table",))
CODES = ExportKind("codes", "the code of each item", TABLE, ("encode --out",))
RECONSTRUCTIONS = ExportKind("reconstructions", "what a model makes of items", (*TABLE, "png"), ("reconstruct --out",))
PLACES = ExportKind("places", "vectors on a map", TABLE, ("project --out",))
SELECTION = ExportKind("selection", "items that were chosen on a map", ("csv", "npz", "zip"))
SCORES = ExportKind("scores", "scores and alarms of items", TABLE, ("score --out",))
HEAT_MAPS = ExportKind("heat maps", "scores place by place", ("zip",), ("score --maps",))
SAMPLES = ExportKind("samples", "decoded codes", ("npz", "png", "csv"), ("sample --out", "interpolate --out"))
FILM = ExportKind("film", "a way through codes, decoded, or a training", ("gif", "mp4", "png"), ("film --out",))
DENOISED = ExportKind("denoised pictures", "pictures without their noise", (), ("denoise --out",))
FIGURE = ExportKind(
    "figure", "a figure of a model or of a sweep", ("json", "svg", "png"), ("figure --out", "sweep --out")
)
MEASURED = ExportKind("measured", "figures that a page shows, with all their digits", ("csv",))
DETECTOR = ExportKind("detector", "a detector", ("safetensors",), ("detector fit --out", "detector update --out"))
CHECKPOINT = ExportKind("checkpoint", "a model", ("safetensors",), ("train --out", "import --out", "give --out"))
RECIPE = ExportKind("recipe", "what is trained on what", ("toml",), ("train --run-dir",))

KINDS = (
    PAGE, VECTORS_PAGE, REPORT,
    SCORE_REPORT, CARD, MODEL_ONNX, DENOISER_ONNX, DETECTOR_ONNX, ITEMS, CODES, RECONSTRUCTIONS, PLACES,
    SELECTION, SCORES, HEAT_MAPS, SAMPLES, FILM, DENOISED, FIGURE, MEASURED, DETECTOR, CHECKPOINT, RECIPE,
)  # fmt: skip


def mime_of(name: str, kind: ExportKind) -> str:
    """What a browser is told about a file.

    Raises:
        ValueError: the kind has no files with such an ending.
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if kind.forms and ending not in kind.forms:
        raise ValueError(f"{name} is no {kind.name}")
    return MIME.get(ending, "application/octet-stream")
