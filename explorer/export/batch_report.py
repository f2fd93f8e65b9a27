"""A report of scored items as one HTML file that needs no connection: alarms, their reasons, and the promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from explorer.core.version import VERSION
from explorer.core.written import three_digits
from explorer.export.charts import STYLE as CHART_STYLE
from explorer.export.charts import histogram
from explorer.export.html import Html, element, page
from explorer.export.top_items import TopItem
from explorer.novelty.detector import Detector
from explorer.novelty.drift import PromiseCheck
from explorer.novelty.scores.registry import REGISTRY
from explorer.novelty.thresholds import Threshold


@dataclass(frozen=True, eq=False)
class BatchReport:
    """What is reported.

    Args:
        source: what was scored.
        reading: how it was read, in a line; empty: it needed no reading.
        detector: that scored it.
        threshold: an alarm is a score above it.
        scores: (N,) of all items, NaN where nothing is known.
        promise: whether the promised false-alarm rate holds.
        top: the most anomalous items, in order.
        separation: how well labels agree, in words; empty: there are none that say it.
        pixels: how well masks agree, in words; empty: there are none.
        notes: what else is to be known, a sentence each.
    """

    source: str
    reading: str
    detector: Detector
    threshold: Threshold
    scores: Float[np.ndarray, " N"]
    promise: PromiseCheck
    top: Sequence[TopItem]
    separation: str = ""
    pixels: str = ""
    notes: Sequence[str] = ()


def report_html(report: BatchReport) -> bytes:
    """The report as a file."""
    alarms, n = int((report.scores > report.threshold.value).sum()), len(report.scores)
    title = f"{alarms:,} alarms among {n:,} items"
    return page(
        f"{title}: {report.source}",
        _STYLE + CHART_STYLE,
        element(
            "main",
            element("h1", title),
            element("p", report.source, class_="source"),
            _summary(report),
            element("h2", "Scores"),
            histogram(report.scores, report.threshold.value, _score_name(report.detector)),
            element("h2", _top_title(report, n)),
            _top(report),
            element("h2", "The detector"),
            _detector(report.detector),
            *_notes(report),
            element("p", f"Autoencoder Explorer {VERSION}", class_="foot"),
        ),
    )


def _score_name(detector: Detector) -> str:
    scorer = REGISTRY[detector.card.scorer.name]
    return f"{scorer.title} ({scorer.unit})"


def _summary(report: BatchReport) -> Html:
    rate = report.threshold.rate
    promised = (
        f"Of normal items {rate.value:.2%} are expected to raise an alarm (95 % interval "
        f"{rate.ends('{:.2%}'.format)}, from {report.threshold.n:,} normal scores). Nothing says that these items are "
        f"others than the detector learnt from."
    )
    lines = [
        ("Read as", report.reading),
        ("Alarm", f"a score above {three_digits(report.threshold.value)}"),
        ("Promise", report.promise.words or promised),
        ("By the labels", report.separation),
        ("By the masks", report.pixels),
    ]
    kind = "withdrawn" if report.promise.is_withdrawn else None
    return element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", words, class_=kind if name == "Promise" else None))
            for name, words in lines
            if words
        ),
    )


def _top_title(report: BatchReport, n: int) -> str:
    shown = len(report.top)
    return f"The {shown:,} most anomalous of {n:,}" if shown < n else f"All {n:,} items, the most anomalous first"


def _top(report: BatchReport) -> Html:
    has_pictures = report.detector.card.kind == "image"
    has_labels = any(item.label for item in report.top)
    heads = ["Rank", "Item", *(["Label"] if has_labels else []), "Score", "p-value", "Alarm"]
    heads.append("Item, and where it differs" if has_pictures else "Most anomalous columns")
    rows = [
        element("tr", *_cells(rank, item, heads, has_labels, has_pictures)) for rank, item in enumerate(report.top, 1)
    ]
    table = element(
        "table",
        element("thead", element("tr", *(element("th", head, scope="col") for head in heads))),
        element("tbody", *rows),
    )
    without = sum(has_pictures and not item.pictures for item in report.top)
    if not without:
        return table
    note = f"Pictures of {without:,} of them are left out, so that the report stays small."
    return Html(element("p", note) + table)


def _cells(rank: int, item: TopItem, heads: Sequence[str], has_labels: bool, has_pictures: bool) -> list[Html]:
    values: list[object] = [rank, _named(item)]
    values += [item.label] if has_labels else []
    values += [three_digits(item.score), three_digits(item.p_value)]
    values.append(element("b", "alarm", class_="alarm") if item.is_alarm else "no")
    if has_pictures:
        alts = (f"{item.name}", f"{item.name}: where it differs")
        values.append(
            element(
                "div",
                *(element("img", src=url, alt=alt) for url, alt in zip(item.pictures, alts, strict=False)),
                class_="pictures",
            )
        )
    else:
        why = [
            element("li", element("b", reason.column), f": {reason.value} (usual: {reason.usual}), {reason.share:.0%}")
            for reason in item.reasons
        ]
        values.append(element("ul", *why) if why else "the score has no parts by column")
    return [element("td", value, data_head=head) for value, head in zip(values, heads, strict=True)]


def _named(item: TopItem) -> object:
    """What an item is called, and what stands beside it."""
    if not item.told:
        return item.name
    beside = (element("li", element("b", column), f": {cell}") for column, cell in item.told)
    return Html(element("p", item.name) + element("ul", *beside))


def _detector(detector: Detector) -> Html:
    card = detector.card
    lines = [f"{_score_name(detector)}, learnt from {card.normal}.", detector.calibrated_by]
    if card.contract is not None:
        lines.append(f"Read as: {card.contract.line}.")
    lines += [f"{note}." for note in card.notes]
    lines += [card.licence] if card.licence else []
    return element("ul", *(element("li", line) for line in lines))


def _notes(report: BatchReport) -> list[Html]:
    if not report.notes:
        return []
    return [element("h2", "Remarks"), element("ul", *(element("li", note) for note in report.notes))]


_STYLE = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px 16px; overflow-wrap: anywhere; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 28px 0 8px; }
.source, .foot, figcaption, dt { color: color-mix(in srgb, CanvasText 68%, Canvas); } .source { margin: 0 0 16px; }
dl { margin: 0; } dl div { display: grid; grid-template-columns: 120px 1fr; gap: 4px 12px; padding: 3px 0; }
dd { margin: 0; } .withdrawn { border-left: 4px solid #ed6d03; padding-left: 8px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 8px 6px 0; }
th, td { border-bottom: 1px solid color-mix(in srgb, CanvasText 22%, Canvas); }
.alarm::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 5px; background: #ed6d03; }
th { white-space: nowrap; }
td ul { margin: 0; padding-left: 16px; }
.pictures { display: flex; flex-wrap: wrap; gap: 6px; min-width: 264px; }
.pictures img { width: 128px; image-rendering: auto; border: 1px solid color-mix(in srgb, CanvasText 22%, Canvas); }
@media (max-width: 640px) {
  thead { position: absolute; left: -9999px; }
  tr { display: block; padding: 10px 0; border-bottom: 1px solid color-mix(in srgb, CanvasText 22%, Canvas); }
  td { display: grid; grid-template-columns: 84px 1fr; border: 0; padding: 1px 0; }
  td::before { content: attr(data-head); color: color-mix(in srgb, CanvasText 68%, Canvas); }
  dl div { grid-template-columns: 1fr; gap: 0; padding: 6px 0; }
}
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; } tr, figure, dl div { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
