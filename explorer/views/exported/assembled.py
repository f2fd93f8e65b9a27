"""A model with its items as one page that is opened from a file: its parts, its facts, and what could not go in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explorer.browser.exported_page.carrier import Weighed
from explorer.checkpoints import VectorCheckpoint, require_both_halves
from explorer.core.errors import ExplorerError
from explorer.core.written import three_digits
from explorer.views.exported import code_kinds
from explorer.views.exported import parts as made
from explorer.views.exported.page import facts_part, fixed_bytes, page_html
from explorer.views.exported.parts import PagePart, PageWishes
from explorer.views.exported.rounded import LivePacks, live_packs, what_rounding_changes
from explorer.views.exported.scenes import scene_parts
from explorer.views.items import ShownItems
from explorer.views.thumbnails import SHADES

MAX_BYTES = 3_000_000
"""Scenes are added as long as the page stays below."""
AS_IT_OPENS = PageWishes()
WORDS = 12_000
"""Bytes of a page beside its messages, script and style, about."""


@dataclass(frozen=True)
class ExportedPage:
    """A page as a file.

    Args:
        html: its bytes.
        parts: titles of what it shows.
        left_out: what it does not show, and why, a sentence each.
        rounding: what the weights of 16 bits change, in a sentence.
    """

    html: bytes
    parts: tuple[str, ...]
    left_out: tuple[str, ...]
    rounding: str


def model_page(
    items: ShownItems, wishes: PageWishes = AS_IT_OPENS, conditional: VectorCheckpoint | None = None
) -> ExportedPage:
    """Everything live of a model in one file: map, sliders, ways between items, drawing, and Learn's scenes.

    Args:
        items: a model with its items.
        wishes: what is to be shown.
        conditional: the model that it is for one label, where it is conditional: the sliders then decode any label.

    Raises:
        ExplorerError: the items make no map, a wish that cannot be met, or an encoder or a decoder alone.
    """
    require_both_halves(items.checkpoint)
    packs = live_packs(items.checkpoint, conditional=conditional)
    parts, left_out = _parts(items, packs, wishes, conditional) if wishes.views else ([], [])
    weighed = Weighed()
    if items.is_image and _takes(parts, weighed) > MAX_BYTES:
        parts = [made.with_few_shades(part) for part in parts]
        left_out.append(f"Thumbnails have {SHADES} shades here, so that the file is smaller.")
    if packs.labelled is not None and _takes(parts, weighed) > MAX_BYTES:
        parts = [code_kinds.with_one_label(part, packs) for part in parts]
        left_out.append(_without_labels(f"a second decoder would make the file larger than {MAX_BYTES // 10**6} MB."))
    if wishes.scenes:
        more, too_large = _scenes(items, packs, parts, wishes.first, weighed)
        parts += more
        left_out += too_large
    parts.sort(key=lambda part: part.name != wishes.first)
    rounding = what_rounding_changes(items, packs.checkpoint)
    word = "images" if items.is_image else "rows"
    sentence = (
        f"What this autoencoder made of {len(items.rows):,} {word} of {items.dataset.title} "
        f"({items.split.split(', n = ')[0]}): it is decoded in your browser as you move."
    )
    if packs.decoder is None:
        sentence = f"What this autoencoder made of {len(items.rows):,} {word} of {items.dataset.title} ({items.split})."
    facts = [*_facts(items), ("Weights here", rounding), ("Not in this page", " ".join(left_out))]
    html = page_html(items.card.title, sentence, [*parts, facts_part(facts)])
    return ExportedPage(html, tuple(part.title for part in parts), tuple(left_out), rounding)


def _without_labels(reason: str) -> str:
    return f"The choice of another label at the sliders is left out: {reason}"


def _parts(
    items: ShownItems, packs: LivePacks, wishes: PageWishes, conditional: VectorCheckpoint | None
) -> tuple[list[PagePart], list[str]]:
    parts, left_out = [made.map_part(items, packs, wishes)], []
    compared = made.compared_with(items)
    if packs.decoder is None:
        left_out.append(f"Sliders and ways between items are left out: {packs.obstacle}")
    else:
        entries = code_kinds.entry_part(items, packs)
        parts += [] if entries is None else [entries]
        try:
            parts.append(made.slider_part(items, packs, compared, wishes, conditional))
        except ExplorerError as error:  # a checkpoint without statistics of its codes
            left_out.append(f"Sliders are left out: {error}")
        if compared is None:
            left_out.append(f"Ways between items are left out: {items.split} are too few.")
        else:
            parts.append(made.path_part(items, packs, compared, wishes))
    if packs.decoder is not None and packs.label_obstacle:
        left_out.append(_without_labels(packs.label_obstacle))
    style = made.style_of(items)
    if style is not None and made.can_be_drawn(items, style):
        if packs.drawing is None:
            left_out.append(f"Drawing is left out: {packs.encoder_obstacle or packs.obstacle}")
        else:
            parts.append(made.drawing_part(items, packs, style, on_map=True))
    return parts, left_out


def _takes(parts: Sequence[PagePart], weighed: Weighed) -> int:
    """About how many bytes a page of these parts takes."""
    return WORDS + fixed_bytes(parts) + weighed.bytes_of([part.message for part in parts])


def _scenes(
    items: ShownItems, packs: LivePacks, parts: list[PagePart], first: str, weighed: Weighed
) -> tuple[list[PagePart], list[str]]:
    """The scenes that fit beside these parts, and that others do not."""
    fitting: list[PagePart] = []
    too_large: list[str] = []
    for part in scene_parts(items, packs, first):
        for tried in filter(None, (part, part.smaller)):
            if _takes([*parts, *fitting, tried], weighed) <= MAX_BYTES:
                fitting.append(tried)
                break
        else:
            too_large.append(part.title)
    words = [f"Scenes of Learn that would make the file larger than {MAX_BYTES // 10**6} MB: {', '.join(too_large)}."]
    return fitting, words if too_large else []


def _facts(items: ShownItems) -> Iterator[tuple[str, str]]:
    card = items.card
    model = card.recipe.model
    yield "Kind", f"{model.family}, a code of {model.latent_dim} numbers, {card.weights:,} weights"
    yield "Trained on", f"{card.data.n_train:,} items of {card.data.title}, by the recipe {card.name}"
    for metric in card.metrics:
        yield metric.name, f"{metric.text(three_digits)} {metric.unit} ({metric.split}, n = {metric.n:,})"
    yield "Shown items", f"{items.dataset.title}, {items.split}. {items.dataset.source}"
    yield "Licence", " ".join(dict.fromkeys(filter(None, (card.licence, items.dataset.licence))))
