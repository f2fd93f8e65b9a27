"""Where findings are told beside Train: reports, cards for the hub, the command line; verdicts that are withheld."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import Card, RecipeChange, TrainingFinding, VectorCheckpoint
from explorer.cli import app
from explorer.data import Dataset
from explorer.diagnosis import diagnose_checkpoint, verdicts_withheld
from explorer.export.model_card import model_card
from explorer.views.exported.page import StillPart
from explorer.views.report import reported_items
from explorer.views.report.noteworthy import noteworthy_part

FINDING = TrainingFinding(
    name="posterior collapse",
    title="Posterior collapse",
    severity="wrong",
    figures=(checkpoints.Metric(name="KL", value=0.01, low=0.0, high=0.02, unit="nats", split="validation", n=180),),
    meaning="Nothing <b>is</b> said.",
    advice="Lower beta.",
    remedy=RecipeChange(field="model.beta", value=0.25),
)


def with_findings(card: Card, *findings: TrainingFinding) -> Card:
    return card.model_copy(update={"findings": findings})


def test_a_report_and_a_hub_card_tell_them(digits_vae: VectorCheckpoint, digits: Dataset) -> None:
    checkpoint = replace(digits_vae, card=with_findings(digits_vae.card, FINDING))
    part = noteworthy_part(reported_items(checkpoint, digits, digits.splits.test, "test", 50), [], None)
    assert isinstance(part, StillPart)
    first = part.body.split("</li>")[0]
    assert "Wrong: Posterior collapse: KL 0.01 (0 to 0.02) nats (validation, n = 180)" in first
    assert "&lt;b&gt;" in first
    assert "model.beta=0.25" in first
    text = model_card(checkpoint.card)
    assert "## Findings" in text
    assert "Wrong: Posterior collapse" in text
    assert "nothing that stands out" in model_card(with_findings(digits_vae.card))
    assert "## Findings" not in model_card(digits_vae.card.model_copy(update={"findings": None}))


def test_verdicts_on_places_are_withheld_where_codes_say_nothing(digits_vae: VectorCheckpoint) -> None:
    card = digits_vae.card
    assert "Nothing <b>is</b> said" in (verdicts_withheld(with_findings(card, FINDING)) or "")
    assert verdicts_withheld(with_findings(card)) is None
    harmless = FINDING.model_copy(update={"name": "overfit"})
    assert verdicts_withheld(with_findings(card, harmless)) is None
    noted = FINDING.model_copy(update={"severity": "note"})
    assert verdicts_withheld(with_findings(card, noted)) is None
    nobody = card.model_copy(update={"findings": None, "kl_per_dimension": (0.3, 0.3)})
    assert "0.6 nats" in (verdicts_withheld(nobody) or "")
    assert verdicts_withheld(nobody.model_copy(update={"kl_per_dimension": (0.3, 0.5)})) is None


def test_diagnose_looks_at_a_checkpoint_anew_and_says_where(
    digits_vae: VectorCheckpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    model = digits_vae.model
    path = checkpoints.save(checkpoints.checkpoint_of(model, digits_vae.card), tmp_path / "vae.safetensors")
    told = CliRunner().invoke(app, ["diagnose", str(path)])
    assert told.exit_code == 0
    assert told.output.startswith("tiny-variational: looked at on Digits 8x8.")
    bias = next(module for module in model.encoder if hasattr(module, "bias")).bias
    kept = bias.clone()
    bias.fill_(-1000)
    try:
        checkpoints.save(checkpoints.checkpoint_of(model, digits_vae.card), path)
    finally:
        bias.copy_(kept)
    told = CliRunner().invoke(app, ["diagnose", str(path)])
    assert "Wrong: Posterior collapse" in told.output
    assert "--set model." in told.output
    assert np.isfinite(model.encode(checkpoints.load(path).tensor(np.zeros((1, 1, 8, 8), np.uint8))).numpy()).all()
    gone = CliRunner().invoke(app, ["diagnose", str(tmp_path)])
    assert gone.exit_code == 1
    assert "no run's folder" in gone.output


def test_what_is_found_is_kept_in_a_file_whose_weights_and_fingerprint_stay(
    digits_vae: VectorCheckpoint, tmp_path: Path
) -> None:
    nobody = replace(digits_vae, card=digits_vae.card.model_copy(update={"findings": None}))
    path = checkpoints.save(nobody, tmp_path / "own.safetensors", half=True)
    before, weights = checkpoints.load(path), load_file(path)
    answer = CliRunner().invoke(app, ["diagnose", str(path), "--keep"])
    assert answer.exit_code == 0, answer.output
    kept = checkpoints.load(path)
    assert kept.card.findings == diagnose_checkpoint(before, kept.card.recipe.data.open())
    assert kept.card == before.card.model_copy(update={"findings": kept.card.findings})
    assert kept.fingerprint == before.fingerprint
    after = load_file(path)
    assert {name: value.dtype for name, value in after.items()} == {name: v.dtype for name, v in weights.items()}
    assert all(torch.equal(after[name], value) for name, value in weights.items())
    other = kept.card.data.model_copy(update={"fingerprint": "another"})
    checkpoints.save(replace(kept, card=kept.card.model_copy(update={"data": other})), path)
    content = path.read_bytes()
    answer = CliRunner().invoke(app, ["diagnose", str(path), "--keep"])
    assert answer.exit_code == 1
    assert "only a part" in answer.output
    assert path.read_bytes() == content
