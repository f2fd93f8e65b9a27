"""What does not matter for a detector: the order of rows and columns, and whether items come alone or together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import beta
from typer.testing import CliRunner

from explorer.cli import app
from explorer.core.errors import DataError
from explorer.data.encoded_columns import Remarks
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.items import read_items
from explorer.novelty.table_fitting import fit_table

N = 400
COLUMNS = ("size", "weight", "colour", "age")


def columns(seed: int = 0) -> dict[str, list[str]]:
    """Rows in two groups that are far apart, with gaps, as text."""
    random = np.random.default_rng(seed)
    group = np.repeat([0, 1], N // 2)
    size = random.normal(10 * group, 1)
    weight = np.where(random.random(N) < 0.1, np.nan, size + random.normal(size=N))
    return {
        "size": [f"{value:.4f}" for value in size],
        "weight": ["" if np.isnan(value) else f"{value:.4f}" for value in weight],
        "colour": [("red", "blue")[g] for g in np.where(random.random(N) < 0.9, group, 1 - group)],
        "age": [f"{value:.3f}" for value in random.exponential(size=N)],
    }


def table(cells: dict[str, list[str]], names: tuple[str, ...] = COLUMNS, order: np.ndarray | None = None) -> TableInput:
    rows = zip(*(cells[name] for name in names), strict=True)
    lines = [",".join(row) for row in rows]
    opened = open_upload(
        "t.csv", "\n".join([",".join(names), *(lines if order is None else [lines[i] for i in order])]).encode()
    )
    assert isinstance(opened, TableInput)
    return opened


@pytest.mark.slow
@pytest.mark.parametrize("scorer", ["knn", "pca", "ecod"])
def test_rows_are_scored_alike_in_every_order_and_columns_in_any(scorer: str) -> None:
    detector = fit_table(table(columns()), scorer=scorer)
    new = columns(1)
    order = np.random.default_rng(2).permutation(N)
    scores = detector.score(read_items(detector, table(new)).x)
    shuffled = detector.score(read_items(detector, table(new, order=order)).x)
    np.testing.assert_allclose(shuffled, scores[order], rtol=1e-9)
    turned = detector.score(read_items(detector, table(new, ("age", "colour", "weight", "size"))).x)
    np.testing.assert_allclose(turned, scores, rtol=1e-9)
    halves = [
        detector.score(read_items(detector, table(new, order=part)).x) for part in (np.arange(150), np.arange(150, N))
    ]
    np.testing.assert_allclose(np.concatenate(halves), scores, rtol=1e-9)


@pytest.mark.parametrize("scorer", ["knn", "pca", "ecod"])
@pytest.mark.slow
def test_a_detector_is_the_same_whatever_order_its_rows_came_in(scorer: str) -> None:
    """Sorted by group or shuffled: rates differ as Beta(40, 361) does, not more.

    Rows of one group alone, as the first ones of sorted rows are, would give rates of about a half.
    """
    news = [table(columns(seed)) for seed in (7, 8, 9)]
    low, high = beta(40, 361).ppf([1e-5, 1 - 1e-5])
    for order in (None, np.random.default_rng(3).permutation(N), np.arange(N)[::-1]):
        detector = fit_table(table(columns(), order=order), scorer=scorer)
        threshold = detector.threshold(0.1)
        assert threshold.n == 400
        rate = np.mean([(detector.score(read_items(detector, new).x) > threshold.value).mean() for new in news])
        assert low - 0.02 < rate < high + 0.02


@pytest.mark.parametrize("scorer", ["knn", "pca", "ecod"])
@pytest.mark.slow
def test_a_detector_is_the_same_whatever_order_its_columns_came_in(scorer: str) -> None:
    first = fit_table(table(columns()), scorer=scorer)
    second = fit_table(table(columns(), ("age", "colour", "weight", "size")), scorer=scorer)
    new = table(columns(1))
    scores = [detector.score(read_items(detector, new).x) for detector in (first, second)]
    np.testing.assert_allclose(scores[1], scores[0], rtol=1e-4)


@pytest.mark.parametrize("first", [True, False])
def test_text_among_numbers_is_counted_over_all_rows(first: bool) -> None:
    """In chunks of 50 rows, at the start of a file or at its end: 30 of 400 cells are few, 60 too many."""
    detector = fit_table(table(columns()), scorer="knn")
    for n, is_refused in ((30, False), (60, True)):
        new = columns(1)
        places = np.arange(n) if first else np.arange(N - n, N)
        for i in places:
            new["age"][i] = "unknown age"
        remarks = Remarks()
        for start in range(0, N, 50):
            detector.encode({name: cells[start : start + 50] for name, cells in new.items()}, remarks)
        if is_refused:
            with pytest.raises(DataError, match="'age' holds text such as 'unknown age'"):
                remarks.check()
        else:
            remarks.check()
            assert f"not a finite number, counted as missing, in {n} of {N} rows" in " ".join(remarks.sentences())


def score(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["score", *arguments, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.slow
def test_pictures_are_scored_alike_one_by_one_and_all_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    for folder, n in (("good", 40), ("new", 5)):
        Path(folder).mkdir()
        for i in range(n):
            pixels = random.integers(0, 4096, (12, 12)).astype(np.uint16) // (1 + 3 * (folder == "new" and i == 0))
            Image.fromarray(pixels).save(f"{folder}/{i}.png")
    fitted = CliRunner().invoke(app, ["detector", "fit", "good", "--out", "d.safetensors", "--scorer", "pca"])
    assert fitted.exit_code == 0, fitted.stderr

    def scores(path: str) -> list[float]:
        score("d.safetensors", path, "--out", "s.csv")
        return [float(line.split(",")[1]) for line in Path("s.csv").read_text().splitlines()[1:]]

    together = scores("new")
    alone = [scores(f"new/{i}.png")[0] for i in range(5)]
    np.testing.assert_allclose(alone, together, rtol=1e-9)


@pytest.mark.slow
def test_a_row_is_called_by_its_number_and_by_what_the_table_calls_it() -> None:
    detector = fit_table(table(columns()), scorer="pca")
    new = {**columns(1), "customer_id": [f"{90000 + 7919 * i % 104729}" for i in range(N)]}
    items = read_items(detector, table(new, (*COLUMNS, "customer_id")))
    assert items.names[:2] == (
        f"row 1, customer_id {new['customer_id'][0]}",
        f"row 2, customer_id {new['customer_id'][1]}",
    )
    assert read_items(detector, table(columns(1))).names[0] == "row 1"
    counted = {**columns(1), "number": [str(i) for i in range(N)]}
    assert read_items(detector, table(counted, (*COLUMNS, "number"))).names[0] == "row 1", "it says no more"
