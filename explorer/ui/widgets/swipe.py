"""Two versions of one picture under a divider that follows the pointer, and what differs between them."""

from __future__ import annotations

from explorer.browser.swipe.message import COMPONENT, Residual, Swipe
from explorer.ui.widgets.component import mount


def swipe(
    before_png: bytes,
    after_png: bytes,
    *,
    key: str,
    labels: tuple[str, str] = ("noisy", "denoised"),
    residual: Residual | None = None,
) -> None:
    """Compare two pictures of one size.

    The divider follows the pointer or the arrow keys; the zoom buttons, the wheel with Ctrl and two fingers zoom all
    views together; a click pins a detail. Nothing is reported to Python.

    Args:
        before_png: the left picture, as PNG bytes.
        after_png: the right picture, of the same size.
        key: of the widget.
        labels: of the left and the right picture.
        residual: a third view, shown on demand.
    """
    mount(COMPONENT, Swipe(before=before_png, after=after_png, labels=labels, residual=residual), key=key)
