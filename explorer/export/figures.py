"""Curves, histograms and scatter plots: arrays in, ``plotly.graph_objects.Figure`` out. Nothing else imports plotly.

Colours of data are fixed here; those of text and background are left to the page, so that figures follow its theme.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int, Num
from plotly.subplots import make_subplots
from plotly.utils import PlotlyJSONEncoder

from explorer.core.palette import CLASS_COLOURS, NORMAL, NOVEL, UNLABELLED, class_colour
from explorer.latent import LatentDimension
from explorer.latent.directions import Effect
from explorer.latent.embedding_quality import Curves

Figure = go.Figure
"""For those who make one by ``styled``: nothing else imports plotly."""
FONT = '"Source Sans", "Source Sans Pro", sans-serif'
LINE = "rgba(128, 128, 128, 0.25)"
"""Grid lines: seen on white and on black."""
REFERENCE = "rgba(128, 128, 128, 0.8)"
HEIGHT = 360
BINS = 50


def styled(traces: Sequence[Any], x: str, y: str, height: int = HEIGHT, **layout: Any) -> go.Figure:
    """A figure in the one style: axis titles with units, transparent, legend above."""
    axis = {"gridcolor": LINE, "zerolinecolor": LINE, "linecolor": LINE, "ticks": "outside", "tickcolor": LINE}
    style = {
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "font": {"family": FONT, "size": 14},
        "height": height,
        "margin": {"l": 60, "r": 16, "t": 36, "b": 48},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        "hoverlabel": {"font": {"family": FONT}},
        "colorway": list(CLASS_COLOURS),
        "xaxis": {**axis, "title": {"text": x}},
        "yaxis": {**axis, "title": {"text": y}},
    }
    return go.Figure(list(traces), layout=go.Layout(style)).update_layout(**layout)


def figure_json(figure: go.Figure) -> str:
    """A figure in Plotly's own JSON, numbers as numbers (Plotly 6 would pack arrays, which others cannot read)."""
    return json.dumps(_unpacked(figure.to_plotly_json()), cls=PlotlyJSONEncoder)


def _unpacked(value: Any) -> Any:
    """The same with lists in place of packed arrays."""
    if isinstance(value, dict):
        if set(value) >= {"dtype", "bdata"}:
            numbers = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
            shape = [int(size) for size in str(value.get("shape", "-1")).split(",")]
            return numbers.reshape(shape).tolist()
        return {name: _unpacked(each) for name, each in value.items()}
    return [_unpacked(each) for each in value] if isinstance(value, list | tuple) else value


# --- Training --------------------------------------------------------------------------------------------------------


def loss_curves(history: Sequence[Mapping[str, Any]], unit: str = "per item", log_y: bool = False) -> go.Figure:
    """Every term of the loss by epoch, training as a line and validation as a dashed one.

    Args:
        history: a card's ``history`` (one entry an epoch); stages follow one another along the axis.
        unit: of the loss.
        log_y: logarithmic axis.
    """
    epochs = list(range(1, len(history) + 1))
    names = list(dict.fromkeys(name for entry in history for name in entry["train"]))
    if len(names) == 2 and "total" in names:
        names.remove("total")  # a loss of one term is its own total
    mode = "lines" if len(epochs) > 1 else "markers"  # one point makes no line
    traces = []
    for number, name in enumerate(names):
        for part, dash in (("train", "solid"), ("validation", "dash")):
            values = [entry.get(part, {}).get(name) for entry in history]
            line = {"color": class_colour(number), "dash": dash, "width": 2}
            hover = f"{name}, {part}: %{{y:.4g}}<extra></extra>"
            traces.append(
                go.Scatter(x=epochs, y=values, name=f"{name}, {part}", mode=mode, line=line, hovertemplate=hover)
            )
    figure = styled(traces, "Epoch", f"Loss ({unit})", hovermode="x unified")
    figure.update_yaxes(type="log" if log_y else "linear")
    for number, (epoch, stage) in enumerate(_stage_starts(history)[1:]):
        # One line lower each, since short stages stand close together.
        shown = {"annotation_text": stage, "annotation_yshift": -18 * number}
        figure.add_vline(epoch - 0.5, line={"color": REFERENCE, "dash": "dot"}, **shown)
    return figure


