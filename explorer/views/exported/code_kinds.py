"""What an exported page does for codes of a kind: entries of a codebook, and codes that are decoded under a label."""

from __future__ import annotations

from dataclasses import replace

import torch

from explorer.browser.entry_grid.message import grid_of
from explorer.browser.parts import Decoder
from explorer.browser.sliders.message import Sliders
from explorer.models import QuantisedAutoencoder
from explorer.views import item_words
from explorer.views.exported.parts import SLIDERS, PagePart
from explorer.views.exported.rounded import LivePacks
from explorer.views.items import ShownItems


def entry_part(items: ShownItems, packs: LivePacks) -> PagePart | None:
    """The code of one item as a grid of entries, of a vector-quantised model; None for others."""
    model = packs.checkpoint.model
    if not isinstance(model, QuantisedAutoencoder):
        return None
    code = torch.as_tensor(items.codes()[items.samples(1)], dtype=torch.float32)
    numbers = tuple(model.indices_of(code).flatten().tolist())
    codebook = model.codebook.entries.numpy()
    title = item_words.titles_with_labels(items)[int(items.samples(1)[0])]
    message = grid_of(
        Decoder(pack=packs.decoder), "", codebook, model.grid, numbers, numbers, features=item_words.features(items)
    )
    sentence = "Click a place of the grid and move the slider: it gets another entry, decoded as it does."
    h, w = model.grid
    note = (
        f"The code is {h} x {w} places, each one of {len(codebook)} entries: {model.code_bits:.4g} bits. It begins as "
        f"that of {title} ({items.split.split(', n = ')[0]}). Colours go along the direction in which entries differ "
        "most. Sliders move the code's numbers freely: between two entries the decoder sees what it never learnt."
    )
    return PagePart("entries", "Entries of the code", sentence, "entry_grid", message, [note])


def with_one_label(part: PagePart, packs: LivePacks) -> PagePart:
    """The same sliders for the label of the shown items alone, whose decoder a page has anyhow; others as they are."""
    message = part.message
    if not isinstance(message, Sliders) or message.labels is None:
        return part
    alone = message.model_copy(update={"decoder": Decoder(pack=packs.decoder), "labels": None})
    return replace(part, sentence=SLIDERS, message=alone, notes=part.notes[:1])
