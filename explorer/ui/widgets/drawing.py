"""A surface to draw on: encoded and rebuilt in the browser while the hand moves; pictures can be pasted and dropped."""

from __future__ import annotations

from collections.abc import Callable

from explorer.browser.drawing.message import (
    COMPONENT,
    Drawing,
    DrawingDone,
    DrawingSurface,
    LiveModel,
    Steps,
    fitting_pixels,
    surface_shape,
)
from explorer.browser.paste.message import PastedPicture
from explorer.io.user_image import Options
from explorer.ui.widgets.component import mount


def drawing(
    model: LiveModel | None,
    event_shape: tuple[int, ...],
    steps: Options,
    *,
    key: str,
    ground: float,
    on_drawn: Callable[[DrawingDone | None], None],
    on_picture: Callable[[PastedPicture | None], None],
    drawn: Drawing | None = None,
    link: str = "",
    reason: str = "",
) -> None:
    """The surface with its tools, what the model gets of the drawing, and what it makes of it.

    While a stroke is drawn nothing is sent: the channel ``link`` hears of it. When it ends, Python hears of the pixels.

    Args:
        model, link, reason: see ``DrawingSurface``.
        event_shape: (C, h, w) of the model.
        steps: how a drawing becomes its item; ``clear`` is not done in the browser.
        key: of the widget.
        ground: brightness of the empty surface, in [0, 1].
        on_drawn: called before the page runs again with a report for ``read_drawing``.
        on_picture: the same for a picture that was pasted or dropped, and ``read_picture``.
        drawn: what to begin with; another one than what came from here takes its place.
    """
    message = DrawingSurface(
        shape=event_shape,
        raw=surface_shape(event_shape)[1:],
        ground=round(255 * ground),
        steps=Steps.of(steps),
        drawn=drawn.number if drawn else 0,
        pixels=fitting_pixels(drawn, event_shape),
        model=model,
        reason=reason,
        link=link,
    )
    mount(COMPONENT, message, key=key, on_event={DrawingDone: on_drawn, PastedPicture: on_picture})
