"""Models that were trained elsewhere, brought in as checkpoints: from modules of torch, or from ONNX files."""

from __future__ import annotations

from explorer.adoption.adopting import OnnxTensors, checkpoint_of_parts, of_onnx
from explorer.adoption.asked import pixels_asked, tensors_asked
from explorer.adoption.halves import checkpoint_of_half, half_of_onnx
from explorer.adoption.keeping import adopt, target_of

__all__ = [
    "OnnxTensors",
    "adopt",
    "checkpoint_of_half",
    "checkpoint_of_parts",
    "half_of_onnx",
    "of_onnx",
    "pixels_asked",
    "target_of",
    "tensors_asked",
]
