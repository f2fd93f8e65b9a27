"""Figures hold the numbers they were given, name their units, and leave the page's colours to the page."""

from __future__ import annotations

import json

import numpy as np
import plotly.io
import pytest

from explorer import latent
from explorer.core import palette
from explorer.export import figures
from explorer.latent import directions


def history(epochs, terms=("reconstruction", "KL", "total"), stage="end to end"):
    return [
        {
            "stage": stage,
            "epoch": e,
            "train": {t: e + i for i, t in enumerate(terms)},
            "validation": {t: e + i + 0.5 for i, t in enumerate(terms)},
        }
        for e in range(1, epochs + 1)
    ]


def all_figures():
    random = np.random.default_rng(0)
    dimension = latent.LatentDimension(0, 1.0, "nats", -3, 3, 0, True)
    return {
        "loss_curves": figures.loss_curves(history(4), "nats an item"),
        "bytes_against_error": figures.bytes_against_error(
            {"a": ([8, 2], [40.0, 41])}, {"JPEG": ([400, 900], [9.0, 3])}
        ),
        "scatter2d": figures.scatter2d(random.normal(size=(50, 2)), np.arange(50) % 3, ("a", "b", "c")),
        "dimension_bars": figures.dimension_bars([dimension]),
        "held_out_likelihood": figures.held_out_likelihood({1: -3.0, 5: -2.0, 2: -2.5}, 5),
        "attribute_effect": figures.attribute_effect(
            directions.Effect(np.array([0.0, 1.0]), np.array([0.1, 0.9]), np.array([0.2, 0.6]), 7), "smiling"
        ),
    }


FIGURES = all_figures()


@pytest.mark.parametrize("name", FIGURES)
def test_one_style(name):
    layout = json.loads(FIGURES[name].to_json())["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0, 0, 0, 0)"
    assert "color" not in layout["font"], "text takes the page's colour, in light and in dark"
    assert layout["xaxis"]["title"]["text"]
    assert layout["yaxis"]["title"]["text"]


def test_loss_curves_show_every_term_twice_in_one_colour():
    figure = figures.loss_curves(history(3))
    assert [t.name for t in figure.data[:2]] == ["reconstruction, train", "reconstruction, validation"]
    assert len(figure.data) == 6
    assert list(figure.data[2].y) == [2, 3, 4]
    assert list(figure.data[3].y) == [2.5, 3.5, 4.5]
    assert figure.data[2].line.color == figure.data[3].line.color != figure.data[0].line.color


def test_loss_of_one_term_is_not_shown_twice():
    assert len(figures.loss_curves(history(2, ("squared error", "total"))).data) == 2
    assert {trace.mode for trace in figures.loss_curves(history(1)).data} == {"markers"}, "one point makes no line"


def test_stages_follow_one_another():
    figure = figures.loss_curves(history(2, stage="layer 1") + history(3, stage="fine-tuning"))
    assert list(figure.data[0].x) == [1, 2, 3, 4, 5]
    assert [(s.x0, a.text) for s, a in zip(figure.layout.shapes, figure.layout.annotations, strict=True)] == [
        (2.5, "fine-tuning")
    ]


def test_no_history_gives_an_empty_figure():
    assert len(figures.loss_curves([]).data) == 0


def test_bytes_and_errors_are_drawn_as_they_are():
    points, line = FIGURES["bytes_against_error"].data
    assert (points.name, list(points.x), list(points.y)) == ("a", [8, 2], [40, 41])
    assert (line.name, list(line.x), list(line.y)) == ("JPEG", [400, 900], [9, 3])


def test_scatter_gives_each_class_its_colour_and_every_point_its_name():
    labels = np.array([0, 11, 11, -1])
    figure = figures.scatter2d(
        np.arange(8.0).reshape(4, 2), labels, [str(i) for i in range(12)], titles=["a", "b", "<i>", "d"]
    )
    assert [t.name for t in figure.data] == ["not labelled", "0", "11"]
    assert figure.data[2].marker.color == palette.CLASS_COLOURS[1], "colours start again after ten classes"
    assert list(figure.data[2].text) == ["b", "&lt;i&gt;"], "as text, whatever a file is called"
    assert list(figure.data[2].x) == [2, 4]


def test_scatter_without_labels_has_no_legend():
    figure = figures.scatter2d(np.zeros((3, 2)))
    assert len(figure.data) == 1
    assert figure.layout.showlegend is False


def test_class_histograms_lie_one_above_the_other_by_median_in_the_colours_of_their_role():
    random = np.random.default_rng(0)
    groups = {"odd": random.normal(9, 1, 300), "plain": random.normal(2, 1, 200)}
    figure = figures.class_histograms(groups, novel={"odd"}, threshold=4.0)
    assert [(bar.name, bar.base, bar.marker.color) for bar in figure.data] == [
        ("plain", 0, palette.NORMAL),
        ("odd", 1, palette.NOVEL),
    ]
    for bar in figure.data:
        assert bar.customdata[:, 0].sum() == len(groups[bar.name]), (
            "every item is counted, extreme ones in the last bin"
        )
        assert max(bar.y) == pytest.approx(0.9), "no bar reaches into the class above"


def test_class_histograms_of_nothing():
    assert not figures.class_histograms({}).data
    assert figures.class_histograms({"none": np.empty(0)}).data[0].customdata[:, 0].sum() == 0


def test_held_out_likelihood_is_drawn_by_number_with_the_chosen_one_marked():
    curve, mark = FIGURES["held_out_likelihood"].data
    assert (list(curve.x), list(curve.y)) == ([1, 2, 5], [-3, -2.5, -2])
    assert (list(mark.x), list(mark.y)) == ([5], [-2])


def test_an_attributes_effect_is_told_apart_without_colour():
    direct, again = FIGURES["attribute_effect"].data
    assert list(direct.y) == [0.1, 0.9]
    assert list(again.y) == [0.2, 0.6]
    assert direct.line.dash != again.line.dash
    assert "smiling" in FIGURES["attribute_effect"].layout.yaxis.title.text


def test_a_figure_s_json_holds_its_numbers_as_numbers() -> None:
    places = np.array([[0.5, 1.5], [-2.0, 3.25]], np.float32)
    figure = figures.scatter2d(places, np.array([0, 1]), ("a", "<b>"))
    read = json.loads(figures.figure_json(figure))
    assert [(trace["x"], trace["y"]) for trace in read["data"]] == [([0.5], [1.5]), ([-2.0], [3.25])]
    again = plotly.io.from_json(figures.figure_json(figure))
    assert again.layout.xaxis.title.text == figure.layout.xaxis.title.text
