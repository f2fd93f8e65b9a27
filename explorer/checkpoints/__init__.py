"""Checkpoints: one .safetensors file with the weights and, in its header, a JSON card that says what they are."""

from __future__ import annotations

from explorer.checkpoints.card import Card, DataCard, LatentStatistics
from explorer.checkpoints.checkpoint import Checkpoint, VectorCheckpoint
from explorer.checkpoints.finding import RecipeChange, Severity, TrainingFinding
from explorer.checkpoints.halves import checkpoint_of, require_both_halves, with_codes
from explorer.checkpoints.history import main_stage
from explorer.checkpoints.kept_findings import keep_findings
from explorer.checkpoints.library import available, find, folders, for_learn, iter_cards, load_card
from explorer.checkpoints.loading import build, checkpoint_bytes, load, save
from explorer.checkpoints.metric import Metric

__all__ = [
    "Card",
    "Checkpoint",
    "DataCard",
    "LatentStatistics",
    "Metric",
    "RecipeChange",
    "Severity",
    "TrainingFinding",
    "VectorCheckpoint",
    "available",
    "build",
    "checkpoint_bytes",
    "checkpoint_of",
    "find",
    "folders",
    "for_learn",
    "iter_cards",
    "keep_findings",
    "load",
    "load_card",
    "main_stage",
    "require_both_halves",
    "save",
    "with_codes",
]
