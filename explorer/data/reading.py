"""What there is to say of how data was read: what does not fit, what was left out, what was changed."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from explorer.data.base import Dataset
from explorer.data.split_asked import SplitAsked
from explorer.io.findings import Finding
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

_FIELDS: dict[type[BaseModel], str] = {
    Asked: "dialect",
    RolesAsked: "roles",
    ImagesAsked: "images",
    SplitAsked: "split",
}
LINES = 10
"""So many changes and left out files are named, of more their number is said."""


def how_read(dataset: Dataset) -> list[str]:
    """A sentence for each thing that one who reads the results has to know, beside the contract's line."""
    contract, report = dataset.contract, dataset.report
    sentences = list(contract.remarks) if contract is not None and contract.kind == "image" else []
    if dataset.first_splits is not None:
        sentences.append(f"Split: {dataset.splits.note}")
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


def not_decided(dataset: Dataset) -> list[str]:
    """A sentence for each finding that has another reading about as likely, with the argument that decides it."""
    contract = dataset.contract
    undecided: Sequence[Finding] = () if contract is None else contract.undecided
    sentences = []
    for finding in undecided:
        readings: Sequence[BaseModel] = getattr(finding, "readings", ())
        options = " or ".join(f"options=ImportOptions({argument(reading)})" for reading in readings)
        homes = {f"{type(reading).__name__} is in {type(reading).__module__}" for reading in readings}
        sentences.append(
            f"{dataset.name}: the {finding.what} cannot be told: {finding.reason}. It is taken as: {finding.value}."
            f" To decide it: {options}. ImportOptions is in explorer.data, {', '.join(homes)}."
        )
    return sentences


def argument(reading: BaseModel) -> str:
    """What was said of how data is read as an argument of ``ImportOptions``, such as "dialect=Asked(decimal=',')"."""
    said = ", ".join(f"{name}={value!r}" for name, value in reading.model_dump(exclude_defaults=True).items())
    return f"{_FIELDS[type(reading)]}={type(reading).__name__}({said})"


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > 3 else ""
    return names[0] if len(names) == 1 else f"{len(names):,} files ({', '.join(names[:3])}{more})"
