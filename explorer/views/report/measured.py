"""The figures of a model as a table: each with its interval, its unit, and the rows that it was measured on."""

from __future__ import annotations

from collections.abc import Sequence

from explorer import evaluation
from explorer.checkpoints import Metric
from explorer.core.written import three_digits
from explorer.export.html import Html, element
from explorer.views.exported.page import StillPart
from explorer.views.report.reported import Reported


def measured_here(reported: Reported) -> list[Metric]:
    """Figures of the reported rows, and PCA's beside them where it can be compared; none without real items."""
    dataset, rows = reported.dataset, reported.rows
    if dataset is None or not len(rows):
        return []
    figures = evaluation.evaluate(reported.checkpoint, dataset, rows, reported.split)
    pca = evaluation.pca_beside(reported.checkpoint, dataset, rows, reported.split)
    return figures if pca is None else [*figures, pca]


def figures_part(reported: Reported, here: Sequence[Metric]) -> StillPart:
    """All figures: those of the card, and those that were measured for the report.

    Args:
        here: as ``measured_here`` has them.
    """
    card = reported.card
    of_card = f"{card.data.title}, when the model was {'taken in' if card.origin else 'trained'}"
    rows = [(metric, of_card) for metric in card.metrics]
    rows += [
        (metric, "" if reported.dataset is None else f"{reported.dataset.title}, for this report") for metric in here
    ]
    body = table(
        ("Figure", "Value", "95 % interval", "Unit", "Split", "Items", "Measured on"),
        [
            (
                metric.name,
                three_digits(metric.value),
                metric.ends(three_digits) if metric.has_ends else "not known",
                metric.unit,
                metric.split,
                f"{metric.n:,}",
                source,
            )
            for metric, source in rows
        ],
    )
    if not rows:
        body = element("p", "The card has no figures, and no data were given to measure on.")
    notes = [f"Splits of {card.data.title}: {card.data.splits}"]
    if reported.dataset is not None and not reported.was_unseen:
        notes.append(
            f"{reported.dataset.title} ({reported.split}): the model may have learnt from these rows, so that these "
            "figures say less about new ones."
        )
    return StillPart("figures", "Figures", "Means over the items of a split, with 95 % intervals.", body, notes)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Html:
    """A table; on a narrow screen each cell says its column."""
    return element(
        "table",
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        element(
            "tbody",
            *(
                element("tr", *(element("td", cell, data_head=head) for head, cell in zip(heads, row, strict=True)))
                for row in rows
            ),
        ),
    )
