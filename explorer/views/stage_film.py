"""A training as a film: what its stage shows, drawn frame by frame, points moving from epoch to epoch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, UInt8, UInt16
from PIL import Image, ImageDraw, ImageFont

from explorer.browser.run_stage.message import LossCurve, RunStage, StageFrame
from explorer.core.errors import DataError
from explorer.core.palette import NORMAL, NOVEL, UNLABELLED

WIDTH, HEIGHT, FINE = 960, 420, 2
"""Pixels of a film, and how many times as fine it is drawn, so that lines and dots are smooth."""
CURVE, MAP, ITEMS = (56, 16, 350, 330), (366, 16, 680, 330), (700, 16, 944, 330)
"""Left, top, right and bottom of its three parts."""
BAR = (56, 384, 944)
INK, GROUND, RADIUS = "#1d2b33", "#ffffff", 2.6
LOWERED = str.maketrans("₁₂", "12")
"""Pillow's own font has no lowered digits."""
RATE = 20
"""Frames a second."""


def stage_film(message: RunStage, seconds: float = 6.0) -> UInt8[np.ndarray, "n 3 height width"]:
    """The frames of a film from the first kept epoch to the last, ``RATE`` a second, on white.

    Args:
        message: a stage with all its frames.
        seconds: how long it takes.

    Raises:
        DataError: fewer than two epochs were kept, so that nothing moves.
    """
    frames = message.frames
    if len(frames) < 2:
        raise DataError(
            f"{len(frames)} epochs of this training have pictures: too few for a film.", "Train for more epochs."
        )
    bounds = _bounds(frames)
    ground = _ground(message)
    pictures = []
    for at in np.linspace(0, len(frames) - 1, max(2, round(RATE * seconds))).tolist():
        picture = ground.copy()
        _moment(picture, message, at, bounds)
        pictures.append(np.moveaxis(np.asarray(picture.reduce(FINE)), -1, 0))
    return np.stack(pictures)


def places_at(frames: tuple[StageFrame, ...], at: float) -> tuple[UInt16[np.ndarray, " n"], Float[np.ndarray, "n 2"]]:
    """Which items are placed between two frames, and where: a share of the way, the next frame's place for new ones."""
    before, after = frames[math.floor(at)], frames[min(len(frames) - 1, math.floor(at) + 1)]
    share = at - math.floor(at)
    if not share:
        return before.placed, np.asarray(before.places, np.float64)
    places = np.array(after.places, np.float64)
    _, ours, theirs = np.intersect1d(after.placed, before.placed, return_indices=True)
    places[ours] = (1 - share) * np.asarray(before.places)[theirs] + share * places[ours]
    return after.placed, places


# --- What stays -------------------------------------------------------------------------------------------------------


def _ground(message: RunStage) -> Image.Image:
    """All that is the same in every frame: curves, axes, the items themselves, names."""
    picture = Image.new("RGB", (FINE * WIDTH, FINE * HEIGHT), GROUND)
    draw = ImageDraw.Draw(picture)
    left, _, right, bottom = CURVE
    scale = _CurveScale(message)
    for value in scale.ticks():
        y = scale.y(value)
        _line(draw, [(left, y), (right, y)], "#e2e6e8", 1)
        _text(draw, (left - 6, y), f"{value:.4g}", "rm")
    for curve in message.curves:
        for one, two in _strokes(curve):
            if scale.holds(curve.values[one]) and scale.holds(curve.values[two]):
                ends = [(scale.x(curve.epochs[i]), scale.y(curve.values[i])) for i in (one, two)]
                _line(draw, ends, curve.colour, 1 if curve.light else 2)
    _text(draw, ((left + right) / 2, bottom + 14), f"epoch · loss ({message.unit})", "mm")
    names = [(curve.name, curve.colour) for curve in message.curves if not curve.dashed]
    _legend(draw, names, left, bottom + 34, right)
    if message.axes:
        _text(draw, (MAP[2], MAP[3] + 14), message.axes[0], "rm")
        _text(draw, (MAP[0], MAP[1]), message.axes[1], "lm")
        _legend(draw, list(zip(message.names, message.palette, strict=True)), MAP[0], MAP[3] + 34, MAP[2])
    for i, (x, y, side) in enumerate(_cells(message)):
        if len(message.shape) == 3:
            _paste(picture, np.asarray(message.given)[i], x, y, side)
    x0, y, x1 = BAR
    _line(draw, [(x0, y), (x1 - 130, y)], "#d0d6d9", 3)
    return picture


