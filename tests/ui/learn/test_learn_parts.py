"""What Learn computes for its pictures, against plain definitions."""

from __future__ import annotations

from explorer.browser.scenes import SCENES
from explorer.checkpoints import Card, Checkpoint
from explorer.evaluation.activations import Term
from explorer.ui.learn import walkthrough


def test_a_loss_of_one_term_is_that_number() -> None:
    assert (
        walkthrough.in_numbers([Term("squared error", 1234.4, 1.0)])
        == r"L = \underbrace{1{,}234}_{\text{squared error}}"
    )


def test_a_loss_of_two_terms_is_their_weighted_sum() -> None:
    text = walkthrough.in_numbers([Term("reconstruction", 90.0, 1.0), Term("KL", 5.0, 4.0)])
    assert text == (r"L = \underbrace{90.0}_{\text{reconstruction}} + \underbrace{4 \cdot 5.00}_{\text{KL}} = 110")


def test_each_kind_knows_its_checkpoints(digits_autoencoder: Checkpoint, digits_vae: Checkpoint) -> None:
    noisy = _with_noise(digits_autoencoder.card)
    matches = {scene.name: scene.matches for scene in SCENES if scene.matches is not None}
    cards = (digits_autoencoder.card, digits_vae.card, noisy)
    kinds = [[name for name, fits in matches.items() if fits(card)] for card in cards]
    # Codes are features whatever made them of clean pictures.
    assert kinds == [["features"], ["features", "variational"], ["denoising"]]


def _with_noise(card: Card) -> Card:
    values = card.model_dump(mode="json")
    values["recipe"]["corruption"] = {"kind": "gaussian"}
    return Card.model_validate(values)
