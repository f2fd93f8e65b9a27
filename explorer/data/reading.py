"""What there is to say of how data was read: what does not fit, what was left out, what was changed."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.data.base import Dataset

LINES = 10
"""So many changes and left out files are named, of more their number is said."""


def how_read(dataset: Dataset) -> list[str]:
    """A sentence for each thing that one who reads the results has to know, beside the contract's line."""
    contract, report = dataset.contract, dataset.report
    sentences = list(contract.remarks) if contract is not None and contract.kind == "image" else []
    if report is None:
        return sentences
    left_out = [f"{what} left out: {why}" for what, why in report.left_out]
    alike: dict[str, list[str]] = {}
    for what, change in report.converted:
        alike.setdefault(change, []).append(what)
    changed = [f"{_named(names)}: {change}" for change, names in alike.items()]
    for told, word in ((left_out, "left out"), (changed, "changed")):
        sentences += told[:LINES]
        if len(told) > LINES:
            sentences.append(f"{len(told) - LINES:,} more {word}")
    return sentences


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > 3 else ""
    return names[0] if len(names) == 1 else f"{len(names):,} files ({', '.join(names[:3])}{more})"
