"""A picture that was pasted or dropped on a component."""

from __future__ import annotations

from explorer.browser.base64_report import decoded
from explorer.browser.schema import Component, Message, Report
from explorer.core.errors import DataError

MAX_FILE_BYTES = 8 << 20
"""Of a picture that is pasted or dropped; as in the browser."""
MAX_NAME = 200


class Paste(Message):
    """The button needs to be told nothing."""


class PastedPicture(Report):
    """A picture file.

    Args:
        name: of the file.
        data: its bytes in base64.
    """

    NAME = "picture"
    name: str
    data: str


COMPONENT = Component("paste", Paste, events=(PastedPicture,))


def read_picture(report: PastedPicture | None) -> tuple[str, bytes]:
    """Name and bytes of a picture file that was pasted or dropped; neither is trusted.

    Raises:
        DataError: no such report, or a file larger than ``MAX_FILE_BYTES``.
    """
    data = None if report is None or len(report.data) > 4 * -(-MAX_FILE_BYTES // 3) else decoded(report.data)
    if report is None or data is None:
        raise DataError("What was pasted or dropped cannot be read.", "Upload the picture as a file.")
    return "".join(c for c in report.name[:MAX_NAME] if c.isprintable()) or "picture", data
