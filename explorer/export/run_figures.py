"""Figures of several trainings: what came of a sweep against what was changed, and curves laid over each other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from explorer.core.errors import TrainingError
from explorer.core.palette import NORMAL, SEQUENTIAL, UNLABELLED, class_colour
from explorer.export.figures import styled
from explorer.sweeps.outcomes import SettingOutcome, SweepOutcome

INTERVAL = "rgba(0, 114, 178, 0.4)"
"""NORMAL, so light that the mean is seen on it."""
LOG_FROM = 20
"""Settings above zero whose largest is so many times the smallest stand on a logarithmic axis."""

MOST_TICKS = 10
"""So many settings have a tick of their own."""


def sweep_figure(outcome: SweepOutcome, title: str, unit: str) -> go.Figure:
    """A figure of one or two settings that were swept: a line over one, cells for two.

    Args:
        outcome: of the sweep.
        title: of the figure that is shown, with its split.
        unit: of it.

    Raises:
        TrainingError: more than two settings were swept beside the seed.
    """
    rows, swept = outcome.by_setting(title), [field.field for field in outcome.sweep.swept]
    if len(swept) > 2:
        raise TrainingError(
            f"A picture shows one or two settings, and {len(swept)} were swept ({', '.join(swept)}).",
            "Leave the picture out, or sweep fewer.",
        )
    axis = f"{title}, {unit}"
    if len(swept) == 2:
        return _cells(rows, swept, axis)
    return _line(rows, swept[0] if swept else "all seeds", axis)


def _line(rows: Sequence[SettingOutcome], field: str, axis: str) -> go.Figure:
    """Runs as points, the mean of each setting, and its interval; joined where the setting has an order."""
    named = {dict(row.setting).get(field, field): row for row in rows if row.mean is not None}
    numbers = _numbers(list(named))
    at: dict[str, float | str] = {name: numbers[name] if numbers else name for name in named}
    order = sorted(named, key=lambda name: numbers[name]) if numbers else list(named)
    means = [(at[name], row.mean) for name in order if (row := named[name]).mean is not None]
    points = [(at[name], value) for name in order for value in named[name].values]
    spans = [(x, mean) for x, mean in means if mean is not None and mean.has_ends]
    traces = [
        go.Scatter(
            x=[x for x, _ in points],
            y=[value for _, value in points],
            mode="markers",
            name="one run",
            marker={"color": UNLABELLED, "size": 8, "opacity": 0.75},
            hovertemplate=f"{field} %{{x}}: %{{y:.4g}}<extra>one run</extra>",
        )
    ]
    if spans:
        traces.append(
            go.Scatter(
                x=[each for x, _ in spans for each in (x, x, None)],
                y=[each for _, mean in spans for each in (mean.low, mean.high, None)],
                mode="lines",
                name="95 % interval of the mean",
                line={"color": INTERVAL, "width": 5},
                hoverinfo="skip",
            )
        )
    traces.append(
        go.Scatter(
            x=[x for x, _ in means],
            y=[mean.value for _, mean in means if mean is not None],
            mode="lines+markers" if numbers else "markers",
            name="mean",
            line={"color": NORMAL, "width": 2},
            marker={"color": NORMAL, "size": 10},
            hovertemplate=f"{field} %{{x}}: mean %{{y:.4g}}<extra></extra>",
        )
    )
    figure = styled(traces, field, axis)
    if not numbers:
        return figure.update_xaxes(type="category")
    values = sorted(numbers.values())
    if len(values) <= MOST_TICKS:
        figure.update_xaxes(tickvals=values, ticktext=[f"{value:g}" for value in values])
    is_wide = values[0] > 0 and values[-1] >= LOG_FROM * values[0]
    return figure.update_xaxes(type="log" if is_wide else "linear")


def _cells(rows: Sequence[SettingOutcome], swept: Sequence[str], axis: str) -> go.Figure:
    """The mean at each pair of settings, as a colour and in words."""
    down, across = ([dict(row.setting)[field] for row in rows] for field in swept)
    ys, xs = (_in_order(names) for names in (down, across))
    means = {(y, x): row.mean for y, x, row in zip(down, across, rows, strict=True)}
    z = [[None if (mean := means.get((y, x))) is None else mean.value for x in xs] for y in ys]
    words = [["no result" if value is None else f"{value:.4g}" for value in row] for row in z]
    cells = go.Heatmap(
        x=xs,
        y=ys,
        z=z,
        text=words,
        texttemplate="%{text}",
        colorscale=list(SEQUENTIAL),
        colorbar={"title": {"text": axis, "side": "right"}},
        hovertemplate=f"{swept[1]} %{{x}}, {swept[0]} %{{y}}: %{{z:.4g}}<extra></extra>",
        xgap=2,
        ygap=2,
    )
    figure = styled([cells], f"{swept[1]} (cells: {axis})", swept[0], height=160 + 48 * len(ys))
    return figure.update_xaxes(type="category").update_yaxes(type="category")


def _numbers(names: Sequence[str]) -> dict[str, float]:
    """Settings as numbers; none where one of them is no number, so that they have no order."""
    try:
        numbers = {name: float(name) for name in names}
    except ValueError:
        return {}
    return numbers if all(math.isfinite(value) for value in numbers.values()) else {}


def _in_order(names: Sequence[str]) -> list[str]:
    """Each once; numbers by size, others as they come."""
    once = list(dict.fromkeys(names))
    numbers = _numbers(once)
    return sorted(once, key=lambda name: numbers[name]) if numbers else once


# --- Laid over each other ---------------------------------------------------------------------------------------------

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def overlaid_curves(
    curves: Mapping[str, Sequence[float]], figure_title: str, unit: str, log_y: bool = False
) -> go.Figure:
    """A figure of several runs by epoch; runs differ by colour and by dash.

    Args:
        curves: what each run is called -> the figure after each epoch, counted from 1.
        figure_title: of the figure, with its split.
        unit: of it.
        log_y: logarithmic axis.
    """
    dashes = itertools.cycle(DASHES)
    traces = [
        go.Scatter(
            x=list(range(1, len(values) + 1)),
            y=list(values),
            name=name,
            mode="lines" if len(values) > 1 else "markers",
            line={"color": class_colour(number), "dash": dash, "width": 2},
            hovertemplate="%{y:.4g}",
        )
        for number, ((name, values), dash) in enumerate(zip(curves.items(), dashes, strict=False))
    ]
    figure = styled(traces, "Epoch", f"{figure_title}, {unit}", hovermode="x unified", showlegend=True)
    if max(map(len, curves.values()), default=0) <= MOST_TICKS:  # no half epochs
        figure.update_xaxes(dtick=1)
    return figure.update_yaxes(type="log" if log_y else "linear")
