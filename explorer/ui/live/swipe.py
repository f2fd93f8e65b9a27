"""Two versions of one picture under a divider that follows the pointer."""

from __future__ import annotations

from explorer.ui.live.component import mount


def swipe(before_png: bytes, after_png: bytes, *, key: str, labels: tuple[str, str] = ("noisy", "denoised")) -> None:
    """Compare two pictures of one size.

    The divider follows the pointer or the arrow keys; the zoom buttons, and the wheel with Ctrl, zoom both together.
    Nothing is reported to Python.

    Args:
        before_png: the left picture, as PNG bytes.
        after_png: the right picture, of the same size.
        key: of the widget.
        labels: of the left and the right picture.
    """
    mount("swipe", {"labels": list(labels)}, {"before": before_png, "after": after_png}, key=key)