def _stage_starts(history: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    stages = [str(entry.get("stage", "")) for entry in history]
    return [(i + 1, stage) for i, stage in enumerate(stages) if i == 0 or stage != stages[i - 1]]


# --- Scores ----------------------------------------------------------------------------------------------------------


def class_histograms(
    groups: Mapping[str, np.ndarray],
    novel: Collection[str] = (),
    threshold: float | None = None,
    unit: str = "squared error",
    bins: int = BINS,
) -> go.Figure:
    """A histogram of scores for each class, one above the other over the same bins, the most anomalous class on top.

    Args:
        groups: class name -> (n,) scores.
        novel: names of the classes that are novel; the others are normal.
        threshold: where to draw the line.
        unit: of the scores.
        bins: how many.
    """
    shown = {name: _finite(scores) for name, scores in groups.items()}
    shown = dict(sorted(shown.items(), key=lambda group: float(np.median(group[1])) if len(group[1]) else 0.0))
    everything = np.concatenate([*shown.values(), np.empty(0)])
    # A few extreme scores go into the last bin, so that they do not squeeze all the others.
    everything = np.minimum(everything, np.quantile(everything, 0.995)) if len(everything) else everything
    edges = _edges(everything, bins)
    traces = []
    for level, (name, scores) in enumerate(shown.items()):
        counts, _ = np.histogram(np.minimum(scores, edges[-1]), edges)
        colour = NOVEL if name in novel else NORMAL
        traces.append(
            go.Bar(
                x=(edges[:-1] + edges[1:]) / 2,
                y=0.9 * counts / max(1, counts.max()),
                base=level,
                width=np.diff(edges),
                name=name,
                marker={"color": colour, "line": {"width": 0}},
                customdata=np.stack([counts, edges[:-1], edges[1:]], 1),
                hovertemplate="%{customdata[1]:.3g} to %{customdata[2]:.3g}: %{customdata[0]} items"
                + f"<extra>{name}</extra>",
            )
        )
    names = [f"{name} (n = {len(scores):,})" for name, scores in shown.items()]
    figure = styled(
        traces, unit[:1].upper() + unit[1:], "", height=110 + 34 * len(names), barmode="overlay", showlegend=False
    )
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, automargin=True, range=[-0.05, len(names)])
    if threshold is not None:
        figure.add_vline(threshold, line={"color": REFERENCE, "width": 2}, annotation_text=f"threshold {threshold:.3g}")
    return figure


def _finite(scores: np.ndarray) -> np.ndarray:
    scores = np.asarray(scores, np.float64)
    return scores[np.isfinite(scores)]


def _edges(scores: np.ndarray, bins: int) -> np.ndarray:
    if not len(scores):
        return np.linspace(1, 2, bins + 1)
    low, high = float(scores.min()), float(scores.max())
    return np.linspace(low - 0.5, high + 0.5, bins + 1) if low == high else np.linspace(low, high, bins + 1)


def bytes_against_error(
    codes: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    unit: str = "Squared error per image",
) -> go.Figure:
    """What is lost at how many bytes per item: points for codes, dashed lines beside them; both axes logarithmic.

    Args:
        codes: name -> bytes and errors of each model.
        lines: name -> bytes and errors of what can take any size: PCA's codes, JPEG files of growing quality.
        unit: of the errors.
    """
    # Each smaller than the one before, so that models of the same error can be seen behind one another.
    across = [11 + 4 * min(4, len(codes) - 1 - number) for number in range(len(codes))]
    traces = [
        go.Scatter(
            x=sizes,
            y=errors,
            mode="markers",
            name=name,
            marker={"color": class_colour(number), "size": across[number], "symbol": number % 5},
            hovertemplate=f"{name}: %{{x:,.0f}} bytes, error %{{y:.3g}}<extra></extra>",
        )
        for number, (name, (sizes, errors)) in enumerate(codes.items())
    ]
    dashes = ("dash", "dot")
    traces += [
        go.Scatter(
            x=sizes,
            y=errors,
            mode="lines+markers",
            name=name,
            line={"color": REFERENCE, "width": 2, "dash": dashes[number % len(dashes)]},
            marker={"size": 4},
            hovertemplate=f"{name}: %{{x:,.0f}} bytes, error %{{y:.3g}}<extra></extra>",
        )
        for number, (name, (sizes, errors)) in enumerate(lines.items())
    ]
    figure = styled(traces, "Bytes per item", unit, height=420)
    return figure.update_xaxes(type="log").update_yaxes(type="log")


# --- Codes -----------------------------------------------------------------------------------------------------------


