"""A report as one page: the card, the training, figures, map, items, novelty, and what is noteworthy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer.export.charts import STYLE as CHART_STYLE
from explorer.views.exported import parts as live
from explorer.views.exported.page import FOLDER, StillPart, facts_part, page_html
from explorer.views.exported.parts import PagePart, PageWishes
from explorer.views.exported.rounded import live_packs, what_rounding_changes
from explorer.views.report.measured import figures_part, measured_here
from explorer.views.report.noteworthy import noteworthy_part
from explorer.views.report.novelty import errors_as_scores, novelty_part
from explorer.views.report.reported import Reported
from explorer.views.report.strips import noise_words, strip_parts
from explorer.views.report.training import training_part

AS_IT_OPENS = PageWishes()


@dataclass(frozen=True)
class ReportPage:
    """A report as a file.

    Args:
        html: its bytes.
        parts: titles of what it shows.
        left_out: what it does not show, and why, a sentence each.
    """

    html: bytes
    parts: tuple[str, ...]
    left_out: tuple[str, ...]


def report_page(reported: Reported, wishes: PageWishes = AS_IT_OPENS) -> ReportPage:
    """Everything that is known and was measured of a model, in one file.

    Args:
        wishes: of the map: its colours and kind, or the map of a page of the app.

    Raises:
        ExplorerError: the items make no map, or a wish that cannot be met.
    """
    here = measured_here(reported)
    scores = errors_as_scores(reported)
    left_out = list(_left_out(reported, has_novelty=scores is not None))
    parts: list[PagePart | StillPart | None] = [
        noteworthy_part(reported, here, scores),
        training_part(reported.card),
        figures_part(reported, here),
    ]
    rounding = ""
    if reported.items is not None:
        packs = live_packs(reported.items.checkpoint)
        parts.append(live.map_part(reported.items, packs, wishes))
        rounding = what_rounding_changes(reported.items, packs.checkpoint)
    parts += strip_parts(reported)
    if scores is not None:
        parts.append(novelty_part(reported, scores))
    facts = [*_facts(reported), ("Weights of the map", rounding), ("Not in this report", " ".join(left_out))]
    shown = [facts_part(facts), *(part for part in parts if part is not None)]
    subject = f", measured on {reported.of}" if reported.of else ""
    style = (FOLDER / "report.css").read_text("ascii")
    html = page_html(reported.card.title, f"A report of this autoencoder{subject}.", shown, CHART_STYLE + style)
    return ReportPage(html, tuple(part.title for part in shown), tuple(left_out))


def _left_out(reported: Reported, has_novelty: bool) -> Iterator[str]:
    if reported.items is None:
        yield "There is no map: the model has no code that stands for a whole item."
    elif reported.dataset is None:
        yield "No data were given or are on this machine: nothing was measured, and the map shows decoded samples."
    elif not reported.card.calibration:
        yield "There is no histogram of novelty: the card keeps no errors of validation items."
    elif not has_novelty:
        yield "There is no histogram of novelty: it needs rows of its classes that the model has not learnt from."


def _facts(reported: Reported) -> Iterator[tuple[str, str]]:
    card = reported.card
    model, part = card.recipe.model, card.data
    code = "" if card.code_size is None else f", a code of {card.code_size} numbers"
    shape = " × ".join(map(str, part.event_shape))
    yield "Kind", f"{model.family}{code}, {card.weights:,} weights; items of {shape}"
    yield "Origin" if card.origin else "Trained on", card.provenance
    classes = card.recipe.data.classes
    yield "Classes", f"Trained on {', '.join(classes)} alone." if classes else ""
    if not card.origin:
        yield "Split", f"{part.n_train:,} training and {part.n_validation:,} validation items. {part.splits}"
    corruption = card.recipe.corruption
    yield "Corruption", "" if corruption is None else noise_words(corruption)
    yield "Read as", "" if part.contract is None else f"{part.contract.line}."
    yield "Data", part.source
    yield "Measured on", "" if reported.dataset is None else f"{reported.of}. {reported.dataset.source}"
    yield "Licence", card.licence
    versions = ", ".join(f"{name} {version}" for name, version in card.versions.items())
    yield "Made", " ".join(filter(None, (card.created, f"with {versions}" if versions else "")))
    yield "Fingerprint", f"weights {reported.checkpoint.fingerprint[:16]}, data {part.fingerprint[:16]}"
    yield "Recipe", card.name
