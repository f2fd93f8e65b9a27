"""How photos are read, in one value: said in one line, changeable, the same for all photos that are given together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from explorer.io.images.asked import Pages
from explorer.io.images.read_contract import ReadContract
from explorer.io.images.scale import ScalesFound


class PhotoContract(ReadContract):
    """How photos are read.

    Args:
        files: how many.
        pictures: how many they hold together: pages and frames count.
        pages: whether all pictures of each file are read, or its first alone.
        scales: which values are black and white, by their type; nothing is cut there.
        axes: of stacks, whether each of their planes is a picture (NHW), or three are the colours of one (NCHW); None:
            there is no stack of such planes.
        left_out: pages and frames that are not read.
        findings: each with its reason.
        remarks: what the one who reads the results has to know, a sentence each.
    """

    kind: Literal["photo"] = "photo"
    files: int
    pictures: int
    pages: Pages = "all"

    @property
    def line(self) -> str:
        """In one line, such as "3 photos; 12-bit in 16-bit numbers, white is 4095"."""
        parts = [f"{self.files:,} photo{'s' * (self.files != 1)}"]
        if self.pictures > self.files:
            parts[0] += f" with {self.pictures:,} pictures"
        parts += self.scale_words
        if self.axes is not None:
            parts.append(f"axes {self.axes}")
        if self.left_out:
            parts.append(f"{self.left_out:,} page{'s' * (self.left_out != 1)} left out")
        return "; ".join(parts)

    @property
    def answer(self) -> dict[str, Any]:
        """For an answer in JSON: the line and all fields."""
        return {"line": self.line, **self.model_dump(mode="json")}


def of_all(contracts: Sequence[PhotoContract], scales: ScalesFound) -> PhotoContract:
    """The contract of photos that are given together, from those of each and the scale of all."""
    findings = {finding.what: finding for contract in contracts for finding in contract.findings}
    own = [finding for what, finding in findings.items() if not what.startswith("white")]
    whites = scales.findings
    if len(contracts) > 1:
        whites = tuple(one.model_copy(update={"reason": f"{one.reason}, over all photos"}) for one in whites)
    return PhotoContract(
        files=len(contracts),
        pictures=sum(contract.pictures for contract in contracts),
        pages=contracts[0].pages,
        scales=tuple(scales.scales.values()),
        axes=next((contract.axes for contract in contracts if contract.axes is not None), None),
        left_out=sum(contract.left_out for contract in contracts),
        findings=(*whites, *own),
        remarks=_shared(contracts, scales),
    )


def _shared(contracts: Sequence[PhotoContract], scales: ScalesFound) -> tuple[str, ...]:
    """What is said once of several photos."""
    several = [scale for scale in scales.scales.values() if scale.type != "uint8"]
    if len(contracts) < 2 or not several:
        return scales.remarks
    whites = " and ".join(f"{scale.white:g} of {scale.type}" for scale in several)
    return (*scales.remarks, f"all photos share one white, found over all of them: {whites} numbers")
