"""Ways to begin on Train as cards: a drawing of what will be seen, a name, one sentence."""

from __future__ import annotations

import math

import streamlit as st

from explorer.core.palette import NORMAL, NOVEL, UNLABELLED, class_colour
from explorer.ui.train.form_filling import KEY, OWN, take_preset
from explorer.ui.train.presets import PRESETS

WIDTH, HEIGHT, SHOWN = 60, 44, 48
"""Of a drawing, in its own units, and how wide it is on the page in pixels."""
ICON = ":material/check:"


def preset_cards(with_sentences: bool) -> None:
    """Each preset and the visitor's own form, which comes back as it was left; a press anywhere on a card takes it.

    Args:
        with_sentences: False where the room is needed for a stage; they are then at the pointer.
    """
    chosen = st.session_state.get(f"{KEY}.preset", OWN)
    cards = {name: (preset.title, preset.about) for name, preset in PRESETS.items()}
    cards[OWN] = ("My own", "The form as you left it.")
    with st.container(horizontal=True, key="train_presets", gap="small"):
        for name, (title, about) in cards.items():
            place = "chosen_card" if name == chosen else "card"
            with st.container(border=True, key=f"{place}_{name}", gap=None, height="stretch"):
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.image(drawing_of(name), width=SHOWN)
                    st.button(
                        title,
                        icon=ICON if name == chosen else None,
                        type="tertiary",
                        help=None if with_sentences else about,
                        key=f"preset.{name}",
                        on_click=take_preset,
                        args=(name,),
                    )
                if with_sentences:
                    st.caption(about)


def drawing_of(name: str) -> str:
    """What a preset shows, as SVG, in colours that are seen on both themes; dots for the visitor's own."""
    marks = _DRAWINGS.get(name, _sliders)()
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" fill="none">{marks}</svg>'


def _dot(x: float, y: float, colour: str, radius: float = 2.2) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'


def _line(points: list[tuple[float, float]], colour: str, dashed: bool = False) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<polyline points="{places}" stroke="{colour}" stroke-width="2"{dash}/>'


def _cloud(x: float, y: float, size: float, colour: str, count: int = 7) -> str:
    turns = [2.4 * i for i in range(count)]  # about the golden angle: evenly over a disc
    return "".join(
        _dot(x + size * math.sqrt(i / count) * math.cos(a), y + size * math.sqrt(i / count) * math.sin(a), colour)
        for i, a in enumerate(turns)
    )


def _classes_apart() -> str:
    places = ((13, 13), (44, 10), (30, 32), (52, 33))
    return "".join(_cloud(x, y, 8, class_colour(number)) for number, (x, y) in enumerate(places))


def _all_in_one() -> str:
    dots = (_cloud(30, 22, 7 + 3 * number, class_colour(number), 6 + number) for number in range(3, -1, -1))
    return "".join(dots)


def _hourglass() -> str:
    heights = (36, 18, 5, 18, 36)
    colours = (UNLABELLED, UNLABELLED, NORMAL, UNLABELLED, UNLABELLED)
    return "".join(
        f'<rect x="{4 + 12 * i}" y="{22 - tall / 2}" width="5" height="{tall}" fill="{colour}"/>'
        for i, (tall, colour) in enumerate(zip(heights, colours, strict=True))
    )


def _two_curves() -> str:
    xs = range(4, 57, 4)
    falling = [(float(x), 8 + 30 * (1 - math.exp(-(x - 4) / 18))) for x in xs]
    rising = [(x, min(y, 26.0) - max(0.0, (x - 22) * 0.45)) for x, y in falling]
    return _line(falling, NORMAL) + _line(rising, NOVEL, dashed=True)


def _sliders() -> str:
    rows = ((10, 20), (22, 40), (34, 30))
    return "".join(_line([(6, y), (54, y)], UNLABELLED) + _dot(x, y, NORMAL, 4) for y, x in rows)


_DRAWINGS = {"forms": _classes_apart, "breaks": _all_in_one, "narrow": _hourglass, "heart": _two_curves, OWN: _sliders}
