"""The version of the program, which checkpoints and detectors name."""

from __future__ import annotations

VERSION = "0.1.0"