def scatter2d(
    points: Num[np.ndarray, "n 2"],
    labels: Int[np.ndarray, " n"] | None = None,
    label_names: Sequence[str] = (),
    axes: tuple[str, str] = ("z₁", "z₂"),
    titles: Sequence[str] = (),
) -> go.Figure:
    """A map of codes, one colour a class. After ten classes colours repeat; the legend and the hover name the class.

    Args:
        points: (N, 2).
        labels: (N,) indices into ``label_names``, or None for one colour.
        label_names: one name a class.
        axes: titles, with units where there are some.
        titles: (N,) what the items are called, for the hover; by default "item 0" and so on.
    """
    points = np.asarray(points)
    called = np.array(titles if len(titles) else [f"item {i}" for i in range(len(points))], object)
    size = float(np.clip(600 / np.sqrt(max(1, len(points))), 3, 8))
    if labels is None:
        groups = [("items", UNLABELLED if label_names else NORMAL, np.ones(len(points), bool))]
    else:
        groups = [
            (_name(label, label_names), class_colour(label), labels == label) for label in np.unique(labels).tolist()
        ]
    traces = [
        go.Scattergl(
            x=points[rows, 0],
            y=points[rows, 1],
            mode="markers",
            name=name,
            marker={"color": colour, "size": size, "opacity": 0.75},
            text=[html.escape(title) for title in called[rows]],
            hovertemplate=f"{html.escape(name)}, %{{text}}<extra></extra>",
        )
        for name, colour, rows in groups
    ]
    figure = styled(traces, *axes, height=520, showlegend=labels is not None)
    return figure.update_layout(legend={"itemsizing": "constant"}, dragmode="pan")


def _name(label: int, label_names: Sequence[str]) -> str:
    return label_names[label] if 0 <= label < len(label_names) else "not labelled" if label < 0 else str(label)


def trust_curves(curves: Curves, k: int, space: str) -> go.Figure:
    """Trustworthiness and continuity of a map over the size of the neighbourhood, with a line at the size in use.

    Args:
        curves: as ``embedding_quality.curves`` gives them.
        k: the size in use.
        space: what the map is compared with, such as "code".
    """
    both = (("trustworthiness", curves.trustworthiness, "solid"), ("continuity", curves.continuity, "dash"))
    traces = [
        go.Scatter(
            x=curves.ks,
            y=values,
            mode="lines+markers",
            name=name,
            line={"color": class_colour(number), "dash": dash, "width": 2},
            hovertemplate=f"{name}: %{{y:.3f}}<extra></extra>",
        )
        for number, (name, values, dash) in enumerate(both)
    ]
    figure = styled(traces, "Neighbours k", f"Kept between map and {space} (1 is all)", 300, hovermode="x unified")
    figure.update_yaxes(range=[min(0.5, *curves.trustworthiness, *curves.continuity) - 0.02, 1.02])
    figure.add_vline(k, line={"color": REFERENCE, "dash": "dot"}, annotation_text=f"k = {k}")
    return figure


def dimension_bars(dimensions: Sequence[LatentDimension]) -> go.Figure:
    """How much each dimension of the code carries, the most first; unused ones in grey.

    Args:
        dimensions: as ``latent.dimension_order`` gives them, at least one.
    """
    unit = "KL from the prior (nats)" if dimensions[0].unit == "nats" else "Share of the codes' variance"
    bars = go.Bar(
        x=[f"z{d.index + 1}" for d in dimensions],
        y=[d.share for d in dimensions],
        marker={"color": [NORMAL if d.active else UNLABELLED for d in dimensions]},
        hovertemplate="%{x}: %{y:.3g}<extra></extra>",
    )
    return styled([bars], "Dimension", unit, showlegend=False).update_xaxes(type="category")


def held_out_likelihood(held_out: Mapping[int, float], chosen: int) -> go.Figure:
    """Mean log density of held-out codes against the number of Gaussians, with the number that was chosen.

    Args:
        held_out: number of Gaussians -> mean log density, in nats, as ``GaussianMixtureSampler.held_out_`` has it.
        chosen: the number with the largest.
    """
    numbers = sorted(held_out)
    curve = go.Scatter(
        x=numbers,
        y=[held_out[n] for n in numbers],
        mode="lines+markers",
        line={"color": NORMAL, "width": 2},
        hovertemplate="%{x} Gaussians: %{y:.4g} nats<extra></extra>",
    )
    mark = go.Scatter(
        x=[chosen],
        y=[held_out[chosen]],
        mode="markers+text",
        text=["chosen"],
        textposition="top center",
        marker={"color": NOVEL, "size": 11},
        hoverinfo="skip",
    )
    figure = styled([curve, mark], "Gaussians", "Held-out log density (nats a code)", height=300, showlegend=False)
    return figure.update_xaxes(type="log", tickvals=numbers, ticktext=[str(n) for n in numbers])


