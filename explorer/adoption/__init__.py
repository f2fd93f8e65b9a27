"""Models that were trained elsewhere, brought in as checkpoints: from modules of torch, or from ONNX files."""

from __future__ import annotations

from explorer.adoption.adopting import OnnxTensors, adopt, checkpoint_of_parts, of_onnx, target_of
from explorer.adoption.asked import pixels_asked, tensors_asked

__all__ = ["OnnxTensors", "adopt", "checkpoint_of_parts", "of_onnx", "pixels_asked", "target_of", "tensors_asked"]
