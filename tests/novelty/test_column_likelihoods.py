"""Detectors whose model takes each column as what it holds, against scipy's log-likelihoods and as ONNX."""

from __future__ import annotations

import pathlib

import numpy as np
import pandas
import pytest
import torch
from scipy import stats

import explorer
from explorer.core.errors import TrainingError
from explorer.data.encoding import TableEncoding
from explorer.export.onnx_files import detector_file
from explorer.export.onnx_files import detectors as of_detectors
from explorer.novelty import detector as detectors
from explorer.novelty.scores.elbo import IMPOSSIBLE
from explorer.recipe import Recipe


def frame(n: int, seed: int) -> pandas.DataFrame:
    random = np.random.default_rng(seed)
    kind = random.integers(0, 3, n)
    return pandas.DataFrame(
        {
            "calls": random.poisson(np.array([2, 9, 30])[kind]),
            "visits": random.negative_binomial(3, 0.1, n),
            "income": 50_000 + 9_000 * kind + random.normal(0, 2_000, n),
            "colour": np.array(["red", "green", "blue"])[np.where(random.random(n) < 0.8, kind, 0)],
        }
    )


def recipe(likelihood: str = "by_column") -> Recipe:
    model = {"family": "variational", "hidden": [8], "latent_dim": 1, "likelihood": likelihood}
    return Recipe.parse({"model": model, "training": {"epochs": 6, "learning_rate": 0.01, "device": "cpu"}})


@pytest.fixture(scope="module")
def fitted() -> explorer.Detector:
    return explorer.Detector(scorer="elbo-misfit", recipe=recipe()).fit(frame(250, 0))


def test_a_rows_score_is_the_log_likelihood_of_scipy_over_the_scores_draws(fitted: explorer.Detector) -> None:
    rows = frame(40, 1)
    detector = fitted.detector_
    scorer, model = detector.scorer, detector.scorer.checkpoint.model
    cells = {name: rows[name].tolist() if name == "colour" else rows[name].to_numpy() for name in rows}
    x = torch.from_numpy(detector.encode(cells))
    np.testing.assert_array_equal(x[:, 0], rows["calls"])  # counts as they are, whatever the other columns get
    of_colour = [detector.card.encoding.columns[3].values.index(colour) for colour in rows["colour"]]
    income, first = detector.card.encoding.columns[2], 3
    wanted = np.zeros(len(rows))
    with torch.inference_mode():
        mu, logvar = model.posterior(x)
        for draw in scorer.noise:
            natural = model.output.natural(model.decoder(mu + (0.5 * logvar).exp() * draw)).double().numpy()
            t = np.exp(-model.log_sigma.double().numpy())
            for j, name in enumerate(("calls", "visits")):
                wanted += stats.nbinom.logpmf(rows[name], t[j], t[j] / (t[j] + np.exp(natural[:, j])))
            standard = (rows["income"] - income.mean) / income.std
            centre, spread = natural[:, 2], np.exp(model.log_sigma[2].item())
            # A tenth of the rows chose its best epoch: the model standardises by the others once more.
            again = (standard - model.input.mean[2].item()) / model.input.std[2].item()
            wanted += stats.norm.logpdf(again, centre, spread)
            shares = np.exp(natural[:, first : first + 4])
            shares /= shares.sum(1, keepdims=True)
            wanted += stats.multinomial.logpmf(np.eye(4)[of_colour].astype(int), 1, shares)
    np.testing.assert_allclose(-fitted.score_samples(rows), -wanted / len(scorer.noise), rtol=2e-5, atol=1e-4)


def test_what_no_count_can_be_is_found_and_told_by_its_column_and_the_file_keeps_it_all(
    fitted: explorer.Detector, tmp_path: pathlib.Path
) -> None:
    assert fitted.notes_ == ("read as counts: calls, visits",)
    rows = frame(60, 2)
    rows.loc[0, "visits"], rows.loc[1, "colour"] = -3, "violet"
    rows["calls"] = rows["calls"].astype(float)
    rows.loc[2, "calls"] = np.nan
    scores = -fitted.score_samples(rows)
    assert scores[0] == IMPOSSIBLE
    assert np.isfinite(scores).all()
    assert [row[0].column for row in fitted.explain(rows[:2])] == ["visits", "colour"]
    again = detectors.load(fitted.save(tmp_path / "d.safetensors"))
    cells = {name: rows[name].tolist() if name == "colour" else rows[name].to_numpy(float) for name in rows}
    as_onnx = detector_file(again, given=of_detectors._rows(again, cells))
    np.testing.assert_array_equal(explorer.Detector.load(tmp_path / "d.safetensors").score_samples(rows), -scores)
    assert as_onnx.difference < 1e-4


def test_the_squared_error_is_of_means_and_says_that_it_is_not_the_likelihood() -> None:
    by_error = explorer.Detector(scorer="reconstruction-error", recipe=recipe()).fit(frame(60, 0))
    assert any("does not use the likelihood" in note for note in by_error.notes_)
    rows = frame(5, 3)
    model = by_error.detector_.scorer.checkpoint.model
    x = torch.from_numpy(by_error._encoded(rows))
    with torch.inference_mode():
        off = (model(x) - x) / model.input.std
    np.testing.assert_allclose(-by_error.score_samples(rows), off.square().sum(1), rtol=1e-4)


def test_counts_alone_refuse_other_columns_by_name() -> None:
    of_counts = explorer.Detector(scorer="negative-elbo", recipe=recipe("poisson"))
    with pytest.raises(TrainingError, match=r"'income' holds .*for counts"):
        of_counts.fit(frame(30, 0))
    of_counts.fit(frame(30, 0)[["calls", "visits"]])
    assert of_counts.notes_ == ("read as counts: calls, visits",)


def test_columns_as_they_are_keep_their_values_beyond_ten_thousand() -> None:
    x = np.array([[52_000.0], [48_000.0]], np.float32)
    plain = TableEncoding.plain(("income",), x)
    np.testing.assert_array_equal(plain.encode({"income": x[:, 0].astype(np.float64)}), x)