def attribute_effect(effect: Effect, name: str) -> go.Figure:
    """The probe's probability along a direction, for the codes themselves and for their items encoded again.

    Args:
        effect: as ``directions.measure_effect`` gives it.
        name: of the group that the direction leads to.
    """
    series = (
        ("of the shifted code", effect.direct, "solid"),
        ("of its item, encoded again", effect.seen_again, "dash"),
    )
    traces = [
        go.Scatter(
            x=effect.steps,
            y=values,
            mode="lines",
            name=label,
            line={"color": NORMAL if dash == "solid" else NOVEL, "width": 2, "dash": dash},
            hovertemplate="at %{x:.2f}: %{y:.1%}<extra></extra>",
        )
        for label, values, dash in series
    ]
    figure = styled(traces, "Multiple of the direction", f"Probability of {name}", height=300)
    return figure.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")


# --- Series ----------------------------------------------------------------------------------------------------------


def window_lines(
    rows: Int[np.ndarray, " n"],
    values: Float[np.ndarray, "c n"],
    normal: Float[np.ndarray, "c n"],
    parts: Float[np.ndarray, "c n"],
    names: Sequence[str],
) -> go.Figure:
    """The values of a window, below one another, beside a normal one; points where it is anomalous.

    Args:
        rows: (n,) numbers of its rows.
        values, normal: of C columns.
        parts: what each value adds to the score, never below 0.
        names: (C,) of the columns.
    """
    figure = _stacked(names, "Row of the file")
    highest = max(float(parts.max()), np.finfo(np.float64).tiny)
    for place, name in enumerate(names):
        beside = {"color": REFERENCE, "width": 2, "dash": "dot"}
        own = {"color": NORMAL, "width": 2}
        share = parts[place] / highest
        hot = share > 0.1
        marks = {"color": NOVEL, "size": 5 + 7 * share[hot], "opacity": 0.75}
        hover = f"row %{{x}}, {html.escape(name)}: %{{y:.4g}}<extra></extra>"
        is_first = place == 0
        figure.add_trace(
            go.Scatter(x=rows, y=normal[place], mode="lines", name="nearest normal window", line=beside,
                       showlegend=is_first, hoverinfo="skip"), row=place + 1, col=1)  # fmt: skip
        figure.add_trace(
            go.Scatter(x=rows, y=values[place], mode="lines", name="this window", line=own, showlegend=is_first,
                       hovertemplate=hover), row=place + 1, col=1)  # fmt: skip
        figure.add_trace(
            go.Scatter(x=rows[hot], y=values[place][hot], mode="markers", name="adds most to the score", marker=marks,
                       showlegend=is_first, hoverinfo="skip"), row=place + 1, col=1)  # fmt: skip
    return figure


def series_with_spans(
    rows: Int[np.ndarray, " n"],
    values: Float[np.ndarray, "c n"],
    heat: Float[np.ndarray, " n"],
    spans: Sequence[tuple[int, int]],
    names: Sequence[str],
) -> go.Figure:
    """A series with its heat below it, and the spans that raise an alarm marked in both.

    Args:
        rows: (n,) numbers in the file.
        values: of C columns, NaN where there is none.
        heat: of each row, NaN where there is none.
        spans: first and last row of each.
        names: (C,) of the columns.
    """
    figure = _stacked([*names, "Heat"], "Row of the file")
    for place, name in enumerate([*names, "heat"]):
        is_heat = place == len(names)
        line = {"color": NOVEL if is_heat else NORMAL, "width": 1.5}
        fill = {"fill": "tozeroy"} if is_heat else {}
        hover = f"row %{{x}}, {html.escape(name)}: %{{y:.4g}}<extra></extra>"
        of_rows = heat if is_heat else values[place]
        figure.add_trace(
            go.Scatter(x=rows, y=of_rows, mode="lines", line=line, showlegend=False, hovertemplate=hover, **fill),
            row=place + 1, col=1)  # fmt: skip
    for first, last in spans:
        figure.add_vrect(x0=first - 0.5, x1=last + 0.5, fillcolor=NOVEL, opacity=0.18, line_width=0)
    return figure


def _stacked(names: Sequence[str], x: str) -> go.Figure:
    """A figure of several axes below one another, that share the one below."""
    style = styled([], x, "", height=120 + 150 * len(names)).layout
    figure = make_subplots(rows=len(names), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    axis = {key: value for key, value in style.yaxis.to_plotly_json().items() if key != "title"}
    figure.update_layout(
        paper_bgcolor=style.paper_bgcolor, plot_bgcolor=style.plot_bgcolor, font=style.font, height=style.height,
        margin=style.margin, legend=style.legend, hoverlabel=style.hoverlabel,
    )  # fmt: skip
    figure.update_xaxes(**axis).update_yaxes(**axis)
    for place, name in enumerate(names):
        figure.update_yaxes(title_text=html.escape(name), row=place + 1, col=1)
    return figure.update_xaxes(title_text=x, row=len(names), col=1)
