"""How the pictures of a set look, and the options that bring a user's image to the same look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num

from explorer.io import images
from explorer.io.user_image import Centre, Options, border_ring, coloured, content_of, convert

NEAR = 0.15
"""Values this close count as one brightness, when a border is checked."""
PLAIN_BORDER = 0.6
"""A border is plain if so large a share of it is near its median."""
PLAIN_ITEMS = 0.7
"""A model's pictures stand on a background if so many of them have a plain border of one brightness."""
CLEAN = 0.02
"""A background that strays less from its brightness needs no clearing."""


@dataclass(frozen=True)
class Style:
    """What the pictures that a model knows have in common.

    Args:
        background: brightness that their borders share; None where they fill their frames, as photos do.
        size: share of the frame that the longer side of their content takes.
        centre: which of the two lies in the same place in all of them.
    """

    background: float | None = None
    size: float = 1.0
    centre: Centre = "middle"


@dataclass(frozen=True)
class ChosenOptions:
    """Options that were chosen for a picture.

    Args:
        reason: in full sentences.
    """

    options: Options
    reason: str


def style_of(items: Num[np.ndarray, "n c h w"]) -> Style:
    """What pictures have in common, from a sample of them.

    Args:
        items: (N, C, H, W) uint8 or float in [0, 1], N >= 1; a few hundred are enough.
    """
    x = images.to_float(items)
    rings = [border_ring(item).ravel() for item in x]
    background = float(np.median([np.median(ring) for ring in rings]))
    plain = [np.mean(np.abs(ring - background) < NEAR) >= PLAIN_BORDER for ring in rings]
    if np.mean(plain) < PLAIN_ITEMS:
        return Style()
    contents = [content_of(item, np.full(len(item), background)) for item in x]
    boxes = np.array([content.box for content in contents if content is not None])
    if not len(boxes):  # empty pictures
        return Style(background)
    masses = np.array([content.mass for content in contents if content is not None])
    height, width = x.shape[2:]
    left, top, right, bottom = boxes.T
    size = float(np.median(np.maximum((right - left) / width, (bottom - top) / height)))
    spread_of_middles = np.std((left + right) / 2) + np.std((top + bottom) / 2)
    spread_of_masses = np.std(masses, axis=0).sum()
    return Style(background, size, "mass" if spread_of_masses < spread_of_middles else "middle")


def for_drawing(style: Style) -> ChosenOptions:
    """Options for a drawing on a canvas that has the model's own background."""
    if style.background is None:
        return ChosenOptions(Options(), "The model's pictures fill their frames, so the drawing is taken whole.")
    return ChosenOptions(_on_background(style), f"{_placing(style)} So the drawing is placed like that.")


def automatic(
    image: Num[np.ndarray, "c h w"],
    event_shape: tuple[int, ...],
    style: Style,
    error: Callable[[np.ndarray], float] | None = None,
) -> ChosenOptions:
    """Options for a picture, so that it looks like those that the model knows.

    Args:
        image: (C, H, W), uint8 or float in [0, 1].
        event_shape: (C, H, W) of the model.
        style: of the model's pictures.
        error: the model's reconstruction error of an item (C, H, W); it decides between light and dark where the
            picture's border does not.

    Raises:
        DataError: either shape is not that of an image.
    """
    if style.background is None:
        if image.shape[1:] == event_shape[1:]:
            return ChosenOptions(Options(), "The picture has the model's size and is taken as it is.")
        return ChosenOptions(
            Options(), "The model's pictures fill their frames, so the middle of yours is cut to its shape."
        )
    x = coloured(image, event_shape)[0]
    ring = border_ring(x)
    border = float(np.median(ring))
    plain = bool(np.mean(np.abs(ring - border) < NEAR) >= PLAIN_BORDER)
    dark = style.background < 0.5
    if plain and image.shape[1:] == event_shape[1:] and abs(border - style.background) < NEAR:
        return ChosenOptions(Options(), "The picture has the model's size and background and is taken as it is.")
    if plain:
        invert = (border < 0.5) != dark
        clean = abs((1 - border if invert else border) - style.background) < CLEAN and float(ring.std()) < CLEAN
        why = f"The border of your picture is {_tone(border)}, the model's pictures stand on {_ground(style)}"
        why += ", so light and dark are swapped." if invert else ": light and dark stay."
        if not clean:
            why += " Its background is not even, so it is cleared."
        options = _on_background(style, invert=invert, clear=not clean)
    elif error is None:
        invert = (border < 0.5) != dark
        why = f"The border of your picture is rather {_tone(border)}, the model's pictures stand on {_ground(style)}"
        why += ", so light and dark are swapped." if invert else ": light and dark stay."
        options = _on_background(style, invert=invert, clear=True)
    else:
        both = [_on_background(style, invert=invert, clear=True) for invert in (False, True)]
        errors = [error(convert(image, event_shape, options).x) for options in both]
        invert = errors[1] < errors[0]
        why = (
            "The border of your picture has no one brightness, so both ways were tried: the reconstruction error is "
            f"{errors[0]:.3g} as it is and {errors[1]:.3g} with light and dark swapped."
        )
        options = both[int(invert)]
    return ChosenOptions(options, f"{why} {_placing(style)}")


def _on_background(style: Style, invert: bool = False, clear: bool = False) -> Options:
    return Options(invert, clear, crop=True, fit="pad", size=round(style.size, 3), centre=style.centre)


def _placing(style: Style) -> str:
    centre = "centre of mass" if style.centre == "mass" else "middle"
    return f"Their content takes {100 * style.size:.0f} % of the frame, with its {centre} in the middle."


def _tone(value: float) -> str:
    return "dark" if value < 0.5 else "light"


def _ground(style: Style) -> str:
    return "a dark background" if style.background is not None and style.background < 0.5 else "a light background"
