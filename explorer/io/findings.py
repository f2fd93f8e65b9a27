"""Something found about an input, with its reason: what every contract of reading is made of."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from explorer.core.errors import UndecidedError

SURE = 0.6
"""A finding that is less sure than this has another reading that is about as likely, and is put to the user."""


class Finding(BaseModel):
    """Something found about an input.

    Args:
        what: such as "delimiter".
        value: such as "semicolon".
        reason: why, in a few words.
        confidence: in [0, 1]; 1 where it was said, not found.
        flag: what to say on the command line to have it otherwise; empty: nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    value: str
    reason: str
    confidence: float = 1.0
    flag: str = ""


def require_decided(findings: Sequence[Finding], name: str) -> None:
    """Refuse an input of which two readings are about as likely.

    Args:
        findings: about it.
        name: of the input.

    Raises:
        UndecidedError: with the flags that decide it.
    """
    for finding in findings:
        if finding.confidence < SURE:
            raise UndecidedError(
                f"{name}: the {finding.what} cannot be told: {finding.reason}.", f"Say which it is: {finding.flag}."
            )
