"""What leaves as ONNX: models, photo denoisers and detectors, with units, columns and thresholds inside."""

from __future__ import annotations

from explorer.export.onnx_files.detectors import DetectorFile, detector_file, items_to_check, scored_items_to_check
from explorer.export.onnx_files.models import OnnxFiles, onnx_files
from explorer.export.onnx_files.photo import photo_denoiser_files

__all__ = [
    "DetectorFile",
    "OnnxFiles",
    "detector_file",
    "items_to_check",
    "onnx_files",
    "photo_denoiser_files",
    "scored_items_to_check",
]