def _strokes(curve: LossCurve) -> Iterator[tuple[int, int]]:
    """Which points are joined: all, or every other two of a dashed curve."""
    pairs = itertools.pairwise(range(len(curve.values)))
    return (pair for number, pair in enumerate(pairs) if not (curve.dashed and number % 2))


class _CurveScale:
    """From epochs and losses to pixels: whole epochs decide, what goes beyond them is cut off."""

    def __init__(self, message: RunStage) -> None:
        heavy = [c for c in message.curves if not c.light and len(c.values) > 1] or list(message.curves)
        values = [value for curve in heavy for value in curve.values if math.isfinite(value)]
        self.low, self.high = min(values, default=0.0), max(values, default=1.0)
        if self.high - self.low < 1e-12:
            self.low, self.high = self.low - 0.5, self.high + 0.5
        self.last = max([message.epochs, 1, *(c.epochs[-1] for c in message.curves if len(c.epochs))])

    def x(self, epoch: float) -> float:
        return CURVE[0] + epoch / self.last * (CURVE[2] - CURVE[0])

    def y(self, value: float) -> float:
        return CURVE[3] - (value - self.low) / (self.high - self.low) * (CURVE[3] - CURVE[1])

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def ticks(self) -> list[float]:
        rough = (self.high - self.low) / 4
        power = 10 ** math.floor(math.log10(rough))
        step = next(by * power for by in (1, 2, 5, 10) if by * power >= rough)
        return [n * step for n in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


# --- What moves -------------------------------------------------------------------------------------------------------


def _moment(picture: Image.Image, message: RunStage, at: float, bounds: tuple[float, float, float]) -> None:
    draw = ImageDraw.Draw(picture)
    frames = message.frames
    before, after = frames[math.floor(at)], frames[min(len(frames) - 1, math.ceil(at))]
    epoch = before.epoch + (at - math.floor(at)) * (after.epoch - before.epoch)
    scale = _CurveScale(message)
    _line(draw, [(scale.x(epoch), CURVE[1]), (scale.x(epoch), CURVE[3])], "#8d999f", 1)
    if message.axes:
        _dots(draw, message, *places_at(frames, at), bounds)
    nearest = frames[round(at)]
    for i, (x, y, side) in enumerate(_cells(message)):
        made = np.asarray(nearest.made)[i]
        if len(message.shape) == 3:
            _paste(picture, made, x + side + 3, y, side)
        else:
            _row(draw, np.asarray(message.items)[i], made, x, y, side)
    x0, y, x1 = BAR
    end = x0 + (x1 - 130 - x0) * at / (len(frames) - 1)
    _line(draw, [(x0, y), (end, y)], NORMAL, 3)
    _text(draw, (x1, y), f"epoch {nearest.epoch:g} of {message.epochs}", "rm")


def _dots(
    draw: ImageDraw.ImageDraw,
    message: RunStage,
    placed: np.ndarray,
    places: np.ndarray,
    bounds: tuple[float, float, float],
) -> None:
    middle_x, middle_y, unit = bounds
    groups = np.asarray(message.groups)
    for item, (x, y) in zip(placed.tolist(), places.tolist(), strict=True):
        px = (MAP[0] + MAP[2]) / 2 + (x - middle_x) * unit
        py = (MAP[1] + MAP[3]) / 2 - (y - middle_y) * unit
        colour = message.palette[int(groups[item])] if item < len(groups) and message.palette else NORMAL
        box = [FINE * (px - RADIUS), FINE * (py - RADIUS), FINE * (px + RADIUS), FINE * (py + RADIUS)]
        draw.ellipse(box, colour)


def _bounds(frames: tuple[StageFrame, ...]) -> tuple[float, float, float]:
    """The middle of all places along both axes, and pixels for one unit, the same along both."""
    every = np.concatenate([np.asarray(frame.places, np.float64).reshape(-1, 2) for frame in frames])
    if not len(every):
        return 0.0, 0.0, 1.0
    low, high = every.min(0), every.max(0)
    room = np.array([MAP[2] - MAP[0], MAP[3] - MAP[1]]) - 8 * RADIUS
    unit = float((room / np.maximum(high - low, 1e-9)).min())
    return float((low + high)[0] / 2), float((low + high)[1] / 2), unit


# --- Parts ------------------------------------------------------------------------------------------------------------


def _cells(message: RunStage) -> list[tuple[float, float, float]]:
    """Left, top and side of each item that is shown: pictures two a row, each with room for a second, else a column."""
    n = len(np.asarray(message.items))
    left, top, right, bottom = ITEMS
    if len(message.shape) != 3:
        return [(left, top + i * (bottom - top) / 4, right - left) for i in range(n)]
    side = min((right - left) / 4 - 5, (bottom - top) / math.ceil(max(n, 1) / 2) - 8)
    return [(left + (i % 2) * (2 * side + 14), top + (i // 2) * (side + 8), side) for i in range(n)]


def _paste(picture: Image.Image, pixels: np.ndarray, x: float, y: float, side: float) -> None:
    _, height, width = pixels.shape
    by = FINE * side / max(height, width)
    image = Image.fromarray(np.ascontiguousarray(np.moveaxis(np.broadcast_to(pixels, (3, height, width)), 0, -1)))
    size = max(1, round(width * by)), max(1, round(height * by))
    picture.paste(image.resize(size, Image.Resampling.NEAREST), (round(FINE * x), round(FINE * y)))


def _row(draw: ImageDraw.ImageDraw, row: np.ndarray, made: np.ndarray, x: float, y: float, width: float) -> None:
    """A table's row: a bar a column, and a line of what the model makes of it."""
    tall, step = 64.0, width / len(row)
    for i, value in enumerate(row.tolist()):
        left = x + i * step
        box = [left, y + tall * (1 - value / 255), left + max(1.0, step - 1), y + tall]
        draw.rectangle([FINE * edge for edge in box], UNLABELLED)
    _line(
        draw, [(x + (i + 0.5) * step, y + tall * (1 - value / 255)) for i, value in enumerate(made.tolist())], NOVEL, 2
    )


def _line(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], colour: str, width: float) -> None:
    draw.line([(FINE * x, FINE * y) for x, y in points], colour, round(FINE * width))


def _text(draw: ImageDraw.ImageDraw, place: tuple[float, float], words: str, anchor: str) -> float:
    """Write it; its width."""
    words = words.translate(LOWERED)
    font = ImageFont.load_default(12 * FINE)
    draw.text((FINE * place[0], FINE * place[1]), words, INK, font=font, anchor=anchor)
    return float(draw.textlength(words, font=font)) / FINE


def _legend(draw: ImageDraw.ImageDraw, names: list[tuple[str, str]], left: float, y: float, right: float) -> None:
    """Names beside their colours, as far as they find room."""
    x = left
    for name, colour in names:
        if x > right - 30:
            _text(draw, (x, y), "…", "lm")
            return
        _line(draw, [(x, y), (x + 10, y)], colour, 3)
        x += 14 + _text(draw, (x + 14, y), name[:24], "lm") + 8
