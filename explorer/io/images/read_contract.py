"""What contracts of images and of photos share: which numbers are black and white, and what was found."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from explorer.io.findings import SURE, require_decided
from explorer.io.images.asked import Axes, ImageFinding
from explorer.io.images.scale import Scale


class ReadContract(BaseModel):
    """How pictures are read, as far as it is the same for those that are learnt from and those that are cleaned.

    Args:
        scales: which numbers are black and white, by the type of the numbers; usually one.
        axes: of the arrays or stacks that they came in; None: they came one by one.
        left_out: how many could not be used.
        findings: each with its reason.
        remarks: what the one who reads the results has to know, a sentence each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    scales: tuple[Scale, ...]
    axes: Axes | None = None
    left_out: int = 0
    findings: tuple[ImageFinding, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def white(self) -> float:
        """Which number is white, of the most usual type."""
        return max(self.scales, key=lambda scale: scale.images).white

    @property
    def black(self) -> float:
        """Which number is black, of the most usual type."""
        return max(self.scales, key=lambda scale: scale.images).black

    @property
    def undecided(self) -> tuple[ImageFinding, ...]:
        """What has two readings that are about as likely."""
        return tuple(finding for finding in self.findings if finding.confidence < SURE)

    def require_decided(self, name: str) -> None:
        """Refuse pictures of which two readings are about as likely.

        Raises:
            UndecidedError: with the flags that decide it.
        """
        require_decided(self.findings, name)

    @property
    def scale_words(self) -> list[str]:
        """Each scale in a few words, with how many pictures have it where there are several."""
        several = len(self.scales) > 1
        return [f"{scale.words}{f' ({scale.images:,} of them)' if several else ''}" for scale in self.scales]
